"""Sets and steps of a history under pseudonyms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from glutecam.core.programme import Step
    from glutecam.core.sets import SetRecord

__all__ = ["renamed"]


def renamed(
    sets: Sequence[SetRecord], steps: Sequence[Step], key: Path, written: Iterable[Path]
) -> tuple[list[SetRecord], list[Step]]:
    """Return sets and steps with every subject under a pseudonym, in notes too.

    Parameters
    ----------
    sets : sequence of SetRecord
    steps : sequence of Step
    key : Path
        See ``records.pseudonyms.key_of``.
    written : iterable of Path
        What will be written; the key must lie in none of their folders.

    Raises
    ------
    OutputError, InputError
        As ``key_of``.
    """
    from glutecam.records.pseudonyms import key_of

    with key_of(key, apart_from=[path.parent for path in written]) as known:
        for name in [*(one.subject for one in sets), *(one.subject for one in steps)]:
            known.subject(name)
        veil = known.veil()
        kept = [
            replace(
                record,
                subject=known.subject(record.subject),
                felt=replace(record.felt, note=veil.over(record.felt.note)),
            )
            for record in sets
        ]
        confirmed = [
            replace(step, subject=known.subject(step.subject), note=veil.over(step.note))
            for step in steps
        ]
    return kept, confirmed
