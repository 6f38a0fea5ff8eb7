"""Hip thrust, or bridge, on one leg."""

from __future__ import annotations

from glutecam.core.rules import Exercise, Posture, Start, View
from glutecam.core.sides import LEG_BELOW
from glutecam.exercises._bridge import BRIDGE_CYCLE, SLOWLY, TIPS_TO_FREE_SIDE, UNSEEN
from glutecam.exercises._drawings import SINGLE_LEG_HIP_THRUST as DRAWING
from glutecam.exercises._standing import LEVEL_THREE

EXERCISE = Exercise(
    name="single-leg-hip-thrust",
    title="Single-leg hip thrust",
    summary="Lie on your back, or with the shoulders on a bench, one foot on the floor and the other leg in "
    "the air, and lift the hips with level hip bones.",
    view=View.FEET,
    posture=Posture.SUPINE,
    worked_leg="the leg whose foot is on the floor",
    setup="Camera low, at knee height, 2 to 3 m in front of your feet and in line with your body. Lie on "
    "your back, or with the shoulder blades on a bench, both feet flat on the floor, and be still for two "
    "seconds with the hips down. Then stretch one leg in the air, lift the hips until thigh and trunk are "
    "in line, and lower them slowly.",
    cycle=BRIDGE_CYCLE,
    rules=(TIPS_TO_FREE_SIDE, SLOWLY),
    no_scale="No validated scale of movement quality was found",
    praise="Good, hips level.",
    cannot_see=UNSEEN,
    leg=LEG_BELOW,
    start=Start.SET_UP,
    dosage=LEVEL_THREE,
    easier=("hip-thrust",),
    harder=("single-leg-squat",),
    drawing=DRAWING,
)
