"""Thousands of short clips while workers, and twice the program itself, are killed.

A list of clips is given to ``glutecam batch``. Every so often one of its workers is killed
(SIGKILL, as when memory runs out); after a third and after two thirds of the clips the program is
killed in the same way, its workers with it, and the same line is run again. At the end every clip
must be one row of the table, and no clip may have been computed after it was done. The clips are
copies of a few, so that all copies of one must have got the same numbers, whatever was killed around
them. Then the line is run once more: nothing may be left to do.

With ``--folder`` clips, results and counts stay there, and the same line goes on from them: a night may
have as many sittings as it needs, all with the same code.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import harness
from benchmarks.footage import pictures, written
from benchmarks.harness import Figure, Report
from benchmarks.processes import started, wait_for, workers_of
from glutecam.batch import SUMMARY
from glutecam.records.files import write_whole

FPS = 12
ENDS = (0, 4)
"""Exit codes of a batch that came to its end; with 4 some clip failed."""
SAME = ("clips", "originals", "frames", "workers", "every", "seed")
"""Settings that all sittings share."""
COUNTS = ("done", "parents", "workers_killed", "parents_killed", "took_s", "sittings")
UNLIKE = ("file", "subject", "results", "assessment")
"""Columns in which copies of one clip differ."""


def made(folder: Path, clips: int, originals: int, frames: int) -> Path:
    """Write short clips and their list, every clip under a name of its own."""
    samples = harness.sample_clips()
    kept = []
    for number in range(originals):
        sample = samples[number % len(samples)]
        first = 30 + 15 * (number // len(samples))
        path = folder / f"original-{number}.mp4"
        kept.append((written(path, pictures(sample.path, first, frames), FPS), sample))
    lines = ["file,exercise,side,subject"]
    for number in range(clips):
        original, sample = kept[number % originals]
        copy = folder / f"{original.stem}-copy-{number}.mp4"
        copy.unlink(missing_ok=True)
        copy.hardlink_to(original)
        lines.append(f"{copy.name},{sample.exercise.name},{sample.side.value},P{number}")
    listed = folder / "clips.csv"
    listed.write_text("\n".join([*lines, ""]), "utf-8")
    return listed


@dataclass
class Night:
    """One batch, run until it ends by itself, and who was killed meanwhile.

    Attributes
    ----------
    every_s : float
        Seconds between killed workers, at least: a worker is killed only after a clip was done.
    parents : list of int
        At so many clips done the program itself is killed.
    look_s : float
        Seconds between two looks at what is done.
    done : dict of str to int
        When the record of each clip was written, as the file system tells it.
    kept : Path or None
        Where the counts are written down whenever one changes, for another sitting.
    took_s : float
        Of all sittings, as far as counts were written down.
    """

    words: list[str]
    out: Path
    every_s: float
    parents: list[int]
    log: Path
    chance: random.Random
    look_s: float = 1.0
    done: dict[str, int] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    workers_killed: int = 0
    parents_killed: int = 0
    kept: Path | None = None
    took_s: float = 0.0
    sittings: int = 1

    def take_up(self) -> None:
        """Take up the counts of the sittings before."""
        if self.kept is not None and self.kept.exists():
            told = json.loads(self.kept.read_text("utf-8"))
            for name in COUNTS:
                setattr(self, name, told[name])
            self.again = set(told["again"])
            self.sittings += 1

    def run(self) -> int:
        """Return the exit code of the run that came to its end.

        Raises
        ------
        RuntimeError
            Where one ended in a way that is none.
        """
        while True:
            process = started(self.log, *self.words)
            try:
                if self._came_to_its_end(process):
                    break
            finally:
                process.kill()
                process.wait()
            self._look()
        if process.returncode not in ENDS:
            raise RuntimeError(self.log.read_text("utf-8")[-2000:])
        return process.returncode

    def _keep(self, since_s: float) -> float:
        """Write the counts down; return the time until which they are."""
        now_s = time.monotonic()
        self.took_s += now_s - since_s
        if self.kept is not None:
            told = {name: getattr(self, name) for name in COUNTS} | {"again": sorted(self.again)}
            write_whole(self.kept, json.dumps(told, indent=1).encode())
        return now_s

    def _came_to_its_end(self, process: subprocess.Popen[bytes]) -> bool:
        kept_s = time.monotonic()
        next_s, before = kept_s + self.every_s, len(self.done)
        while process.poll() is None:
            time.sleep(self.look_s)
            self._look()
            kept_s = self._keep(kept_s)
            # On a busy machine a worker may need longer to begin than it is left alive.
            if time.monotonic() >= next_s and len(self.done) > before:
                next_s, before = time.monotonic() + self.every_s, len(self.done)
                self._kill_one(process)
            if self.parents and len(self.done) >= self.parents[0]:
                self._kill_all(process)
                self._keep(kept_s)
                return False
        self._look()
        self._keep(kept_s)
        return True

    def _kill_one(self, process: subprocess.Popen[bytes]) -> None:
        workers = workers_of(process.pid)
        if workers:
            os.kill(self.chance.choice(workers), signal.SIGKILL)
            self.workers_killed += 1

    def _kill_all(self, process: subprocess.Popen[bytes]) -> None:
        """Kill the program; its workers must notice and go."""
        workers = workers_of(process.pid)
        process.kill()
        process.wait()
        wait_for(lambda: not any(map(_lives, workers)), 120)
        self.parents.pop(0)
        self.parents_killed += 1

    def _look(self) -> None:
        """Note which records are there, and whether one was written a second time."""
        for record in self.out.glob("clips/*/clip.json"):
            try:
                when = record.stat().st_mtime_ns
            except FileNotFoundError:
                continue
            if self.done.get(record.parent.name) == when or not _is_judged(record):
                continue
            if record.parent.name in self.done:
                self.again.add(record.parent.name)
            self.done[record.parent.name] = when


def _is_judged(record: Path) -> bool:
    """Tell a result from the note that a clip was given up, which the next run rightly tries again."""
    try:
        return not json.loads(record.read_text("utf-8"))["error"]
    except FileNotFoundError:
        return False


def _lives(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def unequal(rows: list[dict[str, str]]) -> int:
    """Return how many clips have other numbers than most copies of the same original."""
    found: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for row in (row for row in rows if row["status"] == "done"):
        numbers = tuple(cell for name, cell in row.items() if name not in UNLIKE)
        found[row["file"].split("-copy-")[0]][numbers] += 1
    return sum(sum(kinds.values()) - max(kinds.values()) for kinds in found.values())


def kills(arguments: argparse.Namespace) -> Report:
    """Judge the clips through the night, and count."""
    with _place(arguments) as folder:
        listed = folder / "clips.csv"
        if not listed.exists():
            made(folder, arguments.clips, arguments.originals, arguments.frames)
        out, log = folder / "out", folder / "said.log"
        words = ["batch", str(listed), "-o", str(out), "--workers", str(arguments.workers)]
        parents = [arguments.clips // 3, 2 * arguments.clips // 3]
        chance = random.Random(arguments.seed)
        night = Night(words, out, arguments.every, parents, log, chance, arguments.look)
        night.kept = folder / "counts.json"
        night.take_up()
        code = night.run()
        rows = table(out / SUMMARY)
        more = folder / "more.log"
        again = started(more, *words).wait()
        report = _report(arguments, night, rows)
        report.figures += [
            Figure(
                "done clips computed by one more run",
                float(_computed(more) - sum(row["status"] == "error" for row in rows)),
                at_most=0,
            ),
            Figure("run in", night.took_s / 60, "min"),
        ]
        if night.sittings > 1:
            report.notes.append(f"In {night.sittings} sittings.")
        report.notes.append(f"Exit codes: {code} at the end, {again} of one more run.")
    return report


@contextmanager
def _place(arguments: argparse.Namespace) -> Iterator[Path]:
    """Yield the folder of the night, which stays where it was asked for.

    Raises
    ------
    SystemExit
        Where it was begun with other settings, or by other code.
    """
    if arguments.folder is None:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
        return
    folder: Path = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    of = {name: getattr(arguments, name) for name in SAME} | {"code": _code()}
    begun = folder / "begun.json"
    if not begun.exists():
        write_whole(begun, json.dumps(of).encode())
    before = json.loads(begun.read_text("utf-8"))
    if before != of:
        raise SystemExit(
            f"{folder} was begun with {before}; this is {of}. Go on with the same settings and a copy "
            "of the same code, or begin in another folder."
        )
    yield folder


def _code() -> str:
    """Return a digest of the code, which judges again what other code has judged."""
    sources = sorted((harness.ROOT / "glutecam").rglob("*.py"))
    return hashlib.sha256(b"\0".join(map(Path.read_bytes, sources))).hexdigest()


def _computed(log: Path) -> int:
    """Return how many clips a run computed, as it says itself."""
    told = re.search(r"(\d+) new, (\d+) judged again", log.read_text("utf-8"))
    if told is None:
        raise RuntimeError(log.read_text("utf-8")[-2000:])
    return int(told[1]) + int(told[2])


def _report(arguments: argparse.Namespace, night: Night, rows: list[dict[str, str]]) -> Report:
    wanted = {f"P{number}" for number in range(arguments.clips)}
    counted = Counter(row["subject"] for row in rows)
    status = Counter(row["status"] for row in rows)
    report = Report("kills", "is every clip accounted for once, whoever is killed?")
    report.figures += [
        Figure("clips", float(arguments.clips), at_least=2000),
        Figure("times the program was killed", float(night.parents_killed), at_least=2),
        Figure("workers killed", float(night.workers_killed)),
        Figure("clips in no row", float(len(wanted - set(counted))), at_most=0),
        Figure(
            "clips in more than one row", float(sum(n > 1 for n in counted.values())), at_most=0
        ),
        Figure("clips not done", float(status["not done"]), at_most=0),
        Figure("clips that ended as an error", float(status["error"])),
        Figure("clips computed after they were done", float(len(night.again)), at_most=0),
        Figure("copies of one clip with other numbers", float(unequal(rows)), at_most=0),
    ]
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--clips", type=int, default=2000)
    parser.add_argument("--originals", type=int, default=28, help="different clips among them")
    parser.add_argument("--frames", type=int, default=5, help="of each clip")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=float, default=30.0, help="seconds between killed workers")
    parser.add_argument("--look", type=float, default=1.0, help="seconds between looks at them")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="keep the night there, to go on another time")
    raise SystemExit(harness.main(parser, kills))
