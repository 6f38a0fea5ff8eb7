"""Stick figures with invented answers: what is put in must come out.

A body of simple proportions is posed by clinical angles and seen by a camera far away
(orthographic), so that every angle in the picture plane is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from glutecam.core.landmarks import Landmark
from glutecam.core.measures import KNEE_OFF_MIDDLE_OF_JOINTS, Estimate
from glutecam.core.pelvis import measured_by
from glutecam.core.poses import PoseSeries

L = Landmark
Array = NDArray[np.float64]
PX_PER_M = 260.0
WIDTH, HEIGHT = 1280, 720
HALF_HIPS, TRUNK, SEGMENT = 0.09, 0.50, 0.42


@dataclass(frozen=True)
class Body:
    """Points in metres: right of the subject, up, forward; (T, 33, 3)."""

    points: Array


def _direction(angle_deg: Array) -> Array:
    """Unit vector that leans from up towards the subject's right by an angle, (T, 2)."""
    return np.stack([np.sin(np.radians(angle_deg)), np.cos(np.radians(angle_deg))], axis=-1)


def _spread(value: float | Array, frames: int) -> Array:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (frames,))


def stand_on_right(
    frames: int,
    *,
    drop: float | Array = 0.0,
    lean: float | Array = 0.0,
    flexion: float | Array = 0.0,
    adduction: float | Array = 0.0,
    valgus: float | Array = 0.0,
    both_feet: bool | Array = False,
    foot_lift: float | Array = 0.12,
) -> Body:
    """Pose a person on the right leg: pelvic drop, lean to the right, flexion, valgus in degrees."""
    drop, lean, flexion, adduction, valgus = (
        _spread(v, frames) for v in (drop, lean, flexion, adduction, valgus)
    )
    both = np.broadcast_to(np.asarray(both_feet, dtype=bool), (frames,))
    lift = np.where(both, 0.0, _spread(foot_lift, frames))
    points = np.zeros((frames, 33, 3))
    half = np.radians(flexion / 2)
    foot = np.where(both, HALF_HIPS, 0.0)
    shank_out = np.radians(adduction - valgus)
    thigh_out = np.radians(adduction)
    ankle = np.stack([foot, np.zeros(frames), np.zeros(frames)], axis=-1)
    # The thigh's lateral angle is the adduction; the shank's is that minus the valgus.
    knee = ankle + np.stack(
        [
            np.sin(shank_out) * SEGMENT * np.cos(half),
            np.cos(shank_out) * SEGMENT * np.cos(half),
            SEGMENT * np.sin(half),
        ],
        axis=-1,
    )
    hip = knee + np.stack(
        [
            np.sin(thigh_out) * SEGMENT * np.cos(half),
            np.cos(thigh_out) * SEGMENT * np.cos(half),
            -SEGMENT * np.sin(half),
        ],
        axis=-1,
    )
    tilt = np.radians(drop)
    across = np.stack([-np.cos(tilt), -np.sin(tilt), np.zeros(frames)], axis=-1) * 2 * HALF_HIPS
    free_hip = hip + across
    middle = 0.5 * (hip + free_hip)
    up = _direction(lean)
    shoulders = middle + np.stack([up[:, 0], up[:, 1], np.zeros(frames)], axis=-1) * TRUNK
    side = np.stack([up[:, 1], -up[:, 0], np.zeros(frames)], axis=-1) * 0.18
    head = shoulders + np.stack([up[:, 0], up[:, 1], np.zeros(frames)], axis=-1) * 0.25
    free_foot_x = np.where(both, -HALF_HIPS, free_hip[:, 0] - 0.06)
    free_ankle = np.stack([free_foot_x, lift, 0.05 + lift], axis=-1)
    free_knee = 0.5 * (free_hip + free_ankle)
    points[:, : L.LEFT_SHOULDER] = head[:, None] + np.array([0, 0, 0.1])
    for point, value in (
        (L.RIGHT_SHOULDER, shoulders + side), (L.LEFT_SHOULDER, shoulders - side),
        (L.RIGHT_ELBOW, shoulders + 1.5 * side - [0, 0.25, 0]),
        (L.LEFT_ELBOW, shoulders - 1.5 * side - [0, 0.25, 0]),
        (L.RIGHT_HIP, hip), (L.LEFT_HIP, free_hip),
        (L.RIGHT_KNEE, knee), (L.LEFT_KNEE, free_knee),
        (L.RIGHT_ANKLE, ankle), (L.LEFT_ANKLE, free_ankle),
    ):  # fmt: skip
        points[:, point] = value
    for name in ("WRIST", "PINKY", "INDEX", "THUMB"):
        points[:, L[f"RIGHT_{name}"]] = middle + [0.2, 0.05, 0.1]
        points[:, L[f"LEFT_{name}"]] = middle + [-0.2, 0.05, 0.1]
    for side_name in ("RIGHT", "LEFT"):
        at = points[:, L[f"{side_name}_ANKLE"]]
        points[:, L[f"{side_name}_HEEL"]] = at + [0, -0.05, -0.05]
        points[:, L[f"{side_name}_FOOT_INDEX"]] = at + [0, -0.05, 0.15]
    return Body(points)


