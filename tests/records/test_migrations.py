"""Old histories are brought to the tables of today, whole or not at all."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from program import environment
from sets import make_set

from glutecam.errors import HistoryError
from glutecam.records import migrations
from glutecam.records.database import connected, engine_of, prepare, url_of
from glutecam.records.history import History
from glutecam.records.tables import METADATA, SCHEMA_VERSION, VERSION

FIRST = Path(__file__).with_name("history-0001.sql")
"""A history that was written by the program when its schema was 1."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    place = tmp_path / "history.sqlite"
    plain = sqlite3.connect(place)
    plain.executescript(FIRST.read_text(encoding="utf-8"))
    plain.close()
    return place


def version(place: Path) -> str:
    plain = sqlite3.connect(place)
    [(number,)] = plain.execute("SELECT version_num FROM glutecam_version").fetchall()
    plain.close()
    return str(number)


def test_a_history_of_schema_1_is_read_by_todays_program(old):
    with History.open(old) as history:
        [kept] = history.sets()
        [step] = history.steps()
        assert history.add(make_set()) == 2
    assert kept.key == "kept-by-schema-1" and len(kept.reps) == 15
    assert kept.provenance.own_bands == ()
    assert kept.consent is False and step.note == "from schema 1"
    assert version(old) == f"{SCHEMA_VERSION:04d}"


def test_the_migrations_make_the_tables_that_the_program_uses(tmp_path):
    engine = engine_of(url_of(tmp_path / "new.sqlite"))
    prepare(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION.name})
        assert compare_metadata(context, METADATA) == []


def test_an_old_history_ends_with_the_same_tables_as_a_new_one(old, tmp_path):
    new = tmp_path / "new.sqlite"
    for place in (old, new):
        History.open(place).close()

    def tables(place: Path) -> dict[str, list[tuple[object, ...]]]:
        plain = sqlite3.connect(place)
        names = [
            name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        found = {name: plain.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
        plain.close()
        return found

    assert tables(old) == tables(new)


def test_the_numbers_follow_each_other_up_to_the_programs_own():
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    numbers = [step.revision for step in script.walk_revisions()][::-1]
    assert numbers == [f"{number:04d}" for number in range(1, SCHEMA_VERSION + 1)]


def test_a_migration_that_fails_leaves_the_old_history_as_it_was(old, monkeypatch):
    before = old.read_bytes()

    def fails(connection, revision="head"):
        migrate(connection, revision)
        raise HistoryError("the power went")

    migrate = migrations.migrate
    monkeypatch.setattr(migrations, "migrate", fails)
    with pytest.raises(HistoryError, match="power"):
        History.open(old)
    assert version(old) == "0001"
    assert "consent" not in str(
        sqlite3.connect(old).execute("SELECT sql FROM sqlite_master").fetchall()
    )
    monkeypatch.undo()
    assert len(before) <= old.stat().st_size
    with History.open(old) as history:
        assert len(history.sets()) == 1


OPENER = """
import sys
from glutecam.records.history import History
sys.stdin.readline()
with History.open(sys.argv[1]) as history:
    print(len(history.sets()))
"""


def test_processes_that_meet_an_old_history_at_once_migrate_it_once(old):
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(old)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        )
        for _ in range(3)
    ]  # fmt: skip
    for opener in openers:
        opener.stdin.write("\n")
        opener.stdin.flush()
    assert [opener.communicate(timeout=300) for opener in openers] == [("1\n", "")] * 3


def test_a_history_of_today_is_opened_without_alembic(tmp_path):
    place = tmp_path / "history.sqlite"
    History.open(place).close()
    code = (
        "import sys; from glutecam.records.history import History; "
        f"History.open({str(place)!r}); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout == "False\n"


def test_sets_done_before_a_day_are_purged(tmp_path):
    from datetime import timedelta

    first = make_set()
    later = make_set(done=first.done + timedelta(days=30))
    with History.open(tmp_path / "h.sqlite") as history:
        for record in (first, later):
            history.add(record)
        limit = first.done + timedelta(days=1)
        assert [record.key for record in history.purge(limit, dry_run=True)] == [first.key]
        assert history.count() == 2
        assert [record.key for record in history.purge(limit)] == [first.key]
        assert [record.key for record in history.sets()] == [later.key]
        with connected(history._engine) as connection:
            left = connection.exec_driver_sql("SELECT DISTINCT set_id FROM glutecam_reps").all()
    assert left == [(2,)]
