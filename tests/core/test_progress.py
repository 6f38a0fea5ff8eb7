from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sets import FAULT, GOOD, MONDAY, UNSURE, WATCH, make_session, make_set

from glutecam.core import progress
from glutecam.core.assessment import Band, Side, Verdict
from glutecam.core.programme import Standing, Step, StepKind, standing_of
from glutecam.core.programme_wording import moment, now_in_words
from glutecam.core.progress import (
    Condition,
    Move,
    Now,
    Reason,
    full_sets,
    set_should_end,
    today,
    weeks,
)
from glutecam.core.sets import Felt
from glutecam.errors import InputError
from glutecam.exercises import programme

PLAN = programme()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEFORE = MONDAY - HOUR


def standing(rung: str = "1.1") -> Standing:
    return Standing(PLAN.rung(rung), BEFORE, BEFORE)


def decide(plan, where, sets, now=MONDAY + 300 * DAY):
    return progress.decide(plan, where, sets, now)


def unmet(decision) -> set[Condition]:
    return {check.condition for check in decision.checks if not check.met}


def two_sessions(second=(GOOD,) * 15, left=None, **more):
    return [*make_session(0), *make_session(2, bands=second, left=left, **more)]


# A step on


def test_two_clean_sessions_earn_a_step_on():
    decision = decide(PLAN, standing(), two_sessions())
    assert (decision.move, decision.reason) == (Move.PROGRESS, Reason.EARNED)
    assert decision.to == PLAN.rung("1.2")
    assert unmet(decision) == set()
    assert decision.weaker is None


@pytest.mark.parametrize(
    ("sets", "missing"),
    [
        ([], Condition.SESSIONS),
        (make_session(0), Condition.SESSIONS),
        (two_sessions((*[GOOD] * 14, FAULT)), Condition.FAULTS),
        (two_sessions((*[GOOD] * 14, UNSURE)), Condition.TOLD),
        (two_sessions((*[GOOD] * 11, *[WATCH] * 4)), Condition.WATCH),
        (two_sessions((GOOD,) * 14), Condition.FULL),
        (two_sessions(sets=2), Condition.FULL),
        (two_sessions(pain=(0, 3)), Condition.PAIN),
        (two_sessions(pain=(0, None)), Condition.PAIN_SAID),
    ],
)
def test_anything_less_holds(sets, missing):
    decision = decide(PLAN, standing(), sets)
    assert decision.move is Move.HOLD and decision.to is None
    assert missing in unmet(decision)


def test_one_side_alone_never_earns_a_step():
    right = [record for record in two_sessions() if record.sides == (Side.RIGHT,)]
    decision = decide(PLAN, standing(), right)
    assert decision.move is Move.HOLD and unmet(decision) == {Condition.FULL}


def test_the_weaker_side_decides():
    decision = decide(PLAN, standing(), two_sessions(left=(*[GOOD] * 14, FAULT)))
    assert decision.move is Move.HOLD
    assert decision.weaker is Side.LEFT
    shares = {side.side: side.share(Band.FAULT) for side in decision.sides}
    assert shares[Side.RIGHT] == 0 and shares[Side.LEFT] > 0


def test_sets_from_before_the_step_do_not_count():
    later = Standing(PLAN.rung("1.2"), MONDAY + DAY, BEFORE)
    decision = decide(PLAN, later, [*make_session(0, bands=(GOOD,) * 20)])
    assert unmet(decision) == {Condition.SESSIONS, Condition.FULL}


def test_sets_of_another_level_do_not_count():
    sets = [*make_session(0, exercise="step-down"), *make_session(2, exercise="step-down")]
    assert decide(PLAN, standing(), sets).move is Move.HOLD


def test_two_exercises_do_not_add_up_to_one():
    clamshell = make_session(0, sets=2)
    other = make_session(0.02, sets=1, exercise="side-lying-hip-abduction")
    done = full_sets(PLAN, PLAN.rung("1.1"), [*clamshell, *other])
    assert done == {Side.LEFT: 2, Side.RIGHT: 2}