def lie_on_left(
    frames: int,
    *,
    roll: float | Array = 0.0,
    opening: float | Array = 0.0,
    feet: float | Array = 0.0,
) -> Body:
    """Pose a person lying on the left side, so that the right leg is on top and works.

    The axes are still the body's own: right (which points to the ceiling), up (towards the head),
    forward (towards a camera that sees the front).
    """
    roll, opening, feet = (_spread(v, frames) for v in (roll, opening, feet))
    points = np.zeros((frames, 33, 3))
    turn = np.radians(roll)
    # Rolling back moves the top (right) hip backward about the long axis.
    right = np.stack([np.cos(turn), np.zeros(frames), -np.sin(turn)], axis=-1)
    hip_r, hip_l = right * HALF_HIPS, -right * HALF_HIPS
    up = np.array([0.0, 1.0, 0.0])
    thigh = np.array([0.0, -np.cos(np.radians(45)), np.sin(np.radians(45))]) * SEGMENT
    shank = np.array([0.0, -0.6, -0.8]) * SEGMENT
    lift = np.radians(opening)
    thigh_r = np.stack(
        [np.sin(lift) * SEGMENT, np.cos(lift) * thigh[1], np.cos(lift) * thigh[2]], axis=-1
    )
    points[:, : L.LEFT_SHOULDER] = up * (TRUNK + 0.25) + [0, 0, 0.1]
    points[:, L.RIGHT_SHOULDER] = up * TRUNK + [0.18, 0, 0]
    points[:, L.LEFT_SHOULDER] = up * TRUNK - [0.18, 0, 0]
    points[:, L.RIGHT_HIP], points[:, L.LEFT_HIP] = hip_r, hip_l
    points[:, L.RIGHT_KNEE], points[:, L.LEFT_KNEE] = hip_r + thigh_r, hip_l + thigh
    ankle_l = hip_l + thigh + shank
    points[:, L.LEFT_ANKLE] = ankle_l
    points[:, L.RIGHT_ANKLE] = ankle_l + np.stack([0.06 + feet, 0 * feet, 0 * feet], axis=-1)
    for name in ("ELBOW", "WRIST", "PINKY", "INDEX", "THUMB"):
        for side in ("RIGHT", "LEFT"):
            points[:, L[f"{side}_{name}"]] = points[:, L[f"{side}_SHOULDER"]] - [0, 0.2, -0.2]
    for side in ("RIGHT", "LEFT"):
        points[:, L[f"{side}_HEEL"]] = points[:, L[f"{side}_ANKLE"]]
        points[:, L[f"{side}_FOOT_INDEX"]] = points[:, L[f"{side}_ANKLE"]] + [0, 0, 0.1]
    return Body(points)


def film(
    body: Body,
    *,
    fps: float = 30.0,
    time_s: Array | None = None,
    from_back: bool = False,
    lying: bool = False,
    left: bool = False,
    px_per_m: float = PX_PER_M,
    centre_px: tuple[float, float] = (640.0, 620.0),
) -> PoseSeries:
    """Film a body; ``left`` turns it into its mirror twin, who works with the left leg."""
    points = body.points
    frames = len(points)
    sign = 1.0 if from_back else -1.0
    # The camera's x, y (down), z (away) of the subject's right, up and forward.
    x, y, z = sign * points[..., 0], -points[..., 1], sign * points[..., 2]
    if lying:
        # Turn the picture so that the subject's right side points to the ceiling.
        x, y = (y, -x) if from_back else (-y, x)
    camera = np.stack([x, y, z], axis=-1)
    world = camera - 0.5 * (camera[:, L.LEFT_HIP] + camera[:, L.RIGHT_HIP])[:, None]
    if time_s is None:
        time_s = np.arange(frames) / fps
    poses = PoseSeries(
        time_s=np.asarray(time_s, dtype=np.float64),
        image_px=camera[..., :2] * px_per_m + np.array(centre_px),
        world_m=world,
        visibility=np.full((frames, 33), 0.99),
        people=np.full(frames, -1, dtype=np.int64),
        width_px=WIDTH,
        height_px=HEIGHT,
    )
    return poses.mirrored() if left else poses


