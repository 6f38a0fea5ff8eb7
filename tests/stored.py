"""Landmarks that are kept in the repository, as a recording: a video that nobody has to look at again."""

from __future__ import annotations

from pathlib import Path

from glutecam.records.posefile import save_poses
from training.kept_clips import KeptClip, read_clip

ROOT = Path(__file__).resolve().parents[1]
EXERCISES = ROOT / "training" / "landmarks" / "exercises"
STEP_DOWN = EXERCISES / "step-down" / "002.npz"
WALKS = sorted(EXERCISES.glob("walking*/*.npz"))
"""Of twenty rendered people; the last of them walks away from the camera."""


def kept_step_down() -> KeptClip:
    """Return a rendered person's step-downs on the right leg, a planted fault in most of them."""
    return read_clip(STEP_DOWN)


def recorded_step_down(target: Path) -> Path:
    """Write them as ``glutecam track`` would have."""
    save_poses(
        target,
        kept_step_down().poses,
        model_name="full",
        source_name="step_down_right.mp4",
        fps=30.0,
    )
    return target
