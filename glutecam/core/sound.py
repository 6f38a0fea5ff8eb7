"""What a session sounds like, as numbers: loudspeaker and browser make their sound from them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from glutecam.core.coaching import Tone

__all__ = ["LEVEL_HZ", "TONES", "pitch_of"]

LEVEL_HZ = 440.0
"""Pitch of a level pelvis."""

TONES: Mapping[Tone, tuple[tuple[float, float], ...]] = {
    Tone.TICK: ((660.0, 0.06),),
    Tone.GO: ((660.0, 0.10), (990.0, 0.18)),
    Tone.CLEAN: ((1320.0, 0.09),),
    Tone.END: ((990.0, 0.12), (660.0, 0.12), (440.0, 0.24)),
    Tone.LOST: ((330.0, 0.20), (247.0, 0.30)),
}
"""Each tone as (pitch in Hz, seconds) one after another."""

_OCTAVE_DEG = 12.0


def pitch_of(deviation: float) -> float | None:
    """Return the pitch of a pelvic drop; None where it is not known.

    A semitone lower for each degree that the free side sinks (a semitone is the smallest step
    that every listener hears), so the pitch falls with the pelvis; at most an octave either way.

    Parameters
    ----------
    deviation : float
        Degrees, + = free side down or top side back.
    """
    if not math.isfinite(deviation):
        return None
    octaves = min(1.0, max(-1.0, -deviation / _OCTAVE_DEG))
    return LEVEL_HZ * math.pow(2.0, octaves)
