"""The history in a real PostgreSQL: many writers, killed connections, older and newer schemas."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from program import ROOT, environment
from records.batch_rows import clip_cells, stored_sets
from records.postgres import binaries, server
from sets import make_set
from sqlalchemy import create_engine, insert, inspect, text

from glutecam.errors import HistoryError, InputError
from glutecam.records import rows
from glutecam.records.batch_store import BatchStore
from glutecam.records.database import connected
from glutecam.records.history import History
from glutecam.records.migrations import migrate
from glutecam.records.tables import METADATA, SCHEMA_VERSION, SETS, VERSION

pytestmark = [pytest.mark.slow, pytest.mark.realtime]
WRITERS, EACH = 4, 25
"""Half of the keys are written by every writer, half by one alone."""

WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from dataclasses import replace
from sets import make_set
from glutecam.errors import InputError
from glutecam.records.history import History
sys.stdin.readline()
with History.open(sys.argv[2]) as history:
    for number in range(int(sys.argv[4])):
        shared = number % 2 == 0
        key = f"shared-{number}" if shared else f"{sys.argv[3]}-{number}"
        try:
            history.add(replace(make_set(), key=key))
        except InputError as err:
            assert shared and "kept already, as number" in str(err), err
print("done")
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    if binaries() is None:
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql)")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed: pip install 'glutecam[postgres]'")
    with server() as address:
        yield address


@pytest.fixture
def place(postgres: str) -> Iterator[str]:
    """An empty database of its own."""
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = create_engine(f"{postgres}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{postgres}/{name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def number_of(place: str, table: str = "glutecam_sets") -> int:
    engine = create_engine(place)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return int(found)


def all_at_once(code: str, place: str, names: list[str]) -> None:
    """Run a process of each name, which are let go together once all of them are there."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(ROOT / "tests"), place, name, str(EACH)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment(),
        )
        for name in names
    ]  # fmt: skip
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        out, err = process.communicate(timeout=600)
        assert out == "done\n", err


def test_what_is_kept_comes_back(place):
    record = replace(make_set(), consent=True)
    with History.open(place) as history:
        number = history.add(record)
    with History.open(place) as history:
        assert history.get(number) == replace(record, number=number)
        history.delete([number])
        assert history.sets() == []
    assert number_of(place, "glutecam_findings") == 0


def test_the_migrations_make_the_tables_that_the_program_uses(place):
    History.open(place).close()
    engine = create_engine(place)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION.name})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_writers_at_once_lose_nothing_and_double_nothing(place):
    """They also all find an empty database, and one of them makes the tables."""
    all_at_once(WRITER, place, [str(name) for name in range(WRITERS)])
    shared = (EACH + 1) // 2
    assert number_of(place) == shared + WRITERS * (EACH - shared)
    reps = len(make_set().reps)
    assert number_of(place, "glutecam_reps") == number_of(place) * reps


def test_the_same_set_is_kept_once(place):
    record = make_set()
    with History.open(place) as history:
        first = history.add(record)
        with pytest.raises(InputError, match=f"as number {first}"):
            history.add(record)


def test_a_connection_that_was_killed_while_idle_is_made_again(place):
    with History.open(place) as history:
        history.add(make_set())
        assert killed(place) >= 1
        history.add(make_set())
        assert history.count() == 2


def test_a_connection_that_is_killed_in_the_middle_leaves_nothing_half_written(place):
    with History.open(place) as history:
        with (
            pytest.raises(HistoryError) as caught,
            connected(history._engine, writes=True) as connection,
        ):
            connection.execute(insert(SETS).values(rows.set_row(make_set())))
            killed(place)
            connection.execute(insert(SETS).values(rows.set_row(make_set())))
        assert "cannot be used" in str(caught.value)
        assert history.count() == 0
        history.add(make_set())
        assert history.count() == 1


def killed(place: str) -> int:
    """End every other connection to the database, as an administrator does; return how many."""
    engine = create_engine(place)
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).all()
    engine.dispose()
    return len(found)


