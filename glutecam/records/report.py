"""One recording as one HTML file: no network, readable without its scripts, prints to A4.

The page says nothing that the Assessment does not say; it counts, orders and words it.
"""

from __future__ import annotations

import base64
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from glutecam.core.assessment import Assessment, Band, Finding, Rep, Signal, Verdict
from glutecam.core.measures import HIP_LINE
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.rules import Exercise, Posture, Rule
from glutecam.core.wording import (
    BAND_SIGNS,
    BAND_WORDS,
    EVIDENCE_TAGS,
    INTENDED_USE,
    PATTERN_WORDS,
    PELVIC_DROP_MEANS,
    PLUS_MINUS_MEANS,
    TESTED_ON,
    plus_minus,
)
from glutecam.records.charts import charts
from glutecam.records.files import write_whole
from glutecam.records.keyframes import deciding
from glutecam.records.limits import limits_in_words, reach_in_words
from glutecam.records.page import Scripts, rendered
from glutecam.records.plot import PALETTE

__all__ = ["html_report", "write_report"]

_SURE = {
    Verdict.FINE: Band.OK,
    Verdict.FAULT: Band.FAULT,
    Verdict.INCONCLUSIVE: Band.INCONCLUSIVE,
    Verdict.NOT_ASSESSABLE: Band.INCONCLUSIVE,
}


_WORDS: Mapping[str, object] = {
    "palette": PALETTE,
    "signs": BAND_SIGNS,
    "patterns": PATTERN_WORDS,
    "band_words": [(band.value, BAND_SIGNS[band], BAND_WORDS[band]) for band in Band],
    "intended_use": INTENDED_USE,
    "tested_on": TESTED_ON,
    "evidence_tags": EVIDENCE_TAGS,
    "plus_minus_means": PLUS_MINUS_MEANS,
    "pelvic_drop_means": PELVIC_DROP_MEANS,
}


@dataclass(frozen=True)
class _Cell:
    """One rule in one repetition, ready to print."""

    text: str
    sign: str
    word: str
    band: str


@dataclass(frozen=True)
class _Picture:
    """A key frame with what it shows."""

    source: str
    caption: str
    band: str


@dataclass(frozen=True)
class _RuleSummary:
    """How often each band was found for one rule, and the rule itself."""

    code: str
    name: str
    cue: str
    why: str
    evidence: str
    limits: str
    reach: str
    counts: tuple[tuple[str, str, str, int], ...]


def html_report(
    assessment: Assessment,
    exercise: Exercise,
    *,
    source_name: str,
    subject: str | None = None,
    keyframes: Mapping[int, bytes] | None = None,
    made: datetime | None = None,
) -> str:
    """Return the report as one HTML page.

    Parameters
    ----------
    assessment : Assessment
    exercise : Exercise
        Gives the texts and edges of the rules.
    source_name : str
        Name of the recording; not trusted, as all text from outside.
    subject : str or None
    keyframes : mapping of int to bytes
        JPEG by frame number, as ``KeyFrames`` collects them.
    made : datetime or None
        When the report was made; left out where None.
    """
    drawn = charts(assessment, exercise)
    return rendered(
        "report_template.html.j2",
        assessment=assessment,
        exercise=exercise,
        source_name=source_name,
        subject=subject,
        made=made.strftime("%Y-%m-%d %H:%M") if made else None,
        charts=drawn,
        scripts=Scripts.of([chart.figure for chart in drawn]),
        pictures=_pictures(assessment, exercise, keyframes or {}),
        **_verdict(assessment, exercise),
        **_tables(assessment, exercise),
        **_WORDS,
    )


