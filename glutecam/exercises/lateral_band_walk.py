"""Lateral band walk."""

from __future__ import annotations

import math

from glutecam.core.leg_measures import FOOT_LIFT
from glutecam.core.measures import FOOT_SEPARATION
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.rules import Cycle, Dosage, Exercise, Posture, RepRule, View
from glutecam.core.sides import STEPPING_LEG
from glutecam.exercises._drawings import LATERAL_BAND_WALK as DRAWING
from glutecam.exercises._readings import in_single_support, lowest, variation
from glutecam.exercises._standing import DROP, LEAN

HOLD_S = 0.1
LIFTED = 0.04
"""Trunk lengths, 2 cm: less is a foot on the floor, or noise."""

DROP_ON_ONE_LEG = RepRule(
    code=DROP.code,
    name=DROP.name,
    unit="°",
    needs=(PELVIC_DROP, FOOT_LIFT),
    of=in_single_support(PELVIC_DROP, LIFTED, HOLD_S),
    bounds=(-math.inf, 4.0),
    margin=3.0,
    cue=DROP.cue,
    why=DROP.why,
    evidence="Up to 4° as in the stance phase of walking [F39] and the change that a rater can tell in "
    "a goniometer's reading, 4° [F36]; the edges are our proposal [P].",
)

UNSTEADY = RepRule(
    code="GC501",
    name="step width varies",
    unit="of its mean",
    needs=(FOOT_SEPARATION,),
    of=variation(FOOT_SEPARATION, HOLD_S, sd=0.017, fewest=4),
    bounds=(-math.inf, 0.15),
    margin=0.10,
    cue="Make every step equally wide.",
    why="Steps that become narrower let the band do less. It needs four steps, and is the deviation "
    "of all widths over their mean.",
    evidence="A constant step width is part of the exercise [S]; 15 % is our proposal [P].",
)

SHUFFLE = RepRule(
    code="GC502",
    name="feet come together",
    unit="trunk lengths",
    needs=(FOOT_SEPARATION,),
    # The least width of a whole walk errs by 0.05 in 90 % of rendered ones, 0.11 in single clamshells.
    of=lowest(FOOT_SEPARATION, HOLD_S, share=0.39),
    bounds=(-math.inf, 0.12),
    margin=0.12,
    cue="Keep your feet apart, don't let them meet.",
    why="Between steps the feet come closer than they stood at the start, and the band goes slack.",
    evidence="No shuffling, feet never closer than at the start [S]; the edges, about 6 and 12 cm, are "
    "our proposal [P].",
)

EXERCISE = Exercise(
    name="lateral-band-walk",
    title="Lateral band walk",
    summary="Walk sideways against a band, in equal steps, with level hip bones and the feet always "
    "apart.",
    view=View.FRONTAL,
    posture=Posture.STANDING,
    worked_leg="both, in turn: the one that carries the body",
    setup="Camera at hip height, 3 to 4 m away, level, whole body in the picture all along the way. Band "
    "around the ankles or above the knees, feet hip-width apart, knees and hips a little bent. Be still "
    "for two seconds; then step sideways, and let the other foot follow only as far as the first width.",
    # A narrow step of rendered people is 0.24 and more (12 cm); the quiet posture trembles by 0.03.
    cycle=Cycle(FOOT_SEPARATION, enter=0.20, leave=0.12, min_s=0.3, max_s=6.0, rest_quantile=0.05),
    rules=(DROP_ON_ONE_LEG, LEAN),
    of_set=(UNSTEADY, SHUFFLE),
    no_scale="No validated scale of movement quality was found",
    praise="Good, hips level.",
    cannot_see="One camera from the front cannot see how far the hips and knees are bent, whether the "
    "toes turn out, or how strong the band is.",
    leg=STEPPING_LEG,
    dosage=Dosage(
        3, 15, 20, "3 x 15-20 as for all levels [S]; that a step counts as one is our proposal [P].",
        unit="steps to each side", load="a stronger band, then the band lower on the leg",
    ),
    easier=("side-lying-hip-abduction", "standing-hip-abduction"),
    harder=("step-down",),
    drawing=DRAWING,
)  # fmt: skip
