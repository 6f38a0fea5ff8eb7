"""The smallest fault of each rule that is surely found: the edge of its band, and the ± beyond it.

"Fault" is said only where the whole interval, value ±, lies beyond the edge. A planted fault is 1.5
times the edge, so it is found for sure where half of the edge is more than the ±: elsewhere "can't
tell" is the honest answer of this camera, and a larger fault is found all the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from benchmarks.harness import Table
from benchmarks.planted import Judgement, edges
from glutecam.core.rules import FrameRule, Rule
from glutecam.core.scoring import bands_of

__all__ = ["smallest_table", "surely_from"]


def surely_from(rule: Rule, half_width: float) -> list[float]:
    """Return the values beyond which a fault is surely told: one, or one on either side."""
    fault = bands_of(rule, strict=False).fault
    if isinstance(rule, FrameRule):
        return [fault + half_width]
    low, high = rule.bounds
    beyond = [low - fault - half_width, high + fault + half_width]
    return [value for value in beyond if math.isfinite(value)]


def _planted_at(rule: Rule) -> list[float]:
    """Return the values at which the fault is planted, in the rule's own unit."""
    planted, _ = edges(rule)
    if isinstance(rule, FrameRule) or math.isinf(rule.bounds[0]):
        return [planted]
    low, high = rule.bounds
    return [value for value in (low - planted, high + planted) if math.isfinite(value)]


def smallest_table(found: Sequence[Judgement]) -> Table:
    """Return for every rule from which value a fault is surely found, beside the planted one."""
    rows: list[tuple[str | float | int | None, ...]] = []
    rules = {(j.exercise.name, rule.code): rule for j in found for rule in j.exercise.every_rule}
    widths: dict[tuple[str, str], list[float]] = {}
    for judgement in found:
        for one in judgement.said():
            if np.isfinite(one.half_width):
                widths.setdefault((one.exercise, one.code), []).append(one.half_width)
    for (exercise, code), seen in sorted(widths.items()):
        rule, half_width = rules[exercise, code], float(np.median(seen))
        sure, planted = surely_from(rule, half_width), _planted_at(rule)
        reached = all(
            abs(s - m) <= abs(p - m) for s, p, m in zip(sure, planted, _middle(rule), strict=True)
        )
        rows.append((
            exercise, f"{code} {rule.name}", rule.unit, _words(_edge(rule)), half_width,
            _words(sure), _words(planted), "yes" if reached else "no",
        ))  # fmt: skip
    columns = (
        "exercise", "rule", "unit", "fault beyond", "±", "surely found beyond", "planted at",
        "planted is beyond",
    )  # fmt: skip
    return Table("the smallest fault that is surely found", columns, rows)


def _edge(rule: Rule) -> list[float]:
    return surely_from(rule, 0.0)


def _middle(rule: Rule) -> list[float]:
    """Return for each edge a value on its good side, from which distances count."""
    if isinstance(rule, FrameRule):
        return [rule.bands.ok]
    return [bound for bound in rule.bounds if math.isfinite(bound)]


def _words(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.3g}" for value in values)
