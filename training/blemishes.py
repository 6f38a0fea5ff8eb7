"""What a webcam does to a picture: exposure, blur, noise, small sensors, JPEG and H.264."""

from __future__ import annotations

import io

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]


def _exposed(image: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Brightness, contrast and white balance."""
    gamma, gain = rng.uniform(0.7, 1.4), rng.uniform(0.7, 1.25)
    balance = gain * rng.uniform(0.9, 1.1, 3).astype(np.float32)
    return np.asarray(np.clip((image / 255.0) ** gamma * balance, 0.0, 1.0) * 255.0, np.float32)


def _moved(image: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Motion blur of up to about 1 % of the height, in any direction."""
    length = max(2, int(rng.uniform(0.002, 0.012) * image.shape[0]))
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = rng.uniform(0.0, np.pi)
    tip = length * np.array([np.cos(angle), np.sin(angle)])
    ends = [tuple(round(v) for v in length + sign * tip / 2.0) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.float32)


def _noisy(
    image: NDArray[np.float32], level: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Sensor noise, stronger in the dark."""
    strength = (level * (1.3 - image / 255.0)).astype(np.float32)
    return image + strength * rng.standard_normal(image.shape, dtype=np.float32)


def _smaller(image: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Shrink and blow up again, as a poor lens or a low resolution does."""
    height, width = image.shape[:2]
    share = rng.uniform(0.4, 0.9)
    small = cv2.resize(
        image, (int(width * share), int(height * share)), interpolation=cv2.INTER_AREA
    )
    return np.asarray(
        cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )


def _jpeg(image: Frame, rng: np.random.Generator) -> Frame:
    quality = int(rng.integers(35, 96))
    _, coded = cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[:, :, ::-1], np.uint8)


def _h264(image: Frame, rng: np.random.Generator) -> Frame:
    """One frame through a real H.264 encoder."""
    memory = io.BytesIO()
    with av.open(memory, "w", format="matroska") as file:
        stream = file.add_stream("libx264", rate=30)
        stream.width, stream.height = image.shape[1] // 2 * 2, image.shape[0] // 2 * 2
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(rng.integers(20, 37)), "preset": "ultrafast", "threads": "1"}
        even = np.ascontiguousarray(image[: stream.height, : stream.width])
        file.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        file.mux(stream.encode(None))
    memory.seek(0)
    with av.open(memory) as file:
        frame = next(file.decode(video=0)).to_ndarray(format="rgb24")
    return np.asarray(frame, np.uint8)


def blemished(
    image: Frame, rng: np.random.Generator, noise: np.random.Generator | None = None
) -> Frame:
    """Return the picture (H, W, 3) as a webcam would hand it over; H and W may lose a pixel.

    `noise` shakes the pixels anew in a film whose other blemishes, drawn from `rng`, stay.
    """
    seen = _exposed(image.astype(np.float32), rng)
    if rng.random() < 0.35:
        seen = _smaller(seen, rng)
    if rng.random() < 0.3:
        seen = _moved(seen, rng)
    level = abs(rng.normal(0.0, 5.0))
    plain = np.clip(_noisy(seen, level, noise or rng), 0.0, 255.0).astype(np.uint8)
    kind = rng.random()
    if kind < 0.4:
        return _jpeg(plain, rng)
    return _h264(plain, rng) if kind < 0.7 else plain
