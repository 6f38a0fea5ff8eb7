from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import make_assessment, make_exercise
from plotly.offline import get_plotlyjs
from reports import Page, refused, report, undecided

from glutecam.core.assessment import Assessment, Band, Gate, Verdict
from glutecam.core.rules import Posture
from glutecam.core.wording import INTENDED_USE, INTENDED_USE_WHOLE
from glutecam.errors import OutputError
from glutecam.records.charts import Chart, charts
from glutecam.records.limits import limits_in_words, reach_in_words
from glutecam.records.page import write_page
from glutecam.records.plot import DARK_OF, PALETTE
from glutecam.records.report import html_report

XSS = "<script>alert(1)</script>\"' onload=x"


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


def test_what_may_not_be_a_fault_is_not_said_to_leave_that_open() -> None:
    """“Neither good nor improve” is of the pelvic drop; that the trunk leans is good or watch."""
    whole = undecided()
    near = {"band": Band.INCONCLUSIVE, "may_be": (Band.OK, Band.WATCH)}
    reps = tuple(
        replace(rep, findings=tuple(
            replace(found, **near) if found.code == "trunk-lean" else found for found in rep.findings
        ))
        for rep in whole.reps
    )  # fmt: skip
    open_ = replace(whole, reps=reps)
    assert "For “pelvic drop” (5 of 5) the ± reaches across a limit" in Page(report(open_)).words
    clinician = Page(report(open_, audience="clinician")).words
    assert "Undecided at this ±: “pelvic drop” (5 of 5) and “trunk lean” (5 of 5)." in clinician


def test_a_refusal_says_why_and_what_to_change() -> None:
    words = Page(report(refused())).words
    assert "This recording could not be assessed. Turn to face it." in words
    assert "turned 62° at most 15° ✕ no" in words


def test_nothing_to_correct_praises() -> None:
    whole = make_assessment()
    good = tuple(rep for rep in whole.reps if rep.band is Band.OK)
    fine = replace(whole, verdict=Verdict.FINE, faults=(), reps=good)
    words = Page(report(fine)).words
    # The sign of a set without a fault is that of dashboard, subject's report and page.
    assert "○ Well done: nothing to correct in 1 repetition. Well held." in words
    assert "88 / 100 of the only repetition" in words


def test_no_praise_for_what_is_not_surely_good() -> None:
    whole = make_assessment()
    watched = tuple(rep for rep in whole.reps if rep.band is Band.WATCH)
    fine = replace(whole, verdict=Verdict.FINE, faults=(), reps=watched)
    words = Page(report(fine)).words
    assert "nothing to correct in 1 repetition. Keep it up." in words and "Well held" not in words


def test_a_repetition_without_a_fault_for_sure_reads_so() -> None:
    whole = make_assessment()
    first = whole.reps[0]
    near = replace(first.findings[1], band=Band.INCONCLUSIVE, may_be=(Band.OK, Band.WATCH))
    rep = replace(first, findings=(first.findings[0], near, *first.findings[2:]))
    words = Page(report(replace(whole, verdict=Verdict.FINE, faults=(), reps=(rep,)))).words
    assert "○ no fault: 1 of 1" in words and "over all 1" not in words
    # Words that do not hold of "can't tell" as well.
    assert "“no fault” where “improve” is ruled out for every limit" in words
    # The leading rule is surely good, and that is what is praised.
    assert "Well held." in words and "? can't tell good or watch" in words
    assert "no fault" not in Page(report(whole)).words


def test_a_score_that_leaves_repetitions_open_is_a_range_and_says_of_what():
    whole = make_assessment()
    reps = tuple(replace(whole.reps[0], score=score) for score in (40.0, 44.0, None, None))
    words = Page(report(replace(whole, reps=reps, score=42.0))).words
    assert "21 to 71 / 100" in words.replace("\xa0", " ")
    assert "42 over 2 of 4 repetitions, in which every rule could be told; the others are" in words
    assert "42 /" not in words


@pytest.mark.parametrize("made", [make_assessment, undecided, refused])
def test_the_words_that_must_be_said_are_said_once(made) -> None:
    words = Page(report(made())).words
    assert words.count(INTENDED_USE) == 1
    assert words.count("± is the half-width of the 90 % interval") == (1 if made().reps else 0)
    assert words.count("the free-leg side of the pelvis sinks") == (1 if made().reps else 0)


@pytest.mark.parametrize("made", [make_assessment, undecided, refused])
def test_coach_language_only(made) -> None:
    words = Page(report(made())).words.lower()
    for paragraph in INTENDED_USE_WHOLE.lower().split("\n\n"):
        assert paragraph in words
        words = words.replace(paragraph, "")
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
    text = report(hostile, source_name=XSS, subject=XSS)
    page = Page(text)
    assert [script for script in page.scripts if "alert(1)" in script] == page.scripts[:1]
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.words
    assert "<script>alert" not in text
    shown = json.dumps([charts_text(figure) for figure in page.figures])
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def charts_text(figure: dict[str, Any]) -> list[str]:
    """All text that Plotly would read as HTML."""
    texts = [note["text"] for note in figure["layout"]["annotations"]]
    for trace in figure["data"]:
        texts += [trace.get("hovertemplate", ""), trace.get("name", "")]
        texts += trace.get("hovertext", [])
    return texts