def test_above_the_last_step_there_is_none():
    top = PLAN.rungs[-1]
    sets = [
        record
        for day in (0, 2)
        for record in make_session(day, bands=(GOOD,) * 20, exercise="single-leg-squat")
    ]
    decision = decide(PLAN, Standing(top, BEFORE, BEFORE), sets)
    assert (decision.move, decision.reason, decision.to) == (Move.HOLD, Reason.TOP, None)


@given(st.lists(st.sampled_from([GOOD, WATCH]), min_size=15, max_size=20), st.data())
def test_no_set_with_a_repetition_untold_or_faulty_ever_earns_a_step(bands, data):
    place = data.draw(st.integers(0, len(bands) - 1))
    spoilt = [*bands]
    spoilt[place] = data.draw(st.sampled_from([UNSURE, FAULT]))
    side = data.draw(st.sampled_from(["both", "left"]))
    sets = two_sessions(spoilt if side == "both" else (GOOD,) * 15, left=spoilt)
    assert decide(PLAN, standing(), sets).move is not Move.PROGRESS


# A step back


def test_many_faults_twice_offer_a_step_back():
    bands = (*[GOOD] * 10, *[FAULT] * 5)
    sets = [*make_session(0, bands=bands), *make_session(2, bands=bands)]
    decision = decide(PLAN, standing("1.2"), sets)
    assert (decision.move, decision.reason) == (Move.REGRESS, Reason.FAULTS)
    assert decision.to == PLAN.rung("1.1")


def test_many_faults_on_one_side_are_enough():
    bands = (*[GOOD] * 10, *[FAULT] * 5)
    sets = [*make_session(0, left=bands), *make_session(2, left=bands)]
    assert decide(PLAN, standing("1.2"), sets).reason is Reason.FAULTS


def test_many_faults_once_hold():
    sets = [*make_session(0), *make_session(2, bands=(*[GOOD] * 10, *[FAULT] * 5))]
    assert decide(PLAN, standing("1.2"), sets).move is Move.HOLD


@pytest.mark.parametrize("pain", [(0, 6), (7, None)])
def test_pain_above_the_limit_comes_before_everything(pain):
    decision = decide(PLAN, standing("1.2"), [*make_session(0), *make_session(2, pain=pain)])
    assert (decision.move, decision.reason) == (Move.REGRESS, Reason.PAIN)


def test_pain_at_another_exercise_counts_too():
    sets = [*two_sessions(), make_set(MONDAY + 3 * DAY, exercise="step-down", pain=(0, 8))]
    assert decide(PLAN, standing("1.2"), sets).reason is Reason.PAIN


def test_pain_that_rose_between_sessions_offers_a_step_back():
    sets = [*make_session(0, pain=(1, 1)), *make_session(2, pain=(3, 3))]
    assert decide(PLAN, standing("1.2"), sets).reason is Reason.PAIN_ROSE


def test_below_the_lowest_step_there_is_none():
    decision = decide(PLAN, standing(), make_session(0, pain=(0, 9)))
    assert (decision.move, decision.reason, decision.to) == (Move.HOLD, Reason.PAIN, None)


# Today


def what(sets, after, rung="1.1"):
    return today(PLAN, standing(rung), sets, MONDAY + after)


def test_without_anything_done_there_is_training():
    plan = what([], timedelta())
    assert plan.now is Now.TRAIN and plan.left == {Side.LEFT: 3, Side.RIGHT: 3}


def test_a_session_begun_goes_on_with_what_is_left():
    plan = what(make_session(0)[:3], timedelta(minutes=30))
    assert plan.now is Now.GO_ON and plan.left == {Side.RIGHT: 1, Side.LEFT: 2}


def test_a_whole_session_is_done_for_the_day():
    plan = what(make_session(0), timedelta(minutes=30))
    assert plan.now is Now.DONE and plan.until == make_session(0)[-1].done + DAY


