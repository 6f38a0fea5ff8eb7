"""Faults that exercises on the floor share. [F n] and [P] are tags of docs/evidence.md."""

from __future__ import annotations

import math

from glutecam.core.measures import Measure
from glutecam.core.pelvis import PELVIC_ROLL
from glutecam.core.rules import Bands, Dosage, FrameRule, RepRule
from glutecam.exercises._readings import lasting

HOLD_S = 0.2

ROLL = FrameRule(
    code="GC201",
    name="pelvis rolls back",
    measure=PELVIC_ROLL,
    bands=Bands(ok=5.0, fault=10.0),
    min_s=HOLD_S,
    cue="Keep your hips stacked, don't roll back.",
    why="When the top hip rolls backward, other muscles lift the leg and the side of the hip works "
    "less.",
    evidence="Rolling backward lowers the activity of gluteus medius and maximus in side-lying "
    "abduction [F44]; no published limit for the roll was found, the edges are our proposal [P].",
)

SLOWLY = Dosage(
    sets=3,
    least=15,
    most=20,
    evidence="3 x 15-20 [S], a band once 20 repetitions are clean [S].",
    load="a band around the thighs, once 20 repetitions are clean",
)


def tempo_of(measure: Measure, sd_s: float = 0.16) -> RepRule:
    """Return the rule that asks for a slow movement, timed by this measure with this deviation."""
    return RepRule(
        code="GC204",
        name="tempo",
        unit="s",
        needs=(measure,),
        of=lasting(sd_s),
        bounds=(2.5, math.inf),
        margin=1.0,
        cue="Slow down: two seconds up, two seconds down.",
        why="Speed lets momentum do the work. The time counts over the main part of the movement, "
        "without its first and its last bit.",
        evidence="Not faster than two seconds up and two seconds down [F14]; the edges, for the part "
        "of the movement that is timed, are our proposal [P].",
    )
