"""What comes out: Update while it happens, Assessment at the end. Values; sinks never recompute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from glutecam.core.measures import Estimate
from glutecam.core.poses import FloatArray
from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.core.filled_sheet import Sheet
    from glutecam.core.rules import OwnBands
    from glutecam.core.set_summary import SetSummary

__all__ = [
    "Assessment",
    "Band",
    "Baseline",
    "Cause",
    "Fault",
    "Finding",
    "Gate",
    "GateCode",
    "Pattern",
    "Phase",
    "Provenance",
    "Rep",
    "Side",
    "Signal",
    "Update",
    "Verdict",
    "findings_of",
    "may_hide_a_fault",
]


class Side(str, Enum):
    """The worked leg, the subject's own left or right."""

    LEFT = "left"
    RIGHT = "right"

    @classmethod
    def of(cls, side: Side | str | None) -> Side | None:
        """Return the side that was named; None for "auto", an empty text or None.

        Raises
        ------
        InputError
            Where it is none of "left", "right" and "auto".
        """
        name = side.value if isinstance(side, cls) else (side or "auto").strip().lower()
        if name == "auto":
            return None
        if name not in {member.value for member in cls}:
            raise InputError(f"'{side}' is no side. Say left, right or auto: the working leg.")
        return cls(name)


class Band(str, Enum):
    """Where a value lies, its ± taken into account.

    ``NO_FAULT`` is said of a whole repetition alone: surely no rule is a fault, and for some the ± does
    not tell good from watch.
    """

    OK = "ok"
    NO_FAULT = "no-fault"
    WATCH = "watch"
    FAULT = "fault"
    INCONCLUSIVE = "inconclusive"


class Verdict(str, Enum):
    """What a whole recording comes to."""

    FINE = "fine"
    FAULT = "fault"
    INCONCLUSIVE = "inconclusive"
    NOT_ASSESSABLE = "not assessable"


class Pattern(str, Enum):
    """How the pelvis is held over the stance leg in one repetition (CLINICAL 1.1, 3.3)."""

    NONE = "none"
    UNCOMPENSATED = "uncompensated"
    COMPENSATED = "compensated"
    MIXED = "mixed"
    UNDECIDED = "undecided"


class Phase(str, Enum):
    """What the live session is waiting for."""

    LOOKING = "looking for a person"
    HOLD_STILL = "stand still"
    READY = "ready"
    MOVING = "moving"


@dataclass(frozen=True)
class Finding:
    """One rule in one repetition.

    ``value`` ± ``half_width`` is in the rule's unit; the interval holds 90 %. ``at`` is the frame
    at which the value was reached. ``may_be`` are the bands that the interval reaches into: more
    than one where it is inconclusive, none where nothing was seen.
    """

    code: str
    value: float
    half_width: float
    band: Band
    at: int
    may_be: tuple[Band, ...] = ()

    @property
    def no_fault(self) -> bool:
        """True where the whole interval is good or watch, whichever of the two."""
        sure = self.band in (Band.OK, Band.WATCH)
        return sure or (bool(self.may_be) and Band.FAULT not in self.may_be)


@dataclass(frozen=True)
class Rep:
    """One repetition, or an attempt at one, over the frames [start, end).

    ``reason`` says why an attempt did not become a repetition; it is None for a repetition.
    ``noted`` are findings that only a published scale asks for, or whose ± is wider than any limit: they
    decide nothing else. ``as_judged`` is what older rules read in it, where these would say otherwise.
    """

    number: int
    start: int
    end: int
    start_s: float
    end_s: float
    side: Side
    findings: tuple[Finding, ...] = ()
    pattern: Pattern = Pattern.NONE
    score: float | None = None
    reason: str | None = None
    noted: tuple[Finding, ...] = ()
    as_judged: Band | None = None

    @property
    def complete(self) -> bool:
        """True for a repetition, False for an attempt."""
        return self.reason is None

    @property
    def band(self) -> Band:
        """The band that decides: a fault, else a rule that may be one, else watch, else no fault, else ok.

        Inconclusive where nothing was judged, as in an attempt.
        """
        if self.as_judged is not None:
            return self.as_judged
        found = {finding.band for finding in self.findings}
        if Band.FAULT in found:
            return Band.FAULT
        if not (found and all(finding.no_fault for finding in self.findings)):
            return Band.INCONCLUSIVE
        if Band.WATCH in found:
            return Band.WATCH
        return Band.NO_FAULT if Band.INCONCLUSIVE in found else Band.OK

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that give it its band; none where it is good or has no fault."""
        band = self.band
        if band in (Band.OK, Band.NO_FAULT):
            return ()
        unsure = band is Band.INCONCLUSIVE and self.as_judged is None
        return tuple(f for f in self.findings if f.band is band and not (unsure and f.no_fault))

    def finding(self, code: str) -> Finding | None:
        """Return what one rule found in it; None where that was not judged."""
        return next((finding for finding in self.findings if finding.code == code), None)


def may_hide_a_fault(reps: Iterable[Rep], of_set: Iterable[Finding]) -> bool:
    """Return whether a ± still reaches into a fault, in a repetition or over the whole set."""
    return any(rep.band is Band.INCONCLUSIVE for rep in reps) or any(
        found.band is Band.INCONCLUSIVE and not found.no_fault for found in of_set
    )


def findings_of(reps: Iterable[Rep], code: str) -> list[Finding]:
    """Return what one rule found in each of these repetitions in which it was judged."""
    return [found for rep in reps if (found := rep.finding(code)) is not None]


@dataclass(frozen=True)
class Fault:
    """A fault over the frames [start, end); ``rep`` is the number of its repetition."""

    code: str
    start: int
    end: int
    start_s: float
    end_s: float
    rep: int
    peak: float
    half_width: float


class GateCode(str, Enum):
    """What a gate asks for, in the order of mending it; files and texts in other languages go by the value."""

    LIGHT = "light"
    PERSON = "person"
    PICTURES_GO_ON = "pictures go on"
    ALONE = "alone"
    POSTURE = "posture"
    VIEW = "view"
    DISTANCE = "distance"
    VISIBILITY = "visibility"
    LENGTH = "length"
    FRAME_RATE = "frame rate"
    LEFT_AND_RIGHT = "left and right"
    LEVEL = "level"
    SAME_PERSON = "same person"
    CAMERA_STANDS = "camera stands"
    ONE_SHOT = "one shot"
    SHARP = "sharp"
    ONE_LEG = "one leg"
    SIDE = "side"
    UPPER_LEG = "upper leg"
    QUIET_START = "quiet start"
    REPETITIONS = "repetitions"

    def __str__(self) -> str:
        return self.value


class Cause(str, Enum):
    """Why a gate failed, where that is another reason than the one it looks for."""

    SLOW_MACHINE = "slow machine"
    LOST = "lost among others"
    INCOMPLETE = "incomplete file"


@dataclass(frozen=True)
class Gate:
    """One condition under which anything may be judged at all.

    ``cause`` is set where it failed for another reason than its own; ``instruction`` then tells of that.
    """

    code: GateCode
    name: str
    passed: bool
    measured: str
    needed: str
    instruction: str
    cause: Cause | None = None


@dataclass(frozen=True)
class Baseline:
    """The quiet posture over the frames [start, end), and each signal's value in it."""

    start: int
    end: int
    values: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Signal:
    """One measure over the whole recording, baseline subtracted where the measure says so."""

    name: str
    label: str
    unit: str
    method: str
    estimate: Estimate


