from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

import pytest

from glutecam import exercises
from glutecam.core.programme import Limit, Programme, Rung, Step, StepKind, trained_now
from glutecam.core.progress import Condition, Now, Reason

PLAN = exercises.programme()


def test_every_number_has_its_source_or_says_that_it_is_ours():
    limits = [getattr(PLAN.limits, field.name) for field in fields(PLAN.limits)]
    sources = [*(limit.source for limit in limits), *(rung.source for rung in PLAN.rungs)]
    assert all("[S]" in source or "[P]" in source or "[R]" in source for source in sources)
    with pytest.raises(ValueError, match="source"):
        Limit(3, "", "something", "somewhere")


def test_the_numbers_of_the_articles_are_kept():
    limits = PLAN.limits
    assert (limits.rest_h.value, limits.fewest_a_week.value, limits.most_a_week.value) == (24, 3, 4)
    assert (limits.fewest_weeks.value, limits.most_weeks.value) == (8, 12)
    assert limits.faults_end_set.value == 2
    assert {(rung.sets, 15 <= rung.reps <= 20) for rung in PLAN.rungs} == {(3, True)}
    assert [level.number for level in PLAN.levels] == [1, 2, 3]


def test_every_level_has_an_exercise_that_the_camera_judges():
    for level in PLAN.levels:
        assert {choice.name for choice in level.exercises} & set(exercises.names()), level.title


def test_every_exercise_has_a_level():
    placed = {choice.name for level in PLAN.levels for choice in level.exercises}
    trained = {"clamshell", "step-down", "single-leg-squat"}
    assert trained <= placed


def test_the_band_comes_after_twenty_repetitions():
    first = [rung for rung in PLAN.rungs if rung.level == 1]
    at = next(place for place, rung in enumerate(first) if "band" in rung.with_)
    assert first[at - 1].reps == 20 and not first[at - 1].with_


def test_only_exercises_of_the_present_level_are_trained_now():
    start = Step("me", datetime(2026, 11, 2), StepKind.START, "2.1")
    assert trained_now(PLAN, [start], "step-down") is PLAN
    assert trained_now(PLAN, [start], "clamshell") is None
    assert trained_now(PLAN, [], "step-down") is None


def test_a_ladder_that_falls_is_refused():
    with pytest.raises(ValueError, match="rise"):
        replace(PLAN, rungs=tuple(reversed(PLAN.rungs)))
    with pytest.raises(ValueError, match="share a name"):
        Programme(PLAN.levels, (*PLAN.rungs, PLAN.rungs[-1]), PLAN.limits)
    with pytest.raises(ValueError, match="rise"):
        replace(PLAN, rungs=(Rung("1.1", 1, 3, 15, "", "[P]"),))


def test_the_ends_of_the_ladder_have_nothing_beyond():
    assert PLAN.beside(PLAN.rungs[0], -1) is None
    assert PLAN.beside(PLAN.rungs[-1], 1) is None
    assert PLAN.beside(PLAN.rungs[0], 1) == PLAN.rungs[1]


def test_everything_that_can_be_decided_has_words():
    import inspect

    from glutecam.core import programme_wording as words

    for kind, function in (
        (Reason, words.offer_in_words),
        (Now, words.now_in_words),
        (Condition, words.check_in_words),
    ):
        text = inspect.getsource(function)
        missing = [member.name for member in kind if f"{kind.__name__}.{member.name}" not in text]
        assert not missing
