"""Words that both the live picture and the written records use, each worded once.

Two vocabularies. The *coach* speaks to whoever exercises: what is seen and what to do, never what
somebody has. The *clinician* gets measurements, limits and the published sheet; what they mean for
a person is for the clinician to say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from glutecam.core.assessment import Band, Finding, Pattern, Side, Verdict
from glutecam.core.filled_sheet import Sheet

__all__ = [
    "BAND_OF",
    "BAND_SIGNS",
    "BAND_WORDS",
    "EVIDENCE_TAGS",
    "INTENDED_USE",
    "INTENDED_USE_WHOLE",
    "PATTERN_WORDS",
    "PELVIC_DROP_MEANS",
    "PLUS_MINUS_MEANS",
    "TESTED_ON",
    "Audience",
    "Vocabulary",
    "capital",
    "clock",
    "close_unit",
    "differ",
    "first_sentence",
    "in_a_row",
    "may_be_in_words",
    "more_in_words",
    "other_side",
    "plus_minus",
    "reduced_accuracy_of",
    "repetitions",
    "scales_in_words",
    "typical_in_words",
    "vocabulary",
]

INTENDED_USE_WHOLE = Path(__file__).with_name("intended_use.md").read_text(encoding="utf-8").strip()
"""What it is for, for whom, and what it is not: paragraphs, worded in that one file."""

INTENDED_USE = INTENDED_USE_WHOLE.split("\n", 1)[0]
"""The first paragraph, which stands wherever a result is shown."""

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
    Band.NO_FAULT: "○",
    Band.WATCH: "!",
    Band.FAULT: "✕",
    Band.INCONCLUSIVE: "?",
}
"""A sign for each band, so that no meaning hangs on a colour alone."""

BAND_OF: Mapping[Verdict, Band] = {
    Verdict.FINE: Band.NO_FAULT,
    Verdict.FAULT: Band.FAULT,
    Verdict.INCONCLUSIVE: Band.INCONCLUSIVE,
}
"""Whose sign, colour and word a verdict has, wherever one is shown; what was refused has none.

