"""``glutecam score``: judge one recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import both_sides, kept, options
from glutecam.cli.course import Course
from glutecam.cli.naming import Naming, under_pseudonyms
from glutecam.cli.outputs import Outputs
from glutecam.cli.saving import SaveScore, Saving
from glutecam.cli.terminal import INTERRUPTED, REFUSED, note
from glutecam.errors import GlutecamError, InputError, OutputError

if TYPE_CHECKING:
    from glutecam.capture.frames import FrameSource
    from glutecam.cli.views import Pictures
    from glutecam.core.assessment import Assessment
    from glutecam.core.rules import Exercise
    from glutecam.core.set_by_set import JudgedSet
    from glutecam.core.side_difference import BothSides
    from glutecam.display.view import View
    from glutecam.records.keyframes import KeyFrames
    from glutecam.records.origin import Origin
    from glutecam.records.posefile import Recording
    from glutecam.settings import Settings

__all__ = ["score", "tracked"]

FileArgument = Annotated[Path, typer.Argument(help="Video, or landmarks kept earlier (.npz).")]
SavePoses = Annotated[
    Path | None, typer.Option(help="Keep the landmarks, .npz: they can be judged again.")
]


_SHORTEST_S = 1.0
"""What is shorter holds no repetition: stopped before that, nothing was read that could be judged."""


@dataclass(frozen=True)
class _Scored:
    """A recording that was judged, and what is wanted of it."""

    file: Path
    recording: Recording
    sets: tuple[JudgedSet, ...]
    exercise: Exercise
    outputs: Outputs
    saving: Saving
    settings: Settings
    force: bool
    name: str
    origin: Origin | None

    def outputs_of(self, one: JudgedSet) -> Outputs:
        """Return the files of one set: with its number where there are several."""
        return self.outputs if one.cut.of == 1 else self.outputs.of_set(one.cut.number)

    def name_of(self, one: JudgedSet) -> str:
        """Return what a set is called: the file, and where in it, if it is one of several."""
        return one.name_in(self.name)


# fmt: off
def score(
    file: FileArgument, exercise: options.ExerciseOption = None, side: options.SideOption = None,
    model: options.Model = None, follow: options.FollowOption = None,
    strict: options.Strict = None,
    filter: options.Filter = None,  # noqa: A002 - the option's name
    pelvis: options.Pelvis = None, audience: options.AudienceOption = None,
    report: options.Report = None, pdf: options.Pdf = None, video: options.Video = None,
    json: options.JsonFile = None, csv: options.CsvFile = None,
    save_poses: SavePoses = None, export: options.Export = None,
    faces: options.Faces = None, save: SaveScore = False,
    pain_before: kept.PainBefore = None, pain_after: kept.PainAfter = None,
    load: kept.Load = None, note: kept.NoteText = None, at: kept.At = None,
    subject: kept.Subject = None, pseudonyms: options.Pseudonyms = None,
    force: options.Force = False, offline: options.Offline = False,
    set_: options.Set = None, config: options.Config = None,
) -> None:
    # fmt: on
    """Judge one recorded video: every repetition, its faults, and how sure that is.

    Several sets, of one leg or both, are judged one by one, with files of their own: r-1.json.
    Exit code 5 where no set could be judged, and what to change is said; everything is written then too.

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
    outputs = Outputs(report, video, json, csv, save_poses, options.exports_of(export, pdf), pdf)
    _check(file, outputs, force)
    options.say_unused(file, {"--model": model, "--follow": follow})
    outputs.check_pages(settings)
    naming = _naming(pseudonyms, file, settings, outputs)
    settings = settings.over(subject=naming.subject)
    said = (pain_before, pain_after, *naming.said(load, note))
    saving = Saving.asked(settings, save, said, at)
    recording, stopped = tracked(file, settings, offline)
    shown, about = naming.of(recording), (naming.file, recording.origin)
    judged = _judged(shown, chosen, settings)
    scored = _Scored(file, shown, judged, chosen, outputs, saving, settings, force, *about)
    _write_and_tell(scored, stopped)


