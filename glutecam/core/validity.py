"""What may be judged at all: gates, each with its measured value and one instruction.

Gates come in the order in which a person should mend them: box, posture, view, visibility, then
the recording itself. The limits are our own proposals (CLINICAL 5.3) unless a comment says more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Gate, GateCode
from glutecam.core.geometry import median, ratio
from glutecam.core.identity import alone_gate, same_person_gate
from glutecam.core.landmarks import Landmark
from glutecam.core.level import level_gate
from glutecam.core.measures import over_right_foot
from glutecam.core.pictures import frames_per_s, picture_gates
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Exercise, Posture
from glutecam.core.viewpoint import distance_gate, posture_gate, view_gate

__all__ = [
    "MOVING",
    "VISIBLE",
    "on_one_leg",
    "one_leg_gate",
    "pose_gates",
    "recording_gates",
    "side_gate",
    "upper_leg_gates",
    "visible",
    "visible_points",
]

VISIBLE = 0.5
"""A point is seen where the pose model gives it at least this visibility."""

_L = Landmark
_MIN_SECONDS = 3.0
_SEEN_SHARE = 0.7
_SWAP_SHARE = 0.10
_TURNED_S = 1.0
_COVERAGE = 0.7
_ONE_LEG = 0.12
_LUNGE = 1.2
_ONE_LEG_SHARE = 0.6
MOVING = 0.2
# The lower knee rests on the floor: it goes up and down by this only where it is the moving one.
_REACH = 0.12
_MORE = 1.5


def visible_points(poses: PoseSeries, points: NDArray[np.intp] | None = None) -> NDArray[np.bool_]:
    """Return for every point, or for these P, whether it is seen and inside the frame, (T, P)."""
    if points is None:
        return np.asarray(poses.inside & (poses.visibility >= VISIBLE))
    image = poses.image_px.take(points, axis=1)
    seen = poses.visibility.take(points, axis=1) >= VISIBLE
    x, y = image[..., 0], image[..., 1]
    seen &= (x >= 0) & (x <= poses.width_px) & (y >= 0) & (y <= poses.height_px)
    return np.asarray(seen)


def visible(poses: PoseSeries, needs: Sequence[Landmark]) -> NDArray[np.bool_]:
    """Return whether all these points are seen and inside the frame, (T,)."""
    seen = _inside(poses, needs)
    for point in needs:
        seen &= poses.visibility[:, point] >= VISIBLE
    return seen


def _inside(poses: PoseSeries, needs: Sequence[Landmark]) -> NDArray[np.bool_]:
    """Return whether all these points are inside the frame, (T,), from the columns of the body."""
    inside, body = np.ones(len(poses), dtype=bool), poses.body
    for point in needs:
        x, y = body.x[point], body.y[point]
        inside &= (x >= 0) & (x <= poses.width_px) & (y >= 0) & (y <= poses.height_px)
    return inside


def _person(poses: PoseSeries) -> Gate:
    share = float(np.mean(poses.seen)) if len(poses) else 0.0
    return Gate(
        GateCode.PERSON, "a person is found", share >= _SEEN_SHARE,
        f"{share:.0%} of frames", f"at least {_SEEN_SHARE:.0%}",
        "Step into the picture so that your whole body is seen, in good light.",
    )  # fmt: skip


_PARTS: tuple[tuple[str, tuple[Landmark, ...]], ...] = (
    ("feet", (_L.LEFT_ANKLE, _L.RIGHT_ANKLE)),
    ("knees", (_L.LEFT_KNEE, _L.RIGHT_KNEE)),
    ("hips", (_L.LEFT_HIP, _L.RIGHT_HIP)),
    ("shoulders", (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER)),
)


_HEAD = (_L.NOSE, _L.LEFT_EAR, _L.RIGHT_EAR)


def _visibility(poses: PoseSeries, needs: Sequence[Landmark]) -> Gate:
    worst, share = "body", 1.0
    for name, part in _shares(poses, needs):
        if part < share:
            worst, share = name, part
    return Gate(
        GateCode.VISIBILITY, "the whole body, and all that is measured, is seen", share >= _COVERAGE,
        f"{worst} seen in {share:.0%} of frames", f"at least {_COVERAGE:.0%}",
        f"Your {worst} cannot be seen well enough: move back, and clear what hides them.",
    )  # fmt: skip


def _shares(poses: PoseSeries, needs: Sequence[Landmark]) -> list[tuple[str, float]]:
    """Return in which share of the frames each part is seen.

    The head is not measured, but without it the pose model guesses the rest; from behind its points
    are not visible, so that they must only be inside the picture.
    """
    seen = poses.seen
    found = [("head", float(np.mean(_inside(poses, _HEAD)[seen])))]
    for name, points in _PARTS:
        wanted = [point for point in points if point in needs]
        if wanted:
            found.append((name, float(np.mean(visible(poses, wanted)[seen]))))
    return found


def pose_gates(
    poses: PoseSeries,
    exercise: Exercise,
    needs: Sequence[Landmark],
    counted: PoseSeries | None = None,
) -> list[Gate]:
    """Return the gates about the person and the camera, most important first.

    Parameters
    ----------
    poses : PoseSeries (T)
        As the pose model gave them; T may be the whole recording or the last seconds.
    exercise : Exercise
    needs : sequence of Landmark
        The points that the exercise's measures read.
    counted : PoseSeries, optional
        Where the people were counted, if not in ``poses``: live that is rarer than the gates look back.
    """
    gates = [_person(poses), alone_gate(poses if counted is None else counted)]
    if not poses.seen.any():
        return gates
    return [
        *gates,
        posture_gate(poses, exercise),
        view_gate(poses, exercise),
        distance_gate(poses, exercise),
        _visibility(poses, needs),
    ]


def recording_gates(
    poses: PoseSeries, exercise: Exercise, swapped: NDArray[np.bool_]
) -> list[Gate]:
    """Return the gates about the recording and its pictures."""
    seconds = float(poses.time_s[-1] - poses.time_s[0]) if len(poses) > 1 else 0.0
    fps = frames_per_s(poses)
    return [
        Gate(
            GateCode.LENGTH, "long enough", seconds >= _MIN_SECONDS,
            f"{seconds:.1f} s", f"at least {_MIN_SECONDS:.0f} s",
            "Record the whole set, beginning with two seconds of standing still.",
        ),
        Gate(
            # 23.976 frames/s is what cameras call 24.
            GateCode.FRAME_RATE, "enough frames a second", fps >= exercise.min_fps - 0.5,
            f"{fps:.1f} frames/s", f"at least {exercise.min_fps:.0f}",
            f"Record at {max(30, exercise.min_fps):.0f} frames a second or more; live, add light (a dark "
            "room slows the camera) and close other programs.",
        ),
        _left_and_right(poses, swapped),
        level_gate(poses, exercise),
        same_person_gate(poses),
        *picture_gates(poses),
    ]  # fmt: skip


def _left_and_right(poses: PoseSeries, swapped: NDArray[np.bool_]) -> Gate:
    """Tell frames that are mixed up here and there from a person who turned round."""
    share = float(np.mean(swapped[poses.seen])) if poses.seen.any() else 0.0
    turned_s = _longest_s(swapped, poses.time_s)
    measured = f"mixed up in {share:.0%} of frames"
    advice = "The pose model mixes up left and right here: score again with --model heavy."
    if turned_s >= _TURNED_S:
        measured += f", for up to {turned_s:.1f} s on end"
        advice = "Do not turn round during the set. If you did not, score again with --model heavy."
    return Gate(
        GateCode.LEFT_AND_RIGHT, "left and right are told apart", share <= _SWAP_SHARE, measured,
        f"at most {_SWAP_SHARE:.0%}", advice,
    )  # fmt: skip


def _longest_s(where: NDArray[np.bool_], time_s: FloatArray) -> float:
    """Return how long the longest run of True lasts."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], where, [False]]).astype(int)))
    starts, ends = edges[::2], edges[1::2]
    return float(np.max(time_s[ends - 1] - time_s[starts], initial=0.0))


