"""How long ``import glutecam`` takes, in a fresh interpreter, and what it brings along.

The time of the statement alone is counted, by the interpreter's own clock; what the interpreter
needs to start is not. The first run, when nothing is in the disk cache, is left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

import numpy as np

from benchmarks import harness
from benchmarks.harness import Figure, Report

HEAVY = ("cv2", "mediapipe", "av", "scipy", "numpy", "plotly", "pydantic", "typer")

CODE = """
import json, sys, time
start = time.perf_counter()
{statement}
took = time.perf_counter() - start
print(json.dumps([took, [name for name in {heavy!r} if name in sys.modules]]))
"""

EVERY_NAME = "import glutecam\nfor name in glutecam.__all__: getattr(glutecam, name)"


def once(statement: str) -> tuple[float, list[str]]:
    """Run a statement in a fresh interpreter; return seconds and the heavy packages loaded."""
    code = CODE.format(statement=statement, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=harness.ROOT, check=True, capture_output=True, text=True
    )
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return float(found[0]), list(found[1])


def import_time(arguments: argparse.Namespace) -> Report:
    """Import many times."""
    report = Report("import_time", "how long does importing the package take?")
    for statement, name in (
        ("import glutecam", "import glutecam"),
        (EVERY_NAME, "every public name"),
    ):
        once(statement)
        runs = [once(statement) for _ in range(arguments.rounds)]
        took = [seconds for seconds, _ in runs]
        loaded = runs[0][1]
        plain = name == "import glutecam"
        limit = 0.3 if plain else None
        note = f"loads {', '.join(loaded) or 'none of the large packages'}"
        report.figures += [
            Figure(f"{name}, median", float(np.median(took)), "s", at_most=limit, note=note),
            Figure(f"{name}, slowest", float(np.max(took)), "s"),
        ]
        if plain:
            unwanted = {"cv2", "mediapipe"} & set(loaded)
            report.figures.append(
                Figure("cv2 and mediapipe among what it loads", float(len(unwanted)), at_most=0)
            )
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    raise SystemExit(harness.main(parser, import_time))
