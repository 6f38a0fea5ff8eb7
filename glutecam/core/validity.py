"""What may be judged at all: gates, each with its measured value and one instruction.

Gates come in the order in which a person should mend them: box, posture, view, visibility, then
the recording itself. The limits are our own proposals (CLINICAL 5.3) unless a comment says more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Gate
from glutecam.core.geometry import length, ratio
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import over_right_foot
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Exercise, Posture

__all__ = [
    "VISIBLE",
    "one_leg_gate",
    "pose_gates",
    "recording_gates",
    "side_gate",
    "visible",
    "visible_points",
]

VISIBLE = 0.5
"""A point is seen where the pose model gives it at least this visibility."""

_L = Landmark
_MIN_SECONDS = 3.0
_SEEN_SHARE = 0.7
_CROWD_SHARE = 0.25
_SWAP_SHARE = 0.10
_COVERAGE = 0.7
_MIN_TRUNK_PX = 70.0
# Shoulders are about 0.7 trunks wide.
_MIN_SHOULDERS_PX = 50.0
# Standing people have 1.2-1.7 shoulder widths of trunk in the picture.
_FORESHORTENED = 1.1
# Good frontal clips have 0.35-0.55 hip width per trunk length, side views below 0.25.
_MIN_WIDTH_RATIO = 0.25
# At 30° of yaw a perfect core errs by 0.8°, at 45° by 2.2° (UI-PRMD through a virtual camera).
_MAX_YAW_DEG = 35.0
_LYING_DEG = 50.0
_ONE_LEG = 0.12
_LUNGE = 1.2
_ONE_LEG_SHARE = 0.6
_MOVING = 0.2


def visible_points(poses: PoseSeries) -> NDArray[np.bool_]:
    """Return for every point whether it is seen and inside the frame, (T, 33)."""
    x, y = poses.image_px[..., 0], poses.image_px[..., 1]
    inside = (x >= 0) & (x <= poses.width_px) & (y >= 0) & (y <= poses.height_px)
    return np.asarray(inside & (poses.visibility >= VISIBLE))


def visible(poses: PoseSeries, needs: Sequence[Landmark]) -> NDArray[np.bool_]:
    """Return whether all these points are seen and inside the frame, (T,)."""
    return np.asarray(visible_points(poses)[:, list(needs)].all(axis=1))


def _median(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def trunk_from_vertical_deg(poses: PoseSeries) -> FloatArray:
    """Return the angle of the trunk to the frame's vertical, 0 to 180, (T,)."""
    up = poses.mid_shoulder - poses.mid_hip
    return np.degrees(np.arctan2(np.abs(up[:, 0]), -up[:, 1]))


def width_ratio(poses: PoseSeries) -> FloatArray:
    """Return shoulder and hip width over twice the trunk length in the frame, (T,)."""
    hips = length(poses.point(_L.LEFT_HIP) - poses.point(_L.RIGHT_HIP))
    shoulders = length(poses.point(_L.LEFT_SHOULDER) - poses.point(_L.RIGHT_SHOULDER))
    return ratio(hips + shoulders, 2 * poses.trunk_px)


def yaw_deg(poses: PoseSeries) -> FloatArray:
    """Return how far hips and shoulders are turned from the picture plane, 0 to 90, (T,).

    The depth of the metric landmarks against their extent in the picture plane.
    """
    across = (
        poses.world(_L.LEFT_HIP)
        - poses.world(_L.RIGHT_HIP)
        + poses.world(_L.LEFT_SHOULDER)
        - poses.world(_L.RIGHT_SHOULDER)
    )
    return np.degrees(np.arctan2(np.abs(across[:, 2]), length(across[:, :2])))


def _person(poses: PoseSeries) -> Gate:
    share = float(np.mean(poses.seen)) if len(poses) else 0.0
    return Gate(
        "person", "a person is found", share >= _SEEN_SHARE,
        f"{share:.0%} of frames", f"at least {_SEEN_SHARE:.0%}",
        "Step into the picture so that your whole body is seen, in good light.",
    )  # fmt: skip


def _alone(poses: PoseSeries) -> Gate:
    counted = poses.people[poses.people >= 0]
    share = float(np.mean(counted > 1)) if len(counted) else 0.0
    return Gate(
        "alone", "one person in the picture", share <= _CROWD_SHARE,
        f"{share:.0%} of the frames looked at show two or more" if len(counted) else "not counted",
        f"at most {_CROWD_SHARE:.0%}",
        "Let only one person be in the picture.",
    )  # fmt: skip


