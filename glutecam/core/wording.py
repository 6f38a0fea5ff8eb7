"""Words that both the live picture and the written records use, each worded once.

Coach language: what is seen and what to do, never what somebody has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from glutecam.core.assessment import Band, Pattern, Side

__all__ = [
    "BAND_SIGNS",
    "BAND_WORDS",
    "EVIDENCE_TAGS",
    "INTENDED_USE",
    "PATTERN_WORDS",
    "PELVIC_DROP_MEANS",
    "PLUS_MINUS_MEANS",
    "TESTED_ON",
    "other_side",
    "plus_minus",
]

INTENDED_USE = (
    "Movement measurement and exercise feedback. Not a diagnosis, not a substitute for a "
    "clinician. Angles are estimates from one camera. Stop if pain is sharp or sudden."
)

PLUS_MINUS_MEANS = (
    "± is the half-width of the 90 % interval: it is meant to hold the true value in nine cases "
    "out of ten."
)

TESTED_ON = (
    "The ± comes from computer-made people whose true posture is known, not yet from a group of "
    "filmed people; those of tempo, of the weight over the standing foot and of femoral and hip "
    "adduction are assumed."
)

EVIDENCE_TAGS = "[P] = our own proposal; [F n], [S]: sources listed in docs/evidence.md."

PELVIC_DROP_MEANS = "Pelvic drop: the free-leg side of the pelvis sinks."

BAND_SIGNS: Mapping[Band, str] = {
    Band.OK: "✓",
    Band.WATCH: "!",
    Band.FAULT: "✕",
    Band.INCONCLUSIVE: "?",
}
"""A sign for each band, so that no meaning hangs on a colour alone."""

BAND_WORDS: Mapping[Band, str] = {
    Band.OK: "good",
    Band.WATCH: "watch",
    Band.FAULT: "improve",
    Band.INCONCLUSIVE: "can't tell",
}

PATTERN_WORDS: Mapping[Pattern, str] = {
    Pattern.NONE: "steady",
    Pattern.UNCOMPENSATED: "pelvis sinks",
    Pattern.COMPENSATED: "trunk leans instead",
    Pattern.MIXED: "sinks and leans",
    Pattern.UNDECIDED: "can't tell",
}


def other_side(side: Side) -> Side:
    """Return the subject's other side."""
    return Side.LEFT if side is Side.RIGHT else Side.RIGHT


def plus_minus(value: float, half_width: float, unit: str) -> str:
    """Return ``3° ± 12°``, ``0.21 ± 0.05 hip widths``, or ``not seen`` where there is no value.

    Parameters
    ----------
    value, half_width : float
        In ``unit``; the interval holds 90 %. A ``half_width`` that is not known is left out.
    unit : str
        ``"°"`` is set close and repeated; other units follow once.
    """
    if not math.isfinite(value):
        return "not seen"
    digits = 0 if unit in ("°", "%") else 2
    close = unit if unit in ("°", "%") else ""
    after = "" if close or not unit else f" {unit}"
    shown = _rounded(value, digits) + close
    if not math.isfinite(half_width) or half_width == 0.0:
        return shown + after
    return f"{shown} ± {half_width:.{digits}f}{close}{after}"


def _rounded(value: float, digits: int) -> str:
    """Format without a negative zero, and with a true minus sign."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")
