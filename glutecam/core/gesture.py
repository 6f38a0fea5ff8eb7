"""A hand held up for two seconds: the way to say "begin" and "enough" from 2.5 m away."""

from __future__ import annotations

from dataclasses import dataclass

from glutecam.core.landmarks import Landmark
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Posture

__all__ = ["HOLD_S", "HandCarry", "hand_up", "hold"]

HOLD_S = 2.0
"""How long the hand must be up: longer than a wave or a touch of the hair. Our proposal [P]."""

_BRIDGE_S = 0.3
_SEEN = 0.5
# In trunk lengths, from usual body proportions: shoulder to crown 0.63, to a raised wrist 1.14 [R].
_ABOVE = 0.65
_L = Landmark
_WRISTS = (_L.LEFT_WRIST, _L.RIGHT_WRIST)


@dataclass(frozen=True)
class HandCarry:
    """Since when a hand is up, when it was last seen up, and whether that has counted already.

    Seconds; ``since_s`` is None while no hand is up.
    """

    since_s: float | None = None
    last_s: float = 0.0
    fired: bool = False

    def share(self, now_s: float) -> float:
        """Return the part of the hold that is done, 0 to 1; 0 once it has counted."""
        if self.since_s is None or self.fired:
            return 0.0
        return min(1.0, (now_s - self.since_s) / HOLD_S)


def hand_up(poses: PoseSeries, posture: Posture) -> bool:
    """Say whether the newest frame shows a wrist above the crown; lying, above the upper shoulder.

    Hands at the waist, held forward or crossed stay below either.
    """
    x_y, seen = poses.image_px[-1], poses.visibility[-1]
    left, right = float(x_y[_L.LEFT_SHOULDER, 1]), float(x_y[_L.RIGHT_SHOULDER, 1])
    from_y = 0.5 * (left + right) if posture is Posture.STANDING else min(left, right)
    limit = from_y - _ABOVE * float(poses.trunk_px[-1])
    # A comparison with NaN is False: who is not seen has no hand up.
    return any(bool(seen[wrist] >= _SEEN and x_y[wrist, 1] < limit) for wrist in _WRISTS)


def hold(up: bool, now_s: float, carry: HandCarry) -> tuple[bool, HandCarry]:
    """Take one more frame into account.

    Parameters
    ----------
    up : bool
        Whether a hand is up in it.
    now_s : float
        Seconds of the frame.
    carry : HandCarry
        What the call for the frame before returned.

    Returns
    -------
    bool
        True in the one frame in which the hand has been up long enough. It must come down before
        it counts again.
    HandCarry
    """
    if not up and (carry.since_s is None or now_s - carry.last_s > _BRIDGE_S):
        return False, HandCarry()
    since_s = now_s if carry.since_s is None else carry.since_s
    last_s = now_s if up else carry.last_s
    done = up and now_s - since_s >= HOLD_S
    return done and not carry.fired, HandCarry(since_s, last_s, carry.fired or done)
