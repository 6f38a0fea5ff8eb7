"""Keep a long-running process from growing by what the C library holds back."""

from __future__ import annotations

import ctypes

__all__ = ["one_heap"]

#: ``M_ARENA_MAX`` of the GNU C library, <malloc.h>.
_MOST_HEAPS = -8


def one_heap() -> bool:
    """Let all threads share one heap, where the C library can be asked; return whether it did.

    The GNU C library gives threads heaps of their own. Every pose model that is opened starts new
    threads, and their heaps stay, in pieces: a worker grew by 2 to 4 MB with each clip. With one
    heap it stays as it is, and a frame costs the same processor time (14 models of 50 frames each,
    opened in one thread). Opened in a thread of its own each time, as the server does, a model still
    leaves up to 70 MB behind for some times, with one heap or with many.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_MOST_HEAPS, 1))
    except (AttributeError, OSError, TypeError):
        return False  # another C library, which knows no such heaps
