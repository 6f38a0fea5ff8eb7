"""Which leg carries in walking, told from the quiet posture: frame by frame, live and recorded alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from glutecam.core.poses import FloatArray
from glutecam.core.sides import WorkedLeg
from glutecam.core.signals import Signals

__all__ = ["turned"]


def turned(signals: Signals, leg: WorkedLeg, counted: int, zero: FloatArray) -> Signals:
    """Return the signals with the leg told anew where its evidence counts from the quiet posture.

    A camera that is rolled by 2° moves the trunk sideways against the feet by as much as it sways in
    walking. A leg takes over one frame late: that frame tells one step from the next, however fast the
    other leg takes over. So each frame but the first depends on the one before alone.

    Parameters
    ----------
    signals : Signals (T)
    leg : WorkedLeg
    counted : int
        Column of the cycle's measure.
    zero : (2, M)
        Values in the quiet posture, for either leg; NaN where they are not known.

    Returns
    -------
    Signals (T)
        The same where the leg is not told from the quiet posture.
    """
    if not leg.from_quiet:
        return signals
    evidence = signals.value[:, 0, counted] - zero[0, counted]
    right = np.where(abs(evidence) > leg.clear, evidence > 0, signals.right)
    return replace(signals, right=np.concatenate((right[:1], right[:-1])))
