"""What may be judged: every gate fails on its own cause, with its measured value."""

from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Verdict
from glutecam.core.landmarks import MIRROR, Landmark
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Posture
from glutecam.core.validity import upper_leg_gates
from glutecam.core.viewpoint import (
    AMBIGUOUS,
    FRONTAL,
    OBLIQUE,
    SIDE,
    faces,
    posture_gate,
    seen_from,
    view_gate,
    width_ratio,
    yaw_deg,
)

SQUAT = exercises.get("single-leg-squat")
CLAM = exercises.get("clamshell")


def failed(result):
    return [gate.code for gate in result.gates if not gate.passed]


def turned(poses: PoseSeries, yaw: float) -> PoseSeries:
    """Turn the subject about the vertical, in the picture and in metres."""
    cosine, sine = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    world = poses.world_m.copy()
    x, z = poses.world_m[..., 0], poses.world_m[..., 2]
    world[..., 0], world[..., 2] = cosine * x + sine * z, cosine * z - sine * x
    image = poses.image_px.copy()
    middle = poses.mid_hip[:, None, 0]
    image[..., 0] = middle + world[..., 0] * figures.PX_PER_M
    return replace(poses, image_px=image, world_m=world)


def test_a_good_recording_passes_every_gate():
    result = analyze(figures.squat_set(), SQUAT)
    assert failed(result) == []
    assert result.instruction is None
    assert result.coverage == 1.0


@pytest.mark.parametrize("yaw", [0, 15, -15, 30])
def test_a_slight_turn_is_allowed_and_measured(yaw):
    poses = turned(figures.squat_set(), yaw)
    assert np.median(yaw_deg(poses)) == pytest.approx(abs(yaw), abs=1.0)
    assert "view" not in failed(analyze(poses, SQUAT))


@pytest.mark.parametrize("yaw", [45, -45, 90])
def test_an_oblique_or_side_view_is_refused_with_what_to_do(yaw):
    result = analyze(turned(figures.squat_set(), yaw), SQUAT)
    assert "view" in failed(result)
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert "camera" in next(g for g in result.gates if g.code == "view").instruction
    assert result.faults == ()
    assert all(rep.findings == () for rep in result.reps)


def test_a_side_view_is_narrow():
    assert np.median(width_ratio(turned(figures.squat_set(), 90))) < 0.25


@pytest.mark.parametrize(
    ("yaw", "view"), [(0, FRONTAL), (-20, FRONTAL), (48, OBLIQUE), (90, SIDE), (-85, SIDE)]
)
def test_the_view_is_named(yaw, view):
    poses = turned(figures.squat_set(), yaw)
    assert seen_from(poses) == view
    if view != FRONTAL:
        gate = next(g for g in analyze(poses, SQUAT).gates if g.code == "view")
        assert gate.measured.startswith(f"{view} view: turned about")


def test_two_signals_that_contradict_each_other_are_ambiguous():
    poses = figures.squat_set()
    deep = replace(poses, world_m=turned(poses, 80).world_m)
    assert seen_from(deep) == AMBIGUOUS
    narrow = replace(poses, image_px=turned(poses, 80).image_px)
    assert seen_from(narrow) == AMBIGUOUS
    for one in (deep, narrow):
        gate = next(g for g in analyze(one, SQUAT).gates if g.code == "view")
        assert not gate.passed
        assert "ambiguous" in gate.measured


@pytest.mark.parametrize("from_back", [False, True])
def test_front_and_back_are_told_by_order_and_nose_or_not_at_all(from_back):
    poses = figures.squat_set(from_back=from_back)
    ears, nose = [Landmark.LEFT_EAR, Landmark.RIGHT_EAR], Landmark.NOSE
    away = -0.1 if not from_back else 0.1
    world = poses.world_m.copy()
    world[:, nose, 2] = world[:, ears, 2].mean(axis=1) + away
    assert faces(replace(poses, world_m=world)) == ("back" if from_back else "front")
    world[:, nose, 2] -= 2 * away
    wrong = replace(poses, world_m=world)
    assert faces(wrong) == AMBIGUOUS
    assert "view" in failed(analyze(wrong, SQUAT))


