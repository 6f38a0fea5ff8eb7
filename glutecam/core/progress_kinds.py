"""What may be asked, offered and given as a reason in a programme."""

from __future__ import annotations

from enum import Enum

__all__ = ["Condition", "Move", "Now", "Reason"]


class Condition(str, Enum):
    """What must hold for a step on."""

    SESSIONS = "sessions"
    FULL = "full"
    FAULTS = "faults"
    TOLD = "told"
    WATCH = "watch"
    PAIN_SAID = "pain said"
    PAIN = "pain"


class Move(str, Enum):
    """What is offered."""

    HOLD = "hold"
    PROGRESS = "progress"
    REGRESS = "regress"


class Reason(str, Enum):
    """Why."""

    NOT_YET = "not yet"
    EARNED = "earned"
    TOP = "top"
    PAIN = "pain"
    PAIN_ROSE = "pain rose"
    FAULTS = "faults"


class Now(str, Enum):
    """What to do today."""

    TRAIN = "train"
    GO_ON = "go on"
    DONE = "done"
    REST = "rest"
    ENOUGH = "enough"
    STOP = "stop"

    @property
    def trains(self) -> bool:
        """Whether today is a day to train: only then is there something to begin."""
        return self in (Now.TRAIN, Now.GO_ON)
