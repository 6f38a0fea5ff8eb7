"""``glutecam score``: judge one recording."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import options
from glutecam.cli.outputs import Outputs
from glutecam.cli.terminal import INTERRUPTED, note
from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.core.assessment import Assessment
    from glutecam.core.rules import Exercise
    from glutecam.display.view import View
    from glutecam.records.keyframes import KeyFrames
    from glutecam.records.posefile import Recording

__all__ = ["score", "tracked"]


def score(
    file: Annotated[Path, typer.Argument(help="Video, or landmarks kept earlier (.npz).")],
    exercise: Annotated[
        str | None,
        typer.Option("--exercise", "-x", help="step-down, single-leg-squat or clamshell."),
    ] = None,
    side: options.SideOption = None,
    model: options.Model = None,
    strict: options.Strict = None,
    filter: options.Filter = None,  # noqa: A002 - the option's name
    report: options.Report = None,
    video: options.Video = None,
    json: options.JsonFile = None,
    csv: options.CsvFile = None,
    save_poses: Annotated[
        Path | None, typer.Option(help="Keep the landmarks, .npz: they can be judged again.")
    ] = None,
    force: options.Force = False,
    offline: options.Offline = False,
    config: options.Config = None,
) -> None:
    """Judge one recorded video: every repetition, its faults, and how sure that is.

    \b
    Examples:
      glutecam score clip.mp4 --exercise step-down
      glutecam score clip.mp4 -x single-leg-squat --side left --report r.html
      glutecam score clip.mp4 -x step-down --video drawn.mp4 --json r.json --csv reps.csv
      glutecam score kept.npz -x step-down --strict     (no pose model needed)
    """
    from glutecam import exercises, pipeline
    from glutecam.cli.summary import print_summary
    from glutecam.settings import load_settings

    settings = load_settings(config).over(
        model=model, side=side and side.value, strict=strict, filter=filter and filter.value
    )
    chosen = exercises.get(_asked(exercise))
    outputs = Outputs(report, video, json, csv, save_poses)
    _possible(file, outputs)
    outputs.check(force, file)
    recording, stopped = tracked(file, settings.model, settings.count_people, offline)
    assessment = pipeline.judge(
        recording,
        chosen,
        side=options.side_of(settings.side),
        smoothing=settings.filter,
        strict=settings.strict,
    )
    written = outputs.write_poses(recording)
    written += outputs.write_tables(assessment, chosen, file.name)
    drawn, undrawn = _draw(file, recording, assessment, chosen, outputs)
    print_summary(assessment, chosen, file.name, written + drawn)
    if undrawn:
        note("Stopped while drawing: there is no drawn video, and the report has no pictures.")
    if stopped:
        note("Stopped early: this is what was read until then.")
    if stopped or undrawn:
        raise typer.Exit(INTERRUPTED)


def tracked(file: Path, model: str, count_people: bool, offline: bool) -> tuple[Recording, bool]:
    """Return the landmarks of a file, and whether Ctrl-C cut it short."""
    from glutecam import pipeline

    if file.suffix.lower() == ".npz":
        return pipeline.read(file), False
    from glutecam.capture.video import VideoFile
    from glutecam.cli.modelfile import ensure_model
    from glutecam.cli.views import CtrlC, ProgressView

    with ExitStack() as stack:
        source = stack.enter_context(VideoFile(file))
        ensure_model(model, offline)
        estimator = stack.enter_context(pipeline.open_model(model, count_people=count_people))
        ctrl_c = stack.enter_context(CtrlC())
        progress = ProgressView("finding the person", source.info.frame_count)
        stack.callback(progress.close)
        recording = pipeline.record(source, estimator, [progress, ctrl_c])
    return (_cut_short(recording), True) if ctrl_c.pressed else (recording, False)


def _cut_short(recording: Recording) -> Recording:
    """Let the landmarks, and all that is made from them, say that they are not all there are."""
    times = recording.poses.time_s
    end_s = float(times[-1]) if len(times) else 0.0
    warning = f"Stopped early at {end_s:.1f} s with Ctrl-C; what follows in the video was not read."
    about = replace(recording.about, warnings=(*recording.warnings, warning))
    return replace(recording, about=about)


def _asked(exercise: str | None) -> str:
    from glutecam import exercises

    if exercise is None:
        raise InputError(
            f"Which exercise is it? Add --exercise with one of: {', '.join(exercises.names())}."
        )
    return exercise


def _possible(file: Path, outputs: Outputs) -> None:
    if outputs.video and file.suffix.lower() == ".npz":
        raise InputError(
            f"{file} holds landmarks and no pictures, so there is nothing to draw on. Leave "
            "--video out, or give the video itself."
        )


def _draw(
    file: Path, recording: Recording, assessment: Assessment, exercise: Exercise, outputs: Outputs
) -> tuple[list[Path], bool]:
    """Go through the video once more, without the model, for the drawn video and the report.

    Returns the files that were made, and whether Ctrl-C kept the rest from being made.
    """
    from glutecam.records.keyframes import KeyFrames

    keyframes = KeyFrames(assessment, around=lambda frame: recording.poses.image_px[frame])
    pictures = bool(outputs.report and keyframes.wanted) and file.suffix.lower() != ".npz"
    stopped = False
    if outputs.video or pictures:
        stopped = _second_pass(file, recording, assessment, exercise, outputs, keyframes)
    written = [outputs.video] if outputs.video and not stopped else []
    jpegs = {} if stopped else keyframes.jpegs
    return written + outputs.write_report(assessment, exercise, file.name, jpegs), stopped


def _second_pass(
    file: Path,
    recording: Recording,
    assessment: Assessment,
    exercise: Exercise,
    outputs: Outputs,
    keyframes: KeyFrames,
) -> bool:
    """Draw, and tell whether Ctrl-C ended it; then there is no video, for it would be half."""
    from glutecam import pipeline
    from glutecam.capture.video import VideoFile
    from glutecam.cli.views import Annotated as AnnotatedVideo
    from glutecam.cli.views import CtrlC, Pictures, ProgressView, StopWhen
    from glutecam.core.analyzer import Replay
    from glutecam.display.overlay import Overlay
    from glutecam.display.recording import VideoWriter

    overlay = Overlay(exercise, reduced_accuracy=recording.reduced_accuracy)
    with ExitStack() as stack:
        source = stack.enter_context(VideoFile(file))
        info = source.info
        progress = ProgressView("drawing", info.frame_count)
        stack.callback(progress.close)
        ctrl_c = stack.enter_context(CtrlC())
        views: list[View] = [
            ctrl_c,
            progress,
            # Cut to the person, so without the panels, whose words stand below the picture anyway.
            Pictures(Overlay(exercise, panels=False), keyframes, alone=outputs.video is None),
            StopWhen(seconds=float(recording.poses.time_s[-1])),
        ]
        writer = None
        if outputs.video:
            size = (info.width_px, info.height_px)
            writer = VideoWriter(outputs.video, *size, fps=info.fps or 30.0)
            views.append(AnnotatedVideo(overlay, stack.enter_context(writer)))
        estimator = pipeline.Recorded(recording.poses, recording.model_name)
        pipeline.run(source, estimator, Replay(assessment, exercise), views)
        stopped = ctrl_c.pressed
        if stopped and writer:
            writer.discard()
    return stopped
