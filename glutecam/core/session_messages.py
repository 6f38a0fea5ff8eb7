"""What a session says: the message that stands there now, and what is spoken when.

Spoken words take their turn: a step's own words at once, one after another; an instruction that is
not followed again after a while, never more often than a cue.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from glutecam.core.assessment import Side, Update
from glutecam.core.coaching import (
    Ended,
    SessionPlan,
    SessionUpdate,
    SetResult,
    Start,
    Step,
    Tick,
    Tone,
)
from glutecam.core.feedback import GAP_S, Given, RateLimit
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise, Posture
from glutecam.core.rules import Start as Quiet
from glutecam.core.session_summary import counted
from glutecam.core.session_wording import ENGLISH, Message, asked, say

__all__ = ["Moment", "Speech", "message_of", "words_of_step"]

REMIND_S = 8.0
"""How soon an instruction that was not followed is spoken again."""

BEGIN_STAYS_S = 3.0
_LETTERS_PER_S = 14.0
_BREATH_S = 0.6
_NOTICED = 0.1
_AFTER_SET = (Step.REST, Step.SUMMARY)


@dataclass(frozen=True)
class Moment:
    """What the messages are made of.

    Attributes
    ----------
    time_s : float
    left_s : float or None
        Of what runs down.
    since_s : float
        How long the step has lasted.
    instruction : Message or None
        Of the set-up check.
    by_hand : bool
        Whether a raised hand began the countdown, and not a key or a button.
    most_often : Message or None
        The cue that the set before called for most.
    """

    time_s: float
    step: Step
    plan: SessionPlan
    number: int
    side: Side | None
    exercise: Exercise
    update: Update
    left_s: float | None = None
    since_s: float = 0.0
    instruction: Message | None = None
    hand: float = 0.0
    by_hand: bool = False
    lost: bool = False
    results: tuple[SetResult, ...] = ()
    most_often: Message | None = None
    ticks: tuple[Tick, ...] = ()
    in_set: bool = False

    def posed(self, key: str) -> Message:
        """Return the text for the posture or the start of the exercise where it has one."""
        lying = self.exercise.posture is not Posture.STANDING
        both_feet = self.exercise.start is Quiet.BOTH_FEET
        named = f"{key}.lying" if lying else key if both_feet else f"{key}.set-up"
        return say(named if named in ENGLISH else key)

    @property
    def seconds(self) -> int:
        """Whole seconds left, rounded up."""
        return math.ceil(self.left_s or 0.0)


def message_of(now: Moment) -> Message | None:
    """Return the one thing to do or to know now."""
    return _MESSAGES[now.step](now)


def words_of_step(now: Moment) -> list[Message]:
    """Return what is spoken when this step begins, one after another."""
    message = message_of(now)
    words = [] if message is None else [message]
    if now.step is Step.SETUP:
        return []
    if now.step is Step.COUNTDOWN:
        return [now.posed("baseline")]
    if now.results and now.results[-1].ended is Ended.FAULTS and now.step in _AFTER_SET:
        words = [say("set.faults"), *words]
    elif now.step is Step.REST:
        words = [say("set.over"), *words]
    if now.step in _AFTER_SET and now.most_often is not None:
        words.append(_often(now.most_often))
    return words if now.step is not Step.DONE else []


def _ready(now: Moment) -> Message:
    return say("ready.hold") if now.hand > _NOTICED else now.posed("ready.hand")


def _paused(now: Moment) -> Message:
    return say("paused.camera" if now.lost else "paused")


def _in_set(now: Moment) -> Message | None:
    if now.update.instruction is not None:
        return asked(now.update)
    if now.step is Step.BASELINE:
        return now.posed("baseline")
    return _begin(now) if now.since_s < BEGIN_STAYS_S and now.update.reps == 0 else None


def _often(cue: Message) -> Message:
    return say("summary.often", cue=cue.english, cue_key=cue.key)


def _set_up(now: Moment) -> Message:
    if now.instruction is not None and now.ticks:
        return now.instruction
    if now.plan.start is not Start.HAND and now.seconds > 0:
        return say("timer.wait", seconds=now.seconds)
    return say("do.hold")


def _count_down(now: Moment) -> Message:
    return say("countdown.hand" if now.by_hand else "countdown", seconds=now.seconds)


def _begin(now: Moment) -> Message:
    return say("begin") if now.side is None else say("begin.side", side=now.side.value)


def _next(now: Moment) -> Message:
    if len(now.plan.sides) > 1 and now.side is not None:
        return say("rest.side", side=now.side.value)
    return say("rest.set", number=now.number, sets=now.plan.total)


def _summary(now: Moment) -> Message:
    results = now.results
    if results and results[-1].ended is Ended.PAIN:
        return say("pain")
    return counted("summary", results, now.exercise)


_MESSAGES: Mapping[Step, Callable[[Moment], Message | None]] = {
    Step.SETUP: _set_up,
    Step.READY: _ready,
    Step.COUNTDOWN: _count_down,
    Step.BASELINE: _in_set,
    Step.REPS: _in_set,
    Step.REST: _next,
    Step.PAUSED: _paused,
    Step.SUMMARY: _summary,
    Step.DONE: _summary,
}


def told(
    now: Moment,
    given: Given,
    words: Message | None,
    *,
    tone: Tone | None,
    judged: PoseSeries | None = None,
    judged_set: int = 0,
    judged_skipped: float = 0.0,
) -> SessionUpdate:
    """Return what a view needs; ``words`` are spoken at this frame."""
    reps = now.plan.reps if now.in_set else None
    values = {**vars(now.update), "time_s": now.time_s}
    values["cue"] = given.cue.english if given.cue else None
    return SessionUpdate(
        **values,
        step=now.step,
        set_number=now.number,
        sets=now.plan.total,
        next_side=now.side,
        ticks=now.ticks,
        message=message_of(now),
        speak=words,
        shown_cue=given.cue,
        tone=tone,
        pitch_hz=given.pitch_hz,
        countdown_s=now.left_s,
        hand=now.hand,
        reps_left=None if reps is None else max(0, reps - now.update.reps),
        fading=given.fading,
        withheld=given.withheld,
        judged=judged,
        judged_set=judged_set,
        judged_skipped=judged_skipped,
        finished=now.results,
    )


class Speech:
    """Decides what is spoken in a frame."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._free_at_s = -math.inf
        self._limit = RateLimit(GAP_S)
        self._last = ("", -math.inf)
        self._step: Step | None = None

    def next(self, now: Moment, at_s: float) -> Message | None:
        """Return what to speak now; a cue of the feedback is told to ``heard`` instead."""
        if now.step is not self._step:
            self._step = now.step
            self._waiting = deque(words_of_step(now))
            self._free_at_s = -math.inf
        while self._waiting and self._just_said(self._waiting[0], at_s):
            self._waiting.popleft()
        if self._waiting:
            return self._say(self._waiting.popleft(), at_s) if at_s >= self._free_at_s else None
        message = message_of(now) if now.step is Step.SETUP else None
        return None if message is None else self._reminded(message, at_s)

    def heard(self, words: Message, at_s: float) -> Message:
        """Note that something else is spoken now."""
        return self._say(words, at_s)

    def _reminded(self, message: Message, at_s: float) -> Message | None:
        """Speak an instruction that is new, or was not followed."""
        if self._just_said(message, at_s) or at_s < self._free_at_s:
            return None
        return self._say(message, at_s) if self._limit.allow(at_s) else None

    def _just_said(self, message: Message, at_s: float) -> bool:
        key, said_s = self._last
        return message.key == key and at_s - said_s < REMIND_S

    def _say(self, message: Message, at_s: float) -> Message:
        self._last = (message.key, at_s)
        self._free_at_s = at_s + _BREATH_S + len(message.english) / _LETTERS_PER_S
        return message
