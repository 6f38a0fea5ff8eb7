"""The landmarks and the truth of one clip in a small file: whole numbers, differences, LZMA."""

from __future__ import annotations

import json
import lzma
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glutecam.core.landmarks import Landmark
from glutecam.core.poses import PoseSeries
from training.rotations import LEFT, about

#: Steps of the stored whole numbers: pixels, metres, visibility.
STEPS = {"image": 1.0 / 16.0, "world": 1.0e-3, "visibility": 1.0 / 250.0}
UNSEEN = -32768
IDEAL_PX_PER_M = 180.0


def _bone(point: Landmark) -> str:
    """Return the bone at whose start a point is, or the nearest one."""
    name, side = point.name, "R" if "RIGHT" in point.name else "L"
    for word, bone in NEAREST.items():
        if word in name:
            return f"{bone}.{side}"
    return "head"


NEAREST = {
    "SHOULDER": "upperarm01",
    "ELBOW": "lowerarm01",
    "WRIST": "wrist",
    "PINKY": "wrist",
    "INDEX": "wrist",
    "THUMB": "wrist",
    "HIP": "upperleg01",
    "KNEE": "lowerleg01",
    "ANKLE": "foot",
    "HEEL": "foot",
}
#: Bone of each of the 33 points; a foot's tip is its ankle, a face the joint of the head.
POINT_BONES = tuple(
    f"foot.{point.name[0]}" if "FOOT" in point.name else _bone(point) for point in Landmark
)
JOINTS = tuple(sorted(set(POINT_BONES)))


@dataclass(frozen=True, eq=False)
class KeptClip:
    """One clip: landmarks of T frames, the truth of each, and what was planned.

    Attributes
    ----------
    poses : PoseSeries (T)
    rep : (T,)
        Number of the repetition, -1 between them.
    moment : (T,)
        Which of the M distinct moments a frame shows.
    truth : name -> (M,)
    joints_m : (M, J, 3)
        Joint centres `JOINTS` in metres, axes of `training.rotations`.
    about : dict
        What does not change: exercise, side, body, camera, repetitions with their faults.
    """

    poses: PoseSeries
    rep: NDArray[np.int64]
    moment: NDArray[np.int64]
    truth: dict[str, NDArray[np.float64]]
    joints_m: NDArray[np.float64]
    about: dict[str, Any]

    def over_time(self, name: str) -> NDArray[np.float64]:
        """Return one column of the truth for every frame, (T,)."""
        return self.truth[name][self.moment]

    def ideal(self) -> PoseSeries:
        """Return what a perfect pose model would see of the joints from far away, (T).

        Straight from the camera's side, level; points that are not joints lie where a joint near
        them is. Measured with it, a quantity is true by its own definition.
        """
        behind = -1.0 if abs(self.about["camera"]["yaw_deg"]) > 90.0 else 1.0
        joints = self.joints_m[self.moment][:, [JOINTS.index(bone) for bone in POINT_BONES]]
        # Who lies with the feet to the camera has no length when it looks level.
        joints = joints @ about(LEFT, self.about.get("look_down_deg", 0.0)).T
        width, height = self.poses.width_px, self.poses.height_px
        seen = joints[..., [0, 2]] * [behind, -1.0] * IDEAL_PX_PER_M
        world = joints[..., [0, 2, 1]] * [behind, -1.0, behind]
        middle = [width / 2.0, 0.75 * height]
        hips = world[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1, keepdims=True)
        return replace(
            self.poses,
            image_px=seen + middle,
            world_m=world - hips,
            visibility=np.ones(joints.shape[:2]),
        )


def _packed(values: NDArray[np.float64], step: float) -> NDArray[np.uint8]:
    """Whole numbers of (T, ...) as differences from frame to frame, compressed."""
    flat = values.reshape(len(values), -1)
    whole = np.clip(np.round(flat / step), -32767, 32767)
    stored = np.where(np.isfinite(whole), whole, UNSEEN).astype(np.int16)
    # Differences wrap round as the sum that undoes them does.
    change = np.diff(stored, axis=0, prepend=np.zeros((1, flat.shape[1]), np.int16))
    planes = change.astype("<i2").T.copy().view(np.uint8).reshape(-1, 2).T
    return np.frombuffer(lzma.compress(planes.tobytes(), preset=9), np.uint8)


def _unpacked(
    packed: NDArray[np.uint8], shape: tuple[int, ...], step: float
) -> NDArray[np.float64]:
    planes = np.frombuffer(lzma.decompress(packed.tobytes()), np.uint8).reshape(2, -1)
    change = np.ascontiguousarray(planes.T).view("<i2").reshape(-1, shape[0]).T
    stored = np.cumsum(change.astype(np.int16), axis=0, dtype=np.int16).reshape(shape)
    return np.where(stored == UNSEEN, np.nan, stored * step)


def write_clip(path: Path, clip: KeptClip) -> None:
    """Write one clip; the file appears whole or not at all."""
    truth = np.stack(list(clip.truth.values()), axis=1)
    about = clip.about | {
        "truth": list(clip.truth),
        "width_px": clip.poses.width_px,
        "height_px": clip.poses.height_px,
    }
    part = path.with_name(f".{path.stem}.{os.getpid()}.part.npz")
    np.savez(
        part,
        about=np.frombuffer(json.dumps(about).encode(), np.uint8),
        time_s=clip.poses.time_s,
        rep=clip.rep.astype(np.int16),
        image=_packed(clip.poses.image_px, STEPS["image"]),
        world=_packed(clip.poses.world_m, STEPS["world"]),
        visibility=_packed(clip.poses.visibility, STEPS["visibility"]),
        moment=clip.moment.astype(np.int16),
        values=truth.astype(np.float32),
        joints=np.round(clip.joints_m, 4).astype(np.float32),
    )
    part.replace(path)


def read_clip(path: Path) -> KeptClip:
    """Read one clip."""
    with np.load(path) as file:
        about = json.loads(file["about"].tobytes())
        time_s = file["time_s"]
        count = len(time_s)
        names = about["truth"]
        truth = dict(zip(names, file["values"].T.astype(np.float64), strict=True))
        poses = PoseSeries(
            time_s,
            _unpacked(file["image"], (count, 33, 2), STEPS["image"]),
            _unpacked(file["world"], (count, 33, 3), STEPS["world"]),
            _unpacked(file["visibility"], (count, 33), STEPS["visibility"]),
            np.ones(count, dtype=np.int64),
            about["width_px"],
            about["height_px"],
        )
        rep, moment = file["rep"].astype(np.int64), file["moment"].astype(np.int64)
        joints = file["joints"].astype(np.float64)
    return KeptClip(poses, rep, moment, truth, joints, about)
