"""Hundreds of damaged videos in one batch: flipped bits, cut ends, edited headers.

Whole clips of one second in six containers are damaged at random, the same way for the same seed,
and judged by a batch in a process of its own. The batch must end by itself, with a row of words for
every file, and no file may take longer than a minute. What is damaged beyond use is an error that
says so; what can still be decoded is judged, and the row warns.
"""

from __future__ import annotations

import argparse
import json
import random
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import harness
from benchmarks.footage import pictures, written
from benchmarks.harness import ROOT, Figure, Report, Table
from benchmarks.kills import table
from benchmarks.processes import environment
from glutecam.batch import SUMMARY

CLIP = "step_down_clean_left"
FRAMES = FPS = 12
MOST_S = 60.0
WHOLE_MOST_S = 3600.0
KINDS: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    ("index-first.mp4", "libx264", {"preset": "ultrafast", "g": "4"}, {"movflags": "+faststart"}),
    ("index-last.mov", "libx264", {"preset": "ultrafast", "g": "4"}, {}),
    ("matroska.mkv", "libx265", {"preset": "ultrafast", "x265-params": "log-level=none"}, {}),
    ("interleaved.avi", "mpeg4", {}, {}),
    ("stream.mts", "libx264", {"preset": "ultrafast", "g": "4"}, {}),
    ("web.webm", "libvpx", {"deadline": "realtime", "cpu-used": "8"}, {}),
)
EXTREMES = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
HEAD = 1024


@dataclass(frozen=True)
class Timed:
    """What the batch told of one file."""

    file: str
    state: str
    took_s: float


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Flip from one bit to some hundred, anywhere."""
    damaged = bytearray(data)
    for _ in range(round(2 ** chance.uniform(0, 9))):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def cut(data: bytes, chance: random.Random) -> bytes:
    """Keep the beginning."""
    return data[: max(1, int(len(data) * chance.uniform(0.0, 1.0)))]


def edited(data: bytes, chance: random.Random) -> bytes:
    """Write extreme or random numbers into the header, where lengths, counts and sizes stand."""
    damaged = bytearray(data)
    start, end = _header(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(start, max(start + 1, end - 4))
        number = chance.choice((*EXTREMES, chance.getrandbits(32)))
        written_as = struct.pack(chance.choice((">I", "<I")), number)
        piece = written_as[: chance.choice((1, 2, 4))]
        damaged[at : at + len(piece)] = piece
    return bytes(damaged[: len(data)])


def _header(data: bytes) -> tuple[int, int]:
    """Return where the header is: an MP4's index, wherever it stands, else the first kilobyte."""
    index = data.find(b"moov")
    if index < 0:
        return 0, min(HEAD, len(data))
    size = int.from_bytes(data[index - 4 : index], "big")
    return index, min(index + size, len(data))


DAMAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "flipped": flipped,
    "cut": cut,
    "edited": edited,
}


