"""A batch as one HTML page: every clip a row, the worst first; sorted and filtered in the browser.

The rows stand in the page itself, so that it can be read, searched and printed without its script.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glutecam import exercises
from glutecam.address import is_address
from glutecam.core.assessment import Band, Verdict
from glutecam.core.scoring import score_in_words, score_range
from glutecam.core.side_difference import Sides
from glutecam.core.wording import (
    BAND_OF,
    BAND_SIGNS,
    INTENDED_USE,
    Audience,
    Vocabulary,
    among_in_words,
    capital,
    first_sentence,
    more_in_words,
    plus_minus,
    vocabulary,
)
from glutecam.records.cells import as_written
from glutecam.records.letterhead import NO_LETTERHEAD, Letterhead
from glutecam.records.page import Scripts, rendered
from glutecam.records.plot import PALETTE

__all__ = ["BothSides", "Undecided", "dashboard_page"]

ERROR = "error"
NOT_DONE = "not done"

_ORDER = (
    Verdict.FAULT.value,
    ERROR,
    Verdict.NOT_ASSESSABLE.value,
    Verdict.INCONCLUSIVE.value,
    NOT_DONE,
    Verdict.FINE.value,
)
"""The worst first: what was found, then what nobody knows yet."""

_LOOKS = {verdict.value: band for verdict, band in BAND_OF.items()}

_PLACED = frozenset(
    (
        "file", "subject", "exercise", "side_asked", "status", "verdict", "instruction", "error",
        "reps", "attempts", "score", "score_low", "score_high", "sides", "faults", "coverage", "results", "assessment",
        "warnings",
    )
)  # fmt: skip
"""Columns of the table that have a place of their own on the page."""

_BENEATH = (
    "sets",
    "start_s",
    "end_s",
    "scales",
    "own_bands",
    "pose_model",
    "reduced_accuracy",
    "ruleset",
)
"""Columns that are shown when a row is opened."""


@dataclass(frozen=True)
class _Link:
    """One file of a clip; ``to`` is relative to the page."""

    to: str
    word: str


@dataclass(frozen=True)
class _Row:
    """One clip, ready to print."""

    verdict: str
    band: str
    sign: str
    word: str
    rank: str
    subject: str
    exercise: str
    title: str
    sides: str
    file: str
    reps: str
    score: str
    least: str
    seen: str
    faults: tuple[tuple[str, str], ...]
    still_open: str
    said: str
    warning: str
    more: tuple[tuple[str, str], ...]
    beneath: tuple[tuple[str, str], ...]
    links: tuple[_Link, ...]


@dataclass(frozen=True)
class BothSides:
    """Both sides of an exercise that were filmed in one go.

    Attributes
    ----------
    subject, visit, exercise : str
    files : tuple of str
        The clip, or the clips, in which they are.
    code : str
        The rule that is compared, the exercise's leading one.
    reps : tuple of (int, int)
        How many repetitions count, left and right.
    sides : Sides
    """

    subject: str
    visit: str
    exercise: str
    files: tuple[str, ...]
    code: str
    reps: tuple[int, int]
    sides: Sides


@dataclass(frozen=True)
class Undecided:
    """In how many of the judged repetitions a rule of a set could not be decided.

    ``may_be`` is what it may be in each of them; empty where that is not the same, or not known.
    """

    code: str
    count: int
    of: int
    may_be: tuple[Band, ...] = ()


@dataclass(frozen=True)
class _SidesRow:
    """Both sides of an exercise, ready to print."""

    subject: str
    visit: str
    title: str
    files: tuple[str, ...]
    rule: str
    left: str
    right: str
    difference: str
    band: str
    told: str


def dashboard_page(
    rows: Sequence[Mapping[str, str]],
    *,
    links: Sequence[Sequence[tuple[str, str]]],
    both_sides: Sequence[BothSides] = (),
    undecided: Sequence[Sequence[Undecided]] = (),
    scores: Sequence[Sequence[float | None]] = (),
    audience: Audience | str = Audience.COACH,
    letterhead: Letterhead = NO_LETTERHEAD,
) -> str:
    """Return the page.

    Parameters
    ----------
    rows : sequence of mapping of str to str
        Those of ``summary.csv``; columns not known here are shown as they are, where not empty. Not trusted.
    links : sequence of sequences of (str, str)
        For each row a word and the path, relative to the page, of what can be opened.
    both_sides : sequence of BothSides
        What can be compared, left against right.
    undecided : sequence of sequences of Undecided
        For each row the rules that its ± left open; empty where that is not known of any row.
    scores : sequence of sequences of float or None
        For each row that of every repetition, None where it is left open; empty where not known.
    audience : Audience or str
        In whose words.
    letterhead : Letterhead
    """
    words, extra, files = vocabulary(audience), _extra(rows), _short_names(rows)
    none: Sequence[tuple[()]] = [()] * len(rows)
    each = zip(rows, links, undecided or none, scores or none, strict=True)
    shown = [_row(row, extra, to, words, files, left, reps) for row, to, left, reps in each]
    shown.sort(key=_badness)
    counts = Counter(row.verdict for row in shown)
    return rendered(
        "dashboard_template.html.j2",
        rows=shown,
        clips=len({row.get("results", "") for row in rows}),
        sides=[_sides_row(one, files, words) for one in sorted(both_sides, key=_likeness)],
        apart=sum(one.sides.more is not None for one in both_sides),
        extra=[name.replace("_", " ") for name in extra],
        tally=[(name, *_look(name, words), counts[name]) for name in _ORDER if counts[name]],
        subjects=sorted({row.subject for row in shown if row.subject}),
        exercises=sorted({(row.exercise, row.title) for row in shown if row.exercise}),
        reports=any(word == "report" for of_row in links for word, _ in of_row),
        letterhead=letterhead,
        palette=PALETTE,
        intended_use=INTENDED_USE,
        scripts=Scripts.named("dashboard.js"),
    )


def _extra(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the columns that have no place of their own, as far as any row uses them."""
    names = dict.fromkeys(name for row in rows for name in row)
    known = _PLACED | set(_BENEATH)
    several = any(row.get("sets", "1") not in ("", "1") for row in rows)
    known |= set() if several else {"set"}
    return [n for n in names if n not in known and any(row.get(n) for row in rows)]


