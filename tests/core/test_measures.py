"""Invent the answer, then ask for it back."""

from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glutecam.core import measures, pelvis
from glutecam.core.landmarks import LARGE_JOINTS, Landmark
from glutecam.core.signals import also_of, measures_of
from glutecam.exercises import all_exercises

ANGLES = st.floats(-25, 25)


def value(measure, poses, row=0):
    return float(measure.of(poses).value[row])


def film(left=False, from_back=False, **pose):
    poses = figures.film(figures.stand_on_right(2, **pose), left=left, from_back=from_back)
    return poses.mirrored() if left else poses


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("from_back", [False, True])
def test_a_drop_of_7_reads_7_from_either_side_on_either_leg(left, from_back):
    assert value(pelvis.RAW_DROP, film(left, from_back, drop=7.0)) == pytest.approx(7.0, abs=1e-9)


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("from_back", [False, True])
@pytest.mark.parametrize(
    ("measure", "pose", "expected"),
    [
        (measures.TRUNK_LEAN, {"lean": 12.0}, 12.0),
        (measures.TRUNK_LEAN, {"lean": -6.0}, -6.0),
        (measures.FPPA, {"valgus": 15.0}, 15.0),
        (measures.FEMORAL_ADDUCTION, {"adduction": 4.0}, 4.0),
        (measures.RAW_HIP_ADDUCTION, {"adduction": 4.0, "drop": 9.0}, 13.0),
        (measures.HIP_LINE, {"drop": -3.0}, -3.0),
    ],
)
def test_what_is_put_in_comes_out(left, from_back, measure, pose, expected):
    assert value(measure, film(left, from_back, **pose)) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("flexion", [0.0, 30.0, 60.0, 90.0])
def test_knee_flexion_comes_from_the_shortening_of_the_leg(flexion):
    leg = measures.KNEE_FLEXION.of(film(flexion=flexion)).value
    standing = value(measures.KNEE_FLEXION, film())
    assert measures.KNEE_FLEXION.against(leg, standing)[0] == pytest.approx(flexion, abs=1e-4)


def test_pelvic_shift_is_in_hip_widths_and_positive_outwards():
    # The stance hip stands 10° outside the ankle: sin 10° of the leg, minus half a hip width.
    out = 2 * figures.SEGMENT * np.sin(np.radians(10)) - figures.HALF_HIPS
    shifted = film(adduction=10.0)
    assert value(measures.PELVIC_SHIFT, shifted) == pytest.approx(
        out / (2 * figures.HALF_HIPS) + measures.ANKLE_OUT
    )
    of_joints = value(measures.PELVIC_SHIFT_OF_JOINTS, shifted)
    assert of_joints == pytest.approx(out / (2 * figures.HALF_HIPS))


def test_obliquity_is_measured_in_pixels_and_not_in_normalised_units():
    # In a 16:9 frame a true 5° would read 8.8° in normalised units.
    assert value(pelvis.RAW_DROP, film(drop=5.0)) == pytest.approx(5.0, abs=1e-9)


@given(adduction=ANGLES, drop=ANGLES, lean=ANGLES, left=st.booleans(), back=st.booleans())
def test_hip_adduction_is_femoral_adduction_plus_drop(adduction, drop, lean, left, back):
    poses = film(left, back, adduction=adduction, drop=drop, lean=lean)
    total = value(measures.FEMORAL_ADDUCTION, poses) + value(measures.HIP_LINE, poses)
    assert value(measures.RAW_HIP_ADDUCTION, poses) == pytest.approx(total, abs=1e-6)


@given(drop=ANGLES, lean=ANGLES, scale=st.floats(120, 280), x=st.floats(300, 900))
def test_angles_do_not_depend_on_distance_or_place(drop, lean, scale, x):
    body = figures.stand_on_right(2, drop=drop, lean=lean)
    far = figures.film(body, px_per_m=scale, centre_px=(x, 600.0))
    assert value(pelvis.RAW_DROP, far) == pytest.approx(drop, abs=1e-6)
    assert value(measures.TRUNK_LEAN, far) == pytest.approx(lean, abs=1e-6)


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("roll", [-10.0, 0.0, 12.0, 40.0])
def test_roll_backward_is_positive_whichever_leg_is_on_top(left, roll):
    body = figures.lie_on_left(2, roll=roll)
    poses = figures.film(body, lying=True, left=left, centre_px=(640, 400))
    canonical = poses.mirrored() if left else poses
    assert value(pelvis.PELVIC_ROLL, canonical) == pytest.approx(roll, abs=1e-6)


