from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from builders import make_assessment, make_exercise

from glutecam.core.assessment import Assessment, Band, Gate, Pattern, Verdict
from glutecam.core.wording import INTENDED_USE
from glutecam.errors import OutputError
from glutecam.records.charts import charts
from glutecam.records.report import html_report, write_report

XSS = "<script>alert(1)</script>\"' onload=x"


class Page(HTMLParser):
    """Collects tags, their attributes and the words between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._style = False
        self.feed(text)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"
        self.words += " "

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words += data


def report(assessment: Assessment, **changes: object) -> str:
    facts = {"source_name": "a.mp4"} | changes
    return html_report(assessment, make_exercise(), **facts)  # type: ignore[arg-type]


def undecided() -> Assessment:
    whole = make_assessment()
    reps = tuple(
        replace(
            rep,
            findings=(
                replace(rep.findings[0], band=Band.INCONCLUSIVE),
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
    )  # fmt: skip


def test_a_fault_leads_with_what_to_do() -> None:
    words = Page(report(make_assessment())).words
    assert "To work on: pelvic drop, in 1 of 5 repetitions." in words
    assert "Keep your hip bones level." in words
    assert "24° ± 12°" in words
    assert "✕ improve" in words


def test_doubt_is_explained() -> None:
    words = Page(report(undecided())).words
    assert "5 repetitions counted, but not everything could be told." in words
    assert "“pelvic drop” (5 of 5)" in words
    assert "? can't tell" in words


def test_a_refusal_says_why_and_what_to_change() -> None:
    words = Page(report(refused())).words
    assert "This recording could not be assessed. Turn to face it." in words
    assert "turned 62° at most 15° ✕ no" in words


def test_nothing_to_correct_praises() -> None:
    fine = replace(make_assessment(), verdict=Verdict.FINE, faults=())
    assert "Well done: nothing to correct in 5 repetitions. Well held." in Page(report(fine)).words


@pytest.mark.parametrize("made", [make_assessment, undecided, refused])
def test_the_words_that_must_be_said_are_said_once(made) -> None:
    words = Page(report(made())).words
    assert words.count(INTENDED_USE) == 1
    assert words.count("± is the half-width of the 90 % interval") == (1 if made().reps else 0)
    assert words.count("the free-leg side of the pelvis sinks") == (1 if made().reps else 0)


@pytest.mark.parametrize("made", [make_assessment, undecided, refused])
def test_coach_language_only(made) -> None:
    words = Page(report(made())).words.lower().replace(INTENDED_USE.lower(), "")
    for word in ("positive", "negative", "abnormal", "normal", "diagnos", "patient", "disease"):
        assert word not in words


def test_names_from_outside_are_never_markup() -> None:
    whole = make_assessment()
    hostile = replace(
        whole,
        instruction=XSS,
        warnings=(XSS,),
        attempts=(replace(whole.attempts[0], reason=XSS),),
        gates=(replace(whole.gates[0], name=XSS, measured=XSS),),
        provenance=replace(whole.provenance, pose_model=XSS),
        signals={n: replace(s, label=XSS, unit=XSS, method=XSS) for n, s in whole.signals.items()},
    )
    page = Page(report(hostile, source_name=XSS, subject=XSS))
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.words


def test_nothing_is_fetched() -> None:
    text = report(make_assessment(), keyframes={240: b"\xff\xd8jpeg"})
    page = Page(text)
    assert "http:" not in text
    assert "https:" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in page.tags}
    sources = [attrs["src"] for tag, attrs in page.tags if tag == "img"]
    assert sources
    assert all(str(source).startswith("data:image/jpeg;base64,") for source in sources)
    policy = [attrs for tag, attrs in page.tags if attrs.get("http-equiv")]
    assert str(policy[0]["content"]).startswith("default-src 'none'; img-src data:;")


def test_pictures_have_words() -> None:
    page = Page(report(make_assessment(), keyframes={360: b"x", 9999: b"y"}))
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert [attrs["alt"] for attrs in images] == [
        "Repetition 3: pelvic drop 24° ± 12°, ✕ improve",
    ]


def test_the_same_assessment_gives_the_same_page() -> None:
    made = datetime(2026, 1, 5, 9, 30)
    assert report(make_assessment(), made=made) == report(make_assessment(), made=made)
    assert "2026-01-05 09:30" in report(make_assessment(), made=made)


def test_reduced_accuracy_is_announced() -> None:
    whole = make_assessment()
    lite = replace(whole, provenance=replace(whole.provenance, reduced_accuracy=True))
    assert "Reduced accuracy." in report(lite)
    assert "Reduced accuracy." not in report(whole)


def test_the_page_is_small() -> None:
    assert len(report(make_assessment(30 * 600))) < 600_000


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_report(
            tmp_path / "none" / "r.html", make_assessment(), make_exercise(), source_name="a"
        )


def line_of(svg: str, kind: str) -> list[list[tuple[float, float]]]:
    path = re.search(rf'<path class="{kind}" d="([^"]*)"', svg)
    assert path is not None
    runs = [run for run in path[1].split("M") if run]
    return [[tuple(map(float, point.split())) for point in run.split("L")] for run in runs]


def test_the_curve_peaks_where_the_signal_does() -> None:
    assessment = make_assessment()
    drop = charts(assessment, make_exercise())[0]
    assert drop.title == "Pelvic drop (°)"
    points = [point for run in line_of(drop.svg, "value") for point in run]
    highest = min(points, key=lambda point: point[1])
    signal = assessment.signals["pelvic_drop_deg"].estimate.value
    share = assessment.time_s[np.nanargmax(signal)] / assessment.time_s[-1]
    assert highest[0] == pytest.approx(44 + share * (760 - 44 - 88), abs=2.0)


def test_a_gap_in_the_data_is_a_gap_in_the_line() -> None:
    svg = charts(make_assessment(), make_exercise())[0].svg
    assert len(line_of(svg, "value")) == 2
    assert len(line_of(svg, "raw")) == 2


def test_a_short_peak_in_a_long_recording_is_drawn() -> None:
    long = make_assessment(30 * 900)
    value = long.signals["pelvic_drop_deg"].estimate.value
    value[20_001] = 40.0
    points = [p for run in line_of(charts(long, make_exercise())[0].svg, "value") for p in run]
    x = 44 + 20_001 / (len(value) - 1) * (760 - 44 - 88)
    assert min(points, key=lambda point: point[1])[0] == pytest.approx(x, abs=0.1)


def test_charts_of_nothing_seen_do_not_fail() -> None:
    whole = make_assessment()
    for signal in whole.signals.values():
        signal.estimate.value[:] = np.nan
    assert len(charts(whole, make_exercise())) == 4
    assert charts(replace(whole, time_s=np.empty(0)), make_exercise()) == []
