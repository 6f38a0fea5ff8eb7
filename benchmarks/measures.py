"""How far every measure is from the truth, and how often the stated ± holds it.

Each sample clip is judged as ``score`` does it, with its side given, and each signal is compared
with the angle of the rendered skeleton: in every frame of the true repetitions, over 0.2 s about
the bottom of each repetition, and as the rules judge it (one value per repetition: the level that is
held, with the rule's ±, against the same of the truth; ``accuracy.py`` compares highest points instead).
Hip and femoral adduction, which no rule judges, are compared in the exercise clips of twenty bodies.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks import harness
from benchmarks.harness import FloatArray, Report, Sample, Table
from benchmarks.measures_of_clips import EVERY_FRAME, HIGHEST, TRUTHS, KeptSample, kept_samples
from benchmarks.truths import pelvic_shift
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Assessment, Side
from glutecam.core.measures import (
    FOOT_SEPARATION,
    FPPA,
    HIP_FLEXION,
    HIP_LINE,
    KNEE_FLEXION,
    KNEE_SEPARATION,
    PELVIC_SHIFT,
    TRUNK_LEAN,
    Z90,
    Estimate,
    Measure,
    change,
)
from glutecam.core.pelvis import PELVIC_DROP, PELVIC_ROLL
from glutecam.core.rep_signals import RepSignals
from glutecam.core.rules import FrameRule, Rule

ABOUT_BOTTOM_S = 0.1

CLIPS = harness.ROOT / "training" / "landmarks" / "exercises"

Shown = Sample | KeptSample
Truth = Callable[[Any], FloatArray]


@dataclass(frozen=True)
class Compared:
    """A measure beside its truth.

    ``value`` and ``true`` say how each is counted: "used" as the signal is (the truth is then
    counted from the quiet posture where the measure is), "absolute" or "from quiet".
    """

    label: str
    measure: Measure
    truth: Truth
    value: str = "used"
    true: str = "used"

    def pair(self, sample: Shown, judged: Assessment) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return value, half-width of its 90 % interval, and truth, each (T,)."""
        estimate = judged.signals[self.measure.name].estimate
        truth = np.interp(judged.time_s, sample.series("time_s"), self.truth(sample))
        if judged.baseline is None:
            return np.full(len(truth), np.nan), estimate.half_width, truth
        is_change = self.measure.against is change
        quiet = judged.baseline.values[self.measure.name]
        absolute = estimate.value + quiet if is_change else estimate.value
        value = {"used": estimate.value, "absolute": absolute, "from quiet": absolute - quiet}
        if self.true == "from quiet" or (self.true == "used" and is_change):
            truth = truth - np.nanmedian(truth[judged.baseline.start : judged.baseline.end])
        return value[self.value], estimate.half_width, truth


def _key(name: str) -> Truth:
    return lambda sample: sample.series(name)


def _nothing(sample: Sample) -> FloatArray:
    """Heels stay together and the lower leg does not move, in every clamshell we render."""
    return np.zeros(len(sample.truth["time_s"]))


COMPARED = (
    Compared("pelvic drop", PELVIC_DROP, _key("pelvic_drop_deg")),
    Compared("raw hip line", HIP_LINE, _key("pelvic_drop_deg")),
    Compared("trunk lean", TRUNK_LEAN, _key("trunk_lean_deg")),
    Compared("knee flexion", KNEE_FLEXION, _key("knee_flexion_deg")),
    Compared("FPPA, as used", FPPA, _key("fppa_deg")),
    Compared("FPPA, both absolute", FPPA, _key("fppa_deg"), "absolute", "absolute"),
    Compared("FPPA minus quiet, truth absolute", FPPA, _key("fppa_deg"), "from quiet", "absolute"),
    Compared("pelvic shift, as used", PELVIC_SHIFT, pelvic_shift),
    Compared(
        "pelvic shift, both minus quiet", PELVIC_SHIFT, pelvic_shift, "from quiet", "from quiet"
    ),
    Compared("pelvic roll", PELVIC_ROLL, _key("roll_deg")),
    Compared("foot separation", FOOT_SEPARATION, _nothing),
    Compared("hip flexion drift", HIP_FLEXION, _nothing),
)

COLUMNS = (
    "measure", "unit", "clips", "n", "MAE", "bias", "SD", "slope", "p90 |error|",
    "worst clip", "its MAE", "stated ±", "held by ±", "sd for 90 %", "sd for worst",
)  # fmt: skip


@dataclass(frozen=True)
class Errors:
    """Values, half-widths and truths of one clip, (n,) each."""

    clip: str
    value: FloatArray
    half: FloatArray
    truth: FloatArray

    @property
    def size(self) -> FloatArray:
        """Absolute error, (n,)."""
        return np.abs(self.value - self.truth)


