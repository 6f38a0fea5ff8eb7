"""A published scale filled in for one side of one set: what is reported, not how it is found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from glutecam.errors import either

if TYPE_CHECKING:
    from glutecam.core.assessment import Finding, Side

__all__ = ["Answer", "Mark", "Sheet", "SignFound"]


class Answer(str, Enum):
    """Whether a sign of a published scale was seen.

    ``OPEN``: measured, and the ± reaches across the limit. ``UNSEEN``: one camera cannot tell.
    """

    YES = "yes"
    NO = "no"
    OPEN = "open"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class SignFound:
    """One sign of a published scale as it was found.

    Attributes
    ----------
    text, points
        As in ``scales.Sign``.
    answer : Answer
    decided_by : tuple of str
        Codes of the rules that answered; empty where nothing can.
    reps, open_reps : tuple of int
        Numbers of the repetitions in which it was seen, and in which it could not be told.
    reading : Finding or None
        The finding furthest beyond its limit, or nearest to it; None where nothing was measured.
    """

    text: str
    points: int
    answer: Answer
    decided_by: tuple[str, ...]
    reps: tuple[int, ...]
    open_reps: tuple[int, ...]
    reading: Finding | None


@dataclass(frozen=True)
class Mark:
    """One line of a filled-in sheet: ``low`` to ``high`` points."""

    item: str
    signs: tuple[SignFound, ...]
    low: int
    high: int
    unseen: str


@dataclass(frozen=True)
class Sheet:
    """A published scale filled in for one side of one set.

    Attributes
    ----------
    scale : str
        Name of the scale.
    side : Side
    reps : int
        Repetitions that were judged.
    trials : int
        Repetitions that the test asks for; 0 where it does not say.
    marks : tuple of Mark
    low, high, most : int or None
        The total lies from ``low`` to ``high``, of at most ``most``; None where there is no total.
    grades : tuple of str
        Every grade that is still possible, best first; empty where the scale has none.
    """

    scale: str
    title: str
    plain: str
    side: Side
    reps: int
    trials: int
    marks: tuple[Mark, ...]
    low: int | None
    high: int | None
    most: int | None
    grades: tuple[str, ...]
    how: str
    evidence: str

    @property
    def decided(self) -> bool:
        """True where one total, or one grade, is left."""
        return self.low == self.high if self.low is not None else len(self.grades) == 1

    @property
    def result(self) -> str:
        """``2 of 6 (medium)``, ``2 to 3 of 6 (good or medium)``, ``good or fair``; empty without one."""
        words = either(self.grades)
        if self.low is None:
            return words
        total = f"{self.low}" if self.decided else f"{self.low} to {self.high}"
        return f"{total} of {self.most}" + (f" ({words})" if words else "")