def _posture(poses: PoseSeries, exercise: Exercise) -> Gate:
    if exercise.posture is Posture.SUPINE:
        return _on_the_back(poses, exercise)
    angle = _median(trunk_from_vertical_deg(poses))
    lying = exercise.posture is Posture.SIDE_LYING
    needed = f"{'more' if lying else 'less'} than {_LYING_DEG:.0f}° from upright"
    passed = angle > _LYING_DEG if lying else angle < _LYING_DEG
    advice = "Lie on your side" if lying else "Stand upright"
    return Gate(
        "posture", f"{exercise.posture.value}", bool(passed),
        f"trunk {angle:.0f}° from upright", needed,
        f"{advice}: this recording does not look like a {exercise.title.lower()}.",
    )  # fmt: skip


def _on_the_back(poses: PoseSeries, exercise: Exercise) -> Gate:
    """Tell it from the trunk: of somebody who lies towards the camera it looks short."""
    share = _median(ratio(poses.trunk_px, _shoulders_px(poses)))
    return Gate(
        "posture", f"{exercise.posture.value}", bool(share < _FORESHORTENED),
        f"trunk {share:.1f} shoulder widths long", f"less than {_FORESHORTENED:.1f}",
        f"Lie on your back with your feet towards the camera: this recording does not look like a "
        f"{exercise.title.lower()}.",
    )  # fmt: skip


def _shoulders_px(poses: PoseSeries) -> FloatArray:
    return length(poses.point(_L.LEFT_SHOULDER) - poses.point(_L.RIGHT_SHOULDER))


def _view(poses: PoseSeries, exercise: Exercise) -> Gate:
    ratio, yaw = _median(width_ratio(poses)), _median(yaw_deg(poses))
    if exercise.posture is Posture.SUPINE:
        advice = "Put the camera at your feet, so that it looks along your body."
    elif exercise.posture is Posture.SIDE_LYING:
        # Hips and shoulders are stacked across the picture: the same two signals apply.
        advice = "Put the camera in front of you, so that your knees point at it."
    else:
        advice = "Face the camera, or turn your back to it: it must see you from the front or back."
    return Gate(
        "view", f"seen from the {exercise.view.value}",
        bool(ratio >= _MIN_WIDTH_RATIO and yaw <= _MAX_YAW_DEG),
        f"turned about {yaw:.0f}°, width {ratio:.2f} of the trunk",
        f"turned at most {_MAX_YAW_DEG:.0f}°, width at least {_MIN_WIDTH_RATIO:.2f}",
        advice,
    )  # fmt: skip


def _distance(poses: PoseSeries, exercise: Exercise) -> Gate:
    name, seen, needed = "trunk", poses.trunk_px, _MIN_TRUNK_PX
    if exercise.posture is Posture.SUPINE:
        name, seen, needed = "shoulders", _shoulders_px(poses), _MIN_SHOULDERS_PX
    across = _median(seen)
    return Gate(
        "distance", "near enough", bool(across >= needed),
        f"{name} {across:.0f} pixels long", f"at least {needed:.0f} pixels",
        "Come nearer to the camera, or film at a higher resolution.",
    )  # fmt: skip


_PARTS: tuple[tuple[str, tuple[Landmark, ...]], ...] = (
    ("feet", (_L.LEFT_ANKLE, _L.RIGHT_ANKLE)),
    ("knees", (_L.LEFT_KNEE, _L.RIGHT_KNEE)),
    ("hips", (_L.LEFT_HIP, _L.RIGHT_HIP)),
    ("shoulders", (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER)),
)


def _visibility(poses: PoseSeries, needs: Sequence[Landmark]) -> Gate:
    worst, share = "body", 1.0
    for name, points in _PARTS:
        wanted = [point for point in points if point in needs]
        part = (
            float(np.mean(visible(poses, wanted)[poses.seen]))
            if wanted and poses.seen.any()
            else 1.0
        )
        if part < share:
            worst, share = name, part
    return Gate(
        "visibility", "the parts that are measured are seen", share >= _COVERAGE,
        f"{worst} seen in {share:.0%} of frames", f"at least {_COVERAGE:.0%}",
        f"Your {worst} cannot be seen well enough: move back, and clear what hides them.",
    )  # fmt: skip