@pytest.mark.parametrize("name", ["forward-step-down", "bulgarian-split-squat"])
def test_what_is_judged_from_the_front_alone_is_refused_from_behind(name):
    exercise = exercises.get(name)
    assert view_gate(figures.squat_set(), exercise).passed
    gate = view_gate(figures.squat_set(from_back=True), exercise)
    assert not gate.passed and "back view" in gate.measured
    assert "face the camera" in gate.instruction
    assert view_gate(figures.squat_set(from_back=True), SQUAT).passed


def test_a_clamshell_upside_down_moves_the_lower_knee():
    poses = figures.clamshell_set()
    (gate,) = upper_leg_gates(poses, CLAM)
    assert gate.passed
    head_over_heels = poses.image_px.copy()
    head_over_heels[...] = np.array([poses.width_px, poses.height_px]) - head_over_heels
    upside_down = replace(poses, image_px=head_over_heels)
    (gate,) = upper_leg_gates(upside_down, CLAM)
    assert not gate.passed and "upside down" in gate.instruction
    assert "upper leg" in failed(analyze(upside_down, CLAM))
    assert upper_leg_gates(upside_down, SQUAT) == []


def test_a_head_above_the_picture_is_missed():
    poses = figures.squat_set(centre_px=(640.0, 300.0))
    gate = next(g for g in analyze(poses, SQUAT).gates if g.code == "visibility")
    assert not gate.passed
    assert "head" in gate.instruction


def test_who_turned_round_is_told_from_points_mixed_up():
    poses = figures.squat_set()
    later = np.arange(len(poses)) > 0.7 * len(poses)
    image, world = poses.image_px.copy(), poses.world_m.copy()
    image[later], world[later] = image[later][:, MIRROR], world[later][:, MIRROR]
    gates = analyze(replace(poses, image_px=image, world_m=world), SQUAT).gates
    gate = next(g for g in gates if g.code == "left and right")
    assert not gate.passed
    assert "on end" in gate.measured
    assert "turn round" in gate.instruction


def test_standing_is_not_lying_and_lying_is_not_standing():
    assert "posture" in failed(analyze(figures.squat_set(), CLAM))
    assert "posture" in failed(analyze(figures.clamshell_set(), SQUAT))


def test_two_people_are_refused_and_one_who_passes_by_is_not():
    poses = figures.squat_set()
    counted = np.arange(len(poses)) % 30 == 0
    crowd = replace(poses, people=np.where(counted, 2, -1))
    assert "alone" in failed(analyze(crowd, SQUAT))
    once = replace(poses, people=np.where(counted, 1, -1))
    once.people[60] = 2
    assert "alone" not in failed(analyze(once, SQUAT))


def test_a_far_away_person_is_too_small():
    assert "distance" in failed(analyze(figures.squat_set(px_per_m=100.0), SQUAT))


@pytest.mark.parametrize("part", ["ANKLE", "KNEE", "HIP"])
def test_a_hidden_part_is_named(part):
    poses = figures.squat_set()
    visibility = poses.visibility.copy()
    visibility[:, [Landmark[f"LEFT_{part}"], Landmark[f"RIGHT_{part}"]]] = 0.1
    result = analyze(replace(poses, visibility=visibility), SQUAT)
    gate = next(g for g in result.gates if g.code == "visibility")
    assert not gate.passed
    words = {"ANKLE": "feet", "KNEE": "knees", "HIP": "hips"}
    assert words[part] in gate.instruction


def test_feet_below_the_picture_are_not_seen():
    low = figures.squat_set(centre_px=(640.0, 740.0))
    result = analyze(low, SQUAT)
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert "feet" in result.instruction


@pytest.mark.parametrize(("fps", "refused"), [(15.0, True), (23.976, False), (30.0, False)])
def test_the_frame_rate(fps, refused):
    assert ("frame rate" in failed(analyze(figures.squat_set(fps=fps), SQUAT))) is refused


def test_a_recording_without_a_quiet_start_counts_but_does_not_judge():
    t = np.arange(270) / 30
    flexion = 40 - 32 * np.cos(2 * np.pi * t / 3.0)
    sway = 3 * np.sin(2 * np.pi * t)
    moving = figures.film(
        figures.stand_on_right(270, flexion=flexion, lean=sway, adduction=4.0), time_s=t
    )
    result = analyze(moving, SQUAT)
    assert len(result.reps) == 3
    assert "quiet start" in failed(result)
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert result.baseline is None
    assert result.score is None


