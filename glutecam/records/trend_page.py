"""How one subject's movement changed over weeks, as one HTML page without network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from glutecam.core.assessment import Side
from glutecam.core.dates import when_in_words
from glutecam.core.programme_wording import DETECTABLE_MEANS, REDUCED_MEANS, change_in_words
from glutecam.core.rules import Exercise
from glutecam.core.trend import Point, Trend
from glutecam.core.wording import (
    INTENDED_USE,
    PLUS_MINUS_MEANS,
    TESTED_ON,
    Vocabulary,
    capital,
    vocabulary,
)
from glutecam.records.letterhead import NO_LETTERHEAD, Letterhead
from glutecam.records.limits import edges_of
from glutecam.records.page import Chip, Scripts, chips, rendered, write_page
from glutecam.records.plot import PALETTE
from glutecam.records.trend_chart import trend_figure

__all__ = ["Followed", "Section", "section_of", "trend_page", "write_trend_page"]


@dataclass(frozen=True)
class Followed:
    """The sides of one exercise and rule.

    ``exercise`` is None where this version does not know it; then no limits are drawn.
    """

    title: str
    trends: tuple[Trend, ...]
    exercise: Exercise | None = None
    strict: bool = False


@dataclass(frozen=True)
class _Row:
    """One side in one session, ready to print."""

    date: str
    side: str
    reps: int
    value: str
    bands: tuple[Chip, ...]
    comparable: bool
    reduced: bool


@dataclass(frozen=True)
class Section:
    """One exercise, ready to print."""

    title: str
    rule: str
    changes: tuple[str, ...]
    label: str
    sides: tuple[str, ...]
    rows: tuple[_Row, ...]
    figure: dict[str, Any]
    mixed: bool
    grouped: bool
    reduced: str


def trend_page(
    followed: Sequence[Followed],
    *,
    subject: str,
    made: datetime,
    letterhead: Letterhead = NO_LETTERHEAD,
) -> str:
    """Return the page.

    Parameters
    ----------
    followed : sequence of Followed
        At least one, each with at least one trend.
    subject : str
        Not trusted, as all text from outside.
    made : datetime
    letterhead : Letterhead
    """
    sections = [section_of(each, vocabulary()) for each in followed]
    return rendered(
        "trend_template.html.j2",
        sections=sections,
        subject=subject,
        letterhead=letterhead,
        made=made.strftime("%Y-%m-%d %H:%M"),
        scripts=Scripts.of([section.figure for section in sections]),
        palette=PALETTE,
        detectable_means=DETECTABLE_MEANS,
        plus_minus_means=PLUS_MINUS_MEANS,
        tested_on=TESTED_ON,
        intended_use=INTENDED_USE,
    )


def write_trend_page(
    path: Path,
    followed: Sequence[Followed],
    *,
    subject: str,
    made: datetime,
    letterhead: Letterhead = NO_LETTERHEAD,
) -> None:
    """Write ``trend_page``, whole or not at all.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    page = trend_page(followed, subject=subject, made=made, letterhead=letterhead)
    write_page(path, page)


def section_of(followed: Followed, words: Vocabulary) -> Section:
    """Return one exercise over the weeks, in the words of an audience."""
    rule = followed.trends[0].rule
    known = [r for r in followed.exercise.rules if r.code == rule.code] if followed.exercise else []
    edges = [edge for each in known for edge in edges_of(each, followed.strict)]
    changes = tuple(map(capital, map(change_in_words, followed.trends)))
    points = [point for trend in followed.trends for point in trend.points]
    rows = sorted(points, key=lambda point: (point.began, point.side is Side.RIGHT), reverse=True)
    return Section(
        title=followed.title,
        rule=f"{rule.name} ({rule.unit})" if rule.unit else rule.name,
        changes=changes,
        label=f"{rule.name} over the sessions. {' '.join(changes)}",
        sides=tuple(trend.side.value for trend in followed.trends),
        rows=tuple(_row(point, rule.unit, words) for point in rows),
        figure=trend_figure(followed.trends, edges, words.bands),
        mixed=not all(point.comparable for point in points),
        grouped=any(len(point.groups) > 1 for point in points),
        reduced=REDUCED_MEANS if any(point.reduced_accuracy for point in points) else "",
    )


def _row(point: Point, unit: str, words: Vocabulary) -> _Row:
    return _Row(
        date=when_in_words(point.began),
        side=point.side.value,
        reps=sum(point.bands.values()),
        value=point.in_words(unit),
        bands=chips(point.bands, words.bands),
        comparable=point.comparable,
        reduced=point.reduced_accuracy,
    )
