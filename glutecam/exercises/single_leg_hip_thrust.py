"""Hip thrust, or bridge, on one leg."""

from __future__ import annotations

from glutecam.core.rules import Exercise, Posture, Start, View
from glutecam.core.sides import LEG_BELOW
from glutecam.exercises._bridge import (
    BRIDGE_CYCLE,
    CAMERA,
    SLOWLY,
    TIPS_TO_FREE_SIDE,
    UNJUDGED,
    UNSEEN,
)
from glutecam.exercises._drawings import SINGLE_LEG_HIP_THRUST as DRAWING
from glutecam.exercises._standing import LEVEL_THREE

EXERCISE = Exercise(
    name="single-leg-hip-thrust",
    title="Single-leg hip thrust",
    summary="With the shoulders on a bench, one foot on the floor and the other leg in the air, lift the hips "
    "with level hip bones.",
    view=View.FEET,
    posture=Posture.SUPINE,
    worked_leg="the leg whose foot is on the floor",
    setup=CAMERA
    + "both feet flat on the floor; be still for two seconds with the hips down. Then stretch one leg in "
    "the air, lift the hips until thigh and trunk are in line, and lower them slowly.",
    cycle=BRIDGE_CYCLE,
    rules=(SLOWLY,),
    noted=(TIPS_TO_FREE_SIDE,),
    unjudged=UNJUDGED,
    no_scale="No validated scale of movement quality was found",
    praise="Good, up and down slowly.",
    cannot_see="The leg in the air points at the camera and hides the hips: recordings are refused more often "
    "than those of other exercises. " + UNSEEN,
    leg=LEG_BELOW,
    start=Start.SET_UP,
    dosage=LEVEL_THREE,
    easier=("hip-thrust",),
    harder=("single-leg-squat",),
    drawing=DRAWING,
)
