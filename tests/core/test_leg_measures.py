"""Legs, steps and bridges: what a stick figure does is what is measured, on either side and from behind."""

from __future__ import annotations

import acts
import figures
import numpy as np
import pytest

from glutecam.core import leg_measures as legs
from glutecam.core.stance import canonical

STILL = np.zeros(6)


def standing(**changes):
    hips = acts._xyz(6, changes.pop("x", 0.0), changes.pop("height", 0.83))
    right = changes.pop("right", acts._xyz(6, 0.09))
    left = changes.pop("left", acts._xyz(6, -0.09))
    return acts.body(hips, right, left, **changes)


def value(measure, body, **film):
    poses = figures.film(body, **film)
    left = film.get("left", False)
    return float(measure.of(canonical(poses, right=not left)).value[2])


views = pytest.mark.parametrize("from_back", [False, True])
sides = pytest.mark.parametrize("left", [False, True])


def raised(angle: float, ahead: float = 0.0):
    """Return a body whose right leg points so far out to its side."""
    a, f = np.radians(angle), np.radians(ahead)
    ankle = acts._xyz(
        6, 0.09 + 0.84 * np.sin(a), -0.84 * np.cos(a) * np.cos(f), 0.84 * np.cos(a) * np.sin(f)
    )
    return acts.body(acts._xyz(6), ankle, acts._xyz(6, -0.09, -0.84))


@views
@sides
@pytest.mark.parametrize("lying", [False, True])
@pytest.mark.parametrize("angle", [-5.0, 0.0, 35.0])
def test_a_raised_leg_has_its_angle_lying_and_standing(angle, lying, left, from_back):
    found = value(legs.TOP_LEG_RAISE, raised(angle), lying=lying, left=left, from_back=from_back)
    assert found == pytest.approx(angle, abs=1e-6)


@views
@sides
def test_the_free_leg_is_measured_against_the_vertical_whatever_the_trunk_does(left, from_back):
    foot = acts._xyz(6, -0.09 - 0.84 * np.sin(np.radians(30)), 0.83 - 0.84 * np.cos(np.radians(30)))
    found = value(
        legs.FREE_LEG_RAISE, standing(left=foot, lean=12.0), left=left, from_back=from_back
    )
    assert found == pytest.approx(30.0, abs=1e-6)


@views
@sides
@pytest.mark.parametrize("lying", [False, True])
def test_a_hitch_is_the_top_hip_towards_the_ribs(lying, left, from_back):
    body = acts.body(acts._xyz(6), acts._xyz(6, 0.09, -0.84), acts._xyz(6, -0.09, -0.84), drop=9.0)
    found = value(legs.PELVIC_HITCH, body, lying=lying, left=left, from_back=from_back)
    assert found == pytest.approx(9.0, abs=1e-6)


def test_a_leg_in_front_is_flexed_and_one_that_is_only_raised_is_not():
    assert value(legs.TOP_HIP_FLEXION, raised(0.0, 25.0), lying=True) == pytest.approx(
        25.0, abs=0.5
    )
    assert value(legs.TOP_HIP_FLEXION, raised(35.0), lying=True) == pytest.approx(0.0, abs=0.5)


@views
@sides
@pytest.mark.parametrize(
    ("measure", "changes", "norm"),
    [
        (legs.FOOT_LIFT, {"left": acts._xyz(6, -0.09, 0.15)}, 0.3),
        (legs.SHOULDERS_OFF_FOOT, {"x": 0.14}, 0.1),
        (legs.PELVIC_SWAY, {"x": 0.0}, 0.0),
        (legs.KNEE_OFF_FOOT, {}, 0.0),
        (legs.STANDING_HEIGHT, {}, 1.66),
        (legs.HIP_SINK, {"height": 0.60}, 1.2),
    ],
    ids=lambda item: getattr(item, "name", ""),
)
def test_lengths_are_in_trunk_lengths(measure, changes, norm, left, from_back):
    found = value(measure, standing(**changes), left=left, from_back=from_back)
    assert found == pytest.approx(norm, abs=1e-6)


def test_hips_that_sink_count_down_from_the_quiet_posture():
    assert legs.HIP_SINK.against(1.2, 1.66) == pytest.approx(0.46)


@views
@sides
def test_a_pelvis_beside_the_line_from_feet_to_shoulders_is_swayed(left, from_back):
    body = standing(x=0.10, shoulders=acts._xyz(6, 0.0, 1.33))
    trunk = np.hypot(0.10, 0.50)
    found = value(legs.PELVIC_SWAY, body, left=left, from_back=from_back)
    assert found == pytest.approx(0.10 / trunk, abs=1e-6)


@sides
def test_a_bridge_is_as_high_as_its_hips_and_tips_with_them(left):
    clean, tipped = (acts.thrust(fault, left=left).poses for fault in (None, "GC401"))
    height, level = (
        measure.of(canonical(poses, right=not left)).value
        for measure, poses in ((legs.BRIDGE_HEIGHT, clean), (legs.BRIDGE_LEVEL, tipped))
    )
    # 0.33 m of a shank of 0.44 m, seen from the feet.
    assert np.ptp(height) == pytest.approx(0.79, abs=0.08)
    assert np.max(level) == pytest.approx(12.0, abs=0.3)


def test_knees_that_meet_are_inward_of_the_feet():
    apart, together = (acts.thrust(fault).poses for fault in (None, "GC402"))
    of = legs.KNEES_IN.of
    assert np.max(of(together).value) - np.max(of(apart).value) > 0.3


def test_nothing_is_made_up_where_nobody_is_seen():
    poses = figures.film(standing())
    hidden = poses.without(np.ones(len(poses), dtype=bool))
    for measure in vars(legs).values():
        if hasattr(measure, "needs"):
            assert np.isnan(measure.of(hidden).value).all(), measure.name
