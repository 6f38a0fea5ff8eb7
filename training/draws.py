"""Draws standing poses: every exercise, and the pelvis, the trunk and the legs independent of it.

What matters for a pelvis estimator is that no other joint gives the pelvis away: a drop comes with
an upright trunk and with a leaning one, a lean with a level pelvis, a raised thigh with any pelvis.
Angles in degrees; signs as in `training.posing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.arms import TARGETS, ArmPose
from training.posing import Footing, StandingPose
from training.props import SOLE_M
from training.scene import STEP_HEIGHT_M

Range = tuple[float, float]


@dataclass(frozen=True)
class Family:
    """Ranges of one kind of exercise; each angle is drawn by itself.

    `flexion_per_knee` bends the trunk forward with the knee; `spread_m` is half the distance
    between the ankles while both feet stand; `behind_m` keeps the body behind the stance foot, as
    in a step-up or a split stance, which flexes the stance hip.
    """

    name: str
    share: float
    knee: Range
    free_hip_flexion: Range
    free_hip_abduction: Range
    free_knee: Range
    flexion_per_knee: Range = (0.0, 0.6)
    on_step: float = 0.0
    spread_m: Range = (0.05, 0.12)
    two_feet: bool = False
    behind_m: Range = (0.0, 0.0)


FAMILIES = (
    Family("quiet standing", 0.06, (0, 6), (0, 2), (0, 2), (0, 4), spread_m=(0.05, 0.16), two_feet=True),
    Family("step-down", 0.20, (4, 95), (-12, 40), (0, 22), (0, 30), on_step=0.8),
    Family("squat, free leg in front", 0.14, (4, 100), (8, 85), (-6, 18), (0, 90)),
    Family("squat, free leg behind", 0.10, (4, 95), (-30, 12), (-5, 15), (30, 115)),
    Family("one-leg stance", 0.13, (0, 18), (0, 105), (-6, 20), (20, 115), (0.0, 0.2)),
    Family("standing abduction", 0.09, (0, 20), (-18, 22), (0, 62), (0, 35), (0.0, 0.3)),
    Family("split squat", 0.08, (10, 105), (-45, -5), (-6, 12), (10, 100), (0.0, 0.4), behind_m=(0, 0.3)),
    Family("step-up", 0.06, (45, 110), (-25, 5), (-4, 12), (0, 50), (0.0, 0.4), on_step=1.0, behind_m=(0.05, 0.35)),
    Family("two feet", 0.08, (0, 105), (0, 5), (0, 5), (0, 5), spread_m=(0.06, 0.42), two_feet=True),
    Family("anything", 0.12, (0, 110), (-45, 110), (-12, 65), (0, 125), (-0.2, 0.9), on_step=0.2, behind_m=(-0.1, 0.25)),
)  # fmt: skip


def _between(rng: np.random.Generator, bounds: Range) -> float:
    return float(rng.uniform(*bounds))


def draw_drop(rng: np.random.Generator) -> float:
    """Contralateral drop: mostly within what people do, some far beyond."""
    kind = rng.random()
    if kind < 0.55:
        return float(rng.uniform(-20.0, 20.0))
    if kind < 0.88:
        return float(rng.normal(3.0, 6.0))
    return float(rng.uniform(-38.0, 26.0))


def _lean_deg(rng: np.random.Generator, drop: float) -> float:
    """Trunk lean toward stance: none, some, or the whole body going with the pelvis."""
    kind = rng.random()
    if kind < 0.4:
        return float(rng.normal(1.0, 3.5))
    if kind < 0.75:
        return float(rng.uniform(-14.0, 26.0))
    return float(np.clip(-drop * rng.uniform(0.4, 1.2) + rng.normal(0.0, 4.0), -25.0, 42.0))


def draw_arms(rng: np.random.Generator) -> tuple[ArmPose, ArmPose, float]:
    """Draw where the hands are, one time in three on the way between two places."""
    names = list(TARGETS)
    first, second = (names[i] for i in rng.integers(len(names), size=2))
    share = float(rng.uniform(0.0, 1.0)) if rng.random() < 0.35 else 0.0
    return first, second, share


def _feet(rng: np.random.Generator, family: Family) -> tuple[float, float]:
    """(lift, weight): both feet down, one in the air, or on the way."""
    if family.two_feet:
        return 0.0, float(rng.uniform(0.0, 1.0) if rng.random() < 0.6 else 0.0)
    if rng.random() < 0.1:
        return float(rng.uniform(0.0, 1.0)), float(rng.uniform(0.3, 1.0))
    return 1.0, 1.0


def _quiet(pose: StandingPose, rng: np.random.Generator) -> StandingPose:
    """Someone about to begin: nearly level, nearly upright."""
    return replace(
        pose,
        pelvic_drop_deg=float(rng.normal(0.0, 2.5)),
        trunk_lean_deg=float(rng.normal(0.0, 2.0)),
        trunk_flexion_deg=float(rng.normal(1.0, 3.0)),
        pelvic_tilt_deg=float(rng.normal(0.0, 4.0)),
        fppa_deg=0.0,
        weight=0.0,
    )


def _stance(rng: np.random.Generator, family: Family) -> StandingPose:
    knee = _between(rng, family.knee)
    drop = draw_drop(rng)
    flexion = float(
        np.clip(_between(rng, family.flexion_per_knee) * knee + rng.normal(0, 5), -15, 60)
    )
    lift, weight = _feet(rng, family)
    pose = StandingPose(
        stance="R" if rng.random() < 0.5 else "L",
        pelvic_drop_deg=drop,
        pelvic_turn_deg=float(rng.normal(0.0, 7.0)),
        pelvic_tilt_deg=rng.uniform(0.2, 0.9) * flexion + float(rng.normal(0.0, 5.0)),
        trunk_lean_deg=_lean_deg(rng, drop),
        trunk_flexion_deg=flexion,
        stance_knee_deg=knee,
        fppa_deg=float(rng.normal(4.0, 10.0)),
        free_hip_flexion_deg=_between(rng, family.free_hip_flexion),
        free_hip_abduction_deg=_between(rng, family.free_hip_abduction),
        free_knee_deg=_between(rng, family.free_knee),
        free_ankle_deg=_between(rng, (-5.0, 30.0)),
        lift=lift,
        weight=weight,
        arms=draw_arms(rng),
        sway_m=(
            float(rng.normal(0.0, 0.02)),
            float(rng.normal(0.0, 0.01)) + _between(rng, family.behind_m),
        ),
    )
    return _quiet(pose, rng) if family.name == "quiet standing" else pose


def draw_family(rng: np.random.Generator) -> Family:
    """Draw a kind of exercise by its share."""
    shares = np.array([family.share for family in FAMILIES])
    return FAMILIES[rng.choice(len(FAMILIES), p=shares / shares.sum())]


def draw_standing(rng: np.random.Generator, family: Family) -> tuple[StandingPose, Footing]:
    """Draw one instant of `family` and what it stands on."""
    ground = STEP_HEIGHT_M if rng.random() < family.on_step else 0.0
    toe_out = float(np.clip(rng.normal(8.0, 7.0), -10.0, 30.0))
    footing = Footing(ground, _between(rng, family.spread_m), toe_out, SOLE_M)
    return _stance(rng, family), footing


#: Kinds of exercise in which people lean with the whole body.
LEANING = ("standing abduction", "one-leg stance", "step-down", "squat, free leg in front")


def draw_leaning(rng: np.random.Generator) -> tuple[StandingPose, Footing]:
    """Draw somebody whose pelvis and trunk tilt together, the free leg often far out.

    Common when balance is lost or kept with effort, and rare among angles drawn one by one.
    """
    families = [family for family in FAMILIES if family.name in LEANING]
    family = families[int(rng.integers(len(families)))]
    pose, footing = draw_standing(rng, replace(family, on_step=0.0))
    hike = _between(rng, (-8.0, 36.0))
    lean = float(np.clip(hike * rng.uniform(0.5, 1.3) + rng.normal(0.0, 4.0), -15.0, 45.0))
    return replace(pose, pelvic_drop_deg=-hike, trunk_lean_deg=lean), footing


#: Both feet on the ground, wider apart than in `FAMILIES` or one before the other: side lunges,
#: sumo squats, a step along a line. Real people do them, and the hip points err otherwise there.
WIDE = Family("wide stance", 0.6, (0, 105), (0, 5), (0, 5), (0, 5), (0.0, 0.4), spread_m=(0.25, 0.7), two_feet=True)  # fmt: skip
TANDEM = Family("tandem stance", 0.4, (0, 60), (-30, 30), (-20, 2), (3, 60), (0.0, 0.4))


def draw_planted(rng: np.random.Generator, family: Family) -> tuple[StandingPose, Footing]:
    """Draw somebody who stands wide or steps along a line, the pelvis mostly near level.

    A pelvis between two legs that both carry tilts less than one on a single leg.
    """
    pose, footing = draw_standing(rng, family)
    drop = float(rng.normal(0.0, 5.0) if rng.random() < 0.8 else rng.uniform(-18.0, 18.0))
    return replace(pose, pelvic_drop_deg=drop), footing
