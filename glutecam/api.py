"""What users of the library call: files by their paths, exercises by their names."""

from __future__ import annotations

from pathlib import Path

from glutecam import exercises, pipeline
from glutecam.core import analyzer
from glutecam.core.assessment import Assessment, Side
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.records.posefile import Recording

__all__ = ["analyze", "score_file"]


def analyze(
    poses: PoseSeries | Recording,
    exercise: Exercise | str,
    *,
    side: Side | str | None = None,
    smoothing: str = "zero-phase",
    strict: bool = False,
) -> Assessment:
    """Judge landmarks: those of ``load_poses``, or your own.

    Parameters
    ----------
    poses : Recording or PoseSeries
        A Recording also tells what made it; that is kept in the Assessment.
    exercise : Exercise or str
        The exercise or its name, for instance ``"step-down"``.
    side : Side, "left", "right", "auto" or None
        The worked leg; "auto" and None find it.
    smoothing : str
        ``"zero-phase"``, or ``"causal"`` as live does.
    strict : bool
        Judge with the narrower bands.

    Raises
    ------
    UnknownExerciseError
        Where no exercise has this name; names the nearest one.
    InputError
        Where there is not a single frame, or the side is none.

    Examples
    --------
    >>> from glutecam import load_poses
    >>> recording = load_poses("clip.npz")
    >>> assessment = analyze(recording, "step-down", side="right")
    >>> drop = assessment.signals["pelvic_drop_deg"].estimate
    >>> drop.value.shape == drop.half_width.shape == recording.poses.time_s.shape
    True

    Without the quiet posture at the start there is nothing to count from:

    >>> late = analyze(recording.poses[90:], "step-down")
    >>> [gate.code.value for gate in late.gates if not gate.passed]
    ['quiet start']
    """
    chosen = exercises.get(exercise) if isinstance(exercise, str) else exercise
    if isinstance(poses, Recording):
        return pipeline.judge(poses, chosen, side=side, smoothing=smoothing, strict=strict)
    return analyzer.analyze(poses, chosen, side=side, smoothing=smoothing, strict=strict)


def score_file(
    path: str | Path,
    exercise: Exercise | str,
    *,
    side: Side | str | None = None,
    model: str = "full",
    strict: bool = False,
) -> Assessment:
    """Judge one recorded video, or landmarks recorded earlier (``.npz``).

    Parameters
    ----------
    path : str or Path
        The file.
    exercise, side, strict
        As for ``analyze``.
    model : str
        Pose model, see ``glutecam models list``; not needed for an ``.npz`` file.

    Raises
    ------
    GlutecamError
        Where the file, the exercise or the model is not usable; the message says what to do.

    Examples
    --------
    >>> assessment = score_file("clip.npz", "step-down")
    >>> assessment.verdict, assessment.sides
    (<Verdict.FAULT: 'fault'>, (<Side.RIGHT: 'right'>,))
    >>> [rep.number for rep in assessment.reps if rep.band == "fault"]
    [2, 3, 7]
    """
    # A misspelt name is told before minutes are spent on the video.
    chosen = exercises.get(exercise) if isinstance(exercise, str) else exercise
    return analyze(pipeline.read(Path(path), model), chosen, side=side, strict=strict)
