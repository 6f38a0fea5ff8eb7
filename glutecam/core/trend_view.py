"""What a plot of a trend shows, on paper and on the page: repetitions, medians, shading, range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from glutecam.core.assessment import Band
from glutecam.core.poses import FloatArray
from glutecam.core.trend import Point, Trend

__all__ = ["Dot", "Group", "dots_of", "groups_of", "range_of", "shading_of"]


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


@dataclass(frozen=True)
class Group:
    """Repetitions of one session that lie together.

    Attributes
    ----------
    count : int
    median, half_width : float
        Of their values, and of the ± of each, in the rule's unit.
    """

    count: int
    median: float
    half_width: float


def dots_of(point: Point) -> list[Dot]:
    """Return every repetition of one side in one session, in the order of time."""
    each = zip(point.values, point.half_widths, point.reads, strict=True)
    last = max(1, len(point.values) - 1)
    alone = len(point.values) == 1
    return [
        Dot(value, half_width, read is Band.FAULT, 0.0 if alone else 2.0 * nth / last - 1.0)
        for nth, (value, half_width, read) in enumerate(each)
    ]


def groups_of(point: Point) -> list[Group]:
    """Return the groups in which the repetitions of a session lie, the lowest first; mostly one.

    Two groups lie further apart than the ± of both explains. No repetition reads the median of all of
    them then, so each group has a median of its own.
    """
    order = np.argsort(point.values)
    values, widths = np.array(point.values)[order], np.array(point.half_widths)[order]
    gaps = np.flatnonzero(np.diff(values) > 2.0 * point.half_width) + 1
    pieces = zip(np.split(values, gaps), np.split(widths, gaps), strict=True)
    return [_group(one, widths_of_it) for one, widths_of_it in pieces]


def _group(values: FloatArray, half_widths: FloatArray) -> Group:
    known = half_widths[np.isfinite(half_widths)]
    half_width = float(np.median(known)) if len(known) else math.nan
    return Group(len(values), float(np.median(values)), half_width)


def shading_of(trend: Trend) -> tuple[float, float] | None:
    """Return between which medians no change from the first session can be told; None without ±."""
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
    grouped = [group for trend in trends for point in trend.points for group in groups_of(point)]
    widths += [(group.median, group.half_width) for group in grouped]
    for middle, width in widths:
        if math.isfinite(width):
            levels += [middle - min(width, reach), middle + min(width, reach)]
    air = 0.06 * max(max(levels) - min(levels), 1e-6)
    return min(levels) - air, max(levels) + air
