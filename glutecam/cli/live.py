"""``glutecam live``: exercise in front of a camera."""

from __future__ import annotations

import shutil
import sys
import textwrap
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.address import is_address
from glutecam.cli import both_sides, kept, options
from glutecam.cli.course import Course
from glutecam.cli.holding import Asked, hold, side_plan
from glutecam.cli.outputs import Outputs
from glutecam.cli.saving import SaveLive, Saving
from glutecam.cli.terminal import note
from glutecam.errors import InputError, OutputError

if TYPE_CHECKING:
    from glutecam.capture.frames import FrameSource
    from glutecam.core.coaching import SessionPlan, SetResult
    from glutecam.core.side_difference import BothSides
    from glutecam.settings import Settings

__all__ = ["live"]

SUMMARY_S = 30.0
"""How long the summary stays on the screen, to be read from afar."""

ExerciseArgument = Annotated[
    str | None, typer.Argument(help=f"{options.EXERCISES} Without one you are asked.")
]
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
    typer.Option(
        min=0.0, help="Begin after so many seconds instead of a raised hand; 0: at once, unchecked."
    ),
]
RepsOption = Annotated[int | None, typer.Option(min=1, help="End a set after so many repetitions.")]
SetsOption = Annotated[int, typer.Option(min=1, help="Sets for each leg.")]
BothOption = Annotated[
    bool, typer.Option("--both", help="Train one leg and then the other, in turns.")
]
RestOption = Annotated[float, typer.Option(min=0.0, help="Seconds of rest between two sets.")]
SecondsOption = Annotated[
    float | None, typer.Option(min=0.1, help="End after so many seconds of exercise.")
]
TonesOption = Annotated[
    bool | None,
    typer.Option(
        "--tones/--no-tones",
        help="Short tones: a clean repetition, begin, end. Default: tones, where glutecam[sound] is.",
    ),
]
HumOption = Annotated[
    bool | None,
    typer.Option("--hum/--no-hum", help="A tone that falls with the pelvis. Default: no."),
]
FullScreenOption = Annotated[
    bool | None,
    typer.Option(
        "--full-screen/--no-full-screen", help="Use the whole screen. Default: with a camera."
    ),
]
FadeOption = Annotated[
    bool | None,
    typer.Option("--fade/--no-fade", help="Fewer cues as repetitions become clean. Default: fade."),
]


# fmt: off
def live(
    exercise: ExerciseArgument = None,
    camera: CameraOption = None, source: SourceOption = None, side: options.SideOption = None,
    both: BothOption = False, reps: RepsOption = None, sets: SetsOption = 1,
    rest: RestOption = 60.0, delay: DelayOption = None, seconds: SecondsOption = None,
    record: RecordOption = None, video: options.Video = None, report: options.Report = None,
    json: options.JsonFile = None, csv: options.CsvFile = None,
    voice: VoiceOption = None, tones: TonesOption = None, hum: HumOption = None,
    fade: FadeOption = None, window: WindowOption = None, full_screen: FullScreenOption = None,
    mirror: MirrorOption = None, model: options.Model = None,
    follow: options.FollowOption = None, strict: options.Strict = None,
    pelvis: options.Pelvis = None, save: SaveLive = None, subject: kept.Subject = None,
    pain_before: kept.PainBefore = None, pain_after: kept.PainAfter = None,
    load: kept.Load = None, note: kept.NoteText = None, force: options.Force = False,
    offline: options.Offline = False, set_: options.Set = None, config: options.Config = None,
) -> None:
    # fmt: on
    """Exercise in front of the camera: set-up check, live pelvis line and cues, rest, summary.

    Stand where the ticks turn green and raise one hand above your head for two seconds (lying:
    stretch an arm up). Be still for a moment, then move. A raised hand also ends a set or a rest.
    Left and right are your own, in the mirror picture too.

    Keys: space starts and pauses, n goes on, x stops because of pain, f is full screen, q ends; so
    does Ctrl-C, with exit code 0. A camera that is unplugged pauses the session until it is back.

    \b
    Examples:
      glutecam live step-down --both --reps 10 --subject P07
      glutecam live single-leg-squat --side left --delay 5 --record today.npz
      glutecam live clamshell --camera rtsp://192.168.1.20/stream --sets 3 --reps 15
      glutecam live step-down --source clip.mp4 --no-window
    """
    from glutecam.settings import load_settings

    settings = load_settings(config, set_).over(
        model=model, side=side and side.value, strict=strict, voice=voice, window=window,
        mirror=mirror, camera=camera, pelvis=pelvis and pelvis.value, hum=hum, fade=fade,
        follow=follow, subject=subject,
    )  # fmt: skip
    chosen = settings.exercise(exercise or _asked_for())
    saving = Saving.asked(settings, _save(save, source), (pain_before, pain_after, load, note))
    plan = _plan(settings, source, delay, (reps, sets, both, rest))
    plan = replace(plan, programme=saving.programme(chosen))
    outputs = Outputs(report, video, json, csv, record)
    whole = settings.full_screen and source is None if full_screen is None else full_screen
    asked = Asked(chosen, settings, outputs, plan, saving, _source, source, seconds, tones, whole)
    _check(asked, force, source or settings.camera)
    _hold_and_tell(asked, offline)
    _say_if_not_kept(asked, save)


