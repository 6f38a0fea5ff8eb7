"""Draws what a person looks like, as widely as the pelvis model must cope with."""

from __future__ import annotations

import numpy as np

from training.appearance import (
    AT_THE_HIP,
    BOTTOMS,
    CLOTHS,
    HAIRS,
    SKINS,
    TOPS,
    TUCKED,
    Colour,
    Look,
)
from training.bodies import LOCAL_CHANGES, BodySpec, Sex
from training.rotations import Array

#: A shirt that hangs over the hips ends this far below the hip joint, in trunk lengths.
OVER_THE_HIPS = -0.14
HEMS = (TUCKED, AT_THE_HIP, OVER_THE_HIPS)


def draw_body(seed: int) -> BodySpec:
    """Draw an adult from a wider range than the sample clips show: slight to heavy, 150-200 cm."""
    rng = np.random.default_rng([seed, 101])
    sex: Sex = "female" if rng.random() < 0.5 else "male"
    origin = rng.dirichlet([0.6, 0.6, 0.6])
    phenotype = {
        "gender": float(rng.uniform(0.8, 1.0) if sex == "female" else rng.uniform(0.0, 0.2)),
        "age": float(rng.uniform(0.6, 0.97)),
        "muscle": float(rng.uniform(0.2, 0.9)),
        "weight": float(rng.uniform(0.15, 0.95)),
        "height": float(rng.uniform(0.25, 0.8)),
        "proportions": float(rng.uniform(0.2, 0.95)),
        "cupsize": float(rng.uniform(0.1, 0.9)),
        "firmness": float(rng.uniform(0.2, 0.9)),
        **dict(zip(("african", "asian", "caucasian"), map(float, origin), strict=True)),
    }
    local = {name: float(np.clip(rng.normal(0.0, 0.35), -0.9, 0.9)) for name in LOCAL_CHANGES}
    return BodySpec(seed, sex, phenotype, local)


def _colour(rng: np.random.Generator) -> Colour:
    """Cloth of any colour; half of it dark or plain, as sports clothes are."""
    if rng.random() < 0.5:
        base = np.asarray(CLOTHS[rng.integers(len(CLOTHS))])
    else:
        base = rng.uniform(0.03, 0.95, 3)
    return triple(np.clip(base * rng.uniform(0.6, 1.2), 0.02, 0.97))


def triple(colour: Array) -> Colour:
    """Plain floats, as `Look` holds them."""
    return float(colour[0]), float(colour[1]), float(colour[2])


def _skin(rng: np.random.Generator) -> Colour:
    """Between two neighbouring skin tones."""
    tone = rng.uniform(0, len(SKINS) - 1.001)
    low, share = int(tone), tone - int(tone)
    mixed = (1 - share) * np.asarray(SKINS[low]) + share * np.asarray(SKINS[low + 1])
    return triple(np.clip(mixed * rng.uniform(0.9, 1.06), 0.05, 0.97))


def draw_look(seed: int, sex: Sex) -> Look:
    """Draw clothes and colours: tight to loose, shirt tucked, at the hip, over it, or none."""
    rng = np.random.default_rng([seed, 103])
    bare = rng.random() < (0.25 if sex == "male" else 0.04)
    # One in eight wears one colour from shoulder to knee: there the waist cannot be seen.
    bottom = _colour(rng)
    top = bottom if rng.random() < 0.12 else _colour(rng)
    return Look(
        skin=_skin(rng),
        hair=HAIRS[rng.integers(len(HAIRS))],
        bottom=str(rng.choice(list(BOTTOMS))),
        bottom_colour=bottom,
        top="none" if bare else str(rng.choice(list(TOPS))),
        top_colour=top,
        shoe_colour=_skin(rng) if rng.random() < 0.2 else _colour(rng),
        long_hair=bool(rng.random() < (0.7 if sex == "female" else 0.08)),
        hem=float(rng.choice(HEMS, p=(0.35, 0.35, 0.3))) + float(rng.normal(0.0, 0.02)),
        thigh_band=_colour(rng) if rng.random() < 0.12 else None,
    )
