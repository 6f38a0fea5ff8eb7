"""Which value is followed for which exercise, and the page of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.core.sets import SetRecord
    from glutecam.records.trend_page import Followed
    from glutecam.settings import Settings

__all__ = ["followed", "write_page"]


def followed(sets: Sequence[SetRecord], code: str | None) -> list[Followed]:
    """Return the exercises that there are sets of, each with one rule over time.

    Parameters
    ----------
    sets : sequence of SetRecord
        Of one subject.
    code : str or None
        The rule; where None, the one that tells how the pelvis is held.

    Raises
    ------
    InputError
        Where there is nothing to show.
    """
    from glutecam import exercises
    from glutecam.core.trend import trends
    from glutecam.records.trend_page import Followed

    if not sets:
        raise InputError(
            "There are no sets to show. 'glutecam live' keeps each set, 'glutecam history add "
            "result.json' adds earlier ones, and 'glutecam history list --everyone' shows whose there are."
        )
    found = []
    for name in dict.fromkeys(record.exercise for record in sets):
        newest = [record for record in sets if record.exercise == name][-1]
        sides = trends(sets, {name: code.strip().upper() if code else _primary(newest)})
        if sides:
            known = exercises.get(name) if name in exercises.names() else None
            found.append(
                Followed(exercises.title_of(name), tuple(sides), known, newest.provenance.strict)
            )
    if not found:
        there = sorted({rule.code for record in sets for rule in record.rules})
        raise InputError(
            f"No repetition has a value for {code or 'the pelvis'}. Rules in these sets: "
            f"{', '.join(there)}. 'glutecam explain CODE' says what each is."
        )
    return found


def write_page(path: Path, shown: Sequence[Followed], settings: Settings) -> None:
    """Write the page with the charts.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    from glutecam.cli.outputs import letterhead
    from glutecam.records.trend_page import write_trend_page

    write_trend_page(
        path,
        shown,
        subject=settings.subject,
        made=datetime.now(),
        letterhead=letterhead(settings),
    )


def _primary(record: SetRecord) -> str:
    """Return the rule that tells how the pelvis is held."""
    from glutecam import exercises
    from glutecam.core.trend import code_to_follow

    known = exercises.get(record.exercise) if record.exercise in exercises.names() else None
    return code_to_follow(known, [rule.code for rule in record.rules])
