"""Standing posture: weight on one side, pelvis swayed."""

from __future__ import annotations

import math

from glutecam.core.leg_measures import PELVIC_SWAY, STANDING_HEIGHT, UPRIGHT_LEAN
from glutecam.core.measures import WEIGHT_ON_STANCE, known_to
from glutecam.core.pelvis import PELVIC_LEVEL
from glutecam.core.rules import (
    Bands,
    Cycle,
    Dosage,
    Exercise,
    FrameRule,
    Posture,
    RepRule,
    Start,
    View,
)
from glutecam.core.sides import LOADED_LEG
from glutecam.exercises._drawings import STANDING_POSTURE as DRAWING
from glutecam.exercises._readings import furthest

HOLD_S = 2.0
OURS = "No published limit was found for how people stand; the edges are our proposal [P]."

LEVEL = RepRule(
    code="GC702",
    name="pelvis not level",
    unit="°",
    needs=(PELVIC_LEVEL,),
    of=furthest(PELVIC_LEVEL, HOLD_S),
    bounds=(-math.inf, 3.0),
    margin=3.0,
    cue="Stand with both hip bones at the same height.",
    why="One side of the pelvis is lower. A leg that is shorter or a curved spine does that too: it "
    "says nothing about the muscles by itself.",
    evidence="Warn where the quiet posture is off by more than 3°: our proposal [P].",
)

WEIGHT = FrameRule(
    code="GC701",
    name="weight on one leg",
    measure=known_to(WEIGHT_ON_STANCE, 0.07),
    bands=Bands(ok=0.12, fault=0.25),
    min_s=HOLD_S,
    cue="Put the same weight on both feet.",
    why="The body is nearer to one foot. Hanging on one hip keeps its muscles long and idle.",
    evidence="Standing with the weight on one side is a habit that the coaching texts warn of [S]. "
    + OURS,
)

SWAY = RepRule(
    code="GC703",
    name="pelvis pushed to one side",
    unit="trunk lengths",
    needs=(PELVIC_SWAY,),
    of=furthest(PELVIC_SWAY, HOLD_S),
    bounds=(-math.inf, 0.08),
    margin=0.08,
    cue="Bring your hips under your chest.",
    why="The hips are beside the line from the feet to the shoulders.",
    evidence="Standing with the pelvis swayed is a habit that the coaching texts warn of [S]. "
    + OURS,
)

LEAN = RepRule(
    code="GC704",
    name="trunk not upright",
    unit="°",
    needs=(UPRIGHT_LEAN,),
    of=furthest(UPRIGHT_LEAN, HOLD_S),
    bounds=(-math.inf, 4.0),
    margin=4.0,
    cue="Stand tall, shoulders over your hips.",
    why="The trunk leans to one side while nothing is asked of it.",
    evidence=OURS,
)

EXERCISE = Exercise(
    name="standing-posture",
    title="Standing posture",
    summary="Stand as you usually do, on both feet, and let the camera look at how hips and trunk are "
    "held.",
    view=View.FRONTAL,
    posture=Posture.STANDING,
    worked_leg="the leg that carries more",
    setup="Camera at hip height, 2.5 to 3 m away and exactly level, whole body in the picture. Stand as you "
    "stand when you wait, for at least ten seconds without moving, and don't correct it. A camera that is tilted by two "
    "degrees tilts everything by two degrees: give its roll with --roll where you know it.",
    cycle=Cycle(
        STANDING_HEIGHT, enter=1.0, leave=0.8, min_s=5.0, max_s=600.0, hold_s=5.0, still=True
    ),
    rules=(WEIGHT, LEVEL, SWAY, LEAN),
    no_scale="No validated scale for one camera was found",
    praise="Good, evenly on both feet.",
    cannot_see="One camera from the front or back cannot see a pelvis that is swayed or tilted forward or "
    "backward, nor the length of the legs. Nothing is subtracted, so a camera that is not level is taken "
    "for a body that is not.",
    leg=LOADED_LEG,
    start=Start.NONE,
    dosage=Dosage(1, 10, 60, "It is a look, not a training: our proposal [P].", unit="seconds"),
    easier=(),
    harder=("single-leg-stance",),
    drawing=DRAWING,
)
