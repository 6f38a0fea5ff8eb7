"""Stick figures that perform every exercise, clean or with one fault planted; the answers are known.

Hips and ankles are put where the movement has them and the knees follow. Everybody works with the
right leg; ``film(left=True)`` makes the mirror twin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import figures
import numpy as np
from figures import HALF_HIPS, SEGMENT, TRUNK, Array, Body, bump, bumps, film

from glutecam.core.landmarks import Landmark
from glutecam.core.poses import PoseSeries

L = Landmark
FORWARD = (0.0, 0.0, 1.0)
LEG = 2 * SEGMENT
STEPS = {"first_s": 3.0, "length_s": 2.4, "every_s": 3.0}


@dataclass(frozen=True)
class Act:
    """A film, how many repetitions are in it, and which of them (counted from 0) has the fault."""

    poses: PoseSeries
    reps: int
    bad: int | None = None


def _xyz(frames: int, x=0.0, y=0.0, z=0.0) -> Array:
    return np.stack([np.broadcast_to(np.asarray(v, float), (frames,)) for v in (x, y, z)], axis=-1)


def _knee(hip: Array, ankle: Array, bend) -> Array:
    """Half-way, and out along ``bend`` as far as two bones of one length need."""
    way = ankle - hip
    half = 0.5 * np.linalg.norm(way, axis=-1)
    out = np.sqrt(np.clip(SEGMENT**2 - half**2, 0.0, None))
    along = way / (2 * half)[:, None]
    bend = np.broadcast_to(np.asarray(bend, float), hip.shape)
    side = bend - np.sum(bend * along, axis=-1)[:, None] * along
    return 0.5 * (hip + ankle) + out[:, None] * side / np.linalg.norm(side, axis=-1)[:, None]


def body(
    hips: Array,
    right: Array,
    left: Array,
    *,
    drop=0.0,
    lean=0.0,
    roll=0.0,
    bend=(FORWARD, FORWARD),
    shoulders: Array | None = None,
) -> Body:
    """Pose a body: middle of the hips and both ankles, (T, 3) right, up, forward in metres."""
    frames = len(hips)
    drop, lean, roll = (np.radians(np.broadcast_to(v, (frames,))) for v in (drop, lean, roll))
    across = np.stack(
        [np.cos(drop) * np.cos(roll), np.sin(drop), -np.sin(roll) * np.cos(drop)], axis=-1
    )
    hip_r, hip_l = hips + HALF_HIPS * across, hips - HALF_HIPS * across
    up = np.stack([np.sin(lean), np.cos(lean), np.zeros(frames)], axis=-1)
    side = 0.18 * np.stack([np.cos(lean), -np.sin(lean), np.zeros(frames)], axis=-1)
    top = hips + TRUNK * up if shoulders is None else shoulders
    points = np.zeros((frames, 33, 3))
    points[:, : L.LEFT_SHOULDER] = (top + 0.25 * up)[:, None]
    for name, hip, ankle, sign, way in (
        ("RIGHT", hip_r, right, 1.0, bend[0]), ("LEFT", hip_l, left, -1.0, bend[1]),
    ):  # fmt: skip
        points[:, L[f"{name}_SHOULDER"]] = top + sign * side
        points[:, L[f"{name}_HIP"]], points[:, L[f"{name}_ANKLE"]] = hip, ankle
        points[:, L[f"{name}_KNEE"]] = _knee(hip, ankle, way)
        points[:, L[f"{name}_HEEL"]] = ankle + [0, -0.05, -0.05]
        points[:, L[f"{name}_FOOT_INDEX"]] = ankle + [0, -0.05, 0.15]
        for hand in ("ELBOW", "WRIST", "PINKY", "INDEX", "THUMB"):
            points[:, L[f"{name}_{hand}"]] = top + sign * 1.5 * side - 0.3 * up
    return Body(points)


def _clock(seconds: float, fps: float = 30.0) -> Array:
    return np.arange(round(seconds * fps)) / fps


def _ease(t: Array, start: float, length: float) -> Array:
    """From 0 to 1 between two times."""
    return 0.5 - 0.5 * np.cos(np.pi * np.clip((t - start) / length, 0.0, 1.0))


def squat(fault: str | None, **options) -> Act:
    """Lateral and forward step-down and single-leg squat move alike in this picture."""
    t = _clock(12.5)
    bad = bumps(t, [0.0, 1.0, 0.0], **STEPS)
    quick = {**STEPS, "length_s": 0.55}
    depths = [68.0, 105.0 if fault == "GC105" else 68.0, 68.0]
    posed = figures.stand_on_right(
        len(t),
        flexion=bumps(t, depths, **(quick if fault == "GC106" else STEPS)),
        drop=bad * (20.0 if fault == "GC101" else 0.0),
        lean=bad * (15.0 if fault == "GC102" else 0.0),
        valgus=bad * (20.0 if fault == "GC104" else 0.0),
        # On one leg the body stands over the foot, or it would fall; a leg that leans out or in
        # takes the hips beyond the foot, or over the free one.
        adduction=np.where(
            t < 1.8, 0.0, 4.0 + bad * {"GC103": 12.0, "GC107": -16.0}.get(fault, 0.0)
        ),
        both_feet=t < 1.8,
    )
    return Act(film(posed, time_s=t, **options), 3, 1 if fault not in (None, "GC106") else None)


def clamshell(fault: str | None, **options) -> Act:
    t = _clock(13.5)
    timing = {"first_s": 2.5, "length_s": 4.0, "every_s": 5.0}
    bad = bumps(t, [0.0, 1.0], **timing)
    quick = {**timing, "length_s": 1.6}
    posed = figures.lie_on_left(
        len(t),
        opening=bumps(t, [45.0, 45.0], **(quick if fault == "GC204" else timing)),
        roll=bad * (30.0 if fault == "GC201" else 0.0),
        feet=bad * (0.25 if fault == "GC202" else 0.0),
    )
    if fault == "GC203":
        # The lower thigh straightens by 30° from its 45°.
        angle = np.radians(45.0 - 30.0 * bad)
        thigh = SEGMENT * np.stack([0 * t, -np.cos(angle), np.sin(angle)], axis=-1)
        posed.points[:, L.LEFT_KNEE] = posed.points[:, L.LEFT_HIP] + thigh
    poses = film(posed, time_s=t, lying=True, centre_px=(640.0, 400.0), **options)
    return Act(poses, 2, 1 if fault not in (None, "GC204") else None)


def split_squat(fault: str | None, **options) -> Act:
    t = _clock(12.5)
    n = len(t)
    low = bumps(t, [0.30] * 3, **STEPS)
    bad = bumps(t, [0.0, 1.0, 0.0], **STEPS)
    if fault == "GC106":
        low, bad = bumps(t, [0.30] * 3, first_s=3.0, length_s=0.36, every_s=3.0), 0.0 * t
    inward = 0.7 * bad if fault == "GC108" else 0.0 * t
    bend = np.stack([-inward, 0.0 * t, np.ones(n)], axis=-1)
    posed = body(
        _xyz(n, 0.03, 0.80 - low, 0.1),
        _xyz(n, 0.09, 0.0, 0.30),
        _xyz(n, -0.09, 0.42, -0.50),
        drop=20.0 * bad * (fault == "GC101"),
        lean=15.0 * bad * (fault == "GC102"),
        bend=(bend, FORWARD),
    )
    return Act(film(posed, time_s=t, **options), 3, 1 if fault not in (None, "GC106") else None)


def stance(fault: str | None, **options) -> Act:
    t = _clock(37.0 if fault != "GC605" else 13.0, 25.0)
    n, down = len(t), 9.5 if fault == "GC605" else 34.0
    up = _ease(t, 2.0, 0.6) * (1 - _ease(t, down, 0.6))
    height = -6.0 * up
    if fault == "GC101":
        height = 9.0 * up
    if fault == "GC603":
        height = 4.0 * up
    if fault in ("GC601", "GC602"):
        # Back down by 6° from 8 s on.
        height = height + 6.0 * _ease(t, 8.0, 1.5) * up
    shift = 0.10 * up * (fault == "GC103")
    lean = up * {"GC102": 14.0, "GC604": 24.0}.get(fault, 0.0)
    posed = body(
        _xyz(n, 0.075 * up + shift, 0.83),
        _xyz(n, 0.09),
        _xyz(n, -0.09 + 0.02 * up, 0.30 * up, -0.10 * up),
        drop=height,
        lean=lean,
    )
    return Act(film(posed, time_s=t, fps=25.0, **options), 1, 0 if fault else None)


def hop(fault: str | None, **options) -> Act:
    t = _clock(10.0, 60.0)
    n, down = len(t), 4.8 if fault == "GC606" else 8.0
    up = _ease(t, 1.8, 0.5) * (1 - _ease(t, down, 0.3))
    flight = np.clip((t - 4.0) / 0.4, 0.0, 1.0)
    rise = (0.03 if fault == "GC607" else 0.22) * 4 * flight * (1 - flight)
    landed = bump(t, 4.4, 0.7)
    posed = body(
        _xyz(n, 0.075 * up, 0.83 + rise - 0.13 * landed),
        _xyz(n, 0.09, rise),
        _xyz(n, -0.09 + 0.02 * up, 0.30 * up + rise, -0.15 * up),
        drop=landed * {"GC101": 18.0}.get(fault, 2.0),
        lean=landed * {"GC102": 15.0}.get(fault, 0.0),
        bend=((-0.55 if fault == "GC104" else 0.0, 0.0, 1.0), FORWARD),
    )
    return Act(film(posed, time_s=t, **options), 1, 0 if fault else None)


def _raising(fault: str | None):
    """Return times, the angle of a leg that is raised three times, and how bad the second time is."""
    t = _clock(18.0)
    timing = {"first_s": 3.0, "length_s": 4.4, "every_s": 4.8}
    quick = {**timing, "length_s": 1.3}
    angle = np.radians(bumps(t, [35.0] * 3, **(quick if fault == "GC204" else timing)))
    return t, angle, bumps(t, [0.0, 1.0, 0.0], **timing)


def abduction(fault: str | None, **options) -> Act:
    t, angle, bad = _raising(fault)
    n = len(t)
    over = _ease(t, 1.8, 0.6)
    posed = body(
        _xyz(n, 0.075 * over, 0.83),
        _xyz(n, 0.09),
        _xyz(n, 0.075 * over - HALF_HIPS - 0.8 * np.sin(angle), 0.03 * over + 0.80 * (1 - np.cos(angle))),
        drop=bad * {"GC101": 12.0, "GC301": -12.0}.get(fault, 0.0),
        lean=bad * (15.0 if fault == "GC102" else 0.0),
    )  # fmt: skip
    return Act(film(posed, time_s=t, **options), 3, 1 if fault not in (None, "GC204") else None)


def lying_abduction(fault: str | None, **options) -> Act:
    t, angle, bad = _raising(fault)
    n = len(t)
    ahead = np.radians(30.0 * bad * (fault == "GC206"))
    posed = body(
        _xyz(n),
        _xyz(n, HALF_HIPS + LEG * np.sin(angle), -LEG * np.cos(angle) * np.cos(ahead),
             LEG * np.cos(angle) * np.sin(ahead)),
        _xyz(n, -HALF_HIPS, -LEG),
        drop=bad * (16.0 if fault == "GC205" else 0.0),
        roll=bad * (18.0 if fault == "GC201" else 0.0),
    )  # fmt: skip
    poses = film(posed, time_s=t, lying=True, centre_px=(640.0, 380.0), **options)
    return Act(poses, 3, 1 if fault not in (None, "GC204") else None)


def band_walk(fault: str | None, **options) -> Act:
    """Five steps to the subject's left: the left foot goes out, then the right one follows."""
    t = _clock(3.0 + 5 * 2.2 + 1.0)
    n = len(t)
    widths = [0.30] * 5
    if fault == "GC501":
        widths = [0.30, 0.12, 0.34, 0.12, 0.32]
    follows = [w + (0.13 if fault == "GC502" and i == 1 else 0.0) for i, w in enumerate(widths)]
    left, right = np.full(n, -0.14), np.full(n, 0.14)
    lift_l, lift_r, drop, lean = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    for i, (out, after) in enumerate(zip(widths, follows, strict=True)):
        first = 2.5 + 2.2 * i
        left = left - out * _ease(t, first, 0.8)
        right = right - after * _ease(t, first + 1.1, 0.8)
        lift_l, lift_r = (
            lift_l + 0.08 * bump(t, first, 0.8),
            lift_r + 0.08 * bump(t, first + 1.1, 0.8),
        )
        if i == 2:
            turns = bump(t, first, 0.8) - bump(t, first + 1.1, 0.8)
            drop = 16.0 * turns * (fault == "GC101")
            lean = 16.0 * turns * (fault == "GC102")
    posed = body(
        _xyz(n, 0.5 * (left + right) + 0.8, 0.80),
        _xyz(n, right + 0.8, lift_r),
        _xyz(n, left + 0.8, lift_l),
        drop=drop,
        lean=lean,
    )
    return Act(film(posed, time_s=t, **options), 5, 2 if fault in ("GC101", "GC102") else None)


