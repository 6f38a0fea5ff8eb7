"""Lateral step-down."""

from __future__ import annotations

from dataclasses import replace

from glutecam.core.rules import Exercise, Posture, View
from glutecam.exercises._drawings import LATERAL_STEP_DOWN as DRAWING
from glutecam.exercises._noted import HAND_LEAVES, KNEE_PAST_FOOT, LEANS_AWAY, PELVIS_RISES
from glutecam.exercises._scales import LATERAL_STEP_DOWN
from glutecam.exercises._standing import (
    ADDUCTION,
    DROP,
    LEAN,
    PATTERN,
    SHIFT,
    STANDING_CYCLE,
    STEP_DOSAGE,
    TEMPO,
    TOUCH_DOWN,
    VALGUS,
)

READ = 0.85
"""Of somebody who stands beside a step the pelvis is read better than of others: 0.6 times the deviation held 90 % of
the errors in 42 repetitions of five rendered people, each left out in turn, and the ± of changes would have to be up
to 1.3 times as wide for looks never seen (docs/adr/0018)."""

EXERCISE = Exercise(
    name="step-down",
    title="Lateral step-down",
    summary="Stand sideways at the edge of a step and lower the free heel to the floor and back, "
    "with level hip bones.",
    view=View.FRONTAL,
    posture=Posture.STANDING,
    worked_leg="the leg on the step",
    setup="Camera at hip height, 2.5 to 3 m away, level, whole body in the picture. A step of 20 cm "
    "against a wall, something to hold within reach. Stand on it with both feet and be still for "
    "two seconds; then hang the free leg over the edge, hands on the waist, and lower the heel "
    "until it lightly touches the floor.",
    cycle=STANDING_CYCLE,
    rules=(replace(DROP, share=READ), LEAN, SHIFT, VALGUS, TOUCH_DOWN, TEMPO),
    noted=(HAND_LEAVES, KNEE_PAST_FOOT, LEANS_AWAY, PELVIS_RISES),
    scales=(LATERAL_STEP_DOWN,),
    praise="Good, hips level.",
    cannot_see="One camera from the front cannot see how far the trunk bends forward, whether the "
    "pelvis turns about the upright axis, or the height of the step. Of a knee that falls inward it is sure "
    "from about 18° on (a report says it by its own ±).",
    pattern=PATTERN,
    also=ADDUCTION,
    dosage=STEP_DOSAGE,
    easier=(
        "single-leg-stance",
        "lateral-band-walk",
    ),
    harder=(
        "forward-step-down",
        "single-leg-squat",
    ),
    drawing=DRAWING,
)
