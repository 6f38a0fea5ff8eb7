"""Angles that are reported and judged by no rule, in clips of many bodies: hip and femoral adduction.

The sample clips do not hold their truth; the exercise clips do, as exact joints of every moment. Beside them
stand the angles of the same repetitions that the sample clips are asked for as well. What is compared is the highest value of
a repetition, which is what tables and exports hold, and every frame of the repetitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import FloatArray
from benchmarks.planted import asked_side
from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Assessment
from glutecam.core.measures import FEMORAL_ADDUCTION, FPPA, KNEE_FLEXION, TRUNK_LEAN, Measure
from glutecam.core.pelvis import HIP_ADDUCTION, PELVIC_DROP
from training.kept_clips import KeptClip, read_clip

__all__ = ["EVERY_FRAME", "HIGHEST", "TRUTHS", "KeptSample", "kept_samples"]

HIGHEST = "highest of each repetition, twenty bodies an exercise"
EVERY_FRAME = "every frame of the repetitions, twenty bodies an exercise"


@dataclass(frozen=True, eq=False)
class KeptSample:
    """One exercise clip, asked for its truth as a sample clip is."""

    name: str
    clip: KeptClip

    @property
    def truth(self) -> dict[str, Any]:
        """What was planned: exercise, side, repetitions."""
        return self.clip.about

    @property
    def exercise(self) -> str:
        """Name of the exercise it shows."""
        return str(self.clip.about["exercise"])

    def series(self, key: str) -> FloatArray:
        """Return a truth per frame."""
        return self.clip.poses.time_s if key == "time_s" else self.clip.over_time(key)


def femoral_adduction(sample: KeptSample) -> FloatArray:
    """Return the thigh inward of straight down, of exact joints."""
    return -sample.series("thigh_abduction_deg")


def hip_adduction(sample: KeptSample) -> FloatArray:
    """Return the thigh inward against the pelvis, of exact joints."""
    return femoral_adduction(sample) + sample.series("pelvic_drop_deg")


TRUTHS: dict[Measure, Callable[[KeptSample], FloatArray]] = {
    HIP_ADDUCTION: hip_adduction,
    FEMORAL_ADDUCTION: femoral_adduction,
    PELVIC_DROP: lambda sample: sample.series("pelvic_drop_deg"),
    TRUNK_LEAN: lambda sample: sample.series("trunk_lean_deg"),
    KNEE_FLEXION: lambda sample: sample.series("knee_flexion_deg"),
    FPPA: lambda sample: sample.series("fppa_deg"),
}


def kept_samples(folder: Path) -> Iterator[tuple[KeptSample, Assessment]]:
    """Yield the kept clips of every exercise that reports hip adduction, as judged with their side given."""
    for exercise in exercises.all_exercises():
        if HIP_ADDUCTION not in exercise.also:
            continue
        for path in sorted((folder / exercise.name).glob("*.npz")):
            clip = read_clip(path)
            judged = analyze(clip.poses, exercise, side=asked_side(clip, exercise))
            yield KeptSample(f"{exercise.name} {path.stem}", clip), judged
