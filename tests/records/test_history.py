from __future__ import annotations

import math
import os
import sqlite3
import stat
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from builders import make_assessment, make_exercise
from sets import MONDAY, UNSURE, make_session, make_set

from glutecam.core.assessment import Band, Finding, Side, Verdict
from glutecam.core.programme import Step, StepKind
from glutecam.core.rules import OwnBands
from glutecam.core.sets import Felt, Load, SetRecord, SourceKind, set_of
from glutecam.errors import InputError, SettingsError
from glutecam.records.database import HISTORY_VARIABLE, default_place, url_of
from glutecam.records.history import History
from glutecam.records.history_export import history_csv
from glutecam.records.rows import rep_rows
from glutecam.records.tables import METADATA, SCHEMA_VERSION
from glutecam.web.shown import set_shown


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "new" / "history.sqlite"


def whole_set() -> SetRecord:
    """A set with everything that can be in one: attempts, faults, what was not seen, words."""
    felt = Felt(2, 3, Load.parse("2.5 kg, red band"), "tired; = 1+1, ± 3°")
    whole = make_assessment()
    own = (
        OwnBands("pelvic-drop", (("ok", 5.0), ("fault", 9.0)), (("ok", 7.5), ("fault", 11.0))),
        OwnBands("depth", (("low", 55.0), ("high", math.inf)), (("low", 60.0), ("high", 90.0))),
    )
    noted = Finding("GC183", 5.0, 3.9, Band.INCONCLUSIVE, 80, (Band.OK, Band.WATCH))
    of_set = (
        Finding("GC501", 0.31, 0.07, Band.FAULT, 300, (Band.FAULT,)),
        Finding("GC502", math.nan, math.nan, Band.INCONCLUSIVE, 0),
    )
    judged = replace(
        whole,
        provenance=replace(whole.provenance, own_bands=own),
        reps=tuple(replace(rep, noted=(noted,)) for rep in whole.reps),
        findings=of_set,
    )
    done = datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=timezone(timedelta(hours=-9.5)))
    return set_of(judged, make_exercise(), done=done, source=SourceKind.VIDEO, felt=felt)


def kept(place: Path, *records: SetRecord) -> list[SetRecord]:
    with History.open(place) as history:
        for record in records:
            history.add(record)
        return history.sets()


def test_what_goes_in_comes_out(place):
    record = whole_set()
    (back,) = kept(place, record)
    assert back.number == 1
    assert repr(replace(back, number=None)) == repr(record)


def test_what_was_not_seen_comes_out_as_not_seen(place):
    record = make_set(bands=(UNSURE,), values=[math.nan], pm=math.nan, pain=(None, None))
    (back,) = kept(place, record)
    (finding,) = back.findings("GC201")
    assert math.isnan(finding.value) and math.isnan(finding.half_width)
    assert back.felt == Felt()


def test_findings_keep_the_order_of_the_rules(place):
    record = whole_set()
    (back,) = kept(place, record)
    codes = [finding.code for finding in back.reps[0].findings]
    assert codes == ["pelvic-drop", "trunk-lean", "knee-in", "depth"]


def test_numbers_of_numpy_are_taken_too(place):
    import numpy as np

    record = replace(make_set(), score=np.float32(88.0), coverage=np.float64(0.5))
    (back,) = kept(place, record)
    assert (back.score, back.coverage) == (88.0, 0.5)


def test_the_same_set_is_kept_once(place):
    record = make_set()
    with History.open(place) as history:
        number = history.add(record)
        with pytest.raises(InputError, match=f"number {number}"):
            history.add(record)
        assert len(history.sets()) == 1


