"""Side-lying hip abduction."""

from __future__ import annotations

import math

from glutecam.core.leg_measures import PELVIC_HITCH, TOP_HIP_FLEXION, TOP_LEG_RAISE
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
from glutecam.exercises._drawings import SIDE_LYING_HIP_ABDUCTION as DRAWING
from glutecam.exercises._lying import HOLD_S, ROLL, SLOWLY, tempo_of
from glutecam.exercises._readings import while_above
from glutecam.exercises._scales import ACTIVE_HIP_ABDUCTION

HITCH = FrameRule(
    code="GC205",
    name="hip hitches up",
    measure=PELVIC_HITCH,
    bands=Bands(ok=5.5, fault=10.0),
    min_s=HOLD_S,
    cue="Keep your top hip away from your ribs.",
    why="The waist pulls the top side of the pelvis towards the ribs, so that the leg rises without "
    "the work of the hip.",
    evidence="Tilt of the pelvis in side-lying abduction was 13.9 ± 4.7° as people did it and 5.6 ± "
    "4.2° when it was held still, with more work of gluteus medius (Cynn 2006 [F51]); edges between "
    "the two are our proposal [P].",
)

FORWARD = RepRule(
    code="GC206",
    name="leg drifts forward",
    unit="°",
    needs=(TOP_HIP_FLEXION, TOP_LEG_RAISE),
    of=while_above(TOP_HIP_FLEXION, TOP_LEG_RAISE, 0.5, HOLD_S, either_way=True),
    bounds=(-math.inf, 10.0),
    margin=10.0,
    cue="Keep your leg in line with your body.",
    why="When the leg comes forward, the muscles at the front of the hip lift it.",
    evidence="More hip flexion of the moving leg is a fault of the active hip abduction test [F40]; "
    "the edges are our proposal [P].",
)

EXERCISE = Exercise(
    name="side-lying-hip-abduction",
    title="Side-lying hip abduction",
    summary="Lie on your side with straight legs and lift the top leg towards the ceiling, with the "
    "hips stacked.",
    view=View.FRONTAL,
    posture=Posture.SIDE_LYING,
    worked_leg="the top leg",
    setup="Lie on your side, in front of you or behind you a camera 2 to 3 m away and low, whole body in "
    "the picture. Top leg straight and in line with the trunk, lower leg straight or a little bent. Be "
    "still for two seconds; then lift the top leg towards the ceiling and lower it slowly.",
    cycle=Cycle(TOP_LEG_RAISE, enter=15.0, leave=7.0, min_s=0.5, max_s=15.0, rest_quantile=0.05),
    rules=(tempo_of(TOP_LEG_RAISE),),
    noted=(HITCH, ROLL, FORWARD),
    unjudged="Not judged, as one camera cannot tell it: whether the hip hitches up, the pelvis rolls back or the "
    "leg drifts forward. Lay a hand on the upper hip bone: it must neither come up to the ribs nor roll back.",
    scales=(ACTIVE_HIP_ABDUCTION,),
    praise="Good, up and down slowly.",
    cannot_see="Rolling of the pelvis and drifting of the leg are along the line of sight: one camera can "
    "only estimate them, by ±33° and ±26°. A hip that hitches up lies in the picture, but the hip points follow it "
    "by ±10° only. All three are noted and not judged; what is judged is the speed. Turning of the trunk "
    "and wobbling of the leg are not measured.",
    leg=TOP_LEG,
    start=Start.SET_UP,
    dosage=SLOWLY,
    easier=("clamshell",),
    harder=("standing-hip-abduction", "lateral-band-walk"),
    drawing=DRAWING,
)
