"""Looks at the picture around the person, a few times a second.

Whether the camera is level and stands still, whether there is light, whether it is still the same
person: landmarks do not tell. A look costs about as much as a tenth of an inference, and is taken
three times a second. What it finds travels with the landmarks, in the columns of ``core/sights.py``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.capture.frames import Frame
from glutecam.capture.uprights import Box, roll_of, upright_lines
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.sights import ALIKE, COLOURS, Sight

__all__ = ["SceneWatcher", "body_box", "colours_of"]

Grey = NDArray[np.uint8]

LOOK_S = 0.33
"""Seconds of the frames' own time between two looks."""
FIRST_LINES = 4
"""Upright lines are looked for in the first looks, and then now and then: they cost four times as
much as the rest. What is known of them so far is told at every look."""
LINES_S = 10.0
MOVED, LOST = 0.01, 0.25
"""A camera that moved further than this, in picture heights, or whose background is gone but for this
share, is another one: its lines are looked for anew."""
_LINES_PX = 640
_MOTION_PX = 320
WIDE = 0.4
"""Of the picture's width: points that move together in a narrower place are somebody else's."""
_POINTS = 80
_FEWEST = 12
"""Points of the background below which nothing is said of its motion."""
_NETWORK_PX = 256
"""Side of the crop that the pose network sees; blur below one of its pixels does no harm."""
_FEW, _THIN = 96, 24
"""Every so many rows and columns are compared to tell whether the picture is a new one, the few first:
reading pixels that are in no cache costs more than all else."""
_CODEC = 6
"""Levels of 255 by which the small picture of a frozen one differs from itself, at most, once it went
through H.264 (measured); that of somebody who stands differs by more after two thirds of a second."""
_L = Landmark


class SceneWatcher:
    """Looks at frames in order and tells what it saw; used from one thread."""

    def __init__(self) -> None:
        self._looked_s: float | None = None
        self._lined_s = -np.inf
        self._rolls: deque[tuple[float, float]] = deque(maxlen=FIRST_LINES)
        self._few: NDArray[np.uint8] | None = None
        self._last: NDArray[np.uint8] | None = None
        self._before: Grey | None = None
        self._reference: Grey | None = None
        self._alike = 0.0
        self._points = np.empty((0, 1, 2), np.float32)

    def watch(self, frame: Frame, poses: PoseSeries) -> None:
        """Write what this frame shows into the only row of its poses' scene.

        Parameters
        ----------
        frame : Frame
        poses : PoseSeries (1)
            Fresh from the pose model: nobody else's yet.
        """
        row = poses.scene[0]
        self._compare(frame.image, row)
        if self._is_due(frame.time_s):
            self._look(frame, poses, row)
        if row[Sight.STILL] == 0.0:
            row[Sight.STILL] = self._alike

    def _compare(self, image: NDArray[np.uint8], row: FloatArray) -> None:
        """Tell whether this is the picture before once more; every pixel counts, few tell it mostly."""
        few = image[::_FEW, ::_FEW].copy()
        if self._few is not None and self._last is not None:
            same = np.array_equal(few, self._few) and all(
                np.array_equal(image[::step, ::step], self._last[::step, ::step])
                for step in (_THIN, 1)
            )
            row[Sight.STILL] = float(same)
        self._few, self._last = few, image

    def _is_due(self, time_s: float) -> bool:
        last = self._looked_s
        if last is not None and last <= time_s < last + LOOK_S - 1e-6:
            return False
        self._looked_s = time_s
        return True

    def _look(self, frame: Frame, poses: PoseSeries, row: FloatArray) -> None:
        box = body_box(poses.image_px[0]) if poses.seen[0] else None
        medium = _shrunk(frame.image, _LINES_PX)
        scale = medium.shape[1] / frame.image.shape[1]
        self._follow(medium, _scaled(box, scale), row)
        if self._lines_are_due(frame.time_s, row):
            grey = cv2.cvtColor(medium, cv2.COLOR_RGB2GRAY)
            lines = upright_lines(np.asarray(grey, np.uint8), _scaled(box, scale))
            self._rolls.append(roll_of(lines))
        row[Sight.ROLL_DEG], row[Sight.ROLL_SD_DEG] = _known_so_far(self._rolls)
        if box is None:
            # Why nobody is found: too little light, maybe.
            row[Sight.LIGHT] = float(medium.mean()) / 255.0
        else:
            row[Sight.LIGHT], row[Sight.SHARPNESS] = _light_and_sharpness(frame.image, box)
            row[COLOURS] = colours_of(medium, poses.image_px[0] * scale)

    def _lines_are_due(self, time_s: float, row: FloatArray) -> bool:
        moved = abs(row[[Sight.MOVED_X, Sight.MOVED_Y]]).max() > MOVED
        if moved or row[Sight.KEPT] < LOST:
            self._rolls.clear()
        if len(self._rolls) >= FIRST_LINES and time_s < self._lined_s + LINES_S:
            return False
        self._lined_s = time_s
        return True

    def _follow(self, medium: NDArray[np.uint8], box: Box | None, row: FloatArray) -> None:
        """Tell how the background moved since the last look."""
        small = np.asarray(cv2.cvtColor(_shrunk(medium, _MOTION_PX), cv2.COLOR_RGB2GRAY), np.uint8)
        self._liken(small)
        scale = small.shape[1] / medium.shape[1]
        hidden = _scaled(box, scale)
        if self._before is not None and self._before.shape == small.shape:
            motion = _motion(self._before, small, self._points, hidden)
            row[[Sight.MOVED_X, Sight.MOVED_Y, Sight.TURNED_DEG, Sight.KEPT]] = motion
        self._before = small
        self._points = _background_points(small, hidden)

    def _liken(self, small: Grey) -> None:
        """Tell whether this is still the picture of an earlier look, but for a codec's noise.

        It is compared with the first of them, so that what moves slowly is told as well.
        """
        if self._reference is None or _differ(self._reference, small):
            self._reference, self._alike = small, 0.0
        else:
            self._alike = ALIKE


