"""Landing of a hop on one leg."""

from __future__ import annotations

import math
from dataclasses import replace

from glutecam.core.leg_measures import FOOT_LIFT, STANCE_FOOT_RISE
from glutecam.core.measures import KNEE_FLEXION, TRUNK_LEAN, WEIGHT_ON_STANCE
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.rep_signals import RepSignals
from glutecam.core.rules import Cycle, Dosage, Exercise, PatternRule, Posture, RepRule, View
from glutecam.exercises._drawings import SINGLE_LEG_HOP_LANDING as DRAWING
from glutecam.exercises._readings import (
    UNKNOWN,
    after_contact,
    deepest_after_contact,
    held_after_contact,
    highest,
)
from glutecam.exercises._standing import DROP, HOLD_S, LEAN, VALGUS, knee_inward

LANDING_S = 0.5
SETTLING_S = 2.0
FOOT_UP = 0.05
PELVIS_AT_LANDING = 1.25
"""±3.3° hold the landings of fourteen rendered people."""
KNEE_LANDING = 1.4
"""The knee is read worse where it bends quickly: with this factor the ± holds the landings of five rendered people."""


def _knee_at_landing(rep: RepSignals) -> tuple[float, float, int]:
    at = deepest_after_contact(rep, KNEE_FLEXION, LANDING_S)
    return UNKNOWN if at is None else knee_inward(rep, at, KNEE_LANDING)


DROP_AT_LANDING = RepRule(
    code=DROP.code,
    name=DROP.name,
    unit="°",
    needs=(PELVIC_DROP, STANCE_FOOT_RISE),
    of=after_contact(PELVIC_DROP, LANDING_S, share=PELVIS_AT_LANDING),
    bounds=(-math.inf, 8.0),
    margin=4.0,
    cue=DROP.cue,
    why=DROP.why,
    evidence="The peak in the half second after the foot meets the floor; 8 and 12° are our proposal "
    "[P], no published limit was found.",
)

LEAN_AT_LANDING = RepRule(
    code=LEAN.code,
    name=LEAN.name,
    unit="°",
    needs=(TRUNK_LEAN, STANCE_FOOT_RISE),
    of=after_contact(TRUNK_LEAN, SETTLING_S, HOLD_S),
    bounds=(-math.inf, 7.0),
    margin=3.0,
    cue=LEAN.cue,
    why=LEAN.why,
    evidence="Edges of the single-leg squat (Nakagawa 2012 [F45]), for the two seconds after landing: "
    "our proposal [P].",
)

HELD = RepRule(
    code="GC606",
    name="landing not held",
    unit="s",
    needs=(STANCE_FOOT_RISE, FOOT_LIFT),
    of=held_after_contact(FOOT_UP),
    bounds=(1.8, math.inf),
    margin=1.0,
    cue="Land and stay on that leg for two seconds.",
    why="The other foot came down before the landing was held for two seconds.",
    evidence="A landing that is held, with touching down as an item of QASLS [F31]; two seconds are our "
    "proposal [P].",
)

HOP = RepRule(
    code="GC607",
    name="height of the hop",
    unit="trunk lengths",
    needs=(STANCE_FOOT_RISE,),
    of=highest(STANCE_FOOT_RISE, 0.05, share=2.0),
    bounds=(0.20, math.inf),
    margin=0.10,
    cue="Hop a little higher.",
    why="A landing from almost no height tells little.",
    evidence="About 10 cm of hop, and a fault below 5 cm, are our proposal [P]; of three of sixteen rendered people "
    "half of the hop or none of it was seen.",
)

EXERCISE = Exercise(
    name="single-leg-hop-landing",
    title="Single-leg hop landing",
    summary="Hop up on one leg, land on the same spot and the same leg, and hold it for two seconds.",
    view=View.FRONT,
    posture=Posture.STANDING,
    worked_leg="the leg you hop and land on",
    setup="Only if you can stand on one leg for ten seconds. Camera at hip height, 2.5 to 3 m in front of "
    "you, level, whole body in the picture also while you hop, set to 60 pictures a second. Stand on "
    "both feet and be still for two seconds; then stand on one leg, hop straight up, land softly on the "
    "same spot, stay for two seconds, and put the other foot down.",
    cycle=Cycle(
        WEIGHT_ON_STANCE, enter=0.15, leave=0.07, min_s=1.0, max_s=30.0, rest_quantile=0.05
    ),
    rules=(
        DROP_AT_LANDING,
        LEAN_AT_LANDING,
        replace(
            VALGUS,
            needs=(*VALGUS.needs, STANCE_FOOT_RISE),
            of=_knee_at_landing,
        ),
        HELD,
    ),
    noted=(HOP,),
    unjudged="Not judged, as one camera cannot tell it surely enough: how high the hop is. The foot must leave the "
    "floor by about a hand's width.",
    no_scale="QASLS, 0 to 10, is used for landings too [F31]; no total is computed",
    praise="Good, soft and level.",
    cannot_see="One camera from the front cannot see how far the trunk and the hip bend, how hard the "
    "landing is, or a landing that is not on the spot: a body that comes nearer looks as if it rose. Of a knee "
    "that falls inward it is sure from about 19° on, and reads too little.",
    pattern=PatternRule(drop="GC101", compensations=("GC102",)),
    min_fps=60.0,
    dosage=Dosage(
        1,
        3,
        5,
        "Three to five landings on each side, as a test: our proposal [P].",
        unit="landings",
    ),
    easier=("single-leg-squat",),
    harder=(),
    drawing=DRAWING,
)
