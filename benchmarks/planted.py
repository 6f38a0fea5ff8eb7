"""Faults planted in rendered clips, beside what is said of them.

What was planted is read from the exact joints of the body with the rule's own formula, the raw line
of the hips for the pelvis: on exact joints that line is the pelvis. So a size is true by the rule's
own definition, and a fault counts as planted where it reaches 1.5 times the edge of its band, as
absent below half of the edge. What lies between is not counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Assessment, Band, Finding, Rep
from glutecam.core.measures import KNEE_OFF_MIDDLE_OF_JOINTS, PELVIC_SHIFT_OF_JOINTS
from glutecam.core.pelvis import measured_by
from glutecam.core.rules import Exercise, FrameRule, RepRule, Rule, Start
from glutecam.core.scoring import bands_of, excess
from glutecam.exercises._noted import THIGH_INWARD, thigh_inward
from training.kept_clips import KeptClip, read_clip

__all__ = ["Judgement", "Said", "is_planted", "judge", "judgements"]

PLANTED, ABSENT = 1.5, 0.5
NEAR = 0.06
"""Share of the edge by which a planted size may fall short: a held level is a little below a peak."""


@dataclass(frozen=True)
class Said:
    """What was said of one rule in one repetition, or in the set, and what was true.

    Attributes
    ----------
    exercise, code : str
    body : int
    fault : str
        What was planned there, empty where clean.
    truth : float
        Value from the exact joints, in the rule's unit; NaN where it could not be read.
    planted : bool or None
        None between half of the edge and 1.5 times.
    beyond_edge : bool or None
        Whether the value that was measured lies beyond the edge, whatever its ±.
    band : Band or None
        None where nothing was judged.
    value, half_width : float
        What was measured, and its ±; NaN where nothing was.
    """

    exercise: str
    code: str
    body: int
    fault: str
    truth: float
    planted: bool | None
    beyond_edge: bool | None
    band: Band | None
    value: float = math.nan
    half_width: float = math.nan

    @property
    def error(self) -> float:
        """How far the measured value is from the true one; NaN where either is missing."""
        return self.value - self.truth


@dataclass(frozen=True, eq=False)
class Judgement:
    """One clip as judged, and as exact joints would be.

    `side_found` is whether the worked leg is found where nobody says which; None where the legs
    take turns.
    """

    name: str
    clip: KeptClip
    exercise: Exercise
    judged: Assessment
    ideal: Assessment
    side_found: bool | None = None

    @property
    def true_count(self) -> int:
        """Repetitions that were done."""
        return len(self.clip.about["reps"])

    def rep_of(self, number: int, assessment: Assessment) -> Rep | None:
        """Return the repetition of an assessment whose middle lies in a true one."""
        true = self.clip.about["reps"][number]
        middles = ((rep, 0.5 * (rep.start_s + rep.end_s)) for rep in assessment.reps)
        return next((rep for rep, at in middles if true["start_s"] <= at < true["end_s"]), None)

    def said(self) -> Iterator[Said]:
        """Yield what was said of every rule that judges, in every repetition and in the set."""
        for fault, ideal, judged in self._pairs():
            found = [rep.findings if rep else () for rep in (ideal, judged)]
            for rule in self.exercise.rules:
                yield self._one(rule, fault, *found)
        for rule in self.exercise.of_set:
            yield self._one(rule, "", self.ideal.findings, self.judged.findings)

    def noted(self) -> Iterator[Said]:
        """Yield what was noted in every repetition because its ± is too wide to judge by."""
        rules = self.exercise.noted if self.exercise.unjudged else ()
        for fault, ideal, judged in self._pairs():
            found = [rep.noted if rep else () for rep in (ideal, judged)]
            for rule in rules:
                yield self._one(rule, fault, *found)

    def _pairs(self) -> Iterator[tuple[str, Rep | None, Rep | None]]:
        """Yield the fault of every true repetition, and the repetition as it should be and as it was judged."""
        for number, true in enumerate(self.clip.about["reps"]):
            yield true["fault"], self.rep_of(number, self.ideal), self.rep_of(number, self.judged)

    def _one(
        self, rule: Rule, fault: str, ideal: tuple[Finding, ...], judged: tuple[Finding, ...]
    ) -> Said:
        true, said = (_finding(rule.code, findings) for findings in (ideal, judged))
        truth = math.nan if true is None else true.value
        one = Said(
            self.exercise.name, rule.code, int(self.clip.about["body"]), fault, truth,
            is_planted(rule, truth), None, None,
        )  # fmt: skip
        if said is None:
            return one
        beyond = beyond_edge(rule, said.value)
        return replace(
            one, beyond_edge=beyond, band=said.band, value=said.value, half_width=said.half_width
        )


def _finding(code: str, findings: Iterable[Finding]) -> Finding | None:
    return next((finding for finding in findings if finding.code == code), None)


def edges(rule: Rule) -> tuple[float, float]:
    """Return from where a fault is planted and up to where it is absent, as (value, value).

    Both of the distance outside the bounds where the rule has two of them, or a lower one.
    """
    fault = bands_of(rule, strict=False).fault
    if isinstance(rule, FrameRule):
        return PLANTED * fault, ABSENT * fault
    low, high = rule.bounds
    if math.isinf(low):
        return PLANTED * (high + fault), ABSENT * (high + fault)
    planted = PLANTED * fault
    if math.isinf(high) and low > fault:
        # A time of two thirds of the limit is as much too short as the margin allows to plant.
        planted = min(planted, low - (low - fault) / PLANTED)
    return planted, ABSENT * fault


def _size(rule: Rule, value: float) -> float:
    """Return the number that `edges` are of."""
    if isinstance(rule, FrameRule) or math.isinf(rule.bounds[0]):
        return value
    return excess(rule, value)


def is_planted(rule: Rule, value: float) -> bool | None:
    """Return whether a true value is a fault at 1.5 times the band, or none; None between."""
    if not math.isfinite(value):
        return None
    size, (planted, absent) = _size(rule, value), edges(rule)
    if size >= planted - NEAR * abs(planted):
        return True
    return False if size <= absent else None


def beyond_edge(rule: Rule, value: float) -> bool | None:
    """Return whether a measured value is a fault by itself, without its ±."""
    if not math.isfinite(value):
        return None
    fault = bands_of(rule, strict=False).fault
    return value > fault if isinstance(rule, FrameRule) else excess(rule, value) > fault


def judge(path: Path) -> Judgement | None:
    """Judge one kept clip as the product does; None where its exercise does not exist (yet)."""
    clip = read_clip(path)
    name = clip.about["exercise"]
    if name not in exercises.names():
        return None
    exercise = exercises.get(name)
    side = asked_side(clip, exercise)
    found = None if side is None else analyze(clip.poses, exercise).sides
    return Judgement(
        f"{path.parent.name} {path.stem}",
        clip,
        exercise,
        analyze(clip.poses, exercise, side=side),
        analyze(clip.ideal(), of_joints(exercise), side=side),
        None if found is None else [one.value for one in found] == [side],
    )


def of_joints(exercise: Exercise) -> Exercise:
    """Return the exercise as it judges exact joints: no trained pelvis, no point beside its joint."""
    # Of exact joints nothing is read short.
    exact = {THIGH_INWARD.code: replace(THIGH_INWARD, of=thigh_inward(0.0))}
    exercise = replace(exercise, noted=tuple(exact.get(one.code, one) for one in exercise.noted))
    raw = measured_by(exercise, "raw")
    known = {one.name: one for one in (PELVIC_SHIFT_OF_JOINTS, KNEE_OFF_MIDDLE_OF_JOINTS)}

    def reading(rule: RepRule) -> RepRule:
        return replace(rule, needs=tuple(known.get(one.name, one) for one in rule.needs))

    def exactly(rule: Rule) -> Rule:
        if isinstance(rule, FrameRule):
            return replace(rule, measure=known.get(rule.measure.name, rule.measure))
        return reading(rule)

    of_one, noted = (tuple(map(exactly, some)) for some in (raw.rules, raw.noted))
    return replace(raw, rules=of_one, of_set=tuple(map(reading, raw.of_set)), noted=noted)


def asked_side(clip: KeptClip, exercise: Exercise) -> str | None:
    """Return the side that is given; None where the legs take turns, or are compared."""
    leg = exercise.leg
    one_leg = leg.right is not None and not leg.alternates and exercise.start is not Start.NONE
    return str(clip.about["side"]) if one_leg else None


def judgements(
    folder: Path, only: str = "", bodies: int | None = None, first: int = 0
) -> Iterator[Judgement]:
    """Judge the kept clips of the exercises whose name contains ``only``, of so many bodies from ``first`` on."""
    for path in sorted(folder.glob("*/*.npz")):
        number = int(path.stem) - first
        if only in path.parent.name and number >= 0 and (bodies is None or number < bodies):
            found = judge(path)
            if found is not None:
                yield found