def _differ(one: Grey, other: Grey) -> bool:
    return one.shape != other.shape or int(cv2.absdiff(one, other).max()) > _CODEC


def _known_so_far(rolls: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Return the middle one of those that are sure; the last one where none is."""
    known = list(rolls)
    sure = sorted(found for found in known if np.isfinite(found[1]))
    return sure[len(sure) // 2] if sure else known[-1]


def body_box(points_px: FloatArray, margin: float = 0.15) -> Box:
    """Return the box about all points (33, 2), wider on every side by a share of its size."""
    low, high = points_px.min(axis=0), points_px.max(axis=0)
    rim = margin * (high - low).max()
    return low[0] - rim, low[1] - rim, high[0] + rim, high[1] + rim


def _scaled(box: Box | None, scale: float) -> Box | None:
    if box is None:
        return None
    left, top, right, bottom = box
    return left * scale, top * scale, right * scale, bottom * scale


def _shrunk(image: NDArray[np.uint8], longest_px: int) -> NDArray[np.uint8]:
    scale = longest_px / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _background_points(grey: Grey, hidden: Box | None) -> NDArray[np.float32]:
    mask = np.full(grey.shape, 255, np.uint8)
    if hidden is not None:
        left, top, right, bottom = (max(0, round(edge)) for edge in hidden)
        mask[top:bottom, left:right] = 0
    found = cv2.goodFeaturesToTrack(grey, _POINTS, 0.02, 7, mask=mask)
    return np.empty((0, 1, 2), np.float32) if found is None else np.asarray(found, np.float32)


def _motion(
    before: Grey, now: Grey, points: NDArray[np.float32], hidden: Box | None
) -> tuple[float, float, float, float]:
    """Return the background's motion x, y in picture heights, its turn in degrees, share kept."""
    unknown = (np.nan,) * 4
    if len(points) < _FEWEST:
        return unknown
    start = np.empty_like(points)
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before, now, points, start)
    old, new = points.reshape(-1, 2), np.asarray(moved).reshape(-1, 2)
    open_ = ~_inside(old, hidden) & ~_inside(new, hidden)
    if open_.sum() < _FEWEST:
        return unknown
    tracked = open_ & (np.asarray(found).reshape(-1) == 1)
    if tracked.sum() < _FEWEST // 2:
        return np.nan, np.nan, np.nan, float(tracked.sum() / open_.sum())
    common, inlying = cv2.estimateAffinePartial2D(
        old[tracked], new[tracked], ransacReprojThreshold=1.0
    )
    kept = 0.0 if inlying is None else float(np.sum(inlying) / open_.sum())
    height, width = now.shape
    if common is None or np.ptp(new[tracked][np.ravel(inlying) == 1, 0]) < WIDE * width:
        return np.nan, np.nan, np.nan, kept
    middle = np.array([width / 2, height / 2, 1.0])
    shift = (np.asarray(common) @ middle - middle[:2]) / height
    turn = float(np.degrees(np.arctan2(common[1, 0], common[0, 0])))
    return float(shift[0]), float(shift[1]), turn, kept


