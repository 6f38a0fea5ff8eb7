"""What the hip thrusts share. [F n] and [P] are tags of docs/evidence.md."""

from __future__ import annotations

import math
from dataclasses import replace

from glutecam.core.leg_measures import BRIDGE_HEIGHT, BRIDGE_LEVEL
from glutecam.core.rules import Bands, Cycle, FrameRule, RepRule
from glutecam.exercises._lying import tempo_of
from glutecam.exercises._readings import at_half_height, while_above

HOLD_S = 0.3

# Of some people the pose model sees half of the way: 0.34 of 0.74 shank lengths in a quick repetition.
BRIDGE_CYCLE = Cycle(
    BRIDGE_HEIGHT, enter=0.28, leave=0.15, min_s=0.4, max_s=15.0, rest_quantile=0.05
)

_CODE, _NAME = "GC401", "pelvis tips to one side"
_CUE = "Lift both hip bones to the same height."
_WHY = (
    "At the top one hip bone is higher than the other: the hip muscles of the lower side do not "
    "hold it."
)
_EVIDENCE = "The edges are our proposal [P]; no published limit was found."

TIPS_EITHER_WAY = RepRule(
    code=_CODE,
    name=_NAME,
    unit="°",
    needs=(BRIDGE_LEVEL, BRIDGE_HEIGHT),
    of=while_above(BRIDGE_LEVEL, BRIDGE_HEIGHT, 0.7, HOLD_S, either_way=True),
    bounds=(-math.inf, 3.0),
    margin=3.0,
    cue=_CUE,
    why=_WHY,
    evidence=_EVIDENCE,
)

TIPS_TO_FREE_SIDE = FrameRule(
    code=_CODE,
    name=_NAME,
    measure=BRIDGE_LEVEL,
    bands=Bands(ok=3.0, fault=6.0),
    min_s=HOLD_S,
    cue=_CUE,
    why=_WHY,
    evidence=_EVIDENCE,
)

# Seen from the feet the ends are found to within 0.7 s, half of the height to within 0.35 s: of two seconds up and
# two down it is passed for two.
SLOWLY = replace(
    tempo_of(BRIDGE_HEIGHT),
    of=at_half_height(BRIDGE_HEIGHT, 0.145),
    bounds=(2.0, math.inf),
    margin=0.8,
    evidence="Not faster than two seconds up and two seconds down [F14], for the time above half of the "
    "height; the edge of a fault is our proposal [P].",
)

CAMERA = (
    "Camera at chest height, about 1.5 m high, 2.5 m in front of your feet, in line with your body and "
    "looking down at you. Shoulder blades on a bench, "
)

UNSEEN = (
    "A bridge with the shoulders on the floor cannot be judged: seen from the feet the pose model finds nobody, or "
    "hips in the wrong place, and so it does from a camera below chest height once the hips are up. "
    "One camera at the feet cannot see whether thighs and trunk are in line, whether the lower back "
    "arches, or whether the pelvis turns with the trunk. The pelvis is read from the line through the "
    "hip points, by ±10°: that it tips to one side is noted and not judged."
)

UNJUDGED = (
    "Not judged, as the camera at the feet cannot tell it: whether the pelvis tips to one side. Lay a hand on "
    "each hip bone, or let somebody look: both must be at the same height."
)
