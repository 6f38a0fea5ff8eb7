"""What the page gets of a set."""

from __future__ import annotations

from dataclasses import replace

from builders import make_assessment, make_exercise

from glutecam.core.assessment import Verdict
from glutecam.web.shown import assessment_shown


def test_of_a_refused_recording_nothing_is_drawn() -> None:
    whole, exercise = make_assessment(), make_exercise()
    assert assessment_shown(whole, exercise)["curve"] is not None
    refused = replace(whole, verdict=Verdict.NOT_ASSESSABLE)
    assert assessment_shown(refused, exercise)["curve"] is None
