"""Sets whose answers are known: so many repetitions, on this side, with these bands and values."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from glutecam.core.assessment import Band, Finding, Pattern, Provenance, Rep, Side, Verdict
from glutecam.core.sets import Felt, RuleName, SetRecord, SourceKind

ZONE = timezone(timedelta(hours=2))
MONDAY = datetime(2026, 3, 2, 18, 0, tzinfo=ZONE)
GOOD, WATCH, FAULT, UNSURE = Band.OK, Band.WATCH, Band.FAULT, Band.INCONCLUSIVE
RULES = (RuleName("GC201", "pelvis rolls back", "°"), RuleName("GC204", "tempo", "s"))


def made_by(**changes: object) -> Provenance:
    facts: dict[str, object] = {
        "glutecam": "0.1.0", "ruleset": "1", "pose_model": "full", "reduced_accuracy": False,
        "pelvis_method": "hip-line/1", "filter_name": "one-euro", "filter_gain": 0.98,
        "filter_lag_s": 0.05, "strict": False,
    }  # fmt: skip
    return Provenance(**facts | changes)  # type: ignore[arg-type]


def make_rep(
    number: int, band: Band, side: Side, value: float = 3.0, pm: float = 4.0, code: str = "GC201"
) -> Rep:
    start = 90 * number
    findings = (
        Finding(code, value, pm, band, start + 30),
        Finding("GC204", 4.0, 0.1, Band.OK, start + 45),
    )
    return Rep(
        number, start, start + 90, start / 30, start / 30 + 3, side, findings, Pattern.NONE,
        None if band is Band.INCONCLUSIVE else 90.0,
    )  # fmt: skip


def make_set(
    done: datetime = MONDAY,
    side: Side = Side.RIGHT,
    bands: Sequence[Band] = (GOOD,) * 15,
    *,
    values: Sequence[float] | None = None,
    pm: float = 4.0,
    exercise: str = "clamshell",
    code: str = "GC201",
    pain: tuple[int | None, int | None] = (0, 0),
    subject: str = "me",
    method: Provenance | None = None,
) -> SetRecord:
    values = values if values is not None else [3.0] * len(bands)
    reps = tuple(
        make_rep(index + 1, band, side, value, pm, code)
        for index, (band, value) in enumerate(zip(bands, values, strict=True))
    )
    return SetRecord(
        key=uuid.uuid4().hex,
        subject=subject,
        done=done,
        source=SourceKind.LIVE,
        exercise=exercise,
        sides=(side,),
        verdict=Verdict.FAULT if FAULT in bands else Verdict.FINE,
        instruction=None,
        score=90.0,
        coverage=0.97,
        reps=reps,
        attempts=(),
        faults=(),
        rules=(RuleName(code, "pelvis rolls back", "°"), RULES[1]),
        provenance=method or made_by(),
        felt=Felt(*pain),
    )


def make_session(
    day: float = 0,
    *,
    bands: Sequence[Band] = (GOOD,) * 15,
    left: Sequence[Band] | None = None,
    sets: int = 3,
    pain: tuple[int | None, int | None] = (0, 0),
    exercise: str = "clamshell",
) -> list[SetRecord]:
    """Three sets on each side, five minutes apart, so many days after the Monday."""
    began = MONDAY + timedelta(days=day)
    each = [(Side.RIGHT, bands), (Side.LEFT, left if left is not None else bands)] * sets
    return [
        make_set(began + timedelta(minutes=5 * place), side, which, pain=pain, exercise=exercise)
        for place, (side, which) in enumerate(each)
    ]
