"""Pictures of 1080 lines, and the very same ones in half as many: what lines are worth.

A test set: people of seeds of their own, of whom nothing learns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import cv2
import numpy as np

from training.bodies import Body
from training.landmarks import Row
from training.scene import Camera
from training.seeds import MANY_LINES
from training.standing_set import POSES_PER_CAMERA, USUAL, Photograph, photographs
from training.viewpoints import draw_camera

MANY, FEW = 1080, 540


def many_lines(rng: np.random.Generator, body: Body, ground_m: float) -> Camera:
    """Draw a camera as for the other sets, with more lines."""
    camera = draw_camera(rng, body, ground_m)
    # Of whole pairs of pixels, so that half of it is whole as well.
    width = 2 * round(camera.width_px * MANY / camera.height_px / 2.0)
    return replace(camera, width_px=width, height_px=MANY)


def halved(photograph: Photograph) -> Photograph:
    """Return the very same picture in half as many lines."""
    height, width = photograph.image.shape[:2]
    size = (width // 2, height // 2)
    small = cv2.resize(photograph.image, size, interpolation=cv2.INTER_AREA)
    less: Row = {
        key: value / 2 if isinstance(value, float) else int(value) // 2
        for key, value in photograph.row.items()
        if key.endswith("_px")
    }
    return Photograph(np.asarray(small, np.uint8), photograph.row | less)


def both(number: int) -> Iterator[Photograph]:
    """Yield the pictures of one body before one camera in many lines, then in few, then of the next.

    Not each beside its own half: whoever looks at a picture twice knows where the person stands.
    """
    drawing = replace(USUAL, camera=many_lines)
    every = photographs(number, people=MANY_LINES, drawing=drawing)
    while of_camera := list(islice(every, POSES_PER_CAMERA)):
        yield from of_camera
        yield from map(halved, of_camera)