def test_roll_is_the_same_seen_from_behind():
    body = figures.lie_on_left(2, roll=20.0)
    poses = figures.film(body, lying=True, from_back=True, centre_px=(640, 400))
    assert value(pelvis.PELVIC_ROLL, poses) == pytest.approx(20.0, abs=1e-6)


def test_knees_and_feet_apart_are_in_trunk_lengths():
    body = figures.lie_on_left(2, feet=0.10)
    poses = figures.film(body, lying=True, centre_px=(640, 400))
    assert value(measures.FOOT_SEPARATION, poses) == pytest.approx(0.16 / figures.TRUNK)
    assert value(measures.HIP_FLEXION, poses) == pytest.approx(45.0, abs=1e-6)


EVERY = [
    getattr(module, name)
    for module in (measures, pelvis)
    for name in dir(module)
    if isinstance(getattr(module, name), measures.Measure)
]


@pytest.mark.parametrize("measure", sorted(set(EVERY), key=lambda m: m.name), ids=lambda m: m.name)
def test_every_measure_is_elementwise_and_not_seen_stays_not_seen(measure):
    # Lying, as roll about an upright trunk has no zero.
    poses = figures.clamshell_set(openings=[40.0])
    hidden = np.arange(len(poses)) % 7 == 0
    whole = measure.of(poses.without(hidden))
    assert np.isnan(whole.value[hidden]).all()
    assert np.isfinite(whole.value[~hidden]).all()
    part = measure.of(poses.without(hidden)[30:40])
    np.testing.assert_array_equal(part.value, whole.value[30:40])
    assert (whole.sd[~hidden] > 0).all()


OF_EXERCISES = {m for e in all_exercises() for m in (*measures_of(e), *also_of(e))}


@pytest.mark.parametrize("measure", sorted({*EVERY, *OF_EXERCISES}, key=str), ids=lambda m: m.name)
def test_a_measure_that_reads_metres_says_so(measure):
    """The points in metres are smoothed only for those that do."""
    poses = figures.clamshell_set(openings=[40.0])
    flat = replace(poses, world_m=np.full_like(poses.world_m, np.nan))
    found, without = measure.of(poses).value, measure.of(flat).value
    assert np.isfinite(found).all()
    assert np.array_equal(found, without) is not measure.metric


@settings(max_examples=20)
@given(drop=ANGLES)
def test_the_interval_is_a_90_percent_one(drop):
    estimate = pelvis.RAW_DROP.of(film(drop=drop))
    np.testing.assert_allclose(estimate.half_width, 1.6449 * estimate.sd)


@pytest.mark.parametrize("measure", sorted(set(EVERY), key=lambda m: m.name), ids=lambda m: m.name)
def test_a_measure_reads_large_joints_only_and_only_those_it_names(measure):
    poses = figures.clamshell_set(openings=[40.0])
    others = [point for point in Landmark if point not in (*measure.needs, *measure.reads)]
    image, world = poses.image_px.copy(), poses.world_m.copy()
    shoulders = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
    # Hips and shoulders tell front from back for everybody.
    hips = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
    unread = [point for point in others if point not in shoulders + hips]
    image[:, unread] = world[:, unread] = np.nan
    from dataclasses import replace

    blind = measure.of(replace(poses, image_px=image, world_m=world))
    np.testing.assert_array_equal(blind.value, measure.of(poses).value)
    assert all(point.name.endswith(LARGE_JOINTS) for point in measure.needs)


def test_a_measure_may_be_known_better_in_one_exercise():
    better = measures.known_to(measures.TRUNK_LEAN, 1.0)
    poses = figures.film(figures.stand_on_right(3, lean=5.0))
    assert better.of(poses).sd.tolist() == [1.0] * 3
    assert better.of(poses).value.tolist() == measures.TRUNK_LEAN.of(poses).value.tolist()
    assert (better.name, better.against) == (
        measures.TRUNK_LEAN.name,
        measures.TRUNK_LEAN.against,
    )
    with pytest.raises(TypeError, match="own in every frame"):
        measures.known_to(measures.HIP_FLEXION, 1.0)
