"""The words of programme and history, each worded once, in the coach's language.

What is seen and what to do; never what somebody has.
"""

from __future__ import annotations

import math
from datetime import datetime

from glutecam.core.assessment import Band
from glutecam.core.programme import Programme, Rung
from glutecam.core.progress import Check, Condition, Decision, Now, Reason, Today
from glutecam.core.trend import Trend
from glutecam.core.wording import BAND_WORDS, close_unit, plus_minus

__all__ = [
    "CONFIRMING",
    "DETECTABLE_MEANS",
    "END_OF_SET",
    "NOT_JUDGED",
    "OWN_JUDGEMENT",
    "REDUCED_MARK",
    "REDUCED_MEANS",
    "SAFETY",
    "UNTOLD",
    "ahead_in_words",
    "change_in_words",
    "check_in_words",
    "dose",
    "moment",
    "now_in_words",
    "offer_in_words",
    "weaker_in_words",
]

SAFETY = (
    "Stop at once when pain is sharp or sudden, a leg gives way, or something goes numb. Keep "
    "something to hold within reach, and a step against the wall. After an operation, in pregnancy or "
    "with a joint replacement, begin only with the consent of whoever treats you."
)

CONFIRMING = "Nothing changes by itself. To confirm: glutecam program confirm"

END_OF_SET = (
    "The set ends here: two repetitions in a row to improve. Ten clean ones are worth more than "
    "twenty others. Rest; if it happens again, an easier step helps: glutecam program status"
)

NOT_JUDGED = (
    "The camera does not judge everything here. Take a step on only if this was right as well, in every "
    "repetition:"
)
"""Above what the exercises of the step leave to a hand or to another pair of eyes."""

OWN_JUDGEMENT = (
    "Repetitions that cannot be told never count for a step on. Where somebody who can judge it "
    "watches, they may choose the step themselves: glutecam program start --at {rung}"
)

DETECTABLE_MEANS = (
    "A change is told only when it is larger than the smallest detectable change: 1.96 x √2 x the "
    "standard deviation of one repetition (± / 1.645). That deviation holds what camera, room and body "
    "make wrong in every repetition alike, so it is an upper limit until the same people were filmed "
    "twice. Only sessions that were measured in the same way as the newest are compared."
)

REDUCED_MARK = "†"
REDUCED_MEANS = (
    "Reduced accuracy: a small pose model (lite) found the points, and the ± is too narrow for it."
)
"""What must be said wherever sets of a small pose model show."""

UNTOLD = "no change that can be told"
"""What a difference smaller than the smallest detectable change is, in sentences and in tables."""


def dose(rung: Rung) -> str:
    """Return ``3 x 15 on each side, with a band around the thighs``."""
    harder = f", {rung.with_}" if rung.with_ else ""
    return f"{rung.sets} x {rung.reps} on each side{harder}"


def moment(when: datetime) -> str:
    """Return ``Tue 24 Nov, 18:30``."""
    return f"{when:%a} {when.day} {when:%b}, {when:%H:%M}"


def now_in_words(programme: Programme, plan: Today) -> str:
    """Return what to do now, in one or two sentences."""
    limits = programme.limits
    until = moment(plan.until) if plan.until else ""
    left = ", ".join(f"{count} on the {side.value}" for side, count in plan.left.items())
    return {
        Now.TRAIN: "Train today.",
        Now.GO_ON: f"Go on. Sets still to do today: {left}.",
        Now.DONE: f"Done for today. Rest until {until}: {limits.rest_h.value:g} hours between sessions.",
        Now.REST: f"Rest until {until}: {limits.rest_h.value:g} hours between two sessions make the "
        "muscle stronger, not another session.",
        Now.ENOUGH: f"{plan.sessions_in_week} sessions in seven days are enough: at most "
        f"{limits.most_a_week.value:g}. Rest until {until}.",
        Now.STOP: "Do not train now: the pain comes first." + _pained_in_words(programme, plan),
    }[plan.now]


def ahead_in_words(plan: Today) -> str:
    """Return that sets are dated later than now, and what to do; empty where none are."""
    if not plan.ahead:
        return ""
    which = (
        "1 set is dated later than now and counts"
        if plan.ahead == 1
        else (f"{plan.ahead} sets are dated later than now and count")
    )
    return (
        f"{which} for nothing until then, pain included. If that date is wrong: 'glutecam history list' "
        "shows the number; 'glutecam history delete' it, and add it again with the right --at."
    )


