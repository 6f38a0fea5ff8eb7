"""What a plot of a trend shows, on paper and on the page: repetitions, medians, shading, range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from glutecam.core.assessment import Band
from glutecam.core.trend import Point, Trend

__all__ = ["Dot", "dots_of", "range_of", "shading_of"]


@dataclass(frozen=True)
class Dot:
    """One repetition.

    Attributes
    ----------
    value, half_width : float
        In the rule's unit.
    is_fault : bool
        The whole ± lay beyond the limit: it is drawn in another shape, not only in another colour.
    along : float
        Where it stands among those of its session, from -1, the first, to 1, the last; two that
        read alike stay two dots.
    """

    value: float
    half_width: float
    is_fault: bool
    along: float


def dots_of(point: Point) -> list[Dot]:
    """Return every repetition of one side in one session, in the order of time."""
    each = zip(point.values, point.half_widths, point.reads, strict=True)
    last = max(1, len(point.values) - 1)
    alone = len(point.values) == 1
    return [
        Dot(value, half_width, read is Band.FAULT, 0.0 if alone else 2.0 * nth / last - 1.0)
        for nth, (value, half_width, read) in enumerate(each)
    ]


def shading_of(trend: Trend) -> tuple[float, float] | None:
    """Return between which medians no change from the first session can be told.

    None without ±, and where the first session has no middle.
    """
    if not trend.first.has_middle:
        return None
    width, middle = trend.detectable, trend.first.median
    return (middle - width, middle + width) if math.isfinite(width) else None


def range_of(trends: Sequence[Trend], limits: Sequence[float]) -> tuple[float, float]:
    """Return the lowest and highest value to show.

    Every repetition, every limit and zero are within it, and of the shading and the ± of a session as
    much as leaves them readable.

    Parameters
    ----------
    trends : sequence of Trend
        The sides of one rule, at least one.
    limits : sequence of float
        That are drawn.
    """
    values = [v for trend in trends for point in trend.points for v in point.values]
    levels = [*values, *limits, 0.0]
    reach = max(max(levels) - min(levels), 1e-6)
    widths = [(trend.first.median, trend.detectable) for trend in trends]
    grouped = [group for trend in trends for point in trend.points for group in point.groups]
    widths += [(group.median, group.half_width) for group in grouped]
    for middle, width in widths:
        if math.isfinite(width):
            levels += [middle - min(width, reach), middle + min(width, reach)]
    air = 0.06 * max(max(levels) - min(levels), 1e-6)
    return min(levels) - air, max(levels) + air
