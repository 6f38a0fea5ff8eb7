"""The tables of measured figures in the README, from benchmarks/results/*.json and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commandline import table

from glutecam import exercises
from glutecam.core.trend import smallest_detectable_change
from glutecam.core.wording import capital

RESULTS = Path(__file__).resolve().parents[1] / "benchmarks" / "results"
PER_REPETITION = "as the rules judge it, one value per repetition (zero-phase filter)"
COUNTS = "repetitions"
PLANTED = "faults, counted in repetitions (in clips for rules of a whole set)"
SMALLEST = "the smallest fault that is surely found"
NOTED = "errors of what is noted and not judged"
CLEAN = "truly good repetitions, all rules at once"
BAD = "bad recordings"
HIGHEST = "highest of each repetition, twenty bodies an exercise"
"""Titles of the tables in which the benchmarks keep what stands on the pages."""
ACCURACY = {
    "measure": "rule",
    "n": "repetitions",
    "MAE": "mean absolute error",
    "bias": "bias",
    "slope": "slope",
    "stated ±": "stated ±",
    "held by ±": "± held",
}
IN_DEGREES = ("bias", "MAE", "p90 |error|", "stated ±")
MISSING = "*Not measured yet: run* `make bench`."


def results() -> list[dict[str, Any]]:
    """Return everything the benchmarks kept, by name."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))]


def result_of(benchmark: str) -> dict[str, Any] | None:
    """Return what a benchmark kept; None where it has not been run."""
    return next((each for each in results() if each["benchmark"] == benchmark), None)


def titled(result: dict[str, Any], title: str) -> dict[str, Any]:
    """Return one table of a benchmark.

    Raises
    ------
    KeyError
        Where there is none: a table that is called otherwise now must not drop off a page in silence.
    """
    for each in result["tables"]:
        if each["title"] == title:
            return dict(each)
    raise KeyError(
        f"{result['benchmark']}.json has no table '{title}'. If the benchmark calls it otherwise now, "
        f"say so in docs/measured.py; else run it anew: python -m benchmarks.{result['benchmark']}"
    )


def accuracy_part() -> str:
    """Return the error of each rule's value against the rendered truth."""
    found = result_of("measures")
    if found is None:
        return MISSING
    return "\n".join(table(ACCURACY.values(), accuracy_rows(titled(found, PER_REPETITION))))


def accuracy_rows(found: dict[str, Any]) -> Iterator[list[str]]:
    """Yield a row for each rule."""
    for values in found["rows"]:
        row = dict(zip(found["columns"], values, strict=True))
        close = row["unit"] if row["unit"] == "°" else f" {row['unit']}"
        units = dict.fromkeys(("MAE", "bias", "stated ±"), close)
        yield [
            share(row[name]) if name == "held by ±" else figure(row[name], units.get(name, ""))
            for name in ACCURACY
        ]


def share(value: float | None) -> str:
    """Return a share of one in percent."""
    return "" if value is None else f"{value:.0%}".replace("%", " %")


def figure(value: str | float | None, unit: str = "") -> str:
    """Return a number as people read it."""
    if value is None:
        return "not known"
    if not isinstance(value, float):
        return f"{value}".replace("None", "")
    digits = 1 if unit == "°" else 2
    return f"{round(value, digits) + 0.0:.{digits}f}{unit}".replace("-", "−")


def pelvis_part() -> str:
    """Return every table of the accuracy of the pelvis."""
    found = result_of("accuracy")
    if found is None:
        return MISSING
    figures = [
        (each["name"], number(each["value"], each["unit"]), each["note"], each["target"],
         reached(each["passed"]) if each["target"] else "")
        for each in found["figures"]
    ]  # fmt: skip
    parts = ["\n".join(table(("what", "measured", "of", "target", ""), figures))]
    several = result_of("four_cameras") or {"tables": []}
    for each in [*found["tables"], *several["tables"]]:
        rows = [[figure(cell) for cell in row] for row in each["rows"]]
        parts += [
            f"**{capital(each['title'])}**",
            "\n".join(table(each["columns"], rows)),
        ]
    return "\n\n".join(parts)


FAULTS = ("exercise", "rule", "bodies", "planted", "found", "can't tell", "beyond the edge by value",
          "absent", "not raised", "can't tell")  # fmt: skip
