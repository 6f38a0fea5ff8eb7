"""Whether too few pictures are the fault of this machine: they came, and it did not look at them all."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from glutecam.core.assessment import Assessment, Gate

__all__ = ["SKIPPED", "Lately", "blames_the_machine", "judged_by_a_slow_machine"]

SKIPPED = 0.2
"""Share of left-out pictures from which the machine is named: of 30 a second it then judges less
than the 24 that exercises ask for."""

_LATELY = 31
"""Pictures of about the last second: whether the machine keeps up now."""

_DO = (
    "This machine is too slow: {share:.0%} of the pictures that came were left out. Close other "
    "programs and use --model lite or --no-window; a file is judged whole, however long that "
    "takes, by glutecam score."
)
_NOTE = (
    "This machine is too slow for live: {share:.0%} of the pictures that came were left out, so "
    "fast movements are judged less well."
)


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


def judged_by_a_slow_machine(assessment: Assessment, skipped: float) -> Assessment:
    """Return the assessment with the true reason why there are few pictures.

    Parameters
    ----------
    assessment : Assessment
    skipped : float
        Share of the pictures that came and were not looked at, 0 to 1.
    """
    if skipped < SKIPPED:
        return assessment
    gates = tuple(_blamed(gate, skipped) for gate in assessment.gates)
    if gates == assessment.gates:
        noted = (*assessment.warnings, _NOTE.format(share=skipped))
        return replace(assessment, warnings=noted)
    first = next(gate for gate in gates if not gate.passed)
    told = first.instruction if blames_the_machine(first) else assessment.instruction
    return replace(assessment, gates=gates, instruction=told)


def blames_the_machine(gate: Gate) -> bool:
    """Tell whether a gate failed because this machine did not look at all the pictures."""
    return not gate.passed and gate.instruction.startswith(_DO.partition("{")[0])


def _blamed(gate: Gate, skipped: float) -> Gate:
    if gate.code != "frame rate" or gate.passed:
        return gate
    return replace(gate, instruction=_DO.format(share=skipped))
