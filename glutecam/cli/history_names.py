"""Sets and steps of a history under pseudonyms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.core.incomplete import without_file_name
from glutecam.core.sets import LONGEST_TEXT, new_key

if TYPE_CHECKING:
    from glutecam.core.programme import Step
    from glutecam.core.sets import Felt, SetRecord
    from glutecam.records.pseudonyms import Veil

__all__ = ["renamed"]


def renamed(
    sets: Sequence[SetRecord], steps: Sequence[Step], key: Path, written: Iterable[Path]
) -> tuple[list[SetRecord], list[Step]]:
    """Return sets and steps with every subject under a pseudonym, in whatever was said of them too.

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
                # Made from the film and the name: whoever has one of them could try the other.
                key=new_key(),
                also_known_as=(),
                recording=None,
                subject=known.subject(record.subject),
                instruction=record.instruction and veil.over(without_file_name(record.instruction)),
                felt=_veiled(record.felt, veil),
            )
            for record in sets
        ]
        confirmed = [
            replace(step, subject=known.subject(step.subject), note=veil.over(step.note))
            for step in steps
        ]
    return kept, confirmed


def _veiled(felt: Felt, veil: Veil) -> Felt:
    load = replace(felt.load, band=veil.over(felt.load.band)[:LONGEST_TEXT])
    return replace(felt, load=load, note=veil.over(felt.note))
