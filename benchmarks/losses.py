"""What the benchmarks lose, in words: sentences made from the kept results, so that they cannot go stale.

Each sentence answers for some missed figures; a missed figure that no sentence answers for is listed as
it is, so that none drops off the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.harness import RESULTS

__all__ = ["losses"]

Row = dict[str, Any]
FAULTS = "faults, counted in repetitions (in clips for rules of a whole set)"
ERRORS = "errors of the values that the rules read, all repetitions"
SMALLEST = "the smallest fault that is surely found"
PEAKS = "peak drop per repetition, from the quiet posture"
PEOPLE = "real people, marked by two raters"
UNSURE_OF_ABSENT = "can't tell 2"
ROLL = "roll of the pelvis on the side, change between two pictures"


@dataclass(frozen=True)
class Kept:
    """What the benchmarks kept, by their names."""

    records: Mapping[str, Row]

    @classmethod
    def of(cls, folder: Path = RESULTS) -> Kept:
        """Read every result."""
        found = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
        return cls({record["benchmark"]: record for record in found})

    def figure(self, benchmark: str, name: str) -> Row:
        """Return one figure.

        Raises
        ------
        KeyError
            Where it is not there: a sentence must not lose its number in silence.
        """
        for figure in self.records[benchmark]["figures"]:
            if figure["name"] == name:
                return dict(figure)
        raise KeyError(f"{benchmark}.json has no figure '{name}'")

    def value(self, benchmark: str, name: str) -> float:
        """Return the value of one figure."""
        return float(self.figure(benchmark, name)["value"])

    def rows(self, benchmark: str, title: str) -> list[Row]:
        """Return the rows of a table; the second column of one name has a 2 behind it.

        Raises
        ------
        KeyError
            Where there is no such table.
        """
        for table in self.records[benchmark]["tables"]:
            if table["title"] == title:
                names: list[str] = []
                for name in table["columns"]:
                    names.append(f"{name} 2" if name in names else str(name))
                return [dict(zip(names, row, strict=True)) for row in table["rows"]]
        raise KeyError(f"{benchmark}.json has no table '{title}'")

    def of_rule(self, title: str, code: str) -> list[Row]:
        """Return the rows of one rule in a table of ``exercises``."""
        return [row for row in self.rows("exercises", title) if str(row["rule"]).startswith(code)]


def _pelvis(kept: Kept) -> str:
    def of(name: str) -> float:
        return kept.value("accuracy", name)

    (peak,) = (
        row
        for row in kept.rows("accuracy", PEAKS)
        if (row["set"], row["method"]) == ("clips, people of every kind", "model")
    )
    planted, found, unsure = _said(kept, "GC101")
    return (
        f"**The pelvis misses its targets**: {of('held-out bodies, MAE'):.1f}° on stills of people it "
        f"never saw (target 2°), with a slope of {of('held-out bodies, slope, lower bound'):.2f} (0.92); "
        f"{of('clips, peak drop, MAE'):.1f}° at the peak of a repetition (1.5°), 95 % limits of "
        f"{peak['95 % limits']}° (±4°); in the worst group of pictures "
        f"{of('subgroups, worst against the whole'):.2f} times the error of all (1.3). The ± of a peak is "
        f"{peak['median ±']:.1f}° in the middle: of {planted} planted drops in all exercises {_share(found)} "
        f"are found and {_share(unsure)} *can't be told*"
    )


def _drawing(kept: Kept) -> str:
    mae, slope = (
        kept.value("accuracy", f"another look, {n}") for n in ("MAE", "slope, lower bound")
    )
    odd, held = (kept.value("accuracy", f"odd look, {n}") for n in ("MAE", "inside 90 %"))
    return (
        f"**The pelvis model owes something to the drawing it learned from**: {mae:.1f}° and a slope of "
        f"{slope:.2f} on another renderer's people (targets 2.5° and 0.9), {odd:.1f}° in odd clothes and "
        f"light, where its ± holds {_share(held)}"
    )


def _people(kept: Kept) -> str:
    rows = kept.rows("accuracy", PEOPLE)
    raw = [row["MAE"] for row in rows if row["method"] == "raw hip line"]
    model = [row["MAE"] for row in rows if row["method"] != "raw hip line"]
    nearer = sum(r < m for r, m in zip(raw, model, strict=True))
    most = kept.value("accuracy", "real people, most lost against raw")
    return (
        f"**On the few marked frames of real people** the hip line is nearer in {nearer} of {len(raw)} "
        f"clips, by {most:.1f}° at most ({min(raw):.1f} to {max(raw):.1f}° against {min(model):.1f} to "
        f"{max(model):.1f}°)"
    )


def _roll(kept: Kept) -> str:
    front, feet = (
        next(row for row in kept.rows("accuracy", ROLL) if row["set"] == view)
        for view in ("front", "foot end")
    )
    return (
        "**The roll of the pelvis on the side is not seen**: a change of it is read from the front with "
        f"slope {front['slope']:.2f} and an error of {front['MAE']:.0f}° (targets 0.85 and 4°), and the hip "
        f"points seen from the feet are no better (slope {feet['slope']:.2f}, {feet['MAE']:.0f}°). Nothing "
        "is judged by it"
    )


def _knee(kept: Kept) -> str:
    bias = [row["bias"] for row in kept.of_rule(ERRORS, "GC104")]
    sure = [float(row["surely found beyond"]) for row in kept.of_rule(SMALLEST, "GC104")]
    small = [-each for each in bias if each < -0.5]
    planted, found, unsure = _said(kept, "GC104")
    return (
        f"**Knee valgus is read too small** in {len(small)} of {len(bias)} exercises, by "
        f"{min(small):.1f} to {max(small):.1f}° in the mean of an exercise; found for sure beyond "
        f"{min(sure):.0f} to {max(sure):.0f}°: of {planted} planted ones of 16.5° {_share(found)} are found, "
        f"{_share(unsure)} *can't be told*"
    )


def _depth(kept: Kept) -> str:
    (sure,), (said,) = kept.of_rule(SMALLEST, "GC105"), kept.of_rule(FAULTS, "GC105")
    return (
        f"**Depth** has a ± of {float(sure['±']):.0f}° in a band of 20°: {_share(said[UNSURE_OF_ABSENT])} of the "
        "squats that are deep enough *can't be told*"
    )


def _bodies(kept: Kept) -> str:
    fewest = kept.value("exercises", "bodies, in the exercise with the fewest")
    found = kept.value("exercises", "planted faults found")
    sure = kept.value("exercises", "rules with a sensitivity of 0.90 or more")
    return (
        f"**Of the faults planted** in every exercise, in {fewest:.0f} rendered people and more, {_share(found)} are "
        f"found; {_share(sure)} of the rules find nine of ten, where all should"
    )


def _clips(kept: Kept) -> str:
    found = kept.value("counts", "planted faults found")
    unlike = [
        row
        for row in kept.rows("counts", "real clips")
        if row["hip lows"] is not None and row["hip lows"] != row["counted"]
    ]
    clips = "; ".join(
        f"{row['clip']} ({row['counted']} for {row['hip lows']}, {row['verdict']})"
        for row in unlike
    )
    return (
        f"**In the sample clips** {_share(found)} of the planted faults are found. Real clips counted "
        f"wrongly: {clips or 'none'}"
    )


def _bad(kept: Kept) -> str:
    rows = kept.rows("gates", "bad recordings")
    names = [row["recording"] for row in rows if row["verdict"] in ("fine", "fault")]
    every = kept.value("gates", "bad recordings")
    return f"**Judged, and should not be**: {len(names)} of {every:.0f} bad recordings ({', '.join(names)})"


def _own_code(kept: Kept) -> str:
    took = [each["value"] for each in kept.records["own_code"]["figures"] if each["target"]]
    return (
        f"**glutecam's own work on a live frame** takes {min(took):.1f} to {max(took):.1f} ms, where 0.5 ms "
        "are asked for"
    )


def _live(kept: Kept) -> str:
    rate, late = kept.value("live", "processed"), kept.value("live", "capture to overlay, p95")
    model = next(row["p50"] for row in kept.rows("live", "milliseconds") if "model" in row["part"])
    return (
        f"**The live picture** gets {rate:.1f} of 30 frames a second on the processor of this table (target 28), "
        f"95 % of them within {late:.0f} ms (target 80); the pose model alone takes {model:.0f} ms there"
    )


def _rescore(kept: Kept) -> str:
    rates = [each["value"] for each in kept.records["rescore"]["figures"] if each["target"]]
    return (
        f"**Landmarks are judged again** at {min(rates):,.0f} to {max(rates):,.0f} frames/s on the processor of "
        "this table (target 100,000)"
    )


def _memory(kept: Kept) -> str:
    more = kept.value("memory", "more for 60 min than for 10 s, landmarks")
    return f"**Judging 60 min of landmarks in one process** needs {more:.0f} MB more than 10 s (target 30 MB)"


def _said(kept: Kept, code: str) -> tuple[int, float, float]:
    """Return how many faults of one rule were planted, and which shares were found and can't be told."""
    rows = [row for row in kept.of_rule(FAULTS, code) if row["planted"]]
    planted = sum(row["planted"] for row in rows)
    shares = (
        sum(row["planted"] * row[said] for row in rows) / planted
        for said in ("sensitivity", "can't tell")
    )
    return planted, *shares


