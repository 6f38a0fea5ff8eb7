"""Lengths and weights in other units: texts change, nothing that judges does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from glutecam import exercises
from glutecam.core.units import converted, in_units


@pytest.mark.parametrize(
    ("metric", "imperial"),
    [
        ("a step of 10, then 15, then 20 cm", "a step of 4, then 6, then 8 in"),
        ("Kamera niedrig, 2,5 bis 3 m entfernt", "Kamera niedrig, 8 bis 10 ft entfernt"),
        ("about 5 and 12 cm, are ours", "about 2 and 5 in, are ours"),
        ("2.5 kg, red band", "5.51 lb, red band"),
        ("hold 30 s at 60°, 24 frames", "hold 30 s at 60°, 24 frames"),
        ("1 machine, 3 mats", "1 machine, 3 mats"),
    ],
)
def test_lengths_and_weights_are_converted_and_nothing_else(metric, imperial):
    assert converted(metric, "imperial") == imperial
    assert converted(metric, "metric") == metric


@pytest.mark.parametrize("exercise", exercises.all_exercises(), ids=lambda e: e.name)
def test_only_the_texts_of_an_exercise_change(exercise):
    other = in_units(exercise, "imperial")
    assert in_units(exercise, "metric") is exercise
    words = f"{other.summary} {other.setup} {other.dosage} {other.cannot_see}"
    assert " cm" not in words and " m " not in words
    if " m " in exercise.setup:
        assert " ft" in other.setup
    for changed, rule in zip(other.all_rules, exercise.all_rules, strict=True):
        assert replace(changed, why=rule.why, evidence=rule.evidence) == rule


def test_units_that_are_none_are_an_error():
    with pytest.raises(ValueError, match="furlongs"):
        converted("3 m", "furlongs")
