"""A batch against Sports2D 0.8 on the same clips, in one run.

Sports2D lives in an environment of its own, which this is told of:

    python -m venv ~/sports2d
    ~/sports2d/bin/pip install 'sports2d>=0.8,<0.9' 'mediapipe==0.10.33'
    python -m benchmarks.against_sports2d --sports2d ~/sports2d/bin/python

It fetches its pose weights from its makers at first use. Where they lie in its cache they are used;
else its pipeline runs with our pose model in the place of its own (``--pose`` decides), and the
figures say which. Sports2D draws, plots and converts nothing here, only finds poses and angles and
writes them, and its start does not count; ours does. It works through its clips one after another,
as it does for anybody; glutecam's batch is run with one worker and with one for each core.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import harness
from benchmarks.harness import Figure, Report, Sample, Table
from benchmarks.throughput import batch
from glutecam.capture.lean import read_lean
from glutecam.capture.weights import model_path

RUN = Path(__file__).with_name("sports2d_run.py")
PLACE = "GLUTECAM_SPORTS2D"
WEIGHTS = Path.home() / ".cache" / "rtmlib"
OWN, OURS = "its own pose model", "our pose model plugged in"


def pose_of(asked: str) -> str:
    """Return which pose model Sports2D is run with."""
    if asked == "auto":
        asked = "own" if any(WEIGHTS.rglob("*.onnx")) else "ours"
    return OWN if asked == "own" else OURS


def sports2d(python: Path, pose: str, samples: list[Sample], folder: Path) -> dict[str, Any]:
    """Run it over the clips; return what its script tells."""
    model = "own"
    if pose == OURS:
        # Without the outline, as ours runs it: else that alone would be a third of the difference.
        bundle = folder.with_suffix(".task")
        bundle.write_bytes(read_lean(model_path("full")))
        model = str(bundle)
    words = [str(folder), model, *(str(sample.path) for sample in samples)]
    run = subprocess.run(
        [str(python), str(RUN), *words], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": "", "MPLBACKEND": "Agg"},
    )  # fmt: skip
    if run.returncode:
        raise RuntimeError(run.stderr[-3000:])
    told: dict[str, Any] = json.loads(run.stdout.strip().splitlines()[-1])
    if min(told["poses"], told["angles"]) < len(samples):
        raise RuntimeError(f"Sports2D wrote too little: {told}\n{run.stderr[-3000:]}")
    return told


def against(arguments: argparse.Namespace) -> Report:
    """Let them take turns."""
    samples = harness.sample_clips(arguments.only)[: arguments.clips]
    frames = sum(len(sample.truth["time_s"]) for sample in samples)
    pose = pose_of(arguments.pose)
    rows: list[tuple[str | float | int | None, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        theirs = sports2d(arguments.sports2d, pose, samples, folder / "sports2d")
        rows.append((f"Sports2D {theirs['version']}, {pose}", 1, theirs["seconds"]))
        for workers in sorted({1, arguments.workers}):
            took_s = batch(samples, workers, folder)
            rows.append(("glutecam batch", workers, took_s))
    rows = [(*row, frames / float(row[2] or 1)) for row in rows]
    report = Report("against_sports2d", "how fast is a batch beside Sports2D?")
    for _, workers, whole_s, _ in rows[1:]:
        many = f"{workers} worker{'s' * (workers != 1)}"
        report.figures.append(
            Figure(f"batch of {many} against Sports2D with {pose}",
                   theirs["seconds"] / float(whole_s or 1), "x", at_least=1.0)
        )  # fmt: skip
    if pose == OURS:
        seen = theirs["seen"] / max(1, theirs["frames"])
        report.figures.append(Figure("frames in which Sports2D was given a person", seen))
    columns = ("program", "workers", "seconds", "frames/s")
    report.tables.append(Table(f"{len(samples)} clips, {frames} frames", columns, rows))
    return report


def _python(arguments: list[str] | None = None) -> Path | None:
    """Return the interpreter that has Sports2D, None where nobody named one."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--sports2d", type=Path)
    known = parser.parse_known_args(arguments)[0].sports2d
    named = known or os.environ.get(PLACE)
    return Path(named) if named and Path(named).is_file() else None


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--sports2d", type=Path, default=os.environ.get(PLACE),
                        help=f"python of its environment; or {PLACE} names it")  # fmt: skip
    parser.add_argument("--pose", choices=("auto", "own", "ours"), default="auto")
    parser.add_argument("--clips", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    if _python() is None:
        print(f"skipped: no environment with Sports2D is named (--sports2d or {PLACE}).\n{__doc__}")
        raise SystemExit(0)
    raise SystemExit(harness.main(parser, against))
