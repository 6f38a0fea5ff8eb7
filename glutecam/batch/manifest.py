"""A manifest -> rows: what a spreadsheet or pandas writes, and nothing lost in silence."""

from __future__ import annotations

import csv
import importlib
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from glutecam.errors import InputError, MissingExtraError, nearest

__all__ = ["COLUMNS", "MANIFESTS", "Manifest", "read_manifest"]

COLUMNS = ("file", "exercise", "side", "subject", "visit", "notes")
PARQUET = (".parquet", ".pq")
MANIFESTS = "a CSV or Parquet file with the columns " + ", ".join(COLUMNS)

_Table = list[tuple[str, list[str]]]
"""Rows with the words that say where they stand, the head first."""


@dataclass(frozen=True)
class Manifest:
    """Rows with where each stands (``line 7``), and what the user should know about the file."""

    rows: tuple[tuple[str, Mapping[str, str]], ...]
    notes: tuple[str, ...]


def read_manifest(path: Path) -> Manifest:
    """Read a CSV with comma, semicolon or tab, or a Parquet file.

    Raises
    ------
    InputError
        Where it cannot be read, has no column ``file``, or a column whose name is almost one of
        ours, which would otherwise be passed over and judge the clip as something else.
    MissingExtraError
        Where a Parquet file is given and pyarrow is not installed.
    """
    table = _parquet(path) if path.suffix.lower() in PARQUET else _csv(path)
    return _rows(path, [(where, row) for where, row in table if any(cell.strip() for cell in row)])


def _csv(path: Path) -> _Table:
    lines = _text(path).splitlines(keepends=True)
    first = next((number for number, line in enumerate(lines) if line.strip(" ,;\t\r\n")), 0)
    if lines and lines[first].lower().startswith("sep="):
        first += 1
    text = "".join(lines[first:])
    head = text.split("\n", 1)[0]
    # Spreadsheets write ; or tabs where the comma is the decimal mark.
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [(f"line {first + reader.line_num}", row) for row in reader]
    except csv.Error as err:
        raise InputError(
            f"The manifest {path} breaks off near line {first + reader.line_num}: {err}. Is a "
            "quotation mark left open there?"
        ) from err


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as err:
        said = err.strerror if isinstance(err, OSError) else "it is not written in UTF-8"
        raise InputError(
            f"The manifest {path} cannot be read as text: {said}. Save it as CSV in UTF-8, or as "
            "Parquet with the ending .parquet."
        ) from err


def _parquet(path: Path) -> _Table:
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as err:
        raise MissingExtraError("Reading a Parquet manifest", "parquet") from err
    from pyarrow import ArrowException

    try:
        # Not by the path: pyarrow would take folders' names such as side=left for columns.
        with path.open("rb") as stream:
            table = parquet.read_table(stream)
    except (OSError, ArrowException) as err:
        raise InputError(
            f"The manifest {path} cannot be read as Parquet: {err}. Write it anew, or save it as CSV."
        ) from err
    columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    rows = [list(row) for row in zip(*columns, strict=True)]
    head = ("its first line", list(table.column_names))
    return [head, *((f"row {number}", row) for number, row in enumerate(rows, start=1))]


def _cell(value: object) -> str:
    """Return what a spreadsheet would show: nothing for no value, 3 for 3.0."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def _rows(path: Path, table: _Table) -> Manifest:
    if not table:
        raise InputError(
            f"The manifest {path} is empty. Its first line names the columns: {', '.join(COLUMNS)} (all "
            "but file may be left out); each further line is a clip."
        )
    head = [cell.strip().lower() for cell in table[0][1]]
    if "file" not in head:
        raise InputError(
            f"The manifest {path} has no column 'file' in its first line. It needs: "
            f"{', '.join(COLUMNS)} (all but file may be left out)."
        )
    _check_once(path, head)
    notes = _unknown(path, head)
    for where, row in table[1:]:
        if len(row) > len(head) and any(cell.strip() for cell in row[len(head) :]):
            notes.append(
                f"{where.capitalize()} has more cells than the first line; the rest is not read."
            )
    rows = tuple(
        (where, {name: cell.strip() for name, cell in zip(head, row, strict=False)})
        for where, row in table[1:]
    )
    if not rows:
        raise InputError(f"The manifest {path} names no clip below its first line.")
    return Manifest(rows, tuple(notes))


def _check_once(path: Path, head: Sequence[str]) -> None:
    twice = [name for name in COLUMNS if head.count(name) > 1]
    if twice:
        raise InputError(
            f"The manifest {path} has two columns '{twice[0]}'. Which one holds? Leave the other out."
        )


def _unknown(path: Path, head: Sequence[str]) -> list[str]:
    unknown = [name for name in head if name and name not in COLUMNS]
    for name in unknown:
        meant = nearest(name, set(COLUMNS) - set(head))
        if meant:
            raise InputError(
                f"The manifest {path} has a column '{name}'. Did you mean '{meant}'? Columns: "
                f"{', '.join(COLUMNS)}."
            )
    if not unknown:
        return []
    what = f"column {unknown[0]}" if len(unknown) == 1 else f"columns {', '.join(unknown)}"
    return [f"Not read of the manifest: {what}."]