@dataclass(frozen=True)
class Sentence:
    """One sentence, the benchmarks it reads, and the beginnings of the figures for which it answers.

    It stands where one of those is missed; without any, always.
    """

    says: Callable[[Kept], str]
    reads: tuple[str, ...]
    answers: tuple[str, ...] = ()


SENTENCES = (
    Sentence(
        _pelvis,
        ("accuracy", "exercises"),
        ("accuracy: held-out", "accuracy: clips,", "accuracy: subgroups"),
    ),
    Sentence(_drawing, ("accuracy",), ("accuracy: another look",)),
    Sentence(_people, ("accuracy",), ("accuracy: real people",)),
    Sentence(_roll, ("accuracy",), ("accuracy: roll",)),
    Sentence(_knee, ("exercises",)),
    Sentence(_depth, ("exercises",)),
    Sentence(_bodies, ("exercises",), ("exercises: bodies", "exercises: rules with a sensitivity")),
    Sentence(_clips, ("counts",), ("counts: planted", "counts: real clips counted")),
    Sentence(_bad, ("gates",), ("gates: bad recordings called",)),
    Sentence(_own_code, ("own_code",), ("own_code: ",)),
    Sentence(_live, ("live",), ("live: processed", "live: capture")),
    Sentence(_rescore, ("rescore",), ("rescore: ",)),
    Sentence(_memory, ("memory",), ("memory: more for 60 min than for 10 s, landmarks",)),
)


def _share(value: float) -> str:
    return f"{value:.0%}".replace("%", " %")


def missed(kept: Kept) -> list[str]:
    """Return the missed figures, each as "benchmark: figure"."""
    return [
        f"{name}: {figure['name']}"
        for name, record in kept.records.items()
        for figure in record["figures"]
        if figure["passed"] is False
    ]


def losses(folder: Path = RESULTS) -> str:
    """Return a list of what is missed, in words."""
    kept = Kept.of(folder)
    return "\n".join(f"- {line}." for line in _lines(kept))


def _lines(kept: Kept) -> Iterator[str]:
    left = missed(kept)
    for sentence in SENTENCES:
        if not kept.records.keys() >= set(sentence.reads):
            continue
        mine = (
            [name for name in left if name.startswith(sentence.answers)] if sentence.answers else []
        )
        left = [name for name in left if name not in mine]
        if mine or not sentence.answers:
            yield sentence.says(kept)
    for name in left:
        benchmark, _, figure = name.partition(": ")
        found = kept.figure(benchmark, figure)
        value = (
            "not measured" if found["value"] is None else f"{found['value']:.3g} {found['unit']}"
        )
        yield f"**{benchmark}**: {figure} {value.strip()} (target {found['target']})"
