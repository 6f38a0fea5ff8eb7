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

import numpy as np

from glutecam.core.assessment import Assessment, Band, Finding, Rep, Signal, Verdict, findings_of
from glutecam.core.band_words import no_fault_in_words
from glutecam.core.certain import (
    approval,
    good_in_part,
    headline_of_certain,
    surest_first,
    unjudged_in_words,
)
from glutecam.core.measures import HIP_LINE
from glutecam.core.own_bands import edges_in_words
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.rules import Exercise, Posture, Rule
from glutecam.core.scoring import score_in_words
from glutecam.core.side_difference import BothSides
from glutecam.core.summary_wording import sentences
from glutecam.core.wording import (
    BAND_OF,
    BAND_SIGNS,
    EVIDENCE_TAGS,
    INTENDED_USE_WHOLE,
    PELVIC_DROP_MEANS,
    PLUS_MINUS_MEANS,
    TESTED_ON,
    Audience,
    Vocabulary,
    in_a_row,
    may_be_in_words,
    plus_minus,
    repetitions,
    scales_in_words,
    vocabulary,
)
from glutecam.records.charts import charts
from glutecam.records.keyframes import deciding
from glutecam.records.letterhead import NO_LETTERHEAD, Letterhead
from glutecam.records.limits import limits_in_words, reach_in_words
from glutecam.records.page import Chip, Scripts, chips, rendered
from glutecam.records.plot import PALETTE
from glutecam.records.set_charts import set_charts
from glutecam.records.sheet_part import printed_sheets
from glutecam.records.sides_part import printed_sides

__all__ = ["html_report"]