def bottoms(sample: Sample) -> list[tuple[FloatArray, float]]:
    """Return for each true repetition which frames belong to it, and the time of its bottom."""
    key = "knee_opening_deg" if sample.truth["exercise"] == "clamshell" else "knee_flexion_deg"
    time_s, depth = sample.series("time_s"), sample.series(key)
    found = []
    for rep in sample.truth["reps"]:
        inside = (time_s >= rep["start_s"]) & (time_s < rep["end_s"])
        deep = inside & (depth >= np.max(depth[inside]) - 0.5)
        found.append((inside, float(np.median(time_s[deep]))))
    return found


def in_reps(compared: Compared, sample: Shown, judged: Assessment) -> Errors:
    """Compare every frame of the true repetitions."""
    triple = compared.pair(sample, judged)
    inside = np.zeros(len(judged.time_s), dtype=bool)
    for rep in sample.truth["reps"]:
        inside |= (judged.time_s >= rep["start_s"]) & (judged.time_s < rep["end_s"])
    return _kept(sample, [column[inside] for column in triple])


def at_bottoms(compared: Compared, sample: Sample, judged: Assessment) -> Errors:
    """Compare the mean about the bottom of each true repetition."""
    triple = compared.pair(sample, judged)
    rows = []
    for _, bottom_s in bottoms(sample):
        near = np.abs(judged.time_s - bottom_s) <= ABOUT_BOTTOM_S
        rows.append([float(np.mean(column[near])) for column in triple])
    return _kept(sample, list(np.array(rows).reshape(-1, 3).T))


def at_highest(compared: Compared, sample: Shown, judged: Assessment) -> Errors:
    """Compare the highest value of each true repetition, as tables and exports hold it."""
    value, half, truth = compared.pair(sample, judged)
    rows = []
    for rep in sample.truth["reps"]:
        inside = (judged.time_s >= rep["start_s"]) & (judged.time_s < rep["end_s"])
        frames = np.flatnonzero(inside & np.isfinite(value))
        if len(frames):
            at = frames[np.argmax(value[frames])]
            rows.append([value[at], half[at], np.max(truth[inside])])
    return _kept(sample, list(np.array(rows).reshape(-1, 3).T))


def _kept(sample: Shown, triple: list[FloatArray]) -> Errors:
    known = np.isfinite(triple[0]) & np.isfinite(triple[2])
    return Errors(sample.name, *(column[known] for column in triple))


def as_judged(sample: Sample, judged: Assessment) -> dict[str, list[tuple[float, float, float]]]:
    """Return for each rule (value, half-width, truth) of every repetition that was found.

    The truth is what the same rule reads from the true signals over the same frames. Times are
    not compared: a repetition begins and ends where the measured signal says.
    """
    known = {item.measure: item for item in COMPARED if item.value == item.true == "used"}
    rows: dict[str, list[tuple[float, float, float]]] = {}
    for rep in judged.reps:
        for finding in rep.findings:
            rule = sample.exercise.rule(finding.code)
            if rule.unit == "s" or not set(rule.needs) <= set(known):
                continue
            true = {
                m.name: _true(known[m], sample, judged)[rep.start : rep.end] for m in rule.needs
            }
            legs = np.full(rep.end - rep.start, rep.side is Side.RIGHT)
            read = RepSignals(judged.time_s[rep.start : rep.end], true, legs)
            rows.setdefault(f"{finding.code} {rule.name}", []).append(
                (finding.value, finding.half_width, _read(rule, read))
            )
    return rows


def _true(item: Compared, sample: Sample, judged: Assessment) -> Estimate:
    truth = item.pair(sample, judged)[2]
    return Estimate(truth, np.zeros(len(truth)))


def _read(rule: Rule, rep: RepSignals) -> float:
    if isinstance(rule, FrameRule):
        return rep.held(rep.of(rule.measure).value, rule.min_s)[0]
    return rule.of(rep)[0]


def summary(label: str, unit: str, clips: Sequence[Errors]) -> tuple[str | float | int, ...]:
    """Return one row of a table of errors."""
    clips = [clip for clip in clips if len(clip.value)]
    value, half, truth = (
        np.concatenate([getattr(clip, name) for clip in clips])
        for name in ("value", "half", "truth")
    )
    error = value - truth
    worst = max(clips, key=lambda clip: float(np.mean(clip.size)))
    centred = truth - np.mean(truth)
    spread = float(centred @ centred)
    slope = float(centred @ value) / spread if spread > 1e-6 * len(truth) else float("nan")
    p90 = float(np.quantile(np.abs(error), 0.9))
    worst_p90 = max(float(np.quantile(clip.size, 0.9)) for clip in clips)
    return (
        label, unit, len(clips), len(error),
        float(np.mean(np.abs(error))), float(np.mean(error)), float(np.std(error)), slope, p90,
        worst.clip, float(np.mean(worst.size)), float(np.median(half)),
        float(np.mean(np.abs(error) <= half)), p90 / Z90, worst_p90 / Z90,
    )  # fmt: skip


