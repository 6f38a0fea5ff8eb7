"""When what is shown: repetitions as a row of moments, of which many frames show the same.

A repetition goes back the way it came, and a clean one looks like another clean one of the same
person. So frames share their moment, a moment is rendered once, and every frame that shows it gets
noise of its own: the pose model sees a film, and rendering costs a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from training.rotations import smooth

#: A quiet posture, or a long hold, sways to and fro between so many moments.
SWAYS, SWAY_FRAMES = 4, 5


@dataclass(frozen=True)
class Moment:
    """One distinct instant of an act.

    `part` is ``"quiet"``, ``"out"`` (into the starting position) or ``"rep"``; `share` how far it
    has got, 0 to 1 in time; `fault` what is planted; `turn` which of the sways.
    """

    part: str
    share: float = 0.0
    fault: str = ""
    turn: int = 0

    @property
    def amount(self) -> float:
        """How far the movement has got, 0 to 1, without a jerk."""
        return smooth(self.share)


@dataclass(frozen=True)
class Shown:
    """One frame: its time, what it shows, and the number of its repetition or -1."""

    time_s: float
    moment: Moment
    rep: int


@dataclass(frozen=True)
class PlannedRep:
    """One repetition, half-open, seconds, and the fault planted in it, empty where clean.

    `side` is the leg that carries, where the legs take turns.
    """

    start_s: float
    end_s: float
    fault: str
    side: str = ""


class Planned(Protocol):
    """A clip as frames and repetitions."""

    @property
    def fps(self) -> float:
        """Frames a second."""

    def frames(self) -> list[Shown]:
        """Return every frame."""

    def reps(self) -> list[PlannedRep]:
        """Return the repetitions."""


@dataclass(frozen=True)
class Pace:
    """How long each part takes, seconds; `steps` moments on the way down."""

    quiet: float = 1.8
    out: float = 0.7
    down: float = 0.75
    hold: float = 0.25
    up: float = 0.75
    pause: float = 0.25
    end: float = 0.4
    steps: int = 6


def frames_of(rows: Iterable[tuple[Moment, int]], fps: float) -> list[Shown]:
    """Return the frames of moments with the number of their repetition, so many a second."""
    return [Shown(i / fps, moment, rep) for i, (moment, rep) in enumerate(rows)]


def planned_reps(
    frames: Sequence[Shown], fps: float, faults: Sequence[str], sides: Sequence[str] = ()
) -> list[PlannedRep]:
    """Return when each repetition begins and ends, what is wrong with it, and on which side."""
    found = []
    each = zip(faults, sides or [""] * len(faults), strict=True)
    for number, (fault, side) in enumerate(each):
        times = [frame.time_s for frame in frames if frame.rep == number]
        found.append(PlannedRep(times[0], times[-1] + 1.0 / fps, fault, side))
    return found


@dataclass(frozen=True)
class Routine:
    """What is done, one entry of `faults` for each repetition.

    `haste` is how many times faster a repetition with this fault is, which otherwise looks like a
    clean one; a fault in `late` comes up in the middle of the hold.
    """

    faults: tuple[str, ...]
    pace: Pace = Pace()
    fps: float = 24.0
    haste: Mapping[str, float] = field(default_factory=dict)
    late: tuple[str, ...] = ()

    def frames(self) -> list[Shown]:
        """Return every frame."""
        rows = [(moment, -1) for moment in (*self._quiet(), *self._out())]
        for number, fault in enumerate(self.faults):
            rows += [(moment, number) for moment in self._rep(fault)]
            rows += [(Moment("rep"), -1)] * self._count(self.pace.pause)
        rows += [(Moment("rep"), -1)] * self._count(self.pace.end)
        return frames_of(rows, self.fps)

    def reps(self) -> list[PlannedRep]:
        """Return when each repetition begins and ends, and what is wrong with it."""
        return planned_reps(self.frames(), self.fps, self.faults)

    def _count(self, seconds: float) -> int:
        return round(seconds * self.fps)

    def _quiet(self) -> Iterator[Moment]:
        for index in range(self._count(self.pace.quiet)):
            yield Moment("quiet", turn=to_and_fro(index))

    def _out(self) -> Iterator[Moment]:
        for share in self._ramp(self.pace.out):
            yield Moment("out", share)

    def _ramp(self, seconds: float) -> list[float]:
        """Shares of a way of so many seconds, on the grid of moments."""
        count, steps = max(self._count(seconds), 1), self.pace.steps
        return [round((i + 1) / count * steps) / steps for i in range(count)]

    def _rep(self, fault: str) -> Iterator[Moment]:
        haste = self.haste.get(fault, 1.0)
        shown = "" if fault in self.haste else fault
        down, up = (self._ramp(s / haste) for s in (self.pace.down, self.pace.up))
        for share in down:
            yield Moment("rep", share, "" if fault in self.late else shown)
        yield from self._hold(shown, self._count(self.pace.hold / haste))
        for share in reversed(up):
            yield Moment("rep", share, shown)

    def _hold(self, fault: str, count: int) -> Iterator[Moment]:
        if fault not in self.late:
            for index in range(count):
                yield Moment("rep", 1.0, fault, to_and_fro(index))
            return
        third = count // 3
        for index in range(third):
            yield Moment("rep", 1.0, "", to_and_fro(index))
        for index in range(third):
            yield Moment("late", (index + 1) / third, fault)
        for index in range(count - 2 * third):
            yield Moment("rep", 1.0, fault, to_and_fro(index))


def to_and_fro(index: int) -> int:
    """Return the number of the sway that frame `index` of a hold shows: 0, 1, 2, 3, 2, 1, 0, ..."""
    step = index // SWAY_FRAMES % (2 * (SWAYS - 1))
    return min(step, 2 * (SWAYS - 1) - step)
