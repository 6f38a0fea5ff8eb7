"""Values -> what the page gets as JSON. Numbers that are not known become null."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from glutecam.core.assessment import (
    Assessment,
    Band,
    Cause,
    Finding,
    Gate,
    Provenance,
    Rep,
    Verdict,
)
from glutecam.core.certain import all_earn_praise, good_in_part, most_not_within
from glutecam.core.cutting import Cut
from glutecam.core.keeping_up import SMALLER
from glutecam.core.measures import Measure
from glutecam.core.own_bands import edges_in_words
from glutecam.core.rules import Exercise, FrameRule
from glutecam.core.scoring import score_sentence
from glutecam.core.sets import SetRecord
from glutecam.core.trend import Trend
from glutecam.core.trend_view import dots_of, shading_of
from glutecam.records.limits import edges_of

__all__ = [
    "assessment_shown",
    "bands_shown",
    "exercise_shown",
    "number",
    "own_bands_shown",
    "part_shown",
    "rep_shown",
    "set_shown",
    "trend_shown",
]

MOST_POINTS = 600
"""Of a curve: more than a screen shows."""


def number(value: float | None, digits: int = 2) -> float | None:
    """Return a rounded number, None where it is not known."""
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


def exercise_shown(exercise: Exercise, strict: bool) -> dict[str, Any]:
    """Return what the page needs of an exercise, beside its texts."""
    return {
        "name": exercise.name,
        "view": exercise.view.value,
        "posture": exercise.posture.value,
        "leading": exercise.leading.code,
        "measure": _curve(exercise).name,
        "unit": _curve(exercise).unit,
        "pattern": exercise.pattern is not None,
        "rules": [
            {
                "code": rule.code,
                "unit": rule.unit,
                "edges": [
                    {"value": edge.value, "band": edge.band.value, "side": edge.side}
                    for edge in edges_of(rule, strict)
                ],
            }
            for rule in exercise.rules
        ],
    }


def assessment_shown(assessment: Assessment, exercise: Exercise) -> dict[str, Any]:
    """Return the summary of a set, with the curve of what leads."""
    return {
        "exercise": assessment.exercise,
        "verdict": assessment.verdict.value,
        "instruction": assessment.instruction,
        "sides": [side.value for side in assessment.sides],
        "score": number(assessment.score, 0),
        "score_said": _score_said(assessment),
        "coverage": number(assessment.coverage),
        "reps": [rep_shown(rep) for rep in assessment.reps],
        "attempts": [rep_shown(rep) for rep in assessment.attempts],
        "bands": bands_shown(rep.band for rep in assessment.reps if rep.findings),
        "of_set": [_finding(finding) for finding in assessment.findings],
        "rules": [
            {"code": rule.code, "unit": rule.unit} for rule in (*exercise.rules, *exercise.of_set)
        ],
        "gates": [
            {
                "code": gate.code,
                "passed": gate.passed,
                "do": _asked_for(gate),
                "instruction": gate.instruction,
            }
            for gate in assessment.gates
        ],
        "likelier": list(assessment.likelier),
        "good_in_part": good_in_part(assessment, exercise),
        "not_good": _not_good(assessment, exercise),
        "praised": all_earn_praise(exercise, assessment.reps),
        "reduced_accuracy": assessment.provenance.reduced_accuracy,
        "own_bands": own_bands_shown(assessment.provenance),
        "curve": curve_shown(assessment, exercise),
        "warnings": list(assessment.warnings),
    }


def _not_good(assessment: Assessment, exercise: Exercise) -> dict[str, Any] | None:
    found = most_not_within(assessment, exercise)
    return None if found is None else {"code": found[0].code, "times": found[1]}


def curve_shown(assessment: Assessment, exercise: Exercise) -> dict[str, Any] | None:
    """Return the leading measure over time with its ±; None where it was never seen, or not judged."""
    if assessment.verdict is Verdict.NOT_ASSESSABLE:
        return None
    measure, rule = _curve(exercise), exercise.leading
    signal = assessment.signals.get(measure.name)
    if signal is None or not np.isfinite(signal.estimate.value).any():
        return None
    step = max(1, math.ceil(len(assessment.time_s) / MOST_POINTS))
    judged = isinstance(rule, FrameRule) and rule.measure is measure
    return {
        "code": rule.code if judged else None,
        "label": signal.label,
        "unit": signal.unit,
        "time_s": [number(t) for t in assessment.time_s[::step]],
        "value": [number(v) for v in signal.estimate.value[::step]],
        "half_width": [number(w) for w in signal.estimate.half_width[::step]],
        "edges": [
            {"value": edge.value, "band": edge.band.value}
            for edge in (edges_of(rule, assessment.provenance.strict) if judged else ())
        ],
    }


def part_shown(part: Cut | None) -> dict[str, Any] | None:
    """Return which set of a recording it is; None for all of it."""
    if part is None:
        return None
    return {
        "number": part.number,
        "of": part.of,
        "start_s": number(part.start_s),
        "end_s": number(part.end_s),
    }


def rep_shown(rep: Rep) -> dict[str, Any]:
    """Return one repetition, or an attempt with its reason."""
    return {
        "number": rep.number,
        "start_s": number(rep.start_s),
        "end_s": number(rep.end_s),
        "side": rep.side.value,
        "band": rep.band.value if rep.findings else None,
        "pattern": rep.pattern.value,
        "score": number(rep.score, 0),
        "reason": rep.reason,
        "findings": [_finding(finding) for finding in rep.findings],
    }


def set_shown(record: SetRecord, *, whole: bool = False) -> dict[str, Any]:
    """Return a kept set; with every repetition where ``whole``, but none of one that was refused."""
    felt = record.felt
    reps, attempts = (record.reps, record.attempts) if record.counts else ((), ())
    shown: dict[str, Any] = {
        "number": record.number,
        "done": record.done.isoformat(),
        "exercise": record.exercise,
        "sides": [side.value for side in record.sides],
        "source": record.source.value,
        "verdict": record.verdict.value,
        "score": number(record.score, 0),
        "reps": len(record.reps),
        "attempts": len(record.attempts),
        "bands": bands_shown(rep.band for rep in reps if rep.findings),
        "pain_before": felt.pain_before,
        "pain_after": felt.pain_after,
        "load": str(felt.load),
        "note": felt.note,
        "reduced_accuracy": record.provenance.reduced_accuracy,
    }
    if whole:
        made_by = record.provenance
        shown |= {
            "instruction": record.instruction,
            "score_said": _score_said(record),
            "each": [rep_shown(rep) for rep in (*reps, *attempts)],
            "rules": [
                {"code": r.code, "name": r.name, "unit": r.unit}
                for r in record.rules
                if r.kind == "rep"
            ],
            "made_by": {
                "glutecam": made_by.glutecam,
                "ruleset": made_by.ruleset,
                "pose_model": made_by.pose_model,
                "pelvis_method": made_by.pelvis_method.partition(":")[0],
                "filter": made_by.filter_name,
                "strict": made_by.strict,
                "reduced_accuracy": made_by.reduced_accuracy,
                "own_bands": own_bands_shown(made_by),
            },
        }
    return shown


def trend_shown(trend: Trend) -> dict[str, Any]:
    """Return one side of one rule over time."""
    shading = shading_of(trend)
    return {
        "exercise": trend.exercise,
        "side": trend.side.value,
        "rule": {"code": trend.rule.code, "name": trend.rule.name, "unit": trend.rule.unit},
        "detectable": number(trend.detectable),
        "change": number(trend.change),
        "is_real": trend.is_real,
        "has_ends": trend.has_ends,
        "first": trend.first.began.isoformat(),
        "reduced_accuracy": any(point.reduced_accuracy for point in trend.points),
        "shading": None if shading is None else [number(level) for level in shading],
        "points": [
            {
                "began": point.began.isoformat(),
                "median": number(point.median),
                "half_width": number(point.half_width),
                "groups": [
                    {
                        "count": group.count,
                        "median": number(group.median),
                        "half_width": number(group.half_width),
                    }
                    for group in point.groups
                ],
                "reps": [
                    {
                        "value": number(dot.value),
                        "half_width": number(dot.half_width),
                        "is_fault": dot.is_fault,
                        "along": dot.along,
                    }
                    for dot in dots_of(point)
                ],
                "bands": {band.value: count for band, count in point.bands.items()},
                "comparable": point.comparable,
            }
            for point in trend.points
        ],
    }


def bands_shown(bands: Any) -> dict[str, int]:
    """Return how many there are of each band, in the order in which bands are shown."""
    found = Counter(bands)
    return {band.value: found[band] for band in Band}


def own_bands_shown(made_by: Provenance) -> list[str]:
    """Return the limits of one's own, such as ``GC101 ok 5, fault 9``."""
    return [f"{own.code} {edges_in_words(own.edges)}" for own in made_by.own_bands]


def _score_said(judged: Assessment | SetRecord) -> str:
    """Return the set's score in words, nothing of one that was refused."""
    refused = judged.verdict is Verdict.NOT_ASSESSABLE
    return "" if refused else score_sentence(judged.score, judged.reps)


def _asked_for(gate: Gate) -> str | None:
    """Return the key of what a gate asks for: of this computer, where it was too slow.

    None where its own words say more.
    """
    if gate.cause is None:
        return f"gate.{gate.code}"
    if gate.cause is not Cause.SLOW_MACHINE:
        return None
    return "do.slow machine" if SMALLER in gate.instruction else "do.slow machine.lite"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        # Not to the page's own digits: rounded twice, a half goes another way than in the terminal.
        "value": number(finding.value, 5),
        "half_width": number(finding.half_width, 5),
        "band": finding.band.value,
        "may_be": [band.value for band in finding.may_be],
    }


def _curve(exercise: Exercise) -> Measure:
    rule = exercise.leading
    return rule.measure if isinstance(rule, FrameRule) else exercise.cycle.measure
