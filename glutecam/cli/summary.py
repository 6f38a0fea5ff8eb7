"""An Assessment in a terminal of 80 columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.core.assessment import Assessment, Band, Rep, Verdict, findings_of
from glutecam.core.band_words import no_fault_in_words
from glutecam.core.certain import (
    approval,
    good_in_part,
    headline_of_certain,
    surest_first,
    unjudged_in_words,
)
from glutecam.core.events import highest_at
from glutecam.core.own_bands import edges_in_words
from glutecam.core.rules import Exercise, Rule
from glutecam.core.scoring import score_sentence
from glutecam.core.summary_wording import sentences
from glutecam.core.wording import (
    INTENDED_USE,
    Audience,
    Vocabulary,
    capital,
    may_be_in_words,
    plus_minus,
    reduced_accuracy_of,
    scales_in_words,
    vocabulary,
)

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["BAND_COLOURS", "print_summary"]

WRITTEN = "Written: "
RULE_COLUMNS = 3
"""So many fit beside the depth, the time and the result in 80 columns."""
COLUMN_WIDTH = 14
"""A wider terminal has room for one more in so many."""

BAND_COLOURS = {
    Band.OK: "green",
    Band.NO_FAULT: "cyan",
    Band.WATCH: "yellow",
    Band.FAULT: "red",
    Band.INCONCLUSIVE: "magenta",
}
HEADLINE_COLOURS = {
    Verdict.FINE: "bold green",
    Verdict.FAULT: "bold red",
    Verdict.INCONCLUSIVE: "bold magenta",
    Verdict.NOT_ASSESSABLE: "bold magenta",
}


def print_summary(
    assessment: Assessment,
    exercise: Exercise,
    name: str,
    written: Sequence[Path] = (),
    audience: Audience | str = Audience.COACH,
) -> None:
    """Print the verdict, each repetition, what to do next and what was written.

    Parameters
    ----------
    assessment : Assessment
        What to print; nothing is computed again.
    exercise : Exercise
        Gives the words.
    name : str
        What was judged.
    written : sequence of Path
        Files that were made.
    audience : Audience or str
        In whose words.
    """
    from rich.text import Text

    from glutecam.cli.terminal import stdout_console

    out = stdout_console()
    words, verdict = vocabulary(audience), assessment.verdict
    out.print()
    strict = ", strict limits" if assessment.provenance.strict else ""
    out.print(Text.assemble((exercise.title, "bold"), f"  {name}{strict}"))
    headline = headline_of_certain(assessment, exercise, words) or words.short[verdict]
    out.print(Text(headline, style=HEADLINE_COLOURS[verdict]))
    for line in _advice(assessment, exercise, words):
        out.print(line)
    moved = assessment.reps or assessment.attempts
    if moved and not _refused(assessment):
        out.print(_table(assessment, exercise, words, out.width))
        if any(rep.band is Band.NO_FAULT for rep in assessment.reps):
            out.print(no_fault_in_words(words.bands))
        for line in _whole_set(assessment, words):
            out.print(line)
    for line in _footer(assessment, exercise, written):
        # A path that is broken into lines cannot be copied.
        is_path = line.startswith(WRITTEN)
        out.print(line, style="dim" if line == INTENDED_USE else None, soft_wrap=is_path)


def _refused(assessment: Assessment) -> bool:
    """Tell whether nothing was judged; a table of every repetition would then bury the reason."""
    return assessment.verdict is Verdict.NOT_ASSESSABLE


def _whole_set(assessment: Assessment, words: Vocabulary) -> Iterable[str]:
    """Yield what the set comes to, and the published scales."""
    if assessment.summary is not None:
        yield from sentences(assessment.summary, words)
    for said in scales_in_words(assessment.sheets, words):
        yield f"{said}."
    if words.advises and any(sheet.low is not None for sheet in assessment.sheets):
        yield "(Points are for faults, 0 is best; a range leaves open what could not be told.)"


def _advice(assessment: Assessment, exercise: Exercise, words: Vocabulary) -> Iterable[str]:
    """Yield the most useful thing to do, and then the rest, one line per rule."""
    failed = [gate for gate in assessment.gates if not gate.passed]
    if failed:
        first = failed[0]
        yield f"Needed: {first.name} ({first.needed}). Found: {first.measured}."
    if assessment.instruction:
        yield f"What to do: {assessment.instruction}"
    for rule, reps in _found(assessment, exercise, Band.FAULT):
        what = f"{rule.name}, {rule.code}: {_counted(reps)}"
        yield f"{rule.cue} ({what})" if words.advises else f"Beyond its limit: {what}"
    for rule, reps in _found(assessment, exercise, Band.INCONCLUSIVE):
        yield f"{capital(_untold(assessment, rule, words))} ({rule.code}, {_counted(reps)})"
    yield from _of_set(assessment, exercise, words)
    praised = assessment.verdict is Verdict.FINE or good_in_part(assessment, exercise)
    if praised and words.advises:
        yield approval(exercise, assessment.reps)
    yield from unjudged_in_words(assessment, exercise, words)


def _untold(assessment: Assessment, rule: Rule, words: Vocabulary) -> str:
    """Return ``can't tell: hip drops``, or ``good or watch: hip drops`` where that holds in every repetition."""
    found = findings_of(assessment.reps, rule.code)
    said = {may_be_in_words(f, words) for f in found if f.band is Band.INCONCLUSIVE}
    known = said.pop() if len(said) == 1 else ""
    return f"{known or words.bands[Band.INCONCLUSIVE]}: {rule.name}"


