"""How much do errors grow on a look that was not in training: ``python -m training.unseen_look``.

Everybody who uses the product looks like nobody in training, so the ± of bodies that are new but
drawn alike is too small. Each look in turn is left out of training: clothes, skin, sex, the view
from behind, one of the three pose models that looked. What is left trains and calibrates small
networks, and their errors on the look that was left out, in their own ±, tell by how much the ±
would have to grow. The set of another renderer has no part in this: it tests what comes of it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from glutecam.core.pelvis_net import PelvisNet
from training.examples import KINDS, LANDMARKS, Examples, joined, load
from training.films import Film, films
from training.fit_pelvis import (
    DEFAULT_VARIANT,
    VARIANTS,
    Plan,
    Ruler,
    assembled,
    calibrated,
    fit_one,
    peak_errors,
)
from training.rotations import Array

Mask = NDArray[np.bool_]
#: Networks that are trained a dozen times learn shorter; their ± is their own all the same.
SHORT = Plan(epochs=30)
Z90 = 1.6449
#: Fewer say nothing about the tenth that lies outside.
FEWEST = 40


@dataclass(frozen=True)
class Look:
    """What is left out: some of the pictures of the default pose model, or all of one pose model."""

    name: str
    shows: Callable[[dict[str, NDArray[np.generic]]], Mask] | None = None
    seen_by: str = DEFAULT_VARIANT

    def of(self, truth: dict[str, NDArray[np.generic]]) -> Mask:
        """Which pictures (N,) have this look."""
        if self.shows is None:
            return np.ones(len(truth["body"]), dtype=bool)
        return self.shows(truth)


def _is(column: str, value: str) -> Callable[[dict[str, NDArray[np.generic]]], Mask]:
    return lambda truth: np.asarray(truth[column] == value)


def _loose(truth: dict[str, NDArray[np.generic]]) -> Mask:
    wide = np.isin(truth["bottom"], ("trousers", "loose shorts")) | (
        truth["top"] == "loose t-shirt"
    )
    return np.asarray(wide | ((truth["hem"] < -0.05) & (truth["top"] != "none")))


LOOKS = (
    Look("seen from behind", _is("view", "back")),
    Look("seen by lite", seen_by="lite"),
    Look("seen by heavy", seen_by="heavy"),
    Look("seen by full", seen_by="full"),
    Look("seen from the front", _is("view", "front")),
    Look("any loose garment", _loose),
    Look("tight clothes only", lambda truth: ~_loose(truth)),
    Look("no shirt", _is("top", "none")),
    Look("dark skin", lambda truth: np.asarray(truth["skin"].astype(float) < 0.35)),
    Look("men", _is("sex", "male")),
)


@dataclass(frozen=True)
class Growth:
    """Errors in units of the ± that was stated: of pictures (N,) and of peaks of repetitions (R,)."""

    look: str
    pictures: Array
    peaks: Array

    def row(self) -> dict[str, object]:
        """Return how many, how many within the ±, and the factor that would hold nine of ten."""
        found: dict[str, object] = {"left out": self.look}
        for name, sizes in (("pictures", self.pictures), ("peaks", self.peaks)):
            found[name] = len(sizes)
            if len(sizes) >= FEWEST:
                found[f"{name} inside 90 %"] = round(float(np.mean(sizes <= 1.0)), 3)
                found[f"{name} need the ± times"] = round(float(np.quantile(sizes, 0.9)), 3)
        return found


def _without(every: dict[str, Examples], clips: dict[str, list[Film]], look: Look) -> PelvisNet:
    """Train and calibrate on everything but this look; bodies kept for the test stay out of it."""
    variants = [DEFAULT_VARIANT]
    if look.shows is None:
        variants = [variant for variant in VARIANTS if variant != look.seen_by]
    rest = {
        variant: every[variant].where(~(look.of(every[variant].truth) & (look.shows is not None)))
        for variant in variants
    }
    known = joined([part.where(~part.held_out & ~part.for_calibration) for part in rest.values()])
    ruler = Ruler.of(known.shape, SHORT.amplify)
    networks = range(SHORT.networks)
    members = [fit_one(known.shape, known.target_deg, ruler, SHORT, seed) for seed in networks]
    sets_it = rest[variants[0]]
    alike = [film for film in clips[variants[0]] if not _shown(look, film)]
    bare = assembled(members, ruler)
    return calibrated(bare, sets_it.where(sets_it.for_calibration), alike, SHORT)


def _shown(look: Look, film: Film) -> bool:
    """Whether a clip has a look that is told by its truth."""
    return look.shows is not None and bool(look.shows(film.truth)[0])


def growth(every: dict[str, Examples], clips: dict[str, list[Film]], look: Look) -> Growth:
    """Return the errors on a look that was left out, in units of the ± stated."""
    net = _without(every, clips, look)
    test = every[look.seen_by]
    test = test.where(test.held_out & look.of(test.truth))
    angle, sd, _ = net.estimate(test.shape)
    new = [film for film in clips[look.seen_by] if look.shows is None or _shown(look, film)]
    error, deviation = peak_errors(net, new) if new else (np.zeros(0), np.zeros(0))
    return Growth(
        look.name,
        np.abs(angle - test.target_deg) / (Z90 * sd),
        np.abs(error) / (Z90 * deviation * net.change_factor),
    )


def measured(looks: Sequence[Look] = LOOKS, folder: Path = LANDMARKS) -> list[dict[str, object]]:
    """Leave out each look in turn; a line is printed as soon as it is known."""
    every = {variant: load(KINDS, variant, folder) for variant in VARIANTS}
    clips = {variant: films(variant, folder) for variant in VARIANTS}
    rows = []
    for look in looks:
        rows.append(growth(every, clips, look).row())
        print(json.dumps(rows[-1]), flush=True)
    return rows


def main() -> None:
    """Read the command line and leave out one look after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landmarks", type=Path, default=LANDMARKS)
    parser.add_argument("--only", choices=[look.name for look in LOOKS], action="append")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    measured(
        [look for look in LOOKS if not chosen.only or look.name in chosen.only], chosen.landmarks
    )


if __name__ == "__main__":
    main()
