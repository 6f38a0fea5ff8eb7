"""The 33 points of the pose model, and how they pair up.

Left and right are always the subject's.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["BODY_POINTS", "EDGES", "LANDMARK_COUNT", "LARGE_JOINTS", "MIRROR", "Landmark"]


class Landmark(IntEnum):
    """Index of a point in the second axis of every landmark array."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


LANDMARK_COUNT = len(Landmark)

LARGE_JOINTS = ("_SHOULDER", "_HIP", "_KNEE", "_ANKLE")
"""Endings of the names of the points that measures read one by one."""

_FINGERS = ("_PINKY", "_INDEX", "_THUMB")
_HANDS_AND_LIDS = (
    "_INNER",
    "_OUTER",
    *(f"{side}{finger}" for side in ("LEFT", "RIGHT") for finger in _FINGERS),
)

BODY_POINTS = tuple(point for point in Landmark if not point.name.endswith(_HANDS_AND_LIDS))
"""The points that are smoothed, and that the pelvis model reads all together: 23, without fingers
and eyelids, which say nothing about the pelvis."""


def _mirror_permutation() -> NDArray[np.intp]:
    def partner(name: str) -> str:
        if "LEFT" in name:
            return name.replace("LEFT", "RIGHT")
        return name.replace("RIGHT", "LEFT")

    order = np.array([Landmark[partner(point.name)] for point in Landmark], dtype=np.intp)
    order.setflags(write=False)
    return order


MIRROR = _mirror_permutation()
"""``points[:, MIRROR]`` exchanges every left point with its right partner."""

_L = Landmark
EDGES: tuple[tuple[Landmark, Landmark], ...] = (
    (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER),
    (_L.LEFT_HIP, _L.RIGHT_HIP),
    (_L.LEFT_SHOULDER, _L.LEFT_HIP),
    (_L.RIGHT_SHOULDER, _L.RIGHT_HIP),
    (_L.LEFT_SHOULDER, _L.LEFT_ELBOW),
    (_L.LEFT_ELBOW, _L.LEFT_WRIST),
    (_L.RIGHT_SHOULDER, _L.RIGHT_ELBOW),
    (_L.RIGHT_ELBOW, _L.RIGHT_WRIST),
    (_L.LEFT_HIP, _L.LEFT_KNEE),
    (_L.LEFT_KNEE, _L.LEFT_ANKLE),
    (_L.LEFT_ANKLE, _L.LEFT_HEEL),
    (_L.LEFT_HEEL, _L.LEFT_FOOT_INDEX),
    (_L.RIGHT_HIP, _L.RIGHT_KNEE),
    (_L.RIGHT_KNEE, _L.RIGHT_ANKLE),
    (_L.RIGHT_ANKLE, _L.RIGHT_HEEL),
    (_L.RIGHT_HEEL, _L.RIGHT_FOOT_INDEX),
)
"""Pairs of points that a drawing joins."""