def _texts(words: Vocabulary) -> dict[str, object]:
    """Return what stands in every report for this audience."""
    return {
        "palette": PALETTE,
        "signs": BAND_SIGNS,
        "patterns": words.patterns,
        "words": words,
        "intended_use": INTENDED_USE_WHOLE.split("\n\n"),
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
    may_be: str = ""


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
    counts: tuple[Chip, ...]


def html_report(  # noqa: PLR0913 - all that may stand on one page
    assessment: Assessment,
    exercise: Exercise,
    *,
    source_name: str,
    subject: str | None = None,
    keyframes: Mapping[int, bytes] | None = None,
    made: datetime | None = None,
    audience: Audience | str = Audience.COACH,
    letterhead: Letterhead = NO_LETTERHEAD,
    both_sides: BothSides | None = None,
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
    audience : Audience or str
        For whoever exercises, or for clinicians: the words, and the published sheet.
    letterhead : Letterhead
    both_sides : BothSides or None
        What was done in one go with this set, of either side; None for the set alone.
    """
    words = vocabulary(audience)
    both = both_sides or BothSides.of([assessment])
    return rendered(
        "report_template.html.j2",
        assessment=assessment,
        exercise=exercise,
        source_name=source_name,
        subject=subject,
        letterhead=letterhead,
        made=made.strftime("%Y-%m-%d %H:%M") if made else None,
        pictures=_pictures(assessment, exercise, keyframes or {}, words),
        **_judged_only(assessment, exercise, words, both),
        **_verdict(assessment, exercise, words),
        **_tables(assessment, exercise, words),
        **_texts(words),
    )


def _judged_only(
    assessment: Assessment, exercise: Exercise, words: Vocabulary, both: BothSides
) -> dict[str, object]:
    """Return curves and the comparison of the sides.

    Of what was not judged they tell nobody anything, and the library that draws them is large.
    """
    refused = assessment.verdict is Verdict.NOT_ASSESSABLE
    over_set = [] if refused else set_charts(assessment, exercise, words)
    over_time = [] if refused else charts(assessment, exercise, words)
    return {
        "charts": over_time,
        "set_charts": over_set,
        "scripts": Scripts.of([chart.figure for chart in (*over_set, *over_time)]),
        "both_sides": None if refused else printed_sides(both, exercise, words),
    }


def _verdict(assessment: Assessment, exercise: Exercise, words: Vocabulary) -> dict[str, object]:
    """Return what stands on top of the page."""
    return {
        "headline": _headline(assessment, exercise, words),
        "advice": _advice(assessment, exercise, words),
        "remark": _remark(assessment, exercise) if words.advises else "",
        "unjudged": unjudged_in_words(assessment, exercise, words),
        "mood": BAND_OF.get(assessment.verdict, Band.INCONCLUSIVE),
        "refused": assessment.verdict is Verdict.NOT_ASSESSABLE,
        "judged": any(rep.findings for rep in assessment.reps),
        "score": score_in_words(assessment.score, [rep.score for rep in assessment.reps]),
        "told": sum(rep.score is not None for rep in assessment.reps),
    }


def _tables(assessment: Assessment, exercise: Exercise, words: Vocabulary) -> dict[str, object]:
    """Return what the rest of the page counts and lists."""
    summary, shown = assessment.summary, _shown(assessment)
    return {
        "tally": _tally(assessment.reps, words),
        "band_words": [(band.value, BAND_SIGNS[band], words.bands[band]) for band in shown],
        "no_fault_means": no_fault_in_words(words.bands) if Band.NO_FAULT in shown else "",
        "rows": [(rep, _cells(rep, exercise, words)) for rep in assessment.reps],
        "heads": _heads(exercise),
        "of_set": [
            (exercise.rule(found.code), _cell(exercise.rule(found.code), found, words))
            for found in assessment.findings
        ],
        "rules": [_rule_summary(rule, assessment, words) for rule in exercise.rules],
        "own_bands": _own_bands(assessment, exercise),
        "methods": _methods(assessment, exercise, words),
        "sheets": printed_sheets(assessment.sheets, exercise) if words.prints_sheet else [],
        "scales_said": scales_in_words(assessment.sheets, words),
        "set_said": list(sentences(summary, words)) if summary else [],
        "lying": exercise.posture is not Posture.STANDING,
        "pelvic_drop_shown": PELVIC_DROP in exercise.measures,
        "raw_shown": {PELVIC_DROP.name, HIP_LINE.name} <= assessment.signals.keys(),
    }


def _headline(assessment: Assessment, exercise: Exercise, words: Vocabulary) -> str:
    """Say the verdict in plain words."""
    counted = repetitions(len(assessment.reps))
    text = words.headlines[assessment.verdict]
    if assessment.verdict is not Verdict.FAULT:
        sure = headline_of_certain(assessment, exercise, words)
        return sure or text.format(reps=counted)
    rule, count = _most_common(assessment, exercise, Band.FAULT)
    if rule is None:
        of_set, short = _fault_of_set(assessment, exercise), words.short[Verdict.FAULT]
        return f"{short.rstrip('.')}: {of_set.name}, over the whole set." if of_set else short
    return text.format(rule=rule.name, count=count, reps=counted)


def _advice(assessment: Assessment, exercise: Exercise, words: Vocabulary) -> str:
    """Return the one instruction that helps most; to clinicians, what stays undecided."""
    if assessment.instruction:
        return assessment.instruction
    untold = _untold(assessment, exercise)
    if not words.advises:
        decided = "Every limit that is judged could be decided."
        return f"Undecided at this ±: {untold}." if untold else decided
    if assessment.verdict is Verdict.FAULT:
        rule, _ = _most_common(assessment, exercise, Band.FAULT)
        rule = rule or _fault_of_set(assessment, exercise)
        return rule.cue if rule else ""
    if assessment.verdict is Verdict.INCONCLUSIVE and not good_in_part(assessment, exercise):
        may_be_faults = _untold(assessment, exercise, but_no_fault=True)
        return (
            f"For {may_be_faults or 'part of it'} the ± reaches across a limit, so "
            "neither “good” nor “improve” can be told. Look at the pictures and curves below, and "
            "let what you see decide."
        )
    return approval(exercise, assessment.reps)


def _remark(assessment: Assessment, exercise: Exercise) -> str:
    """Say what stays open beside a fault, so that silence about it is not taken for praise."""
    untold = _untold(assessment, exercise)
    if assessment.verdict is not Verdict.FAULT or not untold:
        return ""
    return f"Not everything could be told: {untold}."


def _untold(assessment: Assessment, exercise: Exercise, *, but_no_fault: bool = False) -> str:
    """Return the rules that could not always be told, each with its count, or those alone that may be a fault."""
    open_ = Counter(
        finding.code
        for rep in assessment.reps
        for finding in rep.findings
        if finding.band is Band.INCONCLUSIVE and not (but_no_fault and finding.no_fault)
    )
    reps = len(assessment.reps)
    codes = surest_first([r.code for r in exercise.rules if open_[r.code]], assessment.reps)
    return in_a_row([f"“{exercise.rule(code).name}” ({open_[code]} of {reps})" for code in codes])


def _most_common(assessment: Assessment, exercise: Exercise, band: Band) -> tuple[Rule | None, int]:
    """Return the rule that is most often in this band; among equals the exercise's first."""
    found = Counter(f.code for rep in assessment.reps for f in rep.findings if f.band is band)
    rules = [rule for rule in exercise.rules if found[rule.code]]
    best = max(rules, key=lambda rule: found[rule.code], default=None)
    return best, found[best.code] if best else 0


def _fault_of_set(assessment: Assessment, exercise: Exercise) -> Rule | None:
    codes = [f.code for f in assessment.findings if f.band is Band.FAULT]
    return exercise.rule(codes[0]) if codes else None


def _tally(reps: Sequence[Rep], words: Vocabulary) -> list[Chip]:
    """Return (band, sign, word, repetitions) in the order in which bands are shown."""
    counts = Counter(rep.band for rep in reps if rep.findings)
    return [(band.value, BAND_SIGNS[band], words.bands[band], counts[band]) for band in Band]


def _shown(assessment: Assessment) -> list[Band]:
    """Return the bands that are named on the page; that of whole repetitions only where one reads so."""
    read = {rep.band for rep in assessment.reps}
    return [band for band in Band if band is not Band.NO_FAULT or band in read]


def _cells(rep: Rep, exercise: Exercise, words: Vocabulary) -> list[_Cell]:
    return [_cell(rule, rep.finding(rule.code), words) for rule in exercise.rules]


def _cell(rule: Rule, finding: Finding | None, words: Vocabulary) -> _Cell:
    if finding is None:
        return _Cell("not seen", "", "", "none")
    text = plus_minus(finding.value, finding.half_width, _close(rule.unit))
    word, may_be = words.bands[finding.band], may_be_in_words(finding, words)
    return _Cell(text, BAND_SIGNS[finding.band], word, finding.band.value, may_be)


def _close(unit: str) -> str:
    """Return the unit where it is printed in every cell; a word stands in the column's head."""
    return unit if unit == "°" else ""


def _heads(exercise: Exercise) -> list[tuple[str, str]]:
    """Return (name, unit in words) of each rule, for the head of the table."""
    return [(rule.name, "" if _close(rule.unit) else rule.unit) for rule in exercise.rules]


def _pictures(
    assessment: Assessment, exercise: Exercise, keyframes: Mapping[int, bytes], words: Vocabulary
) -> list[_Picture]:
    return [
        _picture(rep, finding, exercise.rule(finding.code), keyframes[finding.at], words)
        for rep in assessment.reps
        if (finding := deciding(rep)) is not None and finding.at in keyframes
    ]


def _picture(rep: Rep, finding: Finding, rule: Rule, jpeg: bytes, words: Vocabulary) -> _Picture:
    value = plus_minus(finding.value, finding.half_width, rule.unit)
    sign, word = BAND_SIGNS[finding.band], words.bands[finding.band]
    caption = f"Repetition {rep.number}: {rule.name} {value}, {sign} {word}"
    data = base64.b64encode(jpeg).decode("ascii")
    return _Picture(f"data:image/jpeg;base64,{data}", caption, finding.band.value)


def _rule_summary(rule: Rule, assessment: Assessment, words: Vocabulary) -> _RuleSummary:
    found = Counter(finding.band for finding in findings_of(assessment.reps, rule.code))
    strict = assessment.provenance.strict
    return _RuleSummary(
        rule.code,
        rule.name,
        rule.cue,
        rule.why,
        rule.evidence,
        limits_in_words(rule, strict, words.bands),
        _reach(rule, assessment, words),
        chips(found, words.bands),
    )


def _reach(rule: Rule, assessment: Assessment, words: Vocabulary) -> str:
    """Say what can be told at the ± that this rule had here; nothing where it was not used."""
    findings = findings_of(assessment.reps, rule.code)
    widths = [f.half_width for f in findings if math.isfinite(f.half_width)]
    if not widths:
        return ""
    width = float(np.median(widths))
    reach = reach_in_words(rule, assessment.provenance.strict, width, words.bands)
    # A decimal more than in the table: else limit and ± would not add up to the reading.
    close = _close(rule.unit)
    shown = f"{width:.1f}{close}" if close else plus_minus(width, 0.0, rule.unit)
    return f"With ± {shown} here, {reach}."


def _own_bands(assessment: Assessment, exercise: Exercise) -> list[str]:
    """Return ``hip drops (GC101): ok 5, fault 9 in place of ok 7.5, fault 11``."""
    return [
        f"{exercise.rule(own.code).name} ({own.code}): {edges_in_words(own.edges)}, in place of "
        f"{edges_in_words(own.default)}"
        for own in assessment.provenance.own_bands
    ]


def _methods(
    assessment: Assessment, exercise: Exercise, words: Vocabulary
) -> list[tuple[str, str, str]]:
    """Return (label, method, typical ±) of every signal that was used."""
    names = [measure.name for measure in exercise.measures] + list(assessment.signals)
    signals = [assessment.signals[n] for n in dict.fromkeys(names) if n in assessment.signals]
    return [
        (words.label(signal.name, signal.label), signal.method, _typical(signal))
        for signal in signals
    ]


def _typical(signal: Signal) -> str:
    """Return the median ± of a signal."""
    widths = signal.estimate.half_width
    widths = widths[np.isfinite(widths)]
    if not len(widths):
        return "not seen"
    if signal.unit == "°":
        return f"±{np.median(widths):.0f}°"
    return f"±{np.median(widths):.2f} {signal.unit}"
