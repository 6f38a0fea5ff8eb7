"""Single-leg stance: raise the free side and hold it."""

from __future__ import annotations

import math
from dataclasses import replace

from glutecam.core.leg_measures import FOOT_LIFT, SHOULDERS_OFF_FOOT
from glutecam.core.measures import PELVIC_SHIFT, known_to
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.rules import Bands, Cycle, Dosage, Exercise, Posture, RepRule, View
from glutecam.exercises._drawings import SINGLE_LEG_STANCE as DRAWING
from glutecam.exercises._readings import (
    duration,
    furthest,
    lowest,
    rise_after_least,
    time_until_risen,
)
from glutecam.exercises._scales import TRENDELENBURG
from glutecam.exercises._standing import DROP, LEAN, PATTERN, SHIFT

HOLD_S = 0.5
WHOLE = 28.0
"""Of the 30 s that are asked for: lifting and lowering the foot is not counted."""
SHORTEST = 10.0
FALLEN = 4.0

SINKS = RepRule(
    code="GC601",
    name="pelvis sinks from its highest",
    unit="°",
    needs=(PELVIC_DROP,),
    of=rise_after_least(PELVIC_DROP, HOLD_S),
    bounds=(-math.inf, 2.0),
    margin=2.0,
    cue="Keep the free side as high as you lifted it.",
    why="The free side was raised and came down again while the foot was still in the air.",
    evidence="Not holding the elevation for 30 s is the sign in the test of Hardcastle and Nade (1985) "
    "[F1]; 4° is the change that a goniometer can tell [F36]; the edges are our proposal [P].",
)

HELD_HIGH = RepRule(
    code="GC602",
    name="time until the pelvis sinks",
    unit="s",
    needs=(PELVIC_DROP,),
    of=time_until_risen(PELVIC_DROP, FALLEN, HOLD_S),
    bounds=(WHOLE, math.inf),
    margin=WHOLE - SHORTEST,
    cue="Keep the free side up for the whole half minute.",
    why="Seconds until the free side has come down from its highest by 4°, or until the foot is down. "
    "Its ± is that of the time when the 4° are moved by the doubt of the angle.",
    evidence="30 s, and the time until the pelvis starts to fall, as in the test of Hardcastle and Nade "
    "(1985) [F1]; the edges, with less than 10 s for a fault, are our proposal [P].",
)

RAISED = RepRule(
    code="GC603",
    name="free side not raised",
    unit="°",
    needs=(PELVIC_DROP,),
    of=lowest(PELVIC_DROP, HOLD_S),
    bounds=(0.0, math.inf),
    margin=2.0,
    cue="Lift the hip of the free leg as high as you can.",
    why="The greatest height of the free side above the quiet posture. How high it could be depends on "
    "the hip that stands, and is not known.",
    evidence="Raising the free side is the normal answer [F1], [F3]; below the start by more than 2° is "
    "our proposal [P].",
)

FOOT_DOWN = RepRule(
    code="GC605",
    name="foot down early",
    unit="s",
    needs=(FOOT_LIFT,),
    of=duration,
    bounds=(WHOLE, math.inf),
    margin=WHOLE - SHORTEST,
    cue="Stay on one leg for half a minute; hold on to something if you must.",
    why="The free foot came back to the floor before the half minute was over.",
    evidence="30 s as in the test of Hardcastle and Nade (1985) [F1]; less than 10 s for a fault, and two "
    "seconds for lifting and lowering the foot, are our proposal [P].",
)

OFF_FOOT = RepRule(
    code="GC604",
    name="upper back not over the foot",
    unit="trunk lengths",
    needs=(SHOULDERS_OFF_FOOT,),
    of=furthest(SHOULDERS_OFF_FOOT, HOLD_S),
    bounds=(-math.inf, 0.15),
    margin=0.15,
    cue="Keep your breastbone over your standing foot.",
    why="The middle of the shoulders, for the lowest neck bone, is not above the standing foot: the "
    "test counts only with the body balanced over it.",
    evidence="The seventh neck vertebra over hip and foot is a condition of the test [F1]; the edges, "
    "about 7 and 15 cm, are our proposal [P].",
)

EXERCISE = Exercise(
    name="single-leg-stance",
    title="Single-leg stance",
    summary="Stand on one leg, raise the hip of the free leg as high as you can and hold it for half a "
    "minute.",
    view=View.FRONTAL,
    posture=Posture.STANDING,
    worked_leg="the leg you stand on",
    setup="Camera at hip height, 2.5 to 3 m away, level, whole body in the picture, best from the front. "
    "Something to hold within reach, on the side of the standing leg. Stand on both feet and be still "
    "for two seconds; then lift one foot behind you with the thigh almost upright, raise the hip of that "
    "side as high as you can, and stay for thirty seconds. Put the foot down before you stop the camera.",
    cycle=Cycle(
        FOOT_LIFT, enter=0.12, leave=0.06, min_s=2.0, max_s=90.0, rest_quantile=0.05, hold_s=30.0
    ),
    rules=(
        replace(
            DROP, bands=Bands(2.0, 5.0), strict=None, min_s=HOLD_S,
            evidence="Raters with a goniometer tell changes of 4° [F36], and 5° is the flag of a published program "
            "for walking [F39]; 2 and 5° are our proposal [P].",
        ),
        RAISED,
        SINKS,
        HELD_HIGH,
        FOOT_DOWN,
        OFF_FOOT,
        replace(LEAN, min_s=HOLD_S, share=0.65),
        replace(SHIFT, measure=known_to(PELVIC_SHIFT, 0.111), min_s=HOLD_S),
    ),
    scales=(TRENDELENBURG,),
    praise="Good, hip held high.",
    cannot_see="One camera cannot see whether the hip could rise any higher, how hard a hand holds on, or "
    "whether it hurts. From behind it often misses the lifted foot. The lowest neck bone is taken to be half-way "
    "between the shoulders.",
    pattern=PATTERN,
    dosage=Dosage(
        1, 30, 30, "30 s on each side as in the test [F1]; as an exercise 10 times 5 to 6 counts [S].",
        unit="seconds",
    ),
    easier=("standing-posture", "side-lying-hip-abduction"),
    harder=("standing-hip-abduction", "step-down"),
    drawing=DRAWING,
)  # fmt: skip