Nothing in a fine set is a fault. That each of its repetitions is good would say more than that.
"""

_DECIDED = (Band.OK, Band.WATCH, Band.FAULT)

BAND_WORDS: Mapping[Band, str] = {
    Band.OK: "good",
    Band.NO_FAULT: "no fault",
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


class Audience(str, Enum):
    """To whom a result is shown."""

    COACH = "coach"
    CLINICIAN = "clinician"


@dataclass(frozen=True)
class Vocabulary:
    """The words of one audience.

    Attributes
    ----------
    bands, patterns
        Words for each.
    either : mapping of bands to str
        Words for what is one of several bands, where "one or other" would not be understood.
    headlines : mapping of Verdict to str
        With places for ``{reps}``, such as "5 repetitions", and, after a fault, for ``{rule}`` and
        ``{count}``.
    short : mapping of Verdict to str
        The verdict without counts: for a terminal, and for a fault that no repetition shows.
    partly : str
        The headline where nothing is beyond its limit and something is left unjudged; ``{reps}`` as above.
    how_far : str
        Said of what is surely not good, while the bands beyond cannot be told apart.
    advises : bool
        Whether cues and praise are said.
    prints_sheet : bool
        Whether a published scale is shown line by line, by its clinical name.
    names : mapping of str to str
        Other labels for measures, by their names.
    """

    audience: Audience
    bands: Mapping[Band, str]
    either: Mapping[tuple[Band, ...], str]
    patterns: Mapping[Pattern, str]
    headlines: Mapping[Verdict, str]
    short: Mapping[Verdict, str]
    partly: str
    how_far: str
    advises: bool
    prints_sheet: bool
    names: Mapping[str, str]

    def verdict(self, verdict: Verdict) -> str:
        """Return a verdict in a word or two, those of the bands: for a list of many recordings."""
        band = BAND_OF.get(verdict)
        return "not assessed" if band is None else self.bands[band]

    def label(self, name: str, label: str) -> str:
        """Return what this audience calls a measure."""
        return self.names.get(name, label)


_COACH = Vocabulary(
    audience=Audience.COACH,
    bands=BAND_WORDS,
    either={},
    patterns=PATTERN_WORDS,
    headlines={
        Verdict.FINE: "Well done: nothing to correct in {reps}.",
        Verdict.FAULT: "To work on: {rule}, in {count} of {reps}.",
        Verdict.INCONCLUSIVE: "{reps} counted, but not everything could be told.",
        Verdict.NOT_ASSESSABLE: "This recording could not be assessed.",
    },
    short={
        Verdict.FINE: "Nothing to correct.",
        Verdict.FAULT: "There is something to work on.",
        Verdict.INCONCLUSIVE: "Not everything could be told: the ± is too wide.",
        Verdict.NOT_ASSESSABLE: "This recording could not be assessed.",
    },
    partly="Nothing to correct in what was judged, in {reps}.",
    how_far="by how much can't be told",
    advises=True,
    prints_sheet=False,
    names={},
)

_CLINICIAN = Vocabulary(
    audience=Audience.CLINICIAN,
    bands={
        Band.OK: "within",
        Band.NO_FAULT: "not beyond",
        Band.WATCH: "between",
        Band.FAULT: "beyond",
        Band.INCONCLUSIVE: "undecided",
    },
    either={(Band.OK, Band.WATCH): "not beyond", (Band.WATCH, Band.FAULT): "not within"},
    patterns={
        Pattern.NONE: "none",
        Pattern.UNCOMPENSATED: "uncompensated",
        Pattern.COMPENSATED: "compensated",
        Pattern.MIXED: "mixed",
        Pattern.UNDECIDED: "undecided",
    },
    headlines={
        Verdict.FINE: "Nothing beyond a limit in {reps}.",
        Verdict.FAULT: "Beyond its limit: {rule}, in {count} of {reps}.",
        Verdict.INCONCLUSIVE: "{reps} measured; at this ± not every limit can be decided.",
        Verdict.NOT_ASSESSABLE: "This recording could not be assessed.",
    },
    short={
        Verdict.FINE: "Nothing beyond a limit.",
        Verdict.FAULT: "A limit is exceeded.",
        Verdict.INCONCLUSIVE: "Not every limit can be decided at this ±.",
        Verdict.NOT_ASSESSABLE: "This recording could not be assessed.",
    },
    partly="Of what was judged nothing is beyond a limit in {reps}.",
    how_far="how far beyond cannot be decided at this ±",
    advises=False,
    prints_sheet=True,
    names={
        "pelvic_drop_deg": "contralateral pelvic drop",
        "trunk_lean_deg": "lateral trunk lean, + towards the stance side",
        "pelvic_shift_norm": "lateral pelvic shift, + beyond the stance foot",
        "fppa_deg": "frontal plane projection angle (FPPA), + medial",
    },
)


def vocabulary(audience: Audience | str = Audience.COACH) -> Vocabulary:
    """Return the words of an audience."""
    return _CLINICIAN if Audience(audience) is Audience.CLINICIAN else _COACH


def may_be_in_words(finding: Finding, words: Vocabulary) -> str:
    """Return ``watch or improve`` where a finding is inconclusive; empty where it is not.

    Empty too where every band is possible: that says no more than that nothing can be told.
    """
    return among_in_words(finding.may_be, words) if finding.band is Band.INCONCLUSIVE else ""


def among_in_words(may_be: Sequence[Band], words: Vocabulary) -> str:
    """Return ``watch or improve`` of some bands; empty where one is sure, or any is possible."""
    if not 1 < len(may_be) < len(_DECIDED):
        return ""
    known = words.either.get(tuple(may_be))
    return known or " or ".join(words.bands[band] for band in may_be)


def scales_in_words(sheets: Sequence[Sheet], words: Vocabulary) -> list[str]:
    """Return what each filled-in scale comes to, in this audience's words, without a full stop.

    A grade judges a body, so beside a total only clinicians get it.
    """
    said = []
    for sheet in sheets:
        title = sheet.title if words.prints_sheet else sheet.plain
        result = sheet.result or "measured, without a total"
        if sheet.low is not None and not words.prints_sheet:
            result = result.partition(" (")[0]
        said.append(f"{title}, {sheet.side.value} leg: {result}")
    return said


def reduced_accuracy_of(pose_model: str) -> str:
    """Return what must be said wherever results of a small pose model show."""
    return (
        f"Reduced accuracy: the pose model is {pose_model}; the ± was measured with 'full' and is "
        "too narrow for it."
    )


def in_a_row(words: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(", ".join(words).rsplit(", ", 1))


def capital(text: str) -> str:
    """Return a text as it begins a sentence; what follows the first letter stays as it is."""
    return text[:1].upper() + text[1:]


def more_in_words(side: Side | None, bands: Mapping[Band, str]) -> str:
    """Return on which side there is more; the word for undecided where the ± explains the difference."""
    return f"more on the {side.value}" if side else bands[Band.INCONCLUSIVE]


def repetitions(count: int) -> str:
    """Return ``1 repetition``, ``5 repetitions``."""
    return "1 repetition" if count == 1 else f"{count} repetitions"


def other_side(side: Side) -> Side:
    """Return the subject's other side."""
    return Side.LEFT if side is Side.RIGHT else Side.RIGHT


