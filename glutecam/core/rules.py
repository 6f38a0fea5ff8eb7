"""What an exercise is: Cycle, FrameRule, RepRule, Exercise. Frozen, and checked on construction.

A rule is its own documentation: ``explain``, the docs page and the report's legend are printed
from it, so a cue is worded in one place only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from glutecam.core.drawing import Drawing
from glutecam.core.measures import Measure
from glutecam.core.rep_signals import RepSignals
from glutecam.core.scales import Scale
from glutecam.core.sides import STANDING_LEG, WorkedLeg

__all__ = [
    "Bands",
    "Cycle",
    "Dosage",
    "Exercise",
    "FrameRule",
    "OwnBands",
    "PatternRule",
    "Posture",
    "RepRule",
    "Rule",
    "Start",
    "View",
]


class View(str, Enum):
    """From where the camera looks at the subject."""

    FRONTAL = "front or back"
    FRONT = "front"
    FEET = "feet"


class Posture(str, Enum):
    """How the subject is placed."""

    STANDING = "standing"
    SIDE_LYING = "lying on the side"
    SUPINE = "lying on the back"


class Start(str, Enum):
    """The quiet posture from which changes are counted."""

    BOTH_FEET = "standing still on both feet"
    SET_UP = "still in the set-up position"
    NONE = "none: angles are those of the picture, so the camera must be level"


@dataclass(frozen=True)
class Bands:
    """Edges of a measure: at most ``ok`` is fine, above ``fault`` is a fault, between is watch."""

    ok: float
    fault: float

    def __post_init__(self) -> None:
        if not self.ok <= self.fault:
            raise ValueError(f"bands must rise: ok {self.ok} > fault {self.fault}")


@dataclass(frozen=True)
class Cycle:
    """One repetition: the measure rises above ``enter`` and comes back below ``leave``.

    It starts where the measure last rose above ``leave``. Shorter than ``min_s`` or longer than
    ``max_s`` is an attempt, not a repetition. A posture that is held is a cycle with ``hold_s``:
    once it was seen for that long, it counts wherever the recording begins or ends.
    ``rest_quantile`` is where the measure rests, for counting where nobody stood still.
    ``compare_at`` is the level at which repetitions are compared with each other, beside the deepest
    that all of them reach; without one they are not compared.
    ``still`` asks for somebody who does not move: a hold ends where they do.
    """

    measure: Measure
    enter: float
    leave: float
    min_s: float
    max_s: float
    rest_quantile: float = 0.95
    hold_s: float | None = None
    compare_at: float | None = None
    still: bool = False

    def __post_init__(self) -> None:
        if not (self.leave < self.enter and 0 < self.min_s < self.max_s):
            raise ValueError("a cycle needs leave < enter and 0 < min_s < max_s")
        if self.hold_s is not None and not self.min_s <= self.hold_s < self.max_s:
            raise ValueError("a hold lasts between min_s and max_s")


@dataclass(frozen=True)
class FrameRule:
    """A fault that lasts: the measure stays above a band for at least ``min_s``.

    ``evidence`` names the source of the bands, or says that they are our own proposal.
    ``strict`` are the bands of ``--strict``. ``share`` of the measure's deviation is that of the held
    level which the rule reads, where its errors were measured by themselves (benchmarks/exercises.py).
    """

    code: str
    name: str
    measure: Measure
    bands: Bands
    min_s: float
    cue: str
    why: str
    evidence: str
    strict: Bands | None = None
    share: float = 1.0

    @property
    def needs(self) -> tuple[Measure, ...]:
        """The measures the rule reads."""
        return (self.measure,)

    @property
    def unit(self) -> str:
        """Unit of the value the rule reports."""
        return self.measure.unit


@dataclass(frozen=True)
class RepRule:
    """A fault of a whole repetition or set: a number outside ``bounds`` by more than ``margin``.

    ``of`` returns (value, standard deviation, frame within the repetition).
    """

    code: str
    name: str
    unit: str
    needs: tuple[Measure, ...]
    of: Callable[[RepSignals], tuple[float, float, int]] = field(repr=False)
    bounds: tuple[float, float]
    margin: float
    cue: str
    why: str
    evidence: str

    def __post_init__(self) -> None:
        low, high = self.bounds
        if not (low <= high and self.margin >= 0):
            raise ValueError(f"{self.code}: bounds must rise and the margin must not be negative")

    @cached_property
    def distance(self) -> Bands:
        """The bands of the distance outside ``bounds``."""
        return Bands(0.0, self.margin)


Rule = FrameRule | RepRule


@dataclass(frozen=True)
class OwnBands:
    """The edges of one rule that the user has set, by name, and those it has of itself.

    ``strict``, ``strict_edges`` are the same under ``--strict``, where they are others.
    """

    code: str
    edges: tuple[tuple[str, float], ...]
    default: tuple[tuple[str, float], ...]
    strict: tuple[tuple[str, float], ...] = ()
    strict_edges: tuple[tuple[str, float], ...] = ()

    def judged(self, strict: bool) -> OwnBands:
        """Return what was set with the edges that it stood in for in one way of judging."""
        narrow = strict and self.strict
        pair = (self.strict_edges, self.strict) if narrow else (self.edges, self.default)
        return OwnBands(self.code, *pair)


@dataclass(frozen=True)
class PatternRule:
    """Which rules tell an uncompensated from a compensated pattern (CLINICAL 3.3)."""

    drop: str
    compensations: tuple[str, ...]


@dataclass(frozen=True)
class Dosage:
    """How much is done: sets of repetitions, or of seconds held.

    Attributes
    ----------
    sets : int
    least, most : int
        Of ``unit`` in one set, on each side where the sides are trained one after the other.
    unit : str
        What is counted.
    evidence : str
        Where the numbers come from, with its tags.
    load : str
        What may make it heavier, once it is clean; nothing where it stays as it is.
    """

    sets: int
    least: int
    most: int
    evidence: str
    unit: str = "repetitions"
    load: str = ""

    def __post_init__(self) -> None:
        if not (self.sets > 0 and 0 < self.least <= self.most):
            raise ValueError("a dosage needs at least one set, and 0 < least <= most")


@dataclass(frozen=True)
class Exercise:
    """One exercise: data only.

    Attributes
    ----------
    leg : WorkedLeg
        How the worked leg is told; ``worked_leg`` is its name for people.
    start : Start
        From which quiet posture changes are counted.
    cycle : Cycle
        What one repetition, or one hold, is.
    rules : tuple of Rule
        What is judged in each of them, most important first.
    of_set : tuple of RepRule
        What is judged in the set as a whole; their ``of`` reads ``RepSignals.reps``.
    also : tuple of Measure
        Reported over time and judged by no rule. They read the picture alone, and are worked out
        once, at the end.
    easier, harder : tuple of str
        Names of the neighbouring exercises.
    noted : tuple of Rule
        What only a published scale asks for, or what the ± is too wide for (docs/adr/0017): it decides
        neither a repetition nor the verdict, and is worked out at the end too.
    unjudged : str
        What is only noted because its ± is wider than its limits, and how to check it without a
        camera; said with every result.
    scales : tuple of Scale
        The published scales that are filled in; where there is none, ``no_scale`` says so.
    named : str
        What it is called within a sentence, where "a" and the title in small letters would be wrong.
    own_bands : tuple of OwnBands
        What the user changed about the rules; made by ``core/own_bands.py``, never written here.

    Raises
    ------
    ValueError
        On construction, where two rules share a code, the pattern or a scale names a missing rule,
        or nothing is said about published scales.
    """

    name: str
    title: str
    summary: str
    view: View
    posture: Posture
    worked_leg: str
    setup: str
    cycle: Cycle
    rules: tuple[Rule, ...]
    praise: str
    cannot_see: str
    pattern: PatternRule | None = None
    min_fps: float = 24.0
    also: tuple[Measure, ...] = ()
    noted: tuple[Rule, ...] = ()
    unjudged: str = ""
    scales: tuple[Scale, ...] = ()
    no_scale: str = ""
    leg: WorkedLeg = STANDING_LEG
    start: Start = Start.BOTH_FEET
    of_set: tuple[RepRule, ...] = ()
    dosage: Dosage | None = None
    easier: tuple[str, ...] = ()
    harder: tuple[str, ...] = ()
    drawing: Drawing | None = None
    named: str = ""
    own_bands: tuple[OwnBands, ...] = ()

    def __post_init__(self) -> None:
        codes = [rule.code for rule in self.all_rules]
        if len(set(codes)) != len(codes):
            raise ValueError(f"{self.name}: two rules share a code")
        wanted = {self.pattern.drop, *self.pattern.compensations} if self.pattern else set()
        if not wanted <= {rule.code for rule in self.rules}:
            raise ValueError(f"{self.name}: the pattern names a rule that is not there")
        asked = {code for scale in self.scales for code in scale.rules}
        if not asked <= set(codes):
            raise ValueError(f"{self.name}: a scale names a rule that is not there")
        if bool(self.scales) is bool(self.no_scale):
            raise ValueError(f"{self.name}: give scales, or say in no_scale why there is none")

    @property
    def in_a_sentence(self) -> str:
        """What it is called within a sentence, with its article where it has one."""
        return self.named or f"a {self.title.lower()}"

    @property
    def scale(self) -> str:
        """What is published to rate it by, in words without a full stop."""
        return "; ".join(scale.title for scale in self.scales) or self.no_scale

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure that the cycle and the rules read, once, in order."""
        wanted = [self.cycle.measure] + [m for rule in self.every_rule for m in rule.needs]
        return tuple(dict.fromkeys(wanted))

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """The rules of a repetition and those of the set."""
        return (*self.rules, *self.of_set)

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Those that judge, and those that are only noted."""
        return (*self.every_rule, *self.noted)

    @property
    def leading(self) -> Rule:
        """The rule about what the exercise trains: that of the pattern, else the first.

        Set, history, page and left against right all lead with it.
        """
        return self.rule(self.pattern.drop) if self.pattern else self.rules[0]

    def rule(self, code: str) -> Rule:
        """Return the rule with this code, judged or noted."""
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> Mapping[str, Rule]:
        return {rule.code: rule for rule in self.all_rules}
