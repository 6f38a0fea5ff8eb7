"""What the sets say about the programme: train or rest, a step on or back. No clock, no storage.

Nothing here changes anything: a step is offered, the user confirms it. The two sides are counted
apart and the weaker one decides. A repetition that could not be told never speaks for a step on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from glutecam.core.assessment import Band, Side
from glutecam.core.dates import lies_ahead
from glutecam.core.programme import Limit, Programme, Rung, Standing
from glutecam.core.progress_kinds import Condition, Move, Now, Reason
from glutecam.core.sets import SESSION_GAP, Session, SetRecord, sessions_of

__all__ = [
    "Check",
    "Condition",
    "Decision",
    "Move",
    "Now",
    "Reason",
    "SideCount",
    "Today",
    "Week",
    "decide",
    "full_sets",
    "set_should_end",
    "today",
    "weeks",
]

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Check:
    """One condition for a step on: what was found, what is needed."""

    condition: Condition
    met: bool
    found: float
    needed: float


@dataclass(frozen=True)
class SideCount:
    """The repetitions of one side."""

    side: Side
    bands: Mapping[Band, int]

    @property
    def reps(self) -> int:
        """All of them."""
        return sum(self.bands.values())

    def share(self, band: Band) -> float:
        """Return the share in this band, 0 without repetitions."""
        return self.bands.get(band, 0) / self.reps if self.reps else 0.0

    @property
    def badness(self) -> tuple[float, float, float]:
        """Higher is weaker."""
        return (
            self.share(Band.FAULT), self.share(Band.INCONCLUSIVE), self.share(Band.WATCH)
        )  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """What is offered, and everything it hangs on.

    Attributes
    ----------
    to : Rung or None
        Where the step would lead; None where there is none.
    sides : tuple of SideCount
        Over the sessions that were looked at.
    weaker : Side or None
        None where the sides do not differ, or one of them was not trained.
    """

    move: Move
    reason: Reason
    to: Rung | None
    checks: tuple[Check, ...]
    sides: tuple[SideCount, ...]
    weaker: Side | None


@dataclass(frozen=True)
class Today:
    """What to do now.

    Attributes
    ----------
    until : datetime or None
        The end of the rest.
    left : mapping of Side to int
        Sets that are still to do in this session.
    pained : datetime or None
        When the last set with pain above the limit was done, where that was before the programme
        or the present step began and still counts.
    ahead : int
        Sets dated later than now; they count for nothing.
    """

    now: Now
    until: datetime | None
    left: Mapping[Side, int]
    sessions_in_week: int
    decision: Decision
    pained: datetime | None = None
    ahead: int = 0


@dataclass(frozen=True)
class Week:
    """One week of the programme; sets that were refused are no session, and counted apart."""

    number: int
    began: datetime
    sessions: int
    reps: int
    bands: Mapping[Band, int]
    is_now: bool
    refused: int = 0


def set_should_end(programme: Programme, bands: Sequence[Band]) -> bool:
    """Say whether the last repetitions had so many faults in a row that the set should end.

    Parameters
    ----------
    programme : Programme
    bands : sequence of Band
        Of the repetitions so far.
    """
    last = list(bands[-_count(programme.limits.faults_end_set) :])
    enough = len(last) == _count(programme.limits.faults_end_set)
    return enough and all(band is Band.FAULT for band in last)


def full_sets(programme: Programme, rung: Rung, sets: Sequence[SetRecord]) -> dict[Side, int]:
    """Return each side's whole sets, of the exercise of the level that is most complete.

    A set is whole for a side that has as many repetitions in it as the rung asks for.
    """
    counts = {
        choice.name: {side: _whole(rung, choice.name, side, sets) for side in Side}
        for choice in programme.level(rung).exercises
    }
    return max(counts.values(), key=lambda sides: (min(sides.values()), sum(sides.values())))


def decide(
    programme: Programme, standing: Standing, sets: Sequence[SetRecord], now: datetime
) -> Decision:
    """Return whether a step on or back is due.

    Parameters
    ----------
    programme : Programme
    standing : Standing
    sets : sequence of SetRecord
        Of one subject; those from before the rung was taken are left out. Of a set that was
        refused only the pain counts.
    now : datetime
        With its offset from UTC; a set dated later is left out, so that it cannot hide pain.
    """
    since = [record for record in _by(now, sets) if record.done >= standing.since]
    ours = sessions_of([s for s in _counted(since) if programme.belongs(s, standing.rung)])
    looked_at = _last(ours, programme.limits.sessions_to_progress)
    checks = _checks(programme, standing.rung, looked_at)
    sides = _sides([record for session in looked_at for record in session.sets])
    move, reason = _move(programme, checks, sessions_of(since), ours)
    by = {Move.PROGRESS: 1, Move.REGRESS: -1}.get(move)
    to = programme.beside(standing.rung, by) if by else None
    if move is Move.PROGRESS and to is None:
        move, reason = Move.HOLD, Reason.TOP
    if move is Move.REGRESS and to is None:
        move = Move.HOLD
    return Decision(move, reason, to, checks, sides, _weaker(sides))


def today(
    programme: Programme, standing: Standing, sets: Sequence[SetRecord], now: datetime
) -> Today:
    """Return what to do now.

    Parameters
    ----------
    programme : Programme
    standing : Standing
    sets : sequence of SetRecord
        All of one subject, of whatever exercise: rest is rest from all of them.
    now : datetime
        With its offset from UTC.
    """
    until_now = _by(now, sets)
    sessions = sessions_of(_counted(until_now))
    decision = decide(programme, standing, until_now, now)
    in_week = [session for session in sessions if now - session.began < _WEEK]
    current = sessions[-1] if sessions and now - sessions[-1].ended < SESSION_GAP else None
    done = full_sets(programme, standing.rung, current.sets if current else ())
    left = {side: max(0, standing.rung.sets - count) for side, count in done.items()}
    pained = _pained_before(programme, standing, until_now, now)
    what, until = _now(programme, decision, sessions, current, in_week, left, now)
    if pained:
        what, until = Now.STOP, None
    ahead = sum(lies_ahead(record.done, now) for record in sets)
    return Today(what, until, left, len(in_week), decision, pained, ahead)


def weeks(
    programme: Programme, standing: Standing, sets: Sequence[SetRecord], now: datetime
) -> list[Week]:
    """Return every week of the programme, those to come too, and further ones as they pass."""
    passed = int((now - standing.started) / _WEEK) if now > standing.started else 0
    last = max(_count(programme.limits.most_weeks), passed + 1)
    done = _by(now, sets)
    return [_week(standing.started, number, done, number == passed) for number in range(last)]


def _week(started: datetime, number: int, sets: Sequence[SetRecord], is_now: bool) -> Week:
    began = started + number * _WEEK
    inside = [record for record in sets if began <= record.done < began + _WEEK]
    bands = Counter(band for record in inside for band in record.bands())
    sessions, refused = len(sessions_of(_counted(inside))), len(inside) - len(_counted(inside))
    return Week(number + 1, began, sessions, sum(bands.values()), bands, is_now, refused)


def _by(now: datetime, sets: Sequence[SetRecord]) -> list[SetRecord]:
    return [record for record in sets if record.done <= now]


def _counted(sets: Sequence[SetRecord]) -> list[SetRecord]:
    return [record for record in sets if record.counts]


def _pained_before(
    programme: Programme, standing: Standing, until_now: Sequence[SetRecord], now: datetime
) -> datetime | None:
    """Return when the last session had too much pain, if no step back can answer it any more.

    Pain from before the programme began is answered only with time: seven days, the span in which
    sessions are counted, or a session that went better. Later pain is answered with a step back;
    once that is confirmed, the session in which it hurt is over all the same.
    """
    last = [one for one in sessions_of(until_now)[-1:] if now - one.ended < _WEEK]
    goes_on = any(now - one.ended < SESSION_GAP for one in last)
    answered = standing.since if goes_on else standing.started
    before = [record for one in last for record in one.sets if record.done < answered]
    limit = programme.limits.pain_to_stop.value
    # The set that had it, not the last of its session.
    hurt = [record for record in before if (record.felt.worst_pain or 0) > limit]
    return hurt[-1].done if hurt else None


def _now(
    programme: Programme,
    decision: Decision,
    sessions: Sequence[Session],
    current: Session | None,
    in_week: Sequence[Session],
    left: Mapping[Side, int],
    now: datetime,
) -> tuple[Now, datetime | None]:
    limits = programme.limits
    if decision.reason in (Reason.PAIN, Reason.PAIN_ROSE):
        return Now.STOP, None
    rested = sessions[-1].ended + timedelta(hours=limits.rest_h.value) if sessions else now
    if current and any(left.values()):
        return Now.GO_ON, None
    if current:
        return Now.DONE, rested
    if now < rested:
        return Now.REST, rested
    if len(in_week) >= limits.most_a_week.value:
        return Now.ENOUGH, in_week[-_count(limits.most_a_week)].began + _WEEK
    return Now.TRAIN, None


def _checks(programme: Programme, rung: Rung, sessions: Sequence[Session]) -> tuple[Check, ...]:
    """Return every condition; those about repetitions only where there are some."""
    wanted = programme.limits.sessions_to_progress.value
    full = sum(_is_full(programme, rung, session) for session in sessions)
    sets = [record for session in sessions for record in session.sets]
    return (
        Check(Condition.SESSIONS, len(sessions) >= wanted, len(sessions), wanted),
        Check(Condition.FULL, full >= wanted, full, wanted),
        *(_rep_checks(programme, sets) if sets else ()),
    )


def _rep_checks(programme: Programme, sets: Sequence[SetRecord]) -> tuple[Check, ...]:
    limits = programme.limits
    bands = Counter(band for record in sets for band in record.bands())
    fault, unsure = bands[Band.FAULT], bands[Band.INCONCLUSIVE]
    watch = bands[Band.WATCH] / max(1, sum(bands.values()))
    most_watch, most_pain = limits.most_watch.value, limits.pain_to_progress.value
    unsaid = sum(record.felt.pain_after is None for record in sets)
    pain = max(_worst(Session(tuple(sets))), 0)
    return (
        Check(Condition.FAULTS, not fault, fault, 0),
        Check(Condition.TOLD, not unsure, unsure, 0),
        Check(Condition.WATCH, watch <= most_watch, watch, most_watch),
        Check(Condition.PAIN_SAID, not unsaid, unsaid, 0),
        Check(Condition.PAIN, pain <= most_pain, pain, most_pain),
    )


def _move(
    programme: Programme,
    checks: Sequence[Check],
    everything: Sequence[Session],
    ours: Sequence[Session],
) -> tuple[Move, Reason]:
    """Pain comes first, then faults, then progress."""
    limits = programme.limits
    if everything and _worst(everything[-1]) > limits.pain_to_stop.value:
        return Move.REGRESS, Reason.PAIN
    if _pain_rose(everything, limits.pain_rise.value):
        return Move.REGRESS, Reason.PAIN_ROSE
    faulty = _last(ours, limits.faulty_sessions)
    if len(faulty) == limits.faulty_sessions.value and all(
        _faulty_share(session) >= limits.faulty_share.value for session in faulty
    ):
        return Move.REGRESS, Reason.FAULTS
    if all(check.met for check in checks):
        return Move.PROGRESS, Reason.EARNED
    return Move.HOLD, Reason.NOT_YET


def _is_full(programme: Programme, rung: Rung, session: Session) -> bool:
    return min(full_sets(programme, rung, session.sets).values()) >= rung.sets


def _whole(rung: Rung, exercise: str, side: Side, sets: Sequence[SetRecord]) -> int:
    ours = [record for record in sets if record.exercise == exercise]
    return sum(len(record.bands(side)) >= rung.reps for record in ours)


def _sides(sets: Sequence[SetRecord]) -> tuple[SideCount, ...]:
    return tuple(
        SideCount(side, Counter(band for record in sets for band in record.bands(side)))
        for side in Side
    )


def _weaker(sides: Sequence[SideCount]) -> Side | None:
    if not all(side.reps for side in sides):
        return None
    better, worse = sorted(sides, key=lambda side: side.badness)
    return worse.side if worse.badness > better.badness else None


def _faulty_share(session: Session) -> float:
    """Return the share of the weaker side."""
    return max(side.share(Band.FAULT) for side in _sides(session.sets))


def _worst(session: Session) -> int:
    """Return the worst pain that was said, -1 where nothing was."""
    said = [record.felt.worst_pain for record in session.sets]
    return max((pain for pain in said if pain is not None), default=-1)


def _pain_rose(sessions: Sequence[Session], rise: float) -> bool:
    """Say whether more pain was brought to the last session than to the one before it."""
    before = [_first_pain(session) for session in sessions[-2:]]
    if len(before) < 2 or before[0] is None or before[1] is None:
        return False
    return before[1] - before[0] >= rise


def _first_pain(session: Session) -> int | None:
    said = (record.felt.pain_before for record in session.sets)
    return next((pain for pain in said if pain is not None), None)


def _last(sessions: Sequence[Session], limit: Limit) -> Sequence[Session]:
    return sessions[-_count(limit) :]


def _count(limit: Limit) -> int:
    return int(limit.value)