def one_leg_gate(poses: PoseSeries, exercise: Exercise, speed: FloatArray) -> Gate:
    """Return whether the movement was done on one leg, where the exercise asks for it.

    Whoever stands on one leg has the middle of the hips over that foot; on two it lies between
    them. Feet far apart are a lunge.
    """
    moving = speed > MOVING
    share = 1.0
    if exercise.leg.alone and moving.any():
        share = float(np.mean(on_one_leg(poses)[moving]))
    return Gate(
        GateCode.ONE_LEG, "done on one leg", share >= _ONE_LEG_SHARE,
        f"{share:.0%} of the time in motion", f"at least {_ONE_LEG_SHARE:.0%}",
        "Keep the other foot off the floor while you move, or choose the exercise that the recording "
        f"shows: this looks like an exercise on two legs, not {exercise.in_a_sentence}.",
    )  # fmt: skip


def on_one_leg(poses: PoseSeries) -> NDArray[np.bool_]:
    """Return in which frames the body is over one foot, (T,)."""
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
        counts = speed > MOVING if leg.moving else np.full(len(poses), True)
        clear = evidence[counts & (np.abs(evidence) > min(_ONE_LEG, leg.clear))]
        right = bool(np.median(clear) > 0) if len(clear) else asked_right
    asked, seen = _leg(asked_right), _leg(right)
    return Gate(
        GateCode.SIDE, "the leg that was asked for works", asked_right is None or right is asked_right,
        f"{seen} leg", f"{asked} leg" if asked_right is not None else "either leg",
        f"The {asked} leg was asked for, but the {seen} leg works here: say --side {seen}, or leave "
        "--side (also in glutecam.toml) out." if asked_right is not None
        else "Name the leg that works with --side, or leave --side (also in glutecam.toml) out.",
    )  # fmt: skip


