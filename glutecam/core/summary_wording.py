"""What a set comes to, in sentences: never more than the numbers and their ± say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from glutecam.core.assessment import Pattern, Side
from glutecam.core.set_summary import (
    FEWEST_FOR_TREND,
    AtDepth,
    Depth,
    Quantity,
    SetSummary,
    SideSummary,
)
from glutecam.core.wording import (
    Vocabulary,
    capital,
    close_unit,
    differ,
    in_a_row,
    plus_minus,
    typical_in_words,
)

__all__ = [
    "depths_in_words",
    "difference_in_words",
    "fatigue_in_words",
    "patterns_in_words",
    "sentences",
]


def sentences(summary: SetSummary, words: Vocabulary) -> Iterator[str]:
    """Yield what the set comes to, the most telling first."""
    for side in summary.sides:
        if set(side.patterns) - {Pattern.UNDECIDED}:
            yield f"{side.side.value.capitalize()} leg, pattern: {patterns_in_words(side, words)}."
        yield f"{side.side.value.capitalize()} leg: {fatigue_in_words(summary, side)}"
        if side.at:
            yield f"{side.side.value.capitalize()} leg: {depths_in_words(summary, side)}"
    if summary.difference is not None:
        yield difference_in_words(summary)


def patterns_in_words(side: SideSummary, words: Vocabulary) -> str:
    """Return ``uncompensated in 2, none in 3``."""
    shown = (p for p in Pattern if side.patterns.get(p))
    return ", ".join(f"{words.patterns[pattern]} in {side.patterns[pattern]}" for pattern in shown)


def fatigue_in_words(summary: SetSummary, side: SideSummary) -> str:
    """Say whether the peaks rise or fall over the set, as a sentence."""
    if side.fatigue is None:
        return f"fewer than {FEWEST_FOR_TREND} repetitions show no trend over the set."
    slope = side.fatigue.per_rep
    shown = _rate(slope, summary.unit)
    if not slope.exceeds:
        return f"{summary.name}: no trend over the set that exceeds its ± ({shown}, from how the repetitions scatter)."
    way = "rises" if slope.value > 0 else "falls"
    return f"{summary.name} {way} over the set by {shown}, more than its ± explains."


def _rate(slope: Quantity, unit: str) -> str:
    sign = "−" if slope.value < 0 else "+"
    close = close_unit(unit)
    digits = 1 if close else 2
    after = "" if close else f" {unit}"
    size = f"{sign}{abs(slope.value):.{digits}f}{close}"
    return f"{size} ± {slope.half_width:.{digits}f}{close}{after} per repetition"


def difference_in_words(summary: SetSummary) -> str:
    """Say whether the sides differ by more than the ±, as a sentence."""
    difference = summary.difference
    if difference is None or not math.isfinite(difference.value):
        return "The sides cannot be compared: one of them was not seen."
    by_side = {one.side: one for one in summary.sides}
    both = in_a_row([
        f"{side.value} {_typical(by_side[side].peaks, by_side[side].peak, summary.unit)}"
        for side in (Side.LEFT, Side.RIGHT)
    ])  # fmt: skip
    size = plus_minus(abs(difference.value), difference.half_width, summary.unit)
    matched = _matched(summary)
    if not difference.exceeds:
        return f"{capital(summary.name)}, {both}: the sides differ by {size}, no more than the ± explains{matched}."
    more = Side.LEFT if difference.value > 0 else Side.RIGHT
    return f"{capital(summary.name)}, {both}: more on the {more.value} by {size}, which the ± does not explain{matched}."


def _matched(summary: SetSummary) -> str:
    found = summary.matched_difference
    if found is None or not math.isfinite(found.value):
        return ""
    size = plus_minus(abs(found.value), found.half_width, summary.unit)
    return f"; at the same {summary.depth_name} by {size}"


def depths_in_words(summary: SetSummary, side: SideSummary) -> str:
    """Say what the leading quantity is where repetitions are compared, as a sentence."""
    shown = [(f"{_kind(at)}{_typical(at.values, at.median, summary.unit)}", at) for at in side.at]
    parts = [
        f"{size} {in_a_row(list(_places(summary, [at for _, at in alike])))}"
        for size, alike in groupby(shown, key=lambda one: one[0])
    ]
    return f"{summary.name} {'; '.join(parts)}."


def _kind(at: AtDepth) -> str:
    return "" if differ([one.value for one in at.values], at.median.half_width) else "median "


def _typical(values: Sequence[Quantity], median: Quantity, unit: str) -> str:
    seen, widths = [one.value for one in values], [one.half_width for one in values]
    return typical_in_words(seen, median.value, median.half_width, unit, widths)


def _places(summary: SetSummary, alike: Sequence[AtDepth]) -> Iterator[str]:
    """Yield where the value is the same; what the depth is an angle of is named once."""
    of = f" of {summary.depth_name}"
    for at in alike:
        yield _where(summary, at, of)
        of = ""


def _where(summary: SetSummary, at: AtDepth, of: str) -> str:
    if at.depth is Depth.DEEPEST:
        return "at the deepest point of each"
    level = f"at {plus_minus(at.level, 0.0, summary.depth_unit)}{of}"
    if at.depth is Depth.COMMON:
        return f"{level} (reached by all)"
    seen = sum(math.isfinite(one.value) for one in at.values)
    reached = "" if seen == len(at.values) else f" (reached by {seen} of {len(at.values)})"
    return f"{level}{reached}"
