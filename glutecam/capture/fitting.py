"""A picture in the size of another one."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["fitted"]


def fitted(image: NDArray[np.uint8], size: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return the picture (H, W, 3) in another size, with black bars instead of distortion.

    Parameters
    ----------
    image : (h, w, 3) uint8
    size : tuple
        (H, W): landmarks in pixels need one for the session.
    """
    high, wide = size
    height, width = image.shape[:2]
    if (height, width) == (high, wide):
        return image
    scale = min(wide / width, high / height)
    inner = max(1, round(width * scale)), max(1, round(height * scale))
    canvas = np.zeros((high, wide, 3), dtype=np.uint8)
    x, y = (wide - inner[0]) // 2, (high - inner[1]) // 2
    canvas[y : y + inner[1], x : x + inner[0]] = cv2.resize(image, inner)
    return canvas