"""Columns of the page; those of the benchmark are numbered, as two of them bear the same name."""
FAULT_CELLS = (0, 1, 2, 3, 4, 5, 7, 8, 9, 10)
COUNT_CELLS = (0, 1, 2, 3, 4, 6, 8)


def exercises_part() -> str:
    """Return counts and planted faults of every exercise."""
    found = result_of("exercises")
    if found is None or not found["tables"]:
        return MISSING
    counts, faults = titled(found, COUNTS), titled(found, PLANTED)
    figures = [
        (each["name"], number(each["value"], each["unit"]), each["target"],
         reached(each["passed"]) if each["target"] else "")
        for each in found["figures"]
    ]  # fmt: skip
    return "\n\n".join((
        "\n".join(table(("what", "measured", "target", ""), figures)),
        "\n".join(table(
            [counts["columns"][at] for at in COUNT_CELLS],
            [[plain(row[at]) for at in COUNT_CELLS] for row in counts["rows"]],
        )),
        "\n".join(table(FAULTS, [[plain(row[at]) for at in FAULT_CELLS] for row in faults["rows"]])),
        *_smallest(titled(found, SMALLEST)),
        *_noted(titled(found, NOTED)),
    ))  # fmt: skip


def _smallest(sure: dict[str, Any]) -> list[str]:
    """Return from which value on the fault of each rule is surely found."""
    rows = [
        [f"{cell:.3g}" if isinstance(cell, float) else f"{cell}" for cell in row]
        for row in sure["rows"]
    ]
    return [
        f"**{capital(sure['title'])}**",
        "\n".join(table(sure["columns"], rows)),
    ]


def reported_part() -> str:
    """Return how far the angles are from the truth that are reported and judged by no rule."""
    found = result_of("measures")
    if found is None:
        return MISSING
    kept = titled(found, HIGHEST)
    rows = []
    for values in kept["rows"]:
        row = dict(zip(kept["columns"], values, strict=True))
        cells = (figure(row[name], row["unit"]) for name in IN_DEGREES)
        counts = (f"{row[name]}" for name in ("exercise", "measure", "clips", "n"))
        rows.append((*counts, *cells, figure(row["slope"]), share(row["held by ±"])))
    columns = ("exercise", "angle", "people", "repetitions", "bias", "mean error", "90 % are within",
               "± that is stated", "slope", "inside the ±")  # fmt: skip
    return "\n".join(table(columns, rows))


def changes_part() -> str:
    """Return the ± of what each exercise's history follows, and the change that exceeds it."""
    found = result_of("exercises")
    if found is None or not found["tables"]:
        return MISSING
    sure = titled(found, SMALLEST)
    half_width = {(row[0], row[1].split()[0]): row[4] for row in sure["rows"]}
    rows = []
    for exercise in exercises.all_exercises():
        rule = exercise.leading
        known = half_width.get((exercise.name, rule.code))
        if known is not None:
            least = smallest_detectable_change([known])
            unit = rule.unit if rule.unit == "°" else f" {rule.unit}"
            sizes = [figure(size, unit) for size in (known, least)]
            rows.append((exercise.title, rule.name, *sizes))
    columns = ("exercise", "what is followed", "± of a repetition", "smallest detectable change")
    return "\n".join(table(columns, sorted(rows)))


def clean_part() -> str:
    """Return what truly good repetitions are told as a whole, and which rules leave them open."""
    found = result_of("exercises")
    if found is None or not found["tables"]:
        return MISSING
    clean = titled(found, CLEAN)
    titles = {exercise.name: exercise.title for exercise in exercises.all_exercises()}
    rows = [(titles[row[0]], *map(plain, row[2:])) for row in clean["rows"]]
    return "\n".join(table(("exercise", *clean["columns"][2:]), sorted(rows)))


def _noted(errors: dict[str, Any]) -> list[str]:
    """Return how far what is only noted is from the truth."""
    rows = [
        [
            *(f"{cell}" for cell in row[:5]),
            *(figure(cell, row[2] if row[2] == "°" else "") for cell in row[5:9]),
            share(row[9]),
        ]
        for row in errors["rows"]
    ]
    lines = table(errors["columns"], rows)
    return ["**Noted and not judged: errors of the values**", "\n".join(lines)]


