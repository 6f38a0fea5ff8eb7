"""History and trends over HTTP: list, show, say how it felt, delete."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from glutecam import exercises
from glutecam.core.rules import Exercise
from glutecam.core.sets import Felt, Load, SetRecord
from glutecam.core.trend import code_to_follow, trends
from glutecam.core.trend_view import range_of
from glutecam.records.history import History
from glutecam.records.limits import edges_of
from glutecam.web import shown
from glutecam.web.studio import Studio, studio_of

__all__ = ["router"]

router = APIRouter(prefix="/api")

LAST = 200
LARGEST_ID = 2**31 - 1

ASKED = Depends(studio_of)
SetNumber = Annotated[int, Path(ge=1, le=LARGEST_ID)]
ExerciseName = Annotated[str, Query(max_length=64)]
Pain = Annotated[int | None, Field(ge=0, le=10)]
# A NUL is text to us and an error to some databases.
Words = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]


class Feeling(BaseModel):
    """How a set felt; what is left out stays as it was, a pain of null is taken back."""

    model_config = ConfigDict(extra="forbid")

    pain_before: Pain = None
    pain_after: Pain = None
    load: Words = ""
    note: Words = ""


@router.get("/history")
def history(
    exercise: ExerciseName = "",
    last: Annotated[int, Query(ge=1, le=LAST)] = LAST,
    studio: Studio = ASKED,
) -> dict[str, Any]:
    """List the newest sets, the newest first."""
    which, whose = _known(exercise), studio.settings.subject
    with studio.history() as kept:
        sets = kept.sets(subject=whose, exercise=which, last=last)
        total = kept.count(subject=whose, exercise=which)
        place = kept.place
    return {
        "sets": [shown.set_shown(record) for record in reversed(sets)],
        "total": total,
        "subject": whose,
        "place": place,
    }


@router.get("/history/{number}")
def one(number: SetNumber, studio: Studio = ASKED) -> dict[str, Any]:
    """Show one set with every repetition."""
    with studio.history() as kept:
        return shown.set_shown(_ours(kept, number, studio), whole=True)


@router.patch("/history/{number}")
def say(number: SetNumber, feeling: Feeling, studio: Studio = ASKED) -> dict[str, Any]:
    """Put down how a set felt."""
    with studio.history() as kept:
        old = _ours(kept, number, studio).felt
        kept.say(number, _felt(feeling, old))
        return shown.set_shown(kept.get(number))


@router.delete("/history/{number}", status_code=204)
def delete(number: SetNumber, studio: Studio = ASKED) -> None:
    """Delete one set for good."""
    with studio.history() as kept:
        _ours(kept, number, studio)
        kept.delete([number])


@router.get("/trend")
def trend(
    exercise: ExerciseName,
    rule: Annotated[str, Query(max_length=16)] = "",
    studio: Studio = ASKED,
) -> dict[str, Any]:
    """Show one rule of one exercise over time, both sides."""
    known = studio.exercise(exercise)
    codes = {r.code: r for r in known.all_rules}
    with studio.history() as kept:
        sets = kept.sets(subject=studio.settings.subject, exercise=known.name)
    code = rule.strip().upper() or _followed(known, sets)
    if code not in codes:
        raise HTTPException(404, f"'{code}' is no rule of {known.name}: {', '.join(codes)}.")
    strict = bool(sets) and sets[-1].provenance.strict
    edges = edges_of(codes[code], strict)
    sides = trends(sets, {known.name: code})
    return {
        "exercise": known.name,
        "code": code,
        "unit": codes[code].unit,
        "edges": [
            {"value": edge.value, "band": edge.band.value, "side": edge.side} for edge in edges
        ],
        "range": range_of(sides, [edge.value for edge in edges]) if sides else None,
        "sides": [shown.trend_shown(found) for found in sides],
    }


def _followed(exercise: Exercise, sets: list[SetRecord]) -> str:
    """Return the rule that leads, or the first of the newest set where that was judged by other rules."""
    return code_to_follow(exercise, [rule.code for rule in sets[-1].rules] if sets else [])


def _known(exercise: str) -> str | None:
    return exercises.get(exercise).name if exercise else None


def _ours(kept: History, number: int, studio: Studio) -> SetRecord:
    """Return a set of whoever this page belongs to; the others' are not there for it."""
    found = kept.sets(subject=studio.settings.subject, numbers=[number])
    if not found:
        raise HTTPException(404, f"There is no set {number} in this history.")
    return found[0]


def _felt(feeling: Feeling, old: Felt) -> Felt:
    said = feeling.model_fields_set
    return Felt(
        feeling.pain_before if "pain_before" in said else old.pain_before,
        feeling.pain_after if "pain_after" in said else old.pain_after,
        Load.parse(feeling.load) if "load" in said else old.load,
        feeling.note if "note" in said else old.note,
    )
