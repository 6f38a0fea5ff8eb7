"""Values as the cells of a CSV hold them, and back."""

from __future__ import annotations

import math

__all__ = ["Cell", "as_written", "cell_text", "harmless"]

Cell = str | int | float | bool | None

_DIGITS = 4


def cell_text(value: Cell) -> str:
    """Return a cell as CSV holds it: four decimals at most, empty where there is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return f"{round(value, _DIGITS) + 0.0:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return harmless(str(value)) if isinstance(value, str) else str(value)


def harmless(text: str) -> str:
    """Keep a spreadsheet from running a file name as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def as_written(cell: str) -> str:
    """Return a cell of ours as it was before ``harmless``."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) != cell[1:] else cell