def test_sets_are_found_by_what_is_asked_for(place):
    sets = [
        *make_session(0),
        *make_session(2, exercise="step-down"),
        make_set(MONDAY + timedelta(days=1), subject="P07"),
    ]
    with History.open(place) as history:
        for record in reversed(sets):
            history.add(record)
        assert len(history.sets(subject="me")) == 12
        assert len(history.sets(subject="me", exercise="step-down")) == 6
        assert len(history.sets(since=MONDAY + timedelta(days=1))) == 7
        assert len(history.sets(before=MONDAY + timedelta(minutes=5))) == 1
        assert len(history.sets(numbers=[1, 3, 99])) == 2
        assert [r.key for r in history.sets(last=2)] == [r.key for r in history.sets()[-2:]]
        assert history.count() == 13 and history.count(subject="P07") == 1
        assert history.count(exercise="step-down", since=MONDAY + timedelta(days=3)) == 0
        times = [record.done for record in history.sets()]
        assert times == sorted(times)
        assert history.subjects() == [("P07", 1), ("me", 12)]


def test_times_are_found_across_time_zones(place):
    early = make_set(datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=9))))
    late = make_set(datetime(2026, 3, 2, 1, 0, tzinfo=timezone.utc))
    with History.open(place) as history:
        for record in (late, early):
            history.add(record)
        assert [record.key for record in history.sets()] == [early.key, late.key]
        since = datetime(2026, 3, 2, 0, 0, tzinfo=timezone.utc)
        assert [record.key for record in history.sets(since=since)] == [late.key]


def test_how_it_felt_can_be_said_later(place):
    with History.open(place) as history:
        number = history.add(make_set(pain=(None, None)))
        felt = Felt(1, 4, Load(5.0), "better")
        history.say(number, felt)
        assert history.get(number).felt == felt
        with pytest.raises(InputError, match="no set 99"):
            history.say(99, felt)


def test_a_set_that_is_not_there_is_named(place):
    with History.open(place) as history, pytest.raises(InputError, match="no set 7"):
        history.get(7)


def test_deleting_takes_all_or_nothing(place):
    with History.open(place) as history:
        numbers = [history.add(make_set()) for _ in range(3)]
        with pytest.raises(InputError, match="no set 99"):
            history.delete([numbers[0], 99])
        assert len(history.sets()) == 3
        history.delete(numbers[:2])
        assert [record.number for record in history.sets()] == numbers[2:]
        assert history.add(make_set()) > numbers[2]


def test_a_number_is_not_given_twice(place):
    with History.open(place) as history:
        last = history.add(make_set())
        history.delete([last])
        assert history.add(make_set()) == last + 1


def test_nothing_of_a_deleted_set_is_left(place):
    secret = "Schulterschmerz-nach-Sturz"
    record = replace(make_set(), felt=Felt(note=secret))
    with History.open(place) as history:
        number = history.add(record)
        history.delete([number])
    with sqlite3.connect(place) as plain:
        counts = {
            t: plain.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in METADATA.tables
        }
    plain.close()
    assert counts.pop("glutecam_version") == 1
    assert set(counts.values()) == {0}
    left = b"".join(path.read_bytes() for path in place.parent.iterdir())
    assert secret.encode() not in left


def test_a_subject_can_be_forgotten(place):
    with History.open(place) as history:
        for subject in ("P07", "P08"):
            history.add(make_set(subject=subject))
            history.add_step(Step(subject, MONDAY, StepKind.START, "1.1"))
        history.forget("P07")
        assert history.subjects() == [("P08", 1)]
        assert history.steps("P07") == [] and len(history.steps()) == 1


def test_steps_come_back_in_their_order(place):
    steps = [
        Step("me", MONDAY, StepKind.START, "1.1", ""),
        Step("me", MONDAY + timedelta(days=7), StepKind.PROGRESS, "1.2", "earned"),
    ]
    with History.open(place) as history:
        for step in steps:
            history.add_step(step)
        assert history.steps("me") == steps


def test_many_sets_are_read_in_parts(place, monkeypatch):
    monkeypatch.setattr("glutecam.records.history.MOST_AT_ONCE", 4)
    with History.open(place) as history:
        numbers = [history.add(make_set()) for _ in range(10)]
        sets = history.sets()
        assert [len(record.reps) for record in sets] == [15] * 10
        history.delete(numbers)
        assert history.sets() == []


def test_the_file_is_for_its_owner_alone(place):
    kept(place, make_set())
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert [path.name for path in place.parent.iterdir()] == ["history.sqlite"]


