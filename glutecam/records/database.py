"""Opening the database of the history, and its troubles in words.

SQLite is told to survive a killed process and a second writer: write-ahead log, every commit on the
disk before it counts, ten seconds of waiting for others, a lock before the first read of a change.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool, StaticPool

from glutecam.address import is_address
from glutecam.closing import Closing
from glutecam.errors import HistoryError, MissingExtraError, SettingsError
from glutecam.records.tables import METADATA, SCHEMA_VERSION, VERSION

__all__ = [
    "HISTORY_VARIABLE",
    "Store",
    "connected",
    "default_place",
    "engine_of",
    "prepare",
    "shown_address",
    "url_of",
]

HISTORY_VARIABLE = "GLUTECAM_HISTORY"
WAIT_S = 10.0
"""So long another writer is waited for."""

_Store = TypeVar("_Store", bound="Store")
_SQLITE = "sqlite"
_WRITES = "glutecam_writes"
_MAKING = 47110815
"""Number of the lock under which PostgreSQL lets the tables be made."""

_TROUBLES = (
    ("is locked", "another program keeps it locked", "Close that program, then run this again."),
    ("is full", "the disk is full", "Free some space, then run this again."),
    ("readonly", "it may not be written to", "Make the file and its folder writable."),
    ("read-only", "it may not be written to", "Make the file and its folder writable."),
    ("unable to open", "it cannot be opened", "Make its folder, and let it be read and written."),
    ("not a database", "it is not a database", "Name the right file."),
    ("malformed", "it is damaged", "Bring it back from a copy, or move it away to begin anew."),
    ("disk i/o", "the disk reports an error", "Look after the disk and its free space."),
    ("could not connect", "its server does not answer", "Start the server, or mend the address."),
    ("connection refused", "its server does not answer", "Start the server, or mend the address."),
)


def default_place() -> Path:
    """Return the file in the user's data folder."""
    return platformdirs.user_data_path("glutecam") / "history.sqlite"


def url_of(place: str | Path | None = None) -> URL:
    """Return the address of a history.

    Parameters
    ----------
    place : str or Path, optional
        A file, or any SQLAlchemy address. Without one ``GLUTECAM_HISTORY``, without that the file
        in the user's data folder.

    Raises
    ------
    SettingsError
        Where an address cannot be understood.
    """
    text = str(place or os.environ.get(HISTORY_VARIABLE) or default_place())
    if not is_address(text):
        return URL.create(_SQLITE, database=str(Path(text).expanduser()))
    try:
        return make_url(text)
    except ArgumentError as err:
        raise SettingsError(
            f"'{text}' is no address of a database. Give a file, such as history.sqlite, or an "
            "address such as postgresql+psycopg://user@host/name."
        ) from err


def engine_of(url: URL) -> Engine:
    """Return the engine for an address; nothing is opened yet.

    Raises
    ------
    HistoryError, SettingsError, MissingExtraError
        Where the folder cannot be made, or the kind of database is not known or not installed.
    """
    try:
        if url.get_backend_name() != _SQLITE:
            return create_engine(url, pool_pre_ping=True)
        # A file is closed after every use; what is in memory alone lives as long as its connection.
        pool = NullPool if _is_file(url) else StaticPool
        engine = create_engine(url, poolclass=pool, connect_args={"timeout": WAIT_S})
    except NoSuchModuleError as err:
        raise SettingsError(
            f"'{url.drivername}' is no kind of database that SQLAlchemy knows. Give a file, or an "
            "address such as postgresql+psycopg://user@host/name."
        ) from err
    except ModuleNotFoundError as err:
        raise MissingExtraError(f"A history at {shown_address(url)}", "postgres") from err
    _make_file(url)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def prepare(engine: Engine) -> None:
    """Make the tables in an empty database, migrate older ones; refuse others' and newer ones.

    Raises
    ------
    HistoryError
        Saying what to do.
    """
    with connected(engine) as connection:
        found = _version(connection)
    if found is None or found < SCHEMA_VERSION:
        with connected(engine, writes=True) as connection:
            _alone(connection)
            found = _migrated(connection)
    if found > SCHEMA_VERSION:
        raise HistoryError(
            f"The history {shown_address(engine.url)} has schema {found}, and this version of glutecam "
            f"knows those up to {SCHEMA_VERSION}: a newer one wrote it. Update glutecam (pip install "
            "--upgrade glutecam), or name another file with --db."
        )


