from __future__ import annotations

import math
from datetime import timedelta

import pytest
from sets import GOOD, MONDAY, made_by, make_session, make_set

from glutecam.core.assessment import Side
from glutecam.core.programme_wording import change_in_words
from glutecam.core.trend import smallest_detectable_change, trends

CODES = {"clamshell": "GC201"}


def session(day: float, value: float, pm: float = 1.0, **more):
    done = MONDAY + timedelta(days=day)
    return make_set(done, bands=(GOOD,) * 5, values=[value] * 5, pm=pm, **more)


def test_the_smallest_detectable_change_is_the_published_formula():
    sem = 1.0
    assert smallest_detectable_change([1.6449 * sem]) == pytest.approx(2.772, abs=0.001)


def test_two_point_seven_degrees_of_a_trained_rater_are_one_degree_of_sem():
    """CLINICAL 3.4: SEM about 1.0, SDD 2.7-2.8."""
    assert 2.7 <= smallest_detectable_change([1.645]) <= 2.8


def test_a_change_larger_than_that_is_told():
    (trend,) = trends([session(0, 12.0), session(7, 6.0)], CODES)
    assert trend.change == -6.0 and trend.is_real
    assert "6° less" in change_in_words(trend) and "more than measuring" in change_in_words(trend)


def test_a_smaller_one_is_not():
    (trend,) = trends([session(0, 12.0, pm=15.0), session(7, 6.0, pm=15.0)], CODES)
    assert not trend.is_real
    assert "no change that can be told: it shows from 25° on." in change_in_words(trend)


def test_one_session_has_nothing_to_compare():
    (trend,) = trends([session(0, 12.0)], CODES)
    assert trend.change is None and not trend.is_real
    assert "nothing to compare" in change_in_words(trend)


def test_sets_of_one_session_are_one_point_a_side():
    left, right = trends([*make_session(0), *make_session(2)], CODES)
    assert (left.side, right.side) == (Side.LEFT, Side.RIGHT)
    assert [len(point.values) for point in left.points] == [45, 45]


def test_another_way_of_measuring_is_not_compared():
    old = session(0, 12.0)
    new = [session(day, 9.0, method=made_by(pelvis_method="net/1")) for day in (7, 9)]
    (trend,) = trends([old, *new], CODES)
    assert [point.comparable for point in trend.points] == [False, True, True]
    assert trend.first.began == new[0].done and trend.change == 0.0


def test_another_wording_of_the_same_method_is_compared():
    sets = [session(0, 12.0, method=made_by(pelvis_method="net/1: old words"))]
    sets.append(session(7, 12.0, method=made_by(pelvis_method="net/1: new words")))
    (trend,) = trends(sets, CODES)
    assert all(point.comparable for point in trend.points)


def test_what_was_not_seen_is_left_out():
    unseen = make_set(MONDAY, bands=(GOOD,) * 2, values=[math.nan, 4.0], pm=math.nan)
    (trend,) = trends([unseen], CODES)
    assert trend.points[0].values == (4.0,)
    assert math.isnan(trend.detectable) and math.isnan(smallest_detectable_change([]))
    assert trends([make_set(bands=(GOOD,), values=[math.nan])], CODES) == []


def test_a_change_does_not_contradict_the_rounded_medians_beside_it():
    (trend,) = trends([session(0, 4.4), session(7, 2.6)], CODES)
    assert "1.8° less" in change_in_words(trend)
    (plain,) = trends([session(0, 12.0), session(7, 6.0)], CODES)
    assert "6° less" in change_in_words(plain)


@pytest.mark.parametrize(
    ("values", "told"),
    [([2, 15, 2, 14], False), ([2, 2, 2, 14], True), ([12, 14, 13, 15], True)],
    ids=["two groups", "one beside the others", "together"],
)
def test_no_change_is_told_from_a_median_that_no_repetition_reads(values, told):
    first = make_set(MONDAY, bands=(GOOD,) * 4, values=values, pm=1.0)
    later = make_set(MONDAY + timedelta(days=7), bands=(GOOD,) * 4, values=[24, 25, 24, 25], pm=1.0)
    (trend,) = trends([first, later], CODES)
    assert trend.is_real is told
    assert ("far apart in groups" in change_in_words(trend)) is not told
