"""Left against right: the same rule on both sides in one session, with the ± of the difference."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glutecam.core.assessment import Assessment, Rep, Side, Verdict, findings_of
from glutecam.core.rules import Exercise
from glutecam.core.set_summary import Quantity, left_minus_right, median_of
from glutecam.core.sets import SESSION_GAP
from glutecam.core.trend import Point, Trend
from glutecam.core.wording import plus_minus

__all__ = [
    "BothSides",
    "RuleSides",
    "SideDifference",
    "Sides",
    "counted_reps",
    "difference_in_words",
    "rule_sides",
    "side_differences",
]

IN_RECORDING = "in this recording"


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


@dataclass(frozen=True)
class RuleSides:
    """One rule on both sides; ``reps`` is in how many repetitions it was seen, left and right."""

    code: str
    name: str
    unit: str
    reps: tuple[int, int]
    sides: Sides


@dataclass(frozen=True)
class BothSides:
    """The repetitions of both sides that were done in one go, of which a set may be only one.

    Attributes
    ----------
    reps : tuple of Rep
    where : str
        Where they are, such as "in this recording".
    """

    reps: tuple[Rep, ...]
    where: str = IN_RECORDING

    @property
    def missing(self) -> frozenset[Side]:
        """The sides of which there is none."""
        return frozenset(Side) - {rep.side for rep in self.reps}

    @classmethod
    def of(cls, assessments: Iterable[Assessment]) -> BothSides:
        """Return those of a recording's sets."""
        return cls(tuple(rep for one in assessments for rep in counted_reps(one)))


def counted_reps(assessment: Assessment) -> tuple[Rep, ...]:
    """Return the repetitions that count: none of a refused set."""
    return () if assessment.verdict is Verdict.NOT_ASSESSABLE else assessment.reps


def rule_sides(exercise: Exercise, reps: Sequence[Rep]) -> list[RuleSides]:
    """Return every rule that was seen on both sides, the one that leads first.

    Parameters
    ----------
    exercise : Exercise
    reps : sequence of Rep
        Of both sides, done in one go and measured alike.
    """
    leading = exercise.leading
    rules = sorted(exercise.rules, key=lambda rule: rule.code != leading.code)
    found = []
    for rule in rules:
        left, right = ([*_seen(reps, side, rule.code)] for side in (Side.LEFT, Side.RIGHT))
        if left and right:
            sides = Sides(median_of(left), median_of(right))
            count = (len(left), len(right))
            found.append(RuleSides(rule.code, rule.name, rule.unit, count, sides))
    return found


def _seen(reps: Sequence[Rep], side: Side, code: str) -> Iterable[Quantity]:
    found = findings_of((rep for rep in reps if rep.side is side), code)
    return (Quantity(f.value, f.half_width) for f in found if math.isfinite(f.value))


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
