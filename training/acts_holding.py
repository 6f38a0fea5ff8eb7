"""Postures that are held: the stance on one leg, and how somebody stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from training.acts import Change, StandingAct, moved
from training.acts_one_leg import CLEAN, HALF_SPREAD_M, PLANTED, Edges, faults_of
from training.bodies import Body
from training.judged import Measured, measured
from training.moments import Moment, Pace, PlannedRep, Routine, Shown, to_and_fro
from training.posing import Footing, StandingPose, stand
from training.props import EMPTY, SOLE_M, Props
from training.skeleton import Posed

#: How far the free side comes down from its highest in a hold that fails, degrees.
SINK_EDGE_DEG = 4.0


def _stance(body: Body, side: str, seed: int, routine: Routine) -> StandingAct:
    rng, edges = np.random.default_rng([seed, 503]), Edges(drop=5.0)
    arms = "waist" if rng.random() < 0.5 else "crossed"
    quiet = StandingPose(side, arms=("down", arms, 0.0))
    raised = -float(rng.uniform(3.0, 4.0)) - SINK_EDGE_DEG
    deep = replace(
        quiet, weight=1.0, lift=1.0, stance_knee_deg=5.0, free_hip_flexion_deg=4.0,
        free_hip_abduction_deg=3.0, free_knee_deg=float(rng.uniform(50, 80)), free_ankle_deg=10.0,
        pelvic_drop_deg=raised, trunk_lean_deg=float(rng.uniform(-0.1, CLEAN)) * edges.lean,
        arms=("down", arms, 1.0),
    )  # fmt: skip
    some = faults_of(edges)
    faults: dict[str, Change] = {
        name: some[name] for name in ("pelvic_drop", "trunk_lean", "pelvic_shift")
    }
    faults["sinks"] = {"pelvic_drop_deg": raised + PLANTED * SINK_EDGE_DEG}
    return StandingAct(
        body, "single-leg-stance", side, routine, quiet, quiet, deep, faults,
        Footing(0.0, HALF_SPREAD_M, sole_m=SOLE_M), seed, yaw_deg=180.0 if seed % 2 else 0.0,
    )  # fmt: skip


def long_stance(body: Body, side: str, seed: int) -> StandingAct:
    """Half a minute with the free side raised."""
    pace = Pace(out=0.0, down=0.9, hold=29.6, up=0.9, pause=0.3)
    return _stance(body, side, seed, Routine(("",), pace))


def short_stances(body: Body, side: str, seed: int) -> StandingAct:
    """Return holds of four seconds, too short, each with another fault."""
    pace = Pace(out=0.0, down=0.8, hold=3.2, up=0.8, pause=0.6)
    planted = ("", "pelvic_drop", "trunk_lean", "pelvic_shift", "sinks")
    return _stance(body, side, seed, Routine(planted, pace, late=("sinks",)))


@dataclass(frozen=True)
class Still:
    """A posture that is simply held."""

    seconds: float = 6.5
    fps: float = 24.0
    faults: tuple[str, ...] = ("",)
    haste: dict[str, float] = field(default_factory=dict)

    def frames(self) -> list[Shown]:
        """Return every frame."""
        count = round(self.seconds * self.fps)
        return [Shown(i / self.fps, Moment("quiet", turn=to_and_fro(i)), 0) for i in range(count)]

    def reps(self) -> list[PlannedRep]:
        """Return the one hold."""
        return [PlannedRep(0.0, self.seconds, self.faults[0])]


@dataclass(frozen=True)
class StillAct:
    """Someone who stands; `pose` leans and shifts as planted."""

    body: Body
    side: str
    routine: Still
    pose: StandingPose
    footing: Footing
    seed: int
    yaw_deg: float = 0.0
    exercise: str = "standing-posture"
    props: Props = EMPTY
    lying: bool = False
    look_down_deg: float = 0.0

    def posed(self, moment: Moment) -> Posed:
        """Body at a moment."""
        x, y = self.pose.sway_m
        moving = 0.004 * (moment.turn - 1.5)
        return stand(
            self.body, replace(self.pose, sway_m=(x + 0.3 * moving, y + moving)), self.footing
        )

    def measure(self, posed: Posed) -> Measured:
        """Truth of one pose."""
        return measured(posed, self.side)


#: Where posture becomes a fault: weight (trunk lengths), level, sway (trunk lengths), lean.
WEIGHT_EDGE, LEVEL_EDGE_DEG, LEAN_EDGE_DEG = 0.25, 6.0, 8.0
#: The trunk brings the shoulders back over the feet when the pelvis is pushed out.
SWAYED: Change = {"weight_norm": 0.37, "trunk_lean_deg": -15.5}


def _standing(body: Body, side: str, seed: int, fault: str) -> StillAct:
    rng = np.random.default_rng([seed, 509])
    footing = Footing(0.0, float(rng.uniform(0.10, 0.13)), sole_m=SOLE_M)
    changes: dict[str, Change] = {
        "": {},
        "weight": {"weight_norm": PLANTED * WEIGHT_EDGE},
        "not_level": {"pelvic_drop_deg": PLANTED * LEVEL_EDGE_DEG},
        "sway": SWAYED,
        "trunk_lean": {"trunk_lean_deg": PLANTED * LEAN_EDGE_DEG},
    }
    pose = StandingPose(
        side, arms=("down", "down", 0.0), stance_knee_deg=4.0,
        pelvic_drop_deg=float(rng.uniform(-CLEAN, CLEAN)) * LEVEL_EDGE_DEG,
        trunk_lean_deg=float(rng.uniform(-CLEAN, CLEAN)) * LEAN_EDGE_DEG,
    )  # fmt: skip
    change = {"weight_norm": float(rng.uniform(0.0, CLEAN)) * WEIGHT_EDGE} | dict(changes[fault])
    solved = change.pop("weight_norm")
    pose = moved(body, replace(pose, **change), footing, "weight_norm", solved)
    routine = Still(faults=(fault,))
    return StillAct(body, side, routine, pose, footing, seed, 180.0 if seed % 4 == 3 else 0.0)


def standing(body: Body, side: str, seed: int) -> StillAct:
    """Evenly on both feet."""
    return _standing(body, side, seed, "")


def standing_on_one(body: Body, side: str, seed: int) -> StillAct:
    """Return somebody with the weight on one foot."""
    return _standing(body, side, seed, "weight")


def standing_crooked(body: Body, side: str, seed: int) -> StillAct:
    """One side of the pelvis lower."""
    return _standing(body, side, seed, "not_level")


def standing_swayed(body: Body, side: str, seed: int) -> StillAct:
    """Return somebody with the pelvis beside the line from feet to shoulders."""
    return _standing(body, side, seed, "sway")


def standing_leaning(body: Body, side: str, seed: int) -> StillAct:
    """Return somebody with the trunk to one side."""
    return _standing(body, side, seed, "trunk_lean")
