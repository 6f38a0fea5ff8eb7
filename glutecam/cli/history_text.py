"""The history in a terminal of 80 columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from glutecam import exercises
from glutecam.cli import kept
from glutecam.cli.summary import BAND_COLOURS
from glutecam.cli.terminal import stdout_console
from glutecam.core.assessment import Band, Finding, Rep, Verdict
from glutecam.core.band_words import bands_legend
from glutecam.core.dates import when_in_words
from glutecam.core.programme_wording import (
    DETECTABLE_MEANS,
    REDUCED_MARK,
    REDUCED_MEANS,
    change_in_words,
)
from glutecam.core.scoring import score_in_words
from glutecam.core.units import converted
from glutecam.core.wording import (
    BAND_SIGNS,
    BAND_WORDS,
    PATTERN_WORDS,
    may_be_in_words,
    plus_minus,
    reduced_accuracy_of,
    vocabulary,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from glutecam.core.sets import SetRecord
    from glutecam.core.trend import Point, Trend
    from glutecam.records.trend_page import Followed

__all__ = ["bands_in_words", "print_set", "print_sets", "print_trends"]

NOT_ASSESSABLE = Verdict.NOT_ASSESSABLE.value
SPARKS = "▁▂▃▄▅▆▇█"
LAST_SESSIONS = 8


def print_sets(
    sets: Sequence[SetRecord],
    of: int,
    place: str,
    others: Sequence[tuple[str, int]],
    units: str = "metric",
) -> None:
    """Print one line for each set.

    Parameters
    ----------
    sets : sequence of SetRecord
    of : int
        How many there are in all.
    place : str
        Where the history is.
    others : sequence of (str, int)
        Other subjects with their sets, where there are none to list.
    units : str
        Of the load.
    """
    out = stdout_console()
    if not sets:
        _none_here(out, place, others)
        return
    table = _plain_table("set", "done", "exercise", "side", "reps", "they read", "pain", "load")
    for column in (0, 4):
        table.columns[column].justify = "right"
    mixed = len({record.subject for record in sets}) > 1
    for record in sets:
        title = exercises.title_of(record.exercise)
        table.add_row(
            str(record.number),
            when_in_words(record.done),
            f"{title} ({record.subject})" if mixed else title,
            kept.side_words(record),
            str(len(record.reps)) if record.counts else "–",
            _reads_of_set(record),
            kept.pain_in_words(record.felt) or ("stopped" if record.felt.stopped_by_pain else ""),
            converted(str(record.felt.load), units),
        )
    out.print(table)
    out.print(f"{len(sets)} of {of} {'set' if of == 1 else 'sets'}. {bands_legend()}.", style="dim")
    _say_parts(out, (record.exercise for record in sets if record.counts))
    _say_reduced(out, any(_is_reduced(record) for record in sets))
    out.print(f"One of them: glutecam history show {sets[-1].number}", style="dim")


def _reads_of_set(record: SetRecord) -> str:
    if not record.counts:
        return NOT_ASSESSABLE
    read = bands_in_words(Counter(record.bands()))
    return f"{read} {REDUCED_MARK}" if _is_reduced(record) else read


def _is_reduced(record: SetRecord) -> bool:
    """Say whether numbers of a small pose model are shown of a set."""
    return record.counts and record.provenance.reduced_accuracy


def _say_parts(out: Console, names: Iterable[str]) -> None:
    """Say of which exercises one camera judges a part alone: there "good" is not the whole."""
    for name in dict.fromkeys(names):
        if name in exercises.names() and exercises.get(name).unjudged:
            title = exercises.title_of(name)
            out.print(f"{title}: of what is judged; the rest: glutecam explain {name}", style="dim")


def _say_reduced(out: Console, is_there: bool) -> None:
    if is_there:
        out.print(f"{REDUCED_MARK} {REDUCED_MEANS}", style="dim")


def _none_here(out: Console, place: str, others: Sequence[tuple[str, int]]) -> None:
    whose = " of this subject" if others else ""
    out.print(f"No sets are kept here yet{whose}: {place}")
    if others:
        out.print("Kept are: " + ", ".join(f"{name} ({n})" for name, n in others) + ".")
        out.print("To see them: glutecam history list --everyone")
    out.print("After a set in front of the camera there will be one: glutecam live step-down")
    out.print("To add one that was judged earlier: glutecam history add result.json")


def print_set(record: SetRecord, units: str = "metric") -> None:
    """Print one set with every repetition, the load in these units."""
    from rich.text import Text

    out = stdout_console()
    title = exercises.title_of(record.exercise)
    out.print(Text.assemble((title, "bold"), f"  set {record.number}, {record.subject}"))
    agreed = ", agreed to be kept" if record.consent else ""
    out.print(
        # As the clock had it where the set was done, as everywhere; its offset says nothing there.
        f"{record.done:%A} {when_in_words(record.done)}, {record.source.value}{agreed}"
    )
    if record.instruction:
        out.print(f"What to do: {record.instruction}")
    if not record.counts:
        out.print(f"{NOT_ASSESSABLE.capitalize()}: kept, and counted as no session.")
    elif record.reps:
        out.print(_reps_table(record))
    if record.counts and record.exercise in exercises.names():
        unjudged = exercises.get(record.exercise).unjudged
        if unjudged:
            out.print(unjudged)
    for line in [*(_further(record) if record.counts else ()), *_about(record, units)]:
        out.print(line)
    out.print(
        f"Say how it felt, 0 (none) to 10: glutecam history edit {record.number} --pain-after N",
        style="dim",
    )


def print_trends(shown: Sequence[Followed], subject: str) -> None:
    """Print how each exercise changed, with a line of blocks for each side."""
    from rich.text import Text

    out = stdout_console()
    for followed in shown:
        rule = followed.trends[0].rule
        out.print()
        out.print(
            Text.assemble((followed.title, "bold"), f"  {rule.name} ({rule.code}), {subject}")
        )
        for trend in followed.trends:
            line = sparkline([point.median for point in trend.comparable], trend.detectable)
            out.print(f"{line}  {change_in_words(trend)}")
        out.print(_trend_table(followed.trends))
    points = [point for f in shown for trend in f.trends for point in trend.points]
    if not all(point.comparable for point in points):
        out.print("* measured in another way, not comparable", style="dim")
    out.print(f"{bands_legend()}.", style="dim")
    _say_parts(out, (followed.trends[0].exercise for followed in shown))
    _say_reduced(out, any(point.reduced_accuracy for point in points))
    out.print(DETECTABLE_MEANS, style="dim")


def sparkline(values: Sequence[float], detectable: float = 0.0) -> str:
    """Return one block for each value, the lowest for the smallest.

    A smallest detectable change is half as high as all blocks, so that what is none stays near flat.

    Parameters
    ----------
    values : sequence of float
        At least one.
    detectable : float
        Smallest detectable change; NaN where it is not known.
    """
    top, spread = len(SPARKS) - 1, max(values) - min(values)
    height = max(spread, 2.0 * detectable) if math.isfinite(detectable) else spread
    # Counted from the first session, as the change is.
    steps = [round(top * (value - values[0]) / height) if height else 0 for value in values]
    low = (top - (max(steps) - min(steps))) // 2 - min(steps)
    return "".join(SPARKS[min(top, max(0, step + low))] for step in steps)


def bands_in_words(bands: Mapping[Band, int]) -> str:
    """Return ``✓ 12  ? 3``: how many repetitions read what."""
    return "  ".join(f"{BAND_SIGNS[band]} {bands[band]}" for band in Band if bands.get(band))


def _reps_table(record: SetRecord) -> Table:
    from rich.text import Text

    codes = [rule for rule in record.rules if record.findings(rule.code)]
    shown = sorted(codes, key=lambda rule: rule.unit != "°")[:4]
    table = _plain_table("rep", "lasts", "side", *(rule.name for rule in shown), "pattern", "reads")
    for rep in record.reps:
        found = {finding.code: finding for finding in rep.findings}
        table.add_row(
            str(rep.number),
            f"{rep.end_s - rep.start_s:.1f} s",
            rep.side.value,
            *(_cell(found.get(rule.code), rule.unit) for rule in shown),
            PATTERN_WORDS[rep.pattern] if rep.findings else "",
            Text(_reads(rep), style=BAND_COLOURS[rep.band] if rep.findings else "dim"),
        )
    return table


def _cell(finding: Finding | None, unit: str) -> str:
    if finding is None:
        return ""
    return plus_minus(finding.value, finding.half_width, unit if unit == "°" else "")


def _reads(rep: Rep) -> str:
    if not rep.findings:
        return "not judged"
    return " ".join([BAND_WORDS[rep.band], *(found.code for found in rep.deciding)])


def _further(record: SetRecord) -> list[str]:
    """Return what only the whole set showed, and what is only noted."""
    lines = []
    for found in record.of_set:
        rule = record.rule(found.code)
        value = plus_minus(found.value, found.half_width, rule.unit)
        said = may_be_in_words(found, vocabulary()) or BAND_WORDS[found.band]
        lines.append(f"In the whole set: {rule.name} ({rule.code}) {value}, {said}.")
    for rule in (rule for rule in record.rules if rule.kind == "noted"):
        seen = [rep.number for rep in record.reps for f in rep.noted
                if f.code == rule.code and f.band in (Band.WATCH, Band.FAULT)]  # fmt: skip
        if seen:
            numbers = ", ".join(map(str, seen))
            lines.append(f"Only noted: {rule.name} ({rule.code}), repetition {numbers}.")
    return lines


def _about(record: SetRecord, units: str) -> list[str]:
    felt, made_by = record.felt, record.provenance
    score = (
        ""
        if record.score is None
        else f"  Score {score_in_words(record.score, [rep.score for rep in record.reps])} of 100."
    )
    attempts = f"Repetitions: {len(record.reps)}, attempts: {len(record.attempts)}."
    if not record.counts:
        attempts = "Repetitions: not counted; nothing was judged."
    pain = kept.pain_in_words(felt) or "not said"
    strict = ", strict" if made_by.strict else ""
    return [
        attempts + score,
        f"Pain before → after: {pain}. Load: {converted(str(felt.load), units) or 'none'}.",
        *([f"Note: {felt.note}"] if felt.note else []),
        f"Made by glutecam {made_by.glutecam}, rules {made_by.ruleset}{strict}, {made_by.pose_model}, "
        f"{made_by.pelvis_method.partition(':')[0]}, {made_by.filter_name}.",
        *([reduced_accuracy_of(made_by.pose_model)] if made_by.reduced_accuracy else []),
    ]


def _trend_table(trends: Sequence[Trend]) -> Table:
    table = _plain_table("session", "side", "reps", "median or range ±", "they read, all rules")
    points = sorted(
        (point for trend in trends for point in trend.points), key=lambda point: point.began
    )
    unit = trends[0].rule.unit
    for point in points[-2 * LAST_SESSIONS :]:
        table.add_row(*_trend_row(point, unit))
    return table


def _trend_row(point: Point, unit: str) -> tuple[str, ...]:
    star = "" if point.comparable else " *"
    small = f" {REDUCED_MARK}" if point.reduced_accuracy else ""
    return (
        when_in_words(point.began),
        point.side.value,
        str(sum(point.bands.values())),
        point.in_words(unit) + star + small,
        bands_in_words(point.bands),
    )


def _plain_table(*heads: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    return table
