"""Hip thrust, or bridge, on both legs."""

from __future__ import annotations

from glutecam.core.leg_measures import KNEES_IN
from glutecam.core.rules import Bands, Exercise, FrameRule, Posture, Start, View
from glutecam.core.sides import BOTH_LEGS
from glutecam.exercises._bridge import (
    BRIDGE_CYCLE,
    CAMERA,
    HOLD_S,
    SLOWLY,
    TIPS_EITHER_WAY,
    UNSEEN,
)
from glutecam.exercises._drawings import HIP_THRUST as DRAWING
from glutecam.exercises._standing import LEVEL_THREE

KNEES = FrameRule(
    code="GC402",
    name="knees fall together",
    measure=KNEES_IN,
    bands=Bands(ok=0.20, fault=0.35),
    min_s=HOLD_S,
    cue="Keep your knees apart, over your feet.",
    why="The knees come closer together than the feet are, so the hips turn inward.",
    evidence="The edges, about 7 and 12 cm, are our proposal [P].",
    # Of two of fifteen rendered people knees that meet are seen half a shoulder's width apart.
    share=1.85,
)

UNJUDGED = (
    "Not judged, as the camera at the feet cannot tell it: whether the pelvis tips to one side, and whether the "
    "knees fall together. Lay a hand on each hip bone, or let somebody look: both must be at the same height, and "
    "the knees over the feet."
)

EXERCISE = Exercise(
    name="hip-thrust",
    title="Hip thrust",
    summary="With the shoulders on a bench and the feet on the floor, lift the hips until thighs and trunk are "
    "in line.",
    view=View.FEET,
    posture=Posture.SUPINE,
    worked_leg="both at once",
    setup=CAMERA
    + "feet flat and hip-width apart. Be still for two seconds with the hips down; then lift them "
    "until thighs and trunk are in line, and lower them slowly.",
    cycle=BRIDGE_CYCLE,
    rules=(SLOWLY,),
    noted=(TIPS_EITHER_WAY, KNEES),
    unjudged=UNJUDGED,
    no_scale="No validated scale of movement quality was found",
    praise="Good, up and down slowly.",
    cannot_see=UNSEEN,
    leg=BOTH_LEGS,
    start=Start.SET_UP,
    dosage=LEVEL_THREE,
    easier=("clamshell",),
    harder=("single-leg-hip-thrust",),
    drawing=DRAWING,
)
