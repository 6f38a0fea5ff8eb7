"""``glutecam live``: exercise in front of a camera."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import kept, options
from glutecam.cli.course import Course
from glutecam.cli.outputs import Outputs
from glutecam.cli.saving import SaveLive, Saving
from glutecam.cli.terminal import INTERRUPTED, note
from glutecam.errors import GlutecamError, InputError, OutputError

if TYPE_CHECKING:
    from glutecam.capture.frames import FrameSource, PoseEstimator
    from glutecam.core.assessment import Assessment
    from glutecam.core.rules import Exercise
    from glutecam.display.recording import VideoWriter
    from glutecam.display.view import View
    from glutecam.pipeline import Judge
    from glutecam.records.recorder import PoseRecorder
    from glutecam.settings import Settings

__all__ = ["live"]

CAMERA_DELAY_S = 5.0
"""Time to walk from the laptop to the step."""

CameraOption = Annotated[
    str | None, typer.Option(help="Number of the camera, or its address. Default: 0.")
]
SourceOption = Annotated[
    str | None, typer.Option(help="A file or address instead, played at its own pace.")
]
RecordOption = Annotated[
    Path | None, typer.Option(help="Keep the landmarks (not the video), .npz.")
]
VoiceOption = Annotated[
    bool | None, typer.Option("--voice/--no-voice", help="Speak the cues. Default: voice.")
]
WindowOption = Annotated[
    bool | None, typer.Option("--window/--no-window", help="Show the picture. Default: window.")
]
MirrorOption = Annotated[
    bool | None,
    typer.Option("--mirror/--no-mirror", help="Show it as a mirror would. Default: mirror."),
]
DelayOption = Annotated[
    float | None,
    typer.Option(min=0.0, help="Seconds to get into place. Default: 5 with a camera."),
]
RepsOption = Annotated[int | None, typer.Option(min=1, help="End after so many repetitions.")]
SecondsOption = Annotated[float | None, typer.Option(min=0.1, help="End after so many seconds.")]


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
    saving: Saving


def live(
    exercise: options.ExerciseName,
    camera: CameraOption = None,
    source: SourceOption = None,
    side: options.SideOption = None,
    record: RecordOption = None,
    video: options.Video = None,
    report: options.Report = None,
    json: options.JsonFile = None,
    csv: options.CsvFile = None,
    voice: VoiceOption = None,
    window: WindowOption = None,
    mirror: MirrorOption = None,
    model: options.Model = None,
    strict: options.Strict = None,
    pelvis: options.Pelvis = None,
    delay: DelayOption = None,
    reps: RepsOption = None,
    seconds: SecondsOption = None,
    save: SaveLive = None,
    pain_before: kept.PainBefore = None,
    pain_after: kept.PainAfter = None,
    load: kept.Load = None,
    note: kept.NoteText = None,
    force: options.Force = False,
    offline: options.Offline = False,
    set_: options.Set = None,
    config: options.Config = None,
) -> None:
    """Exercise in front of the camera: pelvis line, repetitions, a spoken cue, a summary.

    Stand still for two seconds first. Press q in the window, or Ctrl-C, to end.

    \b
    Examples:
      glutecam live step-down
      glutecam live single-leg-squat --side left --reps 8 --record today.npz
      glutecam live clamshell --source clip.mp4 --no-window
    """
    from glutecam.settings import load_settings

    settings = load_settings(config, set_).over(
        model=model, side=side and side.value, strict=strict, voice=voice, window=window,
        mirror=mirror, camera=camera, pelvis=pelvis and pelvis.value,
    )  # fmt: skip
    outputs = _checked(Outputs(report, video, json, csv, record), force, source or settings.camera)
    chosen = _chosen(exercise, settings)
    ends = (_delay_s(delay, source), reps, seconds)
    saving = Saving.asked(settings, _save(save, source), (pain_before, pain_after, load, note))
    _hold_and_tell(_Session(chosen, settings, outputs, source, *ends, saving), offline)


def _chosen(name: str, settings: Settings) -> Exercise:
    from glutecam import exercises
    from glutecam.core.pelvis import measured_by

    return measured_by(exercises.get(name), settings.pelvis)


def _delay_s(asked: float | None, source: str | None) -> float:
    """Give time to get into place, where somebody has to."""
    if asked is not None:
        return asked
    return 0.0 if source else CAMERA_DELAY_S


def _save(asked: bool | None, source: str | None) -> bool | None:
    """Keep what happens now; a file that is played again only where that was asked for."""
    if asked is None and source is not None and Path(source).is_file():
        return False
    return asked


def _checked(outputs: Outputs, force: bool, source: str | int) -> Outputs:
    """Make sure that every result can be written, and replaces nothing that is still of use."""
    from glutecam.records.posefile import parts_of

    outputs.check(force, Path(source) if isinstance(source, str) else None)
    left = parts_of(outputs.poses) if outputs.poses and not force else []
    if left:
        raise OutputError(
            f"An earlier session was cut short, and {left[0]} holds what it recorded. Judge it "
            f"(glutecam score {left[0]} -x ...), choose another name, or use --force to replace it."
        )
    return outputs


def _hold_and_tell(session: _Session, offline: bool) -> None:
    """Hold the session, write what is wanted of it, and tell how it went."""
    from glutecam.cli.modelfile import ensure_model
    from glutecam.cli.summary import print_summary

    ensure_model(session.settings.model, offline)
    course = Course()
    assessment, name = _hold(session, course)
    _write(session, assessment, name, course)
    print_summary(assessment, session.exercise, name, course.written)
    course.kept(session.saving, assessment, session.exercise)
    course.tell_errors()
    if course.interrupted:
        note("Ended with Ctrl-C; everything until then is kept.")
        raise typer.Exit(INTERRUPTED)


def _hold(session: _Session, course: Course) -> tuple[Assessment, str]:
    """Hold the session, and return its assessment and the name of its source."""
    from glutecam import pipeline
    from glutecam.cli.views import CtrlC, Delayed
    from glutecam.core.analyzer import Analyzer

    settings = session.settings
    with ExitStack() as stack:
        estimator = stack.enter_context(
            pipeline.open_model(settings.model, count_people=settings.count_people)
        )
        shown = _window(session, estimator.reduced_accuracy, stack)
        source = stack.enter_context(_source(session))
        ctrl_c = stack.enter_context(CtrlC())
        views = [ctrl_c, *shown, *_others(session, source, estimator, stack, course)]
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
        except GlutecamError as err:
            # The camera, the window or the disk is gone; what was seen until then is not.
            assessment = _so_far(judge, err, ctrl_c.pressed)
            course.errors.append(err)
        course.interrupted = ctrl_c.pressed
        warnings = (*assessment.warnings, *source.warnings)
        name = Path(source.info.name).name if session.file else source.info.name
    return replace(assessment, warnings=warnings), name


def _so_far(judge: Judge[Assessment], err: GlutecamError, interrupted: bool) -> Assessment:
    """Judge the frames before the trouble; without one, the trouble is all there is to tell."""
    try:
        return judge.finish()
    except InputError:
        if interrupted:
            raise KeyboardInterrupt from err
        raise err from None


def _source(session: _Session) -> FrameSource:
    if session.file is not None:
        from glutecam.capture.live import Paced
        from glutecam.capture.video import VideoFile

        return Paced(VideoFile(session.file))
    from glutecam.capture.webcam import Webcam

    return Webcam(session.settings.camera)


def _window(session: _Session, reduced_accuracy: bool, stack: ExitStack) -> Sequence[View]:
    """Open the window early: that it cannot be opened should be known before anybody moves."""
    if not session.settings.window:
        return ()
    from glutecam.display.overlay import Overlay
    from glutecam.display.window import Window

    mirror = session.settings.mirror
    overlay = Overlay(session.exercise, mirror=mirror, reduced_accuracy=reduced_accuracy)
    window = Window(overlay)
    stack.callback(window.close)
    return (window,)


def _others(
    session: _Session,
    source: FrameSource,
    estimator: PoseEstimator,
    stack: ExitStack,
    course: Course,
) -> Sequence[View]:
    """Return everything beside the window that is shown the frames; the stack closes it."""
    from glutecam.cli.views import After, FacesHidden, StopWhen, TextCoach
    from glutecam.cli.views import Annotated as AnnotatedVideo
    from glutecam.display.faces import Faces
    from glutecam.display.overlay import Overlay

    seconds = None if session.seconds is None else session.seconds + session.delay_s
    views: list[View] = [StopWhen(session.reps, seconds), *_end_of_set(session)]
    if not session.settings.window:
        views.append(TextCoach())
        note(textwrap.fill(session.exercise.setup, shutil.get_terminal_size().columns))
        if estimator.reduced_accuracy:
            note(f"Reduced accuracy: the pose model is {estimator.model_name}.")
        note("Ctrl-C ends.")
    if session.settings.voice:
        views.append(_voice(session, stack))
    if session.outputs.poses:
        recorder = _recorder(session.outputs.poses, source, estimator)
        course.closes(stack, recorder, session.outputs.poses)
        views.append(After(recorder, session.delay_s))
    if session.outputs.video:
        writer = _video(session.outputs.video, source)
        course.closes(stack, writer, session.outputs.video)
        overlay = Overlay(session.exercise, reduced_accuracy=estimator.reduced_accuracy)
        faces = Faces() if session.settings.faces == "hide" else None
        views.append(FacesHidden(faces, [AnnotatedVideo(overlay, writer)]))
    return views


def _end_of_set(session: _Session) -> Sequence[View]:
    """Return what ends the set early; nothing where no programme asks for it."""
    from glutecam.cli.views import EndOfSet

    programme = session.saving.programme(session.exercise)
    return (EndOfSet(programme),) if programme else ()


def _voice(session: _Session, stack: ExitStack) -> View:
    from glutecam.display.voice import Voice, find_speaker

    voice = Voice(session.exercise.praise, find_speaker())
    stack.callback(voice.close)
    return voice


def _recorder(path: Path, source: FrameSource, estimator: PoseEstimator) -> PoseRecorder:
    from glutecam.records.recorder import PoseRecorder

    return PoseRecorder(
        path,
        model_name=estimator.model_name,
        source_name=source.info.name,
        fps=source.info.fps,
        warnings=source.warnings,
        reduced_accuracy=estimator.reduced_accuracy,
    )


def _video(path: Path, source: FrameSource) -> VideoWriter:
    from glutecam.display.recording import VideoWriter

    info = source.info
    return VideoWriter(path, info.width_px, info.height_px, fps=info.fps or 30.0)


def _write(session: _Session, assessment: Assessment, name: str, course: Course) -> None:
    """Write what is made at the end; landmarks and video were written on the way."""
    outputs, exercise = session.outputs, session.exercise
    for kind in ("json", "csv"):
        course.tried(partial(outputs.only(kind).write_tables, assessment, exercise, name))
    course.tried(partial(outputs.write_report, assessment, exercise, name, {}))