def walk(fault: str | None, **options) -> Act:
    """Sixteen steps on a treadmill, the right leg first to carry."""
    steps, every = 16, 0.6
    t = _clock(2.5 + steps * every + 1.0)
    n = len(t)
    lift_l, lift_r, sway, drop, lean = (np.zeros(n) for _ in range(5))
    for i in range(steps):
        swing = bump(t, 2.5 + every * i, 0.55)
        on_right = i % 2 == 0
        lift_l, lift_r = lift_l + 0.12 * swing * on_right, lift_r + 0.12 * swing * (not on_right)
        way = 1.0 if on_right else -1.0
        sway = sway + way * 0.025 * swing
        size = 4.0
        if fault == "GC503" or (fault == "GC504" and on_right):
            size = 14.0
        if fault == "GC101" and i == 6:
            size = 26.0
        drop = drop + way * size * swing
        lean = lean + way * swing * (15.0 if fault == "GC102" and i == 6 else 1.0)
    posed = body(
        _xyz(n, sway, 0.83), _xyz(n, 0.06, lift_r), _xyz(n, -0.06, lift_l), drop=drop, lean=lean
    )
    return Act(film(posed, time_s=t, **options), steps, 6 if fault in ("GC101", "GC102") else None)


def _seen_from_feet(posed: Body) -> Body:
    """Lay the body on its back, feet to the camera: the ceiling is up, the feet are near."""
    right, up, forward = np.moveaxis(posed.points, -1, 0)
    return Body(np.stack([right, forward, -up], axis=-1))


