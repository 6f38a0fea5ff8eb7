"""Which leg works is data of an exercise: the evidence for it, and how fast it may change.

Evidence is a formula on poses as the camera saw them: above 0 for the right leg, below for the
left one, in trunk lengths (lying on the back in widths of the shoulders).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from glutecam.core.columns import Column, Columns, length, over, positive
from glutecam.core.landmarks import Landmark

__all__ = [
    "BOTH_LEGS",
    "FRONT_LEG",
    "LEG_BELOW",
    "LOADED_LEG",
    "STANDING_LEG",
    "STEPPING_LEG",
    "TOP_LEG",
    "WALKING_LEG",
    "WorkedLeg",
    "nearer_right_foot",
    "right_above_left",
    "right_carries",
    "right_foot_lower",
]

_L = Landmark


@dataclass(frozen=True)
class WorkedLeg:
    """How the leg that works is told from the other one.

    Attributes
    ----------
    right : callable or None
        Columns -> Column, the evidence that it is the right leg; None where both legs work at once.
    clear : float
        Evidence nearer to 0 decides nothing: the leg stays the one it was.
    first_s, switch_s : float
        How long clear evidence must last to be believed at the beginning, and for another leg
        than before. Within a repetition the body may sway over the free foot, which is a fault of
        that repetition and not another leg.
    alone : bool
        This leg carries the whole body, so that an exercise on both legs is another exercise.
    alternates : bool
        The legs take turns within a set or a repetition, whichever side is asked for.
    hides_other : bool
        The other leg may be hidden, behind a bench or as it points at the camera.
    moving : bool
        The evidence tells the leg while the body moves; else at any time.
    from_quiet : bool
        The leg is told by the cycle's measure, counted from the quiet posture, as soon as that is
        known: the evidence, which it must be of, is not 0 there where the camera is rolled.
    """

    right: Callable[[Columns], Column] | None = field(repr=False)
    clear: float = 0.15
    first_s: float = 0.3
    switch_s: float = 1.0
    alone: bool = False
    alternates: bool = False
    moving: bool = True
    hides_other: bool = False
    from_quiet: bool = False


def nearer_right_foot(body: Columns) -> Column:
    """Return how much nearer mid-hip is to the right ankle than to the left, sideways.

    In trunk lengths. Whoever stands on one leg has the body over that foot, whatever the free leg
    does; on two feet it is near 0.
    """
    middle = body.mid_hip[0]
    right, left = abs(middle - body.x[_L.RIGHT_ANKLE]), abs(middle - body.x[_L.LEFT_ANKLE])
    return over(left - right, body.trunk)


def right_above_left(body: Columns) -> Column:
    """Return how much higher the right shoulder and hip are than the left, in trunk lengths."""
    return over(body.hips[1] + body.shoulders[1], body.trunk)


def right_foot_lower(body: Columns) -> Column:
    """Return how much lower the right ankle is than the left, in trunk lengths."""
    return over(body.y[_L.RIGHT_ANKLE] - body.y[_L.LEFT_ANKLE], body.trunk)


def right_carries(body: Columns) -> Column:
    """Return how far the trunk is over the right foot, and the right ankle lower, for somebody who walks.

    The middle of the trunk against the middle of the feet: whoever leans over a foot pushes the hips
    the other way, and a camera that is turned moves the foot in front as far to one side as the one
    behind to the other. The height of the feet helps from the front alone: from behind the foot in front
    looks higher while the one behind lifts its heel, and the two cancel.
    """
    feet = (body.x[_L.RIGHT_ANKLE] + body.x[_L.LEFT_ANKLE]) * 0.5
    trunk = (body.mid_hip[0] + body.mid_shoulder[0]) * 0.5
    swayed = 2.0 * over((feet - trunk) * body.facing, body.trunk)
    return swayed + positive(body.facing) * right_foot_lower(body)


def _right_foot_lower_lying(body: Columns) -> Column:
    """Return the same in widths of the shoulders, as the trunk points away from the camera."""
    return over(body.y[_L.RIGHT_ANKLE] - body.y[_L.LEFT_ANKLE], length(body.shoulders))


# On both feet the evidence is noise, or a rolled camera: up to 0.15 trunk lengths.
STANDING_LEG = WorkedLeg(nearer_right_foot, alone=True)
"""The leg on which somebody stands."""

TOP_LEG = WorkedLeg(right_above_left, moving=False)
"""The upper leg of somebody who lies on the side."""

FRONT_LEG = WorkedLeg(right_foot_lower, moving=False, hides_other=True)
"""The leg on the floor while the other foot rests on a bench behind."""

LEG_BELOW = WorkedLeg(_right_foot_lower_lying, clear=0.25, moving=False, hides_other=True)
"""The leg whose foot stays on the floor, for somebody who lies on the back."""

STEPPING_LEG = WorkedLeg(right_foot_lower, clear=0.04, first_s=0.05, switch_s=0.05, alternates=True)
"""The leg on the floor while the other one steps."""

WALKING_LEG = WorkedLeg(
    right_carries, clear=0.02, first_s=0.05, switch_s=0.05, alternates=True, from_quiet=True
)
"""The leg that carries the body in walking: the trunk is nearer to its foot, which is the lower one."""

LOADED_LEG = WorkedLeg(nearer_right_foot, clear=0.03, alternates=True, moving=False)
"""The leg that carries more, for somebody who stands on both."""

BOTH_LEGS = WorkedLeg(None, moving=False)
