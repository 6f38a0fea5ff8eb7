"""The two tables of a batch, made anew from the clips' own records: the same bytes every time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from glutecam.batch.plan import Clip
from glutecam.batch.record import Record, read_record
from glutecam.core.scoring import score_range
from glutecam.records.cells import cell_text, harmless
from glutecam.records.files import whole_file

__all__ = ["REPS", "SUMMARY", "of_set", "write_tables"]

REPS = "reps.csv"
SUMMARY = "summary.csv"

SCORE_RANGE = ("score_low", "score_high")
"""What the score of all repetitions lies between, where some have none of their own."""

SUMMARY_COLUMNS = (
    "file",
    "subject",
    "exercise",
    "side_asked",
    "status",
    "verdict",
    "instruction",
    "error",
    "reps",
    "attempts",
    "score",
    "sides",
    "faults",
    "coverage",
    "pose_model",
    "reduced_accuracy",
    "ruleset",
    "own_bands",
    "scales",
    "warnings",
    "results",
    "visit",
    "notes",
    "set",
    "sets",
    "start_s",
    "end_s",
    "assessment",
    *SCORE_RANGE,
)

OF_SET = ("visit", "notes", "set")
"""Last columns of ``reps.csv``: which set of the clip the repetition belongs to."""

MADE_BY = ("pose_model", "reduced_accuracy")


def write_tables(out: Path, clips: Sequence[Clip], is_done: Callable[[Clip], bool]) -> None:
    """Write ``summary.csv``, one row per set, and ``reps.csv``, one row per repetition.

    A clip that is not done, or failed, has one row too.

    One clip's record is in memory at a time.

    Parameters
    ----------
    out : Path
        Folder of the results.
    clips : sequence of Clip
        In the order of the rows.
    is_done : callable
        Tells whether the clip's record is of the present settings; else it is "not done".

    Raises
    ------
    OutputError
        Where a table cannot be written.
    """
    done = {clip.id for clip in clips if is_done(clip)}

    def record(clip: Clip) -> Record | None:
        return read_record(out, clip) if clip.id in done else None

    heads = (row for clip in clips for row in _summary_rows(clip, record(clip)))
    _write(out / SUMMARY, SUMMARY_COLUMNS, heads)
    rows = (row for clip in clips for row in _rep_rows(clip, record(clip)))
    _write(out / REPS, _rep_columns(clips), rows)


def of_set(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the rows of one set have in common, in either table."""
    return tuple(row.get(name) or "" for name in ("file", "subject", "visit", "exercise", "set"))


def _rep_rows(clip: Clip, record: Record | None) -> Iterable[Mapping[str, str]]:
    """Yield the rows of a clip; kept ones may be older than the columns that say what made them."""
    for one in record["sets"] if record else ():
        summary = one["summary"]
        made_by = {name: summary[name] for name in MADE_BY if name in summary}
        said = _said(clip) | {"set": str(one["set"])}
        yield from (made_by | row | said for row in one["reps"])


def _summary_rows(clip: Clip, record: Record | None) -> Iterable[dict[str, str]]:
    first = {
        "file": harmless(clip.file),
        "subject": harmless(clip.subject),
        "exercise": clip.exercise,
        "side_asked": clip.side,
        "results": f"clips/{clip.id}",
        **_said(clip),
    }
    if record is None:
        yield first | {"status": "not done"}
    elif record["error"]:
        error = clip.placed(" ".join(record["error"].split()))
        yield first | {"status": "error", "error": error}
    else:
        for one in record["sets"]:
            told = {**one["summary"], **_score_range(one), **_place(clip, one)}
            yield first | {"status": "done", **told}


def _score_range(one: Record) -> dict[str, str]:
    """Return the lowest and the highest that a set's score may come to; nothing where it has none."""
    if not one["summary"].get("score"):
        return {}
    whole = [row["score"] for row in one["reps"] if row["complete"] == "yes"]
    low_high = score_range([float(score) if score else None for score in whole])
    return {name: f"{end:.1f}" for name, end in zip(SCORE_RANGE, low_high, strict=True)}


def _said(clip: Clip) -> dict[str, str]:
    return {"visit": harmless(clip.visit), "notes": harmless(clip.notes)}


def _place(clip: Clip, one: Record) -> dict[str, str]:
    """Return where a set lies in its clip, and the file with everything about it."""
    times = {name: cell_text(one[name]) for name in ("start_s", "end_s")}
    numbers = {name: str(one[name]) for name in ("set", "sets")}
    return {**numbers, **times, "assessment": f"clips/{clip.id}/{one['assessment']}"}


def _rep_columns(clips: Sequence[Clip]) -> list[str]:
    """Return the columns of every exercise in the batch, each once."""
    from glutecam import exercises
    from glutecam.records.export import REP_COLUMNS, csv_columns

    known = sorted({clip.exercise for clip in clips} & set(exercises.names()))
    columns = [name for exercise in known for name in csv_columns(exercises.get(exercise))]
    return list(dict.fromkeys([*REP_COLUMNS, *columns, *OF_SET]))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with whole_file(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        text.flush()
        text.detach()