def write_report(
    path: Path,
    assessment: Assessment,
    exercise: Exercise,
    *,
    source_name: str,
    subject: str | None = None,
    keyframes: Mapping[int, bytes] | None = None,
    made: datetime | None = None,
) -> None:
    """Write ``html_report``, whole or not at all.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    page = html_report(
        assessment,
        exercise,
        source_name=source_name,
        subject=subject,
        keyframes=keyframes,
        made=made,
    )
    write_whole(path, page.encode("utf-8", "backslashreplace"))


def _verdict(assessment: Assessment, exercise: Exercise) -> dict[str, object]:
    """Return what stands on top of the page."""
    return {
        "headline": _headline(assessment, exercise),
        "advice": _advice(assessment, exercise),
        "remark": _remark(assessment, exercise),
        "mood": _SURE[assessment.verdict],
        "refused": assessment.verdict is Verdict.NOT_ASSESSABLE,
        "judged": any(rep.findings for rep in assessment.reps),
    }


def _tables(assessment: Assessment, exercise: Exercise) -> dict[str, object]:
    """Return what the rest of the page counts and lists."""
    return {
        "tally": _tally(assessment.reps),
        "rows": [(rep, _cells(rep, exercise)) for rep in assessment.reps],
        "heads": _heads(exercise),
        "rules": [_rule_summary(rule, assessment) for rule in exercise.rules],
        "methods": _methods(assessment, exercise),
        "lying": exercise.posture is Posture.SIDE_LYING,
        "pelvic_drop_shown": PELVIC_DROP in exercise.measures,
        "raw_shown": {PELVIC_DROP.name, HIP_LINE.name} <= assessment.signals.keys(),
    }


def _headline(assessment: Assessment, exercise: Exercise) -> str:
    """Say the verdict in plain words."""
    if assessment.verdict is Verdict.NOT_ASSESSABLE:
        return "This recording could not be assessed."
    reps = len(assessment.reps)
    counted = f"{reps} repetition" if reps == 1 else f"{reps} repetitions"
    if assessment.verdict is Verdict.FINE:
        return f"Well done: nothing to correct in {counted}."
    if assessment.verdict is Verdict.INCONCLUSIVE:
        return f"{counted} counted, but not everything could be told."
    rule, count = _most_common(assessment, exercise, Band.FAULT)
    if rule is None:
        return "There is something to work on."
    return f"To work on: {rule.name}, in {count} of {counted}."


def _advice(assessment: Assessment, exercise: Exercise) -> str:
    """Return the one instruction that helps most."""
    if assessment.instruction:
        return assessment.instruction
    if assessment.verdict is Verdict.FAULT:
        rule, _ = _most_common(assessment, exercise, Band.FAULT)
        return rule.cue if rule else ""
    if assessment.verdict is Verdict.INCONCLUSIVE:
        return (
            f"For {_untold(assessment, exercise) or 'part of it'} the ± reaches across a limit, so "
            "neither “good” nor “improve” can be told. Look at the pictures and curves below, and "
            "let what you see decide."
        )
    return exercise.praise


def _remark(assessment: Assessment, exercise: Exercise) -> str:
    """Say what stays open beside a fault, so that silence about it is not taken for praise."""
    untold = _untold(assessment, exercise)
    if assessment.verdict is not Verdict.FAULT or not untold:
        return ""
    return f"Not everything could be told: {untold}."


def _untold(assessment: Assessment, exercise: Exercise) -> str:
    """Return the rules that could not always be told, each with its count."""
    open_ = Counter(
        finding.code
        for rep in assessment.reps
        for finding in rep.findings
        if finding.band is Band.INCONCLUSIVE
    )
    reps = len(assessment.reps)
    names = [f"“{r.name}” ({open_[r.code]} of {reps})" for r in exercise.rules if open_[r.code]]
    return " and ".join(", ".join(names).rsplit(", ", 1))


def _most_common(assessment: Assessment, exercise: Exercise, band: Band) -> tuple[Rule | None, int]:
    """Return the rule that is most often in this band; among equals the exercise's first."""
    found = Counter(f.code for rep in assessment.reps for f in rep.findings if f.band is band)
    rules = [rule for rule in exercise.rules if found[rule.code]]
    best = max(rules, key=lambda rule: found[rule.code], default=None)
    return best, found[best.code] if best else 0


