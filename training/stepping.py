"""Step by step: walking on a treadmill, and sideways against a band.

Walking is filmed on a treadmill: the body stays in its place, the feet go back with the belt, and
one step looks like another of the same kind, so that it is rendered once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from training.acts import wobble
from training.bodies import Body
from training.judged import Measured, measured
from training.limbs import LEG, OTHER, OUTWARD, Limb, limb
from training.marks import Mark, Marks
from training.moments import Moment, PlannedRep, Shown, frames_of, planned_reps, to_and_fro
from training.posing import StandingPose, stand
from training.props import SOLE_M, Props
from training.rotations import smooth
from training.skeleton import Posed

#: From the ankle to the ball of the foot and to the heel, metres.
BALL_M, HEEL_M = 0.13, 0.05


@dataclass(frozen=True)
class Steps:
    """A quiet posture and then one step after another, each a side and a fault, empty if clean."""

    steps: tuple[tuple[str, str], ...]
    step_s: float = 0.55
    rest_s: float = 0.0
    quiet_s: float = 1.8
    out_s: float = 0.5
    end_s: float = 0.13
    fps: float = 24.0
    grid: int = 10
    haste: Mapping[str, float] = field(default_factory=dict)

    @property
    def faults(self) -> tuple[str, ...]:
        """Fault of each step."""
        return tuple(fault for _, fault in self.steps)

    def frames(self) -> list[Shown]:
        """Return every frame."""
        return frames_of(self._rows(), self.fps)

    def reps(self) -> list[PlannedRep]:
        """Return when each step begins and ends."""
        sides = [side for side, _ in self.steps]
        return planned_reps(self.frames(), self.fps, self.faults, sides)

    def _rows(self) -> Iterator[tuple[Moment, int]]:
        first, last = self.steps[0], self.steps[-1]
        for index in range(round(self.quiet_s * self.fps)):
            yield Moment("quiet", turn=to_and_fro(index)), -1
        for share in self._shares(self.out_s):
            yield Moment(f"out.{first[0]}", share), -1
        for number, (side, fault) in enumerate(self.steps):
            for share in self._shares(self.step_s):
                yield Moment(f"step.{side}", share, fault), number
            for _ in range(round(self.rest_s * self.fps)):
                yield Moment(f"step.{side}", 1.0, fault), -1
        # The recording stops as the next step begins: who comes to a stand makes half a step more.
        for _ in range(round(self.end_s * self.fps)):
            yield Moment(f"step.{OTHER[last[0]]}", 1.0 / self.grid), -1

    def _shares(self, seconds: float) -> list[float]:
        count = max(round(seconds * self.fps), 1)
        return [round((i + 0.5) / count * self.grid) / self.grid for i in range(count)]


def bump(share: float) -> float:
    """Up and down again: 0 at both ends, 1 in the middle."""
    return float(np.sin(np.pi * min(max(share, 0.0), 1.0)))


def flexion_for(leg: Limb, distance_m: float) -> float:
    """Return the knee flexion at which hip and ankle are so far apart, degrees."""
    cosine = (distance_m**2 - leg.upper_m**2 - leg.lower_m**2) / (2.0 * leg.upper_m * leg.lower_m)
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))


def tipped(x_m: float, back_m: float, up_m: float, toes_down_deg: float) -> Mark:
    """Return the mark of a foot that rests on its ball (+) or its heel (-), lifted by `up_m`."""
    angle = np.radians(toes_down_deg)
    rise = BALL_M * np.sin(angle) if angle > 0 else -HEEL_M * np.sin(angle)
    return Mark(x_m, back_m, up_m + float(rise), toes_down_deg)


TREADMILL = Props(boxes=(((-0.32, -0.75, 0.0), (0.32, 0.75, 0.02)),))


@dataclass(frozen=True)
class Gait:
    """How somebody walks: half the step length, half the step width, and the largest angles of a step.

    `drop_deg` and `lean_deg` by fault; ``""`` is the clean step.
    """

    half_step_m: float
    half_width_m: float
    drop_deg: Mapping[str, float]
    lean_deg: Mapping[str, float]
    lifted_m: float = 0.06


@dataclass(frozen=True)
class Walk:
    """Someone on a treadmill, walking towards the camera or away from it."""

    body: Body
    side: str
    routine: Steps
    gait: Gait
    seed: int
    yaw_deg: float = 0.0
    exercise: str = "walking"
    props: Props = TREADMILL
    lying: bool = False
    look_down_deg: float = 0.0

    def posed(self, moment: Moment) -> Posed:
        """Body at a moment."""
        unrest = wobble(self.seed, moment)
        if moment.part == "quiet":
            width = self.gait.half_width_m + 0.04
            quiet = Marks(0.02, sole_m=SOLE_M, left=Mark(width), right=Mark(-width))
            pose = StandingPose(
                self.side, pelvic_drop_deg=unrest[0], trunk_lean_deg=unrest[1],
                arms=("down", "down", 0.0),
            )  # fmt: skip
            return stand(self.body, pose, quiet)
        part, side = moment.part.split(".")
        if part == "out":
            return self._stepped(side, 0.0, "", moment.share)
        return self._stepped(side, moment.share, moment.fault, 1.0)

    def measure(self, posed: Posed) -> Measured:
        """Truth of one pose."""
        return measured(posed, self.side)

    def _stepped(self, side: str, share: float, fault: str, begun: float) -> Posed:
        """Body `share` of the way through a step on `side`; `begun` is 0 in quiet standing."""
        drop = self.gait.drop_deg.get(fault, self.gait.drop_deg[""])
        lean = self.gait.lean_deg.get(fault, self.gait.lean_deg[""])
        pose = StandingPose(
            side, pelvic_drop_deg=drop * bump(share), trunk_lean_deg=lean * bump(share),
            trunk_flexion_deg=3.0 * begun, arms=("down", "down", 0.0), stance_knee_deg=8.0,
        )  # fmt: skip
        footing = self._footing(side, share, smooth(begun))
        posed = stand(self.body, pose, footing)
        return stand(self.body, replace(pose, stance_knee_deg=self._knee(posed, side)), footing)

    def _knee(self, posed: Posed, side: str) -> float:
        """Knee that carries the hips at their height: a little lower than standing."""
        leg = limb(self.body, side, LEG)
        hip, ankle = (posed.joint(f"{bone}.{side}") for bone in (LEG[0], LEG[2]))
        floor = Marks(0.02, sole_m=SOLE_M).ankle(self.body, side)[2]
        half = self.gait.half_step_m
        height = floor + np.sqrt((leg.reach(6.0)) ** 2 - half**2)
        over = bump(0.5 - 0.5 * abs(ankle[1]) / half)
        rise = height + 0.6 * (floor + leg.reach(10.0) - height) * over
        tilt = hip[2] - posed.mid_hip[2]
        level = np.array([hip[0], hip[1], rise + tilt])
        return max(flexion_for(leg, float(np.linalg.norm(level - ankle))), 3.0)

    def _footing(self, side: str, share: float, begun: float) -> Marks:
        walk, out = self.gait, OUTWARD[side]
        half = walk.half_step_m
        heel_off = 28.0 * smooth((share - 0.6) / 0.4) - 14.0 * (1.0 - smooth(share / 0.15))
        carrying = tipped(out * walk.half_width_m, -half + 2.0 * half * share, 0.0, heel_off)
        other = self._swinging(side, share)
        width = walk.half_width_m + 0.04
        marks = {
            side: Mark(out * width).towards(carrying, begun),
            OTHER[side]: Mark(-out * width).towards(other, begun),
        }
        across = out * (walk.half_width_m * 0.55) * bump(share)
        return Marks(
            0.02, sole_m=SOLE_M, left=marks["L"], right=marks["R"],
            support_m=(across, -0.05 * (1.0 - begun)),
        )  # fmt: skip

    def _swinging(self, side: str, share: float) -> Mark:
        """Mark of the other foot: on its toes behind, through the air, heel first in front."""
        walk, x = self.gait, -OUTWARD[side] * self.gait.half_width_m
        half, off = walk.half_step_m, 0.2
        if share < off:
            return tipped(x, half + 2.0 * half * share, 0.0, 28.0 + 17.0 * share / off)
        way = (share - off) / (1.0 - off)
        gone = smooth(way)
        back = (1.0 + 2.0 * off) * half * (1.0 - gone) - half * gone
        toes = 45.0 * (1.0 - smooth(way / 0.6)) - 14.0 * smooth((way - 0.5) / 0.5)
        return tipped(x, back, walk.lifted_m * bump(way), toes)
