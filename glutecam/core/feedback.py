"""Feedback while the movement is under way: one thing at a time, seldom, and less with mastery.

What hides the body comes first (box, then view, then visibility, in the order of the gates), then
the rule highest in rank. Gates are told at once and always; cues of rules become rarer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from glutecam.core.assessment import Band, Phase, Rep, Update
from glutecam.core.certain import earns_praise
from glutecam.core.coaching import Fading, Tone
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.rules import Exercise, FrameRule, Rule
from glutecam.core.scoring import bands_of, classify, excess
from glutecam.core.session_wording import Message, asked, cue, praise
from glutecam.core.sound import pitch_of

__all__ = ["AFTER_PRAISE_S", "GAP_S", "Feedback", "Given", "RateLimit", "fading_of", "looks_clean"]

GAP_S = 4.0
"""Least time between two cues."""

AFTER_PRAISE_S = 2.0
"""Least time from praise to a cue: praise is short, and the fault of the next repetition must be told."""

STAYS_S = 3.0
"""How long a cue stays to be read."""

_LATELY = 6
_ENOUGH = 4
_ALTERNATE = 0.6
_SUMMARY = 0.9


class RateLimit:
    """Lets something through at most once in ``gap_s`` seconds; the caller brings the clock."""

    def __init__(self, gap_s: float) -> None:
        self._gap_s = gap_s
        self._free_at_s = float("-inf")

    def allow(self, now_s: float, gap_s: float | None = None) -> bool:
        """Return True, and start the gap, or one of ``gap_s``, where the last one is over at ``now_s`` seconds."""
        if now_s < self._free_at_s:
            return False
        self._free_at_s = now_s + (self._gap_s if gap_s is None else gap_s)
        return True


@dataclass(frozen=True)
class Given:
    """What one frame calls for: see ``SessionUpdate``."""

    cue: Message | None = None
    speak: Message | None = None
    tone: Tone | None = None
    pitch_hz: float | None = None
    fading: Fading = Fading.EVERY
    withheld: bool = False


def looks_clean(exercise: Exercise, rep: Rep, strict: bool = False) -> bool:
    """Say whether the likeliest value of every rule of a whole repetition is fine.

    Not that it surely is: the ± of a rule may still reach over its edge, and then the repetition is
    not called good, and praise is spoken only where ``earns_praise`` says so.

    Parameters
    ----------
    exercise : Exercise
    rep : Rep
    strict : bool
        Whether the rules' strict bands are used.
    """
    if not (rep.complete and rep.findings) or rep.band in (Band.FAULT, Band.WATCH):
        return False
    return all(_likeliest(exercise.rule(f.code), f.value, strict) is Band.OK for f in rep.findings)


def _likeliest(rule: Rule, value: float, strict: bool) -> Band:
    distance = value if isinstance(rule, FrameRule) else excess(rule, value)
    return classify(distance, 0.0, bands_of(rule, strict))


def fading_of(clean: list[bool]) -> Fading:
    """Return how much feedback the last repetitions call for.

    That feedback which is taken away again lets the gain stay is from mirror training
    ([F96]: mirror and words, faded over the last four of eight sessions). How soon is our proposal
    [P]: of the last six repetitions 60 % clean for every other one, 90 % for none within the set;
    never before four repetitions.

    Parameters
    ----------
    clean : list of bool
        One for each repetition so far, the newest last.
    """
    last = clean[-_LATELY:]
    if len(last) < _ENOUGH:
        return Fading.EVERY
    share = sum(last) / len(last)
    if share >= _SUMMARY:
        return Fading.SUMMARY
    return Fading.ALTERNATE if share >= _ALTERNATE else Fading.EVERY


class Feedback:
    """What to say, show and sound in one set.

    Parameters
    ----------
    exercise : Exercise
    fade : bool
        Whether cues become rarer.
    clean : list of bool
        Of the repetitions of earlier sets of the session; this set's are added to it.
    strict : bool
        Whether the rules' strict bands are used.
    """

    def __init__(
        self, exercise: Exercise, fade: bool, clean: list[bool], strict: bool = False
    ) -> None:
        self._exercise = exercise
        self._strict = strict
        self._fade = fade
        self._clean = clean
        self._limit = RateLimit(GAP_S)
        self._praise_from_s = -math.inf
        self._shown: Message | None = None
        self._until_s = -math.inf
        self._sounds = PELVIC_DROP in exercise.measures

    def push(self, update: Update) -> Given:
        """Take what the analyzer says of the newest frame."""
        rep = update.finished_rep
        clean = rep is not None and looks_clean(self._exercise, rep, self._strict)
        if rep is not None and rep.complete:
            self._clean.append(clean)
        fading = fading_of(self._clean) if self._fade else Fading.EVERY
        spoken = self._spoken(update, fading)
        if spoken is None and rep and earns_praise(self._exercise, rep) and fading is Fading.EVERY:
            spoken = self._praise(update.time_s)
        cue_now = self._shown if update.time_s < self._until_s else None
        withheld = not self._turn(update, fading)
        pitch_hz = None if withheld else self._pitch(update)
        return Given(cue_now, spoken, Tone.CLEAN if clean else None, pitch_hz, fading, withheld)

    def _praise(self, now_s: float) -> Message | None:
        """Return the praise, if it is its turn; nothing is written over the picture."""
        if now_s < self._praise_from_s or not self._limit.allow(now_s, AFTER_PRAISE_S):
            return None
        self._praise_from_s = now_s + GAP_S
        return praise(self._exercise)

    def _spoken(self, update: Update, fading: Fading) -> Message | None:
        """Return the one thing to say now, if it is its turn; it is shown for a while as well."""
        wanted = self._wanted(update, fading)
        if wanted is None or not self._limit.allow(update.time_s):
            return None
        self._shown, self._until_s = wanted, update.time_s + STAYS_S
        return wanted

    def _wanted(self, update: Update, fading: Fading) -> Message | None:
        if update.instruction is not None:
            return asked(update)
        rep = update.finished_rep
        codes = {*update.active, *(self._faults(rep) if rep is not None else ())}
        if not codes or not self._turn(update, fading):
            return None
        return next(cue(rule) for rule in self._exercise.rules if rule.code in codes)

    def _turn(self, update: Update, fading: Fading) -> bool:
        """Say whether this repetition is one in which cues are given."""
        if fading is Fading.SUMMARY:
            return False
        number = update.reps + (update.finished_rep is None)
        return fading is Fading.EVERY or number % 2 == 1

    def _faults(self, rep: Rep) -> list[str]:
        broken = {finding.code for finding in rep.findings if finding.band is Band.FAULT}
        return [rule.code for rule in self._exercise.rules if rule.code in broken]

    def _pitch(self, update: Update) -> float | None:
        if update.phase is not Phase.MOVING or not self._sounds:
            return None
        return pitch_of(update.values.get(PELVIC_DROP.name, (math.nan, math.nan))[0])
