"""Every exercise by people who do not exist: counts, and each fault planted alone and looked for.

The clips were filmed by ``training.collect_exercises``: one body after another does clean
repetitions and repetitions with one fault each, of 1.5 times the edge of its band. What the pose
model saw is kept in ``training/landmarks/exercises``; here it goes through the product's own path.
A fault is found where its rule says "fault"; "can't tell" is neither found nor a false alarm, and
has a column of its own.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import harness
from benchmarks.harness import Figure, Report, Table
from benchmarks.planted import Judgement, Said, judgements
from benchmarks.planted_calibration import calibration_figures, calibration_table
from benchmarks.planted_clean import clean_table, passed_figures
from benchmarks.planted_sheets import sheet_figures, sheet_table
from benchmarks.planted_smallest import smallest_table
from glutecam.core.assessment import Band, Verdict

CLIPS = harness.ROOT / "training" / "landmarks" / "exercises"
WANTED_BODIES = 20
UNSEEN = "not judged"

FAULTS = "faults, counted in repetitions (in clips for rules of a whole set)"
NOTED_FAULTS = "what is noted and not judged: what its rules would have said"
ERRORS = "errors of the values that the rules read, all repetitions"
NOTED_ERRORS = "errors of what is noted and not judged"

Cell = str | float | int | None


@dataclass(frozen=True)
class Tally:
    """How often one rule said what, where its fault was planted and where it was absent."""

    said: Sequence[Said]

    def of(self, planted: bool) -> list[Said]:
        """Return the repetitions in which the fault was planted, or absent."""
        return [one for one in self.said if one.planted is planted]

    def share(self, planted: bool, band: Band | None) -> float | None:
        """Return the share of those that were given a band; None where there were none."""
        rows = self.of(planted)
        return sum(one.band is band for one in rows) / len(rows) if rows else None

    @property
    def sensitivity(self) -> float | None:
        """Share of planted faults that were found."""
        return self.share(True, Band.FAULT)

    @property
    def specificity(self) -> float | None:
        """Share of repetitions without it in which no fault was said."""
        alarm = self.share(False, Band.FAULT)
        return None if alarm is None else 1.0 - alarm

    def by_value(self, planted: bool) -> float | None:
        """Return the share that the value alone, without its ±, puts on the right side of the edge."""
        rows = [one for one in self.of(planted) if one.beyond_edge is not None]
        return sum(one.beyond_edge is planted for one in rows) / len(rows) if rows else None


def tallies(found: Sequence[Judgement], noted: bool = False) -> dict[tuple[str, str], Tally]:
    """Return the tally of every rule that judges, or of those that are noted as their ± is too wide."""
    said: dict[tuple[str, str], list[Said]] = {}
    for judgement in found:
        for one in judgement.noted() if noted else judgement.said():
            said.setdefault((one.exercise, one.code), []).append(one)
    return {key: Tally(rows) for key, rows in said.items()}


def fault_table(found: Sequence[Judgement], noted: bool = False) -> Table:
    """Return sensitivity and specificity of every rule."""
    rules = {(j.exercise.name, rule.code): rule for j in found for rule in j.exercise.all_rules}
    rows: list[tuple[Cell, ...]] = []
    for (exercise, code), tally in sorted(tallies(found, noted).items()):
        planted, absent = tally.of(True), tally.of(False)
        rows.append((
            exercise, f"{code} {rules[exercise, code].name}", len({one.body for one in tally.said}),
            len(planted), tally.sensitivity, tally.share(True, Band.INCONCLUSIVE),
            tally.share(True, None), tally.by_value(True),
            len(absent), tally.specificity, tally.share(False, Band.INCONCLUSIVE),
            tally.share(False, None), tally.by_value(False),
        ))  # fmt: skip
    columns = (
        "exercise", "rule", "bodies", "planted", "sensitivity", "can't tell", UNSEEN,
        "by value alone", "absent", "specificity", "can't tell", UNSEEN, "by value alone",
    )  # fmt: skip
    return Table(NOTED_FAULTS if noted else FAULTS, columns, rows)


def noted_faults(found: Sequence[Judgement]) -> Table:
    """Return the same of what is only noted: what judging by it would have said."""
    return fault_table(found, noted=True)


def noted_errors(found: Sequence[Judgement]) -> Table:
    """Return how far what is only noted is from the truth."""
    return error_table(found, noted=True)


def error_table(found: Sequence[Judgement], noted: bool = False) -> Table:
    """Return how far the values of every rule are from the truth, and whether their ± holds it."""
    rows: list[tuple[Cell, ...]] = []
    units = {
        (j.exercise.name, rule.code): rule.unit for j in found for rule in j.exercise.all_rules
    }
    for (exercise, code), tally in sorted(tallies(found, noted).items()):
        known = [one for one in tally.said if np.isfinite(one.error)]
        if known:
            errors = np.array([one.error for one in known])
            widths = np.array([one.half_width for one in known])
            rows.append((
                exercise, code, units[exercise, code], len({one.body for one in known}), len(known),
                float(np.mean(errors)), float(np.mean(np.abs(errors))),
                float(np.quantile(np.abs(errors), 0.9)), float(np.mean(widths)),
                float(np.mean(np.abs(errors) <= widths)),
            ))  # fmt: skip
    columns = (
        "exercise", "rule", "unit", "bodies", "values", "bias", "mean error", "90 % are within",
        "± that is stated", "inside it",
    )  # fmt: skip
    return Table(NOTED_ERRORS if noted else ERRORS, columns, rows)


def count_table(found: Sequence[Judgement]) -> Table:
    """Return how the repetitions of every exercise were counted."""
    rows: list[tuple[Cell, ...]] = []
    for name in sorted({judgement.exercise.name for judgement in found}):
        clips = [judgement for judgement in found if judgement.exercise.name == name]
        errors = [len(clip.judged.reps) - clip.true_count for clip in clips]
        ideal = [len(clip.ideal.reps) - clip.true_count for clip in clips]
        refused = [clip for clip in clips if clip.judged.verdict is Verdict.NOT_ASSESSABLE]
        failed = Counter(g.code for clip in refused for g in clip.judged.gates if not g.passed)
        rows.append((
            name, len({clip.clip.about["body"] for clip in clips}), len(clips),
            sum(clip.true_count for clip in clips), _exact(errors), _mean(errors), _exact(ideal),
            _share([clip.side_found for clip in clips if clip.side_found is not None]),
            len(refused), ", ".join(f"{code} {n}" for code, n in failed.most_common()),
        ))  # fmt: skip
    columns = (
        "exercise", "bodies", "clips", "repetitions", "clips counted exactly", "mean error",
        "exactly, from exact joints", "side found", "clips refused", "gates failed",
    )  # fmt: skip
    return Table("repetitions", columns, rows)


def _exact(errors: Sequence[int]) -> float | None:
    return sum(error == 0 for error in errors) / len(errors) if errors else None


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def _mean(errors: Sequence[int]) -> float | None:
    return sum(errors) / len(errors) if errors else None


def clip_table(found: Sequence[Judgement]) -> Table:
    """Return the clips that were counted wrongly or refused, one row each."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        failed = [gate for gate in one.judged.gates if not gate.passed]
        if len(one.judged.reps) == one.true_count and not failed:
            continue
        attempts = Counter(str(rep.reason) for rep in one.judged.attempts)
        rows.append((
            one.name, one.true_count, len(one.judged.reps), len(one.ideal.reps),
            "; ".join(f"{reason} ({n})" for reason, n in attempts.items()),
            "; ".join(f"{gate.code}: {gate.measured}" for gate in failed),
        ))  # fmt: skip
    columns = ("clip", "true", "counted", "from exact joints", "attempts", "gates failed")
    return Table("clips counted wrongly or refused", columns, rows)


