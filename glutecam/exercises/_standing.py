"""Faults that every exercise on one leg shares. [F n] and [P] are tags of docs/evidence.md."""

from __future__ import annotations

import math

import numpy as np

from glutecam.core.events import highest_at
from glutecam.core.measures import (
    FEMORAL_ADDUCTION,
    FPPA,
    KNEE_FLEXION,
    KNEE_OFF_MIDDLE,
    PELVIC_SHIFT,
    TRUNK_LEAN,
    WEIGHT_ON_STANCE,
)
from glutecam.core.pelvis import HIP_ADDUCTION, PELVIC_DROP
from glutecam.core.poses import FloatArray
from glutecam.core.rep_signals import RepSignals
from glutecam.core.rules import Bands, Cycle, Dosage, FrameRule, PatternRule, RepRule
from glutecam.exercises._readings import UNKNOWN, Reading, at_half_height, highest

HOLD_S = 0.15

DEEPEST = 0.75
"""Knee flexion is read better at the deepest point than on the way: ±9.9° hold 89 % of the errors of the squats of sixteen
rendered people (benchmarks/exercises.py): 0.75 times the deviation of the measure."""


def _least_weight(rep: RepSignals) -> tuple[float, float, int]:
    weight = rep.of(WEIGHT_ON_STANCE)
    level, at = rep.held(-weight.value, 0.3)
    return -level, float(weight.sd[at]), at


# Standing on one leg after standing on two reads up to 25° (the leg looks 2 % shorter, and the
# cosine is flat there), a heel touch from a 20 cm step 60°: both edges keep clear of either.
# Hip angles are compared at 60° of knee flexion [F46].
STANDING_CYCLE = Cycle(KNEE_FLEXION, enter=42.0, leave=30.0, min_s=0.2, max_s=10.0, compare_at=60.0)

DROP = FrameRule(
    code="GC101",
    name="hip drops",
    measure=PELVIC_DROP,
    bands=Bands(ok=7.5, fault=11.0),
    strict=Bands(ok=5.0, fault=8.0),
    min_s=HOLD_S,
    cue="Keep your hip bones level.",
    why="The free-leg side of the pelvis sinks when the hip muscles of the standing leg do not "
    "hold it level (contralateral pelvic drop).",
    evidence="Edges from healthy single-leg squats: mean 7.4°, mean + 1 SD 11.2° (Nakagawa 2012 "
    "[F45]). They are our proposal [P], not a published cut-off. Strict bands follow the 'hip "
    "bones level' coaching rule [S].",
)

LEAN = FrameRule(
    code="GC102",
    name="trunk leans",
    measure=TRUNK_LEAN,
    bands=Bands(ok=7.0, fault=10.0),
    min_s=HOLD_S,
    cue="Keep your chest over your hips.",
    why="Leaning towards the standing leg takes load off the hip muscles: the pelvis stays level, "
    "but not by their work (the compensated pattern).",
    evidence="Edges from healthy single-leg squats: mean 6.7°, mean + 1 SD 9.7° (Nakagawa 2012 "
    "[F45]). Our proposal [P].",
)

SHIFT = FrameRule(
    code="GC103",
    name="pelvis shifts",
    measure=PELVIC_SHIFT,
    bands=Bands(ok=0.15, fault=0.30),
    min_s=HOLD_S,
    cue="Keep your hips over your foot, don't push them out to the side.",
    why="Pushing the pelvis out over the standing foot lets the body hang on the hip instead of "
    "holding it with muscle.",
    evidence="Shift tells people with sore hip tendons from others better than drop does "
    "(Allison 2016 [F3]); the edges are our proposal [P].",
)

AWAY = 5.0
"""Trunk lengths to the camera: 2.5 m of half a metre, the nearest that the set-up asks for [P]."""
POINTS = 0.17
"""Share of the angle's deviation that is left at the deepest point: the rest comes from the angle of view."""
MOST_BENT_DEG = 120.0


def perspective(flexion_deg: FloatArray) -> FloatArray:
    """Return by how many degrees for each trunk length beside the middle perspective turns a bent knee.

    Thigh and shank point at the camera by half of the flexion each, (T,) in degrees.
    """
    half = np.radians(0.5 * np.minimum(flexion_deg, MOST_BENT_DEG))
    return np.asarray(np.degrees(2.0 * np.tan(half) / AWAY))


