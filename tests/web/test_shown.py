"""What the page gets of a set."""

from __future__ import annotations

from dataclasses import replace

from builders import make_assessment, make_exercise
from sets import make_set

from glutecam.core.assessment import Band, Verdict
from glutecam.core.certain import approval
from glutecam.web.shown import assessment_shown, set_shown


def test_of_a_refused_recording_nothing_is_drawn() -> None:
    whole, exercise = make_assessment(), make_exercise()
    assert assessment_shown(whole, exercise)["curve"] is not None
    refused = replace(whole, verdict=Verdict.NOT_ASSESSABLE)
    assert assessment_shown(refused, exercise)["curve"] is None


def test_of_a_kept_set_that_was_refused_no_repetition_is_shown() -> None:
    kept = make_set()
    assert len(set_shown(kept, whole=True)["each"]) == 15
    refused = replace(kept, verdict=Verdict.NOT_ASSESSABLE)
    assert set_shown(refused, whole=True)["each"] == []
    assert not any(set_shown(refused)["bands"].values())


def test_the_page_praises_where_terminal_and_report_do() -> None:
    whole, exercise = make_assessment(), make_exercise()
    first = whole.reps[0]
    praised = {}
    for band in (Band.OK, Band.WATCH):
        reps = (replace(first, findings=tuple(replace(f, band=band) for f in first.findings)),)
        shown = assessment_shown(replace(whole, reps=reps, verdict=Verdict.FINE), exercise)
        assert shown["praised"] is (approval(exercise, reps) == exercise.praise)
        praised[band] = shown["praised"]
    assert praised == {Band.OK: True, Band.WATCH: False}
