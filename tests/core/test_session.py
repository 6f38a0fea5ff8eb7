"""A live session without a camera: scripted bodies in, steps, words and results out."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from acts import ACTS
from figures import L, certain, clamshell_set
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scripted import LIT, later, nobody, played, raised, spoken, squats, standing, steps, story

from glutecam import exercises
from glutecam.core.analyzer import Analyzer, analyze
from glutecam.core.assessment import Side
from glutecam.core.coaching import Command, Ended, PictureFacts, SessionPlan, Start, Step, Tone
from glutecam.core.geometry import rotate2
from glutecam.core.poses import PoseSeries
from glutecam.core.session import Session
from glutecam.core.sights import Sight

LOST = PictureFacts(lost=True)
STEP_DOWN = exercises.get("step-down")


@pytest.fixture(scope="module")
def both_legs():
    """A whole session: find the place, raise a hand, three on the right, rest, three on the left."""
    plan = SessionPlan(sides=(None, None), reps=3, switch_s=5.0, summary_s=4.0)
    session = Session(STEP_DOWN, plan)
    acts = [
        nobody(1), standing(5, centre_px=(640, 800)), standing(5), raised(2.3), standing(4),
        squats(), standing(8), squats(left=True), standing(6),
    ]  # fmt: skip
    return played(session, story(*acts)), session.finish()


def test_a_session_goes_through_its_steps_without_a_key_being_touched(both_legs):
    updates, _ = both_legs
    first = [Step.SETUP, Step.READY, Step.COUNTDOWN, Step.BASELINE, Step.REPS, Step.REST]
    second = [Step.SETUP, Step.BASELINE, Step.REPS, Step.SUMMARY, Step.DONE]
    assert steps(updates) == first + second


def test_each_leg_is_a_set_of_its_own(both_legs):
    _, results = both_legs
    assert [result.ended for result in results] == [Ended.REPS, Ended.REPS]
    assert [len(result.assessment.reps) for result in results] == [3, 3]
    assert [result.assessment.sides for result in results] == [(Side.RIGHT,), (Side.LEFT,)]
    assert results[1].side is Side.LEFT


def test_which_leg_works_is_known_once_it_carries_or_was_asked_for(both_legs):
    """Who stands on both feet is not told that the right leg works; the second set asks for the left."""
    updates, _ = both_legs
    quiet = [u for u in updates if u.step is Step.BASELINE and u.side is not None]
    assert {(u.set_number, u.side_known) for u in quiet} == {(1, False), (2, True)}
    done = [u for u in updates if u.step is Step.REPS and u.reps]
    assert done and all(u.side_known for u in done)


def test_an_exercise_of_both_legs_names_none():
    act = ACTS["hip-thrust"](None)
    analyzer = Analyzer(exercises.get("hip-thrust"), smoothing="causal")
    last = analyzer.push(act.poses)
    assert last.reps == act.reps and last.side_known is False


def test_what_was_judged_is_the_set(both_legs):
    """The landmarks that a recorder is handed give the same set again."""
    updates, results = both_legs
    for result in results:
        parts = [
            u.judged for u in updates if u.judged is not None and u.judged_set == result.number
        ]
        again = analyze(
            PoseSeries.concatenate(parts), STEP_DOWN, side=result.side, smoothing="causal"
        )
        assert repr(again.reps) == repr(result.assessment.reps)  # NaN is equal to itself here
        assert again.time_s.tolist() == result.assessment.time_s.tolist()


def test_spoken_words_take_turns_and_do_not_repeat_themselves(both_legs):
    updates, _ = both_legs
    said = [(u.time_s, u.speak) for u in updates if u.speak is not None]
    assert [words.key for _, words in said if "gate" not in words.key] == [
        "do.person", "do.frame.below", "ready.hand", "baseline", "begin", "set.over",
        "rest.side", "do.hold", "baseline", "begin.side", "summary.no-fault",
    ]  # fmt: skip
    for (before_s, before), (now_s, now) in pairwise(said):
        assert now_s > before_s
        assert now.key != before.key


def test_tones_mark_the_last_seconds_the_begin_and_the_end(both_legs):
    updates, _ = both_legs
    tones = [u.tone for u in updates if u.tone is not None and u.tone is not Tone.CLEAN]
    once = [Tone.TICK, Tone.TICK, Tone.TICK, Tone.GO, Tone.END]
    assert tones == [*once, *once]


def test_every_repetition_is_told_the_last_of_a_set_too(both_legs):
    updates, _ = both_legs
    told = [(u.reps, u.step) for u in updates if u.finished_rep is not None]
    in_set = [(1, Step.REPS), (2, Step.REPS)]
    assert told == [*in_set, (3, Step.REST), *in_set, (3, Step.SUMMARY)]


def test_reps_that_are_left_are_counted_down(both_legs):
    updates, _ = both_legs
    left = [u.reps_left for u in updates if u.reps_left is not None]
    assert list(dict.fromkeys(left[: left.index(1) + 1])) == [3, 2, 1]


# The set-up check


def test_nothing_begins_before_every_tick_is_there():
    session = Session(STEP_DOWN, SessionPlan())
    updates = played(session, story(standing(6, centre_px=(640, 800)), raised(3)))
    assert steps(updates[: 6 * 30]) == [Step.SETUP]
    last = updates[6 * 30 - 1]
    assert {tick.code: tick.passed for tick in last.ticks}["frame"] is False
    assert last.message.key == "do.frame.below"
    assert not session.finish()


def test_a_hand_that_is_up_too_early_does_not_count():
    session = Session(STEP_DOWN, SessionPlan())
    cut = raised(4, standing(4, centre_px=(640, 800)))
    assert steps(played(session, cut)) == [Step.SETUP]


def test_a_timer_begins_without_a_hand_but_not_without_the_ticks():
    plan = SessionPlan(start=Start.TIMER, delay_s=4.0)
    session = Session(STEP_DOWN, plan)
    updates = played(session, story(nobody(6), standing(4)))
    began = next(u.time_s for u in updates if u.step is Step.BASELINE)
    assert 7.0 < began < 9.6
    assert [u.countdown_s for u in updates[:2]] == pytest.approx([4.0, 4.0 - 1 / 30])


def test_the_start_key_begins_without_the_ticks():
    session = Session(STEP_DOWN, SessionPlan())
    played(session, nobody(1))
    session.command(Command.START)
    assert steps(played(session, later(standing(4), 1.0)))[0] is Step.COUNTDOWN


def test_a_hand_is_asked_down_only_where_one_was_raised(both_legs):
    """Who pressed a key has none up."""
    session = Session(STEP_DOWN, SessionPlan())
    session.command(Command.START)
    for updates, key in (
        (both_legs[0], "countdown.hand"),
        (played(session, standing(4)), "countdown"),
    ):
        told = {u.message.key for u in updates if u.step is Step.COUNTDOWN}
        assert told == {key}


# Begun at once


def test_begun_at_once_it_judges_what_an_analyzer_judges():
    poses = squats(drops=[0.0, 20.0, 0.0])
    session = Session(STEP_DOWN, SessionPlan(start=Start.NOW))
    updates = played(session, poses)
    assert all(u.judged is not None for u in updates)
    (result,) = session.finish()
    whole = analyze(poses, STEP_DOWN, smoothing="causal")
    assert repr(result.assessment.reps) == repr(whole.reps)
    assert len(whole.reps) == 3
    assert result.assessment.verdict is whole.verdict
    assert result.ended is Ended.CUT


def test_before_the_delay_is_over_nothing_is_judged():
    session = Session(STEP_DOWN, SessionPlan(start=Start.NOW, delay_s=2.0))
    updates = played(session, standing(4))
    assert next(u.time_s for u in updates if u.judged is not None) == pytest.approx(2.0)
    assert updates[0].message.english == "Get into place: 2 s"
    assert updates[0].ticks == ()


@settings(
    max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
@given(cuts=st.lists(st.integers(1, 400), max_size=6, unique=True))
def test_how_the_frames_are_cut_into_pushes_does_not_matter(cuts):
    poses = story(standing(3), raised(2.2), standing(3.5), squats(2), raised(2.5), standing(2))
    whole = Session(STEP_DOWN, SessionPlan(sets=2, rest_s=1.5))
    once = whole.push(poses, LIT)
    other = Session(STEP_DOWN, SessionPlan(sets=2, rest_s=1.5))
    edges = [0, *sorted(cut for cut in cuts if cut < len(poses)), len(poses)]
    for start, end in pairwise(edges):
        pieces = other.push(poses[start:end], LIT)
    assert (once.step, once.message, once.ticks) == (pieces.step, pieces.message, pieces.ticks)
    a, b = whole.finish(), other.finish()
    assert [(r.number, r.ended, r.ended_s) for r in a] == [
        (r.number, r.ended, r.ended_s) for r in b
    ]
    assert repr([r.assessment.reps for r in a]) == repr([r.assessment.reps for r in b])
    assert len(a[0].assessment.reps) == 2 and a[0].ended is Ended.HAND


# Pauses


def no_picture(at_s: float) -> PoseSeries:
    return PoseSeries.unseen(np.array([at_s]), 1280, 720)


def begun(**plan) -> Session:
    return Session(STEP_DOWN, SessionPlan(start=Start.TIMER, **plan))


def test_a_lost_camera_pauses_the_set_and_says_so_and_it_goes_on():
    session = begun(reps=4)
    before = played(session, story(standing(3), squats(2)))
    # It goes in the middle of the third repetition.
    third = later(squats(3)[-40:-10], before[-1].time_s)
    during = [*played(session, third)]
    lost = session.push(no_picture(during[-1].time_s + 0.1), LOST)
    assert (lost.step, lost.tone, lost.speak.key) == (Step.PAUSED, Tone.LOST, "paused.camera")
    assert lost.judged is not None and not lost.judged.seen.any()
    waiting = session.push(no_picture(lost.time_s + 5), LOST)
    assert waiting.step is Step.PAUSED and waiting.judged is None
    session.command(Command.START)
    assert session.push(no_picture(lost.time_s + 8), LOST).step is Step.PAUSED
    back = session.push(no_picture(lost.time_s + 9.9), PictureFacts())
    assert back.step is Step.REPS and back.reps == 2
    after = played(session, later(squats(2)[54:], back.time_s))
    assert Step.SUMMARY in steps(after)
    (result,) = session.finish()
    assert len(result.assessment.reps) == 4
    assert any("Paused for 10 s" in warning for warning in result.assessment.warnings)


def test_no_repetition_reaches_across_a_pause():
    session = Session(STEP_DOWN, SessionPlan(start=Start.NOW))
    poses = squats(1)
    deepest = round((3.0 + 1.2) * 30)
    played(session, poses[:deepest])
    session.push(no_picture(float(poses.time_s[deepest - 1]) + 0.01), LOST)
    rest = later(poses[deepest:], float(poses.time_s[deepest - 1]) + 0.5)
    played(session, rest)
    (result,) = session.finish()
    assert result.assessment.reps == ()
    assert [rep.reason for rep in result.assessment.attempts] == ["its end was not seen"] or (
        len(result.assessment.attempts) == 2
    )


def test_a_key_pauses_and_a_raised_hand_goes_on():
    session = begun()
    last = played(session, story(standing(3), squats(1)))[-1]
    session.command(Command.PAUSE)
    paused = played(session, later(standing(3), last.time_s))
    assert steps(paused) == [Step.PAUSED]
    assert sum(u.judged is not None for u in paused) == 1
    again = played(session, later(raised(2.5), paused[-1].time_s))
    assert steps(again) == [Step.PAUSED, Step.REPS]


def test_a_rest_that_was_paused_goes_on_with_what_was_left():
    session = begun(reps=1, sets=2, rest_s=10.0)
    last = played(session, story(standing(3), squats(1)))[-1]
    assert last.step is Step.REST
    left = last.countdown_s
    session.command(Command.PAUSE)
    paused = played(session, later(nobody(20), last.time_s))
    session.command(Command.RESUME)
    first = played(session, later(nobody(0.1), paused[-1].time_s))[0]
    assert first.step is Step.REST
    assert first.countdown_s == pytest.approx(left, abs=0.1)


# Ends


def test_a_raised_hand_ends_the_set_and_then_the_rest():
    session = begun(sets=2, rest_s=60.0)
    acts = story(standing(3), squats(2), raised(2.3), standing(3), raised(2.3), standing(4))
    assert steps(played(session, acts)) == [
        Step.SETUP, Step.BASELINE, Step.REPS, Step.REST, Step.SETUP, Step.BASELINE, Step.REPS,
    ]  # fmt: skip
    assert [result.ended for result in session.finish()] == [Ended.HAND, Ended.CUT]


def test_pain_ends_everything_and_is_told_as_such():
    session = begun(sets=3)
    last = played(session, story(standing(3), squats(2)))[-1]
    session.command(Command.PAIN)
    after = played(session, later(standing(1), last.time_s))[0]
    assert (after.step, after.speak.key) == (Step.SUMMARY, "pain")
    assert [result.ended for result in session.finish()] == [Ended.PAIN]


def test_quitting_keeps_what_was_done():
    session = begun()
    last = played(session, story(standing(3), squats(2)))[-1]
    session.command(Command.QUIT)
    assert played(session, later(standing(0.1), last.time_s))[0].step is Step.DONE
    (result,) = session.finish()
    assert len(result.assessment.reps) == 2


def test_two_faulty_repetitions_in_a_row_end_a_set_of_the_programme():
    session = Session(
        certain(STEP_DOWN), SessionPlan(start=Start.NOW, programme=exercises.programme())
    )
    acts = story(squats(5, drops=[0.0, 20.0, 0.0, 20.0, 20.0]), standing(12))
    updates = played(session, acts)
    (result,) = session.finish()
    assert result.ended is Ended.FAULTS
    assert len(result.assessment.reps) == 5
    assert [key for key in spoken(updates) if key.startswith(("set.", "summary"))] == [
        "set.faults", "summary", "summary.often",
    ]  # fmt: skip


def test_nothing_judged_is_nothing_returned():
    session = Session(STEP_DOWN)
    played(session, nobody(1))
    assert session.finish() == ()


def test_lying_has_its_own_words_and_gesture():
    session = Session(exercises.get("clamshell"), SessionPlan(sides=(Side.RIGHT,), reps=2))
    still = clamshell_set()[:60]
    still = replace(still, people=np.ones(len(still), dtype=np.int64))
    arm = still.image_px.copy()
    arm[:, L.RIGHT_WRIST] = still.image_px[:, L.RIGHT_SHOULDER] - [0.0, 120.0]
    up = story(replace(still, image_px=arm), replace(still, image_px=arm))
    updates = played(session, story(still, still, up, still, still, clamshell_set()))
    assert steps(updates)[:5] == [
        Step.SETUP, Step.READY, Step.COUNTDOWN, Step.BASELINE, Step.REPS,
    ]  # fmt: skip
    assert {"ready.hand.lying", "baseline.lying"} <= set(spoken(updates))
    assert len(session.finish()[0].assessment.reps) == 2


@pytest.mark.parametrize(
    "wrong", [{"sides": ()}, {"sets": 0}, {"reps": 0}, {"rest_s": -1.0}, {"delay_s": float("nan")}]
)
def test_a_plan_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError):
        SessionPlan(**wrong)


@pytest.mark.realtime
def test_own_code_per_frame_is_small():
    """Measured with the set-up check and a set; the issue's share of a live frame is 0.5 ms."""
    session = begun(reps=3)
    poses = story(standing(3), squats(3))
    took = []
    for i in range(len(poses)):
        one = poses[i : i + 1]
        began = time.process_time()
        session.push(one, LIT)
        took.append(time.process_time() - began)
    assert np.median(took) < 0.002


def test_the_roll_of_the_camera_holds_for_the_whole_set():
    """Lines told it before the set began; the true drop comes out as if the camera were level."""
    acts = story(standing(4), squats(2, drops=[12.0, 12.0]))
    centre = np.array([640.0, 360.0])
    turned = rotate2(acts.image_px, np.full((len(acts), 1), -4.0), centre)
    scene = acts.scene.copy()
    scene[:60:10, Sight.ROLL_DEG], scene[:60:10, Sight.ROLL_SD_DEG] = 4.0, 0.2
    session = Session(certain(STEP_DOWN), SessionPlan(start=Start.TIMER))
    updates = played(session, replace(acts, image_px=turned, scene=scene))
    (result,) = session.finish()
    assert {u.judged.camera_roll_deg for u in updates if u.judged is not None} == {4.0}
    level = Session(certain(STEP_DOWN), SessionPlan(start=Start.TIMER))
    played(level, acts)
    peaks = [
        [finding.value for rep in one.assessment.reps for finding in rep.findings[:1]]
        for one in (result, *level.finish())
    ]
    assert peaks[0] == pytest.approx(peaks[1], abs=0.2)
    assert len(peaks[0]) == 2
