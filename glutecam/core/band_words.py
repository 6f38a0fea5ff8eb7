"""What "no fault" says, of a repetition and of a whole set, and a legend of all signs."""

from __future__ import annotations

from collections.abc import Mapping

from glutecam.core.assessment import Band, Verdict
from glutecam.core.wording import BAND_OF, BAND_SIGNS, BAND_WORDS

__all__ = ["BAND_OF_SET", "bands_legend", "no_fault_in_words"]

BAND_OF_SET: Mapping[Verdict, Band] = {**BAND_OF, Verdict.FINE: Band.NO_FAULT}
"""What a whole set reads; what was refused reads nothing.

Nothing in a fine set is a fault. That each of its repetitions is good would say more than that.
"""


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