def pose_gates(poses: PoseSeries, exercise: Exercise, needs: Sequence[Landmark]) -> list[Gate]:
    """Return the gates about the person and the camera, most important first.

    Parameters
    ----------
    poses : PoseSeries (T)
        As the pose model gave them; T may be the whole recording or the last seconds.
    exercise : Exercise
    needs : sequence of Landmark
        The points that the exercise's measures read.
    """
    gates = [_person(poses), _alone(poses)]
    if not poses.seen.any():
        return gates
    return [
        *gates,
        _posture(poses, exercise),
        _view(poses, exercise),
        _distance(poses, exercise),
        _visibility(poses, needs),
    ]


def recording_gates(
    poses: PoseSeries, exercise: Exercise, swapped: NDArray[np.bool_]
) -> list[Gate]:
    """Return the gates about the recording: frame rate, length, left and right mixed up."""
    seconds = float(poses.time_s[-1] - poses.time_s[0]) if len(poses) > 1 else 0.0
    fps = 1.0 / float(np.median(np.diff(poses.time_s))) if len(poses) > 1 else 0.0
    share = float(np.mean(swapped[poses.seen])) if poses.seen.any() else 0.0
    return [
        Gate(
            "length", "long enough", seconds >= _MIN_SECONDS,
            f"{seconds:.1f} s", f"at least {_MIN_SECONDS:.0f} s",
            "Record the whole set, beginning with two seconds of standing still.",
        ),
        Gate(
            # 23.976 frames/s is what cameras call 24.
            "frame rate", "enough frames a second", fps >= exercise.min_fps - 0.5,
            f"{fps:.1f} frames/s", f"at least {exercise.min_fps:.0f}",
            "Record at 30 frames a second or more; live, add light (a dark room slows the camera) and "
            "close other programs.",
        ),
        Gate(
            "left and right", "left and right are told apart", share <= _SWAP_SHARE,
            f"mixed up in {share:.0%} of frames", f"at most {_SWAP_SHARE:.0%}",
            "The pose model mixes up left and right here: score again with --model heavy.",
        ),
    ]  # fmt: skip


def one_leg_gate(poses: PoseSeries, exercise: Exercise, speed: FloatArray) -> Gate:
    """Return whether the movement was done on one leg, where the exercise asks for it.

    Whoever stands on one leg has the middle of the hips over that foot; on two it lies between
    them. Feet far apart are a lunge.
    """
    moving = speed > _MOVING
    share = 1.0
    if exercise.leg.alone and moving.any():
        share = float(np.mean(_on_one_leg(poses)[moving]))
    return Gate(
        "one leg", "done on one leg", share >= _ONE_LEG_SHARE,
        f"{share:.0%} of the time in motion", f"at least {_ONE_LEG_SHARE:.0%}",
        f"This looks like an exercise on two legs, not a {exercise.title.lower()}.",
    )  # fmt: skip


def _on_one_leg(poses: PoseSeries) -> NDArray[np.bool_]:
    feet = np.abs(poses.point(_L.LEFT_ANKLE)[:, 0] - poses.point(_L.RIGHT_ANKLE)[:, 0])
    near = ratio(feet, poses.trunk_px) < _LUNGE
    return np.asarray(near & (np.abs(over_right_foot(poses)) > _ONE_LEG))


def side_gate(
    poses: PoseSeries, exercise: Exercise, asked_right: bool | None, speed: FloatArray
) -> Gate:
    """Return whether the leg that was asked for is the one that works."""
    leg, right = exercise.leg, asked_right
    if leg.right is not None and not leg.alternates:
        evidence = poses.each(leg.right)
        counts = speed > _MOVING if leg.moving else np.full(len(poses), True)
        clear = evidence[counts & (np.abs(evidence) > min(_ONE_LEG, leg.clear))]
        right = bool(np.median(clear) > 0) if len(clear) else asked_right
    asked, seen = _leg(asked_right), _leg(right)
    return Gate(
        "side", "the leg that was asked for works", asked_right is None or right is asked_right,
        f"{seen} leg", f"{asked} leg" if asked_right is not None else "either leg",
        f"The {asked} leg was asked for, but the {seen} leg works here: say --side {seen}, or leave "
        "--side (also in glutecam.toml) out.",
    )  # fmt: skip


def _leg(right: bool | None) -> str:
    return "either" if right is None else ("right" if right else "left")
