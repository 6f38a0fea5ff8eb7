"""The sideways walk against a band: out and back, so that the way back shows the same moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from training.acts import wobble
from training.acts_one_leg import CLEAN, PLANTED
from training.bodies import Body
from training.judged import Measured, measured
from training.limbs import OTHER, OUTWARD
from training.marks import Mark, Marks
from training.moments import Moment, PlannedRep, Shown, frames_of, planned_reps, to_and_fro
from training.posing import StandingPose, stand
from training.props import EMPTY, SOLE_M, Props
from training.rotations import smooth
from training.skeleton import Posed
from training.stepping import bump

DROP_EDGE_DEG, LEAN_EDGE_DEG = 7.0, 10.0
#: Moments on the way out.
GRID = 16


@dataclass(frozen=True)
class Sideways:
    """Steps out to one side and back again in turn; `faults` in pairs of equal ones."""

    faults: tuple[str, ...]
    step_s: float = 1.15
    pause_s: float = 0.3
    quiet_s: float = 1.8
    end_s: float = 0.4
    fps: float = 24.0
    haste: dict[str, float] = field(default_factory=dict)

    def frames(self) -> list[Shown]:
        """Return every frame."""
        return frames_of(self._rows(), self.fps)

    def reps(self) -> list[PlannedRep]:
        """Return when each step begins and ends."""
        return planned_reps(self.frames(), self.fps, self.faults)

    def _rows(self) -> Iterator[tuple[Moment, int]]:
        for index in range(self._count(self.quiet_s)):
            yield Moment("quiet", turn=to_and_fro(index)), -1
        count = self._count(self.step_s)
        for number, fault in enumerate(self.faults):
            shares = [round((i + 0.5) / count * GRID) / GRID for i in range(count)]
            for share in shares if number % 2 == 0 else reversed(shares):
                yield Moment("step", share, fault), number
            rest = Moment("step", 0.0 if number % 2 else 1.0, fault)
            for _ in range(self._count(self.pause_s)):
                yield rest, -1
        for _ in range(self._count(self.end_s)):
            yield Moment("quiet"), -1

    def _count(self, seconds: float) -> int:
        return round(seconds * self.fps)


@dataclass(frozen=True)
class Stride:
    """One step: how far the leading foot goes, and how near the other one follows, metres."""

    wide_m: float
    end_m: float
    drop_deg: float
    lean_deg: float


@dataclass(frozen=True)
class BandWalk:
    """Someone with bent knees who steps to the side of `side` and back."""

    body: Body
    side: str
    routine: Sideways
    start_m: float
    strides: Mapping[str, Stride]
    seed: int
    exercise: str = "lateral-band-walk"
    yaw_deg: float = 0.0
    props: Props = EMPTY
    lying: bool = False
    look_down_deg: float = 0.0

    def posed(self, moment: Moment) -> Posed:
        """Body at a moment: first the leading foot goes, then the other one follows."""
        lead, share = moment.share < 0.5, moment.share if moment.part == "step" else 0.0
        stride = self.strides[moment.fault]
        way = (2.0 * share) % 1.0 if share < 1.0 else 1.0
        carrying = OTHER[self.side] if lead else self.side
        here = bump(way) if moment.part == "step" else 0.0
        unrest = wobble(self.seed, moment)
        pose = StandingPose(
            carrying, pelvic_drop_deg=stride.drop_deg * here + unrest[0],
            trunk_lean_deg=stride.lean_deg * here + unrest[1], stance_knee_deg=38.0,
            trunk_flexion_deg=14.0, pelvic_tilt_deg=9.0,
        )  # fmt: skip
        return stand(
            self.body, pose, self._marks(lead, way if moment.part == "step" else 0.0, stride)
        )

    def measure(self, posed: Posed) -> Measured:
        """Truth of one pose; `side` leads on the way out."""
        return measured(posed, self.side)

    def _marks(self, lead: bool, way: float, stride: Stride) -> Marks:
        out, gone = OUTWARD[self.side], smooth(way)
        leading, following = 0.5 * self.start_m, -0.5 * self.start_m
        far = following + stride.wide_m
        near = far - stride.end_m
        up = 0.07 * bump(way)
        if lead:
            ends = (leading + gone * (far - leading), following)
            marks = {self.side: Mark(out * ends[0], 0.0, up), OTHER[self.side]: Mark(out * ends[1])}
            foot = following
        else:
            ends = (far, following + gone * (near - following))
            marks = {self.side: Mark(out * ends[0]), OTHER[self.side]: Mark(out * ends[1], 0.0, up)}
            foot = far
        middle = 0.5 * (ends[0] + ends[1])
        over = out * (middle + 0.7 * bump(way) * (foot - middle))
        return Marks(sole_m=SOLE_M, left=marks["L"], right=marks["R"], support_m=(over, -0.05))


def _band_walk(
    body: Body, side: str, seed: int, faults: tuple[str, ...], clean: Mapping[str, float]
) -> BandWalk:
    rng = np.random.default_rng([seed, 541])
    start = float(rng.uniform(0.27, 0.33))
    drop, lean = (float(rng.uniform(0.0, CLEAN)) * e for e in (DROP_EDGE_DEG, LEAN_EDGE_DEG))
    wide = start + clean.get("wide", float(rng.uniform(0.24, 0.30)))
    usual = Stride(wide, start, drop, lean)
    strides = {
        "": usual,
        "pelvic_drop": Stride(wide, start, PLANTED * DROP_EDGE_DEG, lean),
        "trunk_lean": Stride(wide, start, drop, PLANTED * LEAN_EDGE_DEG),
        "narrow": Stride(start + 0.16, start, drop, lean),
        "wide": Stride(start + 0.42, start, drop, lean),
        "shuffle": Stride(wide, start - SHUFFLE_M, drop, lean),
    }
    yaw = 180.0 if seed % 4 == 3 else 0.0
    return BandWalk(body, side, Sideways(faults), start, strides, seed, yaw_deg=yaw)


#: How much nearer than at the start the feet come, metres: about 1.5 times the edge of 0.24 trunks.
SHUFFLE_M = 0.185


def band_walk(body: Body, side: str, seed: int) -> BandWalk:
    """Clean steps, and steps with a drop or a lean."""
    faults = ("", "", "pelvic_drop", "pelvic_drop", "", "", "trunk_lean", "trunk_lean")
    return _band_walk(body, side, seed, faults, {})


def uneven_band_walk(body: Body, side: str, seed: int) -> BandWalk:
    """Narrow and wide steps by turns."""
    return _band_walk(body, side, seed, ("wide", "wide", "narrow", "narrow") * 2, {})


def shuffling_band_walk(body: Body, side: str, seed: int) -> BandWalk:
    """Return a walk whose other foot follows too far."""
    return _band_walk(body, side, seed, ("shuffle",) * 6, {"wide": 0.22})