@pytest.mark.parametrize(("hours", "now"), [(20, Now.REST), (24, Now.REST), (25, Now.TRAIN)])
def test_a_day_of_rest_lies_between_two_sessions(hours, now):
    assert what(make_session(0), hours * HOUR).now is now


def test_rest_is_rest_from_every_exercise():
    assert what(make_session(0, exercise="step-down"), 20 * HOUR).now is Now.REST


def test_four_sessions_in_seven_days_are_enough():
    sets = [record for day in (0, 1.5, 3, 4.5) for record in make_session(day)]
    plan = what(sets, 6 * DAY)
    assert plan.now is Now.ENOUGH and plan.until == MONDAY + 7 * DAY
    assert what(sets, 7.1 * DAY).now is Now.TRAIN


@pytest.mark.parametrize("after", [0.1 * DAY, 3 * DAY])
def test_pain_stops_until_a_step_back_is_confirmed(after):
    assert what(make_session(0, pain=(0, 8)), after, "1.2").now is Now.STOP


@pytest.mark.parametrize(
    ("day", "pain", "now", "stops"),
    [
        (-2, (0, 7), 0, True),
        (-2, (7, None), 3, True),
        (-2, (0, 5), 0, False),
        (-2, (0, 7), 6, False),
        (-9, (0, 7), 0, False),
    ],
)
def test_pain_of_the_days_before_the_programme_stops_too(day, pain, now, stops):
    plan = what(make_session(day, pain=pain), now * DAY)
    assert (plan.now is Now.STOP) is stops
    assert (plan.pained is not None) is stops
    # No step is taken back for what was before the first one.
    assert plan.decision.move is Move.HOLD


@pytest.mark.parametrize("later", [HOUR, 2 * DAY, 300 * DAY])
@pytest.mark.parametrize("refused", [False, True])
def test_a_set_that_is_dated_ahead_hides_no_pain_and_counts_nowhere(later, refused):
    hurt = make_session(0, pain=(0, 8))
    if refused:
        hurt = [replace(record, verdict=Verdict.NOT_ASSESSABLE) for record in hurt]
    now = hurt[-1].done + HOUR
    ahead = [replace(record, done=now + later) for record in make_session(0, pain=(0, 0))]
    plan = today(PLAN, standing("1.2"), [*hurt, *ahead], now)
    assert (plan.now, plan.decision.reason) == (Now.STOP, Reason.PAIN)
    assert plan.ahead == len(ahead) and today(PLAN, standing("1.2"), hurt, now).ahead == 0
    assert decide(PLAN, standing("1.2"), [*hurt, *ahead], now).reason is Reason.PAIN
    assert weeks(PLAN, standing("1.2"), ahead, now) == weeks(PLAN, standing("1.2"), [], now)
    # Pain of a set that cannot have been done yet is no reason either, and earns nothing.
    alone = today(PLAN, standing("1.2"), [replace(ahead[0], felt=Felt(0, 9))], now)
    assert alone.now is Now.TRAIN and alone.ahead == 1


def test_what_is_dated_ahead_earns_no_step():
    sets = two_sessions()
    assert decide(PLAN, standing(), sets, MONDAY + 1 * DAY).move is Move.HOLD
    assert decide(PLAN, standing(), sets, MONDAY + 3 * DAY).move is Move.PROGRESS


@pytest.mark.parametrize("start", [11, 30])
def test_pain_is_told_with_the_time_of_the_set_that_had_it(start):
    """The programme began after both sets, or between them."""
    minutes = timedelta(minutes=1)
    hurt = make_set(MONDAY, pain=(0, 8))
    better = make_set(MONDAY + 20 * minutes, pain=(None, 1))
    began = MONDAY + start * minutes
    plan = today(
        PLAN, Standing(PLAN.rung("1.2"), began, began), [hurt, better], MONDAY + 40 * minutes
    )
    assert plan.now is Now.STOP and plan.pained == MONDAY
    assert f"On {moment(MONDAY)} it was above" in now_in_words(PLAN, plan)


