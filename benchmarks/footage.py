"""Clips made for the benchmarks of batches: pictures of a sample clip, small, short or very long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from glutecam.capture.video import VideoFile

__all__ = ["SMALL_PX", "looped", "pictures", "written"]

SMALL_PX = 320
"""Longest side of small pictures: 320 x 180 of a sample clip, in which the person is still found."""
FAST = {"preset": "ultrafast", "crf": "23"}

Picture = NDArray[np.uint8]


def pictures(clip: Path, first: int, count: int, max_side_px: int = SMALL_PX) -> list[Picture]:
    """Return so many pictures of a clip, from the given one on, as RGB of shape (H, W, 3)."""
    with VideoFile(clip, max_side_px=max_side_px) as source:
        return [frame.image for frame in islice(source, first, first + count)]


def looped(images: list[Picture], count: int) -> Iterable[Picture]:
    """Return so many pictures: forth and back through the given ones, so that nothing jumps."""
    return islice(cycle([*images, *reversed(images)]), count)


def written(
    path: Path,
    images: Iterable[Picture],
    fps: int,
    codec: str = "libx264",
    options: Mapping[str, str] | None = None,
    **container: str,
) -> Path:
    """Encode pictures; at no time is more than one of them in memory."""
    with av.open(str(path), "w", options=container) as out:
        chosen = dict(FAST if options is None else options)
        stream = out.add_stream(codec, rate=fps, options=chosen)
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for number, image in enumerate(images):
            if number == 0:
                stream.height, stream.width = image.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            out.mux(stream.encode(frame.reformat(format=stream.pix_fmt)))
        out.mux(stream.encode(None))
    return path
