from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glutecam.core.assessment import Band, Finding, Pattern, Rep, Side
from glutecam.core.rules import Bands, PatternRule
from glutecam.core.scoring import classify, pattern_of, score_range, set_score, tolerance

BANDS = Bands(ok=7.5, fault=11.0)


@pytest.mark.parametrize(
    ("value", "half", "band"),
    [
        (3.0, 1.0, Band.OK),
        (6.5, 1.0, Band.OK),
        (9.0, 1.0, Band.WATCH),
        (7.0, 1.0, Band.INCONCLUSIVE),
        (12.5, 1.0, Band.FAULT),
        (11.5, 1.0, Band.INCONCLUSIVE),
        (10.5, 1.0, Band.INCONCLUSIVE),
        (0.0, 12.0, Band.INCONCLUSIVE),
        (-10.0, 12.0, Band.OK),
        (25.0, 12.0, Band.FAULT),
        (float("nan"), 1.0, Band.INCONCLUSIVE),
        (3.0, float("nan"), Band.INCONCLUSIVE),
    ],
)
def test_a_band_takes_the_doubt_into_account(value, half, band):
    assert classify(value, half, BANDS) is band


@given(st.floats(-40, 40), st.floats(0, 20))
def test_more_doubt_never_turns_into_a_fault_or_a_pass(value, half):
    sure, unsure = classify(value, half, BANDS), classify(value, half + 1.0, BANDS)
    if unsure is Band.FAULT:
        assert sure is Band.FAULT
    if unsure is Band.OK:
        assert sure is Band.OK


def test_tolerance_is_soft():
    x = np.array([5.0, 7.0, 8.5, 10.0, 13.0])
    soft = tolerance(x, (-np.inf, 7.0), 3.0)
    assert soft[0] == soft[1] == 1.0
    assert soft[3] == pytest.approx(0.1)
    assert (np.diff(soft[1:]) < 0).all()
    np.testing.assert_array_equal(tolerance(np.array([0.9, 1.1]), (0, 1), 0.0), [1.0, 0.0])
    assert np.isnan(tolerance(np.nan, (0, 1), 0.0))


@pytest.mark.parametrize(("bounds", "margin"), [((2, 1), 1), ((0, 1), -1)])
def test_tolerance_refuses_nonsense(bounds, margin):
    with pytest.raises(ValueError, match="bounds"):
        tolerance(0.0, bounds, margin)


def test_bands_must_rise():
    with pytest.raises(ValueError, match="rise"):
        Bands(5.0, 4.0)


RULE = PatternRule("drop", ("lean", "shift"))
OK, WATCH, FAULT, UNSURE = Band.OK, Band.WATCH, Band.FAULT, Band.INCONCLUSIVE


@pytest.mark.parametrize(
    ("drop", "lean", "shift", "pattern"),
    [
        (OK, OK, OK, Pattern.NONE),
        (WATCH, WATCH, OK, Pattern.NONE),
        (FAULT, OK, OK, Pattern.UNCOMPENSATED),
        (FAULT, WATCH, WATCH, Pattern.UNCOMPENSATED),
        (OK, FAULT, OK, Pattern.COMPENSATED),
        (WATCH, OK, FAULT, Pattern.COMPENSATED),
        (FAULT, FAULT, OK, Pattern.MIXED),
        (FAULT, FAULT, UNSURE, Pattern.MIXED),
        (UNSURE, OK, OK, Pattern.UNDECIDED),
        (UNSURE, FAULT, OK, Pattern.UNDECIDED),
        (FAULT, UNSURE, OK, Pattern.UNDECIDED),
        (Band.NO_FAULT, Band.NO_FAULT, OK, Pattern.NONE),
        (FAULT, Band.NO_FAULT, OK, Pattern.UNCOMPENSATED),
    ],
)
def test_the_pattern_over_the_stance_leg(drop, lean, shift, pattern):
    assert pattern_of(RULE, {"drop": drop, "lean": lean, "shift": shift}) is pattern


def test_an_exercise_without_a_pattern_has_none():
    assert pattern_of(None, {}) is Pattern.NONE


def test_the_set_counts_only_repetitions_that_have_a_score():
    def rep(score):
        return Rep(1, 0, 10, 0.0, 1.0, Side.LEFT, (Finding("X", 1, 1, Band.OK, 3),), score=score)

    assert set_score([rep(100.0), rep(None), rep(50.0)]) == 75.0
    assert set_score([rep(None)]) is None
    assert set_score([rep(42.0), rep(None), rep(None), rep(None)]) is None
    assert set_score([rep(42.0), rep(None)]) == 42.0


@given(st.lists(st.none() | st.floats(0, 100), min_size=1, max_size=9), st.data())
def test_whatever_open_repetitions_would_score_the_set_lies_in_its_range(scores, data):
    low, high = score_range(scores)
    full = [data.draw(st.floats(0, 100)) if score is None else score for score in scores]
    assert low - 1e-6 <= sum(full) / len(full) <= high + 1e-6
    assert (low == high) == (None not in scores)