def _bridge(fault: str | None, one_leg: bool, **options) -> Act:
    t = _clock(21.5)
    n = len(t)
    timing = {"first_s": 3.0, "length_s": 5.6, "every_s": 5.9}
    quick = {"first_s": 3.0, "length_s": 0.85, "every_s": 5.9}
    rise = bumps(t, [0.33] * 3, **(quick if fault == "GC204" else timing))
    bad = bumps(t, [0.0, 1.0, 0.0], **timing)
    tip = np.radians(12.0 * bad * (fault == "GC401"))
    hips = _xyz(n, 0.0, 0.0, 0.12 + rise)
    knees = 0.7 * bad * (fault == "GC402")
    free = _xyz(n, -0.12, -0.70, 0.55 + 0.4 * rise) if one_leg else _xyz(n, -0.12, -0.44, 0.08)
    posed = body(
        hips,
        _xyz(n, 0.12, -0.44, 0.08),
        free,
        bend=(np.stack([-knees, 0 * t, 1 + 0 * t], -1), np.stack([knees, 0 * t, 1 + 0 * t], -1)),
        shoulders=_xyz(n, 0.0, 0.42, 0.40),
    )
    points = posed.points
    # Seen from the feet the right hip is higher.
    across = HALF_HIPS * np.stack([np.cos(tip), 0 * tip, np.sin(tip)], axis=-1)
    points[:, L.RIGHT_HIP], points[:, L.LEFT_HIP] = hips + across, hips - across
    poses = film(_seen_from_feet(posed), time_s=t, centre_px=(640.0, 480.0), **options)
    return Act(poses, 3, 1 if fault not in (None, "GC204") else None)