def upper_leg_gates(poses: PoseSeries, exercise: Exercise) -> list[Gate]:
    """Return whether it is the upper knee that moves; nothing where nobody lies on the side.

    In a picture that stands on its head the lower one does, and every angle is that of another leg.
    """
    if exercise.posture is not Posture.SIDE_LYING:
        return []
    upper, lower = _knees_reach(poses)
    return [Gate(
        GateCode.UPPER_LEG, "the upper leg works",
        not (lower > _REACH and lower > _MORE * upper),
        f"the upper knee moves {upper:.2f} trunk lengths, the lower one {lower:.2f}",
        f"the lower one at most {_MORE:.1f} times as much",
        "The lower knee moves: is the picture upside down? Turn the camera, and lift the upper leg.",
    )]  # fmt: skip


def _knees_reach(poses: PoseSeries) -> tuple[float, float]:
    """Return how far the upper knee goes up and down, and how far the lower one."""
    knees = [poses.point(knee) - poses.mid_hip for knee in (_L.LEFT_KNEE, _L.RIGHT_KNEE)]
    left, right = (_reach(knee[:, 1], poses) for knee in knees)
    left_y, right_y = (median(knee[:, 1]) for knee in knees)
    return (left, right) if left_y < right_y else (right, left)


def _reach(values: FloatArray, poses: PoseSeries) -> float:
    """Return how far a point goes up and down, in trunk lengths, but for a tenth of the frames."""
    known = ratio(values, poses.trunk_px)
    known = known[np.isfinite(known)]
    return float(np.ptp(np.quantile(known, [0.05, 0.95]))) if len(known) else 0.0


def _leg(right: bool | None) -> str:
    return "either" if right is None else ("right" if right else "left")
