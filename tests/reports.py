"""A report as a reader finds it: its words, tags, scripts and figures; and three to read."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from builders import make_assessment, make_exercise

from glutecam.core.assessment import Assessment, Band, Gate, Pattern, Verdict
from glutecam.records.report import html_report


class Page(HTMLParser):
    """Collects tags, their attributes and the words between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(text)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        self.words += " "

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside != "style":
            self.words += data

    @property
    def figures(self) -> list[dict[str, Any]]:
        """What the charts are drawn from."""
        return list(json.loads(self.scripts[0])["figures"])


def report(assessment: Assessment, **changes: object) -> str:
    facts = {"source_name": "a.mp4"} | changes
    return html_report(assessment, make_exercise(), **facts)  # type: ignore[arg-type]


def undecided() -> Assessment:
    whole = make_assessment()
    reps = tuple(
        replace(
            rep,
            findings=(
                replace(rep.findings[0], band=Band.INCONCLUSIVE, may_be=(Band.OK, Band.FAULT)),
                *(replace(finding, band=Band.OK) for finding in rep.findings[1:]),
            ),
            pattern=Pattern.UNDECIDED,
        )
        for rep in whole.reps
    )
    return replace(whole, verdict=Verdict.INCONCLUSIVE, reps=reps, faults=(), score=None)


def refused() -> Assessment:
    gate = Gate("view", "camera in front", False, "turned 62°", "at most 15°", "Turn to face it.")
    return replace(
        make_assessment(), verdict=Verdict.NOT_ASSESSABLE, instruction="Turn to face it.",
        gates=(gate,), reps=(), attempts=(), faults=(), score=None, signals={}, sides=(),
        summary=None, sheets=(),
    )  # fmt: skip
