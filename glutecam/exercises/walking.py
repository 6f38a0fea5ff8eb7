"""Walking towards the camera or away from it."""

from __future__ import annotations

import math
from dataclasses import replace

from glutecam.core.leg_measures import STEP
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.rules import Bands, Cycle, Dosage, Exercise, Posture, RepRule, View
from glutecam.core.sides import WALKING_LEG
from glutecam.exercises._drawings import WALKING as DRAWING
from glutecam.exercises._readings import leg_difference, worse_leg_mean
from glutecam.exercises._standing import DROP, LEAN

STEPS = 7
"""Steps of each leg, for a mean that another day would give again [F54]."""

READ_DROP, READ_LEAN = 0.79, 0.63
"""Of an upright body that walks, pelvis and trunk are read better than of one that bends: 0.79 and 0.62 of their
deviation hold 90 % of 444 steps of seven rendered people, one left out each time."""

MEAN_DROP = RepRule(
    code="GC503",
    name="hip drops on average",
    unit="°",
    needs=(PELVIC_DROP,),
    of=worse_leg_mean(PELVIC_DROP, STEPS),
    bounds=(-math.inf, 5.0),
    margin=3.0,
    cue="Walk tall, hip bones level.",
    why="The mean over all steps of the leg for which it is larger, while that leg carries the body. It "
    "needs seven steps of either leg.",
    evidence="5° is the flag of a published program for the mean between 10 and 50 % of the gait cycle "
    "[F39]; seven strides for a repeatable mean (Dingenen 2018 [F54]); 8° is our proposal [P].",
)

UNEVEN = RepRule(
    code="GC504",
    name="hips drop unevenly",
    unit="°",
    needs=(PELVIC_DROP,),
    of=leg_difference(PELVIC_DROP, STEPS),
    bounds=(-math.inf, 2.7),
    margin=1.3,
    cue="Try to make both sides alike.",
    why="The hip drops further over one leg than over the other, on average over seven steps of each.",
    evidence="2.7° is the smallest change that raters of films can tell (Dingenen 2018 [F54]); 4° "
    "between the sides is our proposal [P].",
)

EXERCISE = Exercise(
    name="walking",
    title="Walking",
    named="walking",
    summary="Walk towards the camera or away from it at your usual speed, on a treadmill or along a corridor.",
    view=View.FRONTAL,
    posture=Posture.STANDING,
    worked_leg="both, in turn: the one that carries the body",
    setup="Camera at hip height, level, in front of you or behind you, in line with the way you walk. On a treadmill 2.5 to 3 m away; in a "
    "corridor towards the camera begin where you fill a third of the picture, away from it where you fill it. Stand on both feet and be still for two "
    "seconds; then walk straight, at least fourteen steps, with the whole body in the picture. Don't "
    "turn round.",
    cycle=Cycle(STEP, enter=0.06, leave=0.04, min_s=0.21, max_s=2.0, rest_quantile=0.5),
    rules=(
        replace(
            DROP, bands=Bands(8.0, 15.0), strict=None, min_s=0.1, share=READ_DROP,
            evidence="15° is the severe flag of a published program [F39]; 8° for a single step is our "
            "proposal [P]. What counts is the mean: GC503.",
        ),
        replace(LEAN, min_s=0.1, share=READ_LEAN),
    ),
    of_set=(MEAN_DROP, UNEVEN),
    no_scale="None is filled in: scales of gait such as the Edinburgh visual gait score [F50] ask for more "
    "than one view",
    praise="Good, keep walking.",
    cannot_see="One camera from the front or back cannot see the length of the steps, how the hips and "
    "knees bend, or when exactly a foot meets the floor: steps are told from the sway of the trunk over the "
    "feet and, from the front, the height of the feet. Who walks without any sway is not counted from behind.",
    leg=WALKING_LEG,
    dosage=Dosage(
        1, 14, 40, "At least seven strides [F54]; it is a test, not a training: our proposal [P].",
        unit="steps",
    ),
    easier=("standing-posture", "single-leg-stance"),
    harder=("lateral-band-walk",),
    drawing=DRAWING,
)  # fmt: skip
