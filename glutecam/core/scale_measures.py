"""Clinical signals that only published scales ask for: hands on the waist, the knee over the foot.

Canonical poses, as in ``core/measures.py``: the worked leg is the right one. Nothing here decides a
verdict. The standard deviations are assumed: on ten rendered clips of step-downs and squats hands that
stay on the waist read 0.18 to 0.28 trunk lengths and move by 0.03 within a clip, and the quiet knee
reads -0.04 to 0.02.
"""

from __future__ import annotations

import numpy as np

from glutecam.core.columns import Column, Columns, length, over, turn_deg
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import Formula, Measure

__all__ = ["ELBOWS", "HANDS", "KNEE_INSIDE"]

_L = Landmark

WAIST = 0.2
"""The waist lies this part of the way from the hip point to the shoulder [P]."""

_SIDES = (
    (_L.RIGHT_HIP, _L.RIGHT_SHOULDER, _L.RIGHT_ELBOW, _L.RIGHT_WRIST),
    (_L.LEFT_HIP, _L.LEFT_SHOULDER, _L.LEFT_ELBOW, _L.LEFT_WRIST),
)


def _from_waist(body: Columns) -> Column:
    """Distance of the hand that is further from its waist."""
    both = []
    for hip, shoulder, _, wrist in _SIDES:
        up, hand = body.line(hip, shoulder), body.line(hip, wrist)
        both.append(length((hand[0] - WAIST * up[0], hand[1] - WAIST * up[1])))
    return over(np.maximum(*both), body.trunk)


def _straighter_elbow(body: Columns) -> Column:
    """Angle in the elbow that is bent less; 180 is a straight arm."""
    both = [
        abs(turn_deg(body.line(elbow, shoulder), body.line(elbow, wrist)))
        for _, shoulder, elbow, wrist in _SIDES
    ]
    return np.maximum(*both)


def _knee_inside(body: Columns) -> Column:
    """From the toe point towards the middle of the body, + = medial."""
    x, _ = body.medial(body.line(_L.RIGHT_FOOT_INDEX, _L.RIGHT_KNEE))
    return over(x, body.trunk)


_TRUNK = (_L.LEFT_HIP, _L.RIGHT_HIP, _L.LEFT_SHOULDER, _L.RIGHT_SHOULDER)
_ARMS = (_L.LEFT_ELBOW, _L.RIGHT_ELBOW, _L.LEFT_WRIST, _L.RIGHT_WRIST)

HANDS = Measure(
    "hand_from_waist_norm", "hand from the waist", "trunk lengths",
    (*_TRUNK, *_ARMS), Formula(_from_waist, 0.05),
    method="of the hand that is further away: wrist to a fifth of the way from hip to shoulder, in "
    "the frame",
)  # fmt: skip
ELBOWS = Measure(
    "elbow_angle_deg", "elbow", "°", (*_TRUNK, *_ARMS), Formula(_straighter_elbow, 10.0),
    method="of the arm that is bent less: shoulder, elbow and wrist in the frame, 180° is straight",
)  # fmt: skip
KNEE_INSIDE = Measure(
    "knee_inside_norm", "knee inside the foot", "trunk lengths",
    (*_TRUNK, _L.RIGHT_KNEE, _L.RIGHT_FOOT_INDEX), Formula(_knee_inside, 0.03),
    method="knee point towards the middle of the body from the toe point, in the frame",
)  # fmt: skip
