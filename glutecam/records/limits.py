"""Where good ends and a fault begins: the edges of a rule, as numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from glutecam.core.assessment import Band
from glutecam.core.rules import FrameRule, Rule
from glutecam.core.scoring import bands_of
from glutecam.core.wording import BAND_WORDS, close_unit

__all__ = ["EDGE_WORDS", "Edge", "edges_of", "limits_in_words", "reach_in_words"]

EDGE_WORDS = {Band.OK: "good", Band.FAULT: "a fault"}
"""What stands beside the edges where nobody is addressed: in the docs and in ``explain``."""


@dataclass(frozen=True)
class Edge:
    """One edge of a rule.

    Attributes
    ----------
    value : float
        In the rule's unit.
    band : Band
        ``OK`` where good ends, ``FAULT`` where a fault begins.
    side : str
        ``"up to"``, ``"from"``, ``"above"`` or ``"below"``.
    unit : str
    """

    value: float
    band: Band
    side: str
    unit: str

    @property
    def is_upwards(self) -> bool:
        """True where the band lies above the edge."""
        return self.side in ("from", "above")

    @property
    def is_lower(self) -> bool:
        """True where the edge guards against too little."""
        return self.side in ("from", "below")

    @property
    def number(self) -> str:
        """The value with its unit: ``7.5°``."""
        close = close_unit(self.unit) or f" {self.unit}"
        return f"{round(self.value, 6) + 0.0:g}".replace("-", "−") + close

    def in_words(self, bands: Mapping[Band, str] = BAND_WORDS) -> str:
        """Return ``good up to 7.5°``."""
        return f"{bands[self.band]} {self.side} {self.number}"


def edges_of(rule: Rule, strict: bool) -> list[Edge]:
    """Return the edges in force, those of good first."""
    if isinstance(rule, FrameRule):
        bands = bands_of(rule, strict)
        low, high, margin = -math.inf, bands.ok, bands.fault - bands.ok
    else:
        (low, high), margin = rule.bounds, rule.margin
    edges = [
        Edge(low, Band.OK, "from", rule.unit),
        Edge(high, Band.OK, "up to", rule.unit),
        Edge(low - margin, Band.FAULT, "below", rule.unit),
        Edge(high + margin, Band.FAULT, "above", rule.unit),
    ]
    return [edge for edge in edges if math.isfinite(edge.value)]


def limits_in_words(rule: Rule, strict: bool, bands: Mapping[Band, str] = BAND_WORDS) -> str:
    """Return ``good from 60° up to 80°, improve below 50° or above 90°``."""
    edges = edges_of(rule, strict)
    good = " ".join(f"{e.side} {e.number}" for e in edges if e.band is Band.OK)
    wrong = " or ".join(f"{e.side} {e.number}" for e in edges if e.band is Band.FAULT)
    held = f" held for {rule.min_s:g} s" if isinstance(rule, FrameRule) else ""
    return f"{bands[Band.OK]} {good}, {bands[Band.FAULT]} {wrong}{held}"


def reach_in_words(
    rule: Rule, strict: bool, half_width: float, bands: Mapping[Band, str] = BAND_WORDS
) -> str:
    """Say which readings can be told apart at this ±, as the whole ± must lie within a band.

    Parameters
    ----------
    rule : Rule
    strict : bool
    half_width : float
        In the rule's unit.
    bands : mapping of Band to str
        The words of an audience.
    """
    good_word, wrong_word = bands[Band.OK], bands[Band.FAULT]
    moved = [_moved(edge, half_width) for edge in edges_of(rule, strict)]
    good = {edge.side: edge for edge in moved if edge.band is Band.OK}
    wrong = " or ".join(f"{e.side} {e.number}" for e in moved if e.band is Band.FAULT)
    if len(good) == 2 and good["from"].value > good["up to"].value:
        return f"no reading can be told to be “{good_word}”; “{wrong_word}” needs one {wrong}"
    fine = " ".join(f"{e.side} {e.number}" for e in good.values())
    return f"“{good_word}” needs a reading {fine}, “{wrong_word}” one {wrong}"


def _moved(edge: Edge, half_width: float) -> Edge:
    """Move an edge into its band by the ±, rounded into the band too."""
    step = 1.0 if close_unit(edge.unit) else 0.01
    if edge.is_upwards:
        value = math.ceil(round((edge.value + half_width) / step, 6)) * step
    else:
        value = math.floor(round((edge.value - half_width) / step, 6)) * step
    return Edge(value, edge.band, edge.side, edge.unit)
