"""Forward step-down."""

from __future__ import annotations

from dataclasses import replace

from glutecam.core.measures import WEIGHT_ON_STANCE, known_to
from glutecam.core.rules import Exercise, Posture, View
from glutecam.exercises._drawings import FORWARD_STEP_DOWN as DRAWING
from glutecam.exercises._noted import LEANS_AWAY, PELVIS_RISES, rise
from glutecam.exercises._scales import FORWARD_STEP_DOWN
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
    knee_at_deepest,
)

EXERCISE = Exercise(
    name="forward-step-down",
    title="Forward step-down",
    summary="Stand on a step, lower the heel of the other leg to the floor in front of it and come "
    "back up, with level hip bones.",
    view=View.FRONT,
    posture=Posture.STANDING,
    worked_leg="the leg on the step",
    setup="Camera at hip height, 2.5 to 3 m in front of you, level, whole body in the picture. A step "
    "of 20 cm, something to hold within reach. Stand on it with both feet, toes at the edge, and be "
    "still for two seconds; then reach one leg forward, arms crossed on the chest, lower the heel "
    "until it lightly touches the floor, and come back up.",
    cycle=STANDING_CYCLE,
    # The trunk bends forward, and the drop is read worse than in the lateral step-down: 5° in place of 1.8°; so are
    # shift and weight of eight people, by 1.08 and 1.11 times their ±, one left out each time.
    rules=(
        replace(DROP, share=1.2),
        LEAN,
        replace(SHIFT, share=1.1),
        replace(TOUCH_DOWN, needs=(known_to(WEIGHT_ON_STANCE, 0.1),)),
        TEMPO,
    ),
    scales=(FORWARD_STEP_DOWN,),
    praise="Good, hips level.",
    cannot_see="One camera from the front cannot see how far the trunk bends forward, whether the "
    "pelvis turns about the upright axis, or the height of the step. A knee that falls inward it can "
    "only estimate, by ±10°, so that is noted and not judged. Of a drop of the hip it is sure from about 17° on (a "
    "report says it by its own ±), of weight on the free foot only where the body is clearly over it. The knee bends about 7° more "
    "than in the lateral step-down, so results of the two are not compared.",
    pattern=PATTERN,
    also=ADDUCTION,
    # The knee needs 1.23 times its ± (90 % of the errors of twenty people are within 8.8°), more than good is wide:
    # docs/adr/0017.
    noted=(
        replace(VALGUS, of=knee_at_deepest(1.25)),
        LEANS_AWAY,
        replace(PELVIS_RISES, of=rise(1.8)),
    ),
    unjudged="Not judged, as one camera cannot tell it surely enough: whether the knee falls inward. Look in a "
    "mirror, or ask somebody in front of you: it must stay over the second toe.",
    dosage=STEP_DOSAGE,
    easier=("step-down",),
    harder=("single-leg-squat",),
    drawing=DRAWING,
)
