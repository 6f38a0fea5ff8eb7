"""What is kept of a clip: its folder, its record, and what the tables read from it.

Below the results folder each clip has a folder of its own, ``clips/<id>/``:

``clip.json``
    What the tables are made from, and under which key it was computed. It is written last and
    removed first, so a folder in which it stands is complete.
``assessment.json``
    The whole assessment, as ``score --json`` writes it. Where there are several sets in the clip it is
    that of the first one, and ``assessment-2.json`` and so on are those of the others.
``poses.npz``
    The landmarks. When only a rule has changed they are judged again, without the model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glutecam.batch.plan import Clip
from glutecam.batch.side_asked import found_sides
from glutecam.core.assessment import Assessment, Verdict
from glutecam.core.own_bands import edges_in_words
from glutecam.core.rules import Exercise
from glutecam.core.wording import first_sentence
from glutecam.records.files import write_whole

if TYPE_CHECKING:
    from glutecam.core.set_by_set import JudgedSet

__all__ = [
    "FORMAT",
    "POSES",
    "RECORD",
    "Keys",
    "Record",
    "assessment_name",
    "cleared",
    "files_in",
    "folder_of",
    "note_of",
    "read_record",
    "set_record",
    "verdicts",
    "warning_of",
    "write_failure",
    "write_record",
]

FORMAT = 2
"""2: ``sets``, each with its summary and repetitions. 1 is read: its landmarks are still good."""
RECORD = "clip.json"
POSES = "poses.npz"
_ASSESSMENTS = "assessment*.json"
_REPORTS = "report*.html"

Keys = dict[str, str]
Record = dict[str, Any]


def folder_of(out: Path, clip: Clip) -> Path:
    """Return the clip's folder of results."""
    return out / "clips" / clip.id


def assessment_name(number: int) -> str:
    """Return the name of the file with the assessment of a set, which is numbered from 1."""
    return "assessment.json" if number == 1 else f"assessment-{number}.json"


def read_record(out: Path, clip: Clip) -> Record | None:
    """Return what an earlier run left, None where it left nothing that can be used."""
    try:
        record = json.loads((folder_of(out, clip) / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    usable = isinstance(record, dict) and record.get("format") in (1, FORMAT)
    return {"sets": [], **record} if usable else None


def write_failure(out: Path, clip: Clip, error: str, keys: Keys | None = None) -> None:
    """Write down why a clip has no result.

    Raises
    ------
    OutputError
        Where even that cannot be written.
    """
    # What an earlier run made of another file must not stand beside this error.
    cleared(folder_of(out, clip), keep_landmarks=False)
    record = {"keys": keys or {"poses": ""}, "error": error, "video_s": 0.0, "sets": []}
    write_record(out, clip, record)


def write_record(out: Path, clip: Clip, record: Record) -> None:
    """Write the record of a clip, after everything else of it.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    folder = folder_of(out, clip)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": FORMAT, **record}, indent=1, ensure_ascii=False)
    write_whole(folder / RECORD, text.encode("utf-8", "backslashreplace"))


def set_record(clip: Clip, judged: JudgedSet, exercise: Exercise, name: str) -> Record:
    """Return what the tables need of a set."""
    from glutecam.records.export import csv_rows

    assessment = judged.assessment
    return {
        "set": judged.cut.number,
        "sets": judged.cut.of,
        "start_s": round(judged.cut.start_s, 3),
        "end_s": round(judged.cut.end_s, 3),
        "assessment": name,
        "summary": _summary(assessment),
        "reps": csv_rows(assessment, exercise, file=clip.file, subject=clip.subject),
    }


def verdicts(sets: Sequence[Record]) -> str:
    """Return ``fine``, or ``3 sets: fine, fault, fine``."""
    each = ", ".join(one["summary"]["verdict"] for one in sets)
    return f"{len(sets)} sets: {each}" if len(sets) > 1 else each


def note_of(row: Mapping[str, str]) -> str:
    """Return the first sentence of what to change or to beware of in a set's row; empty where nothing is."""
    return first_sentence(row.get("instruction") or row.get("warnings", ""))


def warning_of(sets: Sequence[Record]) -> str:
    """Return the note of the first set that has one."""
    return next(filter(None, (note_of(one["summary"]) for one in sets)), "")


def files_in(folder: Path) -> list[Path]:
    """Return what a clip's folder holds, its record first."""
    made = [*folder.glob(_ASSESSMENTS), *folder.glob(_REPORTS)]
    names = [folder / RECORD, *sorted(made), folder / POSES]
    return [path for path in names if path.is_file()]


def cleared(folder: Path, *, keep_landmarks: bool) -> None:
    """Take everything out of a clip's folder, its record first; the landmarks may stay."""
    for path in files_in(folder):
        if not (keep_landmarks and path.name == POSES):
            path.unlink(missing_ok=True)


def _summary(assessment: Assessment) -> dict[str, str]:
    faults = sorted({fault.code for fault in assessment.faults})
    # What was counted in a refused recording is no result.
    counted = assessment.verdict is not Verdict.NOT_ASSESSABLE
    return {
        "verdict": assessment.verdict.value,
        "reps": str(len(assessment.reps)) if counted else "",
        "attempts": str(len(assessment.attempts)) if counted else "",
        "score": "" if assessment.score is None else f"{assessment.score:.1f}",
        "sides": " ".join(side.value for side in found_sides(assessment)),
        "faults": " ".join(faults),
        "coverage": f"{assessment.coverage:.3f}",
        "instruction": assessment.instruction or "",
        "pose_model": assessment.provenance.pose_model,
        "reduced_accuracy": "yes" if assessment.provenance.reduced_accuracy else "no",
        "ruleset": assessment.provenance.ruleset,
        "own_bands": "; ".join(
            f"{own.code} {edges_in_words(own.edges)}" for own in assessment.provenance.own_bands
        ),
        "scales": "; ".join(
            f"{sheet.scale} {sheet.side.value}: {sheet.result}" for sheet in assessment.sheets
        ),
        "warnings": " ".join(assessment.warnings),
    }