def test_an_older_schema_is_migrated_with_what_is_in_it(place):
    engine = create_engine(place)
    with engine.begin() as connection:
        migrate(connection, "0001")
        there = {column["name"] for column in inspect(connection).get_columns("glutecam_sets")}
        # Schema 1 knows none of the columns that came later.
        row = rows.set_row(make_set())
        cells = {name: value for name, value in row.items() if name in there}
        assert len(cells) < len(row)
        connection.execute(insert(SETS).values(cells))
    with History.open(place) as history:
        [kept] = history.sets()
        assert kept.key == cells["key"] and kept.consent is False
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM glutecam_version")).scalar_one()
        columns = {column["name"] for column in inspect(connection).get_columns("glutecam_sets")}
    engine.dispose()
    assert version == f"{SCHEMA_VERSION:04d}" and "consent" in columns


def test_a_newer_schema_is_refused(place):
    with History.open(place) as history:
        history.add(make_set())
    engine = create_engine(place)
    with engine.begin() as connection:
        connection.execute(text("UPDATE glutecam_version SET version_num = '0099'"))
    engine.dispose()
    with pytest.raises(HistoryError, match="schema 99"):
        History.open(place)
    assert number_of(place) == 1


def test_a_database_with_tables_of_others_takes_ours_beside_them(place):
    engine = create_engine(place)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE patients (name TEXT)"))
    engine.dispose()
    with History.open(place) as history:
        history.add(make_set())
    assert number_of(place, "patients") == 0 and number_of(place) == 1


def test_a_server_that_does_not_answer_is_told():
    with pytest.raises(HistoryError, match="server does not answer"):
        History.open("postgresql+psycopg://nobody@127.0.0.1:9/none")


# Results of batches

PUTTER = """
import sys
sys.path.insert(0, sys.argv[1])
from records.batch_rows import clip_cells, stored_sets
from glutecam.records.batch_store import BatchStore
sys.stdin.readline()
with BatchStore.open(sys.argv[2]) as store:
    store.begin("shared", "{}")
    store.begin(sys.argv[3], "{}")
    for number in range(int(sys.argv[4])):
        run = "shared" if number % 2 == 0 else sys.argv[3]
        store.put(run, clip_cells(f"clip-{number}"), stored_sets(2))
print("done")
"""


def test_batches_that_write_at_once_lose_nothing_and_double_nothing(place):
    all_at_once(PUTTER, place, [f"run-{name}" for name in range(WRITERS)])
    shared = (EACH + 1) // 2
    clips = shared + WRITERS * (EACH - shared)
    assert number_of(place, "glutecam_batch_runs") == 1 + WRITERS
    assert number_of(place, "glutecam_batch_clips") == clips
    assert number_of(place, "glutecam_batch_sets") == 2 * clips
    assert number_of(place, "glutecam_batch_reps") == 2 * 3 * clips
    assert number_of(place, "glutecam_batch_findings") == 2 * 3 * 2 * clips


def test_a_batch_goes_on_when_its_connection_is_killed(place):
    with BatchStore.open(place) as store:
        store.begin("run", "{}")
        store.put("run", clip_cells("first"), stored_sets(1))
        assert killed(place) >= 1
        store.put("run", clip_cells("second"), stored_sets(1))
        with (
            pytest.raises(HistoryError),
            connected(store._engine, writes=True) as connection,
        ):
            connection.execute(text("DELETE FROM glutecam_batch_clips"))
            killed(place)
            connection.execute(text("SELECT 1"))
        assert set(store.known("run")) == {"first", "second"}
        store.end("run", ["second"])
        assert set(store.known("run")) == {"second"}
    assert number_of(place, "glutecam_batch_findings") == 3 * 2


def test_batches_find_older_tables_migrated_and_newer_ones_refused(place):
    engine = create_engine(place)
    with engine.begin() as connection:
        migrate(connection, "0004")
    with BatchStore.open(place) as store:
        store.begin("run", "{}")
        store.put("run", clip_cells("a"), stored_sets(1))
    with engine.begin() as connection:
        connection.execute(text("UPDATE glutecam_version SET version_num = '0099'"))
    engine.dispose()
    with pytest.raises(HistoryError, match="schema 99"):
        BatchStore.open(place)
    assert number_of(place, "glutecam_batch_clips") == 1


def test_a_subject_who_is_forgotten_is_in_no_batch_either(place):
    with BatchStore.open(place) as store:
        store.begin("run", "{}")
        store.put("run", {**clip_cells("a"), "subject": "P07"}, stored_sets(1))
        store.put("run", {**clip_cells("b"), "subject": "P08"}, stored_sets(1))
    with History.open(place) as history:
        history.forget("P07")
    assert number_of(place, "glutecam_batch_clips") == 1
    assert number_of(place, "glutecam_batch_reps") == 3
