"""Few pictures are the camera's fault or the machine's, and the one that is at fault is named."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from scripted import played, squats, standing, story

from glutecam import exercises
from glutecam.core.assessment import GateCode
from glutecam.core.coaching import PictureFacts, SessionPlan, Start
from glutecam.core.keeping_up import FASTER, SKIPPED, Lately, Slowed, left_out
from glutecam.core.session import Session
from glutecam.core.setup_check import SetupCheck

STEP_DOWN = exercises.get("step-down")


def thinned(poses, every):
    """Return what is left of a recording where only one picture in so many is looked at."""
    return replace(poses[::every], time_s=poses.time_s[::every])


def judged(poses, skipped):
    session = Session(STEP_DOWN, SessionPlan(start=Start.NOW))
    played(session, poses, PictureFacts(skipped=skipped))
    (done,) = session.finish()
    return done.assessment


def test_a_machine_that_leaves_pictures_out_is_named_instead_of_the_light():
    seen = judged(thinned(squats(2), 3), skipped=2 / 3)
    (gate,) = (gate for gate in seen.gates if gate.code == "frame rate")
    assert not gate.passed
    assert "too slow: 67% of the pictures" in gate.instruction
    assert "light" not in gate.instruction
    assert seen.instruction == gate.instruction
    assert seen.warnings == ()


def test_no_repetition_is_told_while_the_set_would_be_refused_for_it():
    """What was said of them until then would not hold: the machine alone is told, and early."""
    poses = thinned(squats(2), 3)
    session = Session(STEP_DOWN, SessionPlan(start=Start.NOW))
    updates = played(session, poses, PictureFacts(skipped=2 / 3))
    assert updates[-1].reps == 2
    assert not [update for update in updates if update.finished_rep is not None]
    slow = [update for update in updates if update.gate is GateCode.FRAME_RATE]
    assert 2.0 <= slow[0].time_s - updates[0].time_s < 2.5 and slow[-1] is updates[-1]
    assert {update.message.key for update in slow} == {"do.slow machine"}
    spoken = [update.speak.key for update in slow if update.speak is not None]
    assert "do.slow machine" in spoken and not any(key.startswith("cue.") for key in spoken)
    # In use already, the smaller model is not asked for.
    lite = PictureFacts(skipped=2 / 3, faster=())
    again = played(Session(STEP_DOWN, SessionPlan(start=Start.NOW)), poses, lite)
    assert again[-1].message.key == "do.slow machine.lite"


@pytest.mark.parametrize(("every", "skipped"), [(1, 0.4), (3, 0.0)])
def test_repetitions_are_told_where_the_machine_refuses_nothing(every, skipped):
    session = Session(STEP_DOWN, SessionPlan(start=Start.NOW))
    updates = played(session, thinned(squats(2), every), PictureFacts(skipped=skipped))
    assert len([update for update in updates if update.finished_rep is not None]) == 2
    assert not [update for update in updates if update.gate is GateCode.FRAME_RATE]


def test_where_enough_is_left_it_is_judged_and_noted():
    seen = judged(squats(2), skipped=0.4)
    assert all(gate.passed for gate in seen.gates)
    assert [warning.partition(":")[0] for warning in seen.warnings] == [
        "This machine is too slow for live"
    ]


def test_a_camera_that_gives_few_pictures_is_still_told_to_get_light():
    seen = judged(thinned(squats(2), 3), skipped=0.0)
    assert "add light" in seen.instruction
    assert seen.warnings == ()


@pytest.mark.parametrize("skipped", [0.0, 0.1])
def test_a_picture_left_out_now_and_then_is_no_reproach(skipped):
    seen = judged(squats(2), skipped)
    assert seen.warnings == ()
    assert "too slow" not in " ".join(gate.instruction for gate in seen.gates)


def test_whoever_gets_ready_hears_of_the_machine_at_once():
    said = []
    for skipped, faster in ((0.0, FASTER), (0.5, FASTER), (0.5, ())):
        check = SetupCheck(STEP_DOWN)
        poses = thinned(standing(8), 3)
        for row in range(len(poses)):
            facts = PictureFacts(brightness=0.45, skipped=skipped, faster=faster)
            check.push(poses[row : row + 1], facts)
        (tick,) = (tick for tick in check.ticks if tick.passed is False)
        assert tick.code == "frame rate"
        said.append(tick.do.key)
    # Whoever uses the lite model already is not told to choose it.
    assert said == ["do.frame rate", "do.slow machine", "do.slow machine.lite"]


def test_a_share_about_the_threshold_does_not_change_what_is_said():
    """Named from a fifth on; only where less than a tenth is left out is that taken back."""
    slowed = Slowed()
    shares = [0.1, 0.19, 0.2, 0.19, 0.21, 0.15, 0.1, 0.09, 0.15, 0.19, 0.2]
    told = [slowed.look(share) for share in shares]
    assert told == [False, False, True, True, True, True, True, False, False, False, True]


def test_whoever_gets_ready_is_not_told_another_thing_with_every_look():
    check, said = SetupCheck(STEP_DOWN), []
    poses = thinned(standing(12), 3)
    for row in range(len(poses)):
        # The share goes to and fro across the fifth, slower than looks follow one another.
        skipped = SKIPPED + (0.03 if row // 5 % 2 else -0.03)
        check.push(poses[row : row + 1], PictureFacts(brightness=0.45, skipped=skipped))
        said += [tick.do.key for tick in check.ticks if tick.passed is False]
    changes = sum(one != other for one, other in pairwise(said))
    assert said[-1] == "do.slow machine" and changes <= 1


def test_pictures_that_the_program_lost_while_it_began_are_no_slow_machine():
    """A file plays on while the pose model looks at its first picture: as if 28 pictures were left out."""
    poses = story(standing(1.0), squats(2))
    kept = [0, *range(29, len(poses))]
    session, lately = Session(STEP_DOWN, SessionPlan(start=Start.NOW)), Lately()
    updates = [
        session.push(poses[i : i + 1], PictureFacts(skipped=lately.skipped(28 if i else 0)))
        for i in kept
    ]
    assert not [update for update in updates if update.gate is GateCode.FRAME_RATE]
    assert len([update for update in updates if update.finished_rep is not None]) == 2


@pytest.mark.parametrize(
    ("work_s", "share"), [(0.02, 0.0), (0.033, 0.0), (0.05, 1 / 3), (0.1, 2 / 3)]
)
def test_what_comes_while_a_picture_is_looked_at_is_left_out(work_s, share):
    assert left_out([work_s] * 300) == pytest.approx(share, abs=0.01)


def test_a_single_slow_picture_costs_what_came_meanwhile():
    assert left_out([0.01] * 10 + [0.21] + [0.01] * 89) == pytest.approx(6 / 106, abs=0.01)