def _reached(values: Sequence[float | None], least: float) -> float | None:
    known = [value for value in values if value is not None]
    return sum(value >= least for value in known) / len(known) if known else None


def figures(found: Sequence[Judgement]) -> list[Figure]:
    """Return what the targets are about."""
    rows = tallies(found)
    errors = [len(clip.judged.reps) - clip.true_count for clip in found]
    planted = [one for tally in rows.values() for one in tally.of(True)]
    absent = [one for tally in rows.values() for one in tally.of(False)]
    every = Tally([*planted, *absent])
    fewest = min((_bodies(found, name) for name in {j.exercise.name for j in found}), default=0)
    return [
        Figure("bodies, in the exercise with the fewest", float(fewest), at_least=WANTED_BODIES),
        Figure("clips counted exactly", _exact(errors), at_least=0.98),
        Figure(
            "rules with a sensitivity of 0.90 or more",
            _reached([tally.sensitivity for tally in rows.values()], 0.9), at_least=1,
            note="share of the rules; a ± as wide as the band cannot be sure of 1.5 times its edge",
        ),
        Figure(
            "rules with a specificity of 0.90 or more",
            _reached([tally.specificity for tally in rows.values()], 0.9), at_least=1,
        ),
        Figure("planted faults found", every.sensitivity),
        Figure("planted faults called inconclusive", every.share(True, Band.INCONCLUSIVE)),
        Figure("planted faults found by value alone", every.by_value(True)),
        Figure("absent faults not raised", every.specificity),
        Figure("absent faults called inconclusive", every.share(False, Band.INCONCLUSIVE)),
        Figure("absent faults within the edge by value alone", every.by_value(False)),
    ]  # fmt: skip


