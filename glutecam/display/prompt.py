"""The one thing to do now, in the banner below: an instruction, a cue, or what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from glutecam.core.assessment import Band, Phase, Update
from glutecam.core.coaching import SessionUpdate
from glutecam.core.rules import Exercise, Posture
from glutecam.display.lettering import Colour
from glutecam.display.panels import BAND_COLOURS, SOFT, TO_DO

__all__ = ["Prompt"]

_CUE_STAYS_S = 2.0
"""A cue stays readable this long, though the analyzer may say it for one frame only."""
_LARGE, _SMALL = 64.0, 46.0


@dataclass(frozen=True)
class _Held:
    """A cue that stays to be read: until then, or until the repetition after its own begins."""

    words: str
    rep: int
    until_s: float


class Prompt:
    """Chooses what the banner says; remembers a cue for as long as it is read.

    Parameters
    ----------
    exercise : Exercise
    counts : bool
        False leaves the number of the repetition out: in a refused recording it is no result.
    """

    def __init__(self, exercise: Exercise, *, counts: bool = True) -> None:
        self._exercise = exercise
        self._counts = counts
        self._held: _Held | None = None

    def words(self, update: Update) -> tuple[str, Colour, float]:
        """Return words, colour and letter size: instruction, then cue, then (smaller) phase."""
        if update.instruction:
            self._held = None
            return update.instruction, TO_DO, _LARGE
        if isinstance(update, SessionUpdate):
            # How long a cue stays, and which repetitions go without, is the session's to say.
            if update.cue:
                return update.cue, BAND_COLOURS[Band.WATCH], _LARGE
            return str(update.message or ""), SOFT, _LARGE
        if held := self._still_said(update):
            # Without the signs of the bands: a cue goes with "watch" as well as with "improve".
            return held.words, BAND_COLOURS[Band.WATCH], _LARGE
        begun = update.phase is Phase.READY and update.reps > 0
        return "" if begun else _phase_words(update.phase, self._exercise), SOFT, _SMALL

    def _still_said(self, update: Update) -> _Held | None:
        """Return the cue to show, which names the repetition it is for; it may be over by now."""
        rep = update.finished_rep.number if update.finished_rep else update.reps + 1
        cue = update.cue or (self._exercise.rule(update.active[0]).cue if update.active else None)
        if cue:
            words = f"Repetition {rep}: {cue}" if self._counts else cue
            self._held = _Held(words, rep, update.time_s + _CUE_STAYS_S)
        if self._held is None or update.time_s > self._held.until_s:
            return None
        next_began = update.phase is Phase.MOVING and rep > self._held.rep
        return None if next_began else self._held


def _phase_words(phase: Phase, exercise: Exercise) -> str:
    lying = exercise.posture is not Posture.STANDING
    return {
        Phase.LOOKING: f"{'Lie down in' if lying else 'Step into'} the picture, head to feet",
        Phase.HOLD_STILL: "Lie still for a moment" if lying else "Stand still",
        Phase.READY: "Ready: begin when you like",
        Phase.MOVING: "",
    }[phase]
