"""A leg that was asked for and does not work: where a list, and not an option, said so."""

from __future__ import annotations

from glutecam.batch.plan import Clip
from glutecam.core.assessment import Assessment, GateCode, Side, Verdict

__all__ = ["found_sides", "naming_the_row"]


def naming_the_row(assessment: Assessment, clip: Clip) -> Assessment:
    """Return the assessment whose advice on the leg names the cell of the manifest to change.

    Not its line: the advice is kept, and rows move before somebody reads it.
    """
    refused = assessment.refused_by
    if refused is None or refused.code is not GateCode.SIDE or not clip.side_said:
        return assessment
    works = next(side.value for side in Side if side.value != clip.side)
    advice = (
        f"The {clip.side} leg was asked for, but the {works} leg works here: put {works} into the "
        f"column side of its row in the manifest, or leave it empty."
    )
    return assessment.refused_with(advice)


def found_sides(assessment: Assessment) -> tuple[Side, ...]:
    """Return the legs that were seen to work; none in a recording that was refused."""
    return () if assessment.verdict is Verdict.NOT_ASSESSABLE else assessment.sides
