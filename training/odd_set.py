"""Twins of the standing sets in the odd drawing: which body of which set has which number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from training import standing_set
from training.odd_look import ODD
from training.standing_set import Photograph

#: Bodies of one set are other people than those of the others: 40,000 to 40,059 are in the clips
#: that test and calibrate, 50,000 on lie on their side, 60,000 on perform exercises.
RECORDED_FROM, PAIRED_FROM, LEANING_FROM = 20_000, 30_000, 40_060
PLANTED_FROM = 45_000
STANDING: dict[str, Callable[..., Iterator[Photograph]]] = {
    "standing": standing_set.photographs,
    "recorded": partial(
        standing_set.photographs, choose=standing_set.recorded, first_seed=RECORDED_FROM
    ),
    "paired": partial(
        standing_set.photographs, choose=standing_set.from_quiet, first_seed=PAIRED_FROM
    ),
    "leaning": partial(
        standing_set.photographs, choose=standing_set.leaning, first_seed=LEANING_FROM
    ),
    "planted": partial(
        standing_set.photographs, choose=standing_set.planted, first_seed=PLANTED_FROM
    ),
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
