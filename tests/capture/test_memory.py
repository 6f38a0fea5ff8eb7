"""All threads share one heap: a process that opens many pose models stays as large as it is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from glutecam.capture.weights import model_path
from glutecam.errors import ModelError

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


MANY_MODELS = """
import sys, threading
import numpy as np
from glutecam.capture.frames import Frame
from glutecam.capture.mediapipe_pose import MediaPipePose
from glutecam.capture.weights import model_path

def occupied_mb():
    pages = int(open("/proc/self/statm").read().split()[1])
    return pages * 4096 / 1e6

path = model_path("full")
kept = MediaPipePose(path, "full") if sys.argv[1] == "kept" else None

def session():
    model = kept or MediaPipePose(path, "full")
    model.start_anew()
    for number in range(3):
        model.estimate(Frame(number, number / 30, np.zeros((480, 640, 3), np.uint8), 0.0))
    if kept is None:
        model.close()
    seen.append(occupied_mb())

seen = []
for _ in range(14):
    thread = threading.Thread(target=session)
    thread.start()
    thread.join()
print(max(seen[-4:]) - max(seen[2:6]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what a process occupies is read from /proc")
@pytest.mark.parametrize("how", ["kept", "opened each time"])
def test_models_in_threads_of_their_own_leave_nothing_behind(how: str) -> None:
    """One after the other: what the last ones occupy is what the first ones did."""
    try:
        model_path("full")
    except ModelError as err:
        pytest.skip(str(err))
    done = subprocess.run(
        [sys.executable, "-c", MANY_MODELS, how], capture_output=True, text=True, check=True
    )
    assert float(done.stdout.split()[-1]) < 25
