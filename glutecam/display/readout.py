"""Which number the live picture shows, and the words beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from glutecam.core.assessment import Band, Side, Update
from glutecam.core.measures import Measure
from glutecam.core.pelvis import PELVIC_DROP, PELVIC_LEVEL
from glutecam.core.rules import Exercise, FrameRule, Posture
from glutecam.core.wording import other_side, plus_minus

__all__ = ["Readout", "band_of", "readout"]

_SIDEWAYS = (PELVIC_DROP, PELVIC_LEVEL)
"""+ = the other side than the worked one is lower."""
_WORST_FIRST = (Band.FAULT, Band.INCONCLUSIVE, Band.WATCH, Band.NO_FAULT, Band.OK)


@dataclass(frozen=True)
class Readout:
    """One number for people.

    Attributes
    ----------
    heading : str
        What it is, and in which direction.
    number : str
        ``3° ± 12°``.
    band : Band or None
        None where the frame has none.
    half_width : float
        Of the 90 % interval, in the measure's unit.
    detail : str
        A second number in small, or nothing.
    footnote : str
        What ± means.
    drop_deg : float
        By how much the pelvis is drawn lower on the other side than the worked one; NaN where the
        number is another one.
    """

    heading: str
    number: str
    band: Band | None
    half_width: float
    detail: str = ""
    footnote: str = "± : 9 times out of 10 within this"
    drop_deg: float = math.nan


def band_of(exercise: Exercise, update: Update, measure: Measure) -> Band | None:
    """Return the worst band now of the rules that read this measure; None without one."""
    codes = {rule.code for rule in exercise.rules if measure in rule.needs} | {measure.name}
    found = {band for code, band in update.bands.items() if code in codes}
    return next((band for band in _WORST_FIRST if band in found), None)


def readout(exercise: Exercise, update: Update) -> Readout | None:
    """Return the number to show now; None where the exercise's main measure has none."""
    measure = _main_measure(exercise)
    value, half_width = update.values.get(measure.name, (math.nan, math.nan))
    if not math.isfinite(value):
        return None
    half_width *= _share(exercise, measure)
    heading, shown = _in_words(measure, value, half_width, update.side)
    band = band_of(exercise, update, measure)
    number = plus_minus(shown, half_width, measure.unit)
    drop_deg = value if measure in _SIDEWAYS else math.nan
    return Readout(heading, number, band, half_width, _detail(exercise, update), drop_deg=drop_deg)


def _share(exercise: Exercise, measure: Measure) -> float:
    """Return the rule's share of the measure's ±: the ± by which band and repetition are judged."""
    rules = (rule for rule in exercise.rules if isinstance(rule, FrameRule))
    return next((rule.share for rule in rules if rule.measure.name == measure.name), 1.0)


def _detail(exercise: Exercise, update: Update) -> str:
    """Return how far the movement goes, where lying hides it from the eye of the one who moves."""
    if exercise.posture is Posture.STANDING:
        return ""
    measure = exercise.cycle.measure
    if measure is _main_measure(exercise):
        return ""
    value, half_width = update.values.get(measure.name, (math.nan, math.nan))
    return f"{measure.label}: {plus_minus(value, half_width, measure.unit)}"


def _main_measure(exercise: Exercise) -> Measure:
    """Return the pelvis where it is judged, else what repetitions are counted by."""
    pelvis = [m for m in _SIDEWAYS if m in exercise.measures]
    return pelvis[0] if pelvis else exercise.measures[0]


def _in_words(
    measure: Measure, value: float, half_width: float, side: Side | None
) -> tuple[str, float]:
    """Return the heading with the direction in words, and the number that goes with it."""
    if measure in _SIDEWAYS and side is not None:
        lower = other_side(side) if value > 0 else side
        return f"pelvis: {_hedged(f'{lower.value} side', 'lower', value, half_width)}", abs(value)
    return measure.label, value


def _hedged(what: str, way: str, value: float, half_width: float) -> str:
    """Say ``perhaps`` where the ± reaches over zero, and ``level`` where nothing is left."""
    if round(abs(value)) == 0:
        return "about level"
    doubt = "perhaps" if abs(value) < half_width else ""
    return " ".join(word for word in (what, doubt, way) if word)
