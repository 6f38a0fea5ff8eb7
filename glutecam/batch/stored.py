"""A batch's results into a database: a clip when it is done, and at the end whatever is missing.

The results folder holds everything and is written first. A database that does not answer for a while
costs nothing: its rows are brought in at the end of this run, or of the next one.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glutecam.batch.clip import Job
from glutecam.batch.plan import Clip
from glutecam.batch.record import Record, read_record
from glutecam.errors import HistoryError
from glutecam.records.files import write_whole

if TYPE_CHECKING:
    from glutecam.records.batch_store import BatchStore, StoredSet

__all__ = ["RUN", "Keeping", "into"]

RUN = "run.json"
_WAITS_S = (0.5, 2.0, 8.0)
"""How long a database is waited for that was there a moment ago."""


class Keeping:
    """Brings the clips of one results folder into a database.

    Attributes
    ----------
    trouble : HistoryError or None
        The last thing that went wrong; None once everything is in.
    """

    def __init__(
        self, store: BatchStore, job: Job, run: str, wait: Callable[[float], None]
    ) -> None:
        self._store = store
        self._job = job
        self._run = run
        self._wait = wait
        self._known = store.known(run)
        self.trouble: HistoryError | None = None

    def keep(self, clip: Clip) -> None:
        """Bring in a clip that is done; where that fails, it is left for the end."""
        if self.trouble is None:
            self.trouble = self._tried(clip)

    def finish(self, clips: Sequence[Clip], is_done: Callable[[Clip], bool]) -> None:
        """Bring in what is missing, and note that the run is whole.

        Raises
        ------
        HistoryError
            Where the database cannot be written to.
        """
        for clip in clips:
            if is_done(clip):
                self._put(clip)
        self._store.end(self._run, [clip.id for clip in clips])
        self.trouble = None

    def _tried(self, clip: Clip) -> HistoryError | None:
        for wait_s in (0.0, *_WAITS_S):
            self._wait(wait_s)
            try:
                self._put(clip)
            except HistoryError as err:
                trouble = err
            else:
                return None
        return trouble

    def _put(self, clip: Clip) -> None:
        record = read_record(self._job.out, clip)
        if record is None:
            return
        content = _content(clip, record)
        if self._known.get(clip.id) != content:
            self._store.put(self._run, _clip_cells(clip, record, content), _sets(record))
            self._known[clip.id] = content


@contextmanager
def into(
    place: str, job: Job, wait: Callable[[float], None] = time.sleep
) -> Iterator[Keeping | None]:
    """Open the database of a batch, None where ``place`` is empty.

    Parameters
    ----------
    place : str
        A file, or any SQLAlchemy address.
    job : Job
        Its folder tells which run this is: one that goes on is the same run.
    wait : callable
        Waits so many seconds.

    Raises
    ------
    HistoryError, SettingsError, MissingExtraError
        Where it cannot be opened: before any work is done.
    """
    if not place:
        yield None
        return
    from glutecam.records.batch_store import BatchStore

    with BatchStore.open(place) as store:
        run = _run_of(job.out)
        store.begin(run, _settings(job))
        yield Keeping(store, job, run, wait)


def _run_of(out: Path) -> str:
    """Return the key of a folder of results, made once."""
    path = out / RUN
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return str(told["run"])
    except (OSError, ValueError, LookupError, TypeError):
        run = uuid.uuid4().hex
        write_whole(path, json.dumps({"run": run}).encode())
        return run


def _settings(job: Job) -> str:
    facts = {
        name: getattr(job, name)
        for name in ("model", "strict", "smoothing", "count_people", "pelvis", "follow")
    }
    return json.dumps({**facts, "bands": {code: dict(edges) for code, edges in job.bands.items()}})


def _content(clip: Clip, record: Record) -> str:
    """Return what changes when any cell would."""
    placed = record | {"error": clip.placed(record["error"])}
    told = json.dumps([clip.file, clip.notes, placed], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _clip_cells(clip: Clip, record: Record, content: str) -> dict[str, Any]:
    return {
        "clip": clip.id,
        "file": _text(clip.file),
        "subject": _text(clip.subject),
        "visit": _text(clip.visit),
        "notes": _text(clip.notes),
        "exercise": _text(clip.exercise)[:64],
        "side_asked": _text(clip.side)[:8],
        "status": "error" if record["error"] else "done",
        "error": _text(clip.placed(record["error"])),
        "video_s": record["video_s"],
        "content": content,
    }


def _sets(record: Record) -> list[StoredSet]:
    from glutecam.records.batch_store import StoredSet

    return [
        StoredSet(
            _set_cells(one),
            [_rep_cells(row) for row in one["reps"]],
            [_finding_cells(row) for row in one["reps"]],
        )
        for one in record["sets"]
    ]


def _set_cells(one: Mapping[str, Any]) -> dict[str, Any]:
    summary = one["summary"]
    texts = ("sides", "verdict", "instruction", "faults", "scales", "warnings", "pose_model")
    return {
        **{name: _text(summary[name]) for name in (*texts, "own_bands")},
        "start_s": one["start_s"],
        "end_s": one["end_s"],
        "score": _number(summary["score"]),
        "coverage": _number(summary["coverage"]),
        "reps": _count(summary["reps"]),
        "attempts": _count(summary["attempts"]),
        "reduced_accuracy": summary["reduced_accuracy"] == "yes",
    }


def _rep_cells(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "rep": int(row["rep"]),
        "side": row["side"],
        "start_s": _number(row["start_s"]),
        "end_s": _number(row["end_s"]),
        "complete": row["complete"] == "yes",
        "reason": _text(row["reason"]),
        "band": row["verdict_of_rep"],
        "pattern": row["pattern"],
        "score": _number(row["score"]),
    }


def _finding_cells(row: Mapping[str, str]) -> list[dict[str, Any]]:
    codes = [name.removesuffix("_band") for name in row if name.endswith("_band")]
    return [
        {
            "code": code,
            "value": _number(row[f"{code}_value"]),
            "half_width": _number(row[f"{code}_pm"]),
            "band": row[f"{code}_band"],
        }
        for code in codes
    ]


def _count(text: str) -> int | None:
    """Return a number; None where what was counted is no result."""
    return int(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _text(text: str) -> str:
    """Return a text as a database takes it: PostgreSQL refuses the sign of number 0 and odd bytes."""
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode()
