"""PoseSeries: T frames of one person, a structure of arrays.

It is the one type in the middle: every measure takes it, every recording holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glutecam.core.columns import Columns, Rows
from glutecam.core.landmarks import LANDMARK_COUNT, MIRROR, Landmark
from glutecam.core.sights import MIRRORED_SIGHTS, SIGHTS, Sight

__all__ = ["FloatArray", "LongPoses", "PoseSeries", "blocks"]

FloatArray = NDArray[np.float64]

_BLOCK = 2048


def blocks(frames: int) -> Iterator[slice]:
    """Cut a long recording into pieces that stay in the processor's own cache while worked upon."""
    return (slice(start, start + _BLOCK) for start in range(0, frames, _BLOCK))


class LongPoses(Protocol):
    """T frames of one person, wherever they are: any stretch of them can be had as a PoseSeries.

    A PoseSeries is one; of an hour the landmarks may lie on a disk, with the times alone in memory.
    """

    def __len__(self) -> int:
        """Return T."""

    def __getitem__(self, key: slice) -> PoseSeries:
        """Return a stretch without steps."""

    @property
    def width_px(self) -> int:
        """Width of the frame."""

    @property
    def height_px(self) -> int:
        """Height of the frame."""

    @property
    def camera_roll_deg(self) -> float:
        """Known roll of the camera."""

    @property
    def time_s(self) -> FloatArray:
        """(T,) seconds."""

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(T,) True where a person was found."""

    def sight(self, sight: Sight) -> FloatArray:
        """(T,) one column of ``scene``."""

    def pieces(self, name: str) -> Iterator[NDArray[Any]]:
        """Yield an array by its name, some frames at a time; one piece at least."""


@dataclass(frozen=True, eq=False)
class PoseSeries:
    """T frames of one person; a row for every frame that was read.

    Attributes
    ----------
    time_s : (T,)
        Seconds from the first frame, strictly increasing; from the container's timestamps or a
        monotonic clock, never from a frame number.
    image_px : (T, 33, 2)
        Points in pixels of the frame, x right, y down. NaN where nobody was seen.
    world_m : (T, 33, 3)
        Points in metres about the middle of the hips, x right, y down, z away from the camera.
        The scale is that of a statistical body. NaN where nobody was seen.
    visibility : (T, 33)
        0 to 1, not low-passed. NaN where nobody was seen.
    people : (T,)
        How many people were found in the frame; -1 where they were not counted.
    width_px, height_px : int
        Size of the frame.
    camera_roll_deg : float
        Known roll of the camera, + = the picture must be turned clockwise to be upright.
    scene : (T, 24)
        What the pictures told beside the landmarks, in columns of ``Sight``; NaN where they were not
        looked at, everywhere by default.

    Raises
    ------
    ValueError
        On construction, where shapes disagree or time does not increase.
    """

    time_s: FloatArray
    image_px: FloatArray
    world_m: FloatArray
    visibility: FloatArray
    people: NDArray[np.int64]
    width_px: int
    height_px: int
    camera_roll_deg: float = 0.0
    scene: FloatArray = field(default_factory=lambda: np.empty((0, SIGHTS)))

    def __post_init__(self) -> None:
        frames = len(self.time_s)
        if frames and not len(self.scene):
            object.__setattr__(self, "scene", np.full((frames, SIGHTS), np.nan))
        points = (frames, LANDMARK_COUNT)
        fits = (
            self.image_px.shape == (*points, 2)
            and self.world_m.shape == (*points, 3)
            and self.visibility.shape == points
            and self.people.shape == (frames,)
            and self.scene.shape == (frames, SIGHTS)
        )
        if not fits:
            names = ("image_px", "world_m", "visibility", "people", "scene")
            shapes = ", ".join(f"{name} {getattr(self, name).shape}" for name in names)
            raise ValueError(f"the arrays disagree for T = {frames}: {shapes}")
        if frames > 1 and not bool(np.all(self.time_s[1:] > self.time_s[:-1])):
            raise ValueError("time_s must increase from frame to frame")

    def __len__(self) -> int:
        return len(self.time_s)

    def __getitem__(self, key: slice) -> PoseSeries:
        part = self.with_arrays(
            time_s=self.time_s[key],
            image_px=self.image_px[key],
            world_m=self.world_m[key],
            visibility=self.visibility[key],
            people=self.people[key],
            scene=self.scene[key],
        )
        if key.step is not None:
            part.__post_init__()
        return part

    def since(self, time_s: float) -> PoseSeries:
        """Return the frames from a time on."""
        return self[int(np.searchsorted(self.time_s, time_s)) :]

    def with_arrays(self, **arrays: NDArray[Any]) -> PoseSeries:
        """Return the series with other arrays, whose shapes and times the caller answers for.

        Nothing is checked: live, a check of every step's result costs more than the steps.
        """
        made = object.__new__(PoseSeries)
        made.__dict__.update({name: self.__dict__[name] for name in _FIELDS})
        made.__dict__.update(arrays)
        return made

    @classmethod
    def unseen(cls, time_s: FloatArray, width_px: int, height_px: int) -> PoseSeries:
        """Return frames in which nobody was seen."""
        frames = len(time_s)
        return cls(
            time_s=np.asarray(time_s, dtype=np.float64),
            image_px=np.full((frames, LANDMARK_COUNT, 2), np.nan),
            world_m=np.full((frames, LANDMARK_COUNT, 3), np.nan),
            visibility=np.full((frames, LANDMARK_COUNT), np.nan),
            people=np.full(frames, -1, dtype=np.int64),
            width_px=width_px,
            height_px=height_px,
        )

    @classmethod
    def concatenate(cls, parts: Sequence[PoseSeries]) -> PoseSeries:
        """Join consecutive pieces of one recording; all must have the same frame size.

        Raises
        ------
        ValueError
            Where there is nothing to join, or the frame size changes.
        """
        if not parts:
            raise ValueError("nothing to concatenate")
        if len({(part.width_px, part.height_px) for part in parts}) > 1:
            raise ValueError("the frame size changes within the recording")
        return replace(
            parts[0],
            time_s=np.concatenate([part.time_s for part in parts]),
            image_px=np.concatenate([part.image_px for part in parts]),
            world_m=np.concatenate([part.world_m for part in parts]),
            visibility=np.concatenate([part.visibility for part in parts]),
            people=np.concatenate([part.people for part in parts]),
            scene=np.concatenate([part.scene for part in parts]),
        )

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(T,) True where a person was found."""
        return np.isfinite(self.image_px[:, Landmark.LEFT_HIP, 0])

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """(T, 33) True where a point is inside the picture."""
        x, y = self.image_px[..., 0], self.image_px[..., 1]
        return np.asarray((x >= 0) & (x <= self.width_px) & (y >= 0) & (y <= self.height_px))

    def each(self, formula: Callable[[Columns], Any]) -> FloatArray:
        """Return what a formula gives in every frame: (T,) of a Column, (T, 2) of a Vector."""
        found = formula(self.body)
        if len(self) == 1:
            return np.array([found])
        return np.stack(found, axis=-1) if isinstance(found, tuple) else np.asarray(found)

    @cached_property
    def body(self) -> Columns:
        """The points in the picture by column; of one frame alone, which is a live one, plain numbers."""
        if len(self) == 1:
            x, y = self.image_px[0].T.tolist()
            return Columns(x, y)
        return Columns(*(Rows(partial(_row, self.image_px[..., axis])) for axis in (0, 1)))

    @cached_property
    def mirrored_body(self) -> Columns:
        """The same of ``mirrored``, which need not be made for it."""
        return self.body.mirrored(self.width_px)

    @cached_property
    def mid_hip(self) -> FloatArray:
        """(T, 2) pixels half-way between the hip points."""
        return self.each(lambda body: body.mid_hip)

    @cached_property
    def mid_shoulder(self) -> FloatArray:
        """(T, 2) pixels half-way between the shoulder points."""
        return self.each(lambda body: body.mid_shoulder)

    @cached_property
    def trunk_px(self) -> FloatArray:
        """(T,) pixels from mid-hip to mid-shoulder: the ruler of everything in trunk lengths."""
        return self.each(lambda body: body.trunk)

    @cached_property
    def facing(self) -> FloatArray:
        """(T,) +1 where the subject faces the camera, -1 where the back is seen."""
        return self.each(lambda body: body.facing)

    def pieces(self, name: str) -> Iterator[NDArray[Any]]:
        """Yield an array by its name, some frames at a time; one piece at least."""
        array = getattr(self, name)
        return (array[part] for part in blocks(max(1, len(self))))

    def sight(self, sight: Sight) -> FloatArray:
        """(T,) one column of ``scene``."""
        return self.scene[:, sight]

    def point(self, landmark: Landmark) -> FloatArray:
        """(T, 2) pixels of one point."""
        return self.image_px[:, landmark]

    def world(self, landmark: Landmark) -> FloatArray:
        """(T, 3) metres of one point."""
        return self.world_m[:, landmark]

    @cached_property
    def mirror(self) -> PoseSeries:
        """The series as ``mirrored`` gives it, made once."""
        return self.mirrored()

    def mirrored(self, where: NDArray[np.bool_] | bool = True) -> PoseSeries:
        """Return the series as a mirror would show it, left and right exchanged.

        Parameters
        ----------
        where : (T,) bool or bool
            The frames to mirror.
        """
        flip_px, flip_m, seen = self._flipped()
        scene = self.scene * MIRRORED_SIGHTS
        if where is True:
            return self.with_arrays(image_px=flip_px, world_m=flip_m, visibility=seen, scene=scene)
        rows = np.broadcast_to(np.asarray(where), (len(self),))[:, None]
        return self.with_arrays(
            image_px=np.where(rows[..., None], flip_px, self.image_px),
            world_m=np.where(rows[..., None], flip_m, self.world_m),
            visibility=np.where(rows, seen, self.visibility),
            scene=np.where(rows, scene, self.scene),
        )

    def exchanged(self) -> PoseSeries:
        """Return the series with the names of left and right exchanged, every point where it was."""
        return self.with_arrays(
            image_px=self.image_px.take(MIRROR, axis=1),
            world_m=self.world_m.take(MIRROR, axis=1),
            visibility=self.visibility.take(MIRROR, axis=1),
        )

    def _flipped(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        image, world = self.image_px.take(MIRROR, axis=1), self.world_m.take(MIRROR, axis=1)
        image[..., 0] = self.width_px - image[..., 0]
        world[..., 0] = -world[..., 0]
        return image, world, self.visibility.take(MIRROR, axis=1)

    def without(self, where: NDArray[np.bool_]) -> PoseSeries:
        """Return the series with the chosen frames marked as not seen."""
        rows = where[:, None]
        return self.with_arrays(
            image_px=np.where(rows[..., None], np.nan, self.image_px),
            world_m=np.where(rows[..., None], np.nan, self.world_m),
            visibility=np.where(rows, np.nan, self.visibility),
        )


def _row(points: FloatArray, point: int) -> FloatArray:
    """Return one column in one piece: scattered over the frames it is read ten times as slowly."""
    return np.ascontiguousarray(points[:, point])


_FIELDS = tuple(field.name for field in fields(PoseSeries))
