"""Colours of the bands in pages, charts and drawn pictures: one set each, readable, and told apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

import glutecam
from glutecam.core.assessment import Band
from glutecam.core.poses import FloatArray
from glutecam.display.panels import BAND_COLOURS, INK
from glutecam.records.plot import PALETTE

UNTOLD = Band.INCONCLUSIVE
BANDS = [band.value for band in Band]
STATIC = Path(glutecam.__file__).parent / "web" / "static"

EYES = {
    "most people": np.eye(3),
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""What eyes see of linear RGB: Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113."""

CLEARLY = 0.07
"""In OKLab; a difference of 0.02 is just seen where two areas touch."""


def linear(colour: str) -> FloatArray:
    """Return a colour such as #1f4fa3 as linear RGB."""
    share = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2.2."""
    bright = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def perceived(colour: FloatArray) -> FloatArray:
    """Return linear RGB in OKLab, in which equal distances look equal."""
    cones = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]]
    lab = [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
    return np.array(lab) @ np.cbrt(np.array(cones) @ np.clip(colour, 0, 1))


def as_hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


DRAWN = {band.value: as_hex(colour) for band, colour in BAND_COLOURS.items()}
SETS = {
    "light page": {band: PALETTE[band][0] for band in BANDS},
    "dark page": {band: PALETTE[band][1] for band in BANDS},
    "drawn": DRAWN,
}


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("colours", SETS.values(), ids=list(SETS))
def test_what_could_not_be_told_is_far_from_every_other_band(
    colours: Mapping[str, str], eyes: str
) -> None:
    seen = {band: perceived(np.array(EYES[eyes]) @ linear(colours[band])) for band in BANDS}
    away = {
        band: float(np.linalg.norm(seen[band] - seen[UNTOLD.value]))
        for band in BANDS
        if band != UNTOLD.value
    }
    assert min(away.values()) >= CLEARLY, away


@pytest.mark.parametrize("at", [0, 1], ids=["light", "dark"])
def test_words_in_the_colour_of_a_band_can_be_read_on_every_ground(at: int) -> None:
    read = {
        (band, ground): contrast(PALETTE[band][at], PALETTE[ground][at])
        for band in BANDS
        for ground in ("card", "page", f"{band}-tint")
    }
    assert min(read.values()) >= 4.5, read


def test_a_sign_can_be_read_on_the_colour_of_its_band() -> None:
    read = {band: contrast(colour, as_hex(INK)) for band, colour in DRAWN.items()}
    assert min(read.values()) >= 4.5, read


def test_the_local_page_has_the_colours_of_the_report() -> None:
    style = (STATIC / "app.css").read_text(encoding="utf-8")
    roles = [*BANDS, *(f"{band}-tint" for band in BANDS)]
    # Light, dark because the system is, dark because it was chosen.
    for role in roles:
        light, dark = PALETTE[role]
        assert re.findall(rf"--{role}: (#\w+);", style) == [light, dark, dark], role


def test_the_local_page_draws_in_the_colours_of_the_desktop() -> None:
    script = (STATIC / "draw.js").read_text(encoding="utf-8")
    listed = re.search(r"COLOURS = \{(.*?)\};", script)
    assert listed is not None
    assert dict(re.findall(r'"?([\w-]+)"?: "(#\w+)"', listed[1])) == DRAWN
