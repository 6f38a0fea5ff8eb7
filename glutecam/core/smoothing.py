"""Filters of landmarks: causal One Euro for live use, zero-phase Butterworth for recordings.

Both leave a frame in which nobody was seen as it is, and neither works across a gap longer than
0.2 s: what was not seen is never made up. They
smooth what the measures read: the points of the body in the picture, and the large joints in
metres. Fingers and eyelids pass unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from glutecam.core.events import MAX_GAP_S
from glutecam.core.landmarks import BODY_POINTS, LARGE_JOINTS, Landmark
from glutecam.core.one_euro import FilterCarry, follow
from glutecam.core.poses import FloatArray, PoseSeries, blocks

__all__ = ["CAUSAL", "ZERO_PHASE", "FilterCarry", "causal", "gain_and_lag", "zero_phase"]

CAUSAL = "causal"
ZERO_PHASE = "zero-phase"

# A person fills about 2.2 m of the frame's height: the One Euro filter works on metres.
_FRAME_HEIGHT_M = 2.2

# 6 Hz, fourth order in effect: CLINICAL 5.2 proposes 4-6 Hz zero-lag for squats.
_CUTOFF_HZ = 6.0
_ORDER = 2

_VALUES_AT_ONCE = 1 << 17
"""1 MB: rows are filtered together as long as they hold no more, a short recording in one go."""

_POINTS = np.array(BODY_POINTS)


def _stretches(points: Sequence[int]) -> list[tuple[slice, slice]]:
    """Return which of the points lie side by side, and their places in the sequence."""
    begins = [i for i, point in enumerate(points) if i == 0 or point != points[i - 1] + 1]
    pairs = zip(begins, [*begins[1:], len(points)], strict=True)
    return [(slice(points[a], points[b - 1] + 1), slice(a, b)) for a, b in pairs]


_STRETCHES = _stretches(BODY_POINTS)
"""A few slices are written in half the time of a list of points."""
_JOINTS = np.array([point for point in Landmark if point.name.endswith(LARGE_JOINTS)])


def _moving(poses: PoseSeries, metric: bool) -> tuple[FloatArray, float]:
    """Return what is filtered, (T, C): picture points in the scale of a body, then metric joints."""
    scale, frames = _FRAME_HEIGHT_M / poses.height_px, len(poses)
    image = poses.image_px.take(_POINTS, axis=1).reshape(frames, 2 * len(_POINTS)) * scale
    if not metric:
        return image, scale
    world = poses.world_m.take(_JOINTS, axis=1).reshape(frames, 3 * len(_JOINTS))
    return np.concatenate([image, world], axis=1), scale


def _with_moved(poses: PoseSeries, moved: FloatArray, scale: float, metric: bool) -> PoseSeries:
    image = poses.image_px.copy()
    for part in blocks(len(poses)):
        flat = (moved[part, : 2 * len(_POINTS)] / scale).reshape(-1, len(_POINTS), 2)
        for points, columns in _STRETCHES:
            image[part, points] = flat[:, columns]
    if not metric:
        return poses.with_arrays(image_px=image)
    world, solid = poses.world_m.copy(), moved[:, 2 * len(_POINTS) :]
    world[:, _JOINTS] = solid.reshape(len(poses), len(_JOINTS), 3)
    return poses.with_arrays(image_px=image, world_m=world)


def causal(
    poses: PoseSeries, carry: FilterCarry | None, *, metric: bool = True
) -> tuple[PoseSeries, FilterCarry | None]:
    """Smooth with the One Euro filter.

    Parameters
    ----------
    poses : PoseSeries (T)
    carry : FilterCarry or None
        What the call for the frames before returned; None at the beginning.
    metric : bool
        Smooth the points in metres too; else they pass unchanged.

    Returns
    -------
    PoseSeries (T), FilterCarry or None
    """
    points, scale = _moving(poses, metric)
    seen = poses.seen
    if np.count_nonzero(seen) == len(seen):
        out, carry = follow(points, poses.time_s, carry)
    else:
        out = np.full(points.shape, np.nan)
        out[seen], carry = follow(points[seen], poses.time_s[seen], carry)
    return _with_moved(poses, out, scale, metric), carry


def _filter_piece(time_s: FloatArray, rows: FloatArray, key: slice | NDArray[np.intp]) -> None:
    """Filter one piece without long gaps in place, on a uniform grid of its own median step.

    The piece is ``key`` of the times (T,) and of the rows (C, T). Only some rows at a time: scipy makes
    several copies of what it is given.
    """
    # Loading it takes a second, and only recordings need it: not a live session, not a look at the history.
    from scipy.signal import butter, sosfiltfilt

    time_s = time_s[key]
    if len(time_s) < 8:
        return
    step_s = float(np.median(np.diff(time_s)))
    grid = np.linspace(time_s[0], time_s[-1], round((time_s[-1] - time_s[0]) / step_s) + 1)
    sections = butter(_ORDER, min(_CUTOFF_HZ, 0.4 / step_s), fs=1.0 / step_s, output="sos")
    even = len(grid) == len(time_s) and np.allclose(grid, time_s, atol=0.02 * step_s)
    at_once = max(1, _VALUES_AT_ONCE // len(time_s))
    for first in range(0, len(rows), at_once):
        some = rows[first : first + at_once]
        given = some[:, key] if even else _interpolate(grid, time_s, some[:, key])
        smooth = sosfiltfilt(sections, given, padlen=min(12, len(grid) - 1))
        some[:, key] = smooth if even else _interpolate(time_s, grid, smooth)


def _interpolate(at_s: FloatArray, time_s: FloatArray, rows: FloatArray) -> FloatArray:
    """Interpolate every row linearly, (C, len(at_s))."""
    right = np.clip(np.searchsorted(time_s, at_s), 1, len(time_s) - 1)
    share = (at_s - time_s[right - 1]) / (time_s[right] - time_s[right - 1])
    left = rows[:, right - 1]
    return np.asarray(left + share * (rows[:, right] - left))


def zero_phase(poses: PoseSeries, *, metric: bool = True) -> PoseSeries:
    """Smooth a whole recording with a Butterworth filter run forwards and backwards, (T).

    Frames in which nobody was seen stay NaN; each piece between long gaps is filtered by itself.

    Parameters
    ----------
    poses : PoseSeries (T)
    metric : bool
        Smooth the points in metres too; else they pass unchanged.
    """
    # Filtered along rows in one piece: down the columns scipy copies everything four times more.
    rows, scale = _rows(poses, metric)
    seen = poses.seen
    frames = np.flatnonzero(seen)
    breaks = np.flatnonzero(np.diff(poses.time_s[frames]) > MAX_GAP_S) + 1
    for piece in np.split(frames, breaks):
        if len(piece):
            gaps = piece[-1] - piece[0] >= len(piece)
            key = piece if gaps else slice(piece[0], piece[-1] + 1)
            _filter_piece(poses.time_s, rows, key)
    if len(frames) < len(poses):
        rows[:, ~seen] = np.nan
    return _with_moved(poses, rows.T, scale, metric)


def _rows(poses: PoseSeries, metric: bool) -> tuple[FloatArray, float]:
    """Return what is filtered in rows, (C, T), turned over a block at a time."""
    first, scale = _moving(poses[:1], metric)
    rows = np.empty((first.shape[1], len(poses)))
    for part in blocks(len(poses)):
        rows[:, part] = _moving(poses[part], metric)[0].T
    return rows, scale


FASTEST_FPS = 1000.0
"""No camera for people is faster, and the header of a damaged file may claim anything."""


@lru_cache(maxsize=64)
def gain_and_lag(name: str, fps: float) -> tuple[float, float]:
    """Measure a filter on a hip that moves ±12 mm at 0.5 Hz, as in a pelvic drop of ±8°.

    Returns
    -------
    gain : float
        Amplitude after over amplitude before.
    lag_s : float
        How much later the filtered movement is, in seconds.
    """
    time_s = np.arange(0.0, 8.0, 1.0 / min(fps, FASTEST_FPS))
    wave = 0.012 * np.sin(np.pi * time_s)
    poses = PoseSeries.unseen(time_s, 720, 720)
    pixels = wave[:, None, None] * 720 / _FRAME_HEIGHT_M
    series = replace(poses, image_px=np.broadcast_to(pixels, poses.image_px.shape))
    smooth = (
        zero_phase(series, metric=False)
        if name == ZERO_PHASE
        else causal(series, None, metric=False)[0]
    )
    settled = time_s >= 4.0
    out = smooth.image_px[settled, Landmark.LEFT_HIP, 0] * _FRAME_HEIGHT_M / 720
    turn = np.exp(-1j * np.pi * time_s[settled])
    ratio = np.sum(out * turn) / np.sum(wave[settled] * turn)
    return float(abs(ratio)), float(-np.angle(ratio) / np.pi)