def _pained_in_words(programme: Programme, plan: Today) -> str:
    """Return which pain is meant where the programme itself has not seen it."""
    if plan.pained is None:
        return ""
    return (
        f" On {moment(plan.pained)} it was above "
        f"{programme.limits.pain_to_stop.value:g} of 10. Train again when it has settled; if it has not "
        "after a week, ask whoever treats you first."
    )


def offer_in_words(programme: Programme, decision: Decision) -> str:
    """Return what is offered, and why."""
    limits = programme.limits
    to = f"to {decision.to.name}: {dose(decision.to)}" if decision.to else ""
    back = f"Offered: a step back, {to}." if to else "This is the lowest step."
    faulty = f"{limits.faulty_share.value:.0%} of the repetitions or more"
    return {
        Reason.EARNED: f"The last {limits.sessions_to_progress.value:g} sessions went well. Offered: a "
        f"step on, {to}.",
        Reason.TOP: "The last step is reached, and it goes well. Keep it up for the rest of the weeks.",
        Reason.NOT_YET: "Stay on this step until every line has a ✓.",
        Reason.FAULTS: f"In the last {limits.faulty_sessions.value:g} sessions {faulty} were to improve: "
        f"ten clean ones are worth more than twenty others. {back}",
        Reason.PAIN: f"Pain was above {limits.pain_to_stop.value:g} of 10. {back} Train again when it "
        "has settled; if it has not by tomorrow morning, ask whoever treats you first.",
        Reason.PAIN_ROSE: f"Pain before the session rose by {limits.pain_rise.value:g} or more since the "
        f"last one. {back} Train again when it has settled.",
    }[decision.reason]


def check_in_words(rung: Rung, check: Check) -> str:
    """Return what was found for one condition, and what is needed where it is not met."""
    found, needed = f"{check.found:g}", f"{check.needed:g}"
    fault, unsure, watch = (BAND_WORDS[b] for b in (Band.FAULT, Band.INCONCLUSIVE, Band.WATCH))
    return {
        Condition.SESSIONS: f"sessions on this step: {found} of {needed}",
        Condition.FULL: f"sessions with {rung.sets} x {rung.reps} on each side: {found} of {needed}",
        Condition.FAULTS: f"repetitions that read “{fault}”: {found}, none may",
        Condition.TOLD: f"repetitions that read “{unsure}”: {found}, none may",
        Condition.WATCH: f"repetitions that read “{watch}”: {check.found:.0%}, at most {check.needed:.0%}",
        Condition.PAIN_SAID: f"sets without a word about pain afterwards: {found}, none may be",
        Condition.PAIN: f"worst pain: {found} of 10, at most {needed}",
    }[check.condition]


def weaker_in_words(decision: Decision) -> str:
    """Return which side decides; empty where none does."""
    if decision.weaker is None:
        return ""
    return f"The {decision.weaker.value} side is the weaker one, and decides."


def _size(trend: Trend, change: float) -> str:
    """Return how large a change is, with a decimal where the rounded medians would seem to contradict it."""
    unit, (first, last) = trend.rule.unit, (trend.first.median, trend.comparable[-1].median)
    size = plus_minus(abs(change), 0.0, unit)
    if close_unit(unit) and round(abs(change)) != abs(round(last) - round(first)):
        return f"{abs(change):.1f}{close_unit(unit)}"
    return size


def change_in_words(trend: Trend) -> str:
    """Return how one side changed, and whether that can be told."""
    unit, change, name = trend.rule.unit, trend.change, trend.side.value
    if change is None:
        return f"{name}: one session so far, nothing to compare."
    size = _size(trend, change)
    way = "less" if change < 0 else "more"
    since = f"{trend.first.began.day} {trend.first.began:%b %Y}"
    if not trend.has_ends:
        return (
            f"{name}: repetitions of one session lie far apart in groups: {UNTOLD} since {since}."
        )
    if not math.isfinite(trend.detectable):
        return f"{name}: {size} {way} than on {since}; the ± is not known, so nothing can be told."
    needed = plus_minus(trend.detectable, 0.0, unit)
    if trend.is_real:
        return (
            f"{name}: {size} {way} than on {since}, more than measuring alone explains ({needed})."
        )
    if size == plus_minus(0.0, 0.0, unit):
        return f"{name}: {UNTOLD} since {since}: it shows from {needed} on."
    return f"{name}: {size} {way} than on {since}, {UNTOLD}: it shows from {needed} on."
