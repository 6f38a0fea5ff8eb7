"""A file that breaks off: where too little is left to be judged, it is to be copied again, not filmed."""

from __future__ import annotations

from dataclasses import replace

from glutecam.core.assessment import Assessment, Gate

__all__ = ["incomplete_sentence", "judged_incomplete", "tells_of_incomplete"]

_INCOMPLETE = ": the file is incomplete"
_OF_WHAT_IS_LOST = ("length", "quiet start", "repetitions")
"""Gates that what is missing of a file may have failed; a camera that stands wrong did so before."""


def incomplete_sentence(name: str, until_s: float, of_s: float | None) -> str:
    """Return the warning of a file that ends before its own index says.

    Parameters
    ----------
    name : str
        Of the file.
    until_s : float
        Length of what could be read, in seconds.
    of_s : float or None
        Length that the file promises, in seconds; None where it promises none.
    """
    promised = "" if of_s is None else f" of {of_s:.2f} s"
    return (
        f"{name} breaks off at {until_s:.2f} s{promised}{_INCOMPLETE}; copy it again if the original "
        "is longer. Everything before was read."
    )


def judged_incomplete(assessment: Assessment) -> Assessment:
    """Return the assessment that asks for the whole file, where it is refused for what that lacks."""
    first = next((gate for gate in assessment.gates if not gate.passed), None)
    why = next((text for text in assessment.warnings if _INCOMPLETE in text), "")
    if first is None or first.code not in _OF_WHAT_IS_LOST or not why:
        return assessment
    gates = tuple(replace(g, instruction=why) if g is first else g for g in assessment.gates)
    return replace(assessment, gates=gates, instruction=why)


def tells_of_incomplete(gate: Gate) -> bool:
    """Tell whether a gate failed because the end of the file is missing."""
    return not gate.passed and _INCOMPLETE in gate.instruction
