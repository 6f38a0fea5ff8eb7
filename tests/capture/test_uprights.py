"""Lines drawn at an invented angle are asked back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from glutecam.capture.uprights import NO_LINES, roll_of, upright_lines


def room(lean_deg: float = 0.0, converging_deg: float = 0.0) -> np.ndarray:
    """Draw six door frames whose tops lean to the right, more so towards the right."""
    image = np.full((360, 640), 200, np.uint8)
    for n, across in enumerate(np.linspace(-0.42, 0.42, 6)):
        lean = np.radians(lean_deg + converging_deg * across)
        foot = np.array([320 + 640 * across, 330 - 25 * n])
        top = foot + 220 * np.array([np.sin(lean), -np.cos(lean)])
        ends = [tuple(np.round(16 * end).astype(int).tolist()) for end in (foot, top)]
        cv2.line(image, *ends, 40 + 20 * n, 3, cv2.LINE_AA, 4)
    return image


@pytest.mark.parametrize("lean", [-12.0, -3.0, 0.0, 1.0, 6.0, 17.0])
def test_the_roll_is_told_within_a_third_of_a_degree(lean):
    roll, sd = roll_of(upright_lines(room(lean), None))
    assert roll == pytest.approx(-lean, abs=0.35)
    assert sd < 0.5


def test_lines_that_converge_tell_the_roll_in_the_middle_and_more_doubt():
    roll, sd = roll_of(upright_lines(room(4.0, converging_deg=12.0), None))
    assert roll == pytest.approx(-4.0, abs=0.6)
    assert sd > roll_of(upright_lines(room(4.0), None))[1]


def test_a_bare_wall_tells_nothing():
    bare = np.full((360, 640), 180, np.uint8)
    assert np.isnan(roll_of(upright_lines(bare, None))[0])
    assert roll_of(np.empty((0, 3)))[1] == NO_LINES[1] == np.inf


def test_lines_in_every_direction_are_not_sure():
    rng = np.random.default_rng(4)
    lines = np.stack(
        [rng.uniform(-20, 20, 60), np.full(60, 0.1), rng.uniform(-0.5, 0.5, 60)], axis=1
    )
    assert np.isinf(roll_of(lines)[1])


def test_the_person_is_no_plumb_line():
    image = np.full((360, 640), 200, np.uint8)
    for n in range(8):
        cv2.line(image, (300 + 6 * n, 60), (320 + 6 * n, 320), 60, 1)
    assert len(upright_lines(image, None)) > 3
    assert len(upright_lines(image, (250.0, 0.0, 450.0, 360.0))) == 0


def test_the_bars_of_a_letterbox_are_no_door_frames():
    image = room(9.0)
    image[:, :90] = image[:, -90:] = 0
    roll, _ = roll_of(upright_lines(image, None))
    assert roll == pytest.approx(-9.0, abs=0.5)
