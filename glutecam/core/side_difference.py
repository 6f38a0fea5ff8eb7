"""Left against right: the same rule on both sides in one session, with the ± of the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from glutecam.core.assessment import Side
from glutecam.core.set_summary import Quantity, left_minus_right
from glutecam.core.sets import SESSION_GAP
from glutecam.core.trend import Point, Trend
from glutecam.core.wording import plus_minus

__all__ = ["SideDifference", "Sides", "difference_in_words", "side_differences"]


@dataclass(frozen=True)
class Sides:
    """One rule's median over the repetitions of the left side, and over those of the right.

    Each has the ± of one repetition. That of the difference is wider by ``TWO_SIDES``: where both
    were counted from one quiet posture its error moves them apart; where each had its own this is
    more doubt than there is, never less.
    """

    left: Quantity
    right: Quantity

    @property
    def difference(self) -> Quantity:
        """Left minus right, and its ±."""
        return left_minus_right(self.left, self.right)

    @property
    def more(self) -> Side | None:
        """The side with more, None where the ± explains the difference."""
        if not self.difference.exceeds:
            return None
        return Side.LEFT if self.difference.value > 0 else Side.RIGHT


@dataclass(frozen=True)
class SideDifference:
    """Both sides in one session."""

    left: Point
    right: Point

    @property
    def sides(self) -> Sides:
        """What the repetitions of either side come to."""
        left, right = (
            Quantity(point.median, point.half_width) for point in (self.left, self.right)
        )
        return Sides(left, right)

    @property
    def difference(self) -> Quantity:
        """Left minus right, and its ±."""
        return self.sides.difference

    @property
    def more(self) -> Side | None:
        """The side with more, None where the ± explains the difference."""
        return self.sides.more


def side_differences(trends: Sequence[Trend]) -> list[SideDifference]:
    """Return every session in which both sides were measured alike, the oldest first.

    Parameters
    ----------
    trends : sequence of Trend
        The sides of one exercise and rule.
    """
    by_side = {trend.side: trend.comparable for trend in trends}
    pairs = (
        SideDifference(left, right)
        for left in by_side.get(Side.LEFT, ())
        for right in by_side.get(Side.RIGHT, ())
        if abs(left.began - right.began) < SESSION_GAP
    )
    return sorted(pairs, key=lambda pair: min(pair.left.began, pair.right.began))


def difference_in_words(pair: Sides | SideDifference, unit: str) -> str:
    """Say how far the sides are apart and whether that can be told."""
    difference = pair.difference
    size = plus_minus(abs(difference.value), difference.half_width, unit)
    if pair.more is None:
        return f"the sides differ by {size}, no more than the ± explains"
    return f"more on the {pair.more.value} by {size}, which the ± does not explain"
