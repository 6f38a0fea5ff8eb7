from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import make_assessment, make_exercise
from sets import GOOD, MONDAY, make_set

from glutecam.core.assessment import Assessment, Side, Verdict
from glutecam.core.side_difference import (
    BothSides,
    difference_in_words,
    rule_sides,
    side_differences,
)
from glutecam.core.trend import trends


def session(day: float, left: float, right: float, pm: float = 2.0, apart_h: float = 0.1):
    began = MONDAY + timedelta(days=day)
    later = began + timedelta(hours=apart_h)
    return [
        make_set(began, Side.RIGHT, (GOOD,) * 5, values=[right] * 5, pm=pm),
        make_set(later, Side.LEFT, (GOOD,) * 5, values=[left] * 5, pm=pm),
    ]


def pairs(*sets):
    return side_differences(trends([one for both in sets for one in both], {"clamshell": "GC201"}))


def test_left_minus_right_with_the_doubt_of_both():
    (pair,) = pairs(session(0, 9.0, 4.0))
    assert pair.difference.value == pytest.approx(5.0)
    # Six variances of one reading, not the four of two independent changes.
    assert pair.difference.half_width == pytest.approx((1.5 * (4.0 + 4.0)) ** 0.5)
    assert pair.more is Side.LEFT
    assert difference_in_words(pair, "°").startswith("more on the left by 5°")


def test_a_difference_that_the_doubt_explains_is_none():
    (pair,) = pairs(session(0, 6.0, 4.0, pm=4.0))
    assert pair.more is None
    assert "no more than the ± explains" in difference_in_words(pair, "°")


def test_sides_of_different_days_are_not_compared():
    assert len(pairs(session(0, 9.0, 4.0), session(7, 4.0, 9.0))) == 2
    assert pairs(session(0, 9.0, 4.0, apart_h=5.0)) == []


def test_without_a_width_nothing_is_told():
    (pair,) = pairs(session(0, 9.0, 1.0, pm=float("nan")))
    assert pair.more is None


def on_the_left(assessment: Assessment, more: float) -> Assessment:
    """The same set on the other leg, with so much more of everything."""
    reps = tuple(
        replace(
            rep,
            side=Side.LEFT,
            findings=tuple(replace(f, value=f.value + more) for f in rep.findings),
        )
        for rep in assessment.reps
    )
    return replace(assessment, reps=reps, sides=(Side.LEFT,))


def test_every_rule_of_two_sets_is_compared_the_leading_one_first():
    right, exercise = make_assessment(), make_exercise()
    both = BothSides.of([right, on_the_left(right, 20.0)])
    found = rule_sides(exercise, both.reps)
    assert not both.missing and {one.code for one in found} == {r.code for r in exercise.rules}
    assert found[0].code == exercise.leading.code == "pelvic-drop"
    for one in found:
        assert one.sides.difference.value == pytest.approx(20.0) and one.reps == (5, 5)
    # ± 11.8° of one repetition, and of both sides from one quiet posture.
    assert found[0].sides.difference.half_width == pytest.approx(11.8 * 3**0.5)
    assert found[0].sides.more is None
    lean = next(one for one in found if one.code == "trunk-lean")
    assert lean.sides.more is Side.LEFT


def test_one_leg_alone_or_a_refused_other_one_is_no_comparison():
    right, exercise = make_assessment(), make_exercise()
    refused = replace(on_the_left(right, 20.0), verdict=Verdict.NOT_ASSESSABLE)
    both = BothSides.of([right, refused])
    assert both.missing == {Side.LEFT}
    assert rule_sides(exercise, both.reps) == []