def _bodies(found: Sequence[Judgement], name: str) -> int:
    return len({j.clip.about["body"] for j in found if j.exercise.name == name})


def measure(arguments: argparse.Namespace) -> Report:
    """Judge every kept clip."""
    report = Report("exercises", "is each fault found where it was planted, and only there?")
    found = list(judgements(arguments.clips, arguments.only, arguments.bodies, arguments.first))
    if not found:
        report.notes.append("No clips are kept: run python -m training.collect_exercises")
        return report
    report.figures += [*figures(found), *sheet_figures(found), *calibration_figures(found)]
    report.figures += passed_figures(found)
    tables = (
        count_table, fault_table, error_table, smallest_table, calibration_table, sheet_table,
        clean_table, clip_table, noted_faults, noted_errors,
    )  # fmt: skip
    report.tables += [table(found) for table in tables]
    report.notes += NOTES
    return report


NOTES = [
    f"The issue asks for {WANTED_BODIES} bodies an exercise; `python -m training.collect_exercises "
    f"--bodies {WANTED_BODIES}` films those that are missing. Bodies are drawn like those the pelvis "
    "model learned from, and are other people.",
    "Planted: the exact joints, read with the rule's own formula, reach 1.5 times the edge of the "
    "band; absent: below half of it. Repetitions between, and those of the other sizes that geometry "
    "brings along, are not counted. A time that is too short is planted at the edge over 1.5.",
    "Frames share their pictures: a repetition goes back the way it came, and each frame gets noise of "
    "its own. Walking is on a treadmill, sideways steps go out and back.",
    'Why "can\'t tell" is so frequent: a fault is said only where the whole interval, value ±, lies beyond '
    "the edge, and planted ones are half of the edge beyond it. The table of smallest faults says from "
    "which value on each rule is sure.",
    "Noted and not judged (docs/adr/0017): rules by which not even a repetition without any error could be "
    "called good. They count in none of the figures above; what they would have said stands in tables of its own.",
    "From exact joints: what would be counted if the pose model made no error. Where that is wrong, the "
    "rule is; where only the count is wrong, the landmarks are.",
]


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--clips", type=Path, default=CLIPS, help="folder of the kept clips")
    parser.add_argument("--bodies", type=int, help="only so many bodies of each exercise")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them")
    raise SystemExit(harness.main(parser, measure))