def _row(
    row: Mapping[str, str],
    extra: Sequence[str],
    links: Sequence[tuple[str, str]],
    words: Vocabulary,
    files: Mapping[str, str],
    still_open: Sequence[Undecided],
    scores: Sequence[float | None],
) -> _Row:
    verdict = _verdict(row)
    band, sign, word = _look(verdict, words)
    file = row.get("file", "")
    warnings = _unsaid_warnings(row)
    beneath = [(n.replace("_", " "), as_written(row.get(n, ""))) for n in _BENEATH]
    beneath += [("warnings", warnings)]
    beneath += [("file", as_written(file))] if files[file] != file else []
    return _Row(
        verdict=verdict, band=band, sign=sign, word=word, rank=str(_ORDER.index(verdict)),
        subject=as_written(row.get("subject", "")), exercise=row.get("exercise", ""),
        title=exercises.title_of(row.get("exercise", "")), sides=_leg(row, verdict),
        file=as_written(files[file]), reps=row.get("reps", ""),
        score=_score(row, scores), least=_least(row, scores), seen=_percent(row.get("coverage")),
        faults=tuple((code, _fault(row, code)) for code in row.get("faults", "").split()),
        still_open=_left_open(row, still_open, words),
        said=as_written(row.get("error") or row.get("instruction", "")),
        warning=first_sentence(warnings),
        more=tuple((name, as_written(row.get(name, ""))) for name in extra),
        beneath=tuple((name, text) for name, text in beneath if text),
        links=tuple(_Link(to, word) for word, to in links),
    )  # fmt: skip


def _unsaid_warnings(row: Mapping[str, str]) -> str:
    """Return what to beware of, without what already stands there as the reason of a refusal."""
    warnings, said = (as_written(row.get(name, "")) for name in ("warnings", "instruction"))
    return " ".join(warnings.replace(said, " ", 1).split()) if said else warnings