def _naming(key: Path | None, file: Path, settings: Settings, outputs: Outputs) -> Naming:
    nobody = "" if settings.named_subject else settings.subject
    return under_pseudonyms(key, file, settings.subject, outputs.wanted.values(), nobody)


def _judged(
    recording: Recording, exercise: Exercise, settings: Settings
) -> tuple[JudgedSet, ...]:
    from glutecam import pipeline

    return tuple(
        pipeline.judge_sets(
            recording,
            exercise,
            side=options.side_of(settings.side),
            smoothing=settings.filter,
            strict=settings.strict,
        )
    )


def _write_and_tell(scored: _Scored, stopped: bool) -> None:
    """Write what is wanted, print the summary, and then tell what went wrong on the way.

    ``stopped`` is whether Ctrl-C cut the reading short.
    """
    course = Course()
    course.tried(partial(scored.outputs.write_poses, scored.recording))
    writable = [one for one in scored.sets if _may_be_written(scored, one, course)]
    for one in writable:
        _write(scored, one, course)
    assessments = [one.assessment for one in scored.sets]
    both = both_sides.found(
        assessments, scored.exercise, scored.saving, scored.file, scored.origin
    )
    _draw(scored, writable, both, course)
    _tell(scored, course)
    both_sides.tell(both, assessments, scored.exercise)
    if not stopped:
        for one in scored.sets:
            number = one.cut.number
            course.kept(
                scored.saving, one.assessment, scored.exercise, scored.file, number=number,
                origin=scored.origin,
            )  # fmt: skip
    if course.interrupted:
        note("Stopped while drawing: there is no drawn video, and the report has no pictures.")
    if stopped:
        note("Stopped early: this is what was read until then.")
        if course.written:
            note("The files above are of that part only; to write them anew, add --force.")
    course.tell_errors()
    if stopped or course.interrupted:
        raise typer.Exit(INTERRUPTED)
    if _all_refused(assessments):
        raise typer.Exit(REFUSED)


def _all_refused(assessments: Sequence[Assessment]) -> bool:
    from glutecam.core.assessment import Verdict

    return all(one.verdict is Verdict.NOT_ASSESSABLE for one in assessments)


def _tell(scored: _Scored, course: Course) -> None:
    """Print every set, and after the last one what was written."""
    from glutecam.cli.summary import print_summary

    for one in scored.sets:
        written = course.written if one is scored.sets[-1] else []
        about = (scored.exercise, scored.name_of(one), written, scored.settings.audience)
        print_summary(one.assessment, *about)


def _may_be_written(scored: _Scored, one: JudgedSet, course: Course) -> bool:
    """Look after the files of one set of several, whose names nobody could check before."""
    if one.cut.of == 1:
        return True
    try:
        replace(scored.outputs_of(one), video=None, poses=None).check(scored.force)
    except OutputError as err:
        course.errors.append(err)
        return False
    return True


def _write(scored: _Scored, one: JudgedSet, course: Course) -> None:
    outputs = scored.outputs_of(one)
    about = (one.assessment, scored.exercise, scored.name, one.part, scored.recording.origin)
    for kind in ("json", "csv"):
        course.tried(partial(outputs.only(kind).write_tables, *about))
    for export in outputs.exports:
        course.tried(partial(_exported, scored, one, Outputs(exports=(export,))))


