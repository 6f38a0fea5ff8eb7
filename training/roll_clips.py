"""What models of the roll say in clips of side-lying exercises, counted from the quiet start.

The roll that was planted and everything else that was planted are seen at the same opening of the legs:
what is told at the top of one repetition is compared with the top of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glutecam.core.pelvis import PELVIC_ROLL
from glutecam.core.poses import PoseSeries
from training.kept_clips import KeptClip, read_clip
from training.rotations import Array

EXERCISES = ("clamshell", "side-lying-hip-abduction")
ROLLED = "pelvic_roll"
#: When everybody lies still; what is near the top of a repetition.
QUIET_S, NEAR_TOP = (0.3, 1.6), 0.85

#: From poses (T), upper leg right, and which of them are quiet (T,), to the change of the roll (T,).
Teller = Callable[[PoseSeries, NDArray[np.bool_]], Array]


@dataclass(frozen=True)
class Top:
    """The top of one repetition: change of the roll from the quiet start, told and true."""

    exercise: str
    body: int
    fault: str
    told_deg: float
    true_deg: float


def hip_depth(poses: PoseSeries, quiet: NDArray[np.bool_]) -> Array:
    """Return the change of the roll as the product reads it from the pose model's metres, (T,)."""
    roll = PELVIC_ROLL.of(poses).value
    return np.asarray((roll - np.nanmedian(roll[quiet]) + 180.0) % 360.0 - 180.0)


def tops(clip: KeptClip, tell: Teller) -> list[Top]:
    """Return what is told at the top of every repetition of a clip."""
    poses = clip.poses if clip.about["side"] == "right" else clip.poses.mirrored()
    quiet = np.asarray((poses.time_s > QUIET_S[0]) & (poses.time_s < QUIET_S[1]))
    told, true = tell(poses, quiet), clip.over_time("pelvic_roll_deg")
    true = true - np.median(true[quiet])
    bent = clip.about["exercise"] == EXERCISES[0]
    opened = clip.over_time("knee_opening_deg" if bent else "thigh_raise_deg")
    found = []
    for number, rep in enumerate(clip.about["reps"]):
        during = clip.rep == number
        top = during & (opened >= np.quantile(opened[during], NEAR_TOP))
        values = float(np.nanmedian(told[top])), float(np.median(true[top]))
        found.append(Top(clip.about["exercise"], clip.about["body"], rep["fault"], *values))
    return found


def from_the_front(folder: Path) -> list[KeptClip]:
    """Return every kept clip of people on their side who face the camera."""
    paths = [path for name in EXERCISES for path in sorted((folder / name).glob("*.npz"))]
    clips = [read_clip(path) for path in paths]
    return [clip for clip in clips if abs(clip.about["camera"]["yaw_deg"]) < 90.0]


def in_words(clips: list[list[Top]]) -> list[str]:
    """Return what is told of each planted fault, and of a roll beside the other repetitions of its clip."""
    lines = []
    every = [top for clip in clips for top in clip]
    for fault in dict.fromkeys(top.fault for top in every):
        these = [top for top in every if top.fault == fault]
        told = ", ".join(f"{top.told_deg:.0f}" for top in these)
        true = np.mean([top.true_deg for top in these])
        lines.append(f"{fault or 'clean'}: true {true:.0f}° on average, told {told}")
    excess = [_beyond(clip) for clip in clips]
    told, true = np.array([pair for pair in excess if pair is not None]).T
    lines.append(
        f"roll beyond the other repetitions: true {true.mean():.1f}°, told {told.mean():.1f}° "
        f"({told.min():.1f} to {told.max():.1f})"
    )
    rolled = [top.told_deg for top in every if top.fault == ROLLED]
    others = [top.told_deg for top in every if top.fault != ROLLED]
    order = np.mean([one > other for one in rolled for other in others])
    error = np.quantile([abs(top.told_deg - top.true_deg) for top in every], 0.9)
    lines.append(f"a rolled one reads more than another in {order:.0%}; 90 % within {error:.0f}°")
    return lines


def _beyond(clip: list[Top]) -> tuple[float, float] | None:
    """How much more the rolled repetition rolls than the others of the same person, told and true."""
    rolled = [top for top in clip if top.fault == ROLLED]
    others = [top for top in clip if top.fault != ROLLED]
    if not rolled or not others:
        return None
    told = rolled[0].told_deg - float(np.median([top.told_deg for top in others]))
    return told, rolled[0].true_deg - float(np.median([top.true_deg for top in others]))
