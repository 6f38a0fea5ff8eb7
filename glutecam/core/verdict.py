"""Everything that was measured -> one Assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from glutecam.core import judging, smoothing
from glutecam.core.assessment import (
    Assessment,
    Band,
    Baseline,
    Finding,
    Gate,
    GateCode,
    Pattern,
    Provenance,
    Rep,
    Side,
    Signal,
    Verdict,
    may_hide_a_fault,
)
from glutecam.core.baseline import QUIET_S, QuietPosture, find_quiet, quiet_values
from glutecam.core.landmarks import MIRROR, Landmark
from glutecam.core.level import level_of, upright
from glutecam.core.measures import Estimate, Measure, change
from glutecam.core.pelvis import pelvis_method
from glutecam.core.pictures import goes_on_gate, light_gate
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.rules import Exercise, Start
from glutecam.core.scoring import set_score
from glutecam.core.set_summary import summary_of
from glutecam.core.sheets import sheets_of
from glutecam.core.signals import Signals, also_of, measures_of, reported_of
from glutecam.core.stance import side_of
from glutecam.core.turns import turned
from glutecam.core.validity import (
    one_leg_gate,
    pose_gates,
    recording_gates,
    side_gate,
    upper_leg_gates,
    visible,
)
from glutecam.core.version import VERSION

__all__ = ["RULESET", "Options", "absolute_zero", "assess", "needs_of", "zero_of"]

RULESET = "10"
"""Moves with every change after which a user would see another number or verdict."""


@dataclass(frozen=True)
class Options:
    """How to judge.

    ``pose_model`` and ``reduced_accuracy`` are those of the estimator that made the poses;
    ``warnings`` those of the source.
    """

    side: Side | None = None
    smoothing: str = smoothing.ZERO_PHASE
    strict: bool = False
    pose_model: str = "unknown"
    reduced_accuracy: bool = False
    warnings: tuple[str, ...] = ()


def needs_of(exercise: Exercise) -> tuple[Landmark, ...]:
    """Return every point that the exercise's measures read, for either leg.

    Where the other leg may be hidden, only what is read of both: a repetition in which the worked
    leg is not seen is none.
    """
    points = {point for measure in exercise.measures for point in measure.needs}
    partners = {Landmark(MIRROR[point]) for point in points}
    wanted = points & partners if exercise.leg.hides_other else points | partners
    return tuple(sorted(wanted))


def zero_of(signals: Signals, quiet: QuietPosture) -> FloatArray:
    """Return the values of the quiet posture, for either leg, (2, M)."""
    value, sd = (both[quiet.start : quiet.end] for both in (signals.value, signals.sd))
    return quiet_values(np.where(np.isnan(sd), np.nan, value))


def _quiet(signals: Signals, exercise: Exercise) -> QuietPosture | None:
    if exercise.start is Start.NONE:
        return None
    return find_quiet(signals.speed, signals.time_s)


def absolute_zero(exercise: Exercise) -> FloatArray | None:
    """Return the zero of an exercise without a quiet posture, (2, M); None where it has one."""
    if exercise.start is not Start.NONE:
        return None
    return np.zeros((2, len(measures_of(exercise))))


def _zero(signals: Signals, exercise: Exercise, quiet: QuietPosture | None) -> FloatArray:
    absolute = absolute_zero(exercise)
    if absolute is not None:
        return absolute
    return zero_of(signals, quiet) if quiet else _stand_in_zero(signals, exercise)


def _turned(signals: Signals, exercise: Exercise, quiet: QuietPosture | None) -> Signals:
    """Return the signals with the leg told from the quiet posture, where that is how it is told."""
    if not exercise.leg.from_quiet:
        return signals
    counted = measures_of(exercise).index(exercise.cycle.measure)
    return turned(signals, exercise.leg, counted, _zero(signals, exercise, quiet))


def _stand_in_zero(signals: Signals, exercise: Exercise) -> FloatArray:
    """Return a zero for the cycle's measure alone, to count repetitions where nobody stood still."""
    zero = np.full(signals.value.shape[1:], np.nan)
    cycle = exercise.cycle
    column = measures_of(exercise).index(cycle.measure)
    for leg in (0, 1):
        seen = signals.value[:, leg, column]
        seen = seen[np.isfinite(seen)]
        if len(seen):
            zero[leg, column] = np.quantile(seen, cycle.rest_quantile)
    return zero


_BE_STILL = {
    Start.BOTH_FEET: "Begin with two seconds of standing still on both feet, then start.",
    Start.SET_UP: "Begin with two seconds of keeping still in the set-up position, then start.",
}


def _quiet_gates(exercise: Exercise, quiet: QuietPosture | None) -> list[Gate]:
    """Return the gate that asks for a quiet posture, where changes are counted from one."""
    if exercise.start not in _BE_STILL:
        return []
    return [
        Gate(
            GateCode.QUIET_START, "a quiet posture to count from", quiet is not None,
            "found" if quiet else "not found", f"{QUIET_S:.0f} s without moving",
            _BE_STILL[exercise.start],
        ),
    ]  # fmt: skip