def _asked_for() -> str:
    """Let the person choose an exercise by its number.

    Raises
    ------
    InputError
        Where nobody is there to choose.
    """
    from glutecam import exercises

    names = exercises.names()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError(f"Which exercise? Name it: glutecam live {names[0]}. There are: "
                         f"{', '.join(names)}.")
    for number, one in enumerate(exercises.all_exercises(), start=1):
        typer.echo(f"{number:3}  {one.title}")
    try:
        chosen = typer.prompt("Which exercise, 1 to " + str(len(names)), type=int)
    except typer.Abort as err:
        raise KeyboardInterrupt from err
    if not 1 <= chosen <= len(names):
        raise InputError(f"There is no exercise {chosen}. Give a number from 1 to {len(names)}.")
    return str(names[chosen - 1])


def _plan(
    settings: Settings,
    source: str | None,
    delay: float | None,
    amount: tuple[int | None, int, bool, float],
) -> SessionPlan:
    """Return the course of the session; a file and a delay of nothing begin at once."""
    from glutecam.core.coaching import SessionPlan, Start

    reps, sets, both, rest_s = amount
    start = Start.HAND if delay is None else Start.TIMER
    if (source is not None and not is_address(source)) or delay == 0.0:
        start = Start.NOW
    return SessionPlan(
        sides=side_plan(settings.side, both),
        sets=sets,
        reps=reps,
        rest_s=rest_s,
        start=start,
        delay_s=delay or 0.0,
        # In the terminal the summary is printed as soon as the session is over.
        summary_s=SUMMARY_S if settings.window and start is not Start.NOW else 0.0,
        fade=settings.fade,
    )


def _save(asked: bool | None, source: str | None) -> bool | None:
    """Keep what happens now; a file that is played again only where that was asked for."""
    if asked is None and source is not None and Path(source).is_file():
        return False
    return asked


def _check(asked: Asked, force: bool, source: str | int) -> None:
    """Make sure that every result can be written, and replaces nothing that is still of use."""
    from glutecam.capture.video import VideoFile
    from glutecam.records.posefile import parts_of

    asked.outputs_of(1).check_pages(asked.settings)
    for number in range(1, asked.plan.total + 1):
        outputs = asked.outputs_of(number)
        outputs.check(force, Path(source) if isinstance(source, str) else None)
        left = parts_of(outputs.poses) if outputs.poses and not force else []
        if left:
            raise OutputError(
                f"An earlier session was cut short, and {left[0]} holds what it recorded. Judge it "
                f"(glutecam score {left[0]} -x ...), choose another name, or use --force to "
                "replace it."
            )
    if asked.file is not None and not is_address(asked.file):
        # A file that is missing is the user's to mend, before any window or model.
        with VideoFile(asked.file):
            pass


