"""What a report says to whoever exercises, and what to clinicians."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import make_assessment, make_exercise
from core.test_side_difference import on_the_left
from reports import Page, refused, report, undecided

from glutecam.core.assessment import Band
from glutecam.core.rules import OwnBands
from glutecam.core.side_difference import BothSides


def test_the_coach_says_what_a_scale_comes_to_and_keeps_its_name_and_grade() -> None:
    words = Page(report(make_assessment())).words
    assert "Squat scale, 0 to 4, right leg: 2 to 4 of 4." in words
    assert "Invented squat test" not in words and "medium" not in words


def test_a_clinician_gets_the_sheet_line_by_line() -> None:
    words = Page(report(make_assessment(), audience="clinician")).words
    assert "Invented squat test, 0 to 4" in words
    assert "Right leg: 2 to 4 of 4 (medium or poor)" in words
    assert "leaves the horizontal plane" in words
    assert "pelvic drop (pelvic-drop) 24° ± 12°; seen in repetition 3" in words
    assert "Balance: Balance is not measured." in words
    assert "5 judged, the test asks for 5" in words


def test_a_clinician_gets_measurements_and_no_cues() -> None:
    words = Page(report(make_assessment(), audience="clinician")).words
    assert "Beyond its limit: pelvic drop, in 1 of 5 repetitions." in words
    assert "✕ beyond" in words and "✕ improve" not in words
    assert "pattern: none in 2, uncompensated in 1" in words and "trunk leans instead" not in words
    assert "Contralateral pelvic drop" in words
    assert make_exercise().rules[0].cue not in words


@pytest.mark.parametrize(
    ("audience", "among", "said"),
    [
        ("coach", (Band.OK, Band.WATCH), "? can't tell good or watch"),
        ("clinician", (Band.OK, Band.WATCH), "? undecided not beyond"),
        ("clinician", (Band.WATCH, Band.FAULT), "? undecided not within"),
    ],
)
def test_what_could_not_be_told_says_what_it_may_be(
    audience: str, among: tuple[Band, ...], said: str
) -> None:
    whole = make_assessment()
    first = whole.reps[0]
    unsure = replace(first.findings[1], value=8.0, half_width=2.0, band=Band.INCONCLUSIVE,
                     may_be=among)  # fmt: skip
    rep = replace(first, findings=(first.findings[0], unsure, *first.findings[2:]))
    page = report(replace(whole, reps=(rep, *whole.reps[1:])), audience=audience)
    assert said in Page(page).words


def test_the_set_is_summed_up_with_two_figures() -> None:
    page = Page(report(make_assessment()))
    assert "Right leg, pattern: steady in 2, pelvis sinks in 1," in page.words
    assert "no trend over the set that exceeds its ±" in page.words
    titles = [figure["layout"].get("meta") for figure in page.figures]
    assert titles[:2] == ["set", "set"] and set(titles[2:]) == {"time"}


def test_limits_of_ones_own_are_named_with_what_they_replace() -> None:
    whole = make_assessment()
    own = OwnBands("pelvic-drop", (("ok", 5.0), ("fault", 9.0)), (("ok", 7.5), ("fault", 11.0)))
    made_by = replace(whole.provenance, own_bands=(own,))
    words = Page(report(replace(whole, provenance=made_by))).words
    assert "pelvic drop (pelvic-drop): ok 5, fault 9, in place of ok 7.5, fault 11" in words


@pytest.mark.parametrize("made", [make_assessment, undecided, refused])
@pytest.mark.parametrize("audience", ["coach", "clinician"])
def test_no_audience_is_told_what_somebody_has(made, audience) -> None:
    words = Page(report(made(), audience=audience)).words.lower()
    for word in ("positive", "negative", "abnormal", "trendelenburg", "syndrome"):
        assert word not in words


def test_readings_are_printed_without_points() -> None:
    whole = make_assessment()
    bare = replace(whole.sheets[0], low=None, high=None, most=None, grades=())
    words = Page(report(replace(whole, sheets=(bare,)), audience="clinician")).words
    assert "Right leg: values, no total" in words
    assert "Decided by Points" not in words and "not met" not in words
    graded = replace(bare, grades=("good", "fair"))
    words = Page(report(replace(whole, sheets=(graded,)), audience="clinician")).words
    assert "Right leg: good or fair" in words and "Domain" in words and "not met" in words


def test_left_against_right_is_there_where_both_sides_are() -> None:
    right = make_assessment()
    both = BothSides.of([right, on_the_left(right, 20.0)])
    coach = Page(report(right, both_sides=both)).words
    assert "Pelvic drop: the sides differ by 20° ± 20°, no more than the ± explains." in coach
    assert "pelvic drop pelvic-drop 28° ± 12° (5) 8° ± 12° (5) 20° ± 20° can't tell" in coach
    assert "knee moves inward knee-in 2" not in coach
    clinician = Page(report(right, both_sides=both, audience="clinician")).words
    assert "knee-in 23° ± 7° (5) 3° ± 7° (5) 20° ± 11° more on the left" in clinician
    for page in (report(right), report(right, both_sides=BothSides.of([right]))):
        assert "Left against right" not in page
    assert "Left against right" not in report(refused(), both_sides=both)
