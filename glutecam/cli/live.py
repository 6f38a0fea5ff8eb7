"""``glutecam live``: exercise in front of a camera."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import options
from glutecam.cli.outputs import Outputs
from glutecam.cli.terminal import INTERRUPTED, fail, note
from glutecam.errors import SourceError

if TYPE_CHECKING:
    from glutecam.capture.frames import FrameSource, PoseEstimator
    from glutecam.core.assessment import Assessment
    from glutecam.core.rules import Exercise
    from glutecam.display.view import View
    from glutecam.settings import Settings

__all__ = ["live"]

CAMERA_DELAY_S = 5.0
"""Time to walk from the laptop to the step."""


@dataclass(frozen=True)
class _Session:
    """What the user asked for."""

    exercise: Exercise
    settings: Settings
    outputs: Outputs
    file: str | None
    delay_s: float
    reps: int | None
    seconds: float | None


def live(
    exercise: Annotated[str, typer.Argument(help="step-down, single-leg-squat or clamshell.")],
    camera: Annotated[
        str | None, typer.Option(help="Number of the camera, or its address. Default: 0.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="A file or address instead, played at its own pace.")
    ] = None,
    side: options.SideOption = None,
    record: Annotated[
        Path | None, typer.Option(help="Keep the landmarks (not the video), .npz.")
    ] = None,
    video: options.Video = None,
    report: options.Report = None,
    json: options.JsonFile = None,
    csv: options.CsvFile = None,
    voice: Annotated[
        bool | None,
        typer.Option("--voice/--no-voice", help="Speak the cues. Default: voice."),
    ] = None,
    window: Annotated[
        bool | None,
        typer.Option("--window/--no-window", help="Show the picture. Default: window."),
    ] = None,
    mirror: Annotated[
        bool | None,
        typer.Option("--mirror/--no-mirror", help="Show it as a mirror would. Default: mirror."),
    ] = None,
    model: options.Model = None,
    strict: options.Strict = None,
    delay: Annotated[
        float | None,
        typer.Option(min=0.0, help="Seconds to get into place. Default: 5 with a camera."),
    ] = None,
    reps: Annotated[int | None, typer.Option(min=1, help="End after so many repetitions.")] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, help="End after so many seconds.")
    ] = None,
    force: options.Force = False,
    offline: options.Offline = False,
    config: options.Config = None,
) -> None:
    """Exercise in front of the camera: pelvis line, repetitions, a spoken cue, a summary.

    Stand still for two seconds first. Press q in the window, or Ctrl-C, to end.

    \b
    Examples:
      glutecam live step-down
      glutecam live single-leg-squat --side left --reps 8 --report today.html
      glutecam live step-down --record today.npz
      glutecam live clamshell --source clip.mp4 --no-window
      glutecam live step-down --camera rtsp://192.168.1.20/stream
    """
    from glutecam import exercises
    from glutecam.cli.modelfile import ensure_model
    from glutecam.cli.summary import print_summary
    from glutecam.settings import load_settings

    settings = load_settings(config).over(
        model=model, side=side and side.value, strict=strict, voice=voice, window=window,
        mirror=mirror, camera=camera,
    )  # fmt: skip
    outputs = Outputs(report, video, json, csv, poses=record)
    outputs.check(force)
    delay_s = delay if delay is not None else (0.0 if source else CAMERA_DELAY_S)
    session = _Session(exercises.get(exercise), settings, outputs, source, delay_s, reps, seconds)
    ensure_model(settings.model, offline)
    assessment, name, ending = _hold(session)
    written = _write(session, assessment, name)
    print_summary(assessment, session.exercise, name, written)
    if ending.error:
        fail(f"{ending.error} What came before is above.")
        raise typer.Exit(ending.error.exit_code)
    if ending.interrupted:
        note("Ended with Ctrl-C; everything until then is kept.")
        raise typer.Exit(INTERRUPTED)


@dataclass(frozen=True)
class _Ending:
    """Why a session ended, other than by itself."""

    interrupted: bool = False
    error: SourceError | None = None


def _hold(session: _Session) -> tuple[Assessment, str, _Ending]:
    """Hold the session, and return its assessment however it ended."""
    from glutecam import pipeline
    from glutecam.cli.views import CtrlC, Delayed
    from glutecam.core.analyzer import Analyzer

    settings, error = session.settings, None
    with ExitStack() as stack:
        shown = _window(session, stack)
        estimator = stack.enter_context(
            pipeline.open_model(settings.model, count_people=settings.count_people)
        )
        source = stack.enter_context(_source(session))
        ctrl_c = stack.enter_context(CtrlC())
        views = [ctrl_c, *shown, *_others(session, source, estimator, stack)]
        judge = Delayed(
            Analyzer(
                session.exercise,
                side=options.side_of(settings.side),
                smoothing="causal",
                strict=settings.strict,
                pose_model=estimator.model_name,
                reduced_accuracy=estimator.reduced_accuracy,
            ),
            session.delay_s,
        )
        try:
            assessment = pipeline.run(source, estimator, judge, views)
        except SourceError as err:
            # The camera is gone; what it saw is not.
            error, assessment = err, judge.finish()
        warnings = (*assessment.warnings, *source.warnings)
        name = Path(source.info.name).name if session.file else source.info.name
    return replace(assessment, warnings=warnings), name, _Ending(ctrl_c.pressed, error)


def _source(session: _Session) -> FrameSource:
    if session.file is not None:
        from glutecam.capture.live import Paced
        from glutecam.capture.video import VideoFile

        return Paced(VideoFile(session.file))
    from glutecam.capture.webcam import Webcam

    return Webcam(session.settings.camera)


def _window(session: _Session, stack: ExitStack) -> Sequence[View]:
    """Open the window first: that it cannot be opened should be known before anybody moves."""
    if not session.settings.window:
        return ()
    from glutecam.display.overlay import Overlay
    from glutecam.display.window import Window

    window = Window(Overlay(session.exercise, mirror=session.settings.mirror))
    stack.callback(window.close)
    return (window,)


def _others(
    session: _Session, source: FrameSource, estimator: PoseEstimator, stack: ExitStack
) -> Sequence[View]:
    """Return everything beside the window that is shown the frames; the stack closes it."""
    from glutecam.cli.views import StopWhen, TextCoach

    seconds = None if session.seconds is None else session.seconds + session.delay_s
    views: list[View] = [StopWhen(session.reps, seconds)]
    if not session.settings.window:
        views.append(TextCoach())
        note(textwrap.fill(session.exercise.setup, shutil.get_terminal_size().columns))
        note("Ctrl-C ends.")
    if session.settings.voice:
        views.append(_voice(session, stack))
    if session.outputs.poses:
        views.append(_recorder(session, source, estimator, stack))
    if session.outputs.video:
        views.append(_video(session, source, estimator, stack))
    return views


def _voice(session: _Session, stack: ExitStack) -> View:
    from glutecam.display.voice import Voice, find_speaker

    voice = Voice(session.exercise.praise, find_speaker())
    stack.callback(voice.close)
    return voice


def _recorder(
    session: _Session, source: FrameSource, estimator: PoseEstimator, stack: ExitStack
) -> View:
    from glutecam.cli.views import After
    from glutecam.records.recorder import PoseRecorder

    assert session.outputs.poses is not None
    recorder = PoseRecorder(
        session.outputs.poses,
        model_name=estimator.model_name,
        source_name=source.info.name,
        fps=source.info.fps,
        warnings=source.warnings,
        reduced_accuracy=estimator.reduced_accuracy,
    )
    return After(stack.enter_context(recorder), session.delay_s)


def _video(
    session: _Session, source: FrameSource, estimator: PoseEstimator, stack: ExitStack
) -> View:
    from glutecam.cli.views import Annotated as AnnotatedVideo
    from glutecam.display.overlay import Overlay
    from glutecam.display.recording import VideoWriter

    assert session.outputs.video is not None
    info = source.info
    writer = VideoWriter(session.outputs.video, info.width_px, info.height_px, fps=info.fps or 30.0)
    overlay = Overlay(session.exercise, reduced_accuracy=estimator.reduced_accuracy)
    return AnnotatedVideo(overlay, stack.enter_context(writer))


def _write(session: _Session, assessment: Assessment, name: str) -> list[Path]:
    """Write what is made at the end; landmarks and video were written on the way."""
    outputs = session.outputs
    on_the_way = [path for path in (outputs.poses, outputs.video) if path]
    return [
        *on_the_way,
        *outputs.write_tables(assessment, session.exercise, name),
        *outputs.write_report(assessment, session.exercise, name, {}),
    ]
