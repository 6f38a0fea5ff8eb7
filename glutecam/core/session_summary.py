"""What a session comes to, in a few lines that can be read from afar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from glutecam.core.assessment import Band, Rep, Verdict
from glutecam.core.coaching import SetResult
from glutecam.core.rules import Exercise
from glutecam.core.session_wording import Message, cue, say

__all__ = ["counted", "most_often", "summary_lines"]


def most_often(exercise: Exercise, reps: Sequence[Rep]) -> tuple[Message, int] | None:
    """Return the cue that most repetitions called for first, and how many; None without a fault."""
    ranks = {rule.code: rank for rank, rule in enumerate(exercise.rules)}
    first = Counter(
        min((f.code for f in rep.findings if f.band is Band.FAULT), key=ranks.__getitem__)
        for rep in reps
        if rep.band is Band.FAULT
    )
    if not first:
        return None
    code, times = first.most_common(1)[0]
    return cue(exercise.rule(code)), times


def counted(key: str, results: Sequence[SetResult], exercise: Exercise) -> Message:
    """Return a text about how many repetitions there were, and how many had surely no fault.

    Where one camera cannot tell a part of the exercise, "no fault" is said of what was judged alone.
    """
    if results and all(one.assessment.verdict is Verdict.NOT_ASSESSABLE for one in results):
        return say(f"{key}.refused")
    bands = [rep.band for result in results for rep in result.assessment.reps]
    clean = sum(band not in (Band.FAULT, Band.INCONCLUSIVE) for band in bands)
    part = exercise.unjudged and clean == len(bands)
    if len(bands) == 1:
        return say(f"{key}.one.part" if part else f"{key}.one.clean" if clean else f"{key}.one")
    if bands and clean == len(bands):
        return say(f"{key}.part" if part else f"{key}.no-fault", reps=len(bands))
    untold, faulty = bands.count(Band.INCONCLUSIVE), bands.count(Band.FAULT)
    if bands and untold == len(bands):
        return say(f"{key}.unsure", reps=untold)
    if untold:
        return say(f"{key}.mixed", reps=len(bands), clean=clean, faulty=faulty, untold=untold)
    return say(key if bands else f"{key}.none", reps=len(bands), clean=clean)


def summary_lines(exercise: Exercise, result: SetResult) -> list[Message]:
    """Return what one set came to: repetitions, what to change, what could not be judged.

    Parameters
    ----------
    exercise : Exercise
    result : SetResult
    """
    whole = result.assessment
    sides = dict.fromkeys(rep.side for rep in whole.reps) or dict.fromkeys(whole.sides)
    head = say("sum.set" if len(sides) != 1 else f"sum.{next(iter(sides)).value}")
    lines = [head, counted("sum.reps", (result,), exercise)]
    if whole.attempts:
        lines.append(say("sum.attempts", attempts=len(whole.attempts)))
    found = most_often(exercise, whole.reps)
    if found is not None:
        lines.append(say("sum.often", times=found[1], cue=found[0].english, cue_key=found[0].key))
    if whole.verdict is Verdict.NOT_ASSESSABLE and whole.instruction:
        lines.append(Message("sum.refused", whole.instruction))
    return lines
