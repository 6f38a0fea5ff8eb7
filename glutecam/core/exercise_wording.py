"""What ``explain``, the pages and the browser say of an exercise beside its own texts."""

from __future__ import annotations

from glutecam.core.rules import Cycle, Dosage

__all__ = ["cycle_text", "dosage_text"]


def _level(value: float, unit: str) -> str:
    return f"{value:g}{unit}" if unit == "°" else f"{value:g} {unit}"


def cycle_text(cycle: Cycle) -> str:
    """Return what counts as one repetition, or as one hold; no full stop."""
    unit, label = cycle.measure.unit, cycle.measure.label
    enter, leave = _level(cycle.enter, unit), _level(cycle.leave, unit)
    moves = f"{label} rises above {enter} and comes back below {leave}"
    lasts = f"within {cycle.min_s:g} to {cycle.max_s:g} s"
    if cycle.hold_s is None:
        return f"{moves}, {lasts}. Anything else that looks like one is an attempt"
    return (
        f"{label} rises above {enter} and stays above {leave}, for {cycle.min_s:g} to "
        f"{cycle.max_s:g} s; once it was held for {cycle.hold_s:g} s it counts wherever the recording "
        "ends"
    )


def dosage_text(dosage: Dosage) -> str:
    """Return how much is done; no full stop."""
    least, most = dosage.least, dosage.most
    amount = f"{least}" if least == most else f"{least} to {most}"
    sets = f"{dosage.sets} sets of " if dosage.sets > 1 else ""
    heavier = f"; heavier by {dosage.load}" if dosage.load else ""
    return f"{sets}{amount} {dosage.unit}{heavier}"
