"""Tidy tables, one row per repetition, per frame or per landmark, as CSV or Parquet.

A column knows its type and unit. CSV says numbers with four decimals at most and leaves empty what
was not seen; Parquet holds the exact numbers and nulls, units in the metadata of each column.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from glutecam.core.landmarks import Landmark
from glutecam.core.measures import HIP_LINE
from glutecam.core.poses import FloatArray
from glutecam.errors import MissingExtraError
from glutecam.records.cells import Cell, cell_text
from glutecam.records.export import scale_cells
from glutecam.records.files import whole_file, write_whole
from glutecam.records.posefile import Recording
from glutecam.records.rep_columns import (
    COLUMNS,
    NUMBER,
    OF_FINDING,
    TEXT,
    WHOLE,
    YES_NO,
    RepRow,
    in_time,
    rep_cells,
)
from glutecam.records.schema import AssessmentDocument, RepEntry, SignalEntry

__all__ = ["Column", "Table", "frame_table", "landmark_table", "rep_table", "write_table"]

_ALWAYS_BESIDE = HIP_LINE.name
"""Reported over time beside every pelvic drop, and not by its peak."""


@dataclass(frozen=True)
class Column:
    """One column: a name, N values of one kind, None where there is none, and their unit."""

    name: str
    kind: str
    values: Sequence[Any]
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """Columns of the same length, and what is true of all of them."""

    columns: tuple[Column, ...]
    about: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns[0].values)


def rep_table(document: AssessmentDocument) -> Table:
    """Return one row per repetition and attempt, in the order in which they happened.

    Of a refused recording there is none.
    The columns are those of ``score --csv`` (docs/files.md).
    """
    judged = document.assessment
    reps = in_time(judged)
    rows = [
        {
            **_first_cells(document, rep),
            **_finding_cells(rep),
            **scale_cells(judged.sheets, rep.side),
        }
        for rep in reps
    ]
    columns = [
        Column(told.name, told.kind, [row[told.name] for row in rows], told.unit)
        for told in COLUMNS
    ]
    for rule in document.exercise.rules:
        for end, (kind, _) in OF_FINDING.items():
            name, unit = f"{rule.code}_{end}", rule.unit if kind == NUMBER else ""
            columns.append(Column(name, kind, [row.get(name) for row in rows], unit))
    for name in _not_judged(document):
        signal = judged.signals[name]
        peaks = [_peak(rep, signal) for rep in reps]
        columns.append(Column(f"{name}_peak", NUMBER, [peak for peak, _ in peaks], signal.unit))
        columns.append(Column(f"{name}_pm", NUMBER, [width for _, width in peaks], signal.unit))
    for name in document.exercise.scales:
        columns.append(Column(name, TEXT, [row.get(name) for row in rows]))
    return Table(tuple(columns), _about(document))


def frame_table(document: AssessmentDocument) -> Table:
    """Return one row per frame: time, the repetition it belongs to, every signal with its ±.

    A refused recording keeps its signals, and no frame of it belongs to a repetition.
    """
    judged = document.assessment
    frames = len(judged.time_s)
    rep, side, complete = _memberships(document, frames)
    columns = [
        Column("file", TEXT, [document.file] * frames),
        Column("subject", TEXT, [document.subject] * frames),
        Column("exercise", TEXT, [judged.exercise] * frames),
        Column("frame", WHOLE, list(range(frames))),
        Column("time_s", NUMBER, judged.time_s, "s"),
        Column("rep", WHOLE, rep),
        Column("complete", YES_NO, complete),
        Column("side", TEXT, side),
        Column("faults", TEXT, _faults(document, frames)),
    ]
    for name, signal in judged.signals.items():
        columns.append(Column(name, NUMBER, signal.value, signal.unit))
        columns.append(Column(f"{name}_pm", NUMBER, _widths(signal), signal.unit))
    made_by = judged.provenance
    columns.append(Column("pose_model", TEXT, [made_by.pose_model] * frames))
    columns.append(Column("reduced_accuracy", YES_NO, [made_by.reduced_accuracy] * frames))
    return Table(tuple(columns), _about(document))


def landmark_table(recording: Recording) -> Table:
    """Return one row per frame and landmark, 33 a frame: pixels, metres and visibility.

    Pixels have x to the right and y down; metres are about the middle of the hips, x right, y down,
    z away from the camera, in the scale of a statistical body.
    """
    poses = recording.poses
    frames, points = len(poses), len(Landmark)
    names = [landmark.name.lower() for landmark in Landmark]
    columns = (
        Column("frame", WHOLE, np.repeat(np.arange(frames), points).tolist()),
        Column("time_s", NUMBER, np.repeat(poses.time_s, points).tolist(), "s"),
        Column("landmark", TEXT, names * frames),
        *_axes("px", poses.image_px),
        *_axes("m", poses.world_m),
        Column("visibility", NUMBER, _seen(poses.visibility.ravel())),
    )
    about = {"pose_model": recording.model_name, "source": recording.source_name,
             "width_px": str(poses.width_px), "height_px": str(poses.height_px),
             "camera_roll_deg": f"{poses.camera_roll_deg:g}"}  # fmt: skip
    return Table(columns, about)


def write_table(path: Path, table: Table) -> None:
    """Write a table as CSV, or as Parquet where the name ends in ``.parquet``.

    Raises
    ------
    MissingExtraError
        Where Parquet is asked for and pyarrow is not installed.
    OutputError
        Where it cannot be written.
    """
    if path.suffix.lower() == ".parquet":
        _write_parquet(path, table)
    else:
        write_whole(path, _csv(table).encode("utf-8", "backslashreplace"))


def _first_cells(document: AssessmentDocument, rep: RepEntry) -> dict[str, Cell]:
    judged = document.assessment
    row = RepRow(rep, judged.exercise, judged.provenance, document.file, document.subject)
    return rep_cells(row)


def _finding_cells(rep: RepEntry) -> dict[str, Cell]:
    return {
        f"{found.code}_{end}": of(found)
        for found in rep.findings
        for end, (_, of) in OF_FINDING.items()
    }


def _not_judged(document: AssessmentDocument) -> list[str]:
    if document.exercise.also is not None:
        return document.exercise.also
    # A file from before it said so.
    judged = {measure for rule in document.exercise.rules for measure in rule.measures}
    names = document.assessment.signals
    return [name for name in names if name not in judged and name != _ALWAYS_BESIDE]


def _peak(rep: RepEntry, signal: SignalEntry) -> tuple[float | None, float | None]:
    """Return the highest value in a judged repetition with its ±."""
    if not rep.findings:
        return None, None
    widths = _widths(signal)
    seen = [(value, frame) for frame in range(rep.start, rep.end)
            if (value := signal.value[frame]) is not None]  # fmt: skip
    if not seen:
        return None, None
    value, frame = max(seen, key=lambda found: (found[0], -found[1]))
    return value, widths[frame]


def _widths(signal: SignalEntry) -> list[float | None]:
    width = signal.half_width
    return width if isinstance(width, list) else [width] * len(signal.value)


def _memberships(
    document: AssessmentDocument, frames: int
) -> tuple[list[int | None], list[str | None], list[bool | None]]:
    """Return number, side and completeness of the repetition or attempt of each frame."""
    rep: list[int | None] = [None] * frames
    side: list[str | None] = [None] * frames
    complete: list[bool | None] = [None] * frames
    for one in in_time(document.assessment):
        for frame in range(one.start, min(one.end, frames)):
            rep[frame], side[frame] = one.number, one.side.value
            complete[frame] = one.reason is None
    return rep, side, complete


def _faults(document: AssessmentDocument, frames: int) -> list[str]:
    """Return the codes of the rules that are broken in each frame, apart by spaces."""
    broken: list[list[str]] = [[] for _ in range(frames)]
    for fault in document.assessment.faults:
        for frame in range(fault.start, min(fault.end, frames)):
            broken[frame].append(fault.code)
    return [" ".join(sorted(set(codes))) for codes in broken]


def _axes(unit: str, points: FloatArray) -> list[Column]:
    flat = points.reshape(-1, points.shape[-1])
    letters = "xyz"[: points.shape[-1]]
    return [
        Column(f"{axis}_{unit}", NUMBER, _seen(flat[:, at]), unit)
        for at, axis in enumerate(letters)
    ]


def _seen(values: FloatArray) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]


def _about(document: AssessmentDocument) -> dict[str, str]:
    made_by = document.assessment.provenance
    return {
        "schema": document.schema_id, "notice": document.notice, "plus_minus": document.plus_minus,
        "glutecam": made_by.glutecam, "ruleset": made_by.ruleset,
        "verdict": document.assessment.verdict.value,
    }  # fmt: skip


def _csv(table: Table) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    writer.writerows(zip(*(map(cell_text, column.values) for column in table.columns), strict=True))
    return text.getvalue()


def _write_parquet(path: Path, table: Table) -> None:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as err:
        raise MissingExtraError("Writing Parquet", "parquet") from err
    types = {TEXT: pa.string(), WHOLE: pa.int64(), NUMBER: pa.float64(), YES_NO: pa.bool_()}
    fields = [
        pa.field(c.name, types[c.kind], metadata={"unit": c.unit} if c.unit else None)
        for c in table.columns
    ]
    about = {f"glutecam:{key}": value for key, value in table.about.items()}
    arrays = [pa.array(list(c.values), types[c.kind]) for c in table.columns]
    with whole_file(path) as stream:
        parquet.write_table(pa.table(arrays, schema=pa.schema(fields, about)), stream)
