"""Whether another leg works than the one that was asked for, told while the set goes on."""

from __future__ import annotations

from glutecam.core.assessment import Side
from glutecam.core.sides import WorkedLeg
from glutecam.core.validity import MOVING

__all__ = ["OtherLeg"]

SURE_S = 3.0
"""So long the other leg must have been the clear one since the quiet posture. A shift of weight between
two repetitions is shorter; a repetition or two last longer."""


class OtherLeg:
    """What was seen so far of the leg that was asked for and of the other, as the gate of the end counts it.

    Parameters
    ----------
    leg : WorkedLeg
    asked : Side or None
    """

    def __init__(self, leg: WorkedLeg, asked: Side | None) -> None:
        told_apart = asked is not None and leg.right is not None and not leg.alternates
        self._asked = (1 if asked is Side.RIGHT else -1) if told_apart else 0
        self._moving = leg.moving
        self._before_s: float | None = None
        self._seen_s = {1: 0.0, -1: 0.0}
        self.works = False

    def look(self, clear: int, told: int, speed: float, time_s: float) -> None:
        """Take the newest frame after the quiet posture.

        Parameters
        ----------
        clear, told : int
            The leg that its evidence names, and the one that is believed: +1 right, -1 left, 0 neither.
        speed : float
            As in ``Signals``.
        time_s : float
        """
        if not self._asked:
            return
        passed_s = 0.0 if self._before_s is None else time_s - self._before_s
        self._before_s = time_s
        if clear and (speed > MOVING or not self._moving):
            self._seen_s[clear] += passed_s
        wrong_s, right_s = self._seen_s[-self._asked], self._seen_s[self._asked]
        self.works = told == -self._asked and wrong_s >= SURE_S and wrong_s > right_s
