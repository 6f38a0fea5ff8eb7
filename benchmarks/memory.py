"""How much memory a worker of a batch needs at most, for short recordings and for long ones.

Each recording is a batch of its own with one worker, and the system tells the largest resident size
of the program and its worker. Videos are a sample clip run forth and back, small and at few pictures
a second, so that an hour of them is decoded and seen by the pose model in minutes. An hour at
30 pictures a second is given as landmarks: judging them is what could grow with the length, and
reading a video could not care less what the pictures show.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks import harness
from benchmarks.footage import SMALL_PX, looped, pictures, written
from benchmarks.harness import Figure, Report, Sample, Table
from benchmarks.processes import started
from benchmarks.rescore import repeated
from glutecam.records.posefile import save_poses

CLIP = "step_down_clean_right"
SHORT_S = 10
FPS = 10
LANDMARK_FPS = 30
RATES = {"video": FPS, "landmarks": LANDMARK_FPS}
MOST_MB = 600.0
GROWTH_MB = 30.0
"""So much more counts as the same: two runs of one clip differ by up to this."""


def video(sample: Sample, folder: Path, seconds: float, max_side_px: int = SMALL_PX) -> Path:
    """Write a video of so many seconds."""
    images = pictures(sample.path, 60, 240, max_side_px)[:: LANDMARK_FPS // FPS]
    count = round(seconds * FPS)
    return written(folder / f"{count}-pictures.mp4", looped(images, count), FPS)


def landmarks(sample: Sample, folder: Path, seconds: float, cache: Path | None) -> Path:
    """Write the landmarks of so many seconds."""
    frames = round(seconds * LANDMARK_FPS)
    path = folder / f"{frames}-landmarks.npz"
    found = sample.recording(cache)
    long = repeated(found.poses, frames)[:frames]
    save_poses(path, long, model_name=found.model_name, source_name=path.name, fps=30.0)
    return path


def peak(clip: Path, sample: Sample, folder: Path) -> tuple[float, float]:
    """Judge one recording as a batch; return the largest size in MB and how long it took in s."""
    listed, log = folder / f"{clip.stem}.csv", folder / f"{clip.stem}.log"
    row = f"{clip.name},{sample.exercise.name},{sample.side.value}"
    listed.write_text(f"file,exercise,side\n{row}\n", "utf-8")
    start_s = time.monotonic()
    told, results = folder / f"{clip.stem}.peak", folder / f"out-{clip.stem}"
    words = ("batch", listed, "-o", results, "--workers", 1)
    if started(log, told, *words, module="benchmarks.peak_of").wait():
        raise RuntimeError(log.read_text("utf-8"))
    return float(told.read_text("utf-8")), time.monotonic() - start_s


def memory(arguments: argparse.Namespace) -> Report:
    """Judge recordings of several lengths."""
    sample = harness.sample_clips(CLIP)[0]
    lengths_s = [SHORT_S, *(60.0 * minutes for minutes in arguments.minutes)]
    rows: list[tuple[str | float | int | None, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in arguments.recordings:
            fps = RATES[kind]
            for length_s in lengths_s:
                clip = (
                    video(sample, folder, length_s)
                    if kind == "video"
                    else landmarks(sample, folder, length_s, arguments.cache)
                )
                peak_mb, took_s = peak(clip, sample, folder)
                print(f"{kind}, {length_s:.0f} s: {peak_mb:.0f} MB", flush=True)
                rows.append((kind, length_s / 60, fps, round(length_s * fps), peak_mb, took_s))
    report = Report("memory", "how much memory does a worker need, and does it grow with the clip?")
    for kind in arguments.recordings:
        report.figures += _figures(kind, [row for row in rows if row[0] == kind])
    columns = ("recording", "minutes", "frames/s", "frames", "peak, MB", "seconds")
    report.tables.append(Table("largest resident size of a worker", columns, rows))
    return report


def _figures(kind: str, rows: list[tuple[str | float | int | None, ...]]) -> list[Figure]:
    short, long = (float(row[4] or 0) for row in (rows[0], rows[-1]))
    length = f"{float(rows[-1][1] or 0):g} min"
    return [
        Figure(f"worker's peak, {kind} of {SHORT_S} s", short, "MB", at_most=MOST_MB),
        Figure(f"worker's peak, {kind} of {length}", long, "MB", at_most=MOST_MB),
        Figure(f"more for {length} than for {SHORT_S} s, {kind}", long - short, "MB",
               at_most=GROWTH_MB),
    ]  # fmt: skip


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--minutes", type=float, nargs="+", default=[10.0, 60.0])
    parser.add_argument("--recordings", nargs="+", choices=tuple(RATES), default=list(RATES))
    raise SystemExit(harness.main(parser, memory))
