"""Faces out of every picture that is kept: of the person who is tracked, and of others around.

The pose model has seen the frame before, so its points say where the head is. It does not find
everybody else who may be there, and a count of the people misses some: so everything around the
tracked person is made coarse. Where it found nobody, the whole picture is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np

from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.display.view import Image

__all__ = ["Faces", "heads"]

FACE = slice(Landmark.NOSE, Landmark.LEFT_SHOULDER)
"""The eleven points of the face come first."""

GAP_S = 0.5
"""A head that was not found is taken to be near where it was, and will be, for so long."""
AROUND_S = 0.1
"""Points err and heads move: where a head was just before and after is hidden as well."""
SPREAD, TRUNK, SHOULDERS = 1.6, 0.30, 0.45
"""Radius of the head, hair and chin included, in spreads of the face's points about their middle,
trunk lengths and shoulder widths: the largest counts. Of our own choosing [P]."""
MARGIN = 0.6
"""Air around the tracked person, in radii of the head: nobody else's face fits in there."""
BLOCKS = 1.0
"""So many coarse blocks cover the radius of a head: with three, CenterFace still saw faces."""
LEAST_BLOCK_PX = 6
UNKNOWN = 1 / 16
"""Where nobody was found: a block in shorter sides of the picture."""


def heads(poses: PoseSeries) -> FloatArray:
    """Return x, y and radius in pixels of the head in each frame, (T, 3); NaN where nobody is seen."""
    face = poses.image_px[:, FACE]
    middle = face.mean(axis=1)
    spread = np.linalg.norm(face - middle[:, None], axis=2).max(axis=1)
    left, right = poses.point(Landmark.LEFT_SHOULDER), poses.point(Landmark.RIGHT_SHOULDER)
    across = np.linalg.norm(left - right, axis=1)
    rulers = np.stack([SPREAD * spread, TRUNK * poses.trunk_px, SHOULDERS * across])
    return np.column_stack([middle, rulers.max(axis=0)])


@dataclass(frozen=True)
class _Seen:
    """The head (x, y, radius) and the body (left, top, right, bottom) in pixels, at a time in s."""

    time_s: float
    head: tuple[float, float, float]
    body: tuple[float, float, float, float]


class Faces:
    """Hides the faces in one frame after the other, in the order of time.

    Parameters
    ----------
    known : PoseSeries or None
        The landmarks of the whole recording, so that a gap can be bridged from both of its ends;
        None live, where only the past is known.
    """

    def __init__(self, known: PoseSeries | None = None) -> None:
        self._seen: deque[_Seen] = deque(_sightings(known) if known is not None else ())
        self._live = known is None

    def hidden(self, image: Image, poses: PoseSeries) -> Image:
        """Return the picture without faces; the one given is not changed.

        Parameters
        ----------
        image : (H, W, 3) uint8
            RGB, as the pose model saw it.
        poses : PoseSeries
            T = 1, of this frame.
        """
        now_s = float(poses.time_s[-1])
        if self._live:
            self._seen.extend(_sightings(poses))
        while self._seen and self._seen[0].time_s < now_s - GAP_S:
            self._seen.popleft()
        near = self._near(now_s, bool(poses.seen[-1]))
        if not near:
            return _coarse(image, round(UNKNOWN * min(image.shape[:2])))
        return _without(image, near)

    def _near(self, now_s: float, found: bool) -> list[_Seen]:
        """Return where the head may be: hardly more than one place where it was found."""
        reach = AROUND_S if found else GAP_S
        near = [seen for seen in self._seen_until(now_s + reach) if seen.time_s >= now_s - reach]
        if found or self._live:
            return near
        both = near and near[0].time_s < now_s < near[-1].time_s
        return near if both else []

    def _seen_until(self, end_s: float) -> list[_Seen]:
        found = []
        for seen in self._seen:
            if seen.time_s > end_s:
                break
            found.append(seen)
        return found


def _sightings(poses: PoseSeries) -> list[_Seen]:
    found = np.flatnonzero(poses.seen)
    bodies = np.concatenate(
        [poses.image_px[found].min(axis=1), poses.image_px[found].max(axis=1)], axis=1
    )
    rows = zip(
        poses.time_s[found].tolist(), heads(poses)[found].tolist(), bodies.tolist(), strict=True
    )
    return [_Seen(time_s, tuple(head), tuple(body)) for time_s, head, body in rows]


def _without(image: Image, near: list[_Seen]) -> Image:
    keep = np.zeros(image.shape[:2], dtype=np.uint8)
    for seen in near:
        left, top, right, bottom = _with_air(seen)
        cv2.rectangle(keep, (left, top), (right, bottom), 255, cv2.FILLED)
    for one, after in zip(near, [*near[1:], near[-1]], strict=True):
        radius = max(one.head[2], after.head[2])
        ends = [(round(seen.head[0]), round(seen.head[1])) for seen in (one, after)]
        cv2.line(keep, ends[0], ends[1], 0, max(1, round(2 * radius)))
        for end in ends:
            cv2.circle(keep, end, round(radius), 0, cv2.FILLED)
    hidden = _coarse(image, round(min(seen.head[2] for seen in near) / BLOCKS))
    cv2.copyTo(image, keep, hidden)
    return hidden


def _with_air(seen: _Seen) -> tuple[int, int, int, int]:
    air = MARGIN * seen.head[2]
    left, top, right, bottom = seen.body
    return round(left - air), round(top - air), round(right + air), round(bottom + air)


def _coarse(image: Image, block_px: int) -> Image:
    """Return the picture in coarse blocks, smoothed: what is finer than a block is gone."""
    block = max(LEAST_BLOCK_PX, block_px)
    height, width = image.shape[:2]
    size = (max(1, width // block), max(1, height // block))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(smooth, dtype=np.uint8)