def _inside(points: NDArray[Any], box: Box | None) -> NDArray[np.bool_]:
    if box is None:
        return np.zeros(len(points), dtype=bool)
    x, y = points.T
    return np.asarray((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]))


def _light_and_sharpness(image: NDArray[np.uint8], box: Box) -> tuple[float, float]:
    """Return brightness, and the steepest edges between pixels of the pose network's crop."""
    height, width = image.shape[:2]
    left, right = (int(np.clip(edge, 0, width)) for edge in (box[0], box[2]))
    top, bottom = (int(np.clip(edge, 0, height)) for edge in (box[1], box[3]))
    if right - left < 8 or bottom - top < 8:
        return np.nan, np.nan
    crop = _shrunk(np.ascontiguousarray(image[top:bottom, left:right]), _NETWORK_PX)
    grey = np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), np.float32) / 255.0
    steps = np.abs(np.diff(grey, axis=1))
    low, high = np.quantile(grey, [0.02, 0.98])
    steep = float(np.quantile(steps, 0.995) / max(high - low, 0.02))
    return float(grey.mean()), min(steep, 1.0)


def colours_of(image: NDArray[np.uint8], points_px: FloatArray) -> FloatArray:
    """Return the mean colours of the body's parts, (15,); NaN where a part is outside.

    Parameters
    ----------
    image : (H, W, 3) uint8
    points_px : (33, 2)
        Where the body is in it.
    """
    places = _places(points_px)
    reach = max(
        1, round(0.04 * float(np.linalg.norm(points_px[_L.LEFT_SHOULDER] - points_px[_L.LEFT_HIP])))
    )
    colours = np.array([[_mean_colour(image, place, reach) for place in part] for part in places])
    known = np.isfinite(colours[..., 0])
    total = np.where(known[..., None], colours, 0.0).sum(axis=1)
    count = known.sum(axis=1)[:, None]
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).ravel()


def _places(points: FloatArray) -> FloatArray:
    """Return two places for each part of ``PARTS``, (5, 2, 2)."""
    left = [points[point] for point in (_L.LEFT_SHOULDER, _L.LEFT_HIP, _L.LEFT_KNEE, _L.LEFT_ANKLE)]
    right = [
        points[point] for point in (_L.RIGHT_SHOULDER, _L.RIGHT_HIP, _L.RIGHT_KNEE, _L.RIGHT_ANKLE)
    ]
    rows = []
    for start, share in ((0, 0.25), (0, 0.6), (0, 0.95), (1, 0.5), (2, 0.5)):
        a, b = (leg[start] + share * (leg[start + 1] - leg[start]) for leg in (left, right))
        # The trunk is sampled well inside its outline, the legs in their middle.
        inner = 0.25 if start == 0 else 0.0
        rows.append((a + inner * (b - a), b + inner * (a - b)))
    return np.array(rows)


def _mean_colour(image: NDArray[np.uint8], place: FloatArray, reach: int) -> FloatArray:
    x, y = round(float(place[0])), round(float(place[1]))
    height, width = image.shape[:2]
    if not (0 <= x < width and 0 <= y < height):
        return np.full(3, np.nan)
    patch = image[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
    mean = patch.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    return np.asarray(cv2.cvtColor(mean.reshape(1, 1, 3), cv2.COLOR_RGB2LAB), np.float64).ravel()