def _reps_gate(exercise: Exercise, reps: tuple[Rep, ...], attempts: tuple[Rep, ...]) -> Gate:
    hold_s = exercise.cycle.hold_s
    do = f"Hold it for {hold_s:.0f} s" if hold_s else "Do whole repetitions"
    if exercise.cycle.still:
        do = f"Keep still for {hold_s:.0f} s"
    reason = f"The last attempt: {attempts[-1].reason}. " if attempts else ""
    return Gate(
        GateCode.REPETITIONS, "whole repetitions", bool(reps),
        _number_seen(len(reps), len(attempts)), "at least 1",
        f"{reason}{do}, and choose the exercise that the recording shows.",
    )  # fmt: skip


def _number_seen(whole: int, attempts: int) -> str:
    """Return ``8``, or ``none, and 2 attempts that were not counted``."""
    if not attempts:
        return str(whole or "none")
    also = "1 attempt that was" if attempts == 1 else f"{attempts} attempts that were"
    return f"{whole or 'none'}, and {also} not counted"


def _judge(
    signals: Signals,
    also: Signals,
    exercise: Exercise,
    quiet: QuietPosture | None,
    options: Options,
) -> tuple[list[Rep], dict[str, Estimate]]:
    """Return every movement, judged, and all signals relative to the quiet posture."""
    estimates = signals.relative(measures_of(exercise), _zero(signals, exercise, quiet))
    first = quiet.end if quiet else 0
    later = {name: estimate[first:] for name, estimate in estimates.items()}
    rest = signals[first:]
    runs = judging.cycle_runs(exercise, later, rest)
    reps = [judging.judge_rep(exercise, rest, later, run, first, options.strict) for run in runs]
    known = _known(estimates, also, exercise, quiet)
    return [judging.note(exercise, r, signals, known, options.strict) for r in reps], known


def _relative(also: Signals, exercise: Exercise, quiet: QuietPosture | None) -> dict[str, Estimate]:
    absolute = exercise.start is Start.NONE
    unknown = np.full(also.value.shape[1:], 0.0 if absolute else np.nan)
    return also.relative(also_of(exercise), zero_of(also, quiet) if quiet else unknown)


def _known(
    judged: dict[str, Estimate], also: Signals, exercise: Exercise, quiet: QuietPosture | None
) -> dict[str, Estimate]:
    """Return the signals that are judged by, without their guesses, and those that are only reported."""
    seen = {name: estimate.seen for name, estimate in judged.items()}
    return seen | _relative(also, exercise, quiet)


def _shown(
    signals: Signals,
    also: Signals,
    exercise: Exercise,
    quiet: QuietPosture | None,
    judged: dict[str, Estimate],
) -> dict[str, Estimate]:
    """Return what was judged, with the leg that was told first taken to work from the first frame on.

    A curve would jump to the other sign in the middle of the quiet posture, where nothing is judged.
    """
    told = signals.told.nonzero()[0]
    first = int(told[0]) if told.size else 0
    right = signals.right.copy()
    right[:first] = right[first]
    if not first or right[0] == signals.right[0]:
        return judged
    zero = _zero(signals, exercise, quiet)
    shown = replace(signals, right=right).relative(measures_of(exercise), zero)
    return _known(shown, replace(also, right=right), exercise, quiet)


def _gates(poses: PoseSeries, signals: Signals, exercise: Exercise, options: Options) -> list[Gate]:
    """Return the gates about person, camera, recording and leg, in the order of mending them."""
    level, _ = upright(poses, level_of(poses))
    person, *of_pose = pose_gates(poses, exercise, needs_of(exercise))
    return [
        light_gate(poses),
        person,
        goes_on_gate(poses),
        *of_pose,
        *recording_gates(poses, exercise, signals.swapped),
        one_leg_gate(level, exercise, signals.speed),
        side_gate(level, exercise, _asked_right(options), signals.speed),
        *upper_leg_gates(level, exercise),
    ]


def _verdict(
    exercise: Exercise, gates: list[Gate], reps: tuple[Rep, ...], of_set: tuple[Finding, ...]
) -> tuple[Verdict, str | None]:
    failed = [gate for gate in gates if not gate.passed]
    if failed:
        return Verdict.NOT_ASSESSABLE, failed[0].instruction
    if Band.FAULT in {rep.band for rep in reps} | {found.band for found in of_set}:
        return Verdict.FAULT, None
    # What no rule can tell may be wrong all the same: a set is fine only where everything was judged.
    if may_hide_a_fault(reps, of_set) or exercise.unjudged:
        return Verdict.INCONCLUSIVE, None
    return Verdict.FINE, None


