"""Sets, repetitions and steps of the programme, kept in a database through SQLAlchemy Core.

    with History.open() as history:
        number = history.add(record)
        sets = history.sets(subject="me")

Values go in and come out. No video and no landmarks are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from math import inf, isclose, isnan
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection, Select, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from glutecam.core.assessment import Rep
from glutecam.core.programme import Step
from glutecam.core.sets import Felt, SetRecord
from glutecam.errors import HistoryError, InputError
from glutecam.records import rows
from glutecam.records.database import Store, connected, shown_address
from glutecam.records.origin import key_of_set
from glutecam.records.tables import (
    BATCH_CLIPS,
    BATCH_RUNS,
    FAULTS,
    FINDINGS,
    REPS,
    RULES,
    SETS,
    STEPS,
)

__all__ = ["History"]

MOST_AT_ONCE = 500
"""So many numbers go into one question: databases limit them."""
SAME_S = SAME_VALUE = 0.001
"""Two moments, or two measured values, are the same: files of results round to less."""

_Item = TypeVar("_Item")


class History(Store):
    """A database of what was done. Open it with ``History.open`` and close it with ``with``."""

    @property
    def place(self) -> str:
        """Where it is, without a password."""
        return shown_address(self._engine.url)

    def add(self, record: SetRecord) -> int:
        """Keep a set, whole or not at all, and return its number.

        Raises
        ------
        InputError
            Where a set with its key is there already; the message names that one.
        """
        try:
            with connected(self._engine, writes=True) as connection:
                there = _kept_as(connection, record)
                return _added(connection, record) if there is None else _already(there)
        except HistoryError as err:
            # Another writer was quicker by less than a transaction; SQLite knows no such moment.
            if not isinstance(err.__cause__, IntegrityError):
                raise
            with connected(self._engine) as connection:
                there = _kept_as(connection, record)
            if there is None:
                raise
            return _already(there)

    def sets(
        self,
        *,
        subject: str | None = None,
        exercise: str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        numbers: Iterable[int] | None = None,
        last: int | None = None,
    ) -> list[SetRecord]:
        """Return the sets that fit all that is asked for, in the order of time.

        Parameters
        ----------
        subject, exercise : str, optional
        since, before : datetime, optional
            Done in [since, before); with an offset from UTC.
        numbers : iterable of int, optional
        last : int, optional
            At most so many, the newest.
        """
        wanted = _those(select(SETS), subject, exercise, since, before)
        if numbers is not None:
            wanted = wanted.where(SETS.c.id.in_(list(numbers)))
        newest = wanted.order_by(SETS.c.done_utc.desc(), SETS.c.id.desc()).limit(last)
        with connected(self._engine) as connection:
            return _records(connection, newest)[::-1]

    def count(
        self,
        *,
        subject: str | None = None,
        exercise: str | None = None,
        since: datetime | None = None,
    ) -> int:
        """Return how many sets fit all that is asked for."""
        wanted = _those(select(func.count()).select_from(SETS), subject, exercise, since, None)
        with connected(self._engine) as connection:
            return connection.scalar(wanted) or 0

    def same_as(self, record: SetRecord) -> list[SetRecord]:
        """Return sets that seem to be the same one: kept for another subject, or from other files.

        They are of the same set of the same recording under another subject, or have every repetition at
        the same moment with the same values: landmarks do not always know what they were made from.

        Parameters
        ----------
        record : SetRecord
            Kept already or not; its own number is left out.
        """
        with connected(self._engine) as connection:
            alike = _records(connection, _begins_alike(record)) if record.reps else []
            found = [other for other in alike if _same_repetitions(record, other)]
            subjects = list(connection.scalars(select(SETS.c.subject).distinct()))
            for keys in _parts(_keys_of_others(record, subjects)):
                found += _records(connection, select(SETS).where(SETS.c.key.in_(keys)))
        others = {other.number: other for other in found if other.key != record.key}
        return sorted(others.values(), key=lambda other: other.number or 0)

    def get(self, number: int) -> SetRecord:
        """Return one set.

        Raises
        ------
        InputError
            Where there is none with this number.
        """
        found = self.sets(numbers=[number])
        if not found:
            raise _no_such_set([number])
        return found[0]

    def subjects(self) -> list[tuple[str, int]]:
        """Return every subject with the number of its sets, by name."""
        wanted = select(SETS.c.subject, func.count()).group_by(SETS.c.subject)
        with connected(self._engine) as connection:
            return [(name, n) for name, n in connection.execute(wanted.order_by(SETS.c.subject))]

    def say(self, number: int, felt: Felt) -> None:
        """Put down how a set felt, in place of what was said before.

        Raises
        ------
        InputError
            Where there is no such set.
        """
        change = update(SETS).where(SETS.c.id == number).values(rows.felt_cells(felt))
        with connected(self._engine, writes=True) as connection:
            if not connection.execute(change).rowcount:
                raise _no_such_set([number])

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete sets for good, all of them or none.

        Raises
        ------
        InputError
            Where one of them is not there; then nothing is deleted.
        """
        with connected(self._engine, writes=True) as connection:
            there = _present(connection, numbers)
            if there != set(numbers):
                raise _no_such_set(sorted(set(numbers) - there))
            for part in _parts(sorted(there)):
                connection.execute(delete(SETS).where(SETS.c.id.in_(part)))

    def purge(self, before: datetime, *, dry_run: bool = False) -> list[SetRecord]:
        """Delete every set done before a time, for good, and return them; ``dry_run`` only looks."""
        old = self.sets(before=before)
        if old and not dry_run:
            self.delete([record.number for record in old if record.number is not None])
        return old

    def purge_runs(self, before: datetime, *, dry_run: bool = False) -> int:
        """Delete the results of batches last run before a time, and return how many runs that were."""
        last = func.coalesce(BATCH_RUNS.c.ended_utc, BATCH_RUNS.c.began_utc)
        old = last < _utc(before)
        with connected(self._engine, writes=not dry_run) as connection:
            wanted = select(func.count()).select_from(BATCH_RUNS).where(old)
            found = connection.scalar(wanted) or 0
            if found and not dry_run:
                connection.execute(delete(BATCH_RUNS).where(old))
        return found

    def forget(self, subject: str) -> None:
        """Delete a subject's sets, steps in the programme and results of batches, for good."""
        with connected(self._engine, writes=True) as connection:
            connection.execute(delete(BATCH_CLIPS).where(BATCH_CLIPS.c.subject == subject))
            connection.execute(delete(SETS).where(SETS.c.subject == subject))
            connection.execute(delete(STEPS).where(STEPS.c.subject == subject))

    def add_step(self, step: Step) -> None:
        """Keep a step in the programme that the user confirmed."""
        with connected(self._engine, writes=True) as connection:
            connection.execute(insert(STEPS).values(rows.step_row(step)))

    def steps(self, subject: str | None = None) -> list[Step]:
        """Return the steps of a subject, or of all, in the order in which they were confirmed."""
        wanted = select(STEPS).order_by(STEPS.c.id)
        if subject is not None:
            wanted = wanted.where(STEPS.c.subject == subject)
        with connected(self._engine) as connection:
            return [rows.step_of(row) for row in connection.execute(wanted).mappings()]


