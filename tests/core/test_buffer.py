"""What a live session keeps: everything it was told, in one piece, and nothing beside it."""

from __future__ import annotations

import tracemalloc

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core import buffer
from glutecam.core.analyzer import Analyzer
from glutecam.core.buffer import Growing, PoseBuffer
from glutecam.core.sights import SIGHTS

STEP = exercises.get("step-down")


@pytest.mark.parametrize("room", [1, 4, 100])
def test_what_was_appended_comes_back_in_order(room, monkeypatch):
    monkeypatch.setattr(buffer, "_ROOM", room)
    column = Growing()
    rows = np.arange(60.0).reshape(20, 3)
    for start, end in ((0, 1), (1, 2), (2, 9), (9, 9), (9, 20)):
        column.append(rows[start:end])
        np.testing.assert_array_equal(column.view(), rows[:end])
        assert column.nbytes == rows[:end].nbytes


def test_rows_of_the_caller_are_left_alone():
    rows = np.zeros((2, 3))
    column = Growing()
    column.append(rows)
    column.append(np.ones((1, 3)))
    column.view()[:] = 5.0
    assert not rows.any()


@pytest.mark.parametrize("smoothing", ["causal", "zero-phase"])
def test_an_analyzer_knows_how_much_it_keeps(smoothing):
    poses = figures.squat_set(depths=[66.0])
    analyzer = Analyzer(STEP, smoothing=smoothing)
    sizes = [analyzer.nbytes]
    for frame in range(30):
        analyzer.push(poses[frame : frame + 1])
        sizes.append(analyzer.nbytes)
    landmarks = (33 * (2 + 3 + 1) + 2 + SIGHTS) * 8
    signals = set(np.diff(sizes) - landmarks)
    assert sizes[0] == 0
    assert len(signals) == 1
    at_least = len(STEP.measures) * 2 * 2 * 8
    assert min(signals) >= at_least if smoothing == "causal" else signals == {0}


def test_a_recording_given_whole_is_the_same_after_its_bytes_were_counted():
    poses, kept = figures.film(figures.stand_on_right(30)), PoseBuffer()
    kept.append(poses[:20])
    whole = kept.view()
    assert kept.nbytes == 20 * (33 * (2 + 3 + 1) + 2 + SIGHTS) * 8
    assert kept.view() is whole
    kept.append(poses[20:])
    assert kept.nbytes == 30 * (33 * (2 + 3 + 1) + 2 + SIGHTS) * 8


def test_a_live_session_keeps_nothing_beside_landmarks_and_signals():
    poses = figures.squat_set(depths=[66.0, 70.0])
    analyzer = Analyzer(STEP, smoothing="causal")
    half = len(poses) // 2
    for frame in range(half):
        analyzer.push(poses[frame : frame + 1])
    tracemalloc.start()
    try:
        for frame in range(half, len(poses)):
            analyzer.push(poses[frame : frame + 1])
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The room for landmarks and signals is there since the second frame.
    assert grown < 100_000


def test_a_result_keeps_nothing_of_the_room_that_its_set_had():
    """Kept beside the next sets: twelve of them would otherwise hold fifty megabytes."""
    analyzer = Analyzer(STEP, smoothing="causal")
    poses = figures.squat_set(depths=[66.0])
    for start in range(0, len(poses), 31):
        analyzer.push(poses[start : start + 31])
    result = analyzer.finish()
    estimates = [signal.estimate for signal in result.signals.values()]
    kept = [result.time_s, *(array for one in estimates for array in (one.value, one.sd))]
    assert len(kept) > 10
    assert max(len(_all_of(array)) for array in kept) == len(poses)


def _all_of(array):
    """Return the array that owns the memory of this one."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
