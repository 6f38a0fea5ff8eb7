"""A live session behind a socket: the session of the core, told the browser's frames."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from glutecam import pipeline
from glutecam.core.analyzer import Analyzer
from glutecam.core.assessment import Side
from glutecam.core.coaching import (
    Command,
    Ended,
    PictureFacts,
    SessionPlan,
    SessionUpdate,
    SetResult,
    Start,
    Step,
)
from glutecam.core.keeping_up import SMALLER, Lately
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.core.session import Session
from glutecam.core.sets import SourceKind
from glutecam.core.smoothing import CAUSAL
from glutecam.display.view import Image
from glutecam.errors import GlutecamError
from glutecam.web import shown
from glutecam.web.frames import NAME, BrowserFrames
from glutecam.web.picture import Packet
from glutecam.web.seats import Seat
from glutecam.web.shown_live import poses_shown, update_shown
from glutecam.web.studio import Result, Studio

__all__ = ["Begin", "LiveSession"]

_JOIN_S = 6.0

Send = Callable[[dict[str, Any] | None], None]


class Begin(BaseModel):
    """What the page asks for."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["begin"]
    exercise: Annotated[str, Field(max_length=64)]
    sides: Annotated[list[Literal["auto", "left", "right"]], Field(min_length=1, max_length=2)] = [
        "auto"
    ]
    sets: Annotated[int, Field(ge=1, le=10)] = 1
    reps: Annotated[int | None, Field(ge=1, le=100)] = None
    rest_s: Annotated[float, Field(ge=0, le=600)] = 60.0
    start: Start = Start.HAND
    delay_s: Annotated[float, Field(ge=0, le=60)] = 5.0
    strict: bool = False
    fade: bool = True
    save: bool = True

    @property
    def plan(self) -> SessionPlan:
        """What the core makes of it."""
        return SessionPlan(
            sides=tuple(Side.of(side) for side in self.sides),
            sets=self.sets,
            reps=self.reps,
            rest_s=self.rest_s,
            start=self.start,
            # Begun at once, nobody walks into place.
            delay_s=self.delay_s if self.start is Start.TIMER else 0.0,
            fade=self.fade,
        )