def _added(connection: Connection, record: SetRecord) -> int:
    number = _inserted(connection, SETS, rows.set_row(record))
    for table, made in (
        (REPS, rows.rep_rows(number, record)),
        (FINDINGS, rows.finding_rows(number, record)),
        (FAULTS, rows.fault_rows(number, record)),
        (RULES, rows.rule_rows(number, record)),
    ):
        if made:
            connection.execute(insert(table), made)
    return number


def _kept_as(connection: Connection, record: SetRecord) -> int | None:
    keys = (record.key, *record.also_known_as)
    number = connection.scalar(select(SETS.c.id).where(SETS.c.key.in_(keys)).limit(1))
    return None if number is None else int(number)


def _already(number: int) -> NoReturn:
    raise InputError(f"This set is kept already, as number {number}. Nothing was changed.")


def _those(
    wanted: Select[Any],
    subject: str | None,
    exercise: str | None,
    since: datetime | None,
    before: datetime | None,
) -> Select[Any]:
    """Leave out what was not asked for."""
    if subject is not None:
        wanted = wanted.where(SETS.c.subject == subject)
    if exercise is not None:
        wanted = wanted.where(SETS.c.exercise == exercise)
    if since is not None:
        wanted = wanted.where(SETS.c.done_utc >= _utc(since))
    if before is not None:
        wanted = wanted.where(SETS.c.done_utc < _utc(before))
    return wanted


