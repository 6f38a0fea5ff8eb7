"""How much memory a batch takes for a short and for a very long clip, and whether all sets are found.

Kept landmarks of a rendered person who does step-downs are joined to a recording: a set, a pause in
which the person walks out of the picture, the same set of the mirror twin on the other leg, and so on.
``glutecam batch`` judges it in a process of its own, with one worker; the highest resident memory of
that worker is read from the system when it ends, and so is that of the same batch on a single set.

``--video`` films the same in pictures: the sample clip again and again, written as one MP4, so that
decoder, pose model and key frames are in the figure; this takes as long as tracking so many frames.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.harness import ROOT, Figure, Report, Table
from glutecam.core.poses import PoseSeries
from glutecam.records.posefile import save_poses
from training.kept_clips import read_clip

KEPT = ROOT / "training" / "landmarks" / "exercises" / "step-down" / "002.npz"
SAMPLES = ("step_down_clean_right", "step_down_clean_left")
EXERCISE = "step-down"
PAUSE_S = 20.0
LIMIT_MB = 600.0
SAME = 1.1
"""So much more memory for the long clip still counts as the same."""


@dataclass(frozen=True)
class Ran:
    """What a batch came to: sets found, seconds, and the most memory a worker held."""

    sets: int
    reps: int
    took_s: float
    worker_mb: float
    parent_mb: float


def long_recording(minutes: float) -> tuple[PoseSeries, int]:
    """Return a recording of at least so many minutes, and how many sets are in it."""
    right = read_clip(KEPT).poses
    sets = (right, right.mirrored())
    step_s = float(np.median(np.diff(right.time_s)))
    parts: list[PoseSeries] = []
    at_s, number = 0.0, 0
    while at_s < 60.0 * minutes:
        film = sets[number % 2]
        parts.append(replace(film, time_s=film.time_s - film.time_s[0] + at_s))
        at_s = float(parts[-1].time_s[-1]) + step_s
        empty = PoseSeries.unseen(
            at_s + step_s * np.arange(round(PAUSE_S / step_s), dtype=float),
            film.width_px,
            film.height_px,
        )
        parts.append(empty)
        at_s, number = float(empty.time_s[-1]) + step_s, number + 1
    # The recording ends with its last set.
    return PoseSeries.concatenate(parts[:-1]), number


def long_video(target: Path, minutes: float) -> int:
    """Write sample clips one after the other, a still picture between them; return the sets."""
    from glutecam.capture.video import VideoFile
    from glutecam.display.recording import VideoWriter

    at_s, number = 0.0, 0
    with VideoFile(_sample(0)) as first:
        info = first.info
    with VideoWriter(target, info.width_px, info.height_px, fps=info.fps or 30.0) as writer:
        while at_s < 60.0 * minutes:
            with VideoFile(_sample(number)) as source:
                for frame in source:
                    writer.write(frame.image, at_s + frame.time_s)
                    last = at_s + frame.time_s
            for row in range(round(PAUSE_S * 30)):
                writer.write(np.zeros_like(frame.image), last + (row + 1) / 30.0)
            at_s, number = last + PAUSE_S + 2.0 / 30.0, number + 1
    return number


def _sample(number: int) -> Path:
    return ROOT / "sample_videos" / f"{SAMPLES[number % len(SAMPLES)]}.mp4"


def batch_of(file: Path, out: Path) -> Ran:
    """Judge one file with one worker and watch how much memory its processes hold."""
    manifest = out.with_suffix(".csv")
    manifest.write_text(f"file,exercise\n{file},{EXERCISE}\n", encoding="utf-8")
    words = [sys.executable, "-m", "glutecam", "batch", manifest, "--out", out, "--workers", "1"]
    begin_s = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in words], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    peaks: dict[int, float] = {}
    while process.poll() is None:
        for pid in (process.pid, *_children(process.pid)):
            peaks[pid] = max(peaks.get(pid, 0.0), _peak_mb(pid))
        time.sleep(0.05)
    took_s = time.perf_counter() - begin_s
    with (out / "summary.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["status"] == "done"]
    parent = peaks.pop(process.pid)
    reps = sum(int(row["reps"] or 0) for row in rows)
    return Ran(len(rows), reps, took_s, max(peaks.values()), parent)


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def _peak_mb(pid: int) -> float:
    """Return the highest resident memory of a process so far, by its own account."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = [line for line in lines if line.startswith("VmHWM")]
    return float(found[0].split()[1]) / 1024.0 if found else 0.0


def long_clip(arguments: argparse.Namespace) -> Report:
    """Judge one set, and as many as fit into the minutes."""
    rows: list[tuple[str | float | int | None, ...]] = []
    ran: dict[str, Ran] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, minutes in (("one set", 0.1), ("long", arguments.minutes)):
            made = Path(folder) / f"{name.replace(' ', '-')}{'.mp4' if arguments.video else '.npz'}"
            if arguments.video:
                known = long_video(made, minutes)
            else:
                poses, known = long_recording(minutes)
                save_poses(made, poses, model_name="full", source_name=name, fps=30.0)
            one = ran[name] = batch_of(made, made.with_suffix(""))
            rows.append(
                (name, minutes, known, one.sets, one.reps, one.took_s, one.worker_mb, one.parent_mb)
            )
    long, short = ran["long"], ran["one set"]
    report = Report("long_clip_video" if arguments.video else "long_clip", "is memory bounded?")
    report.figures += [
        Figure("an hour of landmarks, memory of a worker", long.worker_mb, "MB", at_most=LIMIT_MB),
        Figure(
            "an hour of landmarks against one set, memory",
            long.worker_mb / short.worker_mb,
            "x",
            at_most=SAME,
        ),
        Figure("sets of an hour that were not found", float(known - long.sets), at_most=0),
    ]
    head = (
        "clip",
        "minutes",
        "sets in it",
        "sets found",
        "repetitions",
        "s",
        "worker MB",
        "parent MB",
    )
    report.tables.append(Table("memory", head, rows))
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--video", action="store_true", help="with pictures and the pose model")
    raise SystemExit(harness.main(parser, long_clip))
