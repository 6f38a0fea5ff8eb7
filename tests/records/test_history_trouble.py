"""Two writers, a killed one, a full disk, files of others: nothing is lost and the words help."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from program import ROOT, environment
from sets import make_set

from glutecam.errors import HistoryError
from glutecam.records import database
from glutecam.records.history import History
from glutecam.records.tables import SCHEMA_VERSION

WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from sets import make_set
from dataclasses import replace
from glutecam.records.history import History
from glutecam.records.tables import SCHEMA_VERSION
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[4])):
    with History.open(sys.argv[2]) as history:
        history.add(replace(make_set(), key=f"{sys.argv[3]}-{number}"))
    print("kept", flush=True)
"""

HALF = """
import sys, time
sys.path.insert(0, sys.argv[1])
from sets import make_set
from sqlalchemy import insert
from glutecam.records import rows
from glutecam.records.database import connected
from glutecam.records.history import History
from glutecam.records.tables import SCHEMA_VERSION
from glutecam.records.tables import REPS, SETS
history = History.open(sys.argv[2])
record = make_set()
with connected(history._engine, writes=True) as connection:
    connection.execute(insert(SETS).values(rows.set_row(record)))
    connection.execute(insert(REPS), rows.rep_rows(2, record)[:7])
    print("half", flush=True)
    time.sleep(600)
"""


def process(code: str, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(ROOT / "tests"), *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def assert_sound(place: Path) -> None:
    plain = sqlite3.connect(place)
    assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
    plain.close()


@pytest.mark.realtime
def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path):
    place, each = tmp_path / "history.sqlite", 20
    writers = [process(WRITER, place, name, each) for name in ("a", "b")]
    for writer in writers:
        assert writer.stdout is not None and writer.stdin is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    assert [writer.wait(timeout=1200) for writer in writers] == [0, 0]
    for writer in writers:
        writer.communicate()
    with History.open(place) as history:
        sets = history.sets()
    assert {record.key for record in sets} == {f"{n}-{i}" for n in "ab" for i in range(each)}
    assert {len(record.reps) for record in sets} == {15}
    assert_sound(place)


@pytest.mark.realtime
def test_a_process_killed_while_it_writes_leaves_nothing_half_written(tmp_path):
    place = tmp_path / "history.sqlite"
    with History.open(place) as history:
        history.add(make_set())
    writer = process(HALF, place)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "half\n"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait(timeout=120)
    writer.communicate()
    with History.open(place) as history:
        assert [record.number for record in history.sets()] == [1]
        assert history.add(make_set()) == 2
        assert len(history.get(2).reps) == 15
    assert_sound(place)


@pytest.mark.realtime
def test_processes_killed_at_any_moment_leave_whole_sets(tmp_path):
    place = tmp_path / "history.sqlite"
    for turn in range(4):
        writer = process(WRITER, place, f"turn{turn}", 1000)
        assert writer.stdout is not None and writer.stdin is not None
        writer.stdout.readline()
        writer.stdin.write("\n")
        writer.stdin.flush()
        for _ in range(3 + turn):
            assert writer.stdout.readline() == "kept\n"
        time.sleep(0.007 * turn)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait(timeout=120)
        writer.communicate()
    with History.open(place) as history:
        sets = history.sets()
    assert sets and {len(record.reps) for record in sets} == {15}
    assert {len(rep.findings) for record in sets for rep in record.reps} == {2}
    assert_sound(place)


