"""Bulgarian split squat."""

from __future__ import annotations

import math
from dataclasses import replace

from glutecam.core.leg_measures import HIP_SINK, KNEE_OFF_FOOT
from glutecam.core.rules import Cycle, Exercise, PatternRule, Posture, RepRule, Start, View
from glutecam.core.sides import FRONT_LEG
from glutecam.exercises._drawings import BULGARIAN_SPLIT_SQUAT as DRAWING
from glutecam.exercises._readings import at_half_height, at_peak
from glutecam.exercises._standing import DROP, LEAN, LEVEL_THREE, TEMPO

KNEE_IN = RepRule(
    code="GC108",
    name="knee goes inward of the foot",
    unit="trunk lengths",
    needs=(KNEE_OFF_FOOT, HIP_SINK),
    of=at_peak(KNEE_OFF_FOOT, HIP_SINK),
    bounds=(-math.inf, 0.10),
    margin=0.10,
    cue="Keep your front knee over your foot.",
    why="At the lowest point the front knee is further inward of the ankle than at the start. The "
    "thigh then points at the camera, so the angle of hip, knee and ankle tells nothing there.",
    evidence="Keeping the knee over the foot is an item of every single-leg squat scale, such as "
    "QASLS [F31]; this way of reading it and the edges, 5 and 10 cm, are our proposal [P].",
)

SLOWLY = replace(TEMPO, needs=(HIP_SINK,), of=at_half_height(HIP_SINK, 0.125))

EXERCISE = Exercise(
    name="bulgarian-split-squat",
    title="Bulgarian split squat",
    named="a Bulgarian split squat",
    summary="With the rear foot on a bench, lower the hips over the front foot and come back up, with "
    "level hip bones.",
    view=View.FRONT,
    posture=Posture.STANDING,
    worked_leg="the front leg",
    setup="Camera at hip height, 2.5 to 3 m in front of you, level, whole body in the picture. Put the "
    "instep of one foot on a bench of knee height behind you, the other foot a long step in front of "
    "it, something to hold within reach. Be still for two seconds with the front leg almost straight; "
    "then lower your hips slowly until the front thigh is about level, and come back up.",
    # The pose model sees about half of the way: 0.13 to 0.28 trunk lengths of 0.39 on rendered people.
    cycle=Cycle(HIP_SINK, enter=0.10, leave=0.05, min_s=0.2, max_s=12.0, rest_quantile=0.05),
    rules=(DROP, replace(LEAN, share=0.75), KNEE_IN, SLOWLY),
    no_scale="No validated scale was found; faults follow those of the single-leg squat",
    praise="Good, hips level.",
    cannot_see="One camera from the front cannot see how deep the front knee bends, how far the trunk "
    "bends forward, or how far apart the feet stand. The raised rear foot tilts the pelvis from the "
    "start: only changes from there are judged.",
    leg=FRONT_LEG,
    start=Start.SET_UP,
    pattern=PatternRule(drop="GC101", compensations=("GC102",)),
    dosage=LEVEL_THREE,
    easier=("step-down", "forward-step-down"),
    harder=("single-leg-squat",),
    drawing=DRAWING,
)
