"""Findings are invented, and the filled-in sheet is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glutecam import exercises
from glutecam.core.assessment import Band, Finding, Rep, Side
from glutecam.core.filled_sheet import Answer
from glutecam.core.rules import FrameRule
from glutecam.core.scales import Grade, Item, Kind, Occurs, Scale, Sign
from glutecam.core.scoring import bands_of
from glutecam.core.sheets import sheets_of

STEP_DOWN = exercises.get("step-down")
SQUAT = exercises.get("single-leg-squat")

YES, NO, OPEN, UNSEEN = Answer.YES, Answer.NO, Answer.OPEN, Answer.UNSEEN


def value_of(rule, answer: Answer) -> tuple[float, float]:
    """Return a value and its ± that give this answer for a rule, from good's end on as from the fault's."""
    fault = bands_of(rule, strict=False).fault
    if isinstance(rule, FrameRule):
        edge, outwards = fault, 1.0
    else:
        low, high = rule.bounds
        if answer is NO and max(abs(low), abs(high)) < 1e9:
            return 0.5 * (low + high), 0.1 * fault
        edge, outwards = (high + fault, 1.0) if high < 1e9 else (low - fault, -1.0)
    size = max(abs(edge), 1.0)
    shift = {YES: 0.5, NO: -0.6, OPEN: 0.0}[answer] * size
    return edge + outwards * shift, (0.5 if answer is OPEN else 0.1) * size


def rep(exercise, number=1, side=Side.RIGHT, **answers: Answer) -> Rep:
    """Return a repetition with these answers; every other rule denies its fault."""
    found = []
    for rule in (*exercise.rules, *exercise.noted):
        value, half = value_of(rule, answers.get(rule.code, NO))
        found.append(Finding(rule.code, value, half, Band.OK, 0))
    judged = len(exercise.rules)
    return Rep(
        number, 0, 10, 0.0, 1.0, side, tuple(found[:judged]), noted=tuple(found[judged:])
    )  # fmt: skip


def sheet(exercise, *reps: Rep, scale: int = 0):
    return sheets_of(exercise, reps, strict=False)[scale]


def marks(sheet, name):
    return [mark for mark in sheet.marks if mark.item == name]


def simple(*items: Item, **changes) -> Scale:
    base = Scale(
        "simple", "Simple, 0 to 3", "Simple", Kind.SUM, items, trials=5, how="Any.", evidence="[P]",
        most=sum(item.most for item in items),
    )  # fmt: skip
    return replace(base, **changes)


def test_what_the_rules_deny_and_what_nobody_sees_leave_a_range():
    clean = sheet(STEP_DOWN, rep(STEP_DOWN))
    blind = sum(
        mark.high for mark in clean.marks if any(sign.answer is UNSEEN for sign in mark.signs)
    )
    assert clean.low == 0
    assert clean.high == blind < clean.most == 6
    assert not any(sign.answer is YES for mark in clean.marks for sign in mark.signs)


@pytest.mark.parametrize(
    ("code", "item"),
    [
        ("GC101", "Pelvis plane"),
        ("GC102", "Trunk alignment"),
        ("GC104", "Knee position"),
        ("GC107", "Steady stance"),
    ],
)
def test_a_fault_in_one_repetition_of_five_gives_its_point(code, item):
    clean = [rep(STEP_DOWN, number) for number in (1, 2, 4, 5)]
    before = sheet(STEP_DOWN, *clean, rep(STEP_DOWN, 3))
    after = sheet(STEP_DOWN, *clean, rep(STEP_DOWN, 3, **{code: YES}))
    (mark,) = marks(after, item)
    assert after.low == before.low + 1
    assert mark.low == 1
    assert mark.signs[0].answer is YES and mark.signs[0].reps == (3,)
    assert mark.signs[0].reading.code == code


def test_a_level_is_lost_where_good_ends():
    (sure,) = marks(sheet(STEP_DOWN, at(STEP_DOWN, "GC101", 9.0)), "Pelvis plane")
    (edge,) = marks(sheet(STEP_DOWN, at(STEP_DOWN, "GC101", 7.5)), "Pelvis plane")
    (lean,) = marks(sheet(STEP_DOWN, at(STEP_DOWN, "GC102", 9.0)), "Trunk alignment")
    assert [mark.signs[0].answer for mark in (sure, edge, lean)] == [YES, OPEN, NO]


def at(exercise, code, value) -> Rep:
    """Return a clean repetition in which one rule reads a value, ± 0.5."""
    clean = rep(exercise)
    found = tuple(
        replace(one, value=value, half_width=0.5) if one.code == code else one
        for one in clean.findings
    )
    return replace(clean, findings=found)


def test_what_could_not_be_told_is_open_and_widens_the_range():
    clean = sheet(STEP_DOWN, rep(STEP_DOWN))
    unsure = sheet(STEP_DOWN, rep(STEP_DOWN, 1), rep(STEP_DOWN, 2, GC101=OPEN))
    (mark,) = marks(unsure, "Pelvis plane")
    assert (mark.low, mark.high) == (0, 1)
    assert mark.signs[0].answer is OPEN and mark.signs[0].open_reps == (2,)
    assert (unsure.low, unsure.high) == (clean.low, clean.high + 1)
    assert "to" in unsure.result and not unsure.decided


def test_a_fault_elsewhere_settles_what_one_repetition_leaves_open():
    found = sheet(STEP_DOWN, rep(STEP_DOWN, 1, GC101=OPEN), rep(STEP_DOWN, 2, GC101=YES))
    (mark,) = marks(found, "Pelvis plane")
    assert (mark.low, mark.high) == (1, 1)


def test_what_was_not_seen_is_never_taken_for_a_no():
    unseen = replace(rep(STEP_DOWN), findings=(), noted=())
    hidden = replace(unseen, findings=(Finding("GC101", float("nan"), 3.0, Band.INCONCLUSIVE, 0),))
    found = sheet(STEP_DOWN, hidden)
    assert (found.low, found.high) == (0, 6)
    assert marks(found, "Pelvis plane")[0].signs[0].answer is OPEN


def test_repetitions_that_were_not_judged_make_no_sheet():
    assert sheets_of(STEP_DOWN, [replace(rep(STEP_DOWN), findings=())], strict=False) == ()
    assert sheets_of(exercises.get("clamshell"), [], strict=False) == ()


def test_each_side_has_a_sheet_of_its_own():
    right = rep(STEP_DOWN, 1, Side.RIGHT, GC101=YES)
    both = sheets_of(STEP_DOWN, [right, rep(STEP_DOWN, 2, Side.LEFT)], strict=False)
    assert {one.side: one.low for one in both} == {Side.RIGHT: 1, Side.LEFT: 0}


def test_the_worse_sign_takes_the_place_of_the_lesser():
    knee = Item("Knee", (Sign("a little", ("GC104",)), Sign("much", ("GC101",), points=2)))
    exercise = replace(STEP_DOWN, scales=(simple(knee),), noted=())
    for lesser, worse, points in ((NO, NO, 0), (YES, NO, 1), (YES, YES, 2), (NO, YES, 2)):
        found = sheet(exercise, rep(exercise, GC104=lesser, GC101=worse))
        assert (found.low, found.high) == (points, points)


@pytest.mark.parametrize(
    ("occurs", "faults", "of", "points"),
    [
        (Occurs.ANY, 1, 5, 1),
        (Occurs.MOST, 2, 4, 0),
        (Occurs.MOST, 3, 4, 1),
        (Occurs.EVERY, 4, 5, 0),
        (Occurs.EVERY, 5, 5, 1),
    ],
)
def test_in_how_many_repetitions_a_sign_must_be_seen(occurs, faults, of, points):
    item = Item("Pelvis", (Sign("drops", ("GC101",)),), occurs=occurs)
    exercise = replace(STEP_DOWN, scales=(simple(item),), noted=())
    reps = [rep(exercise, i + 1, GC101=YES if i < faults else NO) for i in range(of)]
    found = sheet(exercise, *reps)
    assert found.low == found.high == points


def test_a_value_too_high_is_not_one_too_low():
    item = Item("Depth", (Sign("not deep enough", ("GC105",), below=True),))
    exercise = replace(SQUAT, scales=(simple(item),), noted=())
    base = rep(exercise)

    def with_depth(value):
        found = tuple(replace(f, value=value, half_width=2.0) if f.code == "GC105" else f
                      for f in base.findings)  # fmt: skip
        return sheet(exercise, replace(base, findings=found)).low

    assert [with_depth(value) for value in (40.0, 70.0, 110.0)] == [1, 0, 0]


def test_a_sign_may_begin_where_good_ends():
    sign = Sign("a little", ("GC101",), from_good=True)
    exercise = replace(STEP_DOWN, scales=(simple(Item("Pelvis", (sign,))),), noted=())
    base = rep(exercise)

    def with_drop(value):
        found = tuple(replace(f, value=value, half_width=0.5) if f.code == "GC101" else f
                      for f in base.findings)  # fmt: skip
        made = sheet(exercise, replace(base, findings=found))
        return made.low, made.high

    assert [with_drop(value) for value in (5.0, 7.5, 9.0, 20.0)] == [(0, 0), (0, 1), (1, 1), (1, 1)]


def test_readings_have_values_and_no_total():
    stance = exercises.get("single-leg-stance")
    found = sheet(stance, rep(stance, GC602=YES))
    assert (found.low, found.high, found.grades, found.result) == (None, None, (), "")
    (fall,) = marks(found, "Time to fall")
    assert fall.signs[0].answer is YES and fall.signs[0].reading.code == "GC602"


def test_three_signs_are_as_many_as_there_can_be():
    lying = exercises.get("side-lying-hip-abduction")
    found = sheet(lying, rep(lying, GC201=YES, GC204=YES, GC205=YES, GC206=YES))
    assert (found.low, found.high) == (3, 3)
    assert sheet(lying, rep(lying, GC201=YES, GC205=YES)).low == 1


def test_what_the_whole_set_showed_answers_too():
    item = Item("Width", (Sign("changes", ("GC101",)),))
    exercise = replace(STEP_DOWN, scales=(simple(item),), noted=())
    bare = replace(rep(exercise), findings=rep(exercise).findings[1:])
    value, half = value_of(exercise.rule("GC101"), YES)
    of_set = (Finding("GC101", value, half, Band.FAULT, 0),)
    assert sheets_of(exercise, [bare], False, of_set)[0].low == 1


def test_grades_are_all_that_are_still_possible():
    two = Item("Two", (Sign("unseen", points=2),), unseen="Not seen.")
    one = Item("One", (Sign("drops", ("GC101",)),))
    scale = simple(one, two, grades=(Grade(0, "good"), Grade(1, "medium"), Grade(3, "poor")))
    exercise = replace(STEP_DOWN, scales=(scale,), noted=())
    assert sheet(exercise, rep(exercise)).grades == ("good", "medium", "poor")
    found = sheet(exercise, rep(exercise, GC101=YES))
    assert found.grades == ("medium", "poor")
    assert found.result == "1 to 3 of 3 (medium or poor)"


def domains(*signs: tuple[str, ...]):
    items = tuple(
        Item(f"D{i}", tuple(Sign(code, (code,)) for code in codes)) for i, codes in enumerate(signs)
    )
    grades = (Grade(0, "good"), Grade(0, "fair"), Grade(0, "poor"))
    scale = Scale("d", "D", "D", Kind.DOMAINS, items, 5, "[R]", "[R]", grades=grades)
    return replace(SQUAT, scales=(scale,), noted=())


DOMAINS = domains(
    ("GC101", "GC103"), ("GC102", "GC106"), ("GC104", "GC106"), ("GC105",), ("GC107",)
)


@pytest.mark.parametrize(
    ("faults", "grades"),
    [
        ({}, ("good",)),
        ({"GC101": YES}, ("good",)),
        ({"GC101": YES, "GC102": YES}, ("fair",)),
        ({"GC101": YES, "GC103": YES}, ("poor",)),
        ({"GC107": YES}, ("poor",)),
        ({"GC107": OPEN}, ("good", "poor")),
        ({"GC101": YES, "GC102": OPEN}, ("good", "fair")),
        ({"GC101": YES, "GC102": YES, "GC103": OPEN}, ("fair", "poor")),
    ],
)
def test_good_fair_or_poor_from_domains(faults, grades):
    assert sheet(DOMAINS, rep(DOMAINS, **faults)).grades == grades


def test_a_domain_is_failed_by_every_sign_in_every_repetition_only():
    bad, clean = rep(DOMAINS, 1, GC107=YES), rep(DOMAINS, 2)
    assert sheet(DOMAINS, bad, clean).grades == ("good",)
    assert sheet(DOMAINS, bad, replace(bad, number=2)).grades == ("poor",)


ANSWERS = st.sampled_from([YES, NO, OPEN])
ALL = [e for e in exercises.all_exercises() if e.scales]
RANK = {"good": 0, "medium": 1, "fair": 1, "poor": 2}


@given(st.data())
def test_a_fault_more_never_makes_it_better(data):
    exercise = data.draw(st.sampled_from(ALL))
    codes = [rule.code for rule in (*exercise.rules, *exercise.noted)]
    drawn = [data.draw(st.fixed_dictionaries(dict.fromkeys(codes, ANSWERS))) for _ in range(2)]
    worse = [dict(answers) for answers in drawn]
    worse[data.draw(st.integers(0, 1))][data.draw(st.sampled_from(codes))] = YES
    before, after = (
        sheets_of(exercise, [rep(exercise, i, **a) for i, a in enumerate(each, 1)], strict=False)
        for each in (drawn, worse)
    )
    for one, other in zip(before, after, strict=True):
        if one.low is not None:
            assert other.low >= one.low
        if one.grades:
            assert RANK[other.grades[0]] >= RANK[one.grades[0]]


@given(st.data())
def test_the_range_holds_what_the_open_answers_turn_out_to_be(data):
    exercise = data.draw(st.sampled_from(ALL))
    codes = [rule.code for rule in (*exercise.rules, *exercise.noted)]
    answers = data.draw(st.fixed_dictionaries(dict.fromkeys(codes, ANSWERS)))
    told = {
        c: data.draw(st.sampled_from([YES, NO])) if a is OPEN else a for c, a in answers.items()
    }
    ranges = sheets_of(exercise, [rep(exercise, **answers)], strict=False)
    for wide, narrow in zip(
        ranges, sheets_of(exercise, [rep(exercise, **told)], strict=False), strict=True
    ):
        if wide.low is not None:
            assert wide.low <= narrow.low <= narrow.high <= wide.high
        assert set(narrow.grades) <= set(wide.grades)


UNKNOWN = Item("X", (Sign("a", ("GC999",)),))


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Item("Empty", ()),
        lambda: Item("Silent", (Sign("unseen"),)),
        lambda: Item("Silent", (Sign("half seen", ("GC101",), whole=False),)),
        lambda: simple(Item("One", (Sign("a", ("GC101",)),)), most=2),
        lambda: simple(Item("One", (Sign("a", ("GC101",)),)), grades=(Grade(0, "good"),)),
        lambda: replace(STEP_DOWN, scales=(simple(UNKNOWN),)),
        lambda: replace(STEP_DOWN, scales=()),
    ],
)
def test_a_scale_that_cannot_be_filled_in_is_refused(broken):
    with pytest.raises(ValueError):
        broken()