@dataclass(frozen=True)
class Provenance:
    """What made the numbers: enough to read them in years to come.

    ``filter_gain`` and ``filter_lag_s`` are measured on a movement of 0.5 Hz at the recording's
    own frame rate. ``own_bands`` are edges that the user set in place of the rules' own.
    """

    glutecam: str
    ruleset: str
    pose_model: str
    reduced_accuracy: bool
    pelvis_method: str
    filter_name: str
    filter_gain: float
    filter_lag_s: float
    strict: bool
    own_bands: tuple[OwnBands, ...] = ()


@dataclass(frozen=True)
class Update:
    """What a view needs about the newest frame, nothing else.

    ``values`` maps a measure's name to (value, half-width of the 90 % interval). ``gate`` is the
    code of the gate whose instruction it is. Where ``side_known`` is False nobody asked for a leg
    and none is seen to work yet: then ``side`` only says from where the values are counted.
    """

    time_s: float
    phase: Phase
    values: Mapping[str, tuple[float, float]]
    bands: Mapping[str, Band]
    reps: int
    attempts: int
    active: tuple[str, ...] = ()
    side: Side | None = None
    side_known: bool = True
    cue: str | None = None
    finished_rep: Rep | None = None
    instruction: str | None = None
    gate: GateCode | None = None

    @classmethod
    def unjudged(cls, time_s: FloatArray) -> Update:
        """Return what there is to say of frames at these times (T) that nobody has judged."""
        newest_s = float(time_s[-1]) if len(time_s) else 0.0
        return cls(newest_s, Phase.LOOKING, {}, {}, reps=0, attempts=0)


@dataclass(frozen=True, eq=False)
class Assessment:
    """The whole judgement of one recording.

    Attributes
    ----------
    exercise : str
        Name of the exercise.
    verdict : Verdict
        ``not assessable`` where a gate failed; then ``instruction`` says what to change first.
    reps, attempts : tuple of Rep
        Repetitions that were completed, and those that were not.
    faults : tuple of Fault
        Runs of frames in which a rule is broken beyond its doubt.
    findings : tuple of Finding
        What only the set as a whole can show; that of repetitions is in them.
    score : float or None
        Over the repetitions in which every rule could be decided; of all: ``scoring.score_range``.
    coverage : float
        Share of frames in which what the rules need was seen, 0 to 1.
    time_s : (T,)
        Seconds of every frame.
    signals : mapping of str to Signal
        By the measure's name, each (T,).
    sheets : tuple of Sheet
        The published scales of the exercise, filled in for each side that worked.
    summary : SetSummary or None
        Patterns, sides, fatigue and depth over the set; None where nothing was judged.
    likelier : tuple of str
        Names of the exercises that a refused recording looks more like; its instruction says so too.
    """

    exercise: str
    verdict: Verdict
    instruction: str | None
    gates: tuple[Gate, ...]
    sides: tuple[Side, ...]
    reps: tuple[Rep, ...]
    attempts: tuple[Rep, ...]
    faults: tuple[Fault, ...]
    score: float | None
    coverage: float
    baseline: Baseline | None
    time_s: FloatArray
    signals: Mapping[str, Signal]
    provenance: Provenance
    warnings: tuple[str, ...] = field(default=())
    sheets: tuple[Sheet, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    summary: SetSummary | None = None
    likelier: tuple[str, ...] = ()

    @property
    def refused_by(self) -> Gate | None:
        """The first gate that failed, whose instruction is told; None where all passed."""
        return next((gate for gate in self.gates if not gate.passed), None)

    def refused_with(self, why: str, cause: Cause | None = None) -> Assessment:
        """Return it with other words for the gate that refused it: what is to be done, and its true cause."""
        refused = self.refused_by
        gates = (
            replace(gate, instruction=why, cause=cause) if gate is refused else gate
            for gate in self.gates
        )
        return replace(self, gates=tuple(gates), instruction=why)