def test_the_schema_has_a_number(place):
    kept(place)
    with sqlite3.connect(place) as plain:
        assert plain.execute("SELECT version_num FROM glutecam_version").fetchall() == [
            (f"{SCHEMA_VERSION:04d}",)
        ]
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    plain.close()
    assert SCHEMA_VERSION == 6


def test_every_text_fits_its_column(place):
    """SQLite takes any length, PostgreSQL does not."""
    from glutecam.core.assessment import Band, Pattern, Verdict
    from glutecam.core.programme import StepKind

    words = {
        "band": Band, "pattern": Pattern, "verdict": Verdict, "side": Side, "source": SourceKind,
        "kind": StepKind,
    }  # fmt: skip
    for table in METADATA.tables.values():
        for column in table.columns:
            room = getattr(column.type, "length", None)
            texts = [member.value for member in words.get(column.name, ())]
            assert room is None or all(len(text) <= room for text in texts), column


def test_the_tables_hold_no_pictures_and_no_landmarks():
    tables = METADATA.tables.values()
    names = {column.name for table in tables for column in table.columns}
    assert not {name for name in names if "image" in name or "landmark" in name}
    # Results of a batch are of files, and say which; the history does not.
    history = [table for table in tables if "_batch_" not in table.name]
    assert not {c.name for table in history for c in table.columns if "file" in c.name}


def test_a_history_in_memory_works():
    with History.open("sqlite://") as history:
        assert history.add(make_set()) == 1
        assert len(history.get(1).reps) == 15


def test_the_place_is_option_then_variable_then_the_users_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(HISTORY_VARIABLE, str(tmp_path / "b.sqlite"))
    assert url_of(tmp_path / "a.sqlite").database == str(tmp_path / "a.sqlite")
    assert url_of().database == str(tmp_path / "b.sqlite")
    monkeypatch.delenv(HISTORY_VARIABLE)
    assert url_of().database == str(default_place())
    assert url_of("~/h.sqlite").database == os.path.expanduser("~/h.sqlite")  # noqa: PTH111
    address = "postgresql+psycopg://me:secret@db/glutecam"
    assert url_of(address).get_backend_name() == "postgresql"


@pytest.mark.parametrize("address", ["://", "nothing+known://x", "sqlite+nope:///x"])
def test_an_address_that_is_none_says_what_one_looks_like(address):
    with pytest.raises(SettingsError, match="postgresql"):
        History.open(address)


def test_both_sides_of_one_set_are_kept(place):
    (back,) = kept(place, replace(make_set(), sides=(Side.RIGHT, Side.LEFT)))
    assert back.sides == (Side.RIGHT, Side.LEFT)


def test_a_set_of_older_rules_reads_what_was_kept_of_it(place):
    """Before ruleset 9 "no fault" was no answer: repetitions and verdict of such a set say so both."""
    likely = Finding("GC201", 6.0, 2.0, UNSURE, 30, (Band.OK, Band.WATCH))
    record = make_set(bands=(UNSURE, Band.OK))
    reps = tuple(replace(rep, findings=(likely, rep.findings[1])) for rep in record.reps)
    record = replace(record, reps=reps, verdict=Verdict.INCONCLUSIVE)
    assert record.bands() == [Band.NO_FAULT] * 2
    (new,) = kept(place, record)
    assert new.reps == record.reps
    connection = sqlite3.connect(place)
    connection.execute("UPDATE glutecam_reps SET band = 'inconclusive' WHERE number = 1")
    connection.commit()
    connection.close()
    (old,) = kept(place)
    assert old.bands() == [UNSURE, Band.NO_FAULT] and old.reps[1] == record.reps[1]
    assert [found.code for found in old.reps[0].deciding] == ["GC201"]
    shown = set_shown(old, whole=True)
    assert [rep["band"] for rep in shown["each"]] == ["inconclusive", "no-fault"]
    assert shown["verdict"] == "inconclusive" and shown["bands"]["inconclusive"] == 1
    # What is copied on is what was kept, not what these rules would say.
    assert rep_rows(1, old)[0]["band"] == "inconclusive"
    assert ",inconclusive," in history_csv([old]).splitlines()[1]
