"""Lengths and weights in the words people use at home; angles stay degrees everywhere.

The core measures no length in metres: what is shown in centimetres, metres or kilograms are texts (how far
away the camera stands, how high a step is) and the load that somebody wrote down. They are worded
once, in metric units, and converted where they are shown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum
from typing import TypeVar

from glutecam.core.rules import Exercise, Rule

__all__ = ["KG_PER_LB", "Units", "converted", "in_units"]

KG_PER_LB = 0.45359237
"""The international pound."""

_AnyRule = TypeVar("_AnyRule", bound=Rule)


class Units(str, Enum):
    """Of lengths and weights."""

    METRIC = "metric"
    IMPERIAL = "imperial"


_NUMBER = r"\d+(?:[.,]\d+)?"
_BETWEEN = r"(?:, then |, | to | and | or | bis | und | oder )"
_LENGTHS = re.compile(rf"\b({_NUMBER}(?:{_BETWEEN}{_NUMBER})*) (cm|m|kg)\b")
_TO = {"cm": (1 / 2.54, "in"), "m": (1 / 0.3048, "ft"), "kg": (1 / KG_PER_LB, "lb")}


def converted(text: str, units: Units | str) -> str:
    """Return a text with its lengths and weights in these units, lengths as whole numbers.

    Examples
    --------
    >>> converted("2.5 to 3 m away, a step of 10, then 20 cm", "imperial")
    '8 to 10 ft away, a step of 4, then 8 in'
    """
    if Units(units) is Units.METRIC:
        return text
    return _LENGTHS.sub(_imperial, text)


def _imperial(found: re.Match[str]) -> str:
    factor, unit = _TO[found[2]]

    def whole(number: re.Match[str]) -> str:
        value = float(number[0].replace(",", ".")) * factor
        return f"{value:.3g}" if unit == "lb" else f"{value:.0f}"

    return f"{re.sub(_NUMBER, whole, found[1])} {unit}"


def in_units(exercise: Exercise, units: Units | str) -> Exercise:
    """Return the exercise with its texts in these units; no number that judges is changed."""
    if Units(units) is Units.METRIC:
        return exercise
    dosage = exercise.dosage
    if dosage is not None:
        dosage = replace(dosage, load=converted(dosage.load, units))
    return replace(
        exercise,
        summary=converted(exercise.summary, units),
        setup=converted(exercise.setup, units),
        cannot_see=converted(exercise.cannot_see, units),
        unjudged=converted(exercise.unjudged, units),
        dosage=dosage,
        rules=tuple(_worded(rule, units) for rule in exercise.rules),
        of_set=tuple(_worded(rule, units) for rule in exercise.of_set),
        noted=tuple(_worded(rule, units) for rule in exercise.noted),
    )


def _worded(rule: _AnyRule, units: Units | str) -> _AnyRule:
    why, evidence = (converted(text, units) for text in (rule.why, rule.evidence))
    return replace(rule, why=why, evidence=evidence)
