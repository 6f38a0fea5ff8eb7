"""A manifest -> rows: what a spreadsheet writes, and nothing lost in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from glutecam.errors import InputError, nearest

__all__ = ["COLUMNS", "Manifest", "read_manifest"]

COLUMNS = ("file", "exercise", "side", "subject")


@dataclass(frozen=True)
class Manifest:
    """Rows with the number of their line, and what the user should know about the file."""

    rows: tuple[tuple[int, Mapping[str, str]], ...]
    notes: tuple[str, ...]


def read_manifest(path: Path) -> Manifest:
    """Read a CSV with comma, semicolon or tab.

    Raises
    ------
    InputError
        Where it cannot be read, has no column ``file``, or a column whose name is almost one of
        ours, which would otherwise be passed over and judge the clip as something else.
    """
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
        table = [(first + reader.line_num, row) for row in reader]
    except csv.Error as err:
        raise InputError(
            f"The manifest {path} breaks off near line {first + reader.line_num}: {err}. Is a "
            "quotation mark left open there?"
        ) from err
    return _rows(path, [(line, row) for line, row in table if any(cell.strip() for cell in row)])


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(
            f"The manifest {path} cannot be read as text: {err}. Save it as CSV in UTF-8."
        ) from err


def _rows(path: Path, table: list[tuple[int, list[str]]]) -> Manifest:
    head = [cell.strip().lower() for cell in table[0][1]] if table else []
    if "file" not in head:
        raise InputError(
            f"The manifest {path} has no column 'file' in its first line. It needs: "
            f"{', '.join(COLUMNS)} (all but file may be left out)."
        )
    notes = _unknown(path, head)
    for line, row in table[1:]:
        if len(row) > len(head) and any(cell.strip() for cell in row[len(head) :]):
            notes.append(f"Line {line} has more cells than the first line; the rest is not read.")
    rows = tuple(
        (line, {name: cell.strip() for name, cell in zip(head, row, strict=False)})
        for line, row in table[1:]
    )
    if not rows:
        raise InputError(f"The manifest {path} names no clip below its first line.")
    return Manifest(rows, tuple(notes))


def _unknown(path: Path, head: list[str]) -> list[str]:
    unknown = [name for name in head if name and name not in COLUMNS]
    for name in unknown:
        meant = nearest(name, set(COLUMNS) - set(head))
        if meant:
            raise InputError(
                f"The manifest {path} has a column '{name}'. Did you mean '{meant}'? Columns: "
                f"{', '.join(COLUMNS)}."
            )
    return [f"The columns {', '.join(unknown)} of the manifest are not read."] if unknown else []
