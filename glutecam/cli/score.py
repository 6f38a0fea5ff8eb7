"""``glutecam score``: judge one recording."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import kept, options
from glutecam.cli.course import Course
from glutecam.cli.outputs import Outputs
from glutecam.cli.saving import SaveScore, Saving
from glutecam.cli.terminal import INTERRUPTED, note
from glutecam.errors import GlutecamError, InputError, OutputError

if TYPE_CHECKING:
    from glutecam.capture.frames import FrameSource
    from glutecam.core.assessment import Assessment
    from glutecam.core.rules import Exercise
    from glutecam.display.view import View
    from glutecam.records.keyframes import KeyFrames
    from glutecam.records.posefile import Recording
    from glutecam.settings import Settings

__all__ = ["score", "tracked"]

FileArgument = Annotated[Path, typer.Argument(help="Video, or landmarks kept earlier (.npz).")]
SavePoses = Annotated[
    Path | None, typer.Option(help="Keep the landmarks, .npz: they can be judged again.")
]


@dataclass(frozen=True)
class _Scored:
    """A recording that was judged, and what is wanted of it."""

    file: Path
    recording: Recording
    assessment: Assessment
    exercise: Exercise
    outputs: Outputs
    saving: Saving
    settings: Settings


# fmt: off
def score(
    file: FileArgument,
    exercise: options.ExerciseOption = None, side: options.SideOption = None,
    model: options.Model = None, follow: options.FollowOption = None,
    strict: options.Strict = None,
    filter: options.Filter = None,  # noqa: A002 - the option's name
    pelvis: options.Pelvis = None,
    audience: options.AudienceOption = None,
    report: options.Report = None,
    video: options.Video = None,
    json: options.JsonFile = None,
    csv: options.CsvFile = None,
    save_poses: SavePoses = None,
    export: options.Export = None,
    faces: options.Faces = None,
    save: SaveScore = False,
    pain_before: kept.PainBefore = None,
    pain_after: kept.PainAfter = None,
    load: kept.Load = None,
    note: kept.NoteText = None,
    subject: kept.Subject = None,
    force: options.Force = False,
    offline: options.Offline = False,
    set_: options.Set = None,
    config: options.Config = None,
) -> None:
    # fmt: on
    """Judge one recorded video: every repetition, its faults, and how sure that is.

    \b
    Examples:
      glutecam score clip.mp4 --exercise step-down
      glutecam score clip.mp4 -x step-down --video drawn.mp4 --json r.json --csv reps.csv
      glutecam score kept.npz -x step-down --export pelvis.mot    (no pose model needed)
      glutecam score clip.mp4 -x step-down --save --subject P07 --pain-after 1
    """
    from glutecam.settings import load_settings

    settings = load_settings(config, set_).over(
        model=model, side=side and side.value, strict=strict, filter=filter and filter.value,
        pelvis=pelvis and pelvis.value, subject=subject, faces=faces and faces.value,
        audience=audience and audience.value, follow=follow,
    )  # fmt: skip
    chosen = settings.exercise(_asked(exercise))
    outputs = Outputs(report, video, json, csv, save_poses, options.exports_of(export))
    _check(file, outputs, force)
    saving = Saving.asked(settings, save, (pain_before, pain_after, load, note))
    recording, stopped = tracked(file, settings, offline)
    judged = _judged(recording, chosen, settings)
    _write_and_tell(_Scored(file, recording, judged, chosen, outputs, saving, settings), stopped)


def _judged(recording: Recording, exercise: Exercise, settings: Settings) -> Assessment:
    from glutecam import pipeline

    return pipeline.judge(
        recording,
        exercise,
        side=options.side_of(settings.side),
        smoothing=settings.filter,
        strict=settings.strict,
    )


def _write_and_tell(scored: _Scored, stopped: bool) -> None:
    """Write what is wanted, print the summary, and then tell what went wrong on the way.

    ``stopped`` is whether Ctrl-C cut the reading short.
    """
    from glutecam.cli.summary import print_summary

    outputs, assessment, exercise = scored.outputs, scored.assessment, scored.exercise
    course, name = Course(), scored.file.name
    course.tried(partial(outputs.write_poses, scored.recording))
    for kind in ("json", "csv"):
        course.tried(partial(outputs.only(kind).write_tables, assessment, exercise, name))
    for export in outputs.exports:
        course.tried(partial(_exported, scored, Outputs(exports=(export,))))
    _draw(scored, course)
    print_summary(assessment, exercise, name, course.written, scored.settings.audience)
    if not stopped:
        course.kept(scored.saving, assessment, exercise, scored.file)
    if course.interrupted:
        note("Stopped while drawing: there is no drawn video, and the report has no pictures.")
    if stopped:
        note("Stopped early: this is what was read until then.")
    course.tell_errors()
    if stopped or course.interrupted:
        raise typer.Exit(INTERRUPTED)


def _exported(scored: _Scored, outputs: Outputs) -> list[Path]:
    from glutecam.records.export import document_of
    from glutecam.records.exports import Source

    document = document_of(scored.assessment, scored.exercise, file=scored.file.name)
    filmed = datetime.fromtimestamp(scored.file.stat().st_mtime).astimezone()
    return outputs.write_exports(Source(document, scored.recording, filmed))


def tracked(file: Path, settings: Settings, offline: bool) -> tuple[Recording, bool]:
    """Return the landmarks of a file, and whether Ctrl-C cut it short."""
    from glutecam import pipeline
    from glutecam.capture.follow import Follow

    Follow.of(settings.follow)

    if file.suffix.lower() == ".npz":
        return pipeline.read(file), False
    from glutecam.capture.video import VideoFile
    from glutecam.cli.modelfile import ensure_model
    from glutecam.cli.views import CtrlC, ProgressView

    with ExitStack() as stack:
        source = stack.enter_context(VideoFile(file))
        ensure_model(settings.model, offline)
        estimator = stack.enter_context(options.open_model(settings))
        ctrl_c = stack.enter_context(CtrlC())
        pipeline.look_ahead(file, estimator)
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


def _check(file: Path, outputs: Outputs, force: bool) -> None:
    if outputs.video and file.suffix.lower() == ".npz":
        raise InputError(
            f"{file} holds landmarks and no pictures, so there is nothing to draw on. Leave "
            "--video out, or give the video itself."
        )
    outputs.check(force, file)


def _draw(scored: _Scored, course: Course) -> None:
    """Go through the video once more, without the model, for the drawn video and the report.

    Whatever goes wrong there, the report is written with the pictures that there are.
    """
    from glutecam.records.keyframes import KeyFrames

    outputs, points = scored.outputs, scored.recording.poses.image_px
    keyframes = KeyFrames(scored.assessment, around=lambda frame: points[frame])
    has_pictures = scored.file.suffix.lower() != ".npz"
    if outputs.video or (outputs.report and keyframes.wanted and has_pictures):
        try:
            _second_pass(scored, keyframes, course)
        except GlutecamError as err:
            course.errors.append(err)
    jpegs = {} if course.interrupted else keyframes.jpegs
    about = (scored.assessment, scored.exercise, scored.file.name)
    course.tried(partial(outputs.write_report, *about, jpegs, scored.settings.audience))


def _second_pass(scored: _Scored, keyframes: KeyFrames, course: Course) -> None:
    """Draw; where Ctrl-C ends it, there is no video, for it would be half."""
    from glutecam import pipeline
    from glutecam.capture.video import VideoFile
    from glutecam.cli.views import CtrlC, FacesHidden, Pictures, ProgressView, StopWhen
    from glutecam.core.analyzer import Replay
    from glutecam.display.faces import Faces
    from glutecam.display.overlay import Overlay

    poses, exercise = scored.recording.poses, scored.exercise
    # Cut to the person, so without the panels, whose words stand below the picture anyway.
    small = Overlay(exercise, panels=False)
    with ExitStack() as stack:
        source = stack.enter_context(VideoFile(scored.file))
        progress = ProgressView("drawing", source.info.frame_count)
        stack.callback(progress.close)
        ctrl_c = stack.enter_context(CtrlC())
        drawn: list[View] = [Pictures(small, keyframes, alone=scored.outputs.video is None)]
        if scored.outputs.video:
            drawn += _video(scored, source, keyframes, stack, course)
        hide = scored.saving.settings.faces == "hide"
        views: list[View] = [
            ctrl_c,
            progress,
            FacesHidden(Faces(poses) if hide else None, drawn),
            StopWhen(seconds=float(poses.time_s[-1])),
        ]
        estimator = pipeline.Recorded(poses, scored.recording.model_name)
        pipeline.run(source, estimator, Replay(scored.assessment, exercise), views)
        course.interrupted = ctrl_c.pressed


def _video(
    scored: _Scored, source: FrameSource, keyframes: KeyFrames, stack: ExitStack, course: Course
) -> Sequence[View]:
    """Return what writes the drawn video; nothing where that cannot even be begun."""
    from glutecam.cli.views import Annotated as AnnotatedVideo
    from glutecam.cli.views import Tolerated
    from glutecam.core.assessment import Verdict
    from glutecam.display.captioned import Captioned
    from glutecam.display.recording import VideoWriter

    path, info = scored.outputs.video, source.info
    assert path is not None
    try:
        height_px = Captioned.height_px(info.height_px)
        writer = VideoWriter(path, info.width_px, height_px, fps=info.fps or 30.0)
    except OutputError as err:
        course.errors.append(err)
        return ()
    course.closes(stack, writer, path)
    stack.callback(lambda: writer.discard() if course.interrupted else None)
    overlay = Captioned(
        scored.exercise,
        reduced_accuracy=scored.recording.reduced_accuracy,
        counts=scored.assessment.verdict is not Verdict.NOT_ASSESSABLE,
    )
    drawn = AnnotatedVideo(overlay, writer)
    return (Tolerated(drawn, course.errors.append, lambda: keyframes.complete),)