def _exported(scored: _Scored, one: JudgedSet, outputs: Outputs) -> list[Path]:
    from glutecam.records.export import document_of
    from glutecam.records.exports import Source

    name, cut = scored.name, one.cut
    origin = scored.recording.origin
    document = document_of(one.assessment, scored.exercise, file=name, cut=one.part, origin=origin)
    written = datetime.fromtimestamp(scored.file.stat().st_mtime).astimezone()
    filmed = scored.origin.filmed if scored.origin else written
    part = replace(scored.recording, poses=scored.recording.poses[cut.start : cut.end])
    return outputs.write_exports(Source(document, part, filmed))


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
    if ctrl_c.pressed and not _worth_judging(recording):
        raise KeyboardInterrupt
    # Half of a recording is not the same one.
    return (_cut_short(recording), True) if ctrl_c.pressed else (_dated(recording, file), False)


def _worth_judging(recording: Recording) -> bool:
    """Say whether enough was read before Ctrl-C that what is told of it is about more than the Ctrl-C."""
    times = recording.poses.time_s
    return len(times) > 1 and float(times[-1] - times[0]) >= _SHORTEST_S


def _dated(recording: Recording, file: Path) -> Recording:
    """Let the landmarks say which file they are of; a pipe, or one that is gone again, is none."""
    from glutecam.records.origin import Origin

    if not file.is_file():
        return recording
    return replace(recording, about=replace(recording.about, origin=Origin.of(file)))


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


def _draw(
    scored: _Scored, sets: Sequence[JudgedSet], both: BothSides, course: Course
) -> None:
    """Go through the video once more, without the model, for the drawn video and the report.

    Whatever goes wrong there, the report is written with the pictures that there are.
    """
    outputs = scored.outputs
    pictures = {one.cut.start: _keyframes(scored, one) for one in sets}
    wanted = any(keyframes.wanted for keyframes in pictures.values())
    has_pictures = scored.file.suffix.lower() != ".npz"
    if outputs.video or (outputs.pages and wanted and has_pictures):
        try:
            _second_pass(scored, pictures, course)
        except GlutecamError as err:
            course.errors.append(err)
    for one in sets:
        jpegs = {} if course.interrupted else pictures[one.cut.start].jpegs
        about = (one.assessment, scored.exercise, scored.name_of(one))
        report = scored.outputs_of(one).write_report
        course.tried(partial(report, *about, jpegs, scored.settings, both))


def _keyframes(scored: _Scored, one: JudgedSet) -> KeyFrames:
    from glutecam.records.keyframes import KeyFrames

    points = scored.recording.poses.image_px[one.cut.start : one.cut.end]
    return KeyFrames(one.assessment, around=lambda frame: points[frame])


def _second_pass(scored: _Scored, pictures: Mapping[int, KeyFrames], course: Course) -> None:
    """Draw; where Ctrl-C ends it, there is no video, for it would be half."""
    from glutecam import pipeline
    from glutecam.capture.video import VideoFile
    from glutecam.cli.views import CtrlC, FacesHidden, Pictures, ProgressView, StopWhen
    from glutecam.core.set_by_set import ReplaySets
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
        kept = Pictures(small, pictures, alone=scored.outputs.video is None)
        drawn: list[View] = [kept]
        if scored.outputs.video:
            drawn += _video(scored, source, kept, stack, course)
        hide = scored.saving.settings.faces == "hide"
        views: list[View] = [
            ctrl_c,
            progress,
            FacesHidden(Faces(poses) if hide else None, drawn),
            StopWhen(seconds=float(poses.time_s[-1])),
        ]
        estimator = pipeline.Recorded(poses, scored.recording.model_name)
        pipeline.run(source, estimator, ReplaySets(scored.sets, exercise), views)
        course.interrupted = ctrl_c.pressed


def _video(
    scored: _Scored, source: FrameSource, pictures: Pictures, stack: ExitStack, course: Course
) -> Sequence[View]:
    """Return what writes the drawn video; nothing where that cannot even be begun."""
    from glutecam.cli.views import DrawnVideo, Tolerated
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
        counts=any(one.assessment.verdict is not Verdict.NOT_ASSESSABLE for one in scored.sets),
    )
    drawn = DrawnVideo(overlay, writer)
    return (Tolerated(drawn, course.errors.append, lambda: pictures.complete),)
