"""Whether the camera is level, and if not: by how much the picture must be turned.

Two signals that know nothing of each other: upright lines of the room, and the body of somebody who
stands still on both feet, whose shoulders are above the ankles. Of rendered rooms the lines told the
roll within 0.3° up to 14°, of real ones within 1.2° of the calibration; the body, of 600 rendered
people with cameras rolled by up to 4°, with a standard deviation of 1.3°. So the lines correct, and
the body only contradicts. A roll goes into every angle one to one (CLINICAL 5.1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from glutecam.core.assessment import Gate, GateCode
from glutecam.core.baseline import QUIET_SPEED, speed
from glutecam.core.geometry import dot, length, ratio, rotate2, unit
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray, LongPoses, PoseSeries
from glutecam.core.rules import Exercise, Posture, Start
from glutecam.core.sights import Sight

__all__ = ["LevelCarry", "body_roll_deg", "level_gate", "level_of", "lines_roll_deg", "upright"]

KNOWN_SD_DEG = 1.0
"""A look is of use where it knows the roll within this (CLINICAL 5.3: roll known within 1°)."""
LOOKS = 2
"""Live the roll is decided once so many looks in a row tell the same, a third of a second, and kept."""
AT_ONE_DEG = 1.5
"""Looks that differ more show a camera that moves, or lines of something else."""
LEVEL_DEG = 0.5
"""Less than this is left alone: lines cannot tell it from nothing."""
FARTHEST_DEG = 20.0
"""Lines further from upright are not looked for."""
CONTRADICTED_DEG = 5.0
"""Lines and body further apart than this do not mean the same: 2.5 standard deviations of a body of
which we take 2°, as real people stand less straight than rendered ones [P]."""
BODY_ALONE_DEG = 5.0
"""Where no line is seen, a body that leans by more than this is a rolled camera, or no quiet stance."""
_QUIET_S = 1.0
_BOTH_FEET = 0.15
_BETWEEN = 0.08
"""Trunk lengths that mid-hip may be off the middle of the feet, along the line through them."""
_APART = 0.7
"""Trunk lengths between the feet; farther out one of them is lifted to the side."""
_L = Landmark


@dataclass(frozen=True)
class LevelCarry:
    """The last looks, and the roll by which pictures are turned, once it is decided."""

    found: tuple[float, ...] = ()
    roll_deg: float | None = None


def lines_roll_deg(poses: LongPoses) -> float | None:
    """Return the roll that the upright lines told, None where they told none or several."""
    roll, sd = poses.sight(Sight.ROLL_DEG), poses.sight(Sight.ROLL_SD_DEG)
    looked, sure = ~np.isnan(sd), sd <= KNOWN_SD_DEG
    if not sure.any() or sure.sum() < 0.5 * looked.sum():
        return None
    return _agreed(roll[sure])


def _agreed(rolls: FloatArray) -> float | None:
    middle = float(np.median(rolls))
    far = float(np.median(np.abs(rolls - middle)))
    return middle if far <= AT_ONE_DEG and abs(middle) <= FARTHEST_DEG else None


def level_of(poses: LongPoses) -> LevelCarry:
    """Decide by a whole recording, for ``upright``."""
    return LevelCarry(roll_deg=_correction(lines_roll_deg(poses)))


def _correction(roll_deg: float | None) -> float:
    return 0.0 if roll_deg is None or abs(roll_deg) < LEVEL_DEG else roll_deg


def upright(poses: PoseSeries, carry: LevelCarry) -> tuple[PoseSeries, LevelCarry]:
    """Turn the points by the roll of the camera, as far as it is known.

    Parameters
    ----------
    poses : PoseSeries (T)
        As the pose model gave them. A ``camera_roll_deg`` that is not 0 was given by somebody who
        knows, and counts.
    carry : LevelCarry
        What the call for the frames before returned, or ``level_of`` the whole.

    Returns
    -------
    PoseSeries (T)
        Turned about the middle of the picture and made small enough to stay within it: lengths are
        in other pixels then. Points that were outside the picture are not visible any more.
    LevelCarry
    """
    if poses.camera_roll_deg:
        return _turned(poses, np.full(len(poses), poses.camera_roll_deg)), carry
    if carry.roll_deg is None:
        return _while_looking(poses, carry)
    if carry.roll_deg == 0.0:
        return poses, carry
    return _turned(poses, np.full(len(poses), carry.roll_deg)), carry


def _while_looking(poses: PoseSeries, carry: LevelCarry) -> tuple[PoseSeries, LevelCarry]:
    """Decide at the frame that brings enough looks, and turn from there on."""
    if len(poses) == 1 and not poses.scene[0, Sight.ROLL_SD_DEG] <= KNOWN_SD_DEG:
        # Live, most frames: lines are looked for a few times a second.
        return poses, carry
    found = list(carry.found)
    for row in np.flatnonzero(poses.sight(Sight.ROLL_SD_DEG) <= KNOWN_SD_DEG).tolist():
        found.append(float(poses.scene[row, Sight.ROLL_DEG]))
        if len(found) >= LOOKS and np.ptp(found[-LOOKS:]) <= AT_ONE_DEG:
            roll = _correction(_agreed(np.array(found[-LOOKS:])))
            rolls = np.where(np.arange(len(poses)) >= row, roll, 0.0)
            return _turned(poses, rolls) if roll else poses, LevelCarry(roll_deg=roll)
    return poses, LevelCarry(tuple(found[-LOOKS:]))


def _turned(poses: PoseSeries, roll_deg: FloatArray) -> PoseSeries:
    width, height = poses.width_px, poses.height_px
    turn = np.radians(np.abs(roll_deg))
    high = (width * np.sin(turn) + height * np.cos(turn)) / height
    wide = (width * np.cos(turn) + height * np.sin(turn)) / width
    centre = np.array([width / 2, height / 2])
    angle, small = roll_deg[:, None], np.maximum(high, wide)[:, None, None]
    image = centre + (rotate2(poses.image_px, angle, centre) - centre) / small
    return replace(
        poses,
        image_px=image,
        world_m=rotate2(poses.world_m, angle, np.zeros(2)),
        visibility=np.where(poses.inside, poses.visibility, poses.visibility * 0.0),
        camera_roll_deg=0.0,
    )


def body_roll_deg(poses: PoseSeries) -> float | None:
    """Return the roll that the body tells while it stands still on both feet; None where it never does.

    The line from the middle of the ankles to that of the shoulders is taken to be upright.
    """
    fast, _ = speed(poses, None)
    still = np.flatnonzero(fast < QUIET_SPEED)
    left, right = poses.point(_L.LEFT_ANKLE)[still], poses.point(_L.RIGHT_ANKLE)[still]
    ankles, feet, trunk_px = 0.5 * (left + right), left - right, poses.trunk_px[still]
    axis = poses.mid_shoulder[still] - ankles
    lean = np.degrees(np.arctan2(axis[:, 0], -axis[:, 1]))
    turn = np.radians(lean)
    lifted = ratio(np.abs(feet[:, 1] * np.cos(turn) - feet[:, 0] * np.sin(turn)), trunk_px)
    # Between two step-downs the free foot hangs beside the other one, and the body is over one foot.
    beside = np.abs(ratio(dot(poses.mid_hip[still] - ankles, unit(feet)), trunk_px))
    on_both = (lifted < _BOTH_FEET) & (beside < _BETWEEN)
    on_both &= ratio(length(feet), trunk_px) < _APART
    lean = lean[on_both & np.isfinite(lean)]
    step_s = float(np.median(np.diff(poses.time_s))) if len(poses) > 1 else 0.0
    return None if len(lean) * step_s < _QUIET_S else -float(np.median(lean))


def level_gate(poses: PoseSeries, exercise: Exercise) -> Gate:
    """Return whether the camera is level, or its roll is known and taken out."""
    lines = lines_roll_deg(poses)
    # Where the quiet posture itself is judged, a body that is tilted is not taken for a tilted camera.
    upright = exercise.posture is Posture.STANDING and exercise.start is not Start.NONE
    body = body_roll_deg(poses) if upright else None
    looked = bool(np.isfinite(poses.sight(Sight.ROLL_DEG)).any())
    gate = Gate(
        GateCode.LEVEL, "the camera is level, or its tilt is known", True, _measured(lines, body, looked),
        f"lines of the room and a body at rest at most {CONTRADICTED_DEG:.0f}° apart, tilt at most "
        f"{FARTHEST_DEG:.0f}°",
        "Put the camera level, so that door frames and corners are upright in the picture, and begin "
        "by standing straight.",
    )  # fmt: skip
    return replace(gate, passed=bool(poses.camera_roll_deg) or _is_known(lines, body, poses))


def _is_known(lines: float | None, body: float | None, poses: PoseSeries) -> bool:
    if lines is None:
        tilted = np.abs(poses.sight(Sight.ROLL_DEG)) > FARTHEST_DEG
        sure = poses.sight(Sight.ROLL_SD_DEG) <= KNOWN_SD_DEG
        if (tilted & sure).sum() >= LOOKS:
            return False
        return body is None or abs(body) <= BODY_ALONE_DEG
    # A body may lean in a level room; one that must be believed against the lines is another matter.
    return _correction(lines) == 0.0 or body is None or abs(lines - body) <= CONTRADICTED_DEG


def _degrees(angle: float) -> str:
    """Return an angle with one decimal, a true minus and no negative zero."""
    return f"{round(angle, 1) + 0.0:.1f}°".replace("-", "−")


def _measured(lines: float | None, body: float | None, looked: bool) -> str:
    seen = "not to be told by lines" if looked else "lines not looked for"
    words = [seen if lines is None else f"lines tell {_degrees(lines)}"]
    if lines is not None and _correction(lines):
        words.append("taken out")
    if body is not None:
        words.append(f"a body at rest {_degrees(body)}")
    return ", ".join(words)
