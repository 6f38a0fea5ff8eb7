"""Landmarks of pictures, as the product would see them, and the compact files that keep them.

A picture is shown twice: the first time the network may look where the last person stood, the
second time its window fits, as it does in a video.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.capture.frames import Frame
from glutecam.capture.mediapipe_pose import MediaPipePose
from glutecam.capture.weights import model_path

#: Steps of the stored integers: pixels and metres.
PX_STEP, M_STEP = 1.0 / 32.0, 1.0e-4
UNSEEN = np.int16(-32768)
#: So many steps fit into two bytes, 1024 pixels. Files of before 2026-11-23 hold this for all that lies beyond:
#: ankles, heads or wrists in 206 of the 6,000 pictures of people on their side, in no other set.
MOST = 32767
Steps = NDArray[np.signedinteger]
CROP_PX, CROP_TRUNKS = 128, 1.5

#: What is known of one picture, by column.
Row = dict[str, float | str | int]


class Observer:
    """One pose model, shown one picture after another of the same person."""

    def __init__(self, variant: str) -> None:
        self._model = MediaPipePose(model_path(variant), variant, count_people_every_s=None)
        self._shown = 0

    def new_person(self) -> None:
        """Forget the last person."""
        self._model.start_anew()
        self._shown = 0

    def look(self, image: NDArray[np.uint8], times: int = 2) -> tuple[Steps, Steps]:
        """Return (33, 2) pixels and (33, 3) metres in stored steps, `UNSEEN` where nobody is seen.

        A frame of a film is shown once.
        """
        picture = np.ascontiguousarray(image)
        for _ in range(times):
            self._shown += 1
            poses = self._model.estimate(Frame(self._shown, self._shown / 30.0, picture, 0.0))
        return _stored(poses.image_px[0], PX_STEP), _stored(poses.world_m[0], M_STEP)


def crop(image: NDArray[np.uint8], stored_px: Steps) -> NDArray[np.uint8]:
    """Return the pelvis (CROP_PX, CROP_PX, 3), `CROP_TRUNKS` trunk lengths wide, as first seen."""
    px = _restored(stored_px, PX_STEP)
    middle, top = px[[23, 24]].mean(axis=0), px[[11, 12]].mean(axis=0)
    scale = CROP_PX / (CROP_TRUNKS * max(float(np.linalg.norm(top - middle)), 1.0))
    if not np.isfinite(scale):
        return np.zeros((CROP_PX, CROP_PX, 3), np.uint8)
    shift = CROP_PX / 2.0 - scale * middle
    place = np.array([[scale, 0.0, shift[0]], [0.0, scale, shift[1]]])
    way = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(image, place, (CROP_PX, CROP_PX), flags=way), np.uint8)


def write_crops(path: Path, crops: Sequence[NDArray[np.uint8]]) -> None:
    """Write crops as JPEG, one after the other, with their ends."""
    coded = [cv2.imencode(".jpg", c[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1] for c in crops]
    part = path.with_name(f".{path.stem}.{os.getpid()}.part.npz")
    np.savez(part, jpeg=np.concatenate(coded), ends=np.cumsum([len(c) for c in coded]))
    part.replace(path)


def _stored(values: NDArray[np.float64], step: float) -> Steps:
    whole = np.round(values / step)
    return np.where(np.isfinite(values), whole, float(UNSEEN)).astype(np.int32)


def _narrow(stored: Steps) -> Steps:
    """Return the same in two bytes each, where that loses nothing."""
    fits = (np.abs(stored) < MOST) | (stored == UNSEEN)
    return stored.astype(np.int16 if fits.all() else np.int32)


def _restored(stored: Steps, step: float) -> NDArray[np.float64]:
    return np.where(stored == UNSEEN, np.nan, stored * step)


@dataclass(frozen=True)
class Sightings:
    """N pictures: truth by name (N,), and for each model pixels (N, 33, 2) and metres (N, 33, 3)."""

    truth: dict[str, NDArray[np.generic]]
    image_px: dict[str, NDArray[np.float64]]
    world_m: dict[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.truth["body"])


def write(
    path: Path,
    rows: Sequence[Row],
    seen: dict[str, list[tuple[Steps, Steps]]],
) -> None:
    """Write one file of sightings; it appears whole or not at all."""
    columns = {f"truth/{key}": np.array([row[key] for row in rows]) for key in rows[0]}
    for key, column in columns.items():
        if column.dtype == np.float64:
            columns[key] = column.astype(np.float32)
    for variant, pairs in seen.items():
        columns[f"{variant}/image"] = _narrow(np.stack([pair[0] for pair in pairs]))
        columns[f"{variant}/world"] = _narrow(np.stack([pair[1] for pair in pairs]))
    part = path.with_name(f".{path.stem}.{os.getpid()}.part.npz")
    np.savez_compressed(part, **columns)
    part.replace(path)


def read(paths: Sequence[Path], variant: str) -> Sightings:
    """Read files of sightings; pictures without this model's landmarks are left out."""
    truth: dict[str, list[NDArray[np.generic]]] = {}
    image, world = [], []
    for path in paths:
        with np.load(path) as file:
            if f"{variant}/image" not in file:
                continue
            for key in file.files:
                if key.startswith("truth/"):
                    truth.setdefault(key.removeprefix("truth/"), []).append(file[key])
            image.append(_restored(file[f"{variant}/image"], PX_STEP))
            world.append(_restored(file[f"{variant}/world"], M_STEP))
    return Sightings(
        {key: np.concatenate(parts) for key, parts in truth.items()},
        {variant: np.concatenate(image)},
        {variant: np.concatenate(world)},
    )
