"""What every benchmark shares: the machine, the figures with their targets, the sample clips.

A benchmark makes a ``Report`` and hands it to ``main``, which prints it and keeps it as
``benchmarks/results/<name>.json``. A figure that misses its target is kept like any other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glutecam import exercises
from glutecam.core.assessment import Side
from glutecam.core.rules import Exercise
from glutecam.core.verdict import RULESET
from glutecam.core.version import VERSION
from glutecam.records.posefile import Recording, load_poses, save_recording

__all__ = [
    "RESULTS",
    "ROOT",
    "SAMPLES",
    "Figure",
    "Report",
    "Sample",
    "Table",
    "add_footage",
    "evenly",
    "load_at_start",
    "machine",
    "main",
    "milliseconds",
    "options",
    "quantiles",
    "sample_clips",
]

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "sample_videos"
RESULTS = ROOT / "benchmarks" / "results"

FORMAT = 1
MISSED = 3
"""Exit code of a benchmark that ran and misses a target; a broken one ends with 1."""
PACKAGES = ("numpy", "scipy", "mediapipe", "av", "opencv-contrib-python")

FloatArray = NDArray[np.float64]


def load_at_start() -> float | None:
    """Return the load average of the last minute; None where the system does not tell."""
    try:
        return round(os.getloadavg()[0], 2)
    except (AttributeError, OSError):
        return None


_LOAD_AT_START = load_at_start()


@dataclass(frozen=True)
class Figure:
    """One measured number, and the target it must reach.

    Attributes
    ----------
    name, unit : str
    value : float or None
        None where it could not be measured; then ``note`` says why.
    at_least, at_most : float or None
        The target; both None where there is none.
    note : str
    """

    name: str
    value: float | None
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        """The target in words, empty without one."""
        unit = f" {self.unit}" if self.unit else ""
        if self.at_least is not None:
            return f">= {_number(self.at_least)}{unit}"
        return "" if self.at_most is None else f"<= {_number(self.at_most)}{unit}"

    @property
    def passed(self) -> bool | None:
        """Whether the target is reached; None without a target."""
        if not self.target:
            return None
        if self.value is None or math.isnan(self.value):
            return False
        low = -math.inf if self.at_least is None else self.at_least
        high = math.inf if self.at_most is None else self.at_most
        # Comparing numpy's numbers gives numpy's own bool, which JSON does not know.
        return bool(low <= self.value <= high)


@dataclass(frozen=True)
class Table:
    """Figures that need columns."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str | float | int | None, ...]]


@dataclass
class Report:
    """What one benchmark found."""

    name: str
    question: str
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """True where no target is missed."""
        return all(figure.passed is not False for figure in self.figures)

    def as_dict(self) -> dict[str, Any]:
        """Return it with machine, date and load, ready for JSON."""
        figures = [
            {**asdict(figure), "target": figure.target, "passed": figure.passed}
            for figure in self.figures
        ]
        record = {
            "format": FORMAT,
            "benchmark": self.name,
            "question": self.question,
            "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "machine": machine(),
            "load_at_start": _LOAD_AT_START,
            "settings": self.settings,
            "passed": self.passed,
            "figures": figures,
            "tables": [asdict(table) for table in self.tables],
            "notes": self.notes,
        }
        cleaned: dict[str, Any] = _clean(record)
        return cleaned

    def text(self) -> str:
        """Return what the terminal shows."""
        lines = [f"{self.name}: {self.question}", f"load at start {_LOAD_AT_START}", ""]
        rows = [
            (f.name, f"{_number(f.value)} {f.unit}".strip(), f.target, _word(f.passed), f.note)
            for f in self.figures
        ]
        lines += _columns(("figure", "value", "target", "", "note"), rows) if rows else []
        for table in self.tables:
            cells = [tuple(_number(cell) for cell in row) for row in table.rows]
            lines += ["", table.title, *_columns(table.columns, cells)]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])

    def write(self, folder: Path) -> Path:
        """Keep it as ``<name>.json`` and return the file."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n", "utf-8")
        part.replace(path)
        return path


@dataclass(frozen=True)
class Sample:
    """One sample clip with everything that is known about it."""

    path: Path
    truth: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the clip without its ending."""
        return self.path.stem

    @property
    def exercise(self) -> Exercise:
        """The exercise it shows."""
        return exercises.get(str(self.truth["exercise"]).replace("_", "-"))

    @property
    def side(self) -> Side:
        """The worked leg."""
        return Side(self.truth["side"])

    def series(self, key: str) -> FloatArray:
        """Return a truth per frame, NaN where it has no meaning."""
        return np.array(self.truth[key], dtype=np.float64)

    def recording(self, cache: Path | None = None, model: str = "full") -> Recording:
        """Return its landmarks: from the cache if they are there, else from the pose model."""
        return recording(self.path, cache, model)