def _inserted(connection: Connection, table: Table, cells: dict[str, Any]) -> int:
    key = connection.execute(insert(table).values(cells)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _records(connection: Connection, wanted: Select[Any]) -> list[SetRecord]:
    """Read sets with all that belongs to them, table by table."""
    heads = list(connection.execute(wanted).mappings())
    numbers = [row["id"] for row in heads]
    parts = [_grouped(connection, table, numbers) for table in (REPS, FINDINGS, FAULTS, RULES)]
    return [rows.record_of(row, *(part.get(row["id"], []) for part in parts)) for row in heads]


def _grouped(connection: Connection, table: Table, numbers: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for part in _parts(numbers):
        wanted = select(table).where(table.c.set_id.in_(part)).order_by(table.c.place)
        for row in connection.execute(wanted).mappings():
            found.setdefault(row["set_id"], []).append(row)
    return found


def _present(connection: Connection, numbers: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for part in _parts(sorted(set(numbers))):
        found |= set(connection.scalars(select(SETS.c.id).where(SETS.c.id.in_(part))))
    return found


def _parts(wanted: list[_Item]) -> list[list[_Item]]:
    return [wanted[i : i + MOST_AT_ONCE] for i in range(0, len(wanted), MOST_AT_ONCE)]


def _keys_of_others(record: SetRecord, subjects: Iterable[str]) -> list[str]:
    """Return the keys that the same set of the same recording has for other subjects."""
    if record.recording is None:
        return []
    sha256, number = record.recording
    others = (subject for subject in subjects if subject != record.subject)
    return [key_of_set(sha256, subject, record.exercise, number) for subject in others]


def _begins_alike(record: SetRecord) -> Select[Any]:
    """Return sets whose first repetition is at the same moment of its recording."""
    first = record.reps[0]
    near = (
        REPS.c.start_s.between(first.start_s - SAME_S, first.start_s + SAME_S),
        REPS.c.end_s.between(first.end_s - SAME_S, first.end_s + SAME_S),
    )
    those = select(REPS.c.set_id).where(REPS.c.place == 0, *near)
    return select(SETS).where(SETS.c.exercise == record.exercise, SETS.c.id.in_(those))


def _same_repetitions(one: SetRecord, other: SetRecord) -> bool:
    """Tell whether every repetition is at the same moment, with the same values."""
    return len(one.reps) == len(other.reps) and all(
        a.side is b.side
        and abs(a.start_s - b.start_s) <= SAME_S
        and abs(a.end_s - b.end_s) <= SAME_S
        and _same_values(a, b)
        for a, b in zip(one.reps, other.reps, strict=True)
    )


def _same_values(one: Rep, other: Rep) -> bool:
    values = {found.code: found.value for found in other.findings}
    return len(values) == len(one.findings) and all(
        isclose(found.value, value, rel_tol=0.0, abs_tol=SAME_VALUE)
        or (isnan(found.value) and isnan(value))
        for found in one.findings
        for value in [values.get(found.code, inf)]
    )


def _utc(when: datetime) -> datetime:
    return when.astimezone(timezone.utc).replace(tzinfo=None)


def _no_such_set(numbers: Sequence[int]) -> InputError:
    which = ", ".join(map(str, numbers))
    return InputError(
        f"There is no set {which} in the history. 'glutecam history list' shows the numbers."
    )
