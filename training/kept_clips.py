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

from glutecam.core.landmarks import BODY_POINTS, LARGE_JOINTS, Landmark
from glutecam.core.poses import PoseSeries
from training.rotations import LEFT, about

#: Steps of the stored whole numbers: pixels, metres, visibility, truth in its own unit, metres.
STEPS = {"image": 1 / 8, "world": 2e-3, "visibility": 1 / 50, "truth": 1e-3, "joints": 1e-4}
UNSEEN = np.int32(-(2**31))
MOST = 2**30
#: Points of which metres are kept: what any measure reads of them.
METRIC = tuple(p for p in Landmark if p.name.endswith(LARGE_JOINTS))
IDEAL_PX_PER_M, IDEAL_PX = 400.0, (1920, 1080)


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
        width, height = IDEAL_PX
        seen = joints[..., [0, 2]] * [behind, -1.0] * IDEAL_PX_PER_M
        world = joints[..., [0, 2, 1]] * [behind, -1.0, behind]
        middle = [width / 2.0, 0.92 * height]
        hips = world[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1, keepdims=True)
        return replace(
            self.poses,
            image_px=seen + middle,
            world_m=world - hips,
            visibility=np.ones(joints.shape[:2]),
            width_px=width,
            height_px=height,
        )


def _packed(values: NDArray[np.float64], name: str) -> NDArray[np.uint8]:
    """Whole numbers of (T, ...) as differences from row to row, compressed."""
    flat = values.reshape(len(values), -1)
    whole = np.clip(np.round(flat / STEPS[name]), -MOST, MOST)
    stored = np.where(np.isfinite(whole), whole, UNSEEN).astype(np.int32)
    # Differences wrap round as the sum that undoes them does.
    change = np.diff(stored, axis=0, prepend=np.zeros((1, flat.shape[1]), np.int32))
    planes = change.astype("<i4").T.copy().view(np.uint8).reshape(-1, 4).T
    return np.frombuffer(lzma.compress(planes.tobytes(), preset=9), np.uint8)


def _unpacked(packed: NDArray[np.uint8], shape: tuple[int, ...], name: str) -> NDArray[np.float64]:
    planes = np.frombuffer(lzma.decompress(packed.tobytes()), np.uint8).reshape(4, -1)
    change = np.ascontiguousarray(planes.T).view("<i4").reshape(-1, shape[0]).T
    stored = np.cumsum(change.astype(np.int32), axis=0, dtype=np.int32).reshape(shape)
    return np.where(stored == UNSEEN, np.nan, stored * STEPS[name])


def _stand_in(point: Landmark) -> int:
    """Return where a point lies among `BODY_POINTS`; a lid is its eye, a finger its wrist."""
    if point in BODY_POINTS:
        return BODY_POINTS.index(point)
    side = point.name.split("_")[0]
    return BODY_POINTS.index(Landmark[f"{side}_EYE" if "EYE" in point.name else f"{side}_WRIST"])


STAND_INS = [_stand_in(point) for point in Landmark]


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
        moment=clip.moment.astype(np.int16),
        image=_packed(clip.poses.image_px[:, BODY_POINTS], "image"),
        world=_packed(clip.poses.world_m[:, METRIC], "world"),
        visibility=_packed(clip.poses.visibility[:, BODY_POINTS], "visibility"),
        truth=_packed(truth, "truth"),
        joints=_packed(clip.joints_m, "joints"),
    )
    part.replace(path)


def read_clip(path: Path) -> KeptClip:
    """Read one clip; fingers and eyelids, which nothing reads, lie at wrists and eyes."""
    with np.load(path) as file:
        about = json.loads(file["about"].tobytes())
        time_s, count, few = file["time_s"], len(file["time_s"]), len(BODY_POINTS)
        image = _unpacked(file["image"], (count, few, 2), "image")
        visibility = _unpacked(file["visibility"], (count, few), "visibility")
        world = np.full((count, len(Landmark), 3), np.nan)
        world[:, METRIC] = _unpacked(file["world"], (count, len(METRIC), 3), "world")
        moment, names = file["moment"].astype(np.int64), about["truth"]
        moments = int(moment.max()) + 1
        truth = _unpacked(file["truth"], (moments, len(names)), "truth")
        joints = _unpacked(file["joints"], (moments, len(JOINTS), 3), "joints")
        rep = file["rep"].astype(np.int64)
    poses = PoseSeries(
        time_s,
        image[:, STAND_INS],
        world,
        visibility[:, STAND_INS],
        np.ones(count, dtype=np.int64),
        about["width_px"],
        about["height_px"],
    )
    return KeptClip(poses, rep, moment, dict(zip(names, truth.T, strict=True)), joints, about)
