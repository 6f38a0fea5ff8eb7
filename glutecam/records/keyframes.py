"""Pictures of the moments that decided: the worst frame of each repetition that was not fine."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Assessment, Band, Finding, Rep
from glutecam.core.poses import FloatArray

__all__ = ["KeyFrames", "deciding"]

Image = NDArray[np.uint8]

_AT_MOST = 12
_HEIGHT_PX = 480
_JPEG_QUALITY = 82


def deciding(rep: Rep) -> Finding | None:
    """Return the first finding that gives the repetition its band; None where nothing needs a look."""
    return next(iter(rep.deciding), None)


class KeyFrames:
    """Keeps JPEGs of the frames that the report shows.

    Faults come first, then what could not be told; at most twelve.

    Parameters
    ----------
    assessment : Assessment
    around : callable or None
        Frame number -> (N, 2) points in pixels of the frame; the picture is cut to them, so
        that a person far away is still large. NaN points are ignored.

    Attributes
    ----------
    wanted : frozenset of int
        Numbers of the frames to show.
    jpegs : dict of int to bytes
        What was kept so far, by frame number.
    """

    def __init__(
        self,
        assessment: Assessment,
        around: Callable[[int], FloatArray] | None = None,
    ) -> None:
        self._around = around
        self.wanted = _wanted(assessment)
        self.jpegs: dict[int, bytes] = {}

    @property
    def complete(self) -> bool:
        """True once every wanted frame was shown."""
        return self.wanted <= self.jpegs.keys()

    def show(self, index: int, image: Image) -> None:
        """Keep this frame if it is wanted.

        Parameters
        ----------
        index : int
            Number of the frame in the recording.
        image : (H, W, 3) uint8
            RGB.
        """
        if index not in self.wanted or index in self.jpegs:
            return
        cut = _cut(image, self._around(index)) if self._around else image
        self.jpegs[index] = _jpeg(cut)


def _wanted(assessment: Assessment) -> frozenset[int]:
    chosen: list[int] = []
    for band in (Band.FAULT, Band.INCONCLUSIVE):
        found = [deciding(rep) for rep in assessment.reps if rep.band is band]
        chosen += [finding.at for finding in found if finding is not None]
    return frozenset(list(dict.fromkeys(chosen))[:_AT_MOST])


def _cut(image: Image, points: FloatArray) -> Image:
    """Cut to the points with some air around them; at least three quarters as wide as high."""
    seen = points[np.isfinite(points).all(axis=1)]
    if not len(seen):
        return image
    low, high = seen.min(axis=0), seen.max(axis=0)
    height = 1.3 * float(high[1] - low[1])
    width = max(1.3 * float(high[0] - low[0]), 0.75 * height)
    middle = 0.5 * (low + high)
    rows = _within(float(middle[1]), height, image.shape[0])
    columns = _within(float(middle[0]), width, image.shape[1])
    part = image[rows, columns]
    return part if part.size else image


def _within(middle: float, size: float, limit: int) -> slice:
    start = max(0, round(middle - size / 2))
    return slice(min(start, limit), min(limit, max(0, round(middle + size / 2))))


def _jpeg(image: Image) -> bytes:
    """Shrink to about 480 px high and compress."""
    scale = min(1.0, _HEIGHT_PX / image.shape[0])
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    quality = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    done, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), quality)
    if not done:
        raise ValueError(f"a picture of shape {image.shape} cannot be made a JPEG")
    return data.tobytes()
