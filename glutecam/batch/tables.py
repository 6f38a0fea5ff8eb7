"""The two tables of a batch, made anew from the clips' own records: the same bytes every time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from glutecam.batch.clip import read_record
from glutecam.batch.plan import Clip
from glutecam.records.export import harmless
from glutecam.records.files import whole_file

__all__ = ["REPS", "SUMMARY", "write_tables"]

REPS = "reps.csv"
SUMMARY = "summary.csv"

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
)


MADE_BY = ("pose_model", "reduced_accuracy")


def write_tables(out: Path, clips: Sequence[Clip], is_done: Callable[[Clip], bool]) -> None:
    """Write ``summary.csv``, one row per clip, and ``reps.csv``, one row per repetition.

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

    def record(clip: Clip) -> dict[str, Any] | None:
        return read_record(out, clip) if clip.id in done else None

    _write(out / SUMMARY, SUMMARY_COLUMNS, (_summary_row(clip, record(clip)) for clip in clips))
    rows = (row for clip in clips for row in _rep_rows(record(clip) or {}))
    _write(out / REPS, _rep_columns(clips), rows)


def _rep_rows(record: Mapping[str, Any]) -> Iterable[Mapping[str, str]]:
    """Yield the rows of a clip; kept ones may be older than the columns that say what made them."""
    summary = record.get("summary", {})
    made_by = {name: summary[name] for name in MADE_BY if name in summary}
    return (made_by | row for row in record.get("reps", ()))


def _summary_row(clip: Clip, record: Mapping[str, Any] | None) -> dict[str, str]:
    row = {
        "file": harmless(clip.file),
        "subject": harmless(clip.subject),
        "exercise": clip.exercise,
        "side_asked": clip.side,
        "results": f"clips/{clip.id}",
    }
    if record is None:
        return row | {"status": "not done"}
    if record["error"]:
        return row | {"status": "error", "error": " ".join(record["error"].split())}
    return row | {"status": "done", **record["summary"]}


def _rep_columns(clips: Sequence[Clip]) -> list[str]:
    """Return the columns of every exercise in the batch, each once."""
    from glutecam import exercises
    from glutecam.records.export import REP_COLUMNS, csv_columns

    known = sorted({clip.exercise for clip in clips} & set(exercises.names()))
    columns = [name for exercise in known for name in csv_columns(exercises.get(exercise))]
    return list(dict.fromkeys([*REP_COLUMNS, *columns]))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with whole_file(path) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
        text.flush()
        text.detach()
