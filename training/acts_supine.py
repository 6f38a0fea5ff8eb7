"""On the back: bridge and hip thrust, filmed from the feet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from training.acts import Change, wobble
from training.acts_one_leg import CLEAN, PLANTED
from training.bodies import Body
from training.bridging import BridgePose, bridge
from training.judged import Measured, measured
from training.moments import Moment, Pace, Routine
from training.props import Props
from training.skeleton import Posed

#: Where the pelvis is crooked (CLINICAL 3.3).
DROP_EDGE_DEG = 6.0
#: A camera that looks down sees a little less of it, and it is read over the upper part of the way.
SEEN = 1.12
#: Turned inward so far, the knees are about half a shoulder width nearer to each other.
KNEES_IN_DEG = 21.0


MAT = Props(mat=True)
#: Shoulders on a bench and a camera at the height of the chest: lower, or with the shoulders on the
#: floor, the pose model loses the person as soon as the hips are up.
BENCH_M, LOOK_DOWN_DEG = 0.38, 24.0


@dataclass(frozen=True)
class SupineAct:
    """Someone on their back; `side` is the leg that carries."""

    body: Body
    exercise: str
    side: str
    routine: Routine
    quiet: BridgePose
    top: BridgePose
    faults: Mapping[str, Change]
    seed: int
    props: Props = MAT
    yaw_deg: float = 0.0
    lying: bool = True
    look_down_deg: float = LOOK_DOWN_DEG

    def posed(self, moment: Moment) -> Posed:
        """Body at a moment."""
        amount = moment.amount if moment.part == "rep" else 0.0
        at_top = replace(self.top, **self.faults.get(moment.fault, {}))
        values = {
            f.name: (1.0 - amount) * getattr(self.quiet, f.name) + amount * getattr(at_top, f.name)
            for f in fields(BridgePose)
            if isinstance(getattr(self.quiet, f.name), float)
        }
        pose = replace(self.quiet, **values)
        unrest = 0.7 * wobble(self.seed, moment)[0]
        return bridge(self.body, replace(pose, pelvic_drop_deg=pose.pelvic_drop_deg + unrest))

    def measure(self, posed: Posed) -> Measured:
        """Truth of one pose."""
        return measured(posed, self.side)


def _bridge(body: Body, side: str, seed: int, lift: float) -> SupineAct:
    rng = np.random.default_rng([seed, 331])
    quiet = BridgePose(side, lift=lift, shoulders_m=BENCH_M)
    clean = float(rng.uniform(-0.1, CLEAN)) * DROP_EDGE_DEG
    top = replace(quiet, rise=1.0, pelvic_drop_deg=clean)
    faults: dict[str, Change] = {
        "pelvic_drop": {"pelvic_drop_deg": SEEN * PLANTED * DROP_EDGE_DEG},
        "knees_in": {"knees_in_deg": KNEES_IN_DEG},
    }
    planted = ("", "pelvic_drop", *(() if lift else ("knees_in",)), "tempo", "")
    slowly = Pace(out=0.0, down=2.0, hold=0.6, up=2.0, pause=0.3, steps=8)
    routine = Routine(planted, pace=slowly, haste={"tempo": 3.2})
    name = "single-leg-hip-thrust" if lift else "hip-thrust"
    edge = bridge(body, quiet).joint("upperarm01.L")[1] - 0.1
    bench = ((-0.6, edge, 0.0), (0.6, edge + 0.45, BENCH_M))
    props = Props(mat=True, boxes=(bench,))
    return SupineAct(body, name, side, routine, quiet, top, faults, seed, props)


def hip_thrust(body: Body, side: str, seed: int) -> SupineAct:
    """Hip thrust on both legs, shoulders on a bench."""
    return _bridge(body, side, seed, 0.0)


def single_leg_hip_thrust(body: Body, side: str, seed: int) -> SupineAct:
    """Hip thrust on one leg, the other one straight in the air."""
    return _bridge(body, side, seed, 1.0)
