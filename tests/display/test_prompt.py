"""What the banner says: a cue names its repetition, and goes when the next one begins."""

from __future__ import annotations

from builders import make_assessment, make_exercise, make_update

from glutecam.core.assessment import Phase
from glutecam.display.prompt import Prompt


def said(prompt: Prompt, time_s: float, **changes: object) -> str:
    return prompt.words(make_update(time_s=time_s, **changes))[0]


def test_a_cue_names_the_repetition_it_is_for_until_the_next_one_begins() -> None:
    prompt = Prompt(make_exercise())
    assert said(prompt, 5.0, cue="Keep level.", reps=1) == "Repetition 2: Keep level."
    # It is over and read as good by now: the cue is still for the second.
    assert said(prompt, 5.5, reps=2, phase=Phase.READY) == "Repetition 2: Keep level."
    assert said(prompt, 5.9, reps=2, phase=Phase.MOVING) == ""
    assert said(prompt, 6.0, reps=2, cue="Keep level.") == "Repetition 3: Keep level."
    assert said(prompt, 8.1, reps=3, phase=Phase.READY) == ""


def test_what_a_finished_repetition_was_told_is_its_own() -> None:
    second = make_assessment().reps[1]
    words = said(Prompt(make_exercise()), 5.0, cue="Go lower.", reps=2, finished_rep=second)
    assert words == "Repetition 2: Go lower."


def test_where_repetitions_are_no_result_none_is_named() -> None:
    assert said(Prompt(make_exercise(), counts=False), 5.0, cue="Keep level.") == "Keep level."
