"""The values of a live session: what is planned, what can be asked of it, what it shows.

Nothing here reads a clock, a camera or a key: seconds are those of the frames, and the desktop
window and the browser are two ways of showing the same ``SessionUpdate``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from glutecam.core.assessment import Assessment, Side, Update
from glutecam.core.keeping_up import FASTER
from glutecam.core.poses import PoseSeries
from glutecam.core.programme import Programme
from glutecam.core.session_wording import Message

__all__ = [
    "NOT_MEASURED",
    "Command",
    "Ended",
    "Fading",
    "PictureFacts",
    "SessionPlan",
    "SessionUpdate",
    "SetResult",
    "Start",
    "Step",
    "Tick",
    "Tone",
]

NOT_MEASURED = "not measured"


class Start(str, Enum):
    """How a session begins, without touching anything."""

    HAND = "hand"
    """Set-up check, then a hand above the head for two seconds."""
    TIMER = "timer"
    """Set-up check while ``delay_s`` runs down; then as soon as every tick is there."""
    NOW = "now"
    """No set-up check and no gestures: every frame is judged, after ``delay_s`` if there is one."""


class Step(str, Enum):
    """Where a session is."""

    SETUP = "setup"
    READY = "ready"
    COUNTDOWN = "countdown"
    BASELINE = "baseline"
    REPS = "reps"
    REST = "rest"
    PAUSED = "paused"
    SUMMARY = "summary"
    DONE = "done"


class Command(str, Enum):
    """What a key or a button asks for; a raised hand means START, NEXT or END_SET by the step.

    START begins without waiting for the ticks, ends a rest and a pause. NEXT goes on from any
    step: it ends a set or a rest. PAIN ends the set and the session.
    """

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    PAIN = "pain"
    QUIT = "quit"


class Tone(str, Enum):
    """A short sound; what it sounds like is in ``core/sound.py``."""

    TICK = "tick"
    GO = "go"
    CLEAN = "clean"
    END = "end"
    LOST = "lost"


class Fading(str, Enum):
    """How much feedback is left, as the person masters the movement (CLINICAL 6.3)."""

    EVERY = "every"
    ALTERNATE = "alternate"
    SUMMARY = "summary"


class Ended(str, Enum):
    """Why a set ended."""

    REPS = "reps"
    HAND = "hand"
    ASKED = "asked"
    FAULTS = "faults"
    PAIN = "pain"
    CUT = "cut"
    """The source ended, or the session was closed in the middle."""


@dataclass(frozen=True)
class PictureFacts:
    """What the landmarks do not tell of a frame.

    Attributes
    ----------
    brightness : float or None
        Mean luma of the picture, 0 (black) to 1 (white); None where nobody looked.
    lost : bool
        There is no picture: the camera is gone. The frame only tells the time.
    skipped : float
        Share of the last pictures that came and were left out, because the machine is too slow.
    faster : tuple of str
        What would make it faster and was not done yet.
    """

    brightness: float | None = None
    lost: bool = False
    skipped: float = 0.0
    faster: tuple[str, ...] = FASTER


@dataclass(frozen=True)
class SessionPlan:
    """What a session should be.

    Attributes
    ----------
    sides : tuple of Side or None
        The worked leg of each side that is trained, in order; None finds it out. Of two entries
        a None after a set is the other leg than the one before.
    sets : int
        For each side; the sides take turns.
    reps : int or None
        After so many a set ends; None goes on until somebody ends it.
    rest_s, switch_s : float
        Between two sets, and between two sides of one set. Our proposals [P].
    start : Start
    delay_s : float
        Seconds from the first frame, where a timer or nothing else is waited for.
    countdown_s : float
        Seconds after a raised hand, to lower it again.
    summary_s : float
        How long the summary stays before the session is done.
    fade : bool
        Whether cues become rarer as repetitions become clean.
    programme : Programme or None
        Ends a set after as many faulty repetitions in a row as it says.

    Raises
    ------
    ValueError
        On construction, where there is no side, no set or no repetition, or a time is negative.
    """

    sides: tuple[Side | None, ...] = (None,)
    sets: int = 1
    reps: int | None = None
    rest_s: float = 60.0
    switch_s: float = 15.0
    start: Start = Start.HAND
    delay_s: float = 0.0
    countdown_s: float = 3.0
    summary_s: float = 20.0
    fade: bool = True
    programme: Programme | None = None

    def __post_init__(self) -> None:
        if not self.sides or self.sets < 1 or (self.reps is not None and self.reps < 1):
            raise ValueError("a session needs a side, a set and a repetition")
        times = (self.rest_s, self.switch_s, self.delay_s, self.countdown_s, self.summary_s)
        if not all(time >= 0 for time in times):
            raise ValueError("the times of a session must not be negative")

    @property
    def total(self) -> int:
        """How many sets there are, both sides counted."""
        return self.sets * len(self.sides)

    def side_of(self, number: int, last: Side | None) -> Side | None:
        """Return the leg of a set, counted from 1; ``last`` is the leg of the set before."""
        side = self.sides[(number - 1) % len(self.sides)]
        if side is None and len(self.sides) > 1 and last is not None:
            return Side.LEFT if last is Side.RIGHT else Side.RIGHT
        return side

    def pause_s(self, number: int) -> float:
        """Return how long to rest after this set: less where only the side changes."""
        return self.rest_s if number % len(self.sides) == 0 else self.switch_s


@dataclass(frozen=True)
class Tick:
    """One line of the set-up check.

    Attributes
    ----------
    code : str
        That of the gate, or ``frame``, ``height``, ``light``.
    name : Message
        What is wanted.
    passed : bool or None
        None where it is not known yet.
    measured : str
        The number behind it, in words; for those who want to know.
    do : Message or None
        What to do where it is not passed.
    """

    code: str
    name: Message
    passed: bool | None
    measured: str = ""
    do: Message | None = None

    @property
    def is_measured(self) -> bool:
        """False for what nobody but the person can see to; it is never waited for."""
        return self.measured != NOT_MEASURED


@dataclass(frozen=True, eq=False)
class SetResult:
    """One set that is over.

    Attributes
    ----------
    number : int
        From 1.
    side : Side or None
        The leg that was asked for.
    ended : Ended
    ended_s : float
        Seconds of the frame with which it ended.
    assessment : Assessment
    """

    number: int
    side: Side | None
    ended: Ended
    ended_s: float
    assessment: Assessment


@dataclass(frozen=True)
class SessionUpdate(Update):
    """What a view needs about the newest frame of a session: the analyzer's Update, and more.

    Outside a set the fields of ``Update`` are empty; ``cue`` is the one that is shown now.

    Attributes
    ----------
    step : Step
    set_number, sets : int
        The set that is under way or comes next, from 1, and how many there are.
    next_side : Side or None
        The leg that is asked for in it; None where it is found out.
    ticks : tuple of Tick
        Of the set-up check; empty outside it.
    message : Message or None
        The one thing to do or to know now, to be shown large.
    speak : Message or None
        To be spoken, at this frame; None most of the time.
    shown_cue : Message or None
        ``cue`` with its key.
    tone : Tone or None
        To be sounded, at this frame.
    pitch_hz : float or None
        Of the tone that follows the pelvis, where that is wanted; None is silence.
    countdown_s : float or None
        Seconds left of whatever runs down.
    hand : float
        Share of the two seconds for which a hand has been up, 0 to 1.
    reps_left : int or None
    fading : Fading
    withheld : bool
        In this repetition nothing is shown but the count: neither numbers nor colours.
    judged : PoseSeries or None
        What the set's analyzer was told at this frame: these landmarks, and no others, are the set.
    judged_set : int
        Number of the set that ``judged`` belongs to, 0 where there is none.
    judged_skipped : float
        Share of the pictures of that set until now that came and were not looked at, 0 to 1.
    finished : tuple of SetResult
        All sets that are over.
    """

    step: Step = Step.SETUP
    set_number: int = 1
    sets: int = 1
    next_side: Side | None = None
    ticks: tuple[Tick, ...] = ()
    message: Message | None = None
    speak: Message | None = None
    shown_cue: Message | None = None
    tone: Tone | None = None
    pitch_hz: float | None = None
    countdown_s: float | None = None
    hand: float = 0.0
    reps_left: int | None = None
    fading: Fading = Fading.EVERY
    withheld: bool = False
    judged: PoseSeries | None = None
    judged_set: int = 0
    judged_skipped: float = 0.0
    finished: tuple[SetResult, ...] = ()
