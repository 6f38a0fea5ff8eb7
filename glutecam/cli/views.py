"""Views that belong to the command line: ends, progress, annotated video, what is said in text."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from glutecam.cli.terminal import note, progress_bar
from glutecam.core.assessment import GateCode, Rep, Update
from glutecam.core.coaching import SessionUpdate, Step
from glutecam.core.poses import PoseSeries
from glutecam.core.wording import BAND_WORDS
from glutecam.display.view import Image, View
from glutecam.errors import GlutecamError

if TYPE_CHECKING:
    from glutecam.display.captioned import Captioned
    from glutecam.display.faces import Faces
    from glutecam.display.overlay import Overlay
    from glutecam.display.recording import VideoWriter
    from glutecam.records.keyframes import KeyFrames
    from glutecam.records.recorder import PoseRecorder

__all__ = [
    "CtrlC",
    "DrawnVideo",
    "EachSet",
    "FacesHidden",
    "Pictures",
    "ProgressView",
    "StopWhen",
    "TextCoach",
    "Tolerated",
    "WhenDone",
]

QUARTER = 0.25
SAY_AGAIN_S = 10.0


class _Quiet:
    """A view that never asks to stop and holds nothing."""

    @property
    def wants_stop(self) -> bool:
        """Never."""
        return False

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Hold nothing."""


class CtrlC(_Quiet):
    """Ends the session after the frame at hand when Ctrl-C is pressed; a second one aborts.

    Use it in a ``with`` on the main thread; elsewhere it does nothing.
    """

    def __init__(self) -> None:
        self.pressed = False
        self._before: Any = None

    @property
    def wants_stop(self) -> bool:
        """True once Ctrl-C was pressed."""
        return self.pressed

    def __enter__(self) -> CtrlC:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _press(self, number: int, frame: FrameType | None) -> None:
        self.pressed = True
        signal.signal(signal.SIGINT, signal.default_int_handler)


class StopWhen(_Quiet):
    """Ends the session after so many seconds, counted from the first frame that is judged."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = seconds
        self._from_s: float | None = None
        self._reached = False

    @property
    def wants_stop(self) -> bool:
        """True once they are over."""
        return self._reached

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Look at the clock."""
        waiting = isinstance(update, SessionUpdate) and update.judged is None
        if self._from_s is None and not waiting:
            self._from_s = time_s if isinstance(update, SessionUpdate) else 0.0
        if self._seconds is not None and self._from_s is not None:
            self._reached = time_s - self._from_s >= self._seconds


class WhenDone(_Quiet):
    """Ends with the session itself: after its last set, and after its summary was shown."""

    def __init__(self) -> None:
        self._done = False

    @property
    def wants_stop(self) -> bool:
        """True once the session is done."""
        return self._done

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Look at the step."""
        self._done = isinstance(update, SessionUpdate) and update.step is Step.DONE


class ProgressView(_Quiet):
    """How far a file is: a bar in a terminal, a line per quarter elsewhere."""

    def __init__(self, what: str, frames: int | None) -> None:
        self._what = what
        self._frames = frames
        self._done = 0
        self._told = QUARTER
        self._began_s = time.monotonic()
        self._bar = progress_bar()
        if self._bar is not None:
            self._task = self._bar.add_task(what, total=frames, more="")
            self._bar.start()

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Count one more frame."""
        self._done += 1
        if self._bar is not None:
            rate = self._done / max(time.monotonic() - self._began_s, 1e-3)
            self._bar.update(self._task, completed=self._done, more=f"{rate:.0f} frames/s")
        elif self._frames and self._done >= self._told * self._frames:
            note(f"{self._what}: {self._told:.0%}")
            self._told += QUARTER

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()


class DrawnVideo(_Quiet):
    """Writes every frame, drawn on, to a video."""

    def __init__(self, overlay: Captioned, writer: VideoWriter) -> None:
        self._overlay = overlay
        self._writer = writer

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Draw and write one frame."""
        self._writer.write(self._overlay.draw(image, poses, update), time_s)


class FacesHidden(_Quiet):
    """Shows other views every frame without faces; with None for ``faces``, as it is."""

    def __init__(self, faces: Faces | None, views: Sequence[View]) -> None:
        self._faces = faces
        self._views = views

    @property
    def wants_stop(self) -> bool:
        """True where one of them wants to."""
        return any(view.wants_stop for view in self._views)

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Hide the faces, then show the rest."""
        shown = image if self._faces is None else self._faces.hidden(image, poses)
        for view in self._views:
            view.show(shown, poses, update, time_s)