def test_a_confirmed_step_back_does_not_send_on_the_session_that_hurt():
    hurt = make_session(0, pain=(0, 8))
    confirmed = replace(standing("1.1"), since=hurt[-1].done + HOUR / 4)
    now = hurt[-1].done + HOUR / 2
    assert today(PLAN, confirmed, hurt, now).now is Now.STOP
    assert today(PLAN, confirmed, hurt, hurt[-1].done + DAY / 2).now is Now.REST
    assert today(PLAN, confirmed, hurt, hurt[-1].done + 2 * DAY).now is Now.TRAIN


def test_a_session_that_went_better_ends_the_stop():
    sets = [*make_session(-2, pain=(0, 7)), *make_session(0, pain=(1, 2))]
    assert what(sets, 2 * DAY).now is Now.TRAIN


def test_a_set_that_was_refused_is_no_session_but_its_pain_counts():
    refused = [
        replace(record, verdict=Verdict.NOT_ASSESSABLE, instruction="Too few pictures.")
        for record in make_session(0)
    ]
    plan = what(refused, 0.01 * DAY)
    assert plan.now is Now.TRAIN and plan.sessions_in_week == 0
    week = weeks(PLAN, standing(), refused, MONDAY + DAY)[0]
    assert (week.sessions, week.reps, week.refused) == (0, 0, 6) and not week.bands
    assert decide(PLAN, standing(), refused).checks[0].found == 0
    hurt = [replace(record, felt=Felt(0, 8)) for record in refused]
    assert what(hurt, 0.01 * DAY).now is Now.STOP


def test_sets_of_the_future_are_not_rested_from():
    assert what(make_session(10), timedelta()).now is Now.TRAIN


# The end of a set


@pytest.mark.parametrize(
    ("bands", "ends"),
    [
        ([], False),
        ([FAULT], False),
        ([FAULT, GOOD, FAULT], False),
        ([GOOD, FAULT, FAULT], True),
        ([FAULT, UNSURE], False),
        ([FAULT, FAULT, GOOD], False),
    ],
)
def test_two_faults_in_a_row_end_the_set(bands, ends):
    assert set_should_end(PLAN, bands) is ends


# Weeks


def test_weeks_count_sessions_and_what_they_read():
    sets = [*make_session(0), *make_session(2), *make_session(8, left=(FAULT,) * 15)]
    shown = weeks(PLAN, standing(), sets, MONDAY + 9 * DAY)
    assert [week.number for week in shown] == list(range(1, 13))
    assert [week.sessions for week in shown[:3]] == [2, 1, 0]
    assert shown[0].reps == 180 and shown[1].bands[FAULT] == 45
    assert [week.number for week in shown if week.is_now] == [2]


def test_weeks_go_on_after_the_last():
    shown = weeks(PLAN, standing(), [], MONDAY + 13 * 7 * DAY)
    assert len(shown) == 14 and shown[-1].is_now


# Where somebody stands


def step(kind: StepKind, rung: str, days: float) -> Step:
    return Step("me", MONDAY + days * DAY, kind, rung)


def test_steps_lead_to_where_somebody_stands():
    steps = [step(StepKind.START, "1.1", 0), step(StepKind.PROGRESS, "1.2", 7)]
    where = standing_of(PLAN, steps)
    assert where == Standing(PLAN.rung("1.2"), MONDAY + 7 * DAY, MONDAY)


def test_a_new_start_counts_its_weeks_anew():
    steps = [step(StepKind.START, "1.1", 0), step(StepKind.START, "2.1", 30)]
    where = standing_of(PLAN, steps)
    assert where is not None and where.started == MONDAY + 30 * DAY
    assert standing_of(PLAN, []) is None


def test_an_unknown_step_names_those_there_are():
    with pytest.raises(InputError, match=r"1\.1, 1\.2"):
        PLAN.rung("4")
    assert PLAN.rung("2") == PLAN.rung("2.1")


def test_feeling_can_be_put_down_later():
    record = make_set().feeling(Felt(1, 2))
    assert record.felt.worst_pain == 2