def table(
    title: str,
    compare: Callable[[Compared, Sample, Assessment], Errors],
    judged: list[tuple[Sample, Assessment]],
) -> Table:
    """Return the errors of every measure."""
    rows = []
    for item in COMPARED:
        clips = [
            compare(item, sample, assessment)
            for sample, assessment in judged
            if item.measure.name in assessment.signals
        ]
        if any(len(clip.value) for clip in clips):
            rows.append(summary(item.label, item.measure.unit, clips))
    return Table(title, COLUMNS, list(rows))


def clip_tables(judged: Sequence[tuple[KeptSample, Assessment]]) -> list[Table]:
    """Return the errors in the exercise clips that report hip adduction, by exercise and measure."""
    tables = []
    for title, compare in ((HIGHEST, at_highest), (EVERY_FRAME, in_reps)):
        rows: list[tuple[str | float | int | None, ...]] = []
        for exercise in dict.fromkeys(sample.exercise for sample, _ in judged):
            these = [pair for pair in judged if pair[0].exercise == exercise]
            for of, truth in TRUTHS.items():
                item = Compared(of.label, of, truth)
                clips = [compare(item, *pair) for pair in these if of.name in pair[1].signals]
                if any(len(clip.value) for clip in clips):
                    rows.append((exercise, *summary(of.label, of.unit, clips)))
        tables.append(Table(title, ("exercise", *COLUMNS), list(rows)))
    return tables


def judged_table(judged: list[tuple[Sample, Assessment]]) -> Table:
    """Return the errors of what the rules judge."""
    found: dict[str, list[Errors]] = {}
    units = {f"{r.code} {r.name}": r.unit for s, _ in judged for r in s.exercise.rules}
    for sample, assessment in judged:
        for name, triples in as_judged(sample, assessment).items():
            columns = list(np.array(triples, dtype=np.float64).T)
            found.setdefault(name, []).append(_kept(sample, columns))
    rows = [summary(name, units[name], clips) for name, clips in sorted(found.items())]
    return Table(
        "as the rules judge it, one value per repetition (zero-phase filter)", COLUMNS, list(rows)
    )


def opening_table(judged: list[tuple[Sample, Assessment]]) -> Table:
    """Compare how far the knees part in the picture with the true angle between the thighs."""
    rows: list[tuple[str | float | int | None, ...]] = []
    for sample, assessment in judged:
        signal = assessment.signals.get(KNEE_SEPARATION.name)
        if signal is None:
            continue
        truth = np.interp(
            assessment.time_s, sample.series("time_s"), sample.series("knee_opening_deg")
        )
        truth = truth - truth[0]
        value = signal.estimate.value
        known = np.isfinite(value)
        fit = np.polyfit(value[known], truth[known], 1) if known.sum() > 2 else (np.nan, np.nan)
        cycle = sample.exercise.cycle
        rows.append((
            sample.name, float(np.corrcoef(value[known], truth[known])[0, 1]),
            float(np.nanmax(value)), float(np.max(truth)),
            float(np.polyval(fit, cycle.leave)), float(np.polyval(fit, cycle.enter)),
            float(np.std(truth[known] - np.polyval(fit, value[known]))),
        ))  # fmt: skip
    columns = (
        "clip", "r", "most separation", "most opening °", "opening at 'leave' °",
        "opening at 'enter' °", "SD about the line °",
    )  # fmt: skip
    return Table("clamshell: knee separation against the true opening from closed", columns, rows)


def _judge(
    clips: list[Sample], arguments: argparse.Namespace, smoothing: str
) -> list[tuple[Sample, Assessment]]:
    found = []
    for sample in clips:
        poses = sample.recording(arguments.cache, arguments.model).poses
        judged = analyze(poses, sample.exercise, side=sample.side, smoothing=smoothing)
        found.append((sample, judged))
    return found


def measure(arguments: argparse.Namespace) -> Report:
    """Judge every sample clip and compare."""
    clips = harness.sample_clips(arguments.only)
    report = Report("measures", "how far is every measure from the truth?")
    recorded = _judge(clips, arguments, "zero-phase")
    live = _judge(clips, arguments, "causal")
    report.tables += [
        table("every frame of the true repetitions (zero-phase filter)", in_reps, recorded),
        table(
            "0.2 s about the bottom of each repetition (zero-phase filter)", at_bottoms, recorded
        ),
        judged_table(recorded),
        table("every frame of the true repetitions (causal filter, as live)", in_reps, live),
        opening_table(recorded),
        *clip_tables(list(kept_samples(CLIPS))),
    ]
    report.settings["clips"] = [sample.name for sample in clips]
    report.notes += [
        "SD is of the error about its bias; 'sd for 90 %' is the standard deviation whose 90 % "
        "interval would hold 90 % of these errors, bias included; 'sd for worst' the same on the "
        "worst clip; slope is measured against true (1 is right, 0 sees nothing).",
        "Foot separation and hip flexion have no truth per frame: heels together and a resting "
        "lower leg are how the clamshells are made, so any change is error.",
        "Weight over the stance foot and height of the free foot have no truth and are not "
        "measured.",
    ]
    return report


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--model", default="full", help="pose model")
    raise SystemExit(harness.main(parser, measure))
