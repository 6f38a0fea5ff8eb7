from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import make_assessment, make_exercise
from sets import MONDAY, make_session, make_set

from glutecam.core.assessment import Side
from glutecam.core.sets import (
    SESSION_GAP,
    Felt,
    Load,
    RuleName,
    SourceKind,
    sessions_of,
    set_of,
    subject_of,
)
from glutecam.errors import InputError


@pytest.mark.parametrize(
    ("text", "load"),
    [
        ("5", Load(5.0)),
        ("5 kg", Load(5.0)),
        ("2,5kg", Load(2.5)),
        ("10 lb", Load(4.536)),
        ("3 Pounds, red band", Load(1.361, "red band")),
        ("red band", Load(None, "red band")),
        ("2.5 kg, red band", Load(2.5, "red band")),
        ("red band + 4 KG", Load(4.0, "red band")),
        ("", Load()),
    ],
)
def test_a_load_is_read_as_people_write_it(text, load):
    assert Load.parse(text) == load


def test_a_load_is_written_as_it_is_read():
    assert str(Load.parse("2.5 kg, red band")) == "2.5 kg, red band"
    assert str(Load()) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Felt(pain_before=11),
        lambda: Felt(pain_after=-1),
        lambda: Felt(note="x" * 2001),
        lambda: Load(-1.0),
        lambda: Load(None, "x" * 65),
        lambda: subject_of("  "),
        lambda: subject_of("a\nb"),
        lambda: subject_of("x" * 65),
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InputError):
        wrong()


def test_worst_pain_is_the_higher_of_what_was_said():
    assert Felt(2, 5).worst_pain == 5
    assert Felt(None, 3).worst_pain == 3
    assert Felt().worst_pain is None


def test_a_stop_because_of_pain_is_noted_beside_what_was_said():
    assert not Felt(note="tired").stopped_by_pain
    stopped = Felt(2, note="tired").noting_the_stop()
    assert stopped.stopped_by_pain
    assert (stopped.pain_before, stopped.note) == (2, "Stopped because of pain. tired")
    assert Felt(note="x" * 2000).noting_the_stop().stopped_by_pain


def test_a_set_keeps_the_judgement_and_not_the_signals():
    assessment, exercise = make_assessment(), make_exercise()
    record = set_of(assessment, exercise, done=MONDAY, source=SourceKind.VIDEO, subject=" P07 ")
    assert record.subject == "P07" and record.number is None
    assert record.faults == assessment.faults
    values = [[(f.code, f.value, f.band) for f in rep.findings] for rep in assessment.reps]
    assert [[(f.code, f.value, f.band) for f in rep.findings] for rep in record.reps] == values
    assert record.reps == assessment.reps and record.of_set == assessment.findings
    assert record.rules[0] == RuleName("pelvic-drop", "pelvic drop", "°")
    assert record.bands(Side.RIGHT) == [rep.band for rep in assessment.reps]
    assert record.bands(Side.LEFT) == []
    assert [f.code for f in record.findings("depth")] == ["depth"] * 5
    assert record.rule("gone") == RuleName("gone", "gone", "")
    assert not hasattr(record, "signals")


def test_two_sets_of_the_same_recording_have_different_keys():
    made = [
        set_of(make_assessment(), make_exercise(), done=MONDAY, source=SourceKind.LIVE)
        for _ in range(2)
    ]
    assert made[0].key != made[1].key


def test_a_set_needs_its_offset_from_utc():
    with pytest.raises(ValueError, match="offset"):
        replace(make_set(), done=datetime(2026, 3, 2))


def test_sets_close_in_time_are_one_session():
    sets = [*make_session(0), *make_session(2)]
    first, second = sessions_of(list(reversed(sets)))
    assert first.sets == tuple(sets[:6])
    assert first.began == MONDAY and second.began == MONDAY + timedelta(days=2)


def test_three_hours_part_two_sessions():
    close = make_set(MONDAY + SESSION_GAP - timedelta(minutes=1))
    apart = make_set(MONDAY + SESSION_GAP)
    assert len(sessions_of([make_set(), close])) == 1
    assert len(sessions_of([make_set(), apart])) == 2
    assert sessions_of([]) == []