class LiveSession:
    """Runs in a thread of its own until it is done, closed, or told to give way.

    Parameters
    ----------
    studio : Studio
    asked : Begin
    send : callable
        Takes messages for the page, from any thread.

    Notes
    -----
    To be made in a thread where waiting holds nobody up: the programme is read from the history.

    Raises
    ------
    UnknownExerciseError
    """

    def __init__(self, studio: Studio, asked: Begin, send: Send) -> None:
        self._studio = studio
        self._asked = asked
        self._send = send
        self._exercise = studio.exercise(asked.exercise)
        self._frames = BrowserFrames()
        self._seat: Seat | None = None
        self._made_by: dict[str, Any] = {}
        # As on the desktop: what is not kept is no set of the programme.
        programme = studio.programme(self._exercise.name) if asked.save else None
        plan = replace(asked.plan, programme=programme)
        self._session = Session(self._exercise, plan, self._analyzer)
        self._thread = threading.Thread(target=self._run, name="glutecam-live", daemon=True)

    def start(self, seat: Seat) -> None:
        """Begin, on a seat that is given back at the end."""
        self._seat = seat
        self._thread.start()

    def take(self, packet: Packet) -> None:
        """Take a picture."""
        if self._seat is not None:
            self._seat.use()
        try:
            self._frames.put(packet)
        except GlutecamError as err:
            self._frames.fail(err)

    def command(self, command: Command) -> None:
        """Ask for something."""
        self._session.command(command)

    def lost(self, at_s: float, number: int) -> None:
        """Say that no pictures come any more."""
        self._frames.lost(at_s, number)

    def give_way(self) -> None:
        """End, as somebody else needs the pose model; what was done is kept."""
        text = "No picture came for a while, and another tab wanted to begin. Begin again here."
        self._send({"type": "problem", "code": "gave-way", "text": text})
        self._frames.close()

    def close(self) -> None:
        """End, and wait for it."""
        self._frames.close()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)

    def _analyzer(self, side: Side | None) -> Analyzer:
        return Analyzer(
            self._exercise,
            side=side,
            smoothing=CAUSAL,
            strict=self._asked.strict,
            finishing=pipeline.suggested,
            **self._made_by,
        )

    def _run(self) -> None:
        try:
            self._follow()
        except GlutecamError as err:
            self._send({"type": "problem", "code": "ended", "text": str(err)})
        finally:
            if self._seat is not None:
                self._studio.seats.give_back(self._seat)
            self._send({"type": "over"})

    def _follow(self) -> None:
        view = _Page(self._frames, self._exercise, self._send, self._keep)
        try:
            with self._studio.model(live=True) as model:
                faster = () if model.reduced_accuracy else (SMALLER,)
                judge = _Told(self._session, self._frames, faster)
                self._made_by = {
                    "pose_model": model.model_name,
                    "reduced_accuracy": model.reduced_accuracy,
                }
                self._send({"type": "ready", "reduced_accuracy": model.reduced_accuracy})
                pipeline.run(self._frames, model, judge, [view])
        finally:
            # Whatever ended it, what was done until then is kept.
            view.keep_new(self._session.finish())

    def _keep(self, done: SetResult) -> None:
        """Keep a set that is over, and tell the page."""
        now = datetime.now().astimezone()
        result = Result(done.assessment, self._exercise, NAME, now, SourceKind.LIVE)
        if done.ended is Ended.PAIN:
            result = replace(result, felt=result.felt.noting_the_stop())
        problem = None
        if self._asked.save and done.assessment.reps:
            try:
                result = self._studio.keep(result)
            except GlutecamError as err:
                problem = str(err)
        (name,) = self._studio.results.add(result)
        self._send(
            {
                "type": "set",
                "number": done.number,
                "ended": done.ended.value,
                "result": name,
                "kept": result.number,
                "problem": problem,
                "summary": shown.assessment_shown(done.assessment, self._exercise),
            }
        )


class _Told:
    """The judge that ``pipeline.run`` pushes to: the session, with what else is known of a frame."""

    def __init__(self, session: Session, frames: BrowserFrames, faster: tuple[str, ...]) -> None:
        self._session = session
        self._frames = frames
        self._faster = faster
        self._lately = Lately()

    def push(self, poses: PoseSeries) -> SessionUpdate:
        """Take the next frame."""
        _, facts = self._frames.about(float(poses.time_s[-1]))
        skipped = self._lately.skipped(self._frames.dropped)
        facts = replace(facts or PictureFacts(), skipped=skipped, faster=self._faster)
        return self._session.push(poses, facts)

    def finish(self) -> tuple[SetResult, ...]:
        """End what is under way."""
        return self._session.finish()


class _Page:
    """A view that tells the page, frame by frame."""

    def __init__(
        self,
        frames: BrowserFrames,
        exercise: Exercise,
        send: Send,
        keep: Callable[[SetResult], None],
    ) -> None:
        self._frames = frames
        self._exercise = exercise
        self._send = send
        self._keep = keep
        self._kept = 0
        self._done = False

    @property
    def wants_stop(self) -> bool:
        """True once the session is done."""
        return self._done

    def show(self, image: Image, poses: PoseSeries, update: Any, time_s: float) -> None:
        """Tell what this frame calls for; no picture is kept or sent."""
        number, _ = self._frames.about(time_s)
        self._frames.forget(time_s)
        self.keep_new(update.finished)
        self._done = update.step is Step.DONE
        self._send(
            {"type": "frame", "id": number, "points": poses_shown(poses)} | update_shown(update)
        )

    def keep_new(self, finished: tuple[SetResult, ...]) -> None:
        """Keep the sets that were not there before."""
        for done in finished[self._kept :]:
            self._keep(done)
        self._kept = len(finished)

    def close(self) -> None:
        """Hold nothing."""
