"""Worker processes that may die: each is replaced, and its task is tried once more.

``concurrent.futures`` is not enough here: one process killed for want of memory breaks its whole
pool, and every task in flight with it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Generic, TypeVar

__all__ = ["PATIENCE_S", "Died", "alive_meanwhile", "heard_by", "sign_of_life", "work_through"]

TRIES = 2
END_S = 2.0
"""How long a worker may take to go when it is told to; then it is killed."""

PATIENCE_S = 45.0
"""Without a sign of life for so long, a worker is taken to be stuck for ever.

A slow clip gives one with every picture, so this is time in which nothing at all gets on: a decoder that
runs in circles, or a share on the network that does not answer.
"""
SIGN_S = 1.0
"""Signs of life are sent no more often than this."""
START_S = 120.0
"""So long a new worker may take to begin: imports on a busy machine, before the first clip is touched."""
POLL_S = 0.2
"""On Windows Ctrl-C does not reach a process that waits for ever."""
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Died:
    """What is known of a worker that ended in the middle of a task.

    Attributes
    ----------
    how : str
        Completes "the worker ...".
    stuck : bool
        It was ended because it showed no sign of life; its task is not tried again.
    took_s : float
        Seconds from the moment it was given the task.
    """

    how: str
    stuck: bool = False
    took_s: float = 0.0


class _SignOfLife:
    """What a worker sends while it works."""


_tell: ContextVar[Callable[[], None]] = ContextVar("tell")


def sign_of_life() -> None:
    """Say, from within a job, that it gets on; does nothing outside of a worker."""
    tell = _tell.get(None)
    if tell is not None:
        tell()


@contextmanager
def heard_by(listener: Callable[[], None]) -> Iterator[None]:
    """Call the listener at signs of life from within, no more often than every ``SIGN_S``."""
    before = _tell.set(_Seldom(listener))
    try:
        yield
    finally:
        _tell.reset(before)


@contextmanager
def alive_meanwhile() -> Iterator[None]:
    """Give signs of life from a thread of its own during work that may be long but is sure to end."""
    tell, done = _tell.get(None), threading.Event()
    if tell is None:
        yield
        return

    def keep_telling() -> None:
        while not done.wait(SIGN_S):
            tell()

    thread = threading.Thread(target=keep_telling, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def work_through(
    tasks: Sequence[Task],
    job: Callable[[Task], Result],
    workers: int,
    logs: Path,
    patience_s: float = PATIENCE_S,
) -> Iterator[tuple[Task, Result | Died]]:
    """Yield each task with its result, in the order in which they are done.

    Closing the iterator ends the workers at once. They also end by themselves when this process
    does, however it ends.

    Parameters
    ----------
    tasks : sequence
        Picklable.
    job : callable
        Picklable; is run on a task in a worker. An exception ends the worker.
    workers : int
        Processes at the same time.
    logs : Path
        Folder for what the workers write to stderr.
    patience_s : float
        A job that neither ends nor calls ``sign_of_life`` for so many seconds is given up.
    """
    crew: list[_Worker[Task, Result]] = []
    waiting = deque((task, 1) for task in tasks)
    try:
        crew += [_Worker(job, logs / f"{n}.log") for n in range(min(workers, len(tasks)))]
        while waiting or any(worker.busy for worker in crew):
            for worker in crew:
                if waiting and not worker.busy:
                    worker.give(*waiting.popleft())
            for worker in _ready(crew, patience_s):
                task, tries, result = worker.take()
                if isinstance(result, Died) and not result.stuck and tries < TRIES:
                    waiting.appendleft((task, tries + 1))
                else:
                    yield task, result
    finally:
        for worker in crew:
            worker.end()


def _ready(crew: Sequence[_Worker[Task, Result]], patience_s: float) -> list[_Worker[Task, Result]]:
    """Wait until some workers have a result, are dead, or are stuck; none only after a while."""
    busy = {worker.connection: worker for worker in crew if worker.busy}
    told = {busy[connection] for connection in wait(list(busy), POLL_S) if connection in busy}
    return [
        worker
        for worker in busy.values()
        if (worker in told and worker.has_ended()) or worker.is_stuck(patience_s)
    ]


class _Worker(Generic[Task, Result]):
    """One place at the bench: whoever sits there, dies and is replaced."""

    def __init__(self, job: Callable[[Task], Result], log: Path) -> None:
        self._job = job
        self._log = log
        self._task: tuple[Task, int] | None = None
        self._ending: Result | Died | None = None
        self._given_s = self._seen_s = 0.0
        self._start()

    @property
    def busy(self) -> bool:
        return self._task is not None

    def give(self, task: Task, tries: int) -> None:
        """Hand over a task; a worker that is dead by now is noticed by ``take``."""
        self._task = task, tries
        self._given_s = self._seen_s = time.monotonic()
        try:
            self.connection.send(task)
        except ConnectionError:
            return

    def has_ended(self) -> bool:
        """Listen, without waiting long; True for a result or a death, False for a sign of life."""
        try:
            told = self.connection.recv()
        except (EOFError, OSError):
            # OSError: it died in the middle of telling.
            self._ending = self._died()
            return True
        self._seen_s = time.monotonic()
        self._is_up = True
        if isinstance(told, _SignOfLife):
            return False
        self._ending = told
        return True

    def is_stuck(self, patience_s: float) -> bool:
        """Tell whether it has been silent for too long."""
        limit_s = patience_s if self._is_up else max(patience_s, START_S)
        if time.monotonic() - self._seen_s < limit_s:
            return False
        self._ending = Died(f"showed no sign of life for {limit_s:.0f} s", stuck=True)
        return True

    def take(self) -> tuple[Task, int, Result | Died]:
        """Return the task with how it ended; a worker that died or is stuck is replaced."""
        assert self._task is not None
        assert self._ending is not None
        (task, tries), ending = self._task, self._ending
        self._task = self._ending = None
        if isinstance(ending, Died):
            ending = replace(ending, took_s=time.monotonic() - self._given_s)
            self.end()
            self._start()
        return task, tries, ending

    def end(self) -> None:
        """End the process."""
        self.connection.close()
        self._process.terminate()
        self._process.join(END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._is_up = False
        ours, theirs = spawn.Pipe()
        self.connection: Connection = ours
        self._process = spawn.Process(
            target=_serve, args=(theirs, self._job, self._log), daemon=True
        )
        with _one_thread_each():
            _without_interrupt(self._process.start)
        theirs.close()  # so that its end is our EOF

    def _died(self) -> Died:
        self._process.join(END_S)
        code = self._process.exitcode
        if code in (-signal.SIGTERM, -9):
            return Died("was killed; the machine may be short of memory (try fewer --workers)")
        return Died(f"ended with exit code {code}: {_last_line(self._log)}")


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Start children whose number libraries use one thread: the processes fill the cores."""
    # Read when a library is loaded, so before the child runs a line of ours.
    unset = [name for name in THREAD_VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(unset, "1"))
    try:
        yield
    finally:
        for name in unset:
            os.environ.pop(name, None)


def _without_interrupt(start: Callable[[], None]) -> None:
    """Start a process that ignores Ctrl-C from its first moment: its parent decides."""
    if threading.current_thread() is not threading.main_thread():
        return start()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return start()
    finally:
        signal.signal(signal.SIGINT, before)


def _last_line(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return "it said nothing"
    return next((line for line in reversed(lines) if line.strip()), "it said nothing")


def _serve(connection: Connection, job: Callable[[Task], Result], log: Path) -> None:
    """Work in the child: task in, result out, until the parent closes the pipe or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    os.dup2(said, 2)  # libraries in C write there too
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        os.ftruncate(said, 0)
        with heard_by(lambda: connection.send(_SignOfLife())):
            sign_of_life()  # it is up, and begins
            result = job(task)
        connection.send(result)


class _Seldom:
    """Passes a call on if the last one is long enough ago."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._free_at_s = 0.0
        self._one = threading.Lock()

    def __call__(self) -> None:
        with self._one:
            now_s = time.monotonic()
            if now_s >= self._free_at_s:
                self._free_at_s = now_s + SIGN_S
                self._call()


def _end_with_parent() -> None:
    """End this process at once when the parent is gone, even by SIGKILL."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
