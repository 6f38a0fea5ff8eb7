"""Exercises on one leg: step-downs, single-leg squat, standing abduction, split squat."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.acts import Change, StandingAct
from training.bodies import Body
from training.limbs import OUTWARD
from training.marks import Mark, marks
from training.moments import Pace, Routine
from training.posing import Footing, StandingPose
from training.props import SOLE_M, STEP_HEIGHT_M, Props

#: A planted fault is this many times the edge of its band, a clean repetition below half of it.
PLANTED, CLEAN = 1.53, 0.45
HALF_SPREAD_M = 0.075


@dataclass(frozen=True)
class Edges:
    """Where each fault begins (CLINICAL 3.3): what the sizes of planted faults are counted in."""

    drop: float = 11.0
    lean: float = 10.0
    shift: float = 0.30
    fppa: float = 11.0


def clean_draw(rng: np.random.Generator, edges: Edges) -> dict[str, float]:
    """Draw drop, lean and projected knee angle of a clean repetition, all below half the edge."""
    return {
        "pelvic_drop_deg": float(rng.uniform(-0.1, CLEAN)) * edges.drop,
        "trunk_lean_deg": float(rng.uniform(-0.1, CLEAN)) * edges.lean,
        "fppa_deg": float(rng.uniform(-0.1, CLEAN)) * edges.fppa,
    }


def faults_of(edges: Edges) -> dict[str, Change]:
    """Return the four faults of every squat, each alone."""
    return {
        "pelvic_drop": {"pelvic_drop_deg": PLANTED * edges.drop},
        "trunk_lean": {"trunk_lean_deg": PLANTED * edges.lean},
        # Whoever pushes the pelvis out keeps the trunk back, or would fall.
        "pelvic_shift": {"shift_norm": PLANTED * edges.shift, "trunk_lean_deg": -5.0},
        "knee_valgus": {"fppa_deg": PLANTED * edges.fppa},
    }


def bent(pose: StandingPose, knee: float, flexion_per_knee: float) -> StandingPose:
    """Return the pose with the stance knee bent, and the trunk forward with it."""
    forward = flexion_per_knee * (knee - 4.0)
    return replace(
        pose, stance_knee_deg=knee, trunk_flexion_deg=forward, pelvic_tilt_deg=0.6 * forward
    )


#: The free foot comes down and takes the weight: 0 is between the feet (glutecam's edge is -0.10).
STEPPING = {"lift": 0.0, "weight": 0.0, "weight_norm": -PLANTED * 0.10}


def step_down(body: Body, side: str, seed: int) -> StandingAct:
    """Lateral step-down from 20 cm, hands on the waist."""
    rng, edges = np.random.default_rng([seed, 211]), Edges()
    quiet = StandingPose(side)
    ready = replace(
        quiet, weight=1.0, lift=1.0, free_hip_flexion_deg=8.0, free_hip_abduction_deg=10.0,
        free_knee_deg=2.0, free_ankle_deg=14.0,
    )  # fmt: skip
    ready = bent(ready, 6.0, 0.3)
    deep = replace(bent(ready, float(rng.uniform(56, 66)), 0.3), **clean_draw(rng, edges))
    edge = OUTWARD["L" if side == "R" else "R"] * (HALF_SPREAD_M + 0.06)
    floor = marks(
        side, Mark(HALF_SPREAD_M), Mark(0.24, 0.0, -STEP_HEIGHT_M),
        ground_m=STEP_HEIGHT_M, sole_m=SOLE_M,
    )  # fmt: skip
    return StandingAct(
        body, "step-down", side, squat_routine(), quiet, ready, deep,
        faults_of(edges) | {"steps_down": STEPPING},
        Footing(STEP_HEIGHT_M, HALF_SPREAD_M, sole_m=SOLE_M), seed,
        yaw_deg=180.0 if seed % 4 == 3 else 0.0,
        props=Props(step_edges_x_m=(edge, edge - np.sign(edge) * 0.5)),
        footings={"steps_down": floor},
    )  # fmt: skip


def squat_routine() -> Routine:
    """Eight repetitions: two clean, each fault once."""
    planted = ("", "pelvic_drop", "trunk_lean", "pelvic_shift", "knee_valgus", "steps_down")
    return Routine((*planted, "tempo", ""), haste={"tempo": 3.4})


def forward_step_down(body: Body, side: str, seed: int) -> StandingAct:
    """Forward step-down from 20 cm, arms crossed, the free heel in front of the step."""
    rng, edges = np.random.default_rng([seed, 223]), Edges()
    quiet = StandingPose(side, arms=("crossed", "crossed", 0.0))
    ready = replace(
        quiet, weight=1.0, lift=1.0, free_hip_flexion_deg=24.0, free_hip_abduction_deg=2.0,
        free_knee_deg=6.0, free_ankle_deg=-5.0,
    )  # fmt: skip
    ready = bent(ready, 6.0, 0.3)
    deep = bent(replace(ready, free_hip_flexion_deg=38.0), float(rng.uniform(60, 70)), 0.3)
    floor = marks(
        side, Mark(HALF_SPREAD_M), Mark(HALF_SPREAD_M + 0.02, -0.34, -STEP_HEIGHT_M),
        ground_m=STEP_HEIGHT_M, sole_m=SOLE_M,
    )  # fmt: skip
    return StandingAct(
        body, "forward-step-down", side, squat_routine(), quiet, ready,
        replace(deep, **clean_draw(rng, edges)), faults_of(edges) | {"steps_down": STEPPING},
        Footing(STEP_HEIGHT_M, HALF_SPREAD_M, sole_m=SOLE_M), seed,
        props=Props(boxes=(((-0.3, -0.15, 0.0), (0.3, 0.3, STEP_HEIGHT_M)),)),
        footings={"steps_down": floor},
    )  # fmt: skip


def single_leg_squat(body: Body, side: str, seed: int) -> StandingAct:
    """Single-leg squat, free leg in front as the set-up asks, arms forward or crossed."""
    rng, edges = np.random.default_rng([seed, 227]), Edges()
    arms = "forward" if rng.random() < 0.5 else "crossed"
    quiet = StandingPose(side, arms=("down", arms, 0.0))
    ready = replace(
        quiet, weight=1.0, lift=1.0, free_hip_flexion_deg=24.0, free_hip_abduction_deg=3.0,
        free_knee_deg=26.0, free_ankle_deg=0.0, arms=("down", arms, 1.0),
    )  # fmt: skip
    ready = bent(ready, 6.0, 0.45)
    deep = bent(ready, float(rng.uniform(64, 74)), 0.45)
    deep = replace(deep, free_hip_flexion_deg=58.0)
    clean = replace(deep, **clean_draw(rng, edges))
    too_deep = bent(clean, 97.0, 0.45)
    changes = faults_of(edges) | {
        "steps_down": STEPPING,
        "too_deep": {name: getattr(too_deep, name) for name in BENT},
    }
    planted = (*squat_routine().faults, "too_deep")
    return StandingAct(
        body, "single-leg-squat", side, replace(squat_routine(), faults=planted), quiet, ready,
        clean, changes, Footing(0.0, HALF_SPREAD_M, sole_m=SOLE_M), seed,
        yaw_deg=180.0 if seed % 4 == 3 else 0.0,
    )  # fmt: skip


#: In a split squat the thigh points at the camera: this puts the knee 15 cm inward of the foot.
KNEE_IN_DEG = 45.0
BENT = ("stance_knee_deg", "trunk_flexion_deg", "pelvic_tilt_deg")


def standing_abduction(body: Body, side: str, seed: int) -> StandingAct:
    """Leg raised to the side; `side` stands."""
    rng, edges = np.random.default_rng([seed, 229]), Edges(drop=6.0)
    quiet = StandingPose(side)
    ready = replace(
        quiet, weight=1.0, lift=1.0, stance_knee_deg=7.0, free_hip_flexion_deg=3.0,
        free_hip_abduction_deg=5.0, free_knee_deg=6.0, free_ankle_deg=0.0,
    )  # fmt: skip
    clean = clean_draw(rng, edges) | {"fppa_deg": 0.0}
    deep = replace(ready, free_hip_abduction_deg=float(rng.uniform(28, 36)), **clean)
    faults = {name: faults_of(edges)[name] for name in ("pelvic_drop", "trunk_lean")}
    faults["pelvic_hike"] = {"pelvic_drop_deg": -PLANTED * edges.drop}
    planted = ("", "pelvic_drop", "pelvic_hike", "trunk_lean", "tempo")
    slowly = Pace(down=1.9, hold=0.3, up=1.9, pause=0.3, steps=9)
    routine = Routine(planted, pace=slowly, haste={"tempo": 3.2})
    return StandingAct(
        body, "standing-hip-abduction", side, routine, quiet, ready, deep, faults,
        Footing(0.0, HALF_SPREAD_M, sole_m=SOLE_M), seed,
        yaw_deg=180.0 if seed % 4 == 3 else 0.0,
    )  # fmt: skip


def split_squat(body: Body, side: str, seed: int) -> StandingAct:
    """Bulgarian split squat: `side` in front, the instep of the other foot on a bench."""
    rng, edges = np.random.default_rng([seed, 233]), Edges()
    leg = float(body.head("upperleg01.L")[2] - body.head("foot.L")[2])
    feet = marks(
        side, Mark(0.07), Mark(0.08, 0.86 * leg, 0.40 * leg, 80.0), sole_m=SOLE_M
    )  # fmt: skip
    ready = bent(StandingPose(side, weight=0.8, lift=0.0), 18.0, 0.2)
    deep = replace(bent(ready, float(rng.uniform(72, 84)), 0.2), **clean_draw(rng, edges))
    top = 0.40 * leg
    bench = ((-0.5, 0.75 * leg, top - 0.06), (0.5, 0.75 * leg + 0.35, top))
    faults = {name: faults_of(edges)[name] for name in ("pelvic_drop", "trunk_lean")}
    faults["knee_in"] = {"fppa_deg": KNEE_IN_DEG}
    routine = Routine(
        ("", "pelvic_drop", "trunk_lean", "knee_in", "tempo", ""),
        pace=Pace(out=0.0),
        haste={"tempo": 3.4},
    )
    return StandingAct(
        body, "bulgarian-split-squat", side, routine, ready, ready, deep, faults, feet, seed, props=Props(boxes=(bench,)),
    )  # fmt: skip
