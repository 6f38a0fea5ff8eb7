"""Worker processes that die, hang, or are slow."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from glutecam.batch import model
from glutecam.batch.pool import Died, alive_meanwhile, heard_by, sign_of_life, work_through

pytestmark = [pytest.mark.slow, pytest.mark.realtime]
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def die_once(folder: Path, number: int) -> int:
    mark = folder / f"{number}.died"
    if number == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 10


def die_always(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 3:
        raise RuntimeError("a fault of ours")
    return number * 10


@posix_only
def test_a_killed_worker_is_replaced_and_its_task_tried_again(tmp_path: Path) -> None:
    done = dict(work_through(range(5), partial(die_once, tmp_path), 2, tmp_path))
    assert done == {n: n * 10 for n in range(5)}
    assert (tmp_path / "2.died").exists()


@posix_only
def test_a_task_that_kills_every_worker_is_given_up_and_the_others_are_done(
    tmp_path: Path,
) -> None:
    done = dict(work_through(range(5), die_always, 2, tmp_path))
    assert {n: done[n] for n in (0, 2, 4)} == {0: 0, 2: 20, 4: 40}
    assert isinstance(done[1], Died)
    assert "killed" in done[1].how
    assert isinstance(done[3], Died)
    assert "RuntimeError: a fault of ours" in done[3].how


def hang(number: int) -> int:
    if number == 1:
        time.sleep(600)
    # Longer than the patience, but never silent for so long.
    for _ in range(20 if number == 0 else 0):
        time.sleep(0.25)
        sign_of_life()
    return number * 10


def test_a_worker_that_hangs_is_given_up_and_a_slow_one_is_not(tmp_path: Path) -> None:
    start_s = time.monotonic()
    done = dict(work_through(range(3), hang, 2, tmp_path, patience_s=4.0))
    assert time.monotonic() - start_s < 300
    assert (done[0], done[2]) == (0, 20)
    assert isinstance(done[1], Died)
    assert done[1].stuck
    assert "no sign of life" in done[1].how


def environment_of(_: int) -> list[str]:
    return [os.environ["OMP_NUM_THREADS"], os.environ["OPENBLAS_NUM_THREADS"]]


def test_workers_count_with_one_thread_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    # What the user has set stays.
    assert list(work_through([0], environment_of, 1, tmp_path)) == [(0, ["1", "3"])]
    assert "OMP_NUM_THREADS" not in os.environ


def long_but_sure(number: int) -> int:
    with alive_meanwhile():
        time.sleep(6)
    return number * 10


def test_long_work_that_is_sure_to_end_is_not_given_up(tmp_path: Path) -> None:
    done = dict(work_through([1], long_but_sure, 1, tmp_path, patience_s=3.5))
    assert done == {1: 10}


def test_a_model_that_is_long_in_loading_is_no_worker_that_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a machine that is busy with other things it takes longer than any patience."""
    heard = threading.Semaphore(0)

    class Loaded:
        def start_anew(self) -> None:
            pass

        def close(self) -> None:
            pass

    def slowly(*_: object) -> Loaded:
        assert heard.acquire(timeout=120), "no sign of life while the model was loaded"
        return Loaded()

    slowly.cache_clear = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(model, "_kept", slowly)
    with heard_by(heard.release), model.fresh_model("full", count_people=True):
        pass
