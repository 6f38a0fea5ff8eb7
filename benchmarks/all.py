"""Run every benchmark, each in a process of its own, and refresh table and losses in README.md.

    python benchmarks/all.py                      all of them, about ten minutes
    python benchmarks/all.py --minutes 10         with the long live session
    python benchmarks/all.py measures counts      some of them
    python benchmarks/all.py fuzz kills           those that take long run only when they are named
    python benchmarks/all.py --table              only the page, from the results kept

Landmarks of the sample clips are found once and shared. A missed target is printed and kept and is
not an error; a benchmark that breaks is.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.harness import MISSED, RESULTS, ROOT
from benchmarks.losses import losses

PAGE = ROOT / "benchmarks" / "README.md"
NAMES = (
    "import_time", "lean", "own_code", "rescore", "score_ratio", "batch", "live", "chunking", "measures",
    "counts", "gates", "accuracy", "exercises", "browser",
)  # fmt: skip
LONG = (
    "throughput",
    "against_sports2d",
    "cluster",
    "memory",
    "cluster_memory",
    "long_clip",
    "writers",
    "fuzz",
    "kills",
    "four_cameras",
)
"""From two minutes to half an hour each: run only when they are named."""
BEGIN, END = "<!-- {}: begin -->", "<!-- {}: end -->"


def run(name: str, cache: str, minutes: float) -> int:
    """Run one benchmark; its exit code is 3 where a target is missed."""
    command = [sys.executable, "-m", f"benchmarks.{name}", "--cache", cache]
    if name in ("live", "browser"):
        command += ["--minutes", str(minutes)]
    print(f"\n== {name}", flush=True)
    start_s = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(f"({time.monotonic() - start_s:.0f} s)", flush=True)
    return code


def table(results: Path = RESULTS) -> str:
    """Return all figures with a target as a Markdown table."""
    lines = [
        "| benchmark | figure | value | target | | load |",
        "|---|---|---:|---|---|---:|",
    ]
    records = [_record(results / f"{name}.json") for name in (*NAMES, *LONG)]
    known = [record for record in records if record]
    for record in known:
        for figure in record["figures"]:
            if figure["target"]:
                lines.append(_row(record, figure))
    return "\n".join([*lines, "", *_machines(known)])


def _record(path: Path) -> dict[str, Any] | None:
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def _row(record: dict[str, Any], figure: dict[str, Any]) -> str:
    value = figure["value"]
    number = (
        "not measured" if value is None else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
    )
    word = "pass" if figure["passed"] else "**miss**"
    load = record["load_at_start"]
    name = record["benchmark"]
    cells = (f"[{name}]({name}.py)", figure["name"], f"{number} {figure['unit']}".strip())
    return (
        f"| {' | '.join(cells)} | {figure['target']} | {word} | {'-' if load is None else load} |"
    )


def _machines(records: list[dict[str, Any]]) -> list[str]:
    seen: dict[str, list[str]] = {}
    for record in records:
        machine = record["machine"]
        packages = ", ".join(f"{n} {v}" for n, v in machine["packages"].items() if v)
        words = (
            f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, Python "
            f"{machine['python']}, {packages}, glutecam {machine['glutecam']} (rules "
            f"{machine['ruleset']}), {record['date'][:10]}"
        )
        seen.setdefault(words, []).append(record["benchmark"])
    return [f"Measured on: {words} ({', '.join(names)})." for words, names in seen.items()]


def refresh(page: Path = PAGE, results: Path = RESULTS) -> None:
    """Write the table, and what is lost in words, into the page, between their marks."""
    text = page.read_text("utf-8")
    for name, part in (("results", table(results)), ("losses", losses(results))):
        begin, end = BEGIN.format(name), END.format(name)
        before, rest = text.split(begin, 1)
        _, after = rest.split(end, 1)
        text = f"{before}{begin}\n{part}\n{end}{after}"
    page.write_text(text, "utf-8")


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join((*NAMES, *LONG))}")
    parser.add_argument("--minutes", type=float, default=1.0, help="of the live session")
    parser.add_argument("--table", action="store_true", help="only refresh the page")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - {*NAMES, *LONG}
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    codes: dict[str, int] = {}
    if not chosen.table:
        with tempfile.TemporaryDirectory() as cache:
            for name in chosen.names or NAMES:
                codes[name] = run(name, cache, chosen.minutes)
    refresh()
    missed = [name for name, code in codes.items() if code == MISSED]
    broken = [name for name, code in codes.items() if code not in (0, MISSED)]
    print(f"\ntargets missed in: {', '.join(missed) or 'none'}")
    if broken:
        print(f"broken: {', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
