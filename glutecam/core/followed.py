"""Whether somebody who was to be followed among several people was lost: then the advice is another."""

from __future__ import annotations

from dataclasses import replace

from glutecam.core.assessment import Assessment, Cause, GateCode

__all__ = ["judged_while_lost", "lost_sentence"]

_BEGIN = "Asked to follow "
"""A recording's file keeps its warnings as text: by this one is known that comes from there."""


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
    refused = assessment.refused_by
    why = next((text for text in assessment.warnings if text.startswith(_BEGIN)), "")
    if refused is None or refused.code != GateCode.PERSON or not why:
        return assessment
    rest = tuple(text for text in assessment.warnings if text != why)
    return replace(assessment.refused_with(why, Cause.LOST), warnings=rest)