def knee_inward(rep: RepSignals, at: int, share: float = 1.0) -> tuple[float, float, int]:
    """Return the projected angle of the knee in one frame without what perspective does to it.

    Thigh and shank point at the camera by half of the flexion each. What moves the knee sideways in the
    picture by an angle of view turns either by the tangent of that half times the angle: the knee's way
    off the middle of the picture, which is known, and a camera that is not straight ahead, which is not.
    """
    bent = float(perspective(rep.of(KNEE_FLEXION).value[at : at + 1])[0])
    angle, beside = rep.of(FPPA), rep.of(KNEE_OFF_MIDDLE)
    value = float(angle.value[at]) + bent * float(beside.value[at])
    sd = math.hypot(POINTS * float(angle.sd[at]), bent * float(beside.sd[at]))
    return value, share * sd, at


def knee_at_deepest(share: float = 1.0) -> Reading:
    """Return a reading of the knee at the deepest point; ``share`` of the deviation is that of it."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        at = highest_at(rep.of(KNEE_FLEXION).value)
        return UNKNOWN if at is None else knee_inward(rep, at, share)

    return read


VALGUS = RepRule(
    code="GC104",
    name="knee falls inward",
    unit="°",
    needs=(FPPA, KNEE_FLEXION, KNEE_OFF_MIDDLE),
    of=knee_at_deepest(),
    bounds=(-math.inf, 8.0),
    margin=3.0,
    cue="Keep your knee over your second toe.",
    why="At the deepest point the knee lies inward of the line from hip to ankle (frontal plane "
    "projection angle). Bending and turning the hip add to it: it is not the 3D knee angle. A bent "
    "knee comes towards the camera: what perspective does to one beside the middle of the picture is taken "
    "out for a camera 2.5 m away. At 60° a camera that is 5° off straight ahead still adds or takes 6°: "
    "put it straight in front of the standing leg.",
    evidence="11.34° separates reduced from good squats in Park 2024 [F53]; 6° in a Kinect study "
    "[F8]; the 8° edge is our proposal [P].",
)

DEPTH = RepRule(
    code="GC105",
    name="depth",
    unit="°",
    needs=(KNEE_FLEXION,),
    of=highest(KNEE_FLEXION, HOLD_S, DEEPEST),
    bounds=(60.0, 80.0),
    margin=10.0,
    cue="Bend your knee to about seventy degrees.",
    why="A shallow squat hides faults, and a very deep one is another exercise; below 50° it is too "
    "shallow to score.",
    evidence="60-80° of knee flexion is the programme's rule [S]; poor squatters bend less [F55]; "
    "50° and 90° are our proposal [P].",
)

TEMPO = RepRule(
    code="GC106",
    name="tempo",
    unit="s",
    needs=(KNEE_FLEXION,),
    # 90 % of the errors on step-downs and squats of eight rendered people lie within ±0.17 s of one second, ±0.09 s of 0.3 s.
    of=at_half_height(KNEE_FLEXION, 0.095),
    bounds=(0.8, math.inf),
    margin=0.3,
    cue="Slow down: about two seconds down and two seconds up.",
    why="Speed hides a loss of control. The time counts while the movement is more than half-way, about "
    "half of the whole repetition.",
    evidence="About one repetition in two seconds when scored [F24], slower when training [F14]; "
    "the edges are our proposal [P].",
)

TOUCH_DOWN = RepRule(
    code="GC107",
    name="steps down",
    unit="trunk lengths",
    needs=(WEIGHT_ON_STANCE,),
    of=_least_weight,
    bounds=(0.0, math.inf),
    margin=0.10,
    cue="Keep your weight on the standing leg.",
    why="The body moves over the free foot, so the floor carries it instead of the working leg. A "
    "light touch cannot be told from hovering by one camera and is not counted.",
    evidence="'Steps down on the non-tested limb' is an item of the lateral step-down scale (Piva "
    "2006 [F15]), touching down one of QASLS [F31]; how it is measured is our proposal [P].",
)

# They tell a hip that drops from a thigh that falls inward, and their sum is what most studies
# report; neither has an edge of its own that we could stand behind.
ADDUCTION = (HIP_ADDUCTION, FEMORAL_ADDUCTION)

PATTERN = PatternRule(drop="GC101", compensations=("GC102", "GC103"))

STEP_DOSAGE = Dosage(
    sets=3,
    least=15,
    most=20,
    evidence="3 x 15-20 [S]; step height comes last in the order of progression [S], [P].",
    load="a step of 15, then 20 cm (on 10 cm the knee bends too little to be counted)",
)

LEVEL_THREE = Dosage(
    sets=3,
    least=15,
    most=20,
    evidence="3 x 15-20 [S] for the levels before; that it holds here too is our proposal [P].",
    load="a weight, once 20 repetitions are clean",
)
