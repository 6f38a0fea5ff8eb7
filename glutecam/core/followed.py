"""Whether somebody who was to be followed among several people was lost: then the advice is another."""

from __future__ import annotations

from dataclasses import replace

from glutecam.core.assessment import Assessment, Gate

__all__ = ["judged_while_lost", "lost_sentence", "tells_of_lost"]

_BEGIN = "Asked to follow "


def lost_sentence(whom: str, share: float) -> str:
    """Return the warning of a recording in which the person was seldom found.

    Parameters
    ----------
    whom : str
        As asked for, such as ``left``.
    share : float
        Of the pictures in which they were found, 0 to 1.
    """
    return (
        f"{_BEGIN}'{whom}', and that person was found in {share:.0%} of the pictures only: too small, "
        "or too close to somebody else. Leave --follow out, or film one person alone."
    )


def judged_while_lost(assessment: Assessment) -> Assessment:
    """Return the assessment with the true reason why nobody is found, where that is the reason."""
    first = next((gate for gate in assessment.gates if not gate.passed), None)
    why = next((text for text in assessment.warnings if text.startswith(_BEGIN)), "")
    if first is None or first.code != "person" or not why:
        return assessment
    return replace(
        assessment,
        gates=tuple(replace(g, instruction=why) if g is first else g for g in assessment.gates),
        instruction=why,
        warnings=tuple(text for text in assessment.warnings if text != why),
    )


def tells_of_lost(gate: Gate) -> bool:
    """Tell whether a gate failed because the person to follow was lost among others."""
    return not gate.passed and gate.instruction.startswith(_BEGIN)