def clock(seconds: float) -> str:
    """Return a place in a recording as minutes and seconds, ``2:05``."""
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes}:{left:02d}"


def first_sentence(text: str) -> str:
    """Return a text as far as its first full stop that is followed by a blank and a capital."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", text.strip(), maxsplit=1)[0]


def close_unit(unit: str) -> str:
    """Return a unit that is set close to its number, ``°`` or ``%``; nothing for any other."""
    return unit if unit in ("°", "%") else ""


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
    close = close_unit(unit)
    digits = 0 if close else 2
    after = "" if close or not unit else f" {unit}"
    shown = _rounded(value, digits) + close
    if not math.isfinite(half_width) or half_width == 0.0:
        return shown + after
    return f"{shown} ± {half_width:.{digits}f}{close}{after}"


def typical_in_words(
    values: Sequence[float],
    typical: float,
    half_width: float,
    unit: str,
    half_widths: Sequence[float] = (),
) -> str:
    """Return ``6° ± 3°``; ``1° ± 2° to 12° ± 3°`` where values differ by more than their ±.

    Of two groups of repetitions none reads the median, and a value is never shown with another one's ±.

    Parameters
    ----------
    values : sequence of float
        NaN where one was not seen.
    typical, half_width : float
        Their median, and the ± of one of them.
    unit : str
    half_widths : sequence of float
        The ± of each of ``values``; without them ``half_width`` is that of all.
    """
    if not differ(values, half_width):
        return plus_minus(typical, half_width, unit)
    widths = half_widths or [half_width] * len(values)
    seen = [both for both in zip(values, widths, strict=True) if math.isfinite(both[0])]
    (low, of_low), (high, of_high) = min(seen), max(seen)
    close = close_unit(unit)
    highest = plus_minus(high, of_high, unit)
    alike = plus_minus(high, of_low, unit) == highest
    return f"{plus_minus(low, 0.0 if alike else of_low, close)} to {highest}"


def differ(values: Sequence[float], half_width: float) -> bool:
    """Return whether lowest and highest value lie further apart than the ± of both explains."""
    seen = [value for value in values if math.isfinite(value)]
    return bool(seen) and max(seen) - min(seen) > 2.0 * half_width


def _rounded(value: float, digits: int) -> str:
    """Format without a negative zero, and with a true minus sign."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")
