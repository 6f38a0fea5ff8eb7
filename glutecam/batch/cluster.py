"""A batch on the workers of a Dask cluster: clips go out as tasks, their files come back as rows.

No disk is shared: a worker judges a clip into a folder of its own and sends back what it wrote, and
only this process writes to the results. What an earlier run left is sent along where it is needed, so
that kept landmarks are judged again without the model. A worker that dies costs its clips in flight, which
Dask gives to others; a clip given up because workers died around it is tried once more by itself, as it may
only have been the neighbour of the one that killed them. A worker whose clip shows no sign of life ends
itself.
"""

from __future__ import annotations

import faulthandler
import functools
import importlib
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from glutecam.batch import parcels
from glutecam.batch.clip import Done, Job, State
from glutecam.batch.parcels import Parcel
from glutecam.batch.plan import Clip
from glutecam.batch.pool import PATIENCE_S, Died, heard_by
from glutecam.batch.record import folder_of, read_record
from glutecam.errors import ClusterError, GlutecamError, MissingExtraError

__all__ = ["work_through"]

CONNECT_S = 10.0
AHEAD = 3
"""So many clips for each thread of the cluster are with the scheduler: the rest waits here."""
WITHOUT_WORKERS_S = 300.0
"""So long it is waited for workers to come back where all are gone."""
POLL_S = 1.0


@dataclass(frozen=True)
class _Shipped:
    """What comes back from a worker: how it went, and the files of the clip, where there are new ones."""

    done: Done
    parcel: Parcel | None


def work_through(
    clips: Sequence[Clip], job: Job, address: str, *, offline: bool = False
) -> Iterator[tuple[Clip, Done | Died]]:
    """Yield each clip with its result, in the order in which they are done.

    Parameters
    ----------
    clips : sequence of Clip
        Their paths must be readable under the same name on every worker, or be addresses.
    job : Job
    address : str
        Of the scheduler, ``tcp://host:8786``.
    offline : bool
        No worker may fetch a pose model that is missing.

    Raises
    ------
    MissingExtraError
        Where Dask is not installed.
    ClusterError
        Where the scheduler does not answer, there is no worker, or one has another glutecam.
    """
    with _connected(address) as client:
        _check(client, job.model, offline)
        suspects, waiting = [], []
        for clip in clips:
            unchanged = _unchanged(clip, job)
            if unchanged is None:
                waiting.append(clip)
            else:
                yield clip, unchanged
        for clip, result in _results(client, waiting, job):
            if isinstance(result, Died):
                suspects.append(clip)
            else:
                yield clip, result
        for clip in suspects:
            yield from _results(client, [clip], job)


def _unchanged(clip: Clip, job: Job) -> Done | None:
    """Return how a clip was judged that need not travel; None for any other.

    It may be that only the workers can read its file: then they find it out.
    """
    record = read_record(job.out, clip)
    if record is None or record["error"]:
        return None
    try:
        return job(clip) if job.is_done(clip) else None
    except GlutecamError:
        return None


def _results(client: Any, clips: Sequence[Clip], job: Job) -> Iterator[tuple[Clip, Done | Died]]:
    dask = _dask()
    waiting = iter(clips)
    flying: dict[Any, Clip] = {}
    alone_since: float | None = None
    while True:
        room = AHEAD * max(1, _threads(client)) - len(flying)
        for clip in islice(waiting, max(0, room)):
            flying[_submitted(client, clip, job)] = clip
        if not flying:
            return
        try:
            ready = dask.wait(list(flying), POLL_S, "FIRST_COMPLETED").done
        except TimeoutError:
            alone_since = _checked(client, alone_since)
            continue
        for future in ready:
            yield flying[future], _received(client, future, flying.pop(future), job)
            future.release()


def _submitted(client: Any, clip: Clip, job: Job) -> Any:
    """Send a clip to the cluster, with what an earlier run left of it."""
    there = replace(clip, path=clip.path.absolute())
    before = parcels.sent(client, folder_of(job.out, clip))
    # Elsewhere than where its landmarks lie it can be judged as well, only not as fast.
    where = {"workers": [before.worker], "allow_other_workers": True} if before.worker else {}
    limit = parcels.WITH_THE_TASK
    what = (there, replace(job, out=Path()), before, limit)
    return client.submit(_judged_there, *what, pure=False, **where)


