"""The pose model of a worker: checked and loaded once, with no memory of the clip before."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from multiprocessing import parent_process
from typing import TYPE_CHECKING

from glutecam.batch.pool import alive_meanwhile

if TYPE_CHECKING:
    from glutecam.capture.subject import SubjectPose

__all__ = ["fresh_model"]


@contextmanager
def fresh_model(name: str, count_people: bool, follow: str = "auto") -> Iterator[SubjectPose]:
    """Give this process's pose model, as if it had never seen a frame.

    Raises
    ------
    ModelError
        Where it is missing or damaged.
    """
    with alive_meanwhile():
        # On a machine that is busy with other things, the library alone takes a minute to load.
        estimator = _kept(name, count_people, follow)
    whole = False
    try:
        estimator.start_anew()
        yield estimator
        whole = True
    finally:
        if not whole or not (parent_process() or _serves_a_cluster()):
            # Nobody knows in which state an error left it; and only a worker, whose last words go
            # to its log, may leave MediaPipe open until the interpreter ends.
            _kept.cache_clear()
            estimator.close()


def _serves_a_cluster() -> bool:
    """Tell whether this process is a Dask worker, which may be nobody's child."""
    if "distributed" not in sys.modules:
        return False
    from distributed import get_worker

    try:
        get_worker()
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1)
def _kept(name: str, count_people: bool, follow: str) -> SubjectPose:
    from glutecam import pipeline

    return pipeline.open_model(name, count_people=count_people, follow=follow)
