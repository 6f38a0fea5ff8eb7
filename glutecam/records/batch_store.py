"""Results of a batch in a database: each clip whole or not at all, and none twice.

    with BatchStore.open(place) as store:
        store.begin(run, settings)
        store.put(run, clip_cells, sets)

A run is a folder of results. The database may be the one of the history, or one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from glutecam.core.verdict import RULESET
from glutecam.core.version import VERSION
from glutecam.errors import HistoryError
from glutecam.records.database import Store, connected
from glutecam.records.tables import (
    BATCH_CLIPS,
    BATCH_FINDINGS,
    BATCH_REPS,
    BATCH_RUNS,
    BATCH_SETS,
)

__all__ = ["BatchStore", "StoredSet"]

Cells = Mapping[str, Any]

_TRIES = 5


@dataclass(frozen=True)
class StoredSet:
    """The rows of one set, without the numbers of the clip and of the set.

    Attributes
    ----------
    cells : mapping
        Of ``glutecam_batch_sets``.
    reps : sequence of mapping
        Of ``glutecam_batch_reps``, in the order of time.
    findings : sequence of sequence of mapping
        Of ``glutecam_batch_findings``, for each of ``reps``.
    """

    cells: Cells
    reps: Sequence[Cells]
    findings: Sequence[Sequence[Cells]]


class BatchStore(Store):
    """A database of results. Open it with ``BatchStore.open`` and close it with ``with``."""

    def begin(self, run: str, settings: str) -> None:
        """Note that a run begins, or goes on, under these settings."""
        _despite_others(partial(self._begin, run, settings))

    def _begin(self, run: str, settings: str) -> None:
        facts = {"glutecam": VERSION, "ruleset": RULESET, "settings": settings, "ended_utc": None}
        with connected(self._engine, writes=True) as connection:
            there = connection.scalar(select(BATCH_RUNS.c.id).where(BATCH_RUNS.c.id == run))
            if there is None:
                connection.execute(insert(BATCH_RUNS).values(id=run, began_utc=_now(), **facts))
            else:
                change = update(BATCH_RUNS).where(BATCH_RUNS.c.id == run)
                connection.execute(change.values(facts))

    def end(self, run: str, clips: Sequence[str]) -> None:
        """Note that a run is whole; clips that are not in it any more are taken out."""
        with connected(self._engine, writes=True) as connection:
            kept = set(clips)
            for number, clip in connection.execute(_clips_of(run, BATCH_CLIPS.c.id)).all():
                if clip not in kept:
                    connection.execute(delete(BATCH_CLIPS).where(BATCH_CLIPS.c.id == number))
            change = update(BATCH_RUNS).where(BATCH_RUNS.c.id == run)
            connection.execute(change.values(ended_utc=_now()))

    def known(self, run: str) -> dict[str, str]:
        """Return the ``content`` of every clip of a run, by its id."""
        with connected(self._engine) as connection:
            found = connection.execute(_clips_of(run, BATCH_CLIPS.c.content)).all()
        return {clip: content for content, clip in found}

    def put(self, run: str, clip: Cells, sets: Sequence[StoredSet]) -> None:
        """Keep a clip with all that was found in it, in place of what was kept of it before.

        Parameters
        ----------
        run : str
            As told to ``begin``.
        clip : mapping
            Cells of ``glutecam_batch_clips``, without ``id`` and ``run_id``.
        sets : sequence of StoredSet
        """
        _despite_others(partial(self._put, run, clip, sets))

    def _put(self, run: str, clip: Cells, sets: Sequence[StoredSet]) -> None:
        there = (BATCH_CLIPS.c.run_id == run) & (BATCH_CLIPS.c.clip == clip["clip"])
        with connected(self._engine, writes=True) as connection:
            connection.execute(delete(BATCH_CLIPS).where(there))
            made = connection.execute(insert(BATCH_CLIPS).values(run_id=run, **clip))
            key = made.inserted_primary_key
            assert key is not None
            _put_sets(connection, int(key[0]), sets)


def _despite_others(write: Callable[[], None]) -> None:
    """Write, and once more where another process was quicker by less than a transaction."""
    for _ in range(_TRIES - 1):
        try:
            return write()
        except HistoryError as err:
            # What it wrote is there now, and will be seen.
            if not isinstance(err.__cause__, IntegrityError):
                raise
    return write()


def _put_sets(connection: Connection, clip_id: int, sets: Sequence[StoredSet]) -> None:
    heads, reps, findings = [], [], []
    for number, one in enumerate(sets, start=1):
        first = {"clip_id": clip_id, "number": number}
        heads.append({**first, **one.cells})
        for place, (rep, found) in enumerate(zip(one.reps, one.findings, strict=True)):
            reps.append({**first, "place": place, **rep})
            findings += [{**first, "place": place, **cells} for cells in found]
    for table, rows in ((BATCH_SETS, heads), (BATCH_REPS, reps), (BATCH_FINDINGS, findings)):
        if rows:
            connection.execute(insert(table), rows)


def _clips_of(run: str, column: Any) -> Any:
    return select(column, BATCH_CLIPS.c.clip).where(BATCH_CLIPS.c.run_id == run)


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(tzinfo=None)