def _tally(reps: Sequence[Rep]) -> list[tuple[str, str, str, int]]:
    """Return (band, sign, word, repetitions) in the order in which bands are shown."""
    counts = Counter(rep.band for rep in reps if rep.findings)
    return [(band.value, BAND_SIGNS[band], BAND_WORDS[band], counts[band]) for band in Band]


def _cells(rep: Rep, exercise: Exercise) -> list[_Cell]:
    found = {finding.code: finding for finding in rep.findings}
    return [_cell(rule, found.get(rule.code)) for rule in exercise.rules]


def _cell(rule: Rule, finding: Finding | None) -> _Cell:
    if finding is None:
        return _Cell("not seen", "", "", "none")
    text = plus_minus(finding.value, finding.half_width, _close(rule.unit))
    return _Cell(text, BAND_SIGNS[finding.band], BAND_WORDS[finding.band], finding.band.value)


def _close(unit: str) -> str:
    """Return the unit where it is printed in every cell; a word stands in the column's head."""
    return unit if unit == "°" else ""


def _heads(exercise: Exercise) -> list[tuple[str, str]]:
    """Return (name, unit in words) of each rule, for the head of the table."""
    return [(rule.name, "" if _close(rule.unit) else rule.unit) for rule in exercise.rules]


def _pictures(
    assessment: Assessment, exercise: Exercise, keyframes: Mapping[int, bytes]
) -> list[_Picture]:
    return [
        _picture(rep, finding, exercise, keyframes[finding.at])
        for rep in assessment.reps
        if (finding := deciding(rep)) is not None and finding.at in keyframes
    ]


def _picture(rep: Rep, finding: Finding, exercise: Exercise, jpeg: bytes) -> _Picture:
    rule = exercise.rule(finding.code)
    value = plus_minus(finding.value, finding.half_width, rule.unit)
    sign, word = BAND_SIGNS[finding.band], BAND_WORDS[finding.band]
    caption = f"Repetition {rep.number}: {rule.name} {value}, {sign} {word}"
    data = base64.b64encode(jpeg).decode("ascii")
    return _Picture(f"data:image/jpeg;base64,{data}", caption, finding.band.value)


def _rule_summary(rule: Rule, assessment: Assessment) -> _RuleSummary:
    found = Counter(f.band for rep in assessment.reps for f in rep.findings if f.code == rule.code)
    counts = tuple(
        (band.value, BAND_SIGNS[band], BAND_WORDS[band], found[band])
        for band in Band
        if found[band]
    )
    strict = assessment.provenance.strict
    return _RuleSummary(
        rule.code,
        rule.name,
        rule.cue,
        rule.why,
        rule.evidence,
        limits_in_words(rule, strict),
        _reach(rule, assessment),
        counts,
    )


def _reach(rule: Rule, assessment: Assessment) -> str:
    """Say what can be told at the ± that this rule had here; nothing where it was not used."""
    findings = [f for rep in assessment.reps for f in rep.findings if f.code == rule.code]
    widths = [f.half_width for f in findings if math.isfinite(f.half_width)]
    if not widths:
        return ""
    width = float(np.median(widths))
    words = reach_in_words(rule, assessment.provenance.strict, width)
    return f"With ± {plus_minus(width, 0.0, rule.unit)} here, {words}."


def _methods(assessment: Assessment, exercise: Exercise) -> list[tuple[str, str, str]]:
    """Return (label, method, typical ±) of every signal that was used."""
    names = [measure.name for measure in exercise.measures] + list(assessment.signals)
    signals = [assessment.signals[n] for n in dict.fromkeys(names) if n in assessment.signals]
    return [(signal.label, signal.method, _typical(signal)) for signal in signals]


def _typical(signal: Signal) -> str:
    """Return the median ± of a signal."""
    widths = signal.estimate.half_width
    widths = widths[np.isfinite(widths)]
    if not len(widths):
        return "not seen"
    if signal.unit == "°":
        return f"±{np.median(widths):.0f}°"
    return f"±{np.median(widths):.2f} {signal.unit}"