def test_a_lock_that_is_not_given_up_is_told(tmp_path, monkeypatch):
    place = tmp_path / "history.sqlite"
    History.open(place).close()
    monkeypatch.setattr(database, "WAIT_S", 0.2)
    other = sqlite3.connect(place, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with History.open(place) as history:
        assert history.sets() == []
        with pytest.raises(HistoryError, match="locked") as caught:
            history.add(make_set())
        other.execute("ROLLBACK")
        other.close()
        assert history.add(make_set()) == 1
    assert "Close that program" in str(caught.value) and caught.value.exit_code == 3


def test_a_newer_schema_is_refused_and_left_alone(tmp_path):
    place = tmp_path / "history.sqlite"
    with History.open(place) as history:
        history.add(make_set())
    plain = sqlite3.connect(place)
    plain.execute("UPDATE glutecam_version SET version_num = '0099'")
    plain.commit()
    plain.close()
    before = place.read_bytes()
    with pytest.raises(HistoryError) as caught:
        History.open(place)
    for words in ("schema 99", f"up to {SCHEMA_VERSION}", "Update glutecam", "--db"):
        assert words in str(caught.value)
    assert place.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(tmp_path):
    place = tmp_path / "cookies.sqlite"
    plain = sqlite3.connect(place)
    plain.execute("CREATE TABLE cookies (name TEXT)")
    plain.commit()
    with pytest.raises(HistoryError, match="not a history of glutecam"):
        History.open(place)
    tables = plain.execute("SELECT name FROM sqlite_master").fetchall()
    plain.close()
    assert tables == [("cookies",)]


def test_a_history_that_lost_its_number_is_not_written_to(tmp_path):
    place = tmp_path / "history.sqlite"
    History.open(place).close()
    plain = sqlite3.connect(place)
    plain.execute("DELETE FROM glutecam_version")
    plain.commit()
    plain.close()
    with pytest.raises(HistoryError, match="not a history of glutecam"):
        History.open(place)


def test_a_file_that_is_no_database_is_told(tmp_path):
    place = tmp_path / "notes.txt"
    place.write_text("milk, bread\n" * 500, encoding="utf-8")
    with pytest.raises(HistoryError, match="not a database"):
        History.open(place)
    assert place.read_text(encoding="utf-8").startswith("milk")


def test_a_damaged_history_is_told(tmp_path):
    place = tmp_path / "history.sqlite"
    with History.open(place) as history:
        for _ in range(20):
            history.add(make_set())
    content = bytearray(place.read_bytes())
    content[4096:-4096] = b"\xff" * (len(content) - 8192)
    place.write_bytes(bytes(content))
    with (
        pytest.raises(HistoryError, match=r"damaged|not a database") as caught,
        History.open(place) as history,
    ):
        history.sets()
    assert "copy" in str(caught.value) or "Name the right file" in str(caught.value)


def test_a_folder_and_a_file_in_the_way_are_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for place in (tmp_path, tmp_path / "file" / "history.sqlite"):
        with pytest.raises(HistoryError, match=r"--db|GLUTECAM_HISTORY"):
            History.open(place)


def test_a_full_disk_is_told_and_costs_only_the_last_set(small_disk):
    place = small_disk / "history.sqlite"
    with History.open(place) as history:
        with pytest.raises(HistoryError, match="full") as caught:
            for _ in range(1000):
                history.add(make_set())
        sets = history.sets()
    assert "Free some space" in str(caught.value)
    assert sets and {len(record.reps) for record in sets} == {15}
    assert_sound(place)


def test_a_disk_that_may_only_be_read_is_told(small_disk):
    place = small_disk / "history.sqlite"
    with History.open(place) as history:
        history.add(make_set())
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with (
        pytest.raises(HistoryError, match=r"written to|opened") as caught,
        History.open(place) as history,
    ):
        history.add(make_set())
    assert "writ" in str(caught.value)
    with pytest.raises(HistoryError, match="--db"):
        History.open(small_disk / "other.sqlite")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(HistoryError, match="--db"):
        History.open(folder / "history.sqlite")


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of a process")
def test_a_history_that_could_not_be_written_leaves_no_empty_file(tmp_path: Path) -> None:
    """A limit of the process stands for a disk without room: the first byte cannot be written."""
    resource = pytest.importorskip("resource")
    place, before = tmp_path / "h.sqlite", resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(HistoryError):
            History.open(place)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)
    assert list(tmp_path.iterdir()) == []
