from __future__ import annotations

import math

import numpy as np
import pytest

from glutecam.core.measures import KNEE_FLEXION, Estimate
from glutecam.core.rules import RepSignals
from glutecam.exercises._readings import FRAME_S, at_half_height


def bend(above_half_s: float, height: float = 60.0) -> RepSignals:
    """A movement up and down at one speed, with a top of a fifth, that is above half for so long."""
    time_s = np.arange(0.0, 3.0, 0.01)
    away = np.abs(time_s - 1.5)
    top = 0.1 * above_half_s
    slope = 0.5 * height / (0.5 * above_half_s - top)
    value = np.clip(height - slope * np.maximum(away - top, 0.0), 0.0, height)
    estimate = Estimate(value, np.full(len(time_s), 8.0))
    return RepSignals(time_s, {KNEE_FLEXION.name: estimate}, np.full(len(time_s), True))


@pytest.mark.parametrize("seconds", [0.8, 1.0, 2.0])
def test_the_time_above_half_the_height_comes_back_whatever_the_height(seconds):
    read = at_half_height(KNEE_FLEXION, 0.1)
    for height in (30.0, 60.0):
        assert read(bend(seconds, height))[0] == pytest.approx(seconds, abs=0.02)


def test_of_a_quick_movement_the_time_is_surer_though_never_surer_than_a_frame():
    read = at_half_height(KNEE_FLEXION, 0.1)
    quick, slow = (read(bend(seconds)) for seconds in (0.4, 2.0))
    for value, sd, _ in (quick, slow):
        assert sd == pytest.approx(math.hypot(FRAME_S, 0.1 * value))
    assert FRAME_S < quick[1] < 0.35 * slow[1]