class Tolerated(_Quiet):
    """Shows another view every frame until it fails, which must not cost the rest.

    Parameters
    ----------
    view : View
    tell : callable
        Told what it failed with, once.
    enough : callable
        Whether nobody else needs the frames any more: then the session ends with the view.
    """

    def __init__(
        self, view: View, tell: Callable[[GlutecamError], None], enough: Callable[[], bool]
    ) -> None:
        self._view = view
        self._tell = tell
        self._enough = enough
        self._failed = False

    @property
    def wants_stop(self) -> bool:
        """True where the rest of the frames would be for nobody."""
        return self._failed and self._enough()

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Hand the frame on while that works."""
        if self._failed:
            return
        try:
            self._view.show(image, poses, update, time_s)
        except GlutecamError as err:
            self._failed = True
            self._tell(err)


class Pictures(_Quiet):
    """Keeps the frames that reports show; alone, it ends the session when it has them all.

    Parameters
    ----------
    overlay : Overlay
    keyframes : mapping of int to KeyFrames
        Of every set, by the number of its first frame, from which it counts.
    alone : bool
    """

    def __init__(self, overlay: Overlay, keyframes: Mapping[int, KeyFrames], alone: bool) -> None:
        self._overlay = overlay
        self._keyframes = keyframes
        self._alone = alone
        self._index = 0

    @property
    def complete(self) -> bool:
        """True once it has them all."""
        return all(keyframes.complete for keyframes in self._keyframes.values())

    @property
    def wants_stop(self) -> bool:
        """True where nobody else needs the rest of the video."""
        return self._alone and self.complete

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Keep this frame if it is wanted."""
        for first, keyframes in self._keyframes.items():
            if self._index - first in keyframes.wanted:
                drawn = self._overlay.draw(image, poses, update)
                keyframes.show(self._index - first, drawn)
        self._index += 1


class EachSet(_Quiet):
    """Hands the landmarks that a set was judged by to a recorder of that set.

    Parameters
    ----------
    opened : callable
        Makes the recorder of a set, by its number from 1.
    """

    def __init__(self, opened: Callable[[int], PoseRecorder]) -> None:
        self._opened = opened
        self._number = 0
        self._recorder: PoseRecorder | None = None

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Keep what was judged at this frame."""
        if not isinstance(update, SessionUpdate) or update.judged is None:
            return
        if self._recorder is None or self._number != update.judged_set:
            self.close()
            self._number = update.judged_set
            self._recorder = self._opened(self._number)
        self._recorder.append(update.judged, update.judged_skipped)

    def close(self) -> None:
        """Write what the last set was judged by."""
        if self._recorder is not None:
            self._recorder.close()


class TextCoach(_Quiet):
    """Says in the terminal what a window would show: repetitions, cues, what to do first."""

    def __init__(self) -> None:
        self._said = ""
        self._said_s = float("-inf")

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Say what is new."""
        rep = update.finished_rep
        if rep is not None:
            note(f"{time_s:6.1f} s  {_told(rep, update)}")
        key, words = _now(update)
        stale = key != self._said or time_s - self._said_s > SAY_AGAIN_S
        if words and stale:
            note(f"{time_s:6.1f} s  {words}")
            self._said, self._said_s = key, time_s


def _now(update: Update) -> tuple[str, str]:
    """Return a key and the words of what stands there now; numbers that run down keep their key."""
    if update.gate is GateCode.FRAME_RATE:
        # A machine that is too slow: said when it began, with all that would help.
        return "", ""
    words = update.cue or update.instruction or ""
    if isinstance(update, SessionUpdate) and update.step is Step.PAUSED:
        # What the set's last frame asked for is not what keeps it waiting.
        words = ""
    if words or not isinstance(update, SessionUpdate) or update.message is None:
        return words, words
    return update.message.key, update.message.english


def _told(rep: Rep, update: Update) -> str:
    if rep.complete:
        return f"repetition {update.reps}: {BAND_WORDS[rep.band]}"
    return f"not counted: {rep.reason}"