def _say_one_set(asked: Asked) -> None:
    """Say where several sets were asked for and nothing would end the first one."""
    from glutecam.core.coaching import Start

    plan = asked.plan
    if plan.start is not Start.NOW or plan.total == 1 or plan.reps or plan.programme:
        return
    ends, it = ("--reps or the key n", "them") if asked.settings.window else ("--reps", "it")
    where = "With --delay 0" if asked.file is None or is_address(asked.file) else "In a file"
    said = (
        f"{where} only {ends} ends a set: without {it} all is one set, whatever --sets and --both "
        "say."
    )
    note(textwrap.fill(said, shutil.get_terminal_size().columns))


def _say_if_not_kept(asked: Asked, save: bool | None) -> None:
    """Say that a file was not kept, where neither an option nor the settings forbade it."""
    if asked.settings.save and save is None and not asked.saving.wanted:
        note("Not kept in the history: a file that is played is kept only with --save.")


def _hold_and_tell(asked: Asked, offline: bool) -> None:
    """Do all that Ctrl-C may break off."""
    _say_one_set(asked)
    with Course().telling_ctrl_c() as course:
        _held_and_told(asked, offline, course)


def _held_and_told(asked: Asked, offline: bool, course: Course) -> None:
    """Hold the session, write what is wanted of it, and tell how it went."""
    from glutecam.cli.modelfile import ensure_model
    from glutecam.cli.summary import print_summary
    from glutecam.core.coaching import Ended
    from glutecam.core.programme_wording import END_OF_SET

    ensure_model(asked.settings.model, offline)
    sets, name = hold(asked, course)
    assessments = [result.assessment for result in sets]
    both = both_sides.found(assessments, asked.exercise, asked.saving)
    for result in sets:
        _write(asked, result, name, both, course)
        if result.ended is Ended.FAULTS:
            note(END_OF_SET)
        last = result is sets[-1]
        title = name if len(sets) == 1 else f"{name}, set {result.number} of {asked.plan.total}"
        written = course.written if last else ()
        print_summary(
            result.assessment, asked.exercise, title, written, asked.settings.audience
        )
        ago_s = sets[-1].ended_s - result.ended_s
        if last:
            both_sides.tell(both, assessments, asked.exercise)
        saving = asked.saving
        if result.ended is Ended.PAIN:
            saving = replace(saving, felt=saving.felt.noting_the_stop())
        course.kept(saving, result.assessment, asked.exercise, ago_s=ago_s, ask=last)
    course.tell_errors()
    if course.interrupted:
        note("Ended with Ctrl-C; what came of it until then stands above.")


def _source(asked: Asked) -> FrameSource:
    from glutecam.capture.lasting import Lasting
    from glutecam.capture.live import Paced
    from glutecam.capture.video import VideoFile
    from glutecam.capture.webcam import Webcam

    if asked.file is None:
        return Lasting(lambda: Webcam(asked.settings.camera))
    address = asked.file
    if is_address(address) and VideoFile(address).live:
        return Lasting(lambda: Paced(VideoFile(address)))
    return Paced(VideoFile(address))


def _write(
    asked: Asked, result: SetResult, name: str, both: BothSides, course: Course
) -> None:
    """Write what is made at the end; landmarks and video were written on the way."""
    outputs, exercise = asked.outputs_of(result.number), asked.exercise
    assessment = result.assessment
    for kind in ("json", "csv"):
        course.tried(partial(outputs.only(kind).write_tables, assessment, exercise, name))
    report = partial(outputs.write_report, assessment, exercise, name, {}, asked.settings, both)
    course.tried(report)
