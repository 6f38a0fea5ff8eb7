"""Drawings as SVG: whole, small, readable in light and in dark, and said in words too."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from glutecam import exercises
from glutecam.core.drawing import Drawing, Figure
from glutecam.records.sketch import ACCENT, sketch

SVG = "{http://www.w3.org/2000/svg}"
FIGURE = Figure(head=(50, 12), trunk=((50, 20), (50, 50)), legs=(((50, 50), (50, 92)),))
DRAWN = Drawing(FIGURE, FIGURE, 'A "person" & a <step>.', arrows=(((80, 60), (80, 80)),))


def tree(svg: str) -> ET.Element:
    return ET.fromstring(svg)


@pytest.mark.parametrize("exercise", exercises.all_exercises(), ids=lambda e: e.name)
def test_it_is_one_small_image_with_words_for_it(exercise):
    svg = sketch(exercise.drawing)
    root = tree(svg)
    assert root.tag == f"{SVG}svg" and root.get("role") == "img"
    assert root.get("aria-label") == root.find(f"{SVG}title").text == exercise.drawing.says
    assert len(svg) < 6000 and "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert len(root.findall(f".//{SVG}circle")) == 2


def test_words_cannot_break_out_of_it():
    root = tree(sketch(DRAWN))
    assert root.find(f"{SVG}title").text == DRAWN.says


def test_nothing_is_cut_off_and_no_room_is_left_above():
    _, top, width, height = map(float, tree(sketch(DRAWN)).get("viewBox").split())
    assert 0 < 12 - 5.5 - top < 6
    assert top + height == 100 and width == 216


def test_an_arrow_points_where_it_ends():
    tips = [p.get("points") for p in tree(sketch(DRAWN)).iter(f"{SVG}polyline")]
    assert "77,75 80,80 83,75" in tips


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", ["#ffffff", "#0d1117"])
def test_its_colours_are_told_from_the_ground(ground):
    light, dark = sorted((luminance(ACCENT), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3.0


def test_a_file_of_its_own_brings_its_colours():
    assert "prefers-color-scheme:dark" in sketch(DRAWN, alone=True)
    assert "<style>" not in sketch(DRAWN)
    assert re.search(r'stroke="currentColor"', sketch(DRAWN))
