"""What one chart shows, and in which colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

from glutecam.core.assessment import Assessment, Finding, Rep, Side, Signal, Verdict
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Exercise, Rule
from glutecam.core.wording import Vocabulary, capital, vocabulary
from glutecam.records.limits import Edge, edges_of

__all__ = [
    "COLOUR_OF",
    "DARK_OF",
    "FONT",
    "PALETTE",
    "SYMBOL_OF",
    "ZERO_LINE",
    "Plot",
    "chart_layout",
    "light",
    "plain",
    "small_print",
]

FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'

PALETTE: Mapping[str, tuple[str, str]] = {
    "page": ("#f4f5f7", "#101318"),
    "card": ("#ffffff", "#191e26"),
    "ink": ("#171b22", "#eceff4"),
    "soft": ("#565f6d", "#a4aebc"),
    "line": ("#dfe3e9", "#313946"),
    "ok": ("#00694f", "#5fd6ab"),
    "ok-tint": ("#dff3ec", "#15372d"),
    "no-fault": ("#005f73", "#6fcbe0"),
    "no-fault-tint": ("#dcf0f5", "#12333d"),
    "watch": ("#8a5a00", "#f5c04d"),
    "watch-tint": ("#fdf0d2", "#3b2f11"),
    "fault": ("#b3341a", "#ff8d70"),
    "fault-tint": ("#fde4dd", "#43211a"),
    "inconclusive": ("#503171", "#ab8fd2"),
    "inconclusive-tint": ("#e7def1", "#302343"),
    "signal": ("#1f4fa3", "#86b1ff"),
    "ribbon": ("rgba(31,79,163,0.16)", "rgba(134,177,255,0.2)"),
    "other-side": ("#a8500a", "#f2ab6b"),
    "side-ribbon": ("rgba(31,79,163,0.10)", "rgba(134,177,255,0.13)"),
    "other-ribbon": ("rgba(168,80,10,0.10)", "rgba(242,171,107,0.13)"),
    "rep": ("rgba(23,27,34,0.06)", "rgba(255,255,255,0.07)"),
    "raw": ("#7b8595", "#8b97ac"),
    "veil": ("rgba(255,255,255,0.72)", "rgba(25,30,38,0.72)"),
}
"""Colours by their role, (on a light page, on a dark page). What could not be told is far from every
other band also for eyes that tell few hues; each band has a sign, so nothing hangs on a colour."""

COLOUR_OF: Mapping[Side, str] = {Side.RIGHT: "signal", Side.LEFT: "other-side"}
SYMBOL_OF: Mapping[Side, str] = {Side.RIGHT: "circle", Side.LEFT: "square"}
"""The sides differ in colour, by its role, and in shape."""

DARK_OF: Mapping[str, str] = dict(PALETTE.values())

ZERO_LINE: Mapping[str, Any] = {
    "zeroline": True,
    "zerolinecolor": PALETTE["soft"][0],
    "zerolinewidth": 1,
}
"""Of an axis whose zero is drawn."""


@dataclass(frozen=True, eq=False)
class Plot:
    """One signal, with the raw one beside it and the rules that read it."""

    assessment: Assessment
    exercise: Exercise
    signal: Signal
    raw: Signal | None
    rules: tuple[Rule, ...]
    words: Vocabulary = field(default_factory=vocabulary)

    @property
    def time_s(self) -> FloatArray:
        """(T,) seconds."""
        return self.assessment.time_s

    @property
    def label(self) -> str:
        """The signal's name at the beginning of a sentence."""
        name = self.words.label(self.signal.name, self.signal.label)
        return capital(name)

    @property
    def is_seen(self) -> bool:
        """True where there is anything to draw."""
        shown = [self.signal, *([self.raw] if self.raw else [])]
        return any(bool(np.isfinite(signal.estimate.value).any()) for signal in shown)

    @property
    def edges(self) -> list[Edge]:
        """What the curve is held against; nothing where nothing is judged."""
        if self.assessment.verdict is Verdict.NOT_ASSESSABLE:
            return []
        strict = self.assessment.provenance.strict
        return [edge for rule in self.rules for edge in edges_of(rule, strict)]

    @property
    def findings(self) -> list[tuple[Rep, Finding]]:
        """What was found by the rules of this figure, where the signal was seen."""
        codes = {rule.code for rule in self.rules}
        seen = np.isfinite(self.signal.estimate.value)
        return [
            (rep, finding)
            for rep in self.assessment.reps
            for finding in rep.findings
            if finding.code in codes and seen[finding.at]
        ]


def light(role: str) -> str:
    """Return the colour of a role on a light page."""
    return PALETTE[role][0]


def small_print() -> dict[str, Any]:
    """Return the letters of axes and legends."""
    return {"color": light("soft"), "size": 11, "family": FONT}


def chart_layout(height_px: int, **own: Any) -> dict[str, Any]:
    """Return what all charts have in common, and what one of them has of its ``own``."""
    return {
        "template": "none",
        "height": height_px,
        "autosize": True,
        "paper_bgcolor": light("card"),
        "plot_bgcolor": light("card"),
        "font": small_print(),
        "showlegend": False,
        "hoverlabel": {
            "bgcolor": light("card"),
            "bordercolor": light("line"),
            "font": {"color": light("ink"), "size": 12, "family": FONT},
        },
        **own,
    }


def plain(words: str) -> str:
    """Take away what Plotly would read as HTML or as a placeholder."""
    return escape(words, quote=False).replace("%{", "% {")
