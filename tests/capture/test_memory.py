"""All threads share one heap: a process that opens many pose models stays as large as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

THREADS_THAT_ALLOCATE = """
import ctypes, sys, threading
from glutecam.capture.memory import one_heap

libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
asked = sys.argv[1] == "one heap" and one_heap()
all_there = threading.Barrier(8)

def allocate():
    all_there.wait()
    for _ in range(500):
        libc.malloc(4000)
    all_there.wait()

threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
out = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(out))
libc.fclose(ctypes.c_void_p(out))
print(asked)
"""


def heaps(how: str, folder: Path) -> int:
    told = folder / "heaps.xml"
    done = subprocess.run(
        [sys.executable, "-c", THREADS_THAT_ALLOCATE, how, str(told)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.stdout.strip() == "True") == (how == "one heap")
    return told.read_text("utf-8").count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="heaps of threads are the GNU C library's")
def test_threads_share_one_heap_once_asked(tmp_path: Path) -> None:
    assert heaps("one heap", tmp_path) == 1
    assert heaps("as usual", tmp_path) > 1
