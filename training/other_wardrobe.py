"""Draws the other look's clothes and cuts them: joggers, shorts, skirts, shirts, hoodies, jackets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.bodies import Body, Sex
from training.other_cuts import (
    ARMS,
    LEGS,
    TRUNK,
    Cut,
    Places,
    boxy,
    lengthened,
    lowest_rim,
    opened,
    region,
    tight,
)
from training.other_parts import Colour, Material
from training.rotations import Array

BOTTOMS = ("joggers", "board shorts", "running shorts", "skirt", "capri tights")
TOPS = ("cropped top", "polo", "untucked shirt", "hoodie", "tank top", "open jacket")
PATTERNS = ("plain", "plain", "stripes", "pinstripes", "checks", "dots", "camouflage", "heather")
#: Hem of each top in trunk lengths above the hip joint, sleeve in upper arms, ease in metres.
TOP_CUTS = {
    "cropped top": (0.27, 0.25, 0.008),
    "polo": (0.02, 0.7, 0.014),
    "untucked shirt": (-0.16, 1.85, 0.02),
    "hoodie": (-0.04, 1.85, 0.028),
    "tank top": (0.06, 0.0, 0.008),
    "open jacket": (-0.02, 1.9, 0.026),
}
#: End of each bottom in thigh and shank lengths, ease in metres.
BOTTOM_CUTS = {
    "joggers": (1.9, 0.024),
    "board shorts": (0.9, 0.03),
    "running shorts": (0.38, 0.018),
    "skirt": (0.6, 0.014),
    "capri tights": (1.45, 0.004),
}


@dataclass(frozen=True)
class Outfit:
    """What one person wears and looks like.

    The names are those of `training.appearance.Look` where the tables need them; `hem` is where
    the top ends, in trunk lengths above the hip joint.
    """

    skin: Colour
    hair: Colour
    hair_style: str
    bottom: str
    bottom_cloth: Material
    top: str
    top_cloth: Material
    under_cloth: Material
    hem: float
    shoe: Colour
    sole: Colour
    loose: float

    thigh_band: Colour | None = None

    @property
    def shirt_hem(self) -> float:
        """Where the top ends."""
        return self.hem


def _colour(rng: np.random.Generator, low: float = 0.03, high: float = 0.95) -> Colour:
    """Any colour, half of them greyish."""
    base = rng.uniform(low, high, 3)
    mixed = base.mean() + (base - base.mean()) * float(rng.uniform(0.1, 1.0))
    return float(mixed[0]), float(mixed[1]), float(mixed[2])


def _skin(rng: np.random.Generator) -> Colour:
    """Skin from melanin and blood: lightness first, then warmth."""
    light = float(rng.uniform(0.12, 0.9))
    red = 0.30 + 0.62 * light
    green = red * (0.60 + 0.22 * light + float(rng.normal(0.0, 0.02)))
    return red, green, green * (0.66 + 0.22 * light + float(rng.normal(0.0, 0.03)))


def _cloth(rng: np.random.Generator) -> Material:
    """Draw one cloth: weave, pattern, sheen."""
    return Material(
        colour=_colour(rng),
        second=_colour(rng),
        pattern=str(rng.choice(PATTERNS)),
        size_m=float(rng.uniform(0.02, 0.09)),
        roughness=float(rng.uniform(0.5, 0.95)),
        mottle=float(rng.uniform(0.03, 0.2)),
        bump=float(rng.uniform(0.1, 0.5)),
        grain_m=float(rng.uniform(0.004, 0.02)),
        sheen=float(rng.uniform(0.0, 0.5)),
    )


def draw_outfit(seed: int, sex: Sex) -> Outfit:
    """Draw clothes, hair and colours."""
    rng = np.random.default_rng([seed, 211])
    bottom = str(rng.choice(BOTTOMS, p=(0.3, 0.22, 0.15, 0.18 if sex == "female" else 0.0, 0.15 if sex == "female" else 0.33)))  # fmt: skip
    top = str(rng.choice(TOPS, p=(0.08, 0.2, 0.24, 0.16, 0.12, 0.2)))
    styles = ("short", "bun", "ponytail", "long") if sex == "female" else ("short", "curly", "bald")
    grey = float(rng.uniform(0.0, 0.9)) ** 3
    brown = np.array([0.16, 0.09, 0.05]) * float(rng.uniform(0.3, 3.4))
    hair = (1.0 - grey) * brown + grey * np.array([0.7, 0.69, 0.66])
    return Outfit(
        skin=_skin(rng),
        hair=(float(hair[0]), float(hair[1]), float(hair[2])),
        hair_style=str(rng.choice(styles)),
        bottom=bottom,
        bottom_cloth=_cloth(rng),
        top=top,
        top_cloth=_cloth(rng),
        under_cloth=_cloth(rng),
        hem=TOP_CUTS[top][0] + float(rng.normal(0.0, 0.03)),
        shoe=_colour(rng),
        sole=_colour(rng, 0.5, 0.98),
        loose=float(rng.uniform(0.6, 1.5)),
    )


def cut_bottom(places: Places, outfit: Outfit) -> Cut:
    """Trousers, shorts or a skirt, held by a waistband."""
    end, ease = BOTTOM_CUTS[outfit.bottom]
    ease *= outfit.loose
    if outfit.bottom == "skirt":
        return _skirt(places, outfit, ease)
    where = places.on(LEGS) & (places.leg < end) & (places.trunk < 0.22)
    width = ease * np.interp(places.leg, [0.0, 0.5, 1.6, 1.9], [0.5, 1.0, 1.1, 0.5])
    off = np.where(places.trunk > 0.12, 0.006, 0.004 + width)
    cut = region(places, where, off)
    if outfit.bottom.endswith("shorts"):
        for side in "LR":
            hem_z = places.height_on_leg(end + 0.05)
            cut = lengthened(cut, lowest_rim(cut, side), hem_z, 0.5, places.body)
    return tight(cut, _waistband(places, cut) + _cuffs(outfit, places, cut, end))


def _waistband(places: Places, cut: Cut) -> Array:
    """Held (V,) at the waist."""
    return np.clip((places.trunk[cut.carrier] - 0.12) / 0.04, 0.0, 1.0)


def _cuffs(outfit: Outfit, places: Places, cut: Cut, end: float) -> Array:
    """Held (V,) at the ankle, or everywhere in tights."""
    if outfit.bottom == "capri tights":
        return np.full(len(cut.carrier), 0.9)
    if outfit.bottom != "joggers":
        return np.zeros(len(cut.carrier))
    return np.clip((places.leg[cut.carrier] - end + 0.1) / 0.04, 0.0, 1.0)


def _skirt(places: Places, outfit: Outfit, ease: float) -> Cut:
    """Band round the hips with a flaring tube below."""
    where = places.on(LEGS) & (places.trunk < 0.22) & (places.trunk > 0.03)
    cut = region(places, where, np.where(places.trunk > 0.12, 0.006, 0.006 + 0.5 * ease))
    hem_z = places.height_on_leg(BOTTOM_CUTS["skirt"][0] * outfit.loose**0.5)
    cut = lengthened(cut, lowest_rim(cut), hem_z, 0.7, places.body)
    held = _waistband(places, cut) * (cut.cloth.rest[:, 2] > places.height_of(0.1))
    return tight(cut, held)


def cut_top(places: Places, outfit: Outfit) -> Cut:
    """Return the outer top: it hangs from the shoulders over the hip."""
    _, sleeve, ease = TOP_CUTS[outfit.top]
    cut = _shirt(places, (outfit.hem, sleeve, ease * outfit.loose))
    return opened(cut, 0.05) if outfit.top == "open jacket" else cut


def cut_under(places: Places) -> Cut:
    """Return a thin T-shirt, worn under an open jacket."""
    return _shirt(places, (0.1, 0.5, 0.005))


def _shirt(places: Places, size: tuple[float, float, float]) -> Cut:
    """Shirt of (hem, sleeve, ease); hem and ease in the units of `TOP_CUTS`."""
    hem, sleeve, ease = size
    chest = places.on((*TRUNK, "neck")) & (places.trunk > max(hem, 0.06)) & (places.trunk < 1.16)
    arms = places.on(ARMS[:2]) & (places.arm < sleeve)
    wide = np.interp(places.trunk, [0.5, 0.9, 1.0], [1.0, 0.6, 0.25])
    off = np.where(places.on(ARMS), 0.8 * ease, 0.003 + ease * wide)
    cut = region(places, chest | arms, off)
    cut = boxy(cut, min(ease / 0.02, 1.0), places.height_of(0.62))
    if hem < 0.3:
        cut = lengthened(cut, lowest_rim(cut), places.height_of(hem) - 0.02, 0.15, places.body)
    high = places.trunk[cut.carrier]
    return tight(cut, np.clip((high - 0.95) / 0.08, 0.0, 1.0) * ~cut.cloth.on_arm)


def covered(body: Body, places: Places, outfit: Outfit) -> Array:
    """Skin vertices (V,) that no pose can bring to light: they need not be drawn."""
    end, _ = BOTTOM_CUTS[outfit.bottom]
    low = 0.02 if outfit.bottom == "skirt" else -9.0
    bottom = places.on(LEGS) & (places.leg < end - 0.2) & (places.trunk < 0.14)
    bottom &= places.trunk > low
    sleeve = 0.5 if outfit.top == "open jacket" else TOP_CUTS[outfit.top][1]
    high = 0.95 if sleeve > 0.2 else 0.7
    chest = places.on(TRUNK) & (places.trunk > max(outfit.hem, 0.1) + 0.2) & (places.trunk < high)
    arm = places.on(ARMS[:2]) & (places.arm < sleeve - 0.25) & (places.arm > 0.15)
    return bottom | chest | arm


def dyed(cloth: Material, factor: float) -> Material:
    """Return the same cloth, darker or lighter."""
    shade = np.clip(np.asarray(cloth.colour) * factor, 0.0, 1.0)
    return replace(cloth, colour=(float(shade[0]), float(shade[1]), float(shade[2])))
