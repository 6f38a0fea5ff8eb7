"""Keep a native library's chatter off stderr without losing what else it says."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

__all__ = ["without_lines"]

STDERR = 2

# File descriptor 2 belongs to the process: two threads that redirect it at once would leave it
# pointing at a deleted file. One thread may nest, and the inner lines reach the outer filter.
_ONE_AT_A_TIME = threading.RLock()


@contextmanager
def without_lines(known: Sequence[str]) -> Iterator[None]:
    """Drop the lines on stderr that contain one of ``known``; pass on every other line afterwards.

    Parameters
    ----------
    known : sequence of str
        Text that marks a line as harmless.
    """
    with _ONE_AT_A_TIME:
        try:
            original = os.dup(STDERR)
        except OSError:
            # No stderr at all, as under pythonw: nothing to keep clean.
            yield
            return
        with tempfile.TemporaryFile() as caught:
            os.dup2(caught.fileno(), STDERR)
            try:
                yield
            finally:
                os.dup2(original, STDERR)
                os.close(original)
                _pass_on(caught, [text.encode() for text in known])


def _pass_on(caught: IO[bytes], known: Sequence[bytes]) -> None:
    caught.seek(0)
    for line in caught.readlines():
        if not any(text in line for text in known):
            os.write(STDERR, line)
