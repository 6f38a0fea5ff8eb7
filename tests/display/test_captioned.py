"""Words below the picture: nothing that must be seen lies under them."""

from __future__ import annotations

import numpy as np
import pytest
from builders import make_exercise, make_poses, make_update

from glutecam.core.assessment import Band, Phase
from glutecam.display.captioned import Captioned
from glutecam.display.overlay import Overlay
from glutecam.display.panels import BAND_COLOURS, SOFT
from glutecam.exercises import all_exercises

RULES = [rule for exercise in all_exercises() for rule in exercise.rules]


def frame(width: int = 1280, height: int = 720) -> np.ndarray:
    return np.full((height, width, 3), 96, dtype=np.uint8)


def near(image: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    return np.abs(image.astype(int) - colour).max(axis=2) < 30


@pytest.mark.parametrize("cue", ["Keep level.", max((r.cue for r in RULES), key=len)])
@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480)])
def test_in_a_written_video_the_cue_stands_below_the_picture(
    size: tuple[int, int], cue: str
) -> None:
    picture = frame(*size)
    update = make_update(cue=cue)
    drawn = Captioned(make_exercise()).draw(picture, make_poses(1, 6.0, *size), update)
    width, height = size
    assert drawn.shape == (Captioned.height_px(height), width, 3)
    amber = near(drawn, BAND_COLOURS[Band.WATCH])
    assert amber[height:].mean() > 0.25
    # All but the edge of its panel.
    assert amber[round(0.6 * height) : height].mean() < 0.02
    assert (picture == 96).all()


def test_the_strip_is_clean_again_when_there_is_nothing_to_say() -> None:
    overlay = Captioned(make_exercise())
    said, silent = make_update(cue="Keep your hip bones level."), make_update(time_s=9.0)
    overlay.draw(frame(), make_poses(1, 6.0), said)
    assert overlay.draw(frame(), make_poses(1, 6.0), silent)[720:].max() < 40


def test_a_refused_recording_shows_no_number_of_repetitions() -> None:
    update, poses = make_update(reps=8, instruction="Turn to face it."), make_poses(1, 6.0)
    shown, hidden = (
        Overlay(make_exercise(), counts=counts).draw(frame(), poses, update)[:300, 1000:]
        for counts in (True, False)
    )
    assert near(shown, (255, 255, 255)).sum() > 1000
    assert (hidden == 96).mean() > 0.95


@pytest.mark.parametrize(("reps", "says"), [(0, True), (1, False)])
def test_to_begin_is_said_until_a_repetition_is_counted(reps: int, says: bool) -> None:
    ready = make_update(phase=Phase.READY, reps=reps)
    strip = Captioned(make_exercise()).draw(frame(), make_poses(1, 6.0), ready)[720:]
    assert bool(near(strip, SOFT).mean() > 0.25) is says
    assert says or strip.max() < 40
