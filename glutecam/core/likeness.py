"""Whether colours of a body's parts are those of one and the same person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glutecam.core.geometry import length
from glutecam.core.poses import FloatArray
from glutecam.core.sights import PARTS

__all__ = ["ANOTHER", "colour_distance"]

ANOTHER = 32.0
"""Colours further apart than this belong to another person. One and the same person came to 20 at
most in side lunges with a weight before the belly, to 10 elsewhere; two people in other clothes to
35 and more (benchmarks/gates.py)."""

_WEIGHTS = np.array([0.4, 1.0, 1.0])
"""Lightness counts less than hue: shadows and a camera's exposure change it."""


def colour_distance(colours: FloatArray, reference: FloatArray) -> NDArray[np.float64]:
    """Return how far the colours of most parts are from those of a reference, (N,).

    Parameters
    ----------
    colours : (N, 15)
        Lightness, green-red and blue-yellow of every part, 0 to 255; NaN where a part is not seen.
    reference : (15,)

    Returns
    -------
    (N,)
        The median over the parts: a hand or a weight before the belly hides one or two of five. NaN
        where fewer than three parts are seen.
    """
    apart = (colours - reference).reshape(len(colours), len(PARTS), 3) * _WEIGHTS
    # What is not known comes last; ``np.nanmedian`` goes about it row by row.
    distance = np.sort(length(apart), axis=1)
    known, row = np.isfinite(distance).sum(axis=1), np.arange(len(distance))
    middle = 0.5 * (distance[row, np.maximum(known - 1, 0) // 2] + distance[row, known // 2])
    return np.where(known >= 3, middle, np.nan)
