"""Movements over time: second by second, the clinical angles of a person doing an exercise."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from training.arms import ArmPose
from training.lying import LyingPose
from training.posing import StandingPose
from training.rotations import smooth


@dataclass(frozen=True)
class Repetition:
    """One repetition: when it runs and what is wrong with it (half-open, seconds)."""

    start_s: float
    end_s: float
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tempo:
    """How long each part takes, seconds."""

    quiet: float = 2.1
    shift: float = 0.8
    down: float = 0.9
    hold: float = 0.22
    up: float = 0.9
    pause: float = 0.1
    end: float = 0.5

    @property
    def repetition(self) -> float:
        """Length of one repetition, without the pause after it."""
        return self.down + self.hold + self.up

    def phase(self, since_start: float) -> float:
        """Depth 0..1 of a repetition which began `since_start` seconds ago."""
        return smooth(since_start / self.down) * (
            1.0 - smooth((since_start - self.down - self.hold) / self.up)
        )

    def reps(self, faults: tuple[tuple[str, ...], ...]) -> tuple[Repetition, ...]:
        """One repetition for each entry of `faults`."""
        first, period = self.quiet + self.shift, self.repetition + self.pause
        starts = [first + i * period for i in range(len(faults))]
        return tuple(
            Repetition(round(s, 4), round(s + self.repetition, 4), f)
            for s, f in zip(starts, faults, strict=True)
        )

    def duration(self, count: int) -> float:
        """Length of a clip with `count` repetitions."""
        return self.quiet + self.shift + count * (self.repetition + self.pause) + self.end


@dataclass(frozen=True)
class Depth:
    """Angles at the bottom of a repetition, degrees."""

    knee: float
    drop: float = 2.5
    lean: float = 1.5
    fppa: float = 3.0


@dataclass(frozen=True)
class StandingStyle:
    """What tells one standing exercise from another: the free leg, the arms, the floor."""

    free_hip_flexion_deg: float
    free_hip_abduction_deg: float
    free_knee_deg: float
    free_ankle_deg: float
    trunk_flexion_per_knee: float
    arms: ArmPose
    on_step: bool
    half_spread_m: float = 0.075
    #: How much further the free hip flexes at the bottom, so that the foot clears the floor.
    free_hip_extra_deg: float = 0.0


STEP_DOWN = StandingStyle(8.0, 10.0, 2.0, 14.0, 0.30, "waist", on_step=True)
SINGLE_LEG_SQUAT = StandingStyle(
    24.0, 3.0, 26.0, 0.0, 0.45, "forward", on_step=False, free_hip_extra_deg=34.0
)


@dataclass(frozen=True)
class StandingScript:
    """A standing exercise as a function of time."""

    stance: str
    style: StandingStyle
    clean: Depth
    faulty: Depth
    faults: tuple[tuple[str, ...], ...]
    tempo: Tempo = field(default_factory=Tempo)
    seed: int = 0

    @property
    def reps(self) -> tuple[Repetition, ...]:
        """The repetitions with their faults."""
        return self.tempo.reps(self.faults)

    @property
    def duration_s(self) -> float:
        """Length of the clip."""
        return self.tempo.duration(len(self.faults))

    def at(self, time_s: float) -> StandingPose:
        """Pose at `time_s`."""
        style, wobble = self.style, sway(self.seed, time_s)
        depth, worst = 0.0, self.clean
        for rep in self.reps:
            if rep.start_s <= time_s < rep.end_s:
                depth = self.tempo.phase(time_s - rep.start_s)
                worst = self.faulty if rep.faults else self.clean
        out = smooth((time_s - self.tempo.quiet) / self.tempo.shift)
        # The weight goes over first, the foot leaves the ground after.
        lift = smooth(
            (time_s - self.tempo.quiet - 0.3 * self.tempo.shift) / (0.7 * self.tempo.shift)
        )
        knee = 4.0 + 2.0 * out + (worst.knee - 6.0) * depth
        return StandingPose(
            stance=self.stance,
            pelvic_drop_deg=worst.drop * depth + wobble[0] * out,
            pelvic_tilt_deg=0.6 * style.trunk_flexion_per_knee * (knee - 4.0),
            trunk_lean_deg=0.5 * out + (worst.lean - 0.5) * depth + wobble[1] * out,
            trunk_flexion_deg=style.trunk_flexion_per_knee * (knee - 4.0),
            stance_knee_deg=knee,
            fppa_deg=worst.fppa * depth,
            free_hip_flexion_deg=style.free_hip_flexion_deg + style.free_hip_extra_deg * depth,
            free_hip_abduction_deg=style.free_hip_abduction_deg,
            free_knee_deg=style.free_knee_deg,
            free_ankle_deg=style.free_ankle_deg,
            lift=lift,
            weight=out,
            arms=("down" if style.arms == "forward" else style.arms, style.arms, out),
            sway_m=(0.003 * wobble[2], 0.003 * wobble[3]),
        )


CLAMSHELL_TEMPO = Tempo(shift=0.0, down=2.0, hold=0.15, up=2.0, pause=0.25, end=0.5)


@dataclass(frozen=True)
class ClamshellScript:
    """A clamshell as a function of time: how far the knee is open and the pelvis rolled."""

    top: str
    faults: tuple[tuple[str, ...], ...]
    closed_deg: float
    open_deg: float = 50.0
    clean_roll_deg: float = 1.2
    faulty_roll_deg: float = 25.0
    tempo: Tempo = CLAMSHELL_TEMPO
    seed: int = 0

    @property
    def reps(self) -> tuple[Repetition, ...]:
        """The repetitions with their faults."""
        return self.tempo.reps(self.faults)

    @property
    def duration_s(self) -> float:
        """Length of the clip."""
        return self.tempo.duration(len(self.faults))

    def at(self, time_s: float) -> LyingPose:
        """Pose at `time_s`."""
        depth, peak = 0.0, self.clean_roll_deg
        for rep in self.reps:
            if rep.start_s <= time_s < rep.end_s:
                depth = self.tempo.phase(time_s - rep.start_s)
                peak = self.faulty_roll_deg if rep.faults else self.clean_roll_deg
        roll = peak * depth + 0.25 * sway(self.seed, time_s)[0]
        return LyingPose(
            top=self.top,
            roll_deg=roll,
            trunk_roll_deg=0.4 * roll,
            opening_deg=self.closed_deg + (self.open_deg - self.closed_deg) * depth,
        )


def sway(seed: int, time_s: float) -> tuple[float, float, float, float]:
    """Four slow, independent wobbles of about ±0.4: nobody stands still."""
    rng = np.random.default_rng([seed, 13])
    rate = rng.uniform(0.15, 0.6, (4, 3))
    phase = rng.uniform(0.0, 2.0 * np.pi, (4, 3))
    first, second, third, fourth = 0.2 * np.sin(2.0 * np.pi * rate * time_s + phase).sum(axis=1)
    return float(first), float(second), float(third), float(fourth)