def test_squats_on_two_legs_are_named_before_anything_about_the_recording():
    t = np.arange(300) / 30
    body = figures.stand_on_right(300, flexion=figures.bumps(t, [70.0, 70.0]), both_feet=True)
    result = analyze(figures.film(body, time_s=t), SQUAT)
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert "two legs" in result.instruction
    assert len(result.reps) == 2


def test_mixed_up_sides_are_refused_beyond_a_tenth():
    poses = figures.squat_set()
    image, world = poses.image_px.copy(), poses.world_m.copy()
    rows = np.arange(len(poses)) % 5 == 0
    image[rows], world[rows] = image[rows][:, MIRROR], world[rows][:, MIRROR]
    result = analyze(replace(poses, image_px=image, world_m=world), SQUAT)
    gate = next(g for g in result.gates if g.code == "left and right")
    assert not gate.passed
    assert gate.measured.startswith("mixed up in 20%")
    assert "--model heavy" in gate.instruction


def test_one_frame_and_two_frames_are_refused_without_a_crash():
    poses = figures.squat_set()
    for frames in (1, 2, 5):
        result = analyze(poses[:frames], SQUAT)
        assert result.verdict is Verdict.NOT_ASSESSABLE
        assert "length" in failed(result)


@pytest.mark.parametrize(("asked", "passes"), [("right", True), ("left", False), ("auto", True)])
def test_the_wrong_leg_is_named(asked, passes):
    for poses, exercise in ((figures.squat_set(), SQUAT), (figures.clamshell_set(), CLAM)):
        result = analyze(poses, exercise, side=asked)
        assert ("side" not in failed(result)) is passes
        if not passes:
            assert "--side right" in result.instruction


@pytest.mark.parametrize(
    ("quarters", "words"), [(1, "on its side"), (2, "upside down"), (3, "on its side")]
)
def test_of_a_turned_video_it_is_asked_whether_it_is_turned(quarters, words):
    poses = figures.squat_set()
    points, turn = poses.image_px, np.deg2rad(90 * quarters)
    centre = np.array([poses.width_px, poses.height_px]) / 2
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    rolled = replace(poses, image_px=(points - centre) @ matrix.T + centre)
    (gate,) = (g for g in analyze(rolled, SQUAT).gates if g.code == "posture")
    assert not gate.passed
    assert gate.instruction.startswith(
        f"Is the video {'turned ' * (quarters != 2)}{words}? Turn it, "
    )


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("clamshell", "a clamshell"),
        ("walking", "walking"),
        ("bulgarian-split-squat", "a Bulgarian split squat"),
    ],
)
def test_the_wrong_posture_is_told_with_the_name_as_it_is_said(name, called):
    exercise = exercises.get(name)
    lying = exercise.posture is Posture.SIDE_LYING
    poses = figures.squat_set() if lying else figures.clamshell_set()
    (gate,) = (g for g in analyze(poses, exercise).gates if g.code == "posture")
    assert gate.instruction.endswith(f"does not look like {called}.")


def test_who_is_seen_from_the_side_on_the_back_is_told_so_in_words_that_can_be_read():
    """A body along the picture, as a bridge filmed from beside."""
    poses = figures.squat_set()
    points = poses.image_px[..., ::-1] * [poses.width_px / poses.height_px, 1.0]
    shoulders = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
    points[:, shoulders] = points[:, shoulders].mean(axis=1, keepdims=True) + [[0, -9], [0, 9]]
    gate = posture_gate(replace(poses, image_px=points), exercises.get("hip-thrust"))
    assert not gate.passed and gate.instruction.startswith("The camera sees you from the side.")
    assert "times as long as the shoulders are wide" in gate.measured and "times" in gate.needed


def test_where_only_the_front_will_do_nobody_is_told_to_turn_the_back():
    gate = view_gate(turned(figures.squat_set(), 80.0), exercises.get("bulgarian-split-squat"))
    assert not gate.passed and "back" not in gate.instruction
    assert "turn your back" in view_gate(turned(figures.squat_set(), 80.0), SQUAT).instruction
