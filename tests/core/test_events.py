from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from glutecam.core.events import Run, find_runs, held_level, settled_until

FPS = 30.0


def times(n):
    return np.arange(n) / FPS


def spans(runs):
    return [(run.start, run.end) for run in runs]


def test_a_run_starts_where_the_signal_last_rose_above_the_lower_edge():
    x = np.array([0, 1, 2, 3, 4, 3, 2, 1, 0], dtype=float)
    assert spans(find_runs(x, times(9), enter=3.5, leave=1.5)) == [(2, 7)]


def test_hovering_at_the_threshold_counts_once():
    x = np.array([0, 3, 4, 3, 4, 3, 4, 3, 0], dtype=float)
    assert len(find_runs(x, times(9), enter=3.5, leave=1.5)) == 1


def test_what_never_enters_is_no_run():
    x = np.array([0, 3, 3, 0], dtype=float)
    assert find_runs(x, times(4), enter=3.5, leave=1.5) == []


def test_short_runs_are_left_out():
    x = np.array([0, 4, 0, 4, 4, 4, 4, 0], dtype=float)
    assert spans(find_runs(x, times(8), enter=3.0, leave=1.0, min_s=0.1)) == [(3, 7)]


def test_a_run_at_the_end_is_open():
    runs = find_runs(np.array([0.0, 4.0, 4.0]), times(3), enter=3, leave=1)
    assert runs == [Run(1, 3, closed=False, begun=True, ended=False)]


@pytest.mark.parametrize(("gap", "expected"), [(3, 1), (9, 2)])
def test_a_short_gap_is_bridged_and_a_long_one_ends_the_run(gap, expected):
    x = np.full(40, 5.0)
    x[0] = x[-1] = 0.0
    x[10 : 10 + gap] = np.nan
    assert len(find_runs(x, times(40), enter=3, leave=1)) == expected


def test_how_long_a_gap_is_bridged_may_be_said():
    x = np.full(40, 5.0)
    x[0] = x[-1] = 0.0
    x[10:19] = np.nan
    assert len(find_runs(x, times(40), enter=3, leave=1, max_gap_s=0.5)) == 1


def test_ends_that_a_short_gap_hides_are_known_all_the_same():
    x = np.array([0.0, np.nan, *[5.0] * 20, np.nan, np.nan, 0.0])
    (run,) = find_runs(x, times(len(x)), enter=3, leave=1)
    assert (run.start, run.begun, run.ended, run.closed) == (2, True, True, True)


def test_a_run_whose_ends_a_long_gap_hides_says_so():
    x = np.array([0.0, *[5.0] * 20, *[np.nan] * 10, *[5.0] * 20, 0.0])
    first, second = find_runs(x, times(len(x)), enter=3, leave=1)
    assert (first.begun, first.ended, first.closed) == (True, False, True)
    assert (second.begun, second.ended, second.closed) == (False, True, True)


def test_nothing_in_nothing_out():
    assert find_runs(np.array([]), np.array([]), enter=1, leave=0) == []
    assert settled_until(np.array([]), np.array([]), 0.0) == 0
    assert find_runs(np.full(5, np.nan), times(5), enter=1, leave=0) == []


SIGNALS = arrays(
    np.float64, st.integers(1, 60), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan])
)


def runs_from(start, x, t):
    """Return the runs of a part, counted from the first frame of the whole."""
    found = find_runs(x, t, enter=2.5, leave=0.5)
    return [replace(run, start=run.start + start, end=run.end + start) for run in found]


@given(x=SIGNALS, data=st.data())
def test_looking_again_from_what_is_settled_finds_the_same_runs(x, data):
    t = times(len(x))
    whole = find_runs(x, t, enter=2.5, leave=0.5)
    found, start, end = [], 0, 0
    while end < len(x):
        end = data.draw(st.integers(end + 1, len(x)))
        runs = runs_from(start, x[start:end], t[start:end])
        closed = [r for r in runs if r.closed]
        found += closed
        settled = start + settled_until(x[start:end], t[start:end], 0.5)
        start = max([settled, *(r.end for r in closed)])
    assert found + runs_from(start, x[start:], t[start:]) == whole


def test_a_level_must_be_held_at_a_stretch_and_wild_frames_do_not_count():
    x = np.full(30, 2.0)
    x[[3, 6, 9, 12]] = 50.0
    x[18:24] = 5.0
    x[20] = 6.0
    level, at = held_level(x, times(30), 0.15)
    assert level == 5.0
    assert at == 20


def test_a_frame_that_was_not_seen_is_passed_over():
    x = np.full(30, 2.0)
    x[18:24] = 5.0
    x[20] = np.nan
    assert held_level(x, times(30), 0.15)[0] == 5.0


def test_a_level_of_what_was_not_seen_is_not_known():
    level, _ = held_level(np.full(10, np.nan), times(10), 0.1)
    assert np.isnan(level)


@pytest.mark.parametrize("fps", [15.0, 30.0, 120.0])
def test_a_level_does_not_depend_on_the_frame_rate(fps):
    t = np.arange(0, 2, 1 / fps)
    x = 10 * np.sin(np.pi * t / 2)
    level, _ = held_level(x, t, 0.2)
    assert level == pytest.approx(10 * np.cos(np.pi / 2 * 0.1), abs=0.35)
