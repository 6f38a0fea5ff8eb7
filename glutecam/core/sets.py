"""What is kept of a set: its judgement without the signals, and how it felt. Values, no storage."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from glutecam.core.assessment import (
    Assessment,
    Band,
    Fault,
    Finding,
    Provenance,
    Rep,
    Side,
    Verdict,
    findings_of,
)
from glutecam.core.filled_sheet import Sheet
from glutecam.core.rules import Exercise
from glutecam.core.units import KG_PER_LB
from glutecam.errors import InputError

__all__ = [
    "ME",
    "RULE_KINDS",
    "Felt",
    "Load",
    "RuleName",
    "Session",
    "SetRecord",
    "SourceKind",
    "new_key",
    "read_as",
    "sessions_of",
    "set_of",
    "subject_of",
]

ME = "me"
"""The subject where nobody else is named."""

WORST_PAIN = 10
LONGEST_TEXT = 64
LONGEST_NOTE = 2000
STOPPED_BY_PAIN = "Stopped because of pain."
"""Stands in the note of a set that pain ended."""

RULE_KINDS = ("rep", "set", "noted")
"""Judged in every repetition, in the whole set, or only asked for by a published scale."""

SESSION_GAP = timedelta(hours=3)
"""Sets further apart belong to two sessions: our proposal [P]."""

_WEIGHT = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:kg|kilos?|(?P<pounds>lbs?|pounds?))?", re.IGNORECASE
)  # fmt: skip


class SourceKind(str, Enum):
    """Where the pictures came from."""

    LIVE = "live"
    VIDEO = "video"
    LANDMARKS = "landmarks"
    RESULT = "result file"


@dataclass(frozen=True)
class Load:
    """What made the set harder than the body alone.

    Raises
    ------
    InputError
        Where the weight is negative or a text is longer than 64 signs.
    """

    kg: float | None = None
    band: str = ""

    def __post_init__(self) -> None:
        if self.kg is not None and not 0 <= self.kg <= 1000:
            raise InputError(f"A load of {self.kg:g} kg cannot be. Give 0 to 1000, such as '5 kg'.")
        if len(self.band) > LONGEST_TEXT:
            raise InputError(f"The load has at most {LONGEST_TEXT} signs, such as 'red band'.")

    @classmethod
    def parse(cls, text: str) -> Load:
        """Read ``5 kg``, ``10 lb``, ``red band`` or ``2.5 kg, red band``; pounds are kept as kg."""
        kg, words = None, []
        for part in filter(None, map(str.strip, re.split(r",(?!\d)|\+", text))):
            weight = _WEIGHT.fullmatch(part)
            if weight and kg is None:
                kg = float(weight[1].replace(",", "."))
                kg = round(kg * KG_PER_LB, 3) if weight["pounds"] else kg
            else:
                words.append(part)
        return cls(kg, ", ".join(words))

    def __str__(self) -> str:
        weight = [] if self.kg is None else [f"{self.kg:g} kg"]
        return ", ".join([*weight, *([self.band] if self.band else [])])


@dataclass(frozen=True)
class Felt:
    """How the set felt and what it was done with, in the subject's own words.

    Pain is 0 to 10, None where it was not said.

    Raises
    ------
    InputError
        Where a number or a text is out of its range.
    """

    pain_before: int | None = None
    pain_after: int | None = None
    load: Load = field(default_factory=Load)
    note: str = ""

    def __post_init__(self) -> None:
        for when, pain in (("before", self.pain_before), ("after", self.pain_after)):
            if pain is not None and not 0 <= pain <= WORST_PAIN:
                raise InputError(
                    f"Pain {when} the set is {pain}. Give 0 (none) to {WORST_PAIN} (the worst you can "
                    "think of)."
                )
        if len(self.note) > LONGEST_NOTE:
            raise InputError(f"The note has {len(self.note)} signs; {LONGEST_NOTE} is the most.")

    @property
    def stopped_by_pain(self) -> bool:
        """Whether the note says so, as it does until somebody takes it out."""
        return STOPPED_BY_PAIN in self.note

    def noting_the_stop(self) -> Felt:
        """Return the same with a note that pain ended the set."""
        return replace(self, note=f"{STOPPED_BY_PAIN} {self.note}".strip()[:LONGEST_NOTE])

    @property
    def worst_pain(self) -> int | None:
        """The higher of the two, None where neither was said."""
        return max((p for p in (self.pain_before, self.pain_after) if p is not None), default=None)


@dataclass(frozen=True)
class RuleName:
    """What a code meant when the set was judged; ``kind`` is one of ``RULE_KINDS``."""

    code: str
    name: str
    unit: str
    kind: str = "rep"


@dataclass(frozen=True)
class SetRecord:
    """One set as it is kept.

    Attributes
    ----------
    key : str
        Tells this set from every other, so that saving it again does not double it.
    subject : str
        A pseudonym.
    done : datetime
        When it was done, with its offset from UTC.
    number : int or None
        Its number in a history, None before it is kept.
    consent : bool
        The subject agreed that it is kept.
    of_set : tuple of Finding
        What only the set as a whole showed; that of repetitions is in them.
    sheets : tuple of Sheet
        The published scales, filled in.
    also_known_as : tuple of str
        Keys under which the same set may be kept already; they are not kept.
    recording : (str, int) or None
        SHA-256 of the file that was filmed, and which set of it this is; None where that is not known.
        It is not kept but in the key.
    """

    key: str
    subject: str
    done: datetime
    source: SourceKind
    exercise: str
    sides: tuple[Side, ...]
    verdict: Verdict
    instruction: str | None
    score: float | None
    coverage: float
    reps: tuple[Rep, ...]
    attempts: tuple[Rep, ...]
    faults: tuple[Fault, ...]
    rules: tuple[RuleName, ...]
    provenance: Provenance
    felt: Felt = field(default_factory=Felt)
    number: int | None = None
    consent: bool = False
    of_set: tuple[Finding, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    also_known_as: tuple[str, ...] = field(default=(), compare=False)
    recording: tuple[str, int] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.done.tzinfo is None:
            raise ValueError("a set needs a time with its offset from UTC")

    @property
    def counts(self) -> bool:
        """False where the set was refused: it is kept, and nothing in it was counted or judged."""
        return self.verdict is not Verdict.NOT_ASSESSABLE

    def bands(self, side: Side | None = None) -> list[Band]:
        """Return the band of each repetition, of one side or of all; of none where nothing counts."""
        if not self.counts:
            return []
        return [rep.band for rep in self.reps if side in (None, rep.side)]

    def findings(self, code: str, side: Side | None = None) -> list[Finding]:
        """Return what one rule found in each repetition of a side, or of all."""
        return findings_of((rep for rep in self.reps if side in (None, rep.side)), code)

    def rule(self, code: str) -> RuleName:
        """Return what a code meant; the code itself where that was not kept."""
        return next((rule for rule in self.rules if rule.code == code), RuleName(code, code, ""))

    def feeling(self, felt: Felt) -> SetRecord:
        """Return the set with what was said about it."""
        return replace(self, felt=felt)


@dataclass(frozen=True)
class Session:
    """Sets that were done together, in the order of time."""

    sets: tuple[SetRecord, ...]

    @property
    def began(self) -> datetime:
        """When its first set was done."""
        return self.sets[0].done

    @property
    def ended(self) -> datetime:
        """When its last set was done."""
        return self.sets[-1].done


def set_of(
    assessment: Assessment,
    exercise: Exercise,
    *,
    done: datetime,
    source: SourceKind,
    subject: str = ME,
    felt: Felt | None = None,
    key: str | None = None,
) -> SetRecord:
    """Return what is kept of an assessment.

    Parameters
    ----------
    assessment : Assessment
    exercise : Exercise
        Its rules' names and units are kept beside their codes.
    done : datetime
        With its offset from UTC.
    source, subject, felt, key
        As in ``SetRecord``; a new key where None.
    """
    return SetRecord(
        key=key or new_key(),
        subject=subject_of(subject),
        done=done,
        source=source,
        exercise=assessment.exercise,
        sides=assessment.sides,
        verdict=assessment.verdict,
        instruction=assessment.instruction,
        score=assessment.score,
        coverage=assessment.coverage,
        reps=assessment.reps,
        attempts=assessment.attempts,
        faults=assessment.faults,
        rules=_names(exercise),
        provenance=assessment.provenance,
        felt=felt or Felt(),
        of_set=assessment.findings,
        sheets=assessment.sheets,
    )


def _names(exercise: Exercise) -> tuple[RuleName, ...]:
    each = zip(RULE_KINDS, (exercise.rules, exercise.of_set, exercise.noted), strict=True)
    return tuple(
        RuleName(rule.code, rule.name, rule.unit, kind) for kind, rules in each for rule in rules
    )


def read_as(rep: Rep, band: Band | None) -> Rep:
    """Return a kept repetition that reads what was kept of it, None where nothing was.

    A verdict that is kept belongs to the rules that gave it: before ruleset 9 "no fault" was no answer.
    """
    return rep if band in (None, rep.band) else replace(rep, as_judged=band)


def new_key() -> str:
    """Return a key that no other set has."""
    return uuid.uuid4().hex


def subject_of(name: str) -> str:
    """Return a pseudonym without blanks around it.

    Raises
    ------
    InputError
        Where it is empty, longer than 64 signs, or holds signs that cannot be printed.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_TEXT or not name.isprintable():
        raise InputError(
            f"'{name}' cannot be a subject. Use a pseudonym of 1 to {LONGEST_TEXT} signs, such as P07."
        )
    return name


def sessions_of(sets: Sequence[SetRecord]) -> list[Session]:
    """Return the sets as sessions, both in the order of time."""
    groups: list[list[SetRecord]] = []
    for record in sorted(sets, key=lambda record: record.done):
        if groups and record.done - groups[-1][-1].done < SESSION_GAP:
            groups[-1].append(record)
        else:
            groups.append([record])
    return [Session(tuple(group)) for group in groups]
