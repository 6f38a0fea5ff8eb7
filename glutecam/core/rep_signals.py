"""What a rule of a whole repetition reads: the signals of that repetition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from glutecam.core.events import held_for, median_step
from glutecam.core.measures import Estimate, Measure
from glutecam.core.poses import FloatArray

__all__ = ["RepSignals"]


@dataclass(frozen=True, eq=False)
class RepSignals:
    """The signals of one repetition, (T,) each, for a RepRule to read.

    Attributes
    ----------
    time_s : (T,)
    estimates : mapping of measure name to Estimate
        Of these frames or of more, of which the first is number ``first``; cut out when asked for.
    right : (T,) bool
        The worked leg is the right one; it may change where the legs take turns.
    reps : tuple of RepSignals
        The repetitions, where this is a whole set, from the first of them to the last.
    """

    time_s: FloatArray
    estimates: Mapping[str, Estimate]
    right: NDArray[np.bool_]
    reps: tuple[RepSignals, ...] = ()
    first: int = 0
    _cut: dict[str, Estimate] = field(default_factory=dict, repr=False)

    def of(self, measure: Measure) -> Estimate:
        """Return one measure over the repetition."""
        if measure.name not in self._cut:
            frames = slice(self.first, self.first + len(self.time_s))
            self._cut[measure.name] = self.estimates[measure.name][frames]
        return self._cut[measure.name]

    def hidden(self, measure: Measure) -> float:
        """Return the share of the repetition in which a measure was not seen."""
        unknown, frames = self.estimates[measure.name].unknown_before, len(self.time_s)
        return int(unknown[self.first + frames] - unknown[self.first]) / frames

    def held(self, values: FloatArray, hold_s: float) -> tuple[float, int]:
        """Return the highest level that values (T,) keep so long, and where, as ``held_level``."""
        return held_for(values, hold_s, self._step_s)

    @cached_property
    def _step_s(self) -> float:
        return median_step(self.time_s)

    @property
    def duration_s(self) -> float:
        """How long the repetition took."""
        return float(self.time_s[-1] - self.time_s[0])
