"""Session: the course of a live session, the same for the desktop and the browser.

    setup -> ready -> countdown -> baseline -> reps -> rest -> setup ... -> summary -> done
                                     (paused from anywhere, and back)

It is told every frame (landmarks, a few facts of the picture), commands, and that the camera is
lost or back. It knows no clock: all its times are those of the frames. One ``Analyzer`` judges each
set; the session takes the place of one in ``pipeline.run``.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from glutecam.core.analyzer import Analyzer
from glutecam.core.assessment import Side
from glutecam.core.coaching import (
    Command,
    Ended,
    PictureFacts,
    SessionPlan,
    SessionUpdate,
    SetResult,
    Start,
    Step,
    Tone,
)
from glutecam.core.feedback import Given
from glutecam.core.gesture import HandCarry, hand_up, hold
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.core.session_messages import Moment, Speech, told
from glutecam.core.session_set import NOT_LOOKED, SetUnderWay
from glutecam.core.session_summary import most_often
from glutecam.core.session_wording import Message
from glutecam.core.setup_check import SetupCheck
from glutecam.core.smoothing import CAUSAL

__all__ = ["Session"]

_IN_SET = (Step.BASELINE, Step.REPS)


class Session:
    """One person, one exercise, one or several sets.

    Parameters
    ----------
    exercise : Exercise
    plan : SessionPlan
    begin : callable, optional
        Makes the analyzer of a set, given the leg that is asked for; by default a causal one.
    """

    def __init__(
        self,
        exercise: Exercise,
        plan: SessionPlan | None = None,
        begin: Callable[[Side | None], Analyzer] | None = None,
    ) -> None:
        self.exercise = exercise
        self.plan = plan or SessionPlan()
        at_once = self.plan.start is Start.NOW and not self.plan.delay_s
        self.step = Step.BASELINE if at_once else Step.SETUP
        self._begin = begin or (lambda side: Analyzer(exercise, side=side, smoothing=CAUSAL))
        self._started_s: float | None = None
        self._since_s = self._now_s = 0.0
        self._number = 1
        self._going_on = self._by_hand = False
        self._results: list[SetResult] = []
        self._commands: deque[Command] = deque()
        self._resume = (self.step, 0.0)
        self._paused_s = 0.0
        self._lost = False
        self._shape = (1, 1)
        self._clean: dict[Side | None, list[bool]] = {}
        self._most_often: Message | None = None
        self._counted = 0
        self._speech = Speech()
        self._checked_s = -math.inf
        self._new_set_up()
        self._set: SetUnderWay | None = None
        self._given = Given()
        self._tone: Tone | None = None
        self._judged: PoseSeries | None = None
        self._judged_set = 0
        self._judged_skipped = 0.0
        self._roll_deg = 0.0
        self._last = NOT_LOOKED
        self._told = SessionUpdate(**vars(NOT_LOOKED), step=self.step, ticks=self._check.ticks)

    # What a front end calls

    def push(self, poses: PoseSeries, facts: PictureFacts | None = None) -> SessionUpdate:
        """Take the next frames, any number of them, and tell what the newest one calls for.

        Parameters
        ----------
        poses : PoseSeries (T)
            Pushed one at a time, each has its own update; pushed together, only the last one's is
            returned, and the course of the session is the same.
        facts : PictureFacts, optional
            Of the newest frame. While the camera is lost a set that is under way pauses, and what
            was paused goes on when it is back.
        """
        for row in range(len(poses)):
            self._frame(poses[row : row + 1] if len(poses) > 1 else poses, facts)
            self._told = self._tell()
        return self._told

    def command(self, command: Command) -> None:
        """Ask for something; it happens with the next frame."""
        self._commands.append(command)

    def finish(self) -> tuple[SetResult, ...]:
        """End what is under way, and return every set in which at least one frame was judged."""
        if self._set is not None:
            self._end_set(Ended.CUT)
        return tuple(self._results)

    # One frame

    def _frame(self, poses: PoseSeries, facts: PictureFacts | None) -> None:
        self._now_s = float(poses.time_s[-1])
        self._shape = (poses.width_px, poses.height_px)
        if self._started_s is None:
            self._started_s = self._since_s = self._now_s
        self._judged_set, self._last = 0, NOT_LOOKED
        self._tone, self._judged, self._given = None, None, Given(fading=self._given.fading)
        self._watch_camera(facts is not None and facts.lost)
        asked = [self._commands.popleft() for _ in range(len(self._commands))]
        if not self._lost and self._hand(poses):
            asked.append(Command.NEXT)
        for command in asked:
            self._obey(command)
        if not self._lost:
            self._go(poses, facts)

    def _hand(self, poses: PoseSeries) -> bool:
        """Say whether a hand has been up for long enough; not where nobody is asked to."""
        if self.plan.start is Start.NOW or self.step in (Step.COUNTDOWN, Step.BASELINE):
            self._held = HandCarry()
            return False
        up = hand_up(poses, self.exercise.posture)
        fired, self._held = hold(up, self._now_s, self._held)
        return fired and (self.step is not Step.SETUP or self._check.good)

    def _go(self, poses: PoseSeries, facts: PictureFacts | None) -> None:
        """Do what the step asks for; a step that ends at this frame hands it to the next one."""
        before = None
        while before is not self.step:
            before = self.step
            if before in (Step.SETUP, Step.READY):
                self._set_up(poses, facts)
            elif before is Step.COUNTDOWN:
                self._count_down(self.plan.countdown_s, Step.BASELINE)
            elif before in _IN_SET:
                self._judge(poses, facts)
            elif before is Step.REST:
                self._rest()
            elif before is Step.SUMMARY:
                self._count_down(self.plan.summary_s, Step.DONE)

    def _enter(self, step: Step) -> None:
        self.step, self._since_s, self._counted = step, self._now_s, 0

    # The steps

    def _new_set_up(self) -> None:
        self._check = SetupCheck(self.exercise)
        self._held = HandCarry()

    def _set_up(self, poses: PoseSeries, facts: PictureFacts | None) -> None:
        if self.plan.start is Start.NOW:
            if self._going_on or self._left(self.plan.delay_s) <= 0.0:
                self._enter(Step.BASELINE)
            return
        if self._checked_s != self._now_s:
            self._check.push(poses, facts)
            self._checked_s = self._now_s
        good = self._check.good
        if self.step is Step.READY:
            if self._check.instruction is not None:
                self._enter(Step.SETUP)
        elif good and self._going_on:
            self._enter(Step.BASELINE)
        elif good and self.plan.start is Start.TIMER:
            if self._left(self.plan.delay_s) <= 0.0:
                self._enter(Step.BASELINE)
        elif good:
            self._enter(Step.READY)

    def _count_down(self, seconds: float, then: Step) -> None:
        if self._left(seconds) <= 0.0:
            self._enter(then)
        elif self.step is Step.COUNTDOWN:
            self._tick(self._left(seconds))

    def _tick(self, left_s: float) -> None:
        """Sound the last three seconds, each once."""
        second = math.ceil(left_s)
        if second <= 3 and second != self._counted:
            self._counted, self._tone = second, Tone.TICK

    def _rest(self) -> None:
        left = self._left(self.plan.pause_s(self._number - 1))
        if left > 0.0:
            self._tick(left)
            return
        self._new_set_up()
        self._enter(Step.SETUP)

    def _judge(self, poses: PoseSeries, facts: PictureFacts | None) -> None:
        if self._judged is not None:
            return
        if self._set is None:
            self._begin_set()
        assert self._set is not None
        # What the set-up check saw of the camera's roll holds for the whole set: found in the middle
        # of it, it would turn everything against the quiet posture.
        self._judged = self._rolled(poses)
        self._judged_set = self._number
        self._set.push(self._judged, facts)
        self._judged_skipped = self._set.skipped
        self._given, self._tone = self._set.given, self._set.given.tone
        if self.step is Step.BASELINE and self._set.quiet:
            self._enter(Step.REPS)
            self._tone = Tone.GO
        if (ended := self._set.enough) is not None:
            self._end_set(ended)

    def _begin_set(self) -> None:
        side = self._next_side
        self._roll_deg = self._check.roll_deg or self._roll_deg
        clean = self._clean.setdefault(side, [])
        analyzer = self._begin(side)
        self._set = SetUnderWay(self.exercise, self.plan, self._number, side, analyzer, clean)
        self._going_on = True

    def _end_set(self, ended: Ended) -> None:
        assert self._set is not None
        self._results.append(self._set.finish(ended, self._now_s))
        # The repetition that ends a set is told with the frame that ends it.
        self._last = self._set.update
        found = most_often(self.exercise, self._results[-1].assessment.reps)
        self._most_often, self._set = found[0] if found else None, None
        self._tone = Tone.END
        over = self._number == self.plan.total or ended is Ended.PAIN
        self._number = min(self._number + 1, self.plan.total)
        self._enter(Step.SUMMARY if over else Step.REST)

    # Commands, pauses

    def _obey(self, command: Command) -> None:
        if command is Command.PAIN:
            self._stop(Ended.PAIN)
        elif command is Command.QUIT:
            self._stop(Ended.CUT)
            self._enter(Step.DONE)
        elif self.step is Step.PAUSED:
            if command is not Command.PAUSE and not self._lost:
                self._unpause()
        elif command is Command.PAUSE:
            self._pause()
        else:
            self._go_on(command)

    def _go_on(self, command: Command) -> None:
        if self.step in (Step.SETUP, Step.READY):
            self._by_hand = self._held.fired
            self._enter(Step.BASELINE if self._going_on else Step.COUNTDOWN)
        elif self.step is Step.REPS and command is Command.NEXT:
            self._end_set(Ended.HAND if self._held.fired else Ended.ASKED)
        elif self.step is Step.REST:
            self._new_set_up()
            self._enter(Step.SETUP)
        elif self.step is Step.SUMMARY:
            self._enter(Step.DONE)

    def _stop(self, ended: Ended) -> None:
        if self.step is Step.PAUSED:
            self._unpause()
        if self._set is not None:
            self._end_set(ended)
        self._enter(Step.SUMMARY)

    def _pause(self) -> None:
        if self.step not in (Step.PAUSED, Step.SUMMARY, Step.DONE):
            self._break_off()
            self._resume, self._paused_s = (self.step, self._since_s), self._now_s
            self._enter(Step.PAUSED)

    def _break_off(self) -> None:
        """Judge one frame in which nobody is seen: no movement may reach across the pause."""
        if self._set is not None and self.step in _IN_SET:
            self._judged = self._rolled(PoseSeries.unseen(np.array([self._now_s]), *self._shape))
            self._judged_set = self._number
            self._judged_skipped = self._set.skipped
            self._set.break_off(self._judged)

    def _unpause(self) -> None:
        """Go on where it stopped; what ran down goes on with what was left."""
        step, since_s = self._resume
        gone_s = self._now_s - self._paused_s
        if self._set is not None:
            self._set.paused_for(gone_s)
        self._enter(step)
        self._since_s = since_s + gone_s

    def _watch_camera(self, lost: bool) -> None:
        if lost and not self._lost:
            self._lost, self._tone = True, Tone.LOST
            self._pause()
        elif self._lost and not lost:
            self._lost = False
            if self.step is Step.PAUSED:
                self._unpause()

    # What is told

    @property
    def _next_side(self) -> Side | None:
        last = self._results[-1].assessment.sides if self._results else ()
        return self.plan.side_of(self._number, last[-1] if last else None)

    @property
    def _is_checking(self) -> bool:
        return self.plan.start is not Start.NOW and self.step in (Step.SETUP, Step.READY)

    def _left(self, seconds: float) -> float:
        """Return what is left of so many seconds of this step; of the delay, of the session."""
        from_s = self._started_s if self.step is Step.SETUP else self._since_s
        return seconds - (self._now_s - (from_s or 0.0))

    def _countdown_s(self) -> float | None:
        seconds = {
            Step.COUNTDOWN: self.plan.countdown_s,
            Step.REST: self.plan.pause_s(self._number - 1),
            Step.SUMMARY: self.plan.summary_s,
        }.get(self.step)
        if self.step is Step.SETUP and self.plan.start is not Start.HAND and not self._going_on:
            seconds = self.plan.delay_s
        if self.step is Step.BASELINE:
            return None if self._set is None else self._set.quiet_left_s
        return None if seconds is None else max(0.0, self._left(seconds))

    def _rolled(self, poses: PoseSeries) -> PoseSeries:
        roll_deg = self._roll_deg
        return replace(poses, camera_roll_deg=roll_deg) if roll_deg else poses

    def _moment(self) -> Moment:
        return Moment(
            time_s=self._now_s,
            step=self.step,
            plan=self.plan,
            number=self._number,
            side=self._next_side,
            exercise=self.exercise,
            update=self._last if self._set is None else self._set.update,
            left_s=self._countdown_s(),
            since_s=self._now_s - self._since_s,
            instruction=self._check.instruction,
            hand=self._held.share(self._now_s),
            by_hand=self._by_hand,
            lost=self._lost,
            results=tuple(self._results),
            most_often=self._most_often,
            ticks=self._check.ticks if self._is_checking else (),
            in_set=self._set is not None,
        )

    def _tell(self) -> SessionUpdate:
        now, given = self._moment(), self._given
        words = self._speech.next(now, self._now_s)
        if words is None and given.speak is not None:
            words = self._speech.heard(given.speak, self._now_s)
        return told(
            now,
            given,
            words,
            tone=self._tone,
            judged=self._judged,
            judged_set=self._judged_set,
            judged_skipped=self._judged_skipped,
        )
