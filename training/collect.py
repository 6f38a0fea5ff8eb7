"""Render people and keep what the pose models see: ``python -m training.collect standing``.

Pictures are thrown away; landmarks and truth stay, one file for every `BODIES_PER_FILE` bodies.
A finished file is left alone, so the command can be stopped and started again, and several
machines can share the work with ``--first`` and ``--bodies``. ``--as-kept`` makes the files that the
repository keeps once more, in another folder: the same seeds, whatever their numbers.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from training import clip_set, lying_set, many_lines_set, odd_set
from training.examples import LANDMARKS
from training.landmarks import Observer, crop, write, write_crops
from training.odd_look import ODD as ODD_DRAWING
from training.standing_set import Photograph

BODIES_PER_FILE = 20
#: A film has a hundred frames of one body.
FILMS, FILMS_PER_FILE = ("clips",), 4
#: Pictures of the other look take long: small files lose little when the work is stopped.
SLOW, SLOW_PER_FILE = ("other-standing", "other-lying"), 2
#: Twice as many pictures of a body as elsewhere.
MANY_LINES, MANY_LINES_PER_FILE = ("many-lines",), 10
#: Ten bodies of one set, then of another; of the clips only those that test, their numbers even.
ODD, ODD_PER_FILE = ("odd",), 10
ODD_FILMS, TESTING = ("odd-clips",), 2
#: The heavy model takes three times as long as the others: every third file has it.
HEAVY_EVERY = 3

SETS: dict[str, Callable[[int], Iterator[Photograph]]] = {
    **odd_set.STANDING,
    "odd": odd_set.photographs,
    "many-lines": many_lines_set.both,
    "lying": lying_set.photographs,
    "clips": clip_set.photographs,
    "odd-clips": lambda number: clip_set.photographs(TESTING * number, ODD_DRAWING),
    "other-standing": lambda seed: _other_look().standing(seed),
    "other-lying": lambda seed: _other_look().lying(seed),
}


def _other_look() -> ModuleType:
    """Import the other look only when it is asked for: it needs Blender."""
    from training import other_look

    return other_look


@cache
def _observer(variant: str) -> Observer:
    """One pose model per process."""
    return Observer(variant)


def _variants(kind: str, number: int) -> tuple[str, ...]:
    if kind in ODD_FILMS:
        return ("full",)
    return ("lite", "full", "heavy") if number % HEAVY_EVERY == 0 else ("lite", "full")


def _per_file(kind: str) -> int:
    if kind in SLOW:
        return SLOW_PER_FILE
    if kind in ODD_FILMS:
        return 1
    if kind in ODD:
        return ODD_PER_FILE
    if kind in MANY_LINES:
        return MANY_LINES_PER_FILE
    return FILMS_PER_FILE if kind in FILMS else BODIES_PER_FILE


def collect(kind: str, number: int, folder: Path) -> float:
    """Make one file of `kind`; returns the seconds it took."""
    start, rows, crops = time.monotonic(), [], []
    seen = {variant: [] for variant in _variants(kind, number)}
    size, times = _per_file(kind), 1 if kind in FILMS + ODD_FILMS else 2
    for seed in range(number * size, (number + 1) * size):
        for variant in seen:
            _observer(variant).new_person()
        for photograph in SETS[kind](seed):
            rows.append(photograph.row)
            for variant, pairs in seen.items():
                pairs.append(_observer(variant).look(photograph.image, times))
            crops.append(crop(photograph.image, seen["full"][-1][0]))
    write_crops(folder / f"crops_{kind}_{number:04d}.npz", crops)
    write(folder / f"{kind}_{number:04d}.npz", rows, seen)
    return time.monotonic() - start


def as_kept(kind: str) -> list[int]:
    """Return the numbers of the files of this kind that the repository keeps."""
    return sorted(int(path.stem.rsplit("_", 1)[1]) for path in LANDMARKS.glob(f"{kind}_[0-9]*.npz"))


def _job(task: tuple[str, int, Path]) -> tuple[int, float]:
    return task[1], collect(*task)


def main() -> None:
    """Read the command line and make what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(SETS))
    parser.add_argument("--first", type=int, default=0, help="first body")
    parser.add_argument("--bodies", type=int, default=1500)
    parser.add_argument(
        "--as-kept", action="store_true", help="the bodies that are kept, no others"
    )
    parser.add_argument("--out", type=Path, default=LANDMARKS)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    size = _per_file(chosen.kind)
    first, count = chosen.first // size, -(-chosen.bodies // size)
    numbers = as_kept(chosen.kind) if chosen.as_kept else range(first, first + count)
    tasks = [
        (chosen.kind, number, chosen.out)
        for number in numbers
        if not (chosen.out / f"{chosen.kind}_{number:04d}.npz").is_file()
    ]
    start = time.monotonic()
    # The renderer keeps every texture it has drawn; a fresh process now and then gives them back.
    with multiprocessing.get_context("spawn").Pool(chosen.workers, maxtasksperchild=4) as pool:
        for done, (number, took) in enumerate(pool.imap_unordered(_job, tasks), 1):
            left = (time.monotonic() - start) / done * (len(tasks) - done) / 60.0
            print(
                f"{number:04d}: {took:.0f} s; {done}/{len(tasks)}, {left:.0f} min left", flush=True
            )


if __name__ == "__main__":
    main()
