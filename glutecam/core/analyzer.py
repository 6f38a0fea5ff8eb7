"""Analyzer: push poses, get an Update; finish, get an Assessment. Live and batch are one line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from glutecam.core import smoothing as filters
from glutecam.core.assessment import Assessment, Band, Phase, Rep, Side, Update
from glutecam.core.buffer import PoseBuffer
from glutecam.core.level import level_of
from glutecam.core.live import LiveJudge
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise, FrameRule
from glutecam.core.scoring import bands_now, bands_of
from glutecam.core.signals import Carry, Recipe, signals_of
from glutecam.core.stance import swap_tally
from glutecam.core.verdict import Options, assess
from glutecam.errors import InputError

__all__ = ["Analyzer", "Replay", "analyze"]


class Analyzer:
    """Judges one set of one exercise.

    With the causal filter every push is judged at once and its Update is complete. The
    zero-phase filter needs the whole recording: Updates then only tell the time, and everything
    is computed by ``finish``. For one filter, the Assessment is the same for every way of cutting
    the recording into pushes.

    Parameters
    ----------
    exercise : Exercise
    side : Side, "left", "right", "auto" or None
        The worked leg; "auto" and None find it.
    smoothing : str
        ``"causal"`` (live) or ``"zero-phase"`` (recordings).
    strict : bool
        Use the strict bands where a rule has them.
    pose_model : str
    reduced_accuracy : bool
        Of the estimator that made the poses; kept in the Assessment.
    warnings : sequence of str
        Of the source; kept in the Assessment.
    finishing : callable, optional
        Given all that was pushed and its Assessment; ``finish`` returns what it makes of it.

    Raises
    ------
    ValueError
        Where the filter's name is not known.

    Examples
    --------
    Live, frame by frame; ``poses`` is a PoseSeries of any length.

    >>> from glutecam import get_exercise, load_poses
    >>> poses = load_poses("clip.npz").poses
    >>> judge = Analyzer(get_exercise("step-down"), smoothing="causal")
    >>> updates = [judge.push(poses[row : row + 30]) for row in range(0, len(poses), 30)]
    >>> updates[0].phase, updates[-1].reps
    (<Phase.HOLD_STILL: 'stand still'>, 8)
    >>> len(judge.finish().reps)
    8
    """

    def __init__(
        self,
        exercise: Exercise,
        *,
        side: Side | str | None = None,
        smoothing: str = filters.ZERO_PHASE,
        strict: bool = False,
        pose_model: str = "unknown",
        reduced_accuracy: bool = False,
        warnings: Sequence[str] = (),
        finishing: Callable[[PoseSeries, Assessment], Assessment] | None = None,
    ) -> None:
        if smoothing not in (filters.CAUSAL, filters.ZERO_PHASE):
            raise ValueError(f"smoothing is 'causal' or 'zero-phase', not {smoothing!r}")
        self.exercise = exercise
        self.options = Options(
            Side.of(side), smoothing, strict, pose_model, reduced_accuracy, tuple(warnings)
        )
        self._finishing = finishing
        self._poses = PoseBuffer()
        live = smoothing == filters.CAUSAL
        self._live = LiveJudge(exercise, self.options) if live else None

    @property
    def nbytes(self) -> int:
        """Bytes kept for ``finish``: all landmarks and, with the causal filter, all signals."""
        return self._poses.nbytes + (0 if self._live is None else self._live.nbytes)

    @property
    def quiet_left_s(self) -> float | None:
        """Seconds for which the quiet posture must still be held; None where nothing is live."""
        return None if self._live is None else self._live.quiet_left_s

    @property
    def other_leg_works(self) -> bool:
        """Whether surely another leg works than the one that was asked for; False where nothing is live."""
        return self._live is not None and self._live.other_leg_works

    def push(self, poses: PoseSeries) -> Update:
        """Take the next frames, any number of them, and tell what the newest one shows."""
        self._poses.append(poses)
        if self._live is None:
            return Update.unjudged(poses.time_s)
        return self._live.push(poses, self._poses)

    def take(self, poses: PoseSeries) -> None:
        """Take the next frames as ``push`` does, where nobody wants to know what they show by now."""
        self._poses.append(poses)
        if self._live is not None:
            self._live.measure(poses)

    def finish(self) -> Assessment:
        """Judge everything that was pushed.

        Raises
        ------
        InputError
            Where not a single frame was pushed.
        """
        poses = self._poses.view()
        if poses is None or not len(poses):
            raise InputError("There is not a single frame to judge. Is the video or camera empty?")
        judged = self._judged(poses)
        return judged if self._finishing is None else self._finishing(poses, judged)

    def _judged(self, poses: PoseSeries) -> Assessment:
        if self._live is not None:
            return assess(poses, self._live.signals, self.exercise, self.options)
        swaps = swap_tally(poses, self.exercise.posture)
        carry = Carry(swaps=swaps, level=level_of(poses))
        recipe = Recipe.of(self.exercise, self.options.side, filters.ZERO_PHASE)
        signals, _ = signals_of(poses, recipe, carry)
        return assess(poses, signals, self.exercise, self.options)


def analyze(
    poses: PoseSeries,
    exercise: Exercise,
    *,
    side: Side | str | None = None,
    smoothing: str = filters.ZERO_PHASE,
    strict: bool = False,
    pose_model: str = "unknown",
    reduced_accuracy: bool = False,
    warnings: Sequence[str] = (),
) -> Assessment:
    """Judge a whole recording: one push and a finish; parameters as for ``Analyzer``."""
    analyzer = Analyzer(
        exercise,
        side=side,
        smoothing=smoothing,
        strict=strict,
        pose_model=pose_model,
        reduced_accuracy=reduced_accuracy,
        warnings=warnings,
    )
    analyzer.take(poses)
    return analyzer.finish()


class Replay:
    """An analyzer that repeats a finished Assessment frame by frame, for an annotated video.

    Parameters
    ----------
    assessment : Assessment (T)
        Of the frames that will be pushed, in the same order.
    exercise : Exercise
    """

    def __init__(self, assessment: Assessment, exercise: Exercise) -> None:
        self._assessment = assessment
        self._exercise = exercise
        self._next = 0

    def push(self, poses: PoseSeries) -> Update:
        """Return what the Assessment says of the newest of these frames."""
        self._next += len(poses)
        return self._at(max(self._next - 1, 0))

    def finish(self) -> Assessment:
        """Return the Assessment."""
        return self._assessment

    def _at(self, frame: int) -> Update:
        whole = self._assessment
        row = min(frame, len(whole.time_s) - 1)
        values = {
            name: (float(s.estimate.value[row]), float(s.estimate.half_width[row]))
            for name, s in whole.signals.items()
        }
        under_way = next((r for r in whole.reps if r.start <= row < r.end), None)
        active = tuple(fault.code for fault in whole.faults if fault.start <= row < fault.end)
        return Update(
            time_s=float(whole.time_s[row]),
            phase=self._phase(row, under_way, values),
            values=values,
            bands=self._bands(values),
            reps=sum(rep.end <= row for rep in whole.reps),
            attempts=sum(rep.end <= row for rep in whole.attempts),
            active=active,
            side=self._side(row),
            side_known=self._exercise.leg.right is not None,
            cue=self._cue(active),
            finished_rep=next((rep for rep in whole.reps if rep.end == row), None),
            instruction=whole.instruction,
        )

    def _phase(
        self, row: int, under_way: Rep | None, values: dict[str, tuple[float, float]]
    ) -> Phase:
        if all(np.isnan(value) for value, _ in values.values()):
            return Phase.LOOKING
        quiet = self._assessment.baseline
        if quiet is None or row < quiet.end:
            return Phase.HOLD_STILL
        return Phase.MOVING if under_way else Phase.READY

    def _bands(self, values: dict[str, tuple[float, float]]) -> dict[str, Band]:
        strict = self._assessment.provenance.strict
        lasting = (rule for rule in self._exercise.rules if isinstance(rule, FrameRule))
        return bands_now(((rule, bands_of(rule, strict)) for rule in lasting), values)

    def _side(self, row: int) -> Side:
        """Return the side of the repetition that is under way, or comes next."""
        later = [rep.side for rep in self._assessment.reps if rep.end > row]
        return later[0] if later else self._assessment.sides[-1]

    def _cue(self, active: tuple[str, ...]) -> str | None:
        ranked = [rule for rule in self._exercise.rules if rule.code in active]
        return ranked[0].cue if ranked else None
