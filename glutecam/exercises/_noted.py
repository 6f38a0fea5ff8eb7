"""Signs on one leg that only published scales ask for. [F n] and [P] are tags of docs/evidence.md.

They decide no repetition and no verdict, so they say what was seen and give no cue while exercising.
"""

from __future__ import annotations

import math

from glutecam.core.geometry import median
from glutecam.core.measures import KNEE_FLEXION, KNEE_OFF_MIDDLE, TRUNK_LEAN
from glutecam.core.pelvis import HIP_ADDUCTION, PELVIC_DROP
from glutecam.core.rep_signals import RepSignals
from glutecam.core.rules import RepRule
from glutecam.core.scale_measures import ELBOWS, HANDS, KNEE_INSIDE
from glutecam.exercises._readings import UNKNOWN, Reading, at_peak, highest, lowest
from glutecam.exercises._standing import perspective

HOLD_S = 0.15
BEGIN_S = 0.2

ON_WAIST = 0.35
BENT_DEG = 140.0
"""A hand that hangs beside the hip is as near to the waist as one upon it; its elbow is straight."""


def _hand_away(rep: RepSignals) -> tuple[float, float, int]:
    """Return how far a hand goes from the waist; not seen where it was not there to begin with."""
    first = rep.time_s - rep.time_s[0] <= BEGIN_S
    hand, elbow = (median(rep.of(measure).value[first]) for measure in (HANDS, ELBOWS))
    # A comparison with NaN is False.
    if not (hand <= ON_WAIST and elbow <= BENT_DEG):
        return UNKNOWN
    return highest(HANDS, HOLD_S)(rep)


def rise(share: float = 1.0) -> Reading:
    """Return a reading of how far the free side rises; ``share`` of the deviation is that of it."""
    return lowest(PELVIC_DROP, HOLD_S, share)


THIGH_SHORT = 4.9
"""The thigh of rendered squats reads too little inward, by 5° once perspective is taken out (2.5 to 7.4° in each
of five people). With that added, 90 % of the errors are within 5.0° of people who were left out of setting it, the
largest is 6.6°: no more than the ± of the pelvis alone, about 6°, which is stated."""


def thigh_inward(short_deg: float) -> Reading:
    """Return a reading of how far the thigh comes inward against the pelvis, without what perspective does.

    ``short_deg`` is by how much the pose model reads it short.
    """

    def read(rep: RepSignals) -> tuple[float, float, int]:
        found = rep.of(HIP_ADDUCTION)
        # A thigh is turned by half of what thigh and shank together are.
        turned = 0.5 * perspective(rep.of(KNEE_FLEXION).value) * rep.of(KNEE_OFF_MIDDLE).value
        level, at = rep.held(found.value + turned, HOLD_S)
        return level + short_deg, float(rep.of(PELVIC_DROP).sd[at]), at

    return read


HAND_LEAVES = RepRule(
    code="GC181",
    name="a hand leaves the waist",
    unit="trunk lengths",
    needs=(HANDS, ELBOWS),
    of=_hand_away,
    bounds=(-math.inf, 0.35),
    margin=0.10,
    cue="Keep both hands on your waist.",
    why="Arms that come off the waist help to balance. It can only be told in a repetition that "
    "begins with both hands on the waist and the elbows bent.",
    evidence="An item of the lateral step-down test [F15]; how it is measured, and the edges, are our "
    "proposal [P].",
)

KNEE_PAST_FOOT = RepRule(
    code="GC182",
    name="knee inside the foot",
    unit="trunk lengths",
    needs=(KNEE_INSIDE, KNEE_FLEXION),
    of=at_peak(KNEE_INSIDE, KNEE_FLEXION),
    bounds=(-math.inf, 0.0),
    margin=0.05,
    cue="Keep your knee over your foot.",
    why="At the deepest point the knee lies inward of the foot's inner edge, for which the pose "
    "model's toe point stands.",
    evidence="The second point of the knee item of the lateral step-down test [F15]; the toe point in "
    "place of the foot's edge, and the edges, are our proposal [P].",
)

LEANS_AWAY = RepRule(
    code="GC183",
    name="trunk leans to the free side",
    unit="°",
    needs=(TRUNK_LEAN,),
    of=lowest(TRUNK_LEAN, HOLD_S),
    bounds=(-math.inf, 7.0),
    margin=3.0,
    cue="Keep your chest over your hips.",
    why="The scales ask for a lean in any direction; GC102 judges that towards the standing leg.",
    evidence="An item of the lateral step-down test [F15]; the edges are those of GC102, our proposal "
    "[P].",
)

PELVIS_RISES = RepRule(
    code="GC184",
    name="free side of the pelvis rises",
    unit="°",
    needs=(PELVIC_DROP,),
    of=rise(),
    bounds=(-math.inf, 7.5),
    margin=3.5,
    cue="Keep your hip bones level.",
    why="The scales ask for a pelvis that leaves the horizontal to either side; GC101 judges the drop.",
    evidence="One side elevated against the other is the pelvis item of the lateral step-down test "
    "[F15], in a wording that is recalled [R]; the edges are those of GC101, our proposal [P].",
)

THIGH_INWARD = RepRule(
    code="GC185",
    name="thigh moves inward",
    unit="°",
    needs=(HIP_ADDUCTION, PELVIC_DROP, KNEE_FLEXION, KNEE_OFF_MIDDLE),
    of=thigh_inward(THIGH_SHORT),
    bounds=(-math.inf, 10.8),
    margin=5.6,
    cue="Keep your knee over your second toe.",
    why="The angle between thigh and pelvis (hip adduction): the thigh falls inward, the pelvis drops, "
    "or both. The pose model reads it 5° short on rendered people, which is added.",
    evidence="Edges from healthy single-leg squats: mean 10.8°, mean + 1 SD 16.4° (Nakagawa 2012 "
    "[F45]). They are our proposal [P], not a published cut-off.",
)
