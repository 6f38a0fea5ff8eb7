"""Whether too few pictures are the fault of this machine: they came, and it did not look at them all."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from glutecam.core.assessment import Assessment, Cause, Gate, GateCode

__all__ = [
    "CAMERA_FPS",
    "EASED",
    "FASTER",
    "SKIPPED",
    "SLOW_S",
    "SMALLER",
    "Lately",
    "SlowFor",
    "Slowed",
    "judged_by_a_slow_machine",
    "left_out",
    "too_slow",
    "too_slow_now",
    "ways",
]

SKIPPED = 0.2
"""Share of left-out pictures from which the machine is named: of 30 a second it then judges less
than the 24 that exercises ask for."""

CAMERA_FPS = 30.0
"""Pictures a second of most cameras."""

EASED = 0.1
"""Share below which the machine is no longer named: between the two it stays as it was, so that what
is said does not change from look to look."""

SMALLER = "use --model lite"
FASTER: tuple[str, ...] = (SMALLER, "use --no-window")
SLOW_S = 2.0
"""So long pictures must have been left out before a session says so: the first ones always come late."""
_LATELY = 31
"""Pictures of about the last second: whether the machine keeps up now."""

_DO = (
    "This machine is too slow: {share:.0%} of the pictures that came were left out. {faster}; a file "
    "is judged whole, however long that takes, by glutecam score."
)
_NOW = (
    "This machine is too slow: pictures are left out, and until it keeps up no repetition is told. {faster}; "
    "a file is judged whole, however long that takes, by glutecam score."
)
_CLOSE = "Close other programs"
_NOTE = (
    "This machine is too slow for live: {share:.0%} of the pictures that came were left out, so "
    "fast movements are judged less well."
)


def left_out(works_s: Sequence[float], fps: float = CAMERA_FPS) -> float:
    """Return what share of a camera's pictures would be left out, 0 to 1.

    The newest picture is looked at as soon as the one before is done; those that came in between are lost.

    Parameters
    ----------
    works_s : sequence of float
        How long one picture after another took.
    fps : float
        Pictures that come in a second.
    """
    newest, now_s = -1, 0.0
    for work_s in works_s:
        newest = max(newest + 1, int(now_s * fps))
        now_s = max(now_s, newest / fps) + work_s
    return 1.0 - len(works_s) / (newest + 1) if works_s else 0.0


class Lately:
    """What share of the last pictures was left out, told how many were left out in all."""

    def __init__(self) -> None:
        self._dropped = deque([0], maxlen=_LATELY)

    def skipped(self, dropped: int) -> float:
        """Return the share, 0 to 1; to be asked once for every picture that is judged.

        Parameters
        ----------
        dropped : int
            Pictures that were left out so far.
        """
        self._dropped.append(dropped)
        lately = self._dropped[-1] - self._dropped[0]
        return lately / (lately + len(self._dropped) - 1)


class Slowed:
    """Whether the machine is too slow now: from SKIPPED on, until less than EASED is left out."""

    def __init__(self) -> None:
        self._is_slow = False

    def look(self, skipped: float) -> bool:
        """Take the share of the last pictures that were left out, 0 to 1."""
        self._is_slow = skipped >= (EASED if self._is_slow else SKIPPED)
        return self._is_slow


class SlowFor:
    """Whether pictures have been left out for so long that somebody should be told."""

    def __init__(self) -> None:
        self._slowed = Slowed()
        self._since_s: float | None = None

    def too_long(self, skipped: float, time_s: float) -> bool:
        """Take the share of the last pictures that were left out, at a time in seconds."""
        if not self._slowed.look(skipped):
            self._since_s = None
            return False
        self._since_s = time_s if self._since_s is None else self._since_s
        return time_s - self._since_s >= SLOW_S


def too_slow(skipped: float, faster: Sequence[str]) -> str:
    """Return what to do where a share of the pictures is left out, with the ways that are still open."""
    return _DO.format(share=skipped, faster=ways(faster))


def too_slow_now(faster: Sequence[str]) -> str:
    """Return what to do while pictures are left out: how many is told of the whole set, at its end."""
    return _NOW.format(faster=ways(faster))


def ways(faster: Sequence[str]) -> str:
    """Return what makes room: of programs, and of the ways that are still open."""
    return _CLOSE + (f", {' or '.join(faster)}" if faster else "")


def judged_by_a_slow_machine(
    assessment: Assessment, skipped: float, faster: Sequence[str] = FASTER
) -> Assessment:
    """Return the assessment with the true reason why there are few pictures.

    Parameters
    ----------
    assessment : Assessment
    skipped : float
        Share of the pictures that came and were not looked at, 0 to 1.
    faster : sequence of str
        What would make it faster and was not done yet.
    """
    if skipped < SKIPPED:
        return assessment
    gates = tuple(_blamed(gate, skipped, faster) for gate in assessment.gates)
    if gates == assessment.gates:
        noted = (*assessment.warnings, _NOTE.format(share=skipped))
        return replace(assessment, warnings=noted)
    first = next(gate for gate in gates if not gate.passed)
    told = first.instruction if first.cause is Cause.SLOW_MACHINE else assessment.instruction
    return replace(assessment, gates=gates, instruction=told)


def _blamed(gate: Gate, skipped: float, faster: Sequence[str]) -> Gate:
    if gate.code != GateCode.FRAME_RATE or gate.passed:
        return gate
    return replace(gate, instruction=too_slow(skipped, faster), cause=Cause.SLOW_MACHINE)