def test_text_in_charts_is_no_placeholder() -> None:
    whole = make_assessment()
    named = {n: replace(s, label="%{customdata} <a href='x'>") for n, s in whole.signals.items()}
    drawn = charts(replace(whole, signals=named), make_exercise())
    assert drawn
    for chart in drawn:
        line = next(trace for trace in chart.figure["data"] if trace.get("customdata"))
        assert line["hovertemplate"].startswith("% {customdata} &lt;a href=")


def test_nothing_is_fetched() -> None:
    text = report(make_assessment(), keyframes={240: b"\xff\xd8jpeg"})
    page = Page(text)
    own = text.replace(get_plotlyjs(), "")
    assert len(own) < len(text)
    for way_out in ("http:", "https:", "url(", "@import", "fetch(", "import("):
        assert way_out not in own
    assert not {"link", "iframe", "object", "embed"} & {tag for tag, _ in page.tags}
    sources = [attrs["src"] for tag, attrs in page.tags if "src" in attrs]
    assert sources
    assert all(str(source).startswith("data:image/jpeg;base64,") for source in sources)


def policy_of(page: Page) -> str:
    return next(str(attrs["content"]) for _, attrs in page.tags if attrs.get("http-equiv"))


def test_only_our_scripts_may_run_and_nothing_may_connect() -> None:
    page = Page(report(make_assessment()))
    policy = policy_of(page)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src" not in policy
    _, *code = page.scripts
    assert len(code) == 2
    for script in code:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_without_charts_there_is_no_script() -> None:
    page = Page(report(refused()))
    assert page.scripts == []
    assert "script-src 'none'" in policy_of(page)


def test_everything_but_the_curves_is_there_without_scripts() -> None:
    page = Page(report(make_assessment()))
    assert "noscript" in {tag for tag, _ in page.tags}
    assert "24° ± 12°" in page.words


def test_what_stays_open_is_said_beside_a_fault() -> None:
    words = Page(report(make_assessment())).words
    assert (
        "Not everything could be told: “pelvic drop” (2 of 5) and “knee moves inward” (1 of 5)."
        in words
    )


def test_repetitions_without_findings_are_never_called_good() -> None:
    whole = make_assessment()
    bare = replace(
        whole, verdict=Verdict.NOT_ASSESSABLE, instruction="Turn to face it.", faults=(), score=None,
        reps=tuple(replace(rep, findings=(), score=None) for rep in whole.reps),
        summary=None, sheets=(),
    )  # fmt: skip
    page = Page(report(bare))
    assert "not counted: nothing of a refused recording is a result" in page.words
    assert "Score – nothing of a refused recording is a result" in page.words
    assert "all were counted" not in page.words
    assert "✓ good" not in page.words


def test_the_page_of_a_refused_recording_is_small_and_has_no_curves() -> None:
    whole = make_assessment()
    gate = Gate("view", "camera in front", False, "turned 62°", "at most 15°", "Turn to face it.")
    page = report(replace(
        whole, verdict=Verdict.NOT_ASSESSABLE, instruction="Turn to face it.", gates=(gate,),
        faults=(), score=None, summary=None, sheets=(),
        reps=tuple(replace(rep, findings=(), score=None) for rep in whole.reps),
    ))  # fmt: skip
    assert whole.signals
    assert len(page.encode()) < 60_000
    assert "<script" not in page
    assert "Turn to face it." in Page(page).words


def test_tags_of_the_evidence_are_explained_once() -> None:
    assert Page(report(make_assessment())).words.count("[P] = our own proposal") == 1


def test_limits_and_what_can_be_told_within_them() -> None:
    drop, *_, depth = make_exercise().rules
    assert limits_in_words(drop, False) == "good up to 7.5°, improve above 11° held for 0.15 s"
    assert (
        limits_in_words(depth, False) == "good from 60° up to 90°, improve below 50° or above 100°"
    )
    assert (
        reach_in_words(drop, False, 11.8)
        == "“good” needs a reading up to −5°, “improve” one above 23°"
    )
    # The limit, 7.5°, and what is printed of the ± give the reading that is named.
    assert "With ± 11.8° here, “good” needs a reading up to −5°" in report(make_assessment())
    assert reach_in_words(depth, False, 16.0).startswith("no reading can be told to be “good”")


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


def test_the_page_is_small_but_for_the_library() -> None:
    assert len(report(make_assessment(30 * 600)).replace(get_plotlyjs(), "")) < 900_000


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_page(tmp_path / "none" / "r.html", report(make_assessment()))


def drop_chart(assessment: Assessment) -> Chart:
    return charts(assessment, make_exercise())[0]


