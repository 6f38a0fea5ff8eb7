"""Judging while it happens: the same functions as at the end, over the frames still open."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from glutecam.core import judging, smoothing
from glutecam.core.assessment import Band, Gate, Phase, Rep, Update
from glutecam.core.baseline import QUIET_S, find_quiet, unsettled
from glutecam.core.buffer import PoseBuffer, SignalBuffer
from glutecam.core.events import settled_until
from glutecam.core.identity import COUNTED_S, same_person_gate
from glutecam.core.measures import Z90, Estimate
from glutecam.core.other_leg import OtherLeg
from glutecam.core.pictures import goes_on_gate, light_gate, picture_gates
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Exercise, FrameRule
from glutecam.core.scoring import bands_now, bands_of
from glutecam.core.signals import Carry, Recipe, Signals, signals_of
from glutecam.core.stance import side_of
from glutecam.core.turns import turned
from glutecam.core.validity import pose_gates
from glutecam.core.verdict import Options, absolute_zero, needs_of, zero_of

__all__ = ["LiveJudge"]

_GATE_WINDOW_S = 2.0
_GATE_EVERY_S = 0.5


class LiveJudge:
    """What a live session remembers: signals so far, the quiet posture, the open movement."""

    def __init__(self, exercise: Exercise, options: Options) -> None:
        self._exercise = exercise
        self._options = options
        self._recipe = Recipe.of(exercise, options.side, smoothing.CAUSAL)
        self._measures = self._recipe.measures
        self._rules = tuple(rule for rule in exercise.rules if isinstance(rule, FrameRule))
        self._edges = [(rule, bands_of(rule, options.strict)) for rule in self._rules]
        self._needs = needs_of(exercise)
        self._carry = Carry()
        self._buffer = SignalBuffer(len(self._measures), len(self._recipe.kept))
        self._unknown = np.full((2, len(self._measures)), np.nan)
        self._zero = absolute_zero(exercise)
        self._from = 0
        self._high: bool | None = None
        self._suspects: set[str] = set()
        self._other_leg = OtherLeg(exercise.leg, options.side)
        self._right = True
        self._side_known = options.side is not None
        self._reps = self._attempts = 0
        self._failed: Gate | None = None
        self._gated_s = -np.inf

    @property
    def signals(self) -> Signals:
        """A copy of everything measured so far, (T,)."""
        return self._buffer.copy()

    @property
    def nbytes(self) -> int:
        """Bytes of everything measured so far."""
        return self._buffer.nbytes

    @property
    def quiet_left_s(self) -> float:
        """Seconds for which the quiet posture must still be held; 0 once it is found."""
        if self._zero is not None or not len(self._buffer):
            return 0.0 if self._zero is not None else QUIET_S
        times = self._buffer.view(self._from).time_s
        return max(0.0, QUIET_S - float(times[-1] - times[0]))

    def push(self, poses: PoseSeries, history: PoseBuffer) -> Update:
        """Measure and judge the next frames; ``history`` holds all poses including these."""
        signals = self.measure(poses)
        if self._zero is None:
            self._look_for_quiet()
        self._check_gates(poses, history)
        values = self._newest(signals)
        since, finished = self._from, None
        if self._zero is not None:
            finished = self._count(len(signals), values)
            self._suspect(len(signals), values)
            self._watch_leg(signals)
        return self._update(poses, since, values, finished)

    def measure(self, poses: PoseSeries) -> Signals:
        """Measure the next frames and keep what they show, for whoever judges only at the end."""
        signals, self._carry = signals_of(poses, self._recipe, self._carry)
        self._buffer.append(signals)
        return signals

    @property
    def other_leg_works(self) -> bool:
        """Whether surely another leg works than the one that was asked for."""
        return self._other_leg.works

    def _watch_leg(self, signals: Signals) -> None:
        if len(signals):
            told, speed = int(signals.told[-1]), float(signals.speed[-1])
            clear = self._carry.side.newest
            self._other_leg.look(clear, told, speed, float(signals.time_s[-1]))

    def _look_for_quiet(self) -> None:
        waiting = self._buffer.view(self._from)
        quiet = find_quiet(waiting.speed, waiting.time_s)
        if quiet is None:
            self._from += unsettled(waiting.speed, waiting.time_s)
            return
        self._zero = zero_of(waiting, quiet)
        self._from += quiet.end

    def _check_gates(self, poses: PoseSeries, history: PoseBuffer) -> None:
        """Look at the last two seconds, twice a second: it costs more than everything else."""
        if not len(poses) or poses.time_s[-1] - self._gated_s < _GATE_EVERY_S:
            return
        self._gated_s = float(poses.time_s[-1])
        counted = history.since(self._gated_s - COUNTED_S)
        recent = counted.since(self._gated_s - _GATE_WINDOW_S)
        person, *of_pose = pose_gates(recent, self._exercise, self._needs, counted)
        gates = [
            light_gate(recent),
            person,
            goes_on_gate(recent),
            *of_pose,
            same_person_gate(recent),
            *picture_gates(recent),
        ]
        self._failed = next((gate for gate in gates if not gate.passed), None)

    def _newest(self, signals: Signals) -> dict[str, tuple[float, float]]:
        """Return value and ± of every measure in the newest frame."""
        if not len(signals):
            signals = self._buffer.view(max(len(self._buffer) - 1, 0))
        if not len(signals):
            return {measure.name: (np.nan, np.nan) for measure in self._measures}
        zero = self._unknown if self._zero is None else self._zero
        if self._exercise.leg.from_quiet:
            signals = self._turned(len(self._buffer) - 1, zero)
        self._right = bool(signals.right[-1])
        self._side_known = self._options.side is not None or bool(signals.told[-1])
        leg = 0 if self._right else 1
        value, sd = signals.value[-1, leg].tolist(), signals.sd[-1, leg].tolist()
        quiet = zero[leg].tolist()
        return {
            measure.name: (
                value[i] if measure.against is None else float(measure.against(value[i], quiet[i])),
                Z90 * sd[i],
            )
            for i, measure in enumerate(self._measures)
        }

    def _shown(
        self, values: Mapping[str, tuple[float, float]]
    ) -> Mapping[str, tuple[float, float]]:
        """Return the values without the guess to count by, where its points are hidden."""
        name = self._exercise.cycle.measure.name
        return values if values[name][1] >= 0.0 else {**values, name: (np.nan, np.nan)}

    def _open(self, since: int) -> tuple[Signals, Mapping[str, Estimate]]:
        """Return the frames from one on, and their signals counted from the quiet posture."""
        zero = self._unknown if self._zero is None else self._zero
        signals = self._turned(since, zero)
        return signals, signals.relative(self._measures, zero)

    def _turned(self, since: int, zero: FloatArray) -> Signals:
        """Return the frames from one on with the leg that works, which the frame before may tell."""
        before = min(since, 1)
        signals = self._buffer.view(since - before)
        return turned(signals, self._exercise.leg, self._recipe.counted, zero)[before:]

    def _count(self, pushed: int, values: Mapping[str, tuple[float, float]]) -> Rep | None:
        """Judge the movements that ended, and forget the frames that are settled."""
        newest = values[self._exercise.cycle.measure.name][0]
        before, self._high = self._high, None
        if np.isfinite(newest):
            self._high = newest > self._exercise.cycle.leave
        if pushed == 1 and self._high is not None and self._high == before:
            # A movement begins and ends where the signal crosses the level, and nowhere else.
            self._from = self._from if self._high else len(self._buffer) - 1
            return None
        return self._judge_ended()

    def _judge_ended(self) -> Rep | None:
        signals, estimates = self._open(self._from)
        cycle = self._exercise.cycle
        runs = judging.cycle_runs(self._exercise, estimates, signals)
        closed = [run for run in runs if run.closed]
        newest = None
        for run in closed[:-1]:
            # Only the newest is told of: where many end in one push, the others are counted.
            self._tally(judging.not_judged(self._exercise, signals, estimates, run, self._from))
        if closed:
            newest = judging.judge_rep(
                self._exercise, signals, estimates, closed[-1], self._from, self._options.strict
            )
            self._tally(newest)
        signal = estimates[cycle.measure.name].value
        settled = settled_until(signal, signals.time_s, cycle.leave, judging.BRIDGED_S)
        self._from += max([settled, *(run.end for run in closed)])
        return newest

    def _tally(self, rep: Rep) -> None:
        self._reps += rep.complete
        self._attempts += not rep.complete

    def _update(
        self,
        poses: PoseSeries,
        since: int,
        values: Mapping[str, tuple[float, float]],
        finished: Rep | None,
    ) -> Update:
        moving = self._moving(values)
        active = self._active(since) if moving else ()
        return Update(
            time_s=float(poses.time_s[-1]) if len(poses) else 0.0,
            phase=self._phase(poses, moving),
            values=self._shown(values),
            bands=self._bands(values),
            reps=self._reps,
            attempts=self._attempts,
            active=active,
            side=side_of(self._right) if len(self._buffer) else None,
            side_known=self._side_known,
            cue=self._cue(active, finished),
            finished_rep=finished,
            instruction=self._instruction(),
            gate=self._failed.code if self._failed else None,
        )

    def _moving(self, values: Mapping[str, tuple[float, float]]) -> bool:
        cycle = self._exercise.cycle
        return self._zero is not None and values[cycle.measure.name][0] > cycle.leave

    def _active(self, since: int) -> tuple[str, ...]:
        """Return the codes of the rules broken now; most of the time none comes near."""
        if not self._suspects:
            return ()
        rules = [rule for rule in self._rules if rule.code in self._suspects]
        signals, estimates = self._open(since)
        return judging.active_rules(rules, estimates, signals.time_s, self._options.strict)

    def _suspect(self, pushed: int, values: Mapping[str, tuple[float, float]]) -> None:
        """Note which rules a frame of the open movement has broken beyond its doubt."""
        if self._high is False:
            self._suspects.clear()
        for rule, bands in self._edges:
            value, half_width = values[rule.measure.name]
            if pushed > 1 or value - rule.share * half_width > bands.fault:
                self._suspects.add(rule.code)

    def _phase(self, poses: PoseSeries, moving: bool) -> Phase:
        if not len(poses) or not poses.seen[-1]:
            return Phase.LOOKING
        if self._zero is None:
            return Phase.HOLD_STILL
        return Phase.MOVING if moving else Phase.READY

    def _bands(self, values: Mapping[str, tuple[float, float]]) -> dict[str, Band]:
        return bands_now(self._edges, values)

    def _instruction(self) -> str | None:
        return self._failed.instruction if self._failed else None

    def _cue(self, active: tuple[str, ...], finished: Rep | None) -> str | None:
        """Say what to change: what hides the body first, then the fault highest in rank."""
        if self._failed:
            return self._failed.instruction
        codes = list(active)
        if finished:
            codes += [f.code for f in finished.findings if f.band is Band.FAULT]
        ranked = [rule for rule in self._exercise.rules if rule.code in codes]
        return ranked[0].cue if ranked else None
