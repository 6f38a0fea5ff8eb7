"""The programme over HTTP: what to do today, and the steps that the user confirms."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from glutecam import exercises
from glutecam.core import progress
from glutecam.core.programme import Choice, Programme, Rung, Standing, Step, StepKind, standing_of
from glutecam.core.progress import Decision, Today, Week
from glutecam.core.sets import SetRecord
from glutecam.exercises import programme
from glutecam.records.history import History
from glutecam.web import shown
from glutecam.web.studio import Studio, studio_of

__all__ = ["router"]

router = APIRouter(prefix="/api/programme")

ASKED = Depends(studio_of)


class Chosen(BaseModel):
    """A step of the programme by its name."""

    model_config = ConfigDict(extra="forbid")

    rung: Annotated[str, Field(min_length=1, max_length=8)]


@router.get("")
def status(studio: Studio = ASKED) -> dict[str, Any]:
    """Tell where the programme is, what to do today, and what is missing for the next step."""
    plan, now = programme(), datetime.now().astimezone()
    with studio.history() as history:
        standing, sets = _course(history, plan, studio)
    return _ladder(plan) | ({} if standing is None else _standing(plan, standing, sets, now))


@router.post("/start")
def start(chosen: Chosen, studio: Studio = ASKED) -> dict[str, Any]:
    """Begin the programme, or begin it again at another step."""
    rung = programme().rung(chosen.rung.strip())
    now = datetime.now().astimezone()
    with studio.history() as history:
        history.add_step(Step(studio.settings.subject, now, StepKind.START, rung.name))
    return status(studio)


@router.post("/confirm")
def confirm(chosen: Chosen, studio: Studio = ASKED) -> dict[str, Any]:
    """Take the step that is offered; it must be the one that the page showed."""
    plan = programme()
    with studio.history() as history:
        standing, sets = _course(history, plan, studio)
        now = datetime.now().astimezone()
        decision = progress.decide(plan, standing, sets, now) if standing else None
        if decision is None or decision.to is None or decision.to.name != chosen.rung:
            raise HTTPException(409, "This step is not offered any more. Load the page again.")
        kind, now = StepKind(decision.move.value), datetime.now().astimezone()
        whose = studio.settings.subject
        history.add_step(Step(whose, now, kind, decision.to.name, decision.reason.value))
    return status(studio)


def _course(
    history: History, plan: Programme, studio: Studio
) -> tuple[Standing | None, list[SetRecord]]:
    whose = studio.settings.subject
    return standing_of(plan, history.steps(whose)), history.sets(subject=whose)


def _title(choice: Choice, known: set[str]) -> str:
    """Return what an exercise is called everywhere else; the programme's word where glutecam has none."""
    return exercises.get(choice.name).title if choice.name in known else choice.title


def _ladder(plan: Programme) -> dict[str, Any]:
    known = set(exercises.names())
    limits = plan.limits
    return {
        "standing": None,
        "rungs": [_rung(rung) for rung in plan.rungs],
        "levels": [
            {
                "number": level.number,
                "title": level.title,
                "quality": level.quality,
                "exercises": [
                    {"name": c.name, "title": _title(c, known), "judged": c.name in known}
                    for c in level.exercises
                ],
            }
            for level in plan.levels
        ],
        "limits": {name: getattr(limits, name).value for name in vars(limits)},
    }


def _standing(
    plan: Programme, standing: Standing, sets: list[SetRecord], now: datetime
) -> dict[str, Any]:
    today = progress.today(plan, standing, sets, now)
    return {
        "standing": {
            "rung": standing.rung.name,
            "since": standing.since.isoformat(),
            "started": standing.started.isoformat(),
        },
        "today": _today(today),
        "decision": _decision(today.decision),
        "weeks": [_week(week) for week in progress.weeks(plan, standing, sets, now)],
    }


def _rung(rung: Rung) -> dict[str, Any]:
    return {
        "name": rung.name,
        "level": rung.level,
        "sets": rung.sets,
        "reps": rung.reps,
        "with": rung.with_,
    }


def _today(today: Today) -> dict[str, Any]:
    return {
        "now": today.now.value,
        "trains": today.now.trains,
        "until": today.until.isoformat() if today.until else None,
        "left": {side.value: count for side, count in today.left.items()},
        "sessions_in_week": today.sessions_in_week,
        "pained": today.pained.isoformat() if today.pained else None,
        "ahead": today.ahead,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "move": decision.move.value,
        "reason": decision.reason.value,
        "to": _rung(decision.to) if decision.to else None,
        "checks": [
            {
                "condition": check.condition.value,
                "met": check.met,
                "found": shown.number(check.found, 3),
                "needed": shown.number(check.needed, 3),
            }
            for check in decision.checks
        ],
        "sides": [
            {"side": side.side.value, "reps": side.reps, "bands": _bands(side.bands)}
            for side in decision.sides
        ],
        "weaker": decision.weaker.value if decision.weaker else None,
    }


def _week(week: Week) -> dict[str, Any]:
    return {
        "number": week.number,
        "began": week.began.isoformat(),
        "sessions": week.sessions,
        "reps": week.reps,
        "bands": _bands(week.bands),
        "is_now": week.is_now,
    }


def _bands(bands: Any) -> dict[str, int]:
    return {band.value: count for band, count in bands.items()}