def _provenance(options: Options, exercise: Exercise, poses: PoseSeries) -> Provenance:
    fps = 1.0 / float(np.median(np.diff(poses.time_s))) if len(poses) > 1 else 0.0
    # Below 10 frames/s nothing is judged; the filter is then described as at 30.
    gain, lag = smoothing.gain_and_lag(options.smoothing, fps if fps > 10 else 30.0)
    return Provenance(
        glutecam=VERSION,
        ruleset=RULESET,
        pose_model=options.pose_model,
        reduced_accuracy=options.reduced_accuracy,
        pelvis_method=pelvis_method(exercise.measures),
        filter_name=options.smoothing,
        filter_gain=gain,
        filter_lag_s=lag,
        strict=options.strict,
        own_bands=tuple(own.judged(options.strict) for own in exercise.own_bands),
    )


def _asked_right(options: Options) -> bool | None:
    return None if options.side is None else options.side is Side.RIGHT


def _sides(reps: tuple[Rep, ...], signals: Signals, options: Options) -> tuple[Side, ...]:
    right = bool(np.mean(signals.right) >= 0.5)
    return tuple(dict.fromkeys(rep.side for rep in reps)) or (options.side or side_of(right),)


def _warnings(exercise: Exercise, verdict: Verdict, options: Options) -> tuple[str, ...]:
    """Return those of the source, and what was judged by nothing: no result may pass for more than it is."""
    told = list(options.warnings)
    if options.side and exercise.leg.alternates:
        told.append(
            f"Both legs are looked at here: that the {options.side.value} one was asked for changes nothing."
        )
    if exercise.unjudged and verdict is not Verdict.NOT_ASSESSABLE:
        told.append(exercise.unjudged)
    return tuple(told)


def _without_findings(rep: Rep) -> Rep:
    return replace(rep, findings=(), noted=(), score=None, pattern=Pattern.NONE)


def _baseline(
    signals: Signals, also: Signals, exercise: Exercise, quiet: QuietPosture | None, right: bool
) -> Baseline | None:
    if quiet is None:
        return None
    leg = 0 if right else 1
    zero = [*zero_of(signals, quiet)[leg].tolist(), *zero_of(also, quiet)[leg].tolist()]
    pairs = zip((*measures_of(exercise), *also_of(exercise)), zero, strict=True)
    values = {measure.name: _quiet_value(measure, value) for measure, value in pairs}
    return Baseline(quiet.start, quiet.end, values)


def _quiet_value(measure: Measure, value: float) -> float:
    """Return the quiet value in the measure's own unit; a flexion is counted from 0 there."""
    if measure.against is None or measure.against is change:
        return value
    return float(measure.against(value, value))


def _signals(exercise: Exercise, estimates: Mapping[str, Estimate]) -> dict[str, Signal]:
    return {
        measure.name: Signal(
            measure.name, measure.label, measure.unit, measure.method, estimates[measure.name]
        )
        for measure in (*measures_of(exercise), *also_of(exercise))
    }


def assess(poses: PoseSeries, signals: Signals, exercise: Exercise, options: Options) -> Assessment:
    """Judge a recording of which everything is measured.

    Parameters
    ----------
    poses : PoseSeries (T)
        As the pose model gave them.
    signals : Signals (T)
    exercise : Exercise
    options : Options

    Returns
    -------
    Assessment
        Where a gate fails, the verdict is ``not assessable``, repetitions are counted but carry
        no findings, and no fault is reported.
    """
    quiet = _quiet(signals, exercise)
    signals = _turned(signals, exercise, quiet)
    also = reported_of(poses, signals, exercise, options.side)
    judged, estimates = _judge(signals, also, exercise, quiet, options)
    reps, attempts = judging.number_reps(judged)
    gates = _gates(poses, signals, exercise, options)
    gates += [*_quiet_gates(exercise, quiet), _reps_gate(exercise, reps, attempts)]
    of_set = judging.judge_set(exercise, signals, estimates, reps, options.strict)
    verdict, instruction = _verdict(exercise, gates, reps, of_set)
    faults = judging.faults_of(exercise, reps, estimates, signals.time_s, options.strict)
    if verdict is Verdict.NOT_ASSESSABLE:
        reps, faults, of_set = tuple(_without_findings(rep) for rep in reps), (), ()
    sides = _sides(reps, signals, options)
    return Assessment(
        exercise=exercise.name,
        verdict=verdict,
        instruction=instruction,
        gates=tuple(gates),
        sides=sides,
        reps=reps,
        attempts=attempts,
        faults=faults,
        score=set_score(reps),
        coverage=float(np.mean(visible(poses, needs_of(exercise)))),
        baseline=_baseline(signals, also, exercise, quiet, sides[0] is Side.RIGHT),
        time_s=signals.time_s,
        signals=_signals(exercise, _shown(signals, also, exercise, quiet, estimates)),
        provenance=_provenance(options, exercise, poses),
        warnings=_warnings(exercise, verdict, options),
        sheets=sheets_of(exercise, reps, options.strict, of_set),
        findings=of_set,
        summary=summary_of(exercise, reps, estimates),
    )
