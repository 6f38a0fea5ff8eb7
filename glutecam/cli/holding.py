"""Holding a live session: what it needs is opened, the one loop runs, what it came to is returned."""

from __future__ import annotations

import logging
import shutil
import textwrap
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.cli import options
from glutecam.cli.course import Course
from glutecam.cli.outputs import Outputs
from glutecam.cli.saving import Saving
from glutecam.cli.terminal import note
from glutecam.errors import EnvironmentProblem, GlutecamError, InputError

if TYPE_CHECKING:
    from glutecam.capture.frames import FrameSource, PoseEstimator
    from glutecam.core.analyzer import Analyzer
    from glutecam.core.assessment import Side
    from glutecam.core.coaching import SessionPlan, SessionUpdate, SetResult
    from glutecam.core.poses import PoseSeries
    from glutecam.core.rules import Exercise
    from glutecam.core.session import Session
    from glutecam.display.recording import VideoWriter
    from glutecam.display.view import View
    from glutecam.records.recorder import PoseRecorder
    from glutecam.settings import Settings

__all__ = ["Asked", "hold", "side_plan"]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What the user asked for.

    Attributes
    ----------
    source_of : callable
        Opens the camera, or whatever stands in for it.
    file : str or None
        What is played instead of a camera.
    seconds : float or None
        After so many of being judged everything ends.
    tones : bool or None
        True where tones were asked for: then it is an error that they cannot be made.
    """

    exercise: Exercise
    settings: Settings
    outputs: Outputs
    plan: SessionPlan
    saving: Saving
    source_of: Callable[[Asked], FrameSource]
    file: str | None = None
    seconds: float | None = None
    tones: bool | None = None
    full_screen: bool = False

    def outputs_of(self, number: int) -> Outputs:
        """Return the files of one set: with its number where there are several."""
        return self.outputs if self.plan.total == 1 else self.outputs.of_set(number)


class _Told:
    """Lets a session take the place of an analyzer: adds what only the source knows."""

    def __init__(self, session: Session, source: FrameSource, faster: tuple[str, ...]) -> None:
        from glutecam.capture.frames import DropsFrames
        from glutecam.capture.lasting import Lasting
        from glutecam.core.keeping_up import Lately, SlowFor

        self._session = session
        self._lasting = source if isinstance(source, Lasting) else None
        self._dropping = source if isinstance(source, DropsFrames) else None
        self._lately, self._slow, self._faster = Lately(), SlowFor(), faster
        self._said = False

    def push(self, poses: PoseSeries) -> SessionUpdate:
        """Take the newest frame."""
        from glutecam.core.coaching import PictureFacts

        lost = self._lasting is not None and self._lasting.lost_at(float(poses.time_s[-1]))
        dropped = 0 if self._dropping is None else self._dropping.dropped
        skipped = self._lately.skipped(dropped)
        facts = PictureFacts(lost=lost, skipped=skipped, faster=self._faster)
        update = self._session.push(poses, facts)
        self._warn(self._slow.too_long(skipped, float(poses.time_s[-1])), update)
        return update

    def _warn(self, is_slow: bool, update: SessionUpdate) -> None:
        """Say once, while something can still be done about it, that the machine is too slow."""
        from glutecam.core.assessment import GateCode
        from glutecam.core.keeping_up import too_slow_now

        if not self._said and (is_slow or update.gate is GateCode.FRAME_RATE):
            note(textwrap.fill(too_slow_now(self._faster), shutil.get_terminal_size().columns))
            self._said = True

    def finish(self) -> tuple[SetResult, ...]:
        """Return the sets."""
        return self._session.finish()


def _faster(asked: Asked) -> tuple[str, ...]:
    """Return what would make it faster and was not done yet."""
    settings, outputs = asked.settings, asked.outputs
    ways = {
        "use --model lite": settings.model != "lite",
        "leave out --video": outputs.video is not None,
        "use --no-window": settings.window,
    }
    return tuple(way for way, is_open in ways.items() if is_open)


def hold(asked: Asked, course: Course) -> tuple[tuple[SetResult, ...], str]:
    """Hold the session, and return its sets and the name of its source."""
    from glutecam import pipeline
    from glutecam.cli.views import CtrlC
    from glutecam.core.session import Session

    with ExitStack() as stack:
        estimator = stack.enter_context(options.open_model(asked.settings, live=True))
        session = Session(asked.exercise, asked.plan, partial(_analyzer, asked, estimator))
        shown = _window(asked, session, estimator.reduced_accuracy, stack)
        source = stack.enter_context(asked.source_of(asked))
        ctrl_c = stack.enter_context(CtrlC())
        views = [ctrl_c, *shown, *_others(asked, source, estimator, stack, course)]
        course.began = True
        try:
            sets = pipeline.run(source, estimator, _Told(session, source, _faster(asked)), views)
        except GlutecamError as err:
            # The camera, the window or the disk is gone; what was seen until then is not.
            sets = session.finish()
            _tell_alone(sets, err, ctrl_c.pressed)
            course.errors.append(err)
        course.interrupted = ctrl_c.pressed
        name = Path(source.info.name).name if asked.file else source.info.name
        return _whole(sets, source.warnings), name


def _tell_alone(sets: Sequence[SetResult], err: GlutecamError, interrupted: bool) -> None:
    """Raise the trouble where it is all that there is to tell."""
    if sets:
        return
    if interrupted:
        raise KeyboardInterrupt from err
    raise err


def _whole(sets: Sequence[SetResult], warnings: Sequence[str]) -> tuple[SetResult, ...]:
    """Return the sets with something in them, each with what there is to say about the source.

    Raises
    ------
    InputError
        Where not a single frame was judged.
    """
    if not sets:
        raise InputError(
            "The session ended before it began, so there is nothing to judge. Raise a hand above "
            "your head for two seconds to begin, or use --delay SECONDS."
        )
    moved = [s for s in sets if s.assessment.reps or s.assessment.attempts] or sets[-1:]
    return tuple(
        replace(s, assessment=replace(s.assessment, warnings=(*s.assessment.warnings, *warnings)))
        for s in moved
    )


def _analyzer(asked: Asked, estimator: PoseEstimator, side: Side | None) -> Analyzer:
    from glutecam import pipeline
    from glutecam.core.analyzer import Analyzer

    return Analyzer(
        asked.exercise,
        side=side,
        smoothing="causal",
        strict=asked.settings.strict,
        pose_model=estimator.model_name,
        reduced_accuracy=estimator.reduced_accuracy,
        finishing=pipeline.suggested,
    )


def _window(
    asked: Asked, session: Session, reduced_accuracy: bool, stack: ExitStack
) -> Sequence[View]:
    """Open the window early: that it cannot be opened should be known before anybody moves."""
    if not asked.settings.window:
        return ()
    from glutecam.core.session_wording import say
    from glutecam.display.coach import CoachOverlay
    from glutecam.display.window import Window

    overlay = CoachOverlay(
        asked.exercise,
        mirror=asked.settings.mirror,
        reduced_accuracy=reduced_accuracy,
        keys=str(say("keys")),
    )
    window = Window(overlay, keys=_keys(session), full_screen=asked.full_screen)
    stack.callback(window.close)
    return (window,)


def _keys(session: Session) -> dict[str, Callable[[], None]]:
    from glutecam.core.coaching import Command, Step

    waiting = (Step.SETUP, Step.READY, Step.REST, Step.PAUSED, Step.SUMMARY)

    def space() -> None:
        session.command(Command.START if session.step in waiting else Command.PAUSE)

    return {
        " ": space,
        "n": partial(session.command, Command.NEXT),
        "x": partial(session.command, Command.PAIN),
    }


def _others(
    asked: Asked,
    source: FrameSource,
    estimator: PoseEstimator,
    stack: ExitStack,
    course: Course,
) -> Sequence[View]:
    """Return everything beside the window that is shown the frames; the stack closes it."""
    from glutecam.cli.views import DrawnVideo, EachSet, FacesHidden, StopWhen, TextCoach, WhenDone
    from glutecam.display.captioned import Captioned
    from glutecam.display.faces import Faces

    views: list[View] = [StopWhen(asked.seconds), WhenDone()]
    if not asked.settings.window:
        views.append(TextCoach())
        note(textwrap.fill(asked.exercise.setup, shutil.get_terminal_size().columns))
        if estimator.reduced_accuracy:
            note(f"Reduced accuracy: the pose model is {estimator.model_name}.")
        note("Ctrl-C ends.")
    views += [*_voice(asked, stack), *_tones(asked, stack)]
    if asked.outputs.poses:
        views.append(EachSet(partial(_recorder, asked, source, estimator, stack, course)))
    if asked.outputs.video:
        writer = _video(asked.outputs.video, source)
        course.closes(stack, writer, asked.outputs.video)
        overlay = Captioned(asked.exercise, reduced_accuracy=estimator.reduced_accuracy)
        faces = Faces() if asked.settings.faces == "hide" else None
        views.append(FacesHidden(faces, [DrawnVideo(overlay, writer)]))
    return views


def _voice(asked: Asked, stack: ExitStack) -> Sequence[View]:
    if not asked.settings.voice:
        return ()
    from glutecam.display.voice import Voice, find_speaker

    voice = Voice(asked.exercise.praise, find_speaker())
    stack.callback(voice.close)
    return (voice,)


def _tones(asked: Asked, stack: ExitStack) -> Sequence[View]:
    """Open the loudspeaker; where that fails, only those who asked for it need to know."""
    from glutecam.capture.quiet import without_lines
    from glutecam.display.loudspeaker import Loudspeaker, can_sound

    wanted = asked.settings.tones if asked.tones is None else asked.tones
    hum = asked.settings.hum
    if not wanted or not (can_sound() or asked.tones or hum):
        return ()
    try:
        with without_lines(["ALSA lib"]):
            loudspeaker = Loudspeaker(hum)
    except EnvironmentProblem as err:
        if asked.tones:
            raise
        _LOG.info("No tones: %s", err)
        return ()
    stack.callback(loudspeaker.close)
    return (loudspeaker,)


def _recorder(
    asked: Asked,
    source: FrameSource,
    estimator: PoseEstimator,
    stack: ExitStack,
    course: Course,
    number: int,
) -> PoseRecorder:
    from glutecam.records.recorder import PoseRecorder

    path = asked.outputs_of(number).poses
    assert path is not None
    recorder = PoseRecorder(
        path,
        model_name=estimator.model_name,
        source_name=source.info.name,
        fps=source.info.fps,
        warnings=source.warnings,
        reduced_accuracy=estimator.reduced_accuracy,
        faster=_faster(asked),
    )
    course.closes(stack, recorder, path)
    return recorder


def _video(path: Path, source: FrameSource) -> VideoWriter:
    from glutecam.display.captioned import Captioned
    from glutecam.display.recording import VideoWriter

    info = source.info
    height_px = Captioned.height_px(info.height_px)
    return VideoWriter(path, info.width_px, height_px, fps=info.fps or 30.0)


def side_plan(side: str, both: bool) -> tuple[Side | None, ...]:
    """Return the legs of a session: the one that was named first, and the other where both train."""
    from glutecam.core.wording import other_side

    first = options.side_of(side)
    if not both:
        return (first,)
    return (first, None if first is None else other_side(first))
