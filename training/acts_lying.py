"""Exercises on the side: the clamshell and the straight-leg raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np

from training.acts import Change, wobble
from training.acts_one_leg import CLEAN, PLANTED
from training.bodies import Body
from training.judged import Measured, measured
from training.limbs import LEG, limb
from training.lying import ANKLE_HALF_M, LyingPose, lie
from training.moments import Moment, Pace, Routine
from training.props import MAT_HEIGHT_M, Props
from training.rotations import Array, unit
from training.skeleton import Posed
from training.truth import knee_opening_deg

#: Where each fault begins (CLINICAL 3.3; feet and hip angle: glutecam's own edges).
ROLL_EDGE_DEG, HITCH_EDGE_DEG, FEET_EDGE_NORM, DRIFT_EDGE_DEG = 10.0, 10.0, 0.30, 20.0
#: Up and down are slow: two seconds each in the programme.
SLOWLY = Pace(out=0.0, down=1.9, hold=0.3, up=1.9, pause=0.3, steps=9)


@dataclass(frozen=True)
class LyingAct:
    """Someone on their side; `side` is the upper leg, the one that works."""

    body: Body
    exercise: str
    side: str
    routine: Routine
    quiet: LyingPose
    top: LyingPose
    faults: Mapping[str, Change]
    seed: int
    yaw_deg: float = 0.0
    props: Props = field(default_factory=lambda: Props(mat=True))
    lying: bool = True
    look_down_deg: float = 0.0

    @cached_property
    def _long_axis(self) -> Array:
        """Line of the trunk at the start, hips to shoulders."""
        start = lie(self.body, self.quiet, MAT_HEIGHT_M)
        return unit(start.mid_shoulder - start.mid_hip)

    def posed(self, moment: Moment) -> Posed:
        """Body at a moment."""
        amount = moment.amount if moment.part == "rep" else 0.0
        at_top = replace(self.top, **self.faults.get(moment.fault, {}))
        values = {
            f.name: (1.0 - amount) * getattr(self.quiet, f.name) + amount * getattr(at_top, f.name)
            for f in fields(LyingPose)
            if isinstance(getattr(self.quiet, f.name), float)
        }
        pose = replace(self.quiet, **values)
        roll = pose.roll_deg + 0.5 * wobble(self.seed, moment)[0]
        pose = replace(pose, roll_deg=roll, trunk_roll_deg=pose.trunk_roll_deg + 0.4 * roll)
        return lie(self.body, pose, MAT_HEIGHT_M)

    def measure(self, posed: Posed) -> Measured:
        """Truth of one pose."""
        return measured(posed, self.side, self._long_axis)


def _clean_roll(rng: np.random.Generator) -> float:
    return float(rng.uniform(-0.1, CLEAN)) * ROLL_EDGE_DEG


def clamshell(body: Body, side: str, seed: int) -> LyingAct:
    """Clamshell: hips bent 45°, heels together, the upper knee opens."""
    rng = np.random.default_rng([seed, 307])
    bent = LyingPose(side, knee_flexion_deg=float(rng.uniform(60, 88)))
    closed = knee_opening_deg(lie(body, bent, MAT_HEIGHT_M))
    quiet = replace(bent, opening_deg=closed)
    opened = float(closed + rng.uniform(33, 42))
    top = replace(quiet, opening_deg=opened, roll_deg=_clean_roll(rng))
    trunk = float(body.head("upperarm01.L")[2] - body.head("upperleg01.L")[2])
    start = quiet.hip_flexion_deg
    faults: dict[str, Change] = {
        "pelvic_roll": {"roll_deg": PLANTED * ROLL_EDGE_DEG},
        "feet_part": {"feet_apart_m": PLANTED * FEET_EDGE_NORM * trunk},
        "hip_drift": {"hip_flexion_deg": start + PLANTED * DRIFT_EDGE_DEG},
    }
    routine = Routine(
        ("", "pelvic_roll", "feet_part", "hip_drift", "tempo"),
        pace=SLOWLY,
        haste={"tempo": 3.9},
    )
    return LyingAct(body, "clamshell", side, routine, quiet, top, faults, seed)


def resting_raise_deg(body: Body, side: str) -> float:
    """How far the straight upper leg points below the horizontal where it lies on the lower one."""
    flat = LyingPose(side, hip_flexion_deg=4.0, knee_flexion_deg=4.0, raise_deg=0.0)
    hip = lie(body, flat, MAT_HEIGHT_M).joint(f"upperleg01.{side}")[2]
    lengths = limb(body, side, LEG)
    ankle = MAT_HEIGHT_M + 3.2 * ANKLE_HALF_M
    return -float(np.degrees(np.arcsin((hip - ankle) / (lengths.upper_m + lengths.lower_m))))


def side_lying_abduction(body: Body, side: str, seed: int) -> LyingAct:
    """Straight-leg raise on the side, toes forward, filmed from in front or behind."""
    rng = np.random.default_rng([seed, 311])
    rest = resting_raise_deg(body, side)
    quiet = LyingPose(side, hip_flexion_deg=4.0, knee_flexion_deg=4.0, raise_deg=rest)
    high = float(rng.uniform(28, 36))
    hitch = float(rng.uniform(0.0, CLEAN)) * HITCH_EDGE_DEG
    top = replace(quiet, raise_deg=high, roll_deg=_clean_roll(rng), hitch_deg=hitch)
    faults: dict[str, Change] = {
        "pelvic_hitch": {"hitch_deg": PLANTED * HITCH_EDGE_DEG},
        "pelvic_roll": {"roll_deg": PLANTED * ROLL_EDGE_DEG},
        "hip_drift": {"raised_flexion_deg": PLANTED * DRIFT_EDGE_DEG},
    }
    routine = Routine(
        ("", "pelvic_hitch", "pelvic_roll", "hip_drift", "tempo"),
        pace=SLOWLY,
        haste={"tempo": 3.2},
    )
    return LyingAct(
        body, "side-lying-hip-abduction", side, routine, quiet, top, faults, seed,
        yaw_deg=180.0 if seed % 4 == 3 else 0.0,
    )  # fmt: skip
