"""One set of a session while it is under way: its analyzer, its feedback, what interrupted it."""

from __future__ import annotations

from dataclasses import replace

from glutecam.core.analyzer import Analyzer
from glutecam.core.assessment import Band, GateCode, Phase, Side, Update
from glutecam.core.coaching import Ended, PictureFacts, SessionPlan, SetResult
from glutecam.core.feedback import Feedback, Given
from glutecam.core.keeping_up import FASTER, SlowFor, judged_by_a_slow_machine
from glutecam.core.poses import PoseSeries
from glutecam.core.progress import set_should_end
from glutecam.core.rules import Exercise
from glutecam.core.session_wording import other_leg, slow

__all__ = ["NOT_LOOKED", "SetUnderWay"]

NOT_LOOKED = Update(0.0, Phase.LOOKING, {}, {}, reps=0, attempts=0)


class SetUnderWay:
    """Judges and coaches one set.

    Parameters
    ----------
    exercise : Exercise
    plan : SessionPlan
    number : int
        From 1.
    side : Side or None
        The leg that is asked for.
    analyzer : Analyzer
        Fresh.
    clean : list of bool
        Whether the repetitions before looked clean; this set's are added.
    """

    def __init__(
        self,
        exercise: Exercise,
        plan: SessionPlan,
        number: int,
        side: Side | None,
        analyzer: Analyzer,
        clean: list[bool],
    ) -> None:
        self.number = number
        self.side = side
        self.update = NOT_LOOKED
        self.given = Given()
        self._plan = plan
        self._exercise = exercise
        self._began_s: float | None = None
        self._slow = SlowFor()
        self._analyzer = analyzer
        self._feedback = Feedback(exercise, plan.fade, clean, analyzer.options.strict)
        self._bands: list[Band] = []
        self._gaps: list[str] = []
        self._frames, self._skipped, self._faster = 0, 0.0, FASTER

    @property
    def quiet(self) -> bool:
        """Whether the quiet posture was found."""
        return self.update.phase in (Phase.READY, Phase.MOVING)

    @property
    def quiet_left_s(self) -> float | None:
        """Seconds for which it must still be held."""
        return self._analyzer.quiet_left_s

    @property
    def enough(self) -> Ended | None:
        """Why the set should end now; None where it should not."""
        if self._plan.reps is not None and self.update.reps >= self._plan.reps:
            return Ended.REPS
        programme = self._plan.programme
        if programme is not None and set_should_end(programme, self._bands):
            return Ended.FAULTS
        return None

    @property
    def skipped(self) -> float:
        """Share of the pictures so far that came and were not looked at, 0 to 1."""
        return self._skipped / max(self._frames, 1)

    def push(self, poses: PoseSeries, facts: PictureFacts | None = None) -> None:
        """Judge the next frame."""
        self._frames += 1
        if facts is not None:
            self._skipped += facts.skipped
            self._faster = facts.faster
        update = self._analyzer.push(poses)
        rep = update.finished_rep
        if rep is not None and rep.complete:
            self._bands.append(rep.band)
        update = self._unless_slow(update, facts.skipped if facts else 0.0)
        self.update = self._unless_other_leg(update)
        self.given = self._feedback.push(self.update)

    def _unless_slow(self, update: Update, skipped: float) -> Update:
        """Return it without the repetition that it tells of, while the set as it stands would be refused.

        Too few pictures are found at the end, and nothing that was said until then would hold. What was
        left out while the program began does not count: a machine that keeps up now makes up for it.
        """
        self._began_s = update.time_s if self._began_s is None else self._began_s
        lasted_s = update.time_s - self._began_s
        too_few = self._frames - 1 < (self._exercise.min_fps - 0.5) * lasted_s
        if not (self._slow.too_long(skipped, update.time_s) and too_few):
            return update
        if update.instruction is None:
            words, gate = slow(self._faster).english, GateCode.FRAME_RATE
            update = replace(update, instruction=words, gate=gate, cue=None)
        return replace(update, finished_rep=None)

    def _unless_other_leg(self, update: Update) -> Update:
        """Return it with what to do where the wrong leg works: of the set as it stands nothing would hold."""
        asked = self._analyzer.options.side
        if asked is None or not self._analyzer.other_leg_works:
            return update
        if update.instruction is None:
            words = other_leg(asked).english
            update = replace(update, instruction=words, gate=GateCode.SIDE, cue=None)
        # The numbers stay, but nothing is good or bad of a leg that nobody asked for.
        return replace(update, finished_rep=None, bands={}, active=())

    def break_off(self, unseen: PoseSeries) -> None:
        """Judge a frame in which nobody is seen: no movement may reach across a pause."""
        self.update = self._analyzer.push(unseen)

    def paused_for(self, gone_s: float) -> None:
        """Note a pause."""
        self._gaps.append(
            f"Paused for {gone_s:.0f} s in the middle: what follows counts on the camera not having "
            "been moved."
        )

    def finish(self, ended: Ended, at_s: float) -> SetResult:
        """Return what the set came to."""
        assessment = self._analyzer.finish()
        warnings = (*assessment.warnings, *self._gaps)
        told = replace(assessment, warnings=warnings)
        whole = judged_by_a_slow_machine(told, self.skipped, self._faster)
        return SetResult(self.number, self.side, ended, at_s, whole)
