"""Keep a long-running process from growing by what the C library holds back."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["give_back", "lasting", "one_heap"]

#: ``M_ARENA_MAX``, ``M_MMAP_THRESHOLD`` and ``M_TRIM_THRESHOLD`` of the GNU C library, <malloc.h>.
_MOST_HEAPS, _LARGE, _SURPLUS = -8, -3, -1
_LARGE_BYTES = 4 << 20
"""Pictures stay below; the buffers of a pose model lie above."""
_LASTING_BYTES = 64 << 10
_SURPLUS_BYTES = 32 << 20


def one_heap() -> bool:
    """Let all threads share one heap, where the C library can be asked; return whether it did.

    The GNU C library gives threads heaps of their own. Every pose model that is opened starts new
    threads, and their heaps stay, in pieces: a worker grew by 2 to 4 MB with each clip. With one
    heap it stays as it is, and a frame costs the same processor time (14 models of 50 frames each,
    opened in one thread).

    What is large lies outside the heap and is given back when it is freed. By itself the C library
    learns from each large piece that is freed to put the next one into the heap.
    """
    try:
        library = ctypes.CDLL(None)
        # Both by hand, or the library goes on learning.
        library.mallopt(_LARGE, _LARGE_BYTES)
        library.mallopt(_SURPLUS, _SURPLUS_BYTES)
        return bool(library.mallopt(_MOST_HEAPS, 1))
    except (AttributeError, OSError, TypeError):
        return False  # another C library, which knows no such heaps


@contextmanager
def lasting() -> Iterator[None]:
    """Let what is allocated now and stays, such as a pose model, lie outside the heap.

    Not only its largest buffers: else a model that is closed leaves a hole for each of the others,
    among the pictures of whoever else is live, and the next model finds them too small.
    """
    _set_large(_LASTING_BYTES)
    try:
        yield
    finally:
        # Pictures come and go with every frame: to ask the system for each cost 2 ms of 22.
        _set_large(_LARGE_BYTES)


def _set_large(least: int) -> None:
    """Say from how many bytes on a piece lies outside the heap, where the C library can be told."""
    try:
        ctypes.CDLL(None).mallopt(_LARGE, least)
    except (AttributeError, OSError, TypeError):
        return  # another C library: see one_heap


def give_back() -> bool:
    """Give what is free in the heap back to the system, where the C library can; say if it did.

    To be called when a pose model was closed: freed pieces lie between others that stay, and the
    next model finds them too small. Of 24 models, each opened in a thread of its own for 20 frames,
    the process grew by 130 MB without this, and by none with it and ``one_heap``.
    """
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (AttributeError, OSError, TypeError):
        return False
