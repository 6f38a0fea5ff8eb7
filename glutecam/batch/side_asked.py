"""A leg that was asked for and does not work: where a list, and not an option, said so."""

from __future__ import annotations

from dataclasses import replace

from glutecam.batch.plan import Clip
from glutecam.core.assessment import Assessment, Gate, GateCode, Side, Verdict

__all__ = ["found_sides", "naming_the_row"]


def naming_the_row(assessment: Assessment, clip: Clip) -> Assessment:
    """Return the assessment whose advice on the leg names the cell of the manifest to change.

    The line is that of the manifest as it was judged: rows may move before somebody reads it.
    """
    gate = _refused_for_the_leg(assessment)
    if gate is None or not clip.side_said:
        return assessment
    works = next(side.value for side in Side if gate.measured.startswith(side.value))
    advice = (
        f"The {clip.side} leg was asked for, but the {works} leg works here: put {works} into the "
        f"column side of the manifest ({clip.where} when this was judged), or leave it empty."
    )
    gates = tuple(replace(g, instruction=advice) if g is gate else g for g in assessment.gates)
    told = (assessment.instruction or "").replace(gate.instruction, advice)
    return replace(assessment, gates=gates, instruction=told)


def found_sides(assessment: Assessment) -> tuple[Side, ...]:
    """Return the legs that were seen to work; none in a recording that was refused."""
    return () if assessment.verdict is Verdict.NOT_ASSESSABLE else assessment.sides


def _refused_for_the_leg(assessment: Assessment) -> Gate | None:
    failed = [gate for gate in assessment.gates if not gate.passed]
    refused = assessment.verdict is Verdict.NOT_ASSESSABLE
    leg = refused and failed[:1] and failed[0].code is GateCode.SIDE
    return failed[0] if leg and failed[0].measured.startswith(("left", "right")) else None
