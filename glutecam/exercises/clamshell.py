"""Clamshell."""

from __future__ import annotations

import math

from glutecam.core.measures import FOOT_SEPARATION, HIP_FLEXION, KNEE_SEPARATION
from glutecam.core.rules import (
    Bands,
    Cycle,
    Exercise,
    FrameRule,
    Posture,
    RepRule,
    Start,
    View,
)
from glutecam.core.sides import TOP_LEG
from glutecam.exercises._drawings import CLAMSHELL as DRAWING
from glutecam.exercises._lying import HOLD_S, ROLL, SLOWLY, tempo_of
from glutecam.exercises._readings import furthest

FEET_PART = FrameRule(
    code="GC202",
    name="feet part",
    measure=FOOT_SEPARATION,
    bands=Bands(ok=0.22, fault=0.30),
    min_s=HOLD_S,
    cue="Keep your heels together.",
    why="The feet are the hinge of the movement; when they part it becomes another exercise.",
    evidence="Heels together is part of the instruction [F14]; the edges are our proposal [P], good as near to "
    "closed feet as the ± lets it be told.",
)

DRIFT = RepRule(
    code="GC203",
    name="hips drift from the set angle",
    unit="°",
    needs=(HIP_FLEXION,),
    of=furthest(HIP_FLEXION, HOLD_S),
    bounds=(-math.inf, 10.0),
    margin=10.0,
    cue="Keep your hips bent the same all the time.",
    why="The hips start at about 45°; straightening or curling up changes which muscles work.",
    evidence="Hip angle changes the activity of the gluteal muscles (Willcox 2013 [F43]); the "
    "edges are our proposal [P].",
)

EXERCISE = Exercise(
    name="clamshell",
    title="Clamshell",
    summary="Lie on your side with bent knees and lift the top knee while the heels stay together "
    "and the hips stay stacked.",
    view=View.FRONT,
    posture=Posture.SIDE_LYING,
    worked_leg="the top leg",
    setup="Lie on your side with your knees towards the camera, hips bent about 45°, knees bent 45 "
    "to 90°, heels together. Camera low, 2 to 3 m away, whole body in the picture. Be still for two "
    "seconds before the first repetition.",
    cycle=Cycle(KNEE_SEPARATION, enter=0.30, leave=0.12, min_s=0.8, max_s=15.0, rest_quantile=0.05),
    rules=(FEET_PART, tempo_of(KNEE_SEPARATION)),
    noted=(ROLL, DRIFT),
    unjudged="Not judged, as one camera cannot tell it: whether the pelvis rolls back and the hips keep "
    "their bend. Lay a hand on the upper hip bone: it must stay above the lower one.",
    no_scale="No validated scale of movement quality was found; faults follow the active hip abduction "
    "test",
    praise="Good: slow, and the heels together.",
    leg=TOP_LEG,
    start=Start.SET_UP,
    cannot_see="Seen from the front the pelvis rolls along the line of sight, and the hips bend along it: one "
    "camera can only estimate both, by ±33° and ±21°, so they are noted and not judged. From the feet or the head, "
    "where the roll lies in the picture, the pose model misses the hips by half of their width.",
    dosage=SLOWLY,
    easier=(),
    harder=("side-lying-hip-abduction",),
    drawing=DRAWING,
)
