"""What is reported and judged by no rule: worked out at the end, the same in any chunks."""

from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core import smoothing
from glutecam.core.analyzer import Analyzer, analyze
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import FEMORAL_ADDUCTION, HIP_LINE, KNEE_FLEXION
from glutecam.core.measures import RAW_HIP_ADDUCTION as HIP_ADDUCTION
from glutecam.core.pelvis import HIP_ADDUCTION as MODEL_ADDUCTION
from glutecam.core.pelvis import PELVIC_DROP, measured_by
from glutecam.core.signals import also_of

SQUAT = measured_by(exercises.get("single-leg-squat"), "raw")
FILTERS = (smoothing.ZERO_PHASE, smoothing.CAUSAL)
LEGS = pytest.mark.parametrize("left", [False, True], ids=["right", "left"])


def squats(left=False, from_back=False):
    return figures.squat_set(depths=[66.0, 70.0], drops=[6.0, 6.0], left=left, from_back=from_back)


def values(assessment, measure):
    return assessment.signals[measure.name].estimate.value


@LEGS
@pytest.mark.parametrize("from_back", [False, True])
@pytest.mark.parametrize("filter_name", FILTERS)
def test_hip_adduction_is_femoral_adduction_plus_drop_in_what_people_get(
    left, from_back, filter_name
):
    result = analyze(squats(left, from_back), SQUAT, smoothing=filter_name)
    assert len(result.reps) == 2
    hip, femur, line = (values(result, m) for m in (HIP_ADDUCTION, FEMORAL_ADDUCTION, HIP_LINE))
    assert np.isfinite(hip).all()
    np.testing.assert_allclose(hip, femur + line, atol=1e-9)
    # The drop is that line minus its quiet value, which stands beside it.
    quiet = result.baseline.values
    drop = values(result, PELVIC_DROP)
    np.testing.assert_allclose(hip, femur + drop + quiet[PELVIC_DROP.name], atol=1e-9)
    assert quiet[HIP_ADDUCTION.name] == pytest.approx(
        quiet[FEMORAL_ADDUCTION.name] + quiet[HIP_LINE.name], abs=0.01
    )


def test_its_doubt_is_that_of_both_parts():
    result = analyze(squats(), SQUAT)
    hip, femur, line = (
        result.signals[m.name].estimate.sd[0] for m in (HIP_ADDUCTION, FEMORAL_ADDUCTION, HIP_LINE)
    )
    assert hip == pytest.approx(np.hypot(femur, line))


@LEGS
@pytest.mark.parametrize("side", [None, "given"])
def test_live_and_in_any_chunks_it_is_the_same_to_the_bit(left, side):
    poses = squats(left)
    chosen = None if side is None else ("left" if left else "right")
    whole = analyze(poses, SQUAT, smoothing=smoothing.CAUSAL, side=chosen)
    for size in (1, 7):
        live = Analyzer(SQUAT, smoothing=smoothing.CAUSAL, side=chosen)
        for start in range(0, len(poses), size):
            live.push(poses[start : start + size])
        result = live.finish()
        for measure in SQUAT.also:
            np.testing.assert_array_equal(values(result, measure), values(whole, measure))


def test_live_nobody_waits_for_it():
    live = Analyzer(SQUAT, smoothing=smoothing.CAUSAL)
    update = live.push(squats())
    assert KNEE_FLEXION.name in update.values
    assert not {measure.name for measure in SQUAT.also} & update.values.keys()


def test_a_tilted_camera_is_put_upright_once():
    poses = squats()
    level = analyze(poses, SQUAT)
    turn = np.radians(8.0)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    centre = np.array([poses.width_px, poses.height_px]) / 2
    for sign in (1, -1):
        spin = matrix if sign > 0 else matrix.T
        tilted = replace(
            poses, image_px=(poses.image_px - centre) @ spin.T + centre, camera_roll_deg=-8.0 * sign
        )
        result = analyze(tilted, SQUAT)
        np.testing.assert_allclose(
            values(result, FEMORAL_ADDUCTION), values(level, FEMORAL_ADDUCTION), atol=1e-6
        )


def test_what_was_not_seen_is_not_reported():
    poses = squats()
    away = np.arange(len(poses)) % 50 == 49
    result = analyze(poses.without(away), SQUAT)
    for measure in SQUAT.also:
        assert np.isnan(values(result, measure)[away]).all()
    outside = poses.image_px.copy()
    outside[60:80, Landmark.RIGHT_KNEE] = -5.0
    result = analyze(replace(poses, image_px=outside), SQUAT)
    assert np.isnan(values(result, FEMORAL_ADDUCTION)[65:75]).all()


@pytest.mark.parametrize("exercise", exercises.all_exercises(), ids=lambda e: e.name)
def test_it_changes_no_judgement_and_reads_the_picture_alone(exercise):
    assert not set(exercise.also) & set(exercise.measures)
    poses = squats()
    blind = replace(poses, world_m=np.full_like(poses.world_m, np.nan))
    for measure in exercise.also:
        np.testing.assert_array_equal(measure.of(blind).value, measure.of(poses).value)
    bare = replace(SQUAT, also=())
    with_it, without = (analyze(poses, e) for e in (SQUAT, bare))
    for part in ("verdict", "reps", "attempts", "faults", "score", "coverage", "gates"):
        assert getattr(with_it, part) == getattr(without, part), part
    # What a published scale asks for is there in any case.
    asked = {measure.name for measure in also_of(bare)}
    added = {measure.name for measure in SQUAT.also} - asked
    assert added
    assert set(with_it.signals) - set(without.signals) == added


@pytest.mark.parametrize("side", [None, "right", "left"])
def test_what_is_made_of_others_is_what_a_look_at_the_body_gives(side):
    poses = squats()
    looked = replace(MODEL_ADDUCTION, parts=(), made=None)
    one, other = (
        analyze(
            poses,
            replace(exercises.get("single-leg-squat"), also=(m, FEMORAL_ADDUCTION)),
            side=side,
        )
        for m in (MODEL_ADDUCTION, looked)
    )
    for part in ("value", "sd"):
        made, seen = (getattr(r.signals[MODEL_ADDUCTION.name].estimate, part) for r in (one, other))
        np.testing.assert_allclose(made, seen, atol=1e-4)
    quiet = (r.baseline.values[MODEL_ADDUCTION.name] for r in (one, other))
    assert next(quiet) == pytest.approx(next(quiet), abs=1e-4)
