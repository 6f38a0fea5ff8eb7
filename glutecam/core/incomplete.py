"""A file that breaks off: where too little is left to be judged, it is to be copied again, not filmed."""

from __future__ import annotations

import re

from glutecam.core.assessment import Assessment, Cause, GateCode

__all__ = ["incomplete_sentence", "judged_incomplete", "without_file_name"]

_INCOMPLETE = ": the file is incomplete"
"""A recording's file keeps its warnings as text: by this one is known that comes from there."""
_OF_WHAT_IS_LOST = (GateCode.LENGTH, GateCode.QUIET_START, GateCode.REPETITIONS)
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


def without_file_name(text: str) -> str:
    """Return what is told of a recording without the name of a file that breaks off."""
    return re.sub(rf".* (?=breaks off at [^:]*{_INCOMPLETE})", "The file ", text, flags=re.DOTALL)


def judged_incomplete(assessment: Assessment) -> Assessment:
    """Return the assessment that asks for the whole file, where it is refused for what that lacks."""
    refused = assessment.refused_by
    why = next((text for text in assessment.warnings if _INCOMPLETE in text), "")
    if refused is None or refused.code not in _OF_WHAT_IS_LOST or not why:
        return assessment
    return assessment.refused_with(why, Cause.INCOMPLETE)
