"""An act: one body doing one exercise, clean repetitions and planted faults, moment by moment."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Protocol

from training.bodies import Body
from training.judged import Measured, measured, pelvic_shift_norm, weight_on_stance_norm
from training.moments import Moment, Planned, Routine
from training.posing import Footing, StandingPose, stand
from training.props import EMPTY, Props
from training.scripts import sway
from training.skeleton import Posed

#: Fields of a `StandingPose`, or of `SOLVED`, and their values at the deepest point.
Change = Mapping[str, float]
#: Ratios that are reached by moving the weight sideways.
SOLVED: dict[str, Callable[[Posed, str], float]] = {
    "shift_norm": pelvic_shift_norm,
    "weight_norm": weight_on_stance_norm,
}

#: How far from the line a pelvis may be put by moving the weight, metres.
MOST_SWAY_M = 0.25
#: Metres of the first trial, from which the rest is reckoned.
FIRST_TRIAL_M = 0.04
MOST_TRIALS, NEAR_ENOUGH = 7, 2e-3


class Act(Protocol):
    """What `exercise_set` films."""

    body: Body
    exercise: str
    side: str

    @property
    def routine(self) -> Planned:
        """What is shown when."""

    @property
    def props(self) -> Props:
        """What stands in the room."""

    @property
    def yaw_deg(self) -> float:
        """Where the camera stands: 0 in front, 180 behind, towards the subject's left positive."""

    @property
    def lying(self) -> bool:
        """Whether the camera is low."""

    @property
    def look_down_deg(self) -> float:
        """How far the camera looks down on a body that points at it; 0 = level."""

    def posed(self, moment: Moment) -> Posed:
        """Body at a moment."""

    def measure(self, posed: Posed) -> Measured:
        """Truth of one pose."""


def wobble(seed: int, moment: Moment) -> tuple[float, float, float, float]:
    """Four small unrests of a moment, about ±0.4, the same whenever it is shown."""
    start = zlib.crc32(f"{moment.part} {moment.fault}".encode()) % 1000
    return sway(seed, start + 2.0 * moment.share + 0.5 * moment.turn)


def mixed(first: StandingPose, second: StandingPose, share: float) -> StandingPose:
    """Return the pose `share` of the way, every number mixed by itself."""
    values = {
        f.name: (1.0 - share) * getattr(first, f.name) + share * getattr(second, f.name)
        for f in fields(StandingPose)
        if isinstance(getattr(first, f.name), float)
    }
    pairs = zip(first.sway_m, second.sway_m, strict=True)
    left, back = ((1.0 - share) * a + share * b for a, b in pairs)
    way = (1.0 - share) * first.arms[2] + share * second.arms[2]
    arms = (first.arms[0], second.arms[1], way)
    return replace(first, **values, arms=arms, sway_m=(left, back))


def between(first: StandingPose, second: StandingPose, moment: Moment) -> StandingPose:
    """Return the pose of a moment on the way; a foot leaves the ground after the weight did."""
    late = Moment(moment.part, max(0.0, (moment.share - 0.3) / 0.7)).amount
    lift = (1.0 - late) * first.lift + late * second.lift
    return replace(mixed(first, second, moment.amount), lift=lift)


@dataclass(frozen=True)
class StandingAct:
    """Someone on their feet: quiet, then ready, and from there down to `deep` and back.

    A moment whose part is ``"late"`` is on its way from a clean `deep` to a faulty one.

    `faults` says what is different at the deepest point of a repetition with that fault, and
    `footings` on which marks the feet then stand, where they are others.
    """

    body: Body
    exercise: str
    side: str
    routine: Routine
    quiet: StandingPose
    ready: StandingPose
    deep: StandingPose
    faults: Mapping[str, Change]
    footing: Footing
    seed: int
    yaw_deg: float = 0.0
    props: Props = EMPTY
    footings: Mapping[str, Footing] = field(default_factory=dict)
    lying: bool = False
    look_down_deg: float = 0.0
    _deepest: dict[str, StandingPose] = field(default_factory=dict, repr=False)

    def posed(self, moment: Moment) -> Posed:
        """Body at a moment."""
        pose = self._unrest(self._pose(moment), moment)
        footing = self.footings.get(moment.fault, self.footing)
        return stand(self.body, pose, footing)

    def measure(self, posed: Posed) -> Measured:
        """Truth of one pose."""
        return measured(posed, self.side)

    def _pose(self, moment: Moment) -> StandingPose:
        if moment.part == "quiet":
            return self.quiet
        if moment.part == "out":
            return between(self.quiet, self.ready, moment)
        start = self._at_depth("") if moment.part == "late" else self.ready
        return between(start, self._at_depth(moment.fault), moment)

    def _at_depth(self, fault: str) -> StandingPose:
        if fault not in self._deepest:
            self._deepest[fault] = self._deep(fault)
        return self._deepest[fault]

    def _deep(self, fault: str) -> StandingPose:
        """Deepest pose of a repetition with this fault."""
        change = self.faults.get(fault, {})
        plain = {name: value for name, value in change.items() if name not in SOLVED}
        pose = replace(self.deep, **plain)
        for name in SOLVED.keys() & change.keys():
            footing = self.footings.get(fault, self.footing)
            pose = moved(self.body, pose, footing, name, change[name])
        return pose

    def _unrest(self, pose: StandingPose, moment: Moment) -> StandingPose:
        drop, lean, *feet = wobble(self.seed, moment)
        return replace(
            pose,
            pelvic_drop_deg=pose.pelvic_drop_deg + drop,
            trunk_lean_deg=pose.trunk_lean_deg + lean,
            sway_m=(pose.sway_m[0] + 0.003 * feet[0], pose.sway_m[1] + 0.003 * feet[1]),
        )


def moved(
    body: Body, pose: StandingPose, footing: Footing, name: str, wanted: float
) -> StandingPose:
    """Return the pose with its weight moved sideways so that the ratio `name` is `wanted`."""

    def with_sway(left_m: float) -> StandingPose:
        return replace(pose, sway_m=(left_m, pose.sway_m[1]))

    tried = [pose.sway_m[0], pose.sway_m[0] + FIRST_TRIAL_M]
    found = [SOLVED[name](stand(body, with_sway(x), footing), pose.stance) for x in tried]
    while len(tried) < MOST_TRIALS and abs(found[-1] - wanted) > NEAR_ENOUGH:
        slope = (found[-1] - found[-2]) / (tried[-1] - tried[-2])
        step = tried[-1] + (wanted - found[-1]) / slope
        tried.append(min(max(step, -MOST_SWAY_M), MOST_SWAY_M))
        if tried[-1] == tried[-2]:
            break
        found.append(SOLVED[name](stand(body, with_sway(tried[-1]), footing), pose.stance))
    return with_sway(tried[-1])