def bump(time_s: Array, start_s: float, length_s: float) -> Array:
    """Rise smoothly from 0 to 1 and back within ``length_s``."""
    phase = np.clip((time_s - start_s) / length_s, 0.0, 1.0)
    return 0.5 - 0.5 * np.cos(2 * np.pi * phase)


def bumps(
    time_s: Array,
    heights: list[float],
    *,
    first_s: float = 3.0,
    length_s: float = 2.4,
    every_s: float = 3.0,
) -> Array:
    """Sum of bumps of these heights, one after another."""
    return sum(
        (h * bump(time_s, first_s + i * every_s, length_s) for i, h in enumerate(heights)),
        start=np.zeros_like(time_s),
    )


def squat_set(
    *,
    drops: list[float] | None = None,
    leans: list[float] | None = None,
    depths: list[float] | None = None,
    valgus: list[float] | None = None,
    fps: float = 30.0,
    time_s: Array | None = None,
    left: bool = False,
    from_back: bool = False,
    **film_options: float,
) -> PoseSeries:
    """Film a set: quiet on both feet until 1.8 s, then one repetition for each entry of depths."""
    depths = depths or [68.0, 68.0, 68.0]
    none = [0.0] * len(depths)
    if time_s is None:
        time_s = np.arange(round((3.5 + 3.0 * len(depths)) * fps)) / fps
    body = stand_on_right(
        len(time_s),
        drop=bumps(time_s, drops or none),
        lean=bumps(time_s, leans or none),
        flexion=bumps(time_s, depths),
        valgus=bumps(time_s, valgus or none),
        # On one leg the body stands over the foot, or it would fall.
        adduction=np.where(time_s < 1.8, 0.0, 4.0),
        both_feet=time_s < 1.8,
    )
    return film(body, time_s=time_s, left=left, from_back=from_back, **film_options)


def clamshell_set(
    *,
    rolls: list[float] | None = None,
    openings: list[float] | None = None,
    feet: list[float] | None = None,
    fps: float = 30.0,
    time_s: Array | None = None,
    left: bool = False,
) -> PoseSeries:
    """Film a set of clamshells with four-second repetitions after 2.5 s of lying still."""
    openings = openings or [45.0, 45.0]
    none = [0.0] * len(openings)
    timing = {"first_s": 2.5, "length_s": 4.0, "every_s": 5.0}
    if time_s is None:
        time_s = np.arange(round((3.5 + 5.0 * len(openings)) * fps)) / fps
    body = lie_on_left(
        len(time_s),
        roll=bumps(time_s, rolls or none, **timing),
        opening=bumps(time_s, openings, **timing),
        feet=bumps(time_s, feet or none, **timing),
    )
    return film(body, time_s=time_s, left=left, lying=True, centre_px=(640.0, 400.0))


def certain(exercise):
    """Return the exercise with measures that know no doubt, to test the judging by itself."""

    def sure(measure):
        def of(poses):
            estimate = measure.of(poses)
            return Estimate(estimate.value, np.zeros_like(estimate.sd))

        return replace(measure, of=of)

    exercise = measured_by(exercise, "raw")
    # Figures are drawn without perspective.
    flat = {KNEE_OFF_MIDDLE_OF_JOINTS.name: KNEE_OFF_MIDDLE_OF_JOINTS}
    sures = {one.name: sure(flat.get(one.name, one)) for one in exercise.measures}

    def rule(old):
        if hasattr(old, "measure"):
            return replace(old, measure=sures[old.measure.name])
        return replace(old, needs=tuple(sures[m.name] for m in old.needs))

    cycle = replace(exercise.cycle, measure=sures[exercise.cycle.measure.name])
    rules, of_set = (tuple(rule(r) for r in rules) for rules in (exercise.rules, exercise.of_set))
    return replace(exercise, cycle=cycle, rules=rules, of_set=of_set)


def bands(rep):
    return {finding.code: finding.band for finding in rep.findings}
