from __future__ import annotations

from datetime import timedelta

import pytest
from sets import GOOD, MONDAY, make_set

from glutecam.core.assessment import Side
from glutecam.core.side_difference import difference_in_words, side_differences
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
