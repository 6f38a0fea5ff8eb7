"""The picture of every step: words where they belong, nothing hidden that must be seen."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from builders import make_assessment, make_exercise, make_poses, make_update

from glutecam.core.assessment import Band, Phase
from glutecam.core.coaching import Ended, Fading, SessionUpdate, SetResult, Step, Tick
from glutecam.core.session_wording import say
from glutecam.display.captioned import STRIP
from glutecam.display.coach import CoachOverlay
from glutecam.display.panels import BAND_COLOURS

SIZES = [(1280, 720), (640, 480), (720, 1280)]
EXERCISE = make_exercise()
DONE = SetResult(1, None, Ended.REPS, 24.0, make_assessment())
TICKS = (
    Tick("person", say("tick.person"), True),
    Tick("frame", say("tick.frame"), False, do=say("do.frame.below")),
    Tick("light", say("tick.light"), None),
)


def grey(width: int = 1280, height: int = 720) -> np.ndarray:
    return np.full((height, width, 3), 96, np.uint8)


def update(step: Step, **changes) -> SessionUpdate:
    values = vars(make_update(phase=Phase.MOVING if step is Step.REPS else Phase.LOOKING))
    return SessionUpdate(**{**values, "step": step, **changes})


def drawn(step: Step, size=(1280, 720), mirror=False, **changes) -> np.ndarray:
    overlay = CoachOverlay(EXERCISE, mirror=mirror, keys="q: quit")
    poses = make_poses(1, 0.0, *size)
    return overlay.draw(grey(*size), poses, update(step, **changes))


def near(image: np.ndarray, colour, by: int = 30) -> np.ndarray:
    return np.abs(image.astype(int) - colour).max(axis=2) < by


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", list(Step))
def test_every_step_can_be_drawn_at_every_size(step, size):
    changes = {"ticks": TICKS, "finished": (DONE, DONE), "countdown_s": 59.5, "hand": 0.4}
    picture = drawn(step, size, message=say("do.hold"), **changes)
    assert picture.shape == (size[1] + round(STRIP * size[1]), size[0], 3)
    assert picture.dtype == np.uint8
    edge = picture[:, :5]
    assert edge[: size[1]].std() < 20, "nothing runs out of the picture"


@pytest.mark.parametrize("words", ["do.hold", "countdown.hand", "baseline", "rest.side"])
@pytest.mark.parametrize("step", [Step.SETUP, Step.COUNTDOWN, Step.BASELINE])
def test_a_line_of_words_never_hides_the_feet(step, words):
    message = say(words, seconds=3, side="left")
    picture = drawn(step, message=message)
    ankles = make_poses(1).image_px[0, 27:33]
    for x, y in ankles.round().astype(int):
        around = picture[y - 4 : min(y + 5, 720), x - 60 : x - 40]
        assert (np.abs(around.astype(int) - 96) < 3).all()


def test_the_words_are_large_enough_for_two_and_a_half_metres():
    """On a 14-inch screen (310 mm wide) letters of 60 px are 12 mm: 0.28 degrees at 2.5 m."""
    picture = drawn(Step.SETUP, message=replace(say("do.hold"), english="STAY"))
    strip = picture[720:, 300:980]
    rows = np.nonzero(near(strip, (14, 18, 24)).sum(axis=1) > 6)[0]
    ink = near(strip, (14, 18, 24))[60:110].any(axis=1).sum()
    assert rows.size and ink >= 35


def test_a_tick_is_told_by_sign_and_colour():
    """Without any colour the three states still differ."""
    pictures = [
        cv2.cvtColor(
            drawn(Step.SETUP, ticks=(Tick("x", say("tick.light"), passed),)), cv2.COLOR_RGB2GRAY
        )
        for passed in (True, False, None)
    ]
    discs = [picture[60:110, 35:75] > 128 for picture in pictures]
    assert not np.array_equal(discs[0], discs[1])
    assert not np.array_equal(discs[0], discs[2])


def test_a_mirror_turns_the_picture_and_not_the_words():
    plain, mirrored = (drawn(Step.REST, mirror=m, countdown_s=14.0) for m in (False, True))
    # The number stands in the middle and reads the same.
    number = [near(picture[200:420, 560:720], (255, 255, 255)) for picture in (plain, mirrored)]
    assert number[0].sum() > 2000
    np.testing.assert_array_equal(*number)


def test_the_bar_grows_with_the_hand_that_is_held_up():
    def inked(hand: float) -> int:
        picture = drawn(Step.READY, ticks=TICKS[:1], message=say("ready.hold"), hand=hand)
        return int(near(picture[840:], (14, 18, 24), 8).sum())

    assert inked(0.2) < inked(0.5) < inked(0.9)


def test_a_repetition_without_feedback_shows_the_count_only():
    amber = BAND_COLOURS[Band.FAULT]
    bands = dict.fromkeys(make_update().bands, Band.FAULT)
    told = drawn(Step.REPS, bands=bands)
    silent = drawn(Step.REPS, bands=bands, withheld=True, fading=Fading.SUMMARY)
    assert near(told, amber).sum() > 500
    assert near(silent, amber).sum() == 0
    np.testing.assert_array_equal(told[20:150, -150:], silent[20:150, -150:])


def test_reps_that_are_left_stand_below_the_count():
    counted, plain = drawn(Step.REPS, reps_left=7), drawn(Step.REPS)
    assert not np.array_equal(counted[140:200, -150:], plain[140:200, -150:])


def test_while_paused_everything_is_dim_and_one_word_is_not():
    picture = drawn(Step.PAUSED, message=say("paused.camera"))
    assert np.median(picture[:700]) < 60
    assert near(picture[250:450], (255, 255, 255)).sum() > 3000


def test_the_frame_itself_is_left_alone():
    image = grey()
    image.setflags(write=False)
    for step in Step:
        CoachOverlay(EXERCISE).draw(image, make_poses(1), update(step, finished=(DONE,)))
    assert (image == 96).all()


def test_an_update_of_an_analyzer_alone_is_drawn_as_before():
    assert CoachOverlay(EXERCISE).draw(grey(), make_poses(1), make_update()).shape == (720, 1280, 3)