def fuzzed(folder: Path, files: int, seed: int) -> list[str]:
    """Write so many damaged files, and return the names of those that are damaged at all."""
    sample = harness.sample_clips(CLIP)[0]
    images = pictures(sample.path, 60, 30)[:: 30 // FPS][:FRAMES]
    whole = {}
    for name, codec, options, container in KINDS:
        path = written(folder / f".{name}", images, FPS, codec, options, **container)
        whole[name] = path.read_bytes()
        path.unlink()
    chance = random.Random(seed)
    names = []
    for number in range(files):
        kind = KINDS[number % len(KINDS)][0]
        how = list(DAMAGE)[number // len(KINDS) % len(DAMAGE)]
        name = f"{number:04d}-{how}-{kind}"
        (folder / name).write_bytes(DAMAGE[how](whole[kind], chance))
        names.append(name)
    return names


def judge(folder: Path, out: Path, workers: int, notes: Path) -> int:
    """Judge the folder as ``glutecam batch`` does, and note how long every file took."""
    from glutecam.batch import Job, plan, run_batch

    with notes.open("w", encoding="utf-8") as stream:
        clips = plan(folder, "step-down", "left").clips
        totals = run_batch(
            clips,
            Job(out),
            workers,
            lambda _, clip, done: print(
                json.dumps(asdict(Timed(clip.file, done.state, done.took_s))),
                file=stream,
                flush=True,
            ),
        )
    return 0 if totals.finished == totals.clips else 1


def fuzz(arguments: argparse.Namespace) -> Report:
    """Damage, judge and count."""
    with tempfile.TemporaryDirectory() as name:
        place = arguments.keep or Path(name)
        folder, out, notes = place / "files", place / "out", place / "notes.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        names = fuzzed(folder, arguments.files, arguments.seed)
        start_s = time.monotonic()
        words = [str(folder), str(out), str(arguments.workers), str(notes)]
        batch = subprocess.run(
            [sys.executable, "-m", "benchmarks.fuzz", "--judge", *words], cwd=ROOT,
            env=environment(), timeout=WHOLE_MOST_S, check=False, capture_output=True, text=True,
        )  # fmt: skip
        took_s = time.monotonic() - start_s
        print(batch.stderr[-2000:])
        timed = [Timed(**json.loads(line)) for line in notes.read_text("utf-8").splitlines()]
        rows = table(out / SUMMARY) if (out / SUMMARY).is_file() else []
    report = _report(names, rows, timed, batch.returncode)
    report.figures.append(Figure("the whole batch", took_s, "s"))
    return report


def outcome(row: dict[str, str]) -> str:
    """Return what became of a file, in a few words."""
    if row["status"] != "done":
        return "its worker died" if "worker process" in row["error"] else "refused"
    return "judged, with a warning" if row["warnings"] else "judged"


def is_clear(row: dict[str, str]) -> bool:
    """Return whether a row says something that a person understands."""
    if row["status"] == "done":
        return bool(row["verdict"])
    text = row["error"]
    return bool(text) and not any(odd in text for odd in ("Traceback", "Error(", "exit code"))


def _report(names: list[str], rows: list[dict[str, str]], timed: list[Timed], code: int) -> Report:
    counted = Counter(row["file"] for row in rows)
    report = Report("fuzz", "what becomes of damaged videos?")
    report.figures += [
        Figure("damaged files", float(len(names)), at_least=300),
        Figure("exit code of the batch", float(code), at_most=0),
        Figure("files without exactly one row", float(sum(counted[n] != 1 for n in names)), at_most=0),
        Figure(
            "rows that do not say clearly what happened",
            float(sum(not is_clear(row) for row in rows)), at_most=0,
        ),
        Figure("longest that one file took", max((t.took_s for t in timed), default=0.0), "s",
               at_most=MOST_S),
        Figure("workers that died of a file", float(sum(outcome(r) == "its worker died" for r in rows))),
    ]  # fmt: skip
    kinds = Counter((_damage(row["file"]), outcome(row)) for row in rows)
    found = [(how, what, count) for (how, what), count in sorted(kinds.items())]
    report.tables.append(Table("what became of them", ("damage", "outcome", "files"), list(found)))
    odd = [(r["file"], outcome(r), r["error"][:160]) for r in rows if not is_clear(r)]
    slow = [(t.file, t.state, t.took_s) for t in sorted(timed, key=lambda t: -t.took_s)[:5]]
    report.tables.append(Table("not clear", ("file", "outcome", "error"), list(odd)))
    report.tables.append(Table("slowest", ("file", "state", "seconds"), list(slow)))
    return report


def _damage(file: str) -> str:
    return file.split("-")[1]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--judge"]:
        there, results, count, told = sys.argv[2:]
        raise SystemExit(judge(Path(there), Path(results), int(count), Path(told)))
    parser = harness.options(__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="keep files and results in this folder")
    raise SystemExit(harness.main(parser, fuzz))
