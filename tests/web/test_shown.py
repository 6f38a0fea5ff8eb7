"""What the page gets of a set."""

from __future__ import annotations

from dataclasses import replace

from builders import make_assessment, make_exercise
from sets import make_set

from glutecam.core.assessment import Verdict
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