def _of_set(assessment: Assessment, exercise: Exercise, words: Vocabulary) -> Iterable[str]:
    """Yield what only the whole set shows."""
    for finding in assessment.findings:
        rule = exercise.rule(finding.code)
        value = plus_minus(finding.value, finding.half_width, rule.unit)
        told = f"{rule.name}, {rule.code}, over the whole set: {value}"
        band = may_be_in_words(finding, words) or words.bands[finding.band]
        advised = finding.band is Band.FAULT and words.advises
        yield f"{rule.cue} ({told})" if advised else f"{capital(band)}: {told}"


def _found(
    assessment: Assessment, exercise: Exercise, band: Band
) -> Iterable[tuple[Rule, Sequence[str]]]:
    """Yield the rules in this band with the repetitions, the surest first, then the most frequent."""
    found = Counter(f.code for rep in assessment.reps for f in rep.findings if f.band is band)
    codes = [code for code, _ in found.most_common()]
    for code in surest_first(codes, assessment.reps) if band is Band.INCONCLUSIVE else codes:
        has = [
            rep
            for rep in assessment.reps
            if (code, band) in {(f.code, f.band) for f in rep.findings}
        ]
        yield exercise.rule(code), [str(rep.number) for rep in has]


def _counted(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return f"repetition {numbers[0]}"
    return f"repetitions {', '.join(numbers[:-1])} and {numbers[-1]}"


def _columns(assessment: Assessment, exercise: Exercise, width: int) -> list[Rule]:
    """Return the rules that get a column, angles first; the depth has one already.

    The rule that leads has one, and what decided a repetition before what was fine in all.
    """
    depth = exercise.cycle.measure
    rules = [rule for rule in exercise.rules if depth not in rule.needs or len(rule.needs) > 1]
    deciding = Counter(found.code for rep in assessment.reps for found in rep.deciding)
    ranked = sorted(
        rules,
        key=lambda rule: (rule is not exercise.leading, -deciding[rule.code], rule.unit != "°"),
    )
    room = RULE_COLUMNS + max(0, width - 80) // COLUMN_WIDTH
    return sorted(ranked[:room], key=lambda rule: (rule.unit != "°", rules.index(rule)))


def _depth_rule(exercise: Exercise) -> Rule | None:
    """Return the rule that reads how deep a repetition is: one number under one name everywhere."""
    depth = exercise.cycle.measure
    judged = (r for r in exercise.rules if tuple(r.needs) == (depth,) and r.unit == depth.unit)
    return next(judged, None)


def _heading(rule: Rule) -> str:
    return _with_unit(rule.name, rule.unit)


def _with_unit(name: str, unit: str) -> str:
    """Return the head of a column: the unit stands in it where it is too long for a cell."""
    return name if _short(unit) or not unit else f"{name}, {unit}"


def _depth_head(exercise: Exercise) -> str:
    rule, measure = _depth_rule(exercise), exercise.cycle.measure
    return _with_unit(rule.name if rule else measure.label, measure.unit)


def _table(assessment: Assessment, exercise: Exercise, words: Vocabulary, width: int = 80) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    rules = _columns(assessment, exercise, width)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("rep", justify="right")
    table.add_column("begins", justify="right", no_wrap=True)
    table.add_column("side")
    table.add_column(_depth_head(exercise), justify="right", max_width=11)
    for rule in rules:
        # A head and a result may be broken into lines, the long value of a unit in words is not.
        widest = max((len(_cell(rep, rule)) for rep in assessment.reps), default=0)
        fixed = widest if widest and not _short(rule.unit) else None
        table.add_column(_heading(rule), justify="right", width=fixed, max_width=13)
    table.add_column("result")
    for rep in sorted([*assessment.reps, *assessment.attempts], key=lambda rep: rep.start):
        cells = [_peak(assessment, exercise, rep), *(_cell(rep, rule) for rule in rules)]
        number = str(rep.number) if rep.complete else "-"
        style = BAND_COLOURS[rep.band] if rep.complete and rep.findings else "dim"
        result = Text(_result(rep, words), style=style)
        table.add_row(number, f"{rep.start_s:.1f} s", rep.side.value, *cells, result)
    return table


def _peak(assessment: Assessment, exercise: Exercise, rep: Rep) -> str:
    """Return how deep a repetition is: as it is judged, or else the highest value and its ±."""
    rule, measure = _depth_rule(exercise), exercise.cycle.measure
    if rule is not None and rep.findings:
        return _cell(rep, rule)
    signal = assessment.signals.get(measure.name)
    if signal is None:
        return ""
    found = signal.estimate[rep.start : rep.end]
    at = highest_at(found.value)
    if at is None:
        return ""
    return plus_minus(float(found.value[at]), float(found.half_width[at]), _short(measure.unit))


def _cell(rep: Rep, rule: Rule) -> str:
    finding = rep.finding(rule.code)
    if finding is None:
        return ""
    return plus_minus(finding.value, finding.half_width, _short(rule.unit))


def _short(unit: str) -> str:
    """Return the unit where it is short enough for a cell; the column's head has the rest."""
    return unit if unit == "°" else ""


def _result(rep: Rep, words: Vocabulary) -> str:
    if not rep.complete:
        return "not counted"
    if not rep.findings:
        return "not judged"
    return " ".join([words.bands[rep.band], *(found.code for found in rep.deciding)])


def _footer(assessment: Assessment, exercise: Exercise, written: Sequence[Path]) -> Iterable[str]:
    if _refused(assessment):
        yield "Repetitions: not counted; nothing was judged."
    else:
        yield from _counts(assessment)
    if assessment.provenance.reduced_accuracy:
        yield reduced_accuracy_of(assessment.provenance.pose_model)
    for own in assessment.provenance.own_bands:
        yield (
            f"Limit of your own: {own.code} {edges_in_words(own.edges)}, in place of "
            f"{edges_in_words(own.default)}."
        )
    said = (exercise.unjudged, assessment.instruction)
    yield from (f"Note: {text}" for text in assessment.warnings if text not in said)
    for path in written:
        yield f"{WRITTEN}{path}"
    if _refused(assessment):
        yield f"How it is filmed and done: glutecam explain {exercise.name}"
    else:
        yield "±: meant to hold the true value in nine cases out of ten."
        yield f"What the rules mean: glutecam explain {exercise.name}"
    yield INTENDED_USE


def _counts(assessment: Assessment) -> Iterable[str]:
    """Yield how many repetitions there were, what they score, and what became none of them."""
    yield f"Repetitions: {len(assessment.reps)}, attempts: {len(assessment.attempts)}."
    if said := score_sentence(assessment.score, assessment.reps):
        yield said
    for attempt in assessment.attempts:
        yield f"Not counted: the attempt at {attempt.start_s:.1f} s: {attempt.reason}."