def line_of(chart: Chart, dashed: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Times and values of the measured line, or of the raw one."""
    lines = [t for t in chart.figure["data"] if t["mode"] == "lines" and t.get("hovertemplate")]
    line = next(t for t in lines if (t["line"].get("dash") == "dash") is dashed)
    return np.array(line["x"], dtype=float), np.array(line["y"], dtype=float)


def test_the_curve_peaks_where_the_signal_does() -> None:
    assessment = make_assessment()
    drop = drop_chart(assessment)
    assert drop.title == "Pelvic drop (°)"
    time_s, value = line_of(drop)
    signal = assessment.signals["pelvic_drop_deg"].estimate.value
    assert time_s[np.nanargmax(value)] == pytest.approx(assessment.time_s[np.nanargmax(signal)])
    assert np.nanmax(value) == pytest.approx(np.nanmax(signal), abs=0.01)


def test_a_gap_in_the_data_is_a_gap_in_the_line() -> None:
    drop = drop_chart(make_assessment())
    assert np.isnan(line_of(drop)[1]).sum() == 1
    assert np.isnan(line_of(drop, dashed=True)[1]).sum() == 1


def test_a_short_peak_in_a_long_recording_is_drawn() -> None:
    long = make_assessment(30 * 900)
    long.signals["pelvic_drop_deg"].estimate.value[20_001] = 40.0
    time_s, value = line_of(drop_chart(long))
    assert time_s[np.nanargmax(value)] == pytest.approx(long.time_s[20_001], abs=1e-3)


def test_all_charts_have_the_same_time_axis() -> None:
    drawn = charts(make_assessment(), make_exercise())
    ranges = {tuple(chart.figure["layout"]["xaxis"]["range"]) for chart in drawn}
    margins = {str(chart.figure["layout"]["margin"]) for chart in drawn}
    assert len(drawn) == 4
    assert (len(ranges), len(margins)) == (1, 1)


def test_edges_have_words_and_faults_have_marks() -> None:
    layout = drop_chart(make_assessment()).figure["layout"]
    names = [note["text"] for note in layout["annotations"]]
    assert {"good up to 7.5°", "improve above 11°", "<b>3 ✕</b>", "–"} <= set(names)
    assert next(s for s in layout["shapes"] if s.get("y1") == 0.04)["x0"] == 11.0
    judged = next(t for t in drop_chart(make_assessment()).figure["data"] if "text" in t)
    assert judged["text"] == ["✓", "?", "✕", "?", "✓"]


def test_the_name_of_the_highest_edge_stays_below_the_numbers_of_the_repetitions() -> None:
    for chart in charts(make_assessment(), make_exercise()):
        low, high = chart.figure["layout"]["yaxis"]["range"]
        named = [note["y"] for note in chart.figure["layout"]["annotations"] if note["y"] != 1]
        upwards = [y for y in named if y > 0]
        # 90 px of a chart on paper are for the values, and a name is 14 px high.
        assert all((high - y) / (high - low) * 90 >= 14 for y in upwards), chart.title


def test_every_colour_has_one_for_the_dark_page() -> None:
    assert len(DARK_OF) == len(PALETTE)
    drawn = json.dumps([chart.figure for chart in charts(make_assessment(), make_exercise())])
    for light, dark in PALETTE.values():
        assert light != dark
    for colour in {word for word in drawn.split('"') if word.startswith(("#", "rgb"))}:
        assert colour in DARK_OF or colour == "rgba(0,0,0,0)"


def test_charts_of_nothing_seen_are_left_out() -> None:
    whole = make_assessment()
    for signal in whole.signals.values():
        signal.estimate.value[:] = np.nan
    assert charts(whole, make_exercise()) == []
    assert charts(replace(whole, time_s=np.empty(0)), make_exercise()) == []


def test_a_lying_body_gets_wide_pictures() -> None:
    lying = replace(make_exercise(), posture=Posture.SIDE_LYING)
    text = html_report(make_assessment(), lying, source_name="a", keyframes={360: b"x"})
    assert 'class="pictures wide"' in text
    assert 'class="pictures wide"' not in report(make_assessment(), keyframes={360: b"x"})


def test_pictures_are_spread_over_rows_of_about_the_same_length() -> None:
    whole = undecided()
    jpegs = {rep.findings[0].at: b"x" for rep in whole.reps}
    assert len(jpegs) == 5 and "--columns: 3" in report(whole, keyframes=jpegs)
    two = dict(list(jpegs.items())[:2])
    assert "--columns: 2" in report(whole, keyframes=two)


def test_the_mark_stands_at_the_value_that_was_judged_with_its_own_half_width() -> None:
    """Also where a rule takes something out of the curve, so that the two differ."""
    whole = make_assessment()
    first = whole.reps[0]
    moved = replace(first.findings[0], value=19.0, half_width=2.5)
    reps = (replace(first, findings=(moved, *first.findings[1:])), *whole.reps[1:])
    drawn = drop_chart(replace(whole, reps=reps)).figure["data"]
    judged = next(t for t in drawn if "text" in t)
    assert judged["y"][0] == pytest.approx(19.0)
    bars = [list(t["y"]) for t in drawn if list(t["x"]) == [judged["x"][0]] * 2]
    assert bars == [[16.5, 21.5]]


def test_the_page_names_no_option_of_the_command_line_and_counts_no_pattern_of_nothing() -> None:
    words = Page(report(undecided())).words
    assert "--" not in words and "pattern: can't tell" not in words
