"""Single judgements on invented movements."""

from __future__ import annotations

from dataclasses import replace

import acts
import figures
import numpy as np
import pytest
from figures import bands

from glutecam import exercises
from glutecam.core.analyzer import Analyzer, analyze
from glutecam.core.assessment import Band, Side, Verdict
from glutecam.errors import InputError

SQUAT = exercises.get("single-leg-squat")
STEP = exercises.get("step-down")
CLAM = exercises.get("clamshell")
POSTURE = exercises.get("standing-posture")


@pytest.mark.parametrize("side", [None, Side.RIGHT])
def test_stepping_down_is_found_whether_the_side_is_given_or_not(side):
    poses = figures.squat_set(depths=[65.0] * 3)
    # In the second repetition the body moves over the free foot.
    over = figures.bump(poses.time_s, 6.4, 1.4) * 90.0
    image = poses.image_px.copy()
    from glutecam.core.landmarks import Landmark

    image[:, : Landmark.LEFT_ANKLE, 0] += over[:, None]
    result = analyze(replace(poses, image_px=image), STEP, side=side)
    assert [rep.side for rep in result.reps] == [Side.RIGHT] * 3
    assert [bands(rep)["GC107"] for rep in result.reps] == [Band.OK, Band.FAULT, Band.OK]
    assert [bands(rep)["GC103"] for rep in result.reps][1] is not Band.FAULT


def test_a_hurried_repetition_is_too_fast_and_a_slow_one_is_not_told_to_slow_down():
    t = np.arange(500) / 30
    quick = figures.bump(t, 3.0, 0.6) * 65 + figures.bump(t, 5.0, 10.0) * 65
    body = figures.stand_on_right(
        500, flexion=quick, both_feet=t < 1.8, adduction=np.where(t < 1.8, 0.0, 4.0)
    )
    result = analyze(figures.film(body, time_s=t), STEP)
    assert [bands(rep)["GC106"] for rep in result.reps] == [Band.FAULT, Band.OK]


def test_standing_on_one_leg_from_the_start_is_no_quiet_posture():
    t = np.arange(360) / 30
    body = figures.stand_on_right(
        360, drop=12.0, adduction=4.0, flexion=figures.bumps(t, [65.0, 65.0])
    )
    result = analyze(figures.film(body, time_s=t), SQUAT)
    assert result.baseline is None
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert "both feet" in result.instruction


def test_the_quiet_values_are_in_the_measures_own_units():
    values = analyze(figures.squat_set(), SQUAT).baseline.values
    assert values["knee_flexion_deg"] == pytest.approx(0.0, abs=1e-6)
    assert values["pelvic_drop_deg"] == pytest.approx(0.0, abs=1e-6)


def test_nobody_for_ten_minutes_does_not_make_a_frame_dearer():
    from time import process_time

    from glutecam.core.poses import PoseSeries

    start = figures.squat_set(depths=[60.0])
    analyzer = Analyzer(SQUAT, smoothing="causal")
    analyzer.push(start)
    gone = PoseSeries.unseen(start.time_s[-1] + np.arange(1, 18_001) / 30, 1280, 720)

    def cost_s(first: int) -> float:
        took = []
        for i in range(first, first + 100):
            before = process_time()
            analyzer.push(gone[i : i + 1])
            took.append(process_time() - before)
        return float(np.median(took))

    analyzer.push(gone[:1000])
    early_s = cost_s(1000)
    analyzer.push(gone[1100:17_900])
    # Whoever looked through all that was kept would take many times as long.
    assert cost_s(17_900) < 3 * early_s


@pytest.mark.parametrize("side", [Side.RIGHT, "right", "Right ", "auto", "", None])
def test_a_side_may_be_named_in_words(side):
    assert analyze(figures.squat_set(), SQUAT, side=side).sides == (Side.RIGHT,)


def test_a_side_that_is_none_is_an_error_and_not_a_wrong_answer():
    with pytest.raises(InputError, match="left, right or auto"):
        analyze(figures.squat_set(), SQUAT, side="banana")


def test_who_steps_down_is_not_judged_for_how_they_stand():
    result = analyze(figures.squat_set(depths=[65.0] * 3), POSTURE, side=Side.LEFT)
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert not result.reps
    assert all(rep.reason.startswith("kept still for") for rep in result.attempts)
    assert "Keep still for 5 s" in result.instruction
    assert "left one was asked for changes nothing" in result.warnings[0]


@pytest.mark.parametrize(("pushed", "held"), [(0.0, 1), (0.5, 2)], ids=["a hold", "two holds"])
def test_a_posture_is_held_from_where_somebody_stops_until_they_go(pushed, held):
    """Invented: walks in for 3 s, stands for 14 s, walks out for 3 s; in the middle perhaps a step aside."""
    poses = acts.posture(None, seconds=20.0).poses
    t = poses.time_s
    walked = np.interp(t, [0.0, 3.0, 9.5, 10.5, 17.0, 20.0], [-2.0, 0.0, 0.0, pushed, pushed, 2.0])
    image = poses.image_px.copy()
    image[..., 0] += (walked * np.median(poses.trunk_px))[:, None]
    film = replace(poses, image_px=image)
    result = analyze(film, POSTURE)
    assert len(result.reps) == held
    assert result.reps[0].start_s == pytest.approx(3.0, abs=0.6)
    assert result.reps[-1].end_s == pytest.approx(17.0, abs=0.6)
    live = Analyzer(POSTURE, smoothing="causal")
    updates = [live.push(film[i : i + 1]) for i in range(len(film))]
    assert updates[-1].reps == held
