"""Does it help to learn from odd looks: ``python -m training.odd_gain`` (a minute).

Every odd picture has a twin in the usual look, so that three remedies can be tried: learn from odd
pictures too; punish answers that differ between twins; add the differences between twins to the
usual pictures as noise. A fifth of the odd bodies after the other is left out and tested. In place
of the networks, which take minutes each time, a ridge regression on random hidden units learns.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.examples import KINDS, LANDMARKS, Examples, joined, load, twins
from training.fit_pelvis import VARIANTS, Plan, Ruler
from training.rotations import Array

UNITS, REACH, RIDGE, PARTS = 700, 1.2, 100.0, 5
#: Differences larger than this share of all are mistaken people, not noise.
CREDIBLE = 0.98


@dataclass(frozen=True)
class Units:
    """Random hidden units that mirror as the networks do."""

    ruler: Ruler
    weight: Array
    bias: Array

    @classmethod
    def drawn(cls, shape: Array, rng: np.random.Generator) -> Units:
        """Draw them for shapes like these."""
        ruler = Ruler.of(shape, Plan.amplify)
        inputs = ruler.turn.shape[1]
        weight = rng.normal(size=(inputs, UNITS)) / np.sqrt(inputs) * REACH
        return cls(ruler, weight, rng.uniform(-1.0, 1.0, UNITS))

    def of(self, shape: Array) -> Array:
        """Return (N, D): what turns its sign in a mirror."""
        one, other = (
            np.concatenate([np.maximum(side @ self.weight + self.bias, 0.0), side], axis=1)
            for side in (half.numpy() for half in self.ruler.pair(shape))
        )
        return np.asarray((one - other) / 2.0)


@dataclass(frozen=True)
class Sums:
    """What a ridge regression needs to know of its examples."""

    square: Array
    product: Array

    @classmethod
    def over(cls, units: Array, target: Array) -> Sums:
        """Sum over N examples."""
        return cls(units.T @ units, units.T @ target)

    def plus(self, other: Sums, times: float) -> Sums:
        """Return both together."""
        return Sums(self.square + times * other.square, self.product + times * other.product)

    def solved(self) -> Array:
        """Weights (D,)."""
        return np.asarray(
            np.linalg.solve(self.square + RIDGE * np.eye(len(self.square)), self.product)
        )


@dataclass(frozen=True)
class Twins:
    """Shapes (P, F) of twins in either look, their target (P,), and in which part (P,) they test."""

    usual: Array
    odd: Array
    target: Array
    part: NDArray[np.intp]

    @classmethod
    def of(cls, pairs: list[tuple[Examples, Examples]]) -> Twins:
        """Match what each pose model saw."""
        rows = [twins(plain, odd) for plain, odd in pairs]
        usual = [plain.where_rows(same) for (plain, _), (same, _) in zip(pairs, rows, strict=True)]
        odd = joined([o.where_rows(again) for (_, o), (_, again) in zip(pairs, rows, strict=True)])
        part = np.unique(odd.body, return_inverse=True)[1] % PARTS
        return cls(joined(usual).shape, odd.shape, odd.target_deg, part)

    def noise(self, rows: NDArray[np.bool_], count: int, rng: np.random.Generator) -> Array:
        """Draw differences (count, F) between twins, turned round and mirrored by chance."""
        found = (self.odd - self.usual)[rows]
        size = np.square(found).sum(axis=1)
        found = found[size <= np.quantile(size, CREDIBLE)]
        return found[rng.integers(len(found), size=count)] * rng.choice([-1.0, 1.0], (count, 1))


def _told(name: str, target: Array, value: Array) -> str:
    slope = np.polyfit(target, value, 1)[0]
    return f"{name} {np.abs(value - target).mean():.2f} deg, slope {slope:.2f}"


def compared(known: Examples, test: Examples, pairs: Twins, seed: int = 0) -> list[str]:
    """Return a line for every remedy: odd pictures of bodies left out, and usual held-out ones."""
    rng = np.random.default_rng(seed)
    units = Units.drawn(known.shape, rng)
    base = Sums.over(units.of(known.shape), known.target_deg)
    plain, odd, held_out = units.of(pairs.usual), units.of(pairs.odd), units.of(test.shape)
    remedies = (
        *(("odd pictures", times) for times in (0.0, 1.0, 3.0, 10.0)),
        *(("twins alike", times) for times in (3.0, 10.0, 30.0)),
        ("noise of looks", 1.0),
    )
    lines = []
    for remedy, times in remedies:
        value, usual = np.zeros(len(odd)), np.zeros(len(held_out))
        for part in range(PARTS):
            learns = pairs.part != part
            if remedy == "odd pictures":
                more = Sums.over(odd[learns], pairs.target[learns])
            elif remedy == "twins alike":
                more = Sums.over((odd - plain)[learns], np.zeros(int(learns.sum())))
            else:
                shaken = known.shape + pairs.noise(learns, len(known), rng)
                more = Sums.over(units.of(shaken), known.target_deg)
            weights = base.plus(more, times).solved()
            value[~learns] = odd[~learns] @ weights
            usual += held_out @ weights / PARTS
        told = _told("odd", pairs.target, value), _told("usual", test.target_deg, usual)
        lines.append(f"{remedy}, {times:g} times: {told[0]}; {told[1]}")
    return lines


def main() -> None:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landmarks", type=Path, default=LANDMARKS)
    folder = parser.parse_args().landmarks
    every = [load(KINDS, variant, folder) for variant in VARIANTS]
    odd = [load(("odd",), variant, folder) for variant in VARIANTS]
    known = joined([part.where(~part.held_out & ~part.for_calibration) for part in every])
    test = every[0].where(every[0].held_out)
    pairs = Twins.of(list(zip(every, odd, strict=True)))
    print(f"{len(pairs.target)} twins; mean absolute error and slope", flush=True)
    for line in compared(known, test, pairs):
        print(line, flush=True)


if __name__ == "__main__":
    main()
