"""Published scales filled in for planted faults, beside the sheet that the truth fills in.

Of every clip several sets are made: its clean repetitions, and these with the repetitions of one
fault. A set's true sheet has the same signs, answered from the exact joints without any doubt; what
one camera cannot see was not done by anybody, except a knee past the inside of the foot, which the
skeleton tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.harness import Figure, Table
from benchmarks.planted import Judgement
from glutecam.core.assessment import Finding, Rep
from glutecam.core.filled_sheet import Sheet
from glutecam.core.rules import RepRule
from glutecam.core.scales import Scale
from glutecam.core.scoring import bands_of, classify, excess, may_be
from glutecam.core.sheets import sheets_of

__all__ = ["sheet_figures", "sheet_table"]

FOOT_HALF_M = 0.045
"""Half the width of a foot: a knee further inward is past its inside."""
INWARD_DEG = 11.0
"""Projected knee angle from which a knee falls inward (CLINICAL 3.3)."""
PAST_INSIDE = ("medial border", "inside of the foot")
"""What the signs of the sheets call it."""


@dataclass(frozen=True)
class Compared:
    """One set on one scale: its sheet, and the true total or grade."""

    scale: str
    fault: str
    sheet: Sheet
    true_total: int | None
    true_grade: str

    @property
    def holds(self) -> bool:
        """Whether the truth is in the range, or among the grades, that were given."""
        if self.true_total is None or self.sheet.low is None or self.sheet.high is None:
            return self.true_grade in self.sheet.grades
        return self.sheet.low <= self.true_total <= self.sheet.high

    @property
    def near(self) -> bool:
        """Whether the points that were surely seen are within one of the truth."""
        if self.true_total is None or self.sheet.low is None:
            return self.sheet.grades == (self.true_grade,)
        return abs(self.sheet.low - self.true_total) <= 1


def _surely(judgement: Judgement, rep: Rep) -> Rep:
    """Return a repetition of exact joints whose findings have no doubt."""

    def sure(finding: Finding) -> Finding:
        rule = judgement.exercise.rule(finding.code)
        value = excess(rule, finding.value) if isinstance(rule, RepRule) else finding.value
        bands = bands_of(rule, strict=False)
        band, reach = classify(value, 0.0, bands), may_be(value, 0.0, bands)
        return replace(finding, half_width=0.0, band=band, may_be=reach)

    return replace(
        rep,
        findings=tuple(sure(finding) for finding in rep.findings),
        noted=tuple(sure(finding) for finding in rep.noted),
    )


def _past_inside(judgement: Judgement, numbers: Sequence[int]) -> bool:
    """Whether a knee fell inward past its foot in one of these repetitions.

    A knee that is carried there with the whole leg, as when stepping off, did not fall inward.
    """
    clip = judgement.clip
    medial, fppa = clip.over_time("knee_over_toe_m"), clip.over_time("fppa_deg")
    past = (medial > FOOT_HALF_M) & (fppa > INWARD_DEG) & np.isin(clip.rep, numbers)
    return bool(np.any(past))


def _true_total(
    judgement: Judgement, scale: Scale, sheet: Sheet, numbers: Sequence[int]
) -> int | None:
    """Return the points of the truth; None where the scale has no total."""
    if sheet.low is None:
        return None
    past = _past_inside(judgement, numbers)
    total = 0
    for item, mark in zip(scale.items, sheet.marks, strict=True):
        told = [s.points for s in item.signs if past and any(w in s.text for w in PAST_INSIDE)]
        total += max([mark.low, *told])
    return min(total, scale.most)


def _true_grade(sheet: Sheet) -> str:
    """Return the best grade that is left: what nobody could see was not done."""
    return sheet.grades[0] if sheet.grades else ""


def compared(judgement: Judgement) -> Iterator[Compared]:
    """Yield every set of the clip on every scale of its exercise."""
    planned = judgement.clip.about["reps"]
    clean = [n for n, rep in enumerate(planned) if not rep["fault"]]
    for fault in dict.fromkeys(rep["fault"] for rep in planned):
        numbers = clean + [n for n, rep in enumerate(planned) if fault and rep["fault"] == fault]
        ideal = [judgement.rep_of(n, judgement.ideal) for n in numbers]
        judged = [judgement.rep_of(n, judgement.judged) for n in numbers]
        if any(rep is None or not rep.findings for rep in (*ideal, *judged)):
            continue
        true = sheets_of(
            judgement.exercise, [_surely(judgement, rep) for rep in ideal if rep], False
        )
        found = sheets_of(judgement.exercise, [rep for rep in judged if rep], False)
        scales = {scale.name: scale for scale in judgement.exercise.scales}
        for sheet, truth in zip(found, true, strict=False):
            if sheet.low is None and not truth.grades:
                continue  # values beside their signs, with neither a total nor a grade
            total = _true_total(judgement, scales[sheet.scale], truth, numbers)
            yield Compared(sheet.scale, fault, sheet, total, _true_grade(truth))


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


def sheet_table(found: Sequence[Judgement]) -> Table:
    """Return how the sheets of each scale agree with the truth."""
    every = [one for judgement in found for one in compared(judgement)]
    rows: list[tuple[str | float | int | None, ...]] = []
    for scale, fault in sorted({(one.scale, one.fault) for one in every}):
        sets = [one for one in every if (one.scale, one.fault) == (scale, fault)]
        ranges = [(s.sheet.low, s.sheet.high, s.true_total) for s in sets]
        known = [(low, high, t) for low, high, t in ranges if None not in (low, high, t)]
        means = (
            [float(np.mean(column)) for column in zip(*known, strict=True)] if known else [None] * 3
        )
        rows.append((
            scale, fault or "clean", len(sets), means[2], means[0], means[1],
            _share([one.holds for one in sets]), _share([one.near for one in sets]),
        ))  # fmt: skip
    columns = (
        "scale", "planted", "sets", "true points", "surely", "at most", "truth in the range",
        "surely within 1 point, or the one true grade",
    )  # fmt: skip
    return Table("published scales: clean repetitions with those of one fault", columns, rows)


def sheet_figures(found: Sequence[Judgement]) -> list[Figure]:
    """Return the shares over all sheets with points."""
    points = [
        one for judgement in found for one in compared(judgement) if one.true_total is not None
    ]
    return [
        Figure("sheets whose range holds the truth", _share([one.holds for one in points])),
        Figure(
            "sheets whose sure points are within 1 of the truth",
            _share([one.near for one in points]), at_least=0.95,
        ),
    ]  # fmt: skip
