"""Published scales as data: what a rater looks at, and which of our rules answers for it.

A scale asks for signs. A sign is answered by rules of the exercise, or by nothing: then one camera
cannot tell, the sign stays open, and the score is a range. How it is filled in: ``core/sheets.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

__all__ = ["Grade", "Item", "Kind", "Occurs", "Scale", "Sign"]


class Occurs(str, Enum):
    """In how many repetitions a sign must be seen to count for the whole test."""

    ANY = "at least one repetition"
    MOST = "more than half of the repetitions"
    EVERY = "every repetition"


class Kind(str, Enum):
    """How the items come to a result.

    ``SUM``: points add up, never above ``Scale.most``. ``DOMAINS``: good, fair or poor from domains
    that are met or failed (Crossley 2011). ``READINGS``: values, each beside its sign, no total.
    """

    SUM = "sum"
    DOMAINS = "domains"
    READINGS = "readings"


@dataclass(frozen=True)
class Sign:
    """Something a rater sees or does not see.

    Attributes
    ----------
    text : str
        What the rater marks, in the sense of the published sheet.
    rules : tuple of str
        Codes of the exercise's rules; a fault by any of them is the sign. Empty: one camera cannot
        tell, ``Item.unseen`` says why.
    points : int
        What it is worth; the worst sign of an item counts, not their sum.
    whole : bool
        False where the rules see only a part of it: they can then find the sign, and never rule it
        out.
    below : bool
        Of a rule with two ends, only a value that is too low is the sign.
    from_good : bool
        The sign begins where good ends, and not where the rule's fault does.
    """

    text: str
    rules: tuple[str, ...] = ()
    points: int = 1
    whole: bool = True
    below: bool = False
    from_good: bool = False


@dataclass(frozen=True)
class Item:
    """One line of the sheet.

    ``unseen`` says what of it one camera in this view cannot tell; a whole sentence, or empty.
    """

    name: str
    signs: tuple[Sign, ...]
    unseen: str = ""
    occurs: Occurs = Occurs.ANY

    def __post_init__(self) -> None:
        if not self.signs:
            raise ValueError(f"{self.name}: an item needs a sign")
        blind = any(not sign.rules or not sign.whole for sign in self.signs)
        if blind and not self.unseen:
            raise ValueError(f"{self.name}: say what of it is not seen")

    @property
    def most(self) -> int:
        """The most points it can give."""
        return max(sign.points for sign in self.signs)


@dataclass(frozen=True)
class Grade:
    """A word for all totals up to one."""

    up_to: int
    word: str


@dataclass(frozen=True)
class Scale:
    """A published scale.

    Attributes
    ----------
    name : str
        Key in files and tables.
    title : str
        As clinicians know it, with its range.
    plain : str
        As everybody may read it: without the name of an illness or of a sign.
    kind : Kind
    items : tuple of Item
    trials : int
        Repetitions that the test asks for; 0 where it does not say.
    how : str
        How repetitions come to one answer, and whose rule that is, with a tag.
    evidence : str
        Where items, points and grades come from, with tags.
    most : int
        The worst total of a sum.
    grades : tuple of Grade
        Words for totals, rising; for ``DOMAINS`` best first, ``up_to`` without meaning.

    Raises
    ------
    ValueError
        On construction, where the grades do not cover the totals.
    """

    name: str
    title: str
    plain: str
    kind: Kind
    items: tuple[Item, ...]
    trials: int
    how: str
    evidence: str
    most: int = 0
    grades: tuple[Grade, ...] = ()

    def __post_init__(self) -> None:
        edges = [grade.up_to for grade in self.grades]
        if self.kind is Kind.SUM and edges and (edges != sorted(edges) or edges[-1] < self.most):
            raise ValueError(f"{self.name}: the grades must rise and cover all totals")
        if self.kind is Kind.SUM and not 0 < self.most <= sum(item.most for item in self.items):
            raise ValueError(f"{self.name}: the items cannot come to {self.most} points")
        if self.kind is Kind.DOMAINS and len(self.grades) != len(("good", "fair", "poor")):
            raise ValueError(f"{self.name}: domains need three grades, best first")

    @property
    def rules(self) -> tuple[str, ...]:
        """Codes of all rules that answer for a sign, once, in order."""
        codes = (code for item in self.items for sign in item.signs for code in sign.rules)
        return tuple(dict.fromkeys(codes))
