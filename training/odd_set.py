"""Twins of the standing sets in the odd drawing: which body of which set has which number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from training import standing_set
from training.odd_look import ODD
from training.seeds import LEANING, PAIRED, PLANTED, RECORDED
from training.standing_set import Photograph

STANDING: dict[str, Callable[..., Iterator[Photograph]]] = {
    "standing": standing_set.photographs,
    "recorded": partial(standing_set.photographs, choose=standing_set.recorded, people=RECORDED),
    "paired": partial(standing_set.photographs, choose=standing_set.from_quiet, people=PAIRED),
    "leaning": partial(standing_set.photographs, choose=standing_set.leaning, people=LEANING),
    "planted": partial(standing_set.photographs, choose=standing_set.planted, people=PLANTED),
}
#: Ten bodies of one set after ten of another, so that a few files show some of every set.
TURNS = (
    *("standing", "recorded", "standing", "paired"),
    *("standing", "leaning", "standing", "planted"),
)


def twin_of(number: int) -> tuple[str, int]:
    """Return the set and the number in it of the body whose twin has this number."""
    tens, last = divmod(number, 10)
    rounds, turn = divmod(tens, len(TURNS))
    kind = TURNS[turn]
    before = TURNS[:turn].count(kind)
    return kind, 10 * (TURNS.count(kind) * rounds + before) + last


def photographs(number: int) -> Iterator[Photograph]:
    """Yield the pictures of one body again, drawn oddly."""
    kind, seed = twin_of(number)
    return STANDING[kind](seed, drawing=ODD)