@contextmanager
def connected(engine: Engine, *, writes: bool = False) -> Iterator[Connection]:
    """Give a connection in one transaction: all of it happens, or nothing.

    Raises
    ------
    HistoryError
        In place of whatever the database says.
    """
    try:
        with engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: writes})
            with connection.begin():
                yield connection
    except SQLAlchemyError as err:
        raise _trouble(engine.url, err) from err


def _version(connection: Connection) -> int | None:
    """Return the number of the schema, None in an empty database."""
    names = set(inspect(connection).get_table_names())
    if VERSION.name in names:
        found = connection.scalar(select(VERSION.c.version_num))
        if found is not None and found.isdecimal():
            return int(found)
    strangers = names - set(METADATA.tables)
    if names & set(METADATA.tables) or (strangers and connection.dialect.name == _SQLITE):
        raise HistoryError(
            f"{shown_address(connection.engine.url)} is a database, but not a history of glutecam. Name "
            "another file with --db, which is made where it is not there."
        )
    return None


def _alone(connection: Connection) -> None:
    """Let one process at a time make the tables; SQLite's lock for writing does that already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MAKING})")


def _migrated(connection: Connection) -> int:
    """Bring the tables to this program's schema, unless another process was quicker."""
    found = _version(connection)
    if found is not None and found >= SCHEMA_VERSION:
        return found
    from glutecam.records.migrations import migrate

    migrate(connection)
    return SCHEMA_VERSION


def _is_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:"


def _make_file(url: URL) -> None:
    """Make an empty file that only its owner may read: it will hold health data."""
    if not _is_file(url):
        return
    path = Path(str(url.database))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as err:
        raise HistoryError(
            f"The history {path} cannot be made: {err.strerror}. Choose a folder that may be written "
            f"to, with --db or {HISTORY_VARIABLE}."
        ) from err


def _drop_empty(path: Path) -> None:
    """Take away a file that was begun and into which nothing could be written, as on a full disk."""
    with suppress(OSError):
        if path.stat().st_size == 0:
            path.unlink()


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    """Set up a fresh connection to SQLite."""
    # Transactions are ours to begin, see _begin.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    # What was deleted is overwritten, not only forgotten.
    connection.execute("PRAGMA secure_delete = ON")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        _use_write_ahead_log(connection)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Ask until it is granted: SQLite does not wait by itself where two ask at once."""
    give_up = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as err:
            if "locked" not in str(err) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    """Take the lock for writing at once, so that what is read before a change stays true."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _trouble(url: URL, err: SQLAlchemyError) -> HistoryError:
    said = str(err.orig if isinstance(err, DBAPIError) else err).strip().split("\n")[0].rstrip(".")
    other = ("", f"the database says: {said}", "Mend that, or name another file.")
    known = (trouble for trouble in _TROUBLES if trouble[0] in said.lower())
    _, what, to_do = next(known, other)
    return HistoryError(
        f"The history {shown_address(url)} cannot be used: {what}. {to_do} Another place can be named with "
        f"--db or {HISTORY_VARIABLE}."
    )


def shown_address(url: URL) -> str:
    """Return the address as people know it, without a password."""
    if url.get_backend_name() == _SQLITE and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


class Store(Closing):
    """A database in use. Open it with ``open`` and close it with ``with``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls: type[_Store], place: str | Path | None = None) -> _Store:
        """Open a database, make its tables where there are none, and migrate older ones.

        Parameters
        ----------
        place : str or Path, optional
            A file, or any SQLAlchemy address; see ``url_of``.

        Raises
        ------
        HistoryError
            Where it cannot be read or written, is not ours or is newer than this program.
        SettingsError
            Where the address cannot be understood.
        """
        url = url_of(place)
        new = _is_file(url) and not Path(str(url.database)).exists()
        engine = engine_of(url)
        try:
            prepare(engine)
        except HistoryError:
            engine.dispose()
            if new:
                _drop_empty(Path(str(url.database)))
            raise
        return cls(engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
