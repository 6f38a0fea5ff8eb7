"""What "no fault" says of a repetition, and a legend of all signs."""

from __future__ import annotations

from collections.abc import Mapping

from glutecam.core.assessment import Band
from glutecam.core.wording import BAND_SIGNS, BAND_WORDS

__all__ = ["bands_legend", "no_fault_in_words"]


def no_fault_in_words(bands: Mapping[Band, str]) -> str:
    """Return what "no fault" says of a whole repetition, and what it leaves open.

    Parameters
    ----------
    bands : mapping of Band to str
        The words of an audience.
    """
    good, none, watch, fault = (
        bands[band] for band in (Band.OK, Band.NO_FAULT, Band.WATCH, Band.FAULT)
    )
    return (
        f"A whole repetition is “{none}” where “{fault}” is ruled out for every limit, and for some "
        f"the ± does not tell “{good}” from “{watch}”."
    )


def bands_legend() -> str:
    """Return ``✓ good, ○ no fault, ! watch, ...``, for tables in which the signs stand alone."""
    return ", ".join(f"{BAND_SIGNS[band]} {BAND_WORDS[band]}" for band in Band)
