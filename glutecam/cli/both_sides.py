"""Left against right at the end of ``live`` and ``score``: in the recording, else with the history."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.cli.terminal import stdout_console
from glutecam.errors import GlutecamError

if TYPE_CHECKING:
    from glutecam.cli.saving import Saving
    from glutecam.core.assessment import Assessment
    from glutecam.core.rules import Exercise
    from glutecam.core.sets import SetRecord
    from glutecam.core.side_difference import BothSides
    from glutecam.records.origin import Origin

__all__ = ["found", "tell"]


def found(
    assessments: Sequence[Assessment],
    exercise: Exercise,
    saving: Saving,
    file: Path | None = None,
    origin: Origin | None = None,
) -> BothSides:
    """Return the repetitions of both sides that were done in one go.

    Where sets are kept and one side is missing here, what the history has of it in the same session
    is taken, if it was measured alike.

    Parameters
    ----------
    assessments : sequence of Assessment
        All sets that were judged now.
    exercise : Exercise
    saving : Saving
    file : Path, optional
        What was judged; None for live sets.
    origin : Origin, optional
        What was filmed.
    """
    from glutecam.core.side_difference import BothSides, counted_reps

    here = BothSides.of(assessments)
    if not saving.wanted or len(here.missing) != 1:
        return here
    counted = next(one for one in assessments if counted_reps(one))
    try:
        return _with_history(here, saving.record(counted, exercise, file, origin=origin), saving)
    except GlutecamError:
        # Keeping the set is next, and says what the trouble is.
        return here


def tell(both: BothSides, assessments: Sequence[Assessment], exercise: Exercise) -> None:
    """Print the difference, where no set has said it by itself."""
    from glutecam.core.side_difference import difference_in_words, rule_sides

    compared = rule_sides(exercise, both.reps)
    if not compared or any(one.summary and one.summary.difference for one in assessments):
        return
    first = compared[0]
    said = difference_in_words(first.sides, first.unit)
    stdout_console().print(f"Left against right, {both.where}: {first.name}: {said}.\n")


def _with_history(here: BothSides, record: SetRecord, saving: Saving) -> BothSides:
    from glutecam.core.sets import SESSION_GAP
    from glutecam.core.side_difference import BothSides
    from glutecam.core.trend import measured_alike
    from glutecam.records.history import History

    with History.open(saving.settings.history or None) as history:
        kept = history.sets(
            subject=record.subject,
            exercise=record.exercise,
            since=record.done - SESSION_GAP,
            before=record.done + SESSION_GAP,
        )
    (missing,) = here.missing
    others = [one for one in kept if one.bands(missing) and measured_alike(one, record)]
    if not others:
        return here
    reps = tuple(rep for one in others for rep in one.reps if rep.side is missing)
    numbers = " and ".join(str(one.number) for one in others)
    sets = "set" if len(others) == 1 else "sets"
    where = f"in this session, the {missing.value} from {sets} {numbers} of the history"
    return BothSides(here.reps + reps, where)