def recording(path: Path, cache: Path | None = None, model: str = "full") -> Recording:
    """Return the landmarks of a clip, kept below ``cache`` under the content of the clip."""
    from glutecam import pipeline

    if cache is None:
        return pipeline.read(path, model)
    key = hashlib.sha256(path.read_bytes() + f"{model} {version('mediapipe')}".encode())
    kept = cache / f"{path.stem}-{key.hexdigest()[:12]}.npz"
    if kept.exists():
        return load_poses(kept)
    found = pipeline.read(path, model)
    cache.mkdir(parents=True, exist_ok=True)
    save_recording(kept, found.poses, found.about)
    return found


def sample_clips(only: str = "") -> list[Sample]:
    """Return the sample clips whose name contains ``only``, in order of their names."""
    found = []
    for truth in sorted(SAMPLES.glob("*.truth.json")):
        clip = truth.with_name(truth.name.replace(".truth.json", ".mp4"))
        if only in clip.stem and clip.is_file():
            found.append(Sample(clip, json.loads(truth.read_text("utf-8"))))
    return found


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "cpu": _cpu(),
        "instructions": instructions(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "glutecam": VERSION,
        "ruleset": RULESET,
    }


def options(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that every benchmark has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result")
    parser.add_argument("--cache", type=Path, help="keep landmarks of clips in this folder")
    parser.add_argument("--only", default="", help="only clips whose name contains this")
    return parser


def add_footage(parser: argparse.ArgumentParser, inside: str = "video") -> None:
    """Let a benchmark be told where real clips are; GLUTECAM_FOOTAGE names the folder as well."""
    shared = Path(os.environ.get("GLUTECAM_FOOTAGE", ROOT.parent / "shared" / "footage"))
    parser.add_argument("--footage", type=Path, default=shared / inside, help="real clips")


def quantiles(took: Sequence[float] | FloatArray) -> tuple[float, ...]:
    """Return p50, p95 and p99."""
    return tuple(float(np.quantile(took, share)) for share in (0.5, 0.95, 0.99))


def milliseconds(parts: Iterable[tuple[str, Sequence[float]]]) -> Table:
    """Return how long each part of the work on a frame took."""
    rows: list[tuple[str | float | int | None, ...]] = [
        (name, len(took), *quantiles(took)) for name, took in parts
    ]
    return Table("milliseconds", ("part", "frames", "p50", "p95", "p99"), rows)


def evenly(rows: Sequence[Any], most: int = 11) -> list[Any]:
    """Return so many of the rows at most, the first and the last among them."""
    steps = np.linspace(0, len(rows) - 1, min(most, len(rows))).astype(int)
    return [rows[step] for step in steps]


def main(
    parser: argparse.ArgumentParser,
    benchmark: Callable[[argparse.Namespace], Report],
    arguments: Sequence[str] | None = None,
) -> int:
    """Measure, print and keep; return ``MISSED`` where a target is missed."""
    chosen = parser.parse_args(arguments)
    report = benchmark(chosen)
    report.settings.update(
        {
            key: _setting(value)
            for key, value in vars(chosen).items()
            if key not in ("out", "cache", "footage")
        }
    )
    print(report.text())
    report.write(chosen.out)
    return 0 if report.passed else MISSED


def _setting(value: object) -> str:
    """Return an option as it is kept: where a folder lies on this machine is nobody's business."""
    if not isinstance(value, Path):
        return str(value)
    inside = value.is_absolute() and value.is_relative_to(ROOT)
    return str(value.relative_to(ROOT)) if inside else value.name


def instructions() -> str:
    """Return which of numpy's sets of instructions the processor has, the best of them.

    Of one name there are processors with and without AVX-512, and a pose model that rounds otherwise
    finds other points.
    """
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return str(found[-1]) if found else "unknown"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _number(value: object) -> str:
    """Three significant digits or more, a dash for what is not known."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)


def _word(passed: bool | None) -> str:
    return {True: "pass", False: "MISS", None: ""}[passed]


def _columns(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    table = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _clean(value: Any) -> Any:
    """Make NaN null and numpy's scalars Python's, and round: more digits tell nothing."""
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.5g}") if math.isfinite(value) else None
    return value


if __name__ == "__main__":
    print(json.dumps(machine(), indent=1), file=sys.stdout)