def plain(value: str | float | None) -> str:
    """Return a cell: counts as they are, shares in percent, nothing where there is none."""
    return share(value) if isinstance(value, float) else f"{'' if value is None else value}"


def speed_part() -> str:
    """Return every figure that has a target, those that are missed first."""
    every = [
        (f"`{result['benchmark']}`", each["name"], number(each["value"], each["unit"]),
         each["target"], reached(each["passed"]))
        for result in results()
        for each in result["figures"]
        if each["target"]
    ]  # fmt: skip
    if not every:
        return MISSING
    columns = ("script", "what", "measured", "target", "")
    missed = [row for row in every if row[-1] != reached(True)]
    return "\n".join(
        [
            f"Missed are {len(missed)} of {len(every)}:", "", *table(columns, missed), "",
            "<details>", f"<summary>All {len(every)}</summary>", "", *table(columns, every), "",
            "</details>",
        ]
    )  # fmt: skip


def number(value: float | None, unit: str) -> str:
    """Return a figure with three significant digits, more where these would make all of what is nearly all."""
    if value is None:
        return "not measured"
    rounded = (float(f"{value:.{digits}g}") for digits in (3, 4, 5, 6))
    shown = next((one for one in rounded if one != 1.0), 1.0)
    return f"{shown:,g} {unit}".strip()


def reached(passed: bool | None) -> str:
    """Return whether the target is reached, in words."""
    return "reached" if passed else "**missed**"


def refused_part() -> str:
    """Return what became of every deliberately bad recording."""
    kept = result_of("gates")
    if kept is None:
        return MISSING
    bad = titled(kept, BAD)
    rows = [
        (name, exercise, verdict, refused or "nothing", measured or "", expected)
        for name, exercise, verdict, refused, measured, expected, _ in bad["rows"]
    ]
    columns = ("recording", "judged as", "verdict", "refused by", "measured", "expected")
    return "\n".join(table(columns, rows))


FRAMES_AN_HOUR = 108_000
"""At 30 pictures a second."""
MANY_HOURS, MANY_WORKERS = 10_000, 100


def sizing_part() -> str:
    """Return what an hour of footage costs, and what that would come to for very many hours."""
    found = {each["benchmark"]: each for each in results()}
    rate, workers, source = _rate(found)
    if source is None:
        return MISSING
    hours = FRAMES_AN_HOUR / rate / 3600 * workers
    total = MANY_HOURS * hours
    machine = source["machine"]
    lines = [
        f"Measured on {machine['cores']} cores ({machine['cpu']}, {source['date'][:10]}, "
        f"`benchmarks/{source['benchmark']}.py`, model `full`, the sample clips of 1280 x 720): "
        f"{number(rate, 'frames/s')} with {workers} workers. An hour of footage at 30 frames/s is "
        f"{FRAMES_AN_HOUR:,} frames, so **{hours:.2f} worker-hours for an hour of footage**.",
        f"Projected from that, and not measured: {MANY_HOURS:,} hours of footage would take "
        f"{float(f'{total:.2g}'):,.0f} worker-hours, {total / MANY_WORKERS / 24:.1f} days with "
        f"{MANY_WORKERS} workers, as long as disk and network bring {MANY_WORKERS} videos at once.",
    ]
    for name in ("cluster", "memory", "cluster_memory"):
        lines += [
            f"{capital(each['name'])}: {number(each['value'], each['unit'])} "
            f"(`benchmarks/{name}.py`, {found[name]['date'][:10]})."
            for each in found.get(name, {"figures": []})["figures"]
            if each["unit"] in ("x", "MB")
        ]
    return "\n".join(f"- {line}" for line in lines)


def _rate(found: dict[str, Any]) -> tuple[float, int, dict[str, Any] | None]:
    """Return frames a second, with how many workers, and the result that says so."""
    if "throughput" in found:
        figures = {each["name"]: each["value"] for each in found["throughput"]["figures"]}
        result = found["throughput"]
        return figures["batch"], int(result["settings"]["workers"]), result
    if "batch" in found:
        *_, last = found["batch"]["tables"][0]["rows"]
        return last[3], last[0], found["batch"]
    return 0.0, 0, None