def _leg(row: Mapping[str, str], verdict: str) -> str:
    """Return the leg that worked; of a refused set it was only asked for, not found."""
    asked = row.get("side_asked", "")
    if verdict == Verdict.NOT_ASSESSABLE.value:
        return f"asked: {asked}" if asked in ("left", "right") else ""
    return row.get("sides") or asked


def _short_names(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return what each file is called on the page: without its folders, where they begin at the root.

    A name that is there twice keeps them.
    """
    files = {row.get("file", "") for row in rows}
    last = Counter(file.rpartition("/")[2] for file in files)
    return {
        file: name if _from_root(file) and last[name := file.rpartition("/")[2]] == 1 else file
        for file in files
    }


def _from_root(file: str) -> bool:
    return file.startswith("/") or is_address(file) or file[1:3] == ":/"


def _left_open(row: Mapping[str, str], still_open: Sequence[Undecided], words: Vocabulary) -> str:
    """Return ``Can't tell: hip drops (2 of 4). Good or watch: trunk leans (1 of 4)``."""
    untold = words.bands[Band.INCONCLUSIVE]
    told: dict[str, list[str]] = {untold: []}
    for one in still_open:
        rule = f"{_fault(row, one.code)} ({one.count} of {one.of})"
        told.setdefault(among_in_words(one.may_be, words) or untold, []).append(rule)
    return ". ".join(
        f"{capital(word)}: {', '.join(rules)}" for word, rules in told.items() if rules
    )


def _verdict(row: Mapping[str, str]) -> str:
    status = row.get("status", "")
    if status in (ERROR, NOT_DONE):
        return status
    verdict = row.get("verdict", "")
    return verdict if verdict in _ORDER else NOT_DONE


def _look(verdict: str, words: Vocabulary) -> tuple[str, str, str]:
    """Return (colour, sign, word) of a verdict."""
    band = _LOOKS.get(verdict)
    if band is not None:
        return band.value, BAND_SIGNS[band], words.bands[band]
    return ("watch", "!", verdict) if verdict == ERROR else ("none", "–", verdict)


def _badness(row: _Row) -> tuple[int, int, float, str]:
    """Return what the worst has least of: order of the verdict, more faults, a score that may be lower."""
    score = float(row.least) if row.least else math.inf
    return (int(row.rank), -len(row.faults), score, row.file)


def _likeness(one: BothSides) -> tuple[bool, float, str, tuple[str, ...]]:
    """Return what pairs that are surely apart have least of, then those that are farther apart."""
    difference = abs(one.sides.difference.value)
    return (one.sides.more is None, -difference, one.subject, one.files)


def _sides_row(one: BothSides, names: Mapping[str, str], words: Vocabulary) -> _SidesRow:
    rule = exercises.get(one.exercise).rule(one.code)
    left, right = (
        f"{plus_minus(side.value, side.half_width, rule.unit)} ({count})"
        for side, count in zip((one.sides.left, one.sides.right), one.reps, strict=True)
    )
    difference, more = one.sides.difference, one.sides.more
    return _SidesRow(
        subject=as_written(one.subject),
        visit=as_written(one.visit),
        title=exercises.title_of(one.exercise),
        files=tuple(as_written(names.get(file, file)) for file in one.files),
        rule=rule.name,
        left=left,
        right=right,
        difference=plus_minus(difference.value, difference.half_width, rule.unit),
        band="watch" if more else "none",
        told=more_in_words(more, words.bands),
    )


def _fault(row: Mapping[str, str], code: str) -> str:
    name = row.get("exercise", "")
    if name not in exercises.names():
        return code
    rules = exercises.get(name).all_rules
    return next((rule.name for rule in rules if rule.code == code), code)


def _score(row: Mapping[str, str], scores: Sequence[float | None]) -> str:
    """Return a set's score in the words of its report."""
    return score_in_words(_number(row.get("score")), scores)


def _least(row: Mapping[str, str], scores: Sequence[float | None]) -> str:
    """Return the least that the score may be, by which the rows are sorted; nothing without one."""
    score = _number(row.get("score"))
    if score is None:
        return ""
    return f"{score_range(scores)[0] if None in scores else score:.1f}"


def _number(text: str | None) -> float | None:
    return float(text) if text else None


def _percent(text: str | None) -> str:
    return f"{100 * float(text):.0f}" if text else ""
