"""What is surely not within its limit comes first, though how far cannot be told."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from builders import make_assessment, make_exercise, make_finding
from reports import Page, report

from glutecam import exercises
from glutecam.cli.summary import print_summary
from glutecam.core.assessment import Assessment, Band, Verdict
from glutecam.core.certain import not_within, not_within_in_words
from glutecam.core.verdict import _reps_gate
from glutecam.core.wording import typical_in_words, vocabulary


def drops_in_two() -> Assessment:
    """Four repetitions: the trunk is open in all; the drop is good in two, 9 to 15 degrees in two."""
    whole = make_assessment()
    reps = []
    for number, drop in enumerate((1.0, 12.0, 2.0, 12.0), 1):
        first = whole.reps[0]
        band = Band.OK if drop < 5.0 else Band.INCONCLUSIVE
        found = (
            make_finding("pelvic-drop", drop, 3.0, band, first.findings[0].at),
            make_finding("trunk-lean", 9.0, 8.0, Band.INCONCLUSIVE, first.findings[0].at),
            *first.findings[2:],
        )
        reps.append(replace(first, number=number, findings=found))
    return replace(whole, verdict=Verdict.INCONCLUSIVE, reps=tuple(reps), faults=(), score=None)


def test_only_an_interval_that_lies_outside_good_is_surely_not_within():
    assert not_within(make_finding("pelvic-drop", 12.0, 3.0, Band.INCONCLUSIVE, 0))
    assert not not_within(make_finding("pelvic-drop", 8.0, 3.0, Band.INCONCLUSIVE, 0))
    assert not not_within(make_finding("pelvic-drop", 30.0, 3.0, Band.FAULT, 0))


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        (
            "clinician",
            "Pelvic drop: not within in 2 of 4 repetitions; how far beyond cannot be decided",
        ),
        ("coach", "Pelvic drop: not good in 2 of 4 repetitions; by how much can't be told."),
    ],
)
def test_the_headline_says_what_is_certain(audience, said, capsys):
    shown = drops_in_two()
    print_summary(shown, make_exercise(), "clip.mp4", (), audience)
    out = " ".join(capsys.readouterr().out.split())
    assert said in out
    assert out.index("(pelvic-drop, repetitions 2 and 4)") < out.index("(trunk-lean, repetitions")
    words = Page(report(shown, audience=audience)).words
    assert said in words
    assert words.index("“pelvic drop” (2 of 4)") < words.index("“trunk lean” (4 of 4)")


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ("coach", "“no fault” where “improve” is ruled out for every limit"),
        ("clinician", "“not beyond” where “beyond” is ruled out for every limit"),
    ],
)
def test_the_terminal_says_what_no_fault_is_where_a_repetition_reads_so(audience, said, capsys):
    whole = make_assessment()
    first = whole.reps[0]
    near = replace(first.findings[0], band=Band.INCONCLUSIVE, may_be=(Band.OK, Band.WATCH))
    fine = replace(first, findings=tuple(replace(f, band=Band.OK) for f in first.findings))
    open_ = replace(fine, findings=(near, *fine.findings[1:]))
    told = []
    for rep in (open_, fine):
        shown = replace(whole, verdict=Verdict.FINE, reps=(rep,), faults=())
        print_summary(shown, make_exercise(), "clip.mp4", (), audience)
        told.append(" ".join(capsys.readouterr().out.split()))
    assert said in told[0] and "ruled out" not in told[1]


def test_what_a_whole_set_may_be_is_said_as_of_repetitions(capsys):
    """A set is fine with such a finding, and then "can't tell" would say something else."""
    near = make_finding("trunk-lean", 6.0, 3.0, Band.INCONCLUSIVE, 0)
    for may_be, said in (((Band.OK, Band.WATCH), "Good or watch: "), ((), "Can't tell: ")):
        whole = replace(make_assessment(), findings=(replace(near, may_be=may_be),))
        print_summary(whole, make_exercise(), "clip.mp4", (), "coach")
        told = " ".join(capsys.readouterr().out.split())
        assert f"{said}trunk lean, trunk-lean, over the whole set" in told


def test_a_fault_or_nothing_certain_keeps_its_headline():
    words, exercise = vocabulary("coach"), make_exercise()
    assert not_within_in_words(make_assessment(), exercise, words) is None
    shown = drops_in_two()
    open_ = replace(shown, reps=tuple(rep for rep in shown.reps if rep.number in (1, 3)))
    assert not_within_in_words(open_, exercise, words) is None


def test_of_two_groups_of_repetitions_no_median_is_told():
    assert typical_in_words([1.0, 12.0, 2.0, 12.0], 7.0, 3.0, "°") == "1° to 12° ± 3°"
    assert typical_in_words([6.0, 8.0, 7.0], 7.0, 3.0, "°") == "7° ± 3°"
    assert typical_in_words([0.1, 0.9], 0.5, 0.1, "hip widths") == "0.10 to 0.90 ± 0.10 hip widths"
    nan = float("nan")
    assert typical_in_words([nan], nan, nan, "°") == "not seen"


def test_a_posture_is_asked_to_be_held():
    gate = _reps_gate(exercises.get("standing-posture"), (), ())
    assert "Keep still for 5 s" in gate.instruction and "repetitions" not in gate.instruction
    held = exercises.get("single-leg-stance")
    assert f"Hold it for {held.cycle.hold_s:.0f} s" in _reps_gate(held, (), ()).instruction
    assert "Do whole repetitions" in _reps_gate(exercises.get("step-down"), (), ()).instruction


def test_a_value_is_never_shown_with_the_half_width_of_another() -> None:
    said = typical_in_words([2.0, 15.0, 2.0, 14.0], 8.0, 2.4, "°", [2.3, 2.9, 2.3, 2.8])
    assert said == "2° ± 2° to 15° ± 3°"
    assert typical_in_words([2.0, 15.0], 8.0, 2.0, "°", [2.1, 2.2]) == "2° to 15° ± 2°"
    known = typical_in_words([math.nan, 0.1, 0.9], 0.5, 0.1, "hip widths", [math.nan, 0.05, 0.2])
    assert known == "0.10 ± 0.05 to 0.90 ± 0.20 hip widths"
