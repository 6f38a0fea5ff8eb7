"""A live session in a real Chromium: camera, socket, model ``full``, overlay on the canvas.

``glutecam serve`` runs as users run it; Chromium (headless, drawing in software) plays a sample clip
of a step-down, 640x480 at 30 frames a second, as its webcam, and both share this machine's cores.
Nothing listens to the page's traffic, as nothing does at home (``tab.py``).
Sets of four repetitions with rests follow one another; when a session is over the next one is begun.

Latency is counted by the page for every picture, from the moment it was captured to the end of
drawing it with its landmarks. ``clock`` says which moment that is: "camera" is the browser's own
time of capture; "callback" is when the page was handed the picture, where the browser does not
tell more. Memory is what the processes of server and browser fill themselves, looked at every ten seconds:
what they share is counted once, and pages of their program files, which the system can drop at any
time, are not (Linux: PSS without files; elsewhere RSS). It rises and falls with every set and with
every collection of garbage; what stays is its floor, the lowest of each two minutes, longer than a
session takes. Growth is the slope of the floor after five minutes: by then the newest twelve
results, which are kept on purpose, are there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.harness import Figure, FloatArray, Report, Table, evenly, milliseconds
from benchmarks.live import LONG_MIN, slope_per_min

sys.path.insert(0, str(harness.ROOT))
from benchmarks.tab import Tab, tab
from tests.browsing import as_webcam
from tests.served import CHROMIUM, Served, serving, wait_until

CLIP = harness.SAMPLES / "step_down_lean_left.mp4"
HEIGHT_PX = 480
EVERY_S = 1.0
LOOK_S = 10.0
"""Seconds between two looks at the processes: a look takes a tenth of a second of one core."""
FLOOR_S = 120.0
FULL_S = 300.0
FEWEST_FLOORS = 3
FEWEST_MIN = (FULL_S + FEWEST_FLOORS * FLOOR_S) / 60 + 1
WARMED_UP = 1
"""Samples after which the processor time counts: model and page are loaded."""
_FILLED = ("Pss_Anon:", "Pss_Shmem:")
ASKED = '{"sets": 5, "rest": 5, "exercise": "step-down", "reps": 4, "start": "now"}'
THERE = "document.querySelector('%s') !== null"
BEGIN = "document.querySelector('#begin').click()"
AGAIN = (
    "[...document.querySelectorAll('button')].find((b) => b.textContent === 'Another set').click()"
)
TAKE = """(() => {
  const s = glutecamStats;
  const taken = {shown: s.shown, captured: s.captured, clock: s.clock,
                 latency: s.latencyMs.splice(0), server: s.serverMs.splice(0)};
  return taken;
})()"""


@dataclass
class Seen:
    """What was measured while it ran; times in seconds since the start."""

    clock: str = ""
    captured: int = 0
    shown: int = 0
    running_s: float = 0.0
    latency: list[tuple[float, float]] = field(default_factory=list)
    server_ms: list[float] = field(default_factory=list)
    memory: list[tuple[float, float, float]] = field(default_factory=list)
    processor: list[tuple[int, float, float]] = field(default_factory=list)
    """Pictures shown so far; seconds of processor time of server and browser."""
    sessions: int = 0


@dataclass(frozen=True)
class Used:
    """What processes occupy, in MB, and the processor time they took, in s."""

    memory_mb: float
    processor_s: float


def used(pid: int) -> Used:
    """Return what a process and its children use; NaN where the system does not tell."""
    done = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,rss=,times="], capture_output=True, text=True, check=False
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    family, grown = {str(pid)}, True
    while grown:
        more = {child for child, parent, *_ in rows if parent in family} - family
        family, grown = family | more, bool(more)
    found = [row for row in rows if row[0] in family]
    if not found:
        return Used(float("nan"), float("nan"))
    memory_kb = sum(_filled_kb(row[0], int(row[2])) for row in found)
    return Used(memory_kb * 1024 / 1e6, sum(int(row[3]) for row in found))


def _filled_kb(pid: str, rss_kb: int) -> int:
    """Return what a process fills itself, its part of what is shared; RSS where that is not told."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return rss_kb
    told = [int(line.split()[1]) for line in lines if line.startswith(_FILLED)]
    return sum(told) if told else rss_kb


@contextmanager
def stage(folder: Path) -> Iterator[tuple[Served, Tab, int]]:
    """Serve the page and open it in Chromium."""
    webcam = as_webcam(CLIP, folder / "webcam.mjpeg", height_px=HEIGHT_PX)
    with (
        serving(folder) as served,
        tab(str(CHROMIUM), webcam, f"{served.url}#/exercise", folder) as (page, browser),
    ):
        wait_until(lambda: page.evaluate(THERE % "#begin"))
        page.evaluate(f"localStorage.setItem('glutecam.asked', '{ASKED}'); location.reload()")
        time.sleep(2.0)
        wait_until(lambda: page.evaluate(THERE % "#begin"))
        yield served, page, browser


