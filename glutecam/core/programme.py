"""What a training programme is: levels, rungs and limits. Frozen, and checked on construction.

The numbers are data (``exercises/_programme.py``), each with its source; what follows from them is
in ``core/progress.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from glutecam.core.sets import SetRecord
from glutecam.errors import InputError

__all__ = [
    "Choice",
    "Level",
    "Limit",
    "Limits",
    "Programme",
    "Rung",
    "Standing",
    "Step",
    "StepKind",
    "standing_of",
    "trained_now",
]


@dataclass(frozen=True)
class Limit:
    """One number of the programme, and where it comes from (tags of docs/evidence.md)."""

    value: float
    unit: str
    means: str
    source: str

    def __post_init__(self) -> None:
        if "[" not in self.source:
            raise ValueError(f"'{self.means}' needs a tag of its source, or [P]")


@dataclass(frozen=True)
class Limits:
    """Every number that decides; shares are 0 to 1."""

    rest_h: Limit
    fewest_a_week: Limit
    most_a_week: Limit
    fewest_weeks: Limit
    most_weeks: Limit
    faults_end_set: Limit
    sessions_to_progress: Limit
    most_watch: Limit
    faulty_share: Limit
    faulty_sessions: Limit
    pain_to_progress: Limit
    pain_to_stop: Limit
    pain_rise: Limit


@dataclass(frozen=True)
class Choice:
    """An exercise of a level; glutecam judges those that it has under this name."""

    name: str
    title: str


@dataclass(frozen=True)
class Level:
    """What is trained on one level."""

    number: int
    title: str
    exercises: tuple[Choice, ...]
    quality: str
    source: str


@dataclass(frozen=True)
class Rung:
    """One step of the ladder.

    Attributes
    ----------
    name : str
        ``1.2``: the second rung of level 1.
    sets, reps : int
        For each side.
    with_ : str
        What makes it harder; empty where nothing does.
    """

    name: str
    level: int
    sets: int
    reps: int
    with_: str
    source: str


@dataclass(frozen=True)
class Programme:
    """Levels, the ladder through them, and the limits.

    Raises
    ------
    ValueError
        On construction, where the ladder does not rise through the levels.
    """

    levels: tuple[Level, ...]
    rungs: tuple[Rung, ...]
    limits: Limits

    def __post_init__(self) -> None:
        numbers = [rung.level for rung in self.rungs]
        if numbers != sorted(numbers) or {level.number for level in self.levels} != set(numbers):
            raise ValueError("the rungs must rise through all levels")
        if len({rung.name for rung in self.rungs}) != len(self.rungs):
            raise ValueError("two rungs share a name")

    def level(self, rung: Rung) -> Level:
        """Return the level of a rung."""
        return next(level for level in self.levels if level.number == rung.level)

    def rung(self, name: str) -> Rung:
        """Return a rung by its name; a level's number is its first rung.

        Raises
        ------
        InputError
            Naming those that there are.
        """
        for rung in self.rungs:
            if name in (rung.name, str(rung.level)):
                return rung
        known = ", ".join(rung.name for rung in self.rungs)
        raise InputError(f"'{name}' is no step of the programme. There are: {known}.")

    def beside(self, rung: Rung, by: int) -> Rung | None:
        """Return the rung so many above or, where negative, below; None beyond the ends."""
        place = self.rungs.index(rung) + by
        return self.rungs[place] if 0 <= place < len(self.rungs) else None

    def belongs(self, record: SetRecord, rung: Rung) -> bool:
        """Say whether a set trains what the rung is about."""
        return record.exercise in {exercise.name for exercise in self.level(rung).exercises}


class StepKind(str, Enum):
    """What the user confirmed."""

    START = "start"
    PROGRESS = "progress"
    REGRESS = "regress"


@dataclass(frozen=True)
class Step:
    """One thing that the user confirmed: where the programme went."""

    subject: str
    at: datetime
    kind: StepKind
    rung: str
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in the programme.

    Attributes
    ----------
    rung : Rung
    since : datetime
        When the rung was taken: only sets done since then speak for the next.
    started : datetime
        When the programme began: its weeks count from here.
    """

    rung: Rung
    since: datetime
    started: datetime


def standing_of(programme: Programme, steps: Sequence[Step]) -> Standing | None:
    """Return where the steps lead to; None where the programme was not started.

    Parameters
    ----------
    programme : Programme
    steps : sequence of Step
        Of one subject, in the order in which they were confirmed.
    """
    starts = [step for step in steps if step.kind is StepKind.START]
    if not starts:
        return None
    last = steps[-1]
    return Standing(programme.rung(last.rung), last.at, starts[-1].at)


def trained_now(programme: Programme, steps: Sequence[Step], exercise: str) -> Programme | None:
    """Return the programme where its present level trains this exercise, None elsewhere.

    Parameters
    ----------
    programme : Programme
    steps : sequence of Step
        As for ``standing_of``.
    exercise : str
    """
    standing = standing_of(programme, steps)
    if standing is None:
        return None
    trained = {choice.name for choice in programme.level(standing.rung).exercises}
    return programme if exercise in trained else None