def _received(client: Any, future: Any, clip: Clip, job: Job) -> Done | Died:
    """Write what came back; a clip that took its workers with it is given up."""
    if future.status != "finished":
        return Died(f"on the cluster {_how(future)}")
    shipped: _Shipped = future.result()
    try:
        if shipped.parcel is not None:
            parcels.fetched(client, shipped.parcel, folder_of(job.out, clip))
    except parcels.Lost as err:
        return Died(f"on the cluster was gone before its results were here: {err}")
    return shipped.done


def _how(future: Any) -> str:
    error = future.exception()
    if isinstance(error, _dask().KilledWorker):
        return "died every time that this clip was tried; it may be short of memory"
    return f"ended with {type(error).__name__}: {error}"


def _judged_there(clip: Clip, job: Job, before: Parcel, at_most: int) -> _Shipped:
    """Judge a clip on a worker, in a folder that is gone afterwards.

    Results of more bytes than ``at_most`` wait there until they are fetched.
    """
    place = parcels.this_worker().local_directory
    temporary = tempfile.TemporaryDirectory(prefix="glutecam-", dir=place)
    with _one_at_a_time(), _watched(), temporary as out:
        here = replace(job, out=Path(out))
        folder = folder_of(here.out, clip)
        parcels.unpacked(before, folder)
        done = here(clip)
        # What was kept is at home already.
        parcel = None if done.state is State.KEPT else parcels.packed(folder, at_most)
        return _Shipped(done, parcel)


@contextmanager
def _watched(patience_s: float = PATIENCE_S) -> Iterator[None]:
    """End this process where there is no sign of life for so long; a nanny starts it again.

    Without a nanny, as in a cluster within the user's own process, nothing is ended. It is watched from C:
    a decoder that runs in circles may never let Python have a turn.
    """
    if not _has_nanny():
        yield
        return
    watch = functools.partial(
        faulthandler.dump_traceback_later, patience_s, exit=True, file=sys.__stderr__ or 2
    )
    watch()
    try:
        with heard_by(watch):
            yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _has_nanny() -> bool:
    return bool(parcels.this_worker().nanny)


@functools.cache
def _one_at_a_time() -> threading.Lock:
    """Return this process's lock: a pose model cannot work for two threads."""
    return threading.Lock()


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    dask = _dask()
    try:
        client = dask.Client(address, timeout=CONNECT_S)
    except (OSError, ValueError) as err:
        raise ClusterError(
            f"No Dask scheduler answers at {address}: {err}. Start one with 'dask scheduler', give its "
            "address with --cluster tcp://host:8786, and see that no firewall is between."
        ) from err
    with client:
        yield client


def _dask() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError as err:
        raise MissingExtraError("Judging on a cluster", "cluster") from err


def _check(client: Any, model: str, offline: bool) -> None:
    """Make sure that there are workers, all with this glutecam and the pose model."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError as err:
        raise ClusterError(
            "The cluster has no worker. Start some: dask worker SCHEDULER --nworkers auto --nthreads 1"
        ) from err
    from glutecam.core.version import VERSION

    told = client.run(_ready, model, offline, on_error="return")
    for worker, answer in sorted(told.items()):
        if isinstance(answer, BaseException):
            raise ClusterError(f"The worker {worker} cannot judge: {answer}") from answer
        if answer != VERSION:
            raise ClusterError(
                f"The worker {worker} has glutecam {answer}, and this is {VERSION}: their numbers may "
                "differ. Install the same version everywhere."
            )


def _ready(model: str, offline: bool) -> str:
    """Get a worker ready, and return its version of glutecam."""
    from glutecam.capture import weights
    from glutecam.core.version import VERSION

    prepare: Callable[[str], Path] = weights.model_path if offline else weights.pull
    prepare(model)
    return VERSION


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())


def _checked(client: Any, alone_since: float | None) -> float | None:
    """Return since when there is no worker, None where there is one.

    Raises
    ------
    ClusterError
        Where that is too long ago.
    """
    if _threads(client):
        return None
    now = time.monotonic()
    if alone_since is not None and now - alone_since > WITHOUT_WORKERS_S:
        raise ClusterError(
            f"The cluster has had no worker for {WITHOUT_WORKERS_S:.0f} s. What is done is kept: start "
            "workers, and run the same line again to go on."
        )
    return alone_since or now