def watch(served: Served, page: Tab, browser: int, seconds: float) -> Seen:
    """Hold sessions for so long and note what the page measures."""
    seen, start_s = Seen(), time.monotonic()
    shown = captured = 0
    while (now_s := time.monotonic() - start_s) < seconds:
        if page.evaluate(THERE % "#begin"):
            page.evaluate(BEGIN)
            wait_until(lambda: page.evaluate(THERE % ".live"))
            seen.sessions += 1
            shown = captured = 0
        elif page.evaluate(THERE % ".summary"):
            page.evaluate(AGAIN)
            continue
        before_s = time.monotonic()
        time.sleep(EVERY_S)
        taken = page.evaluate(TAKE)
        if taken["latency"]:
            seen.running_s += time.monotonic() - before_s
            seen.shown += taken["shown"] - shown
            seen.captured += taken["captured"] - captured
        shown, captured = taken["shown"], taken["captured"]
        seen.clock = taken["clock"]
        seen.latency += [(now_s, value) for value in taken["latency"]]
        seen.server_ms += taken["server"]
        if not seen.memory or now_s - seen.memory[-1][0] >= LOOK_S:
            ours, theirs = used(served.process.pid), used(browser)
            seen.memory.append((now_s, ours.memory_mb, theirs.memory_mb))
            seen.processor.append((seen.shown, ours.processor_s, theirs.processor_s))
    return seen


def floors(
    times_s: FloatArray, values: FloatArray, after_s: float
) -> tuple[FloatArray, FloatArray]:
    """Return the lowest value of each whole FLOOR_S from a time on, and when that was."""
    began = times_s - times_s[0] - after_s
    which = np.floor(began / FLOOR_S).astype(int)
    whole = range(int(began[-1] // FLOOR_S))
    rows = [np.flatnonzero(which == number) for number in whole]
    lowest = np.array([found[np.argmin(values[found])] for found in rows if len(found)], dtype=int)
    return times_s[lowest], values[lowest]


def floor_slope_per_min(times_s: FloatArray, values: FloatArray) -> float:
    """Return how fast the floor rises, per minute; NaN where there are too few to tell."""
    when, lowest = floors(times_s, values, FULL_S)
    if len(when) < FEWEST_FLOORS:
        return float("nan")
    return float(np.polyfit((when - when[0]) / 60, lowest, 1)[0])


def _figures(seen: Seen, minutes: float) -> list[Figure]:
    when, latency = np.array(seen.latency).T
    memory = np.array(seen.memory)
    spent = np.diff(np.array(seen.processor, dtype=float)[[WARMED_UP, -1]], axis=0)[0]
    costs = [1000 * float(part) / spent[0] for part in spent[1:]]
    long = minutes >= LONG_MIN
    note = "" if long else f"too short to judge: --minutes {LONG_MIN:.0f} or more"
    most = 1.0 if long else None
    ours, theirs = (floor_slope_per_min(memory[:, 0], memory[:, at]) for at in (1, 2))
    grown = 1.0 if np.isfinite(ours) else None
    few = "" if np.isfinite(ours) else f"too short to judge: --minutes {FEWEST_MIN:.0f} or more"
    return [
        Figure("processed", seen.shown / seen.running_s, "frames/s", at_least=24),
        Figure("offered by the camera", seen.captured / seen.running_s, "frames/s"),
        Figure("capture to overlay, p50", float(np.quantile(latency, 0.50)), "ms"),
        Figure("capture to overlay, p95", float(np.quantile(latency, 0.95)), "ms", at_most=120),
        Figure("capture to overlay, p99", float(np.quantile(latency, 0.99)), "ms"),
        Figure(
            "growth of latency", slope_per_min(when, latency), "ms/min", at_most=most, note=note
        ),
        Figure("growth of the server's memory", ours, "MB/min", at_most=grown, note=few),
        Figure("growth of the browser's memory", theirs, "MB/min", at_most=grown, note=few),
        Figure("processor time of a picture, server", costs[0], "ms"),
        Figure("processor time of a picture, browser", costs[1], "ms"),
        Figure("memory of the server at the end", float(memory[-1, 1]), "MB"),
        Figure("memory of the browser at the end", float(memory[-1, 2]), "MB"),
    ]


def browser(arguments: argparse.Namespace) -> Report:
    """Hold sessions in Chromium and look at their figures."""
    report = Report("browser", "does the picture in the browser keep up with the camera?")
    if CHROMIUM is None:
        report.notes.append("No Chromium is installed: nothing was measured.")
        return report
    with tempfile.TemporaryDirectory() as folder, stage(Path(folder)) as (served, page, pid):
        seen = watch(served, page, pid, 60 * arguments.minutes)
    report.figures += _figures(seen, arguments.minutes)
    latency_ms = [value for _, value in seen.latency]
    report.tables += [
        milliseconds([("sent until drawn", seen.server_ms), ("captured until drawn", latency_ms)]),
        Table(
            "memory over time",
            ("second", "server, MB", "browser, MB"),
            [tuple(map(float, row)) for row in evenly(seen.memory)],
        ),
    ]
    report.settings = {
        "minutes": arguments.minutes, "clock": seen.clock, "sessions": seen.sessions,
        "size": f"640x{HEIGHT_PX}",
    }  # fmt: skip
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    raise SystemExit(harness.main(parser, browser))
