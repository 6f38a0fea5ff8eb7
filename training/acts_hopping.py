"""A hop on one leg, its landing, and how long it is held; sixty frames a second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from training.acts import StandingAct
from training.acts_one_leg import HALF_SPREAD_M, Edges, bent, clean_draw, faults_of
from training.bodies import Body
from training.limbs import OUTWARD
from training.marks import Mark, Marks
from training.moments import Moment, PlannedRep, Shown, frames_of, planned_reps, to_and_fro
from training.posing import Footing, StandingPose, stand
from training.props import SOLE_M
from training.skeleton import Posed

GRAVITY_M_S2 = 9.81
HOP_M = 0.16
#: Seconds of each part of a landing and its hold; a landing that is not held ends at once.
OUT_S, CROUCH_S, DOWN_S, DEEP_S, UP_S, HELD_S = 0.6, 0.3, 0.16, 0.15, 0.4, 2.0


@dataclass(frozen=True)
class Hops:
    """Quiet on both feet, then for each fault: onto one leg, hop, land, hold, foot down."""

    faults: tuple[str, ...]
    quiet_s: float = 1.6
    pause_s: float = 0.3
    fps: float = 60.0
    grid: int = 6
    haste: dict[str, float] = field(default_factory=dict)

    def frames(self) -> list[Shown]:
        """Return every frame."""
        rows = [(Moment("quiet", turn=to_and_fro(i // 2)), -1) for i in self._times(self.quiet_s)]
        for number, fault in enumerate(self.faults):
            rows += [(moment, number) for moment in self._hop(fault)]
            rows += [(Moment("quiet"), -1) for _ in self._times(self.pause_s)]
        return frames_of(rows, self.fps)

    def reps(self) -> list[PlannedRep]:
        """Return when each hop begins and ends."""
        return planned_reps(self.frames(), self.fps, self.faults)

    def _times(self, seconds: float) -> range:
        return range(round(seconds * self.fps))

    def _way(self, part: str, seconds: float, fault: str = "", back: bool = False) -> list[Moment]:
        count = max(round(seconds * self.fps), 1)
        shares = [round((i + 1) / count * self.grid) / self.grid for i in range(count)]
        return [Moment(part, share, fault) for share in (reversed(shares) if back else shares)]

    def _hop(self, fault: str) -> Iterator[Moment]:
        shown = "" if fault == "not_held" else fault
        yield from self._way("out", OUT_S)
        yield from self._way("rep", CROUCH_S)
        yield from self._way("rep", 0.7 * CROUCH_S, back=True)
        yield from self._flight()
        yield from self._way("rep", DOWN_S, shown)
        if fault != "not_held":
            yield from [Moment("rep", 1.0, shown)] * len(self._times(DEEP_S))
        yield from self._way("rep", UP_S if fault != "not_held" else DOWN_S, shown, back=True)
        if fault != "not_held":
            for index in self._times(HELD_S):
                yield Moment("rep", 0.0, "", to_and_fro(index // 2))
        yield from self._way("out", 0.25 if fault == "not_held" else OUT_S, back=True)

    def _flight(self) -> Iterator[Moment]:
        half_s = float(np.sqrt(2.0 * HOP_M / GRAVITY_M_S2))
        for index in self._times(2.0 * half_s):
            gone = abs((index + 0.5) / (half_s * self.fps) - 1.0)
            # On the way down the body passes where it was on the way up.
            yield Moment("air", round(8.0 * (1.0 - gone**2)) / 8.0)


@dataclass(frozen=True)
class HopAct:
    """`landing` with a part in the air: `share` of the height of the hop."""

    landing: StandingAct
    routine: Hops
    exercise: str = "single-leg-hop-landing"
    lying: bool = False
    look_down_deg: float = 0.0

    def __getattr__(self, name: str) -> object:
        return getattr(self.landing, name)

    def posed(self, moment: Moment) -> Posed:
        """Body at a moment."""
        if moment.part != "air":
            return self.landing.posed(moment)
        pose = replace(self.landing.ready, stance_knee_deg=12.0)
        out = OUTWARD[self.landing.side]
        up = Mark(out * HALF_SPREAD_M, 0.0, HOP_M * moment.share, 40.0 * moment.share**0.5)
        down = Mark(-out * HALF_SPREAD_M)
        left, right = (up, down) if self.landing.side == "L" else (down, up)
        return stand(self.landing.body, pose, Marks(sole_m=SOLE_M, left=left, right=right))


def hop_landing(body: Body, side: str, seed: int) -> HopAct:
    """Hops on the spot: clean, each fault at its landing, and one that is not held."""
    rng, edges = np.random.default_rng([seed, 521]), Edges(drop=12.0)
    quiet = StandingPose(side, arms=("down", "waist", 0.0))
    ready = replace(
        quiet, weight=1.0, lift=1.0, free_hip_flexion_deg=8.0, free_hip_abduction_deg=3.0,
        free_knee_deg=85.0, free_ankle_deg=10.0, arms=("down", "waist", 1.0),
    )  # fmt: skip
    ready = bent(ready, 8.0, 0.3)
    deep = replace(bent(ready, float(rng.uniform(48, 58)), 0.4), **clean_draw(rng, edges))
    some = faults_of(edges)
    names = ("pelvic_drop", "trunk_lean", "knee_valgus")
    hops = Hops(("", *names, "not_held"))
    landing = StandingAct(
        body, "single-leg-hop-landing", side, hops, quiet, ready, deep,
        {name: some[name] for name in names}, Footing(0.0, HALF_SPREAD_M, sole_m=SOLE_M), seed,
    )  # fmt: skip
    return HopAct(landing, hops)