def thrust(fault: str | None, **options) -> Act:
    return _bridge(fault, one_leg=False, **options)


def one_leg_thrust(fault: str | None, **options) -> Act:
    return _bridge(fault, one_leg=True, **options)


def posture(fault: str | None, *, seconds: float = 10.0, **options) -> Act:
    t = _clock(seconds)
    n = len(t)
    breath = 0.003 * np.sin(1.2 * t)
    posed = body(
        _xyz(n, breath + {"GC701": 0.09, "GC703": 0.10}.get(fault, 0.01), 0.83),
        _xyz(n, 0.10),
        _xyz(n, -0.10),
        drop={"GC702": 8.0}.get(fault, 0.5),
        lean={"GC704": 10.0, "GC703": -11.0}.get(fault, 0.5),
    )
    return Act(film(posed, time_s=t, **options), 1, 0 if fault else None)


ACTS: dict[str, Callable[..., Act]] = {
    "bulgarian-split-squat": split_squat,
    "clamshell": clamshell,
    "forward-step-down": squat,
    "hip-thrust": thrust,
    "lateral-band-walk": band_walk,
    "side-lying-hip-abduction": lying_abduction,
    "single-leg-hip-thrust": one_leg_thrust,
    "single-leg-hop-landing": hop,
    "single-leg-squat": squat,
    "single-leg-stance": stance,
    "standing-hip-abduction": abduction,
    "standing-posture": posture,
    "step-down": squat,
    "walking": walk,
}
