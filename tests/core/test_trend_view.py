from __future__ import annotations

from datetime import timedelta

import pytest
from sets import FAULT, GOOD, MONDAY, make_set

from glutecam.core.trend import trends
from glutecam.core.trend_view import dots_of, range_of, shading_of

CODES = {"clamshell": "GC201"}
TWO_FAULTS = make_set(MONDAY, bands=(GOOD, FAULT) * 2, values=[2, 15, 2, 14], pm=3.0)


def test_two_faults_stay_to_be_seen_beside_a_harmless_median():
    (trend,) = trends([TWO_FAULTS], CODES)
    dots = dots_of(trend.points[0])
    assert trend.points[0].median == 8.0
    assert [(dot.value, dot.is_fault) for dot in dots] == [
        (2, False), (15, True), (2, False), (14, True),
    ]  # fmt: skip
    # Two that read alike are two dots.
    assert len({dot.along for dot in dots}) == 4
    assert (dots[0].along, dots[-1].along) == (-1, 1)


def test_what_another_rule_said_of_a_repetition_marks_nothing():
    (tempo,) = trends([TWO_FAULTS], {"clamshell": "GC204"})
    assert not any(dot.is_fault for dot in dots_of(tempo.points[0]))


def test_one_repetition_stands_at_its_session():
    (trend,) = trends([make_set(bands=(GOOD,))], CODES)
    assert [dot.along for dot in dots_of(trend.points[0])] == [0]


def test_the_shading_is_the_smallest_detectable_change_around_the_first_session():
    (trend,) = trends([make_set(MONDAY, bands=(GOOD,) * 3, values=[7, 8, 9], pm=3.0)], CODES)
    assert shading_of(trend) == pytest.approx((8 - trend.detectable, 8 + trend.detectable))
    # Around 8° between two groups there is nothing that a session could be compared with.
    (grouped,) = trends([TWO_FAULTS], CODES)
    assert shading_of(grouped) is None
    (unknown,) = trends([make_set(pm=float("nan"))], CODES)
    assert shading_of(unknown) is None


def test_every_repetition_every_limit_and_zero_are_in_the_range():
    found = trends([TWO_FAULTS], CODES)
    low, high = range_of(found, [7.5, 18.0])
    assert low < 0 and high > 18
    # A wide shading does not press the repetitions together.
    wide = trends([make_set(MONDAY, values=[3.0] * 15, pm=90.0)], CODES)
    assert range_of(wide, [])[1] < 10


def test_the_plus_minus_of_a_later_session_is_in_the_range():
    later = make_set(MONDAY + timedelta(days=7), values=[9.0] * 15, pm=4.0)
    low, high = range_of(trends([make_set(MONDAY, values=[3.0] * 15, pm=4.0), later], CODES), [])
    assert low < -1 and high > 13
