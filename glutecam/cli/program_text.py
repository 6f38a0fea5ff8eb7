"""The programme in a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from glutecam.cli.history_text import bands_in_words
from glutecam.cli.terminal import stdout_console
from glutecam.core import programme_wording as words
from glutecam.core.band_words import bands_legend
from glutecam.core.programme import Programme, Rung, Standing
from glutecam.core.progress import Decision, Move, Now, Reason, SideCount, Today, Week
from glutecam.core.wording import INTENDED_USE

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "not_judged_lines",
    "print_start",
    "print_status",
    "print_taken",
    "print_today",
    "reason_lines",
]

MISSING = "·"
"""A session that is missing in a week; a circle is what repetitions read beside it."""

COLOURS = {Now.TRAIN: "bold green", Now.GO_ON: "bold green", Now.STOP: "bold red"}


def print_start(programme: Programme, rung: Rung) -> None:
    """Print what was begun, and how the programme goes."""
    out, limits = stdout_console(), programme.limits
    out.print(f"Begun at step {rung.name}.", style="bold green")
    _print_work(out, programme, rung)
    out.print(
        f"{limits.fewest_a_week.value:g} to {limits.most_a_week.value:g} sessions a week, at least "
        f"{limits.rest_h.value:g} hours apart, for {limits.fewest_weeks.value:g} to "
        f"{limits.most_weeks.value:g} weeks. End a set after {limits.faults_end_set.value:g} "
        "repetitions in a row that need improving: ten clean ones are worth more than twenty others."
    )
    for line in not_judged_lines(programme, rung):
        out.print(line)
    out.print()
    out.print(words.SAFETY)
    out.print(INTENDED_USE, style="dim")


def print_taken(programme: Programme, rung: Rung) -> None:
    """Print the step that was taken."""
    out = stdout_console()
    out.print(f"Now at step {rung.name}.", style="bold green")
    _print_work(out, programme, rung)


def print_today(programme: Programme, rung: Rung, plan: Today) -> None:
    """Print what to do today."""
    out = stdout_console()
    out.print(words.now_in_words(programme, plan), style=COLOURS.get(plan.now, "bold"))
    _print_ahead(out, plan)
    if plan.now.trains:
        _print_work(out, programme, rung)
    if plan.decision.reason is not Reason.NOT_YET:
        for line in offer_lines(programme, plan.decision):
            out.print(line)
    if plan.decision.move is Move.PROGRESS:
        for line in not_judged_lines(programme, rung):
            out.print(line)
    if plan.now.trains:
        out.print("Stop at once when pain is sharp or sudden.")
    out.print("The weeks, and what the next step needs: glutecam program status", style="dim")


def _print_ahead(out: Console, plan: Today) -> None:
    ahead = words.ahead_in_words(plan)
    if ahead:
        out.print(ahead, style="yellow")


def print_status(
    programme: Programme, standing: Standing, weeks: Sequence[Week], plan: Today
) -> None:
    """Print the weeks, both sides, and the conditions for the next step."""
    from rich.text import Text

    out, decision = stdout_console(), plan.decision
    level = programme.level(standing.rung)
    out.print(
        Text.assemble(
            (f"Step {standing.rung.name}", "bold"), f"  level {level.number}: {level.title}"
        )
    )
    out.print(
        f"{words.dose(standing.rung)}; {level.quality}. Since {words.moment(standing.since)}."
    )
    _print_ahead(out, plan)
    _print_weeks(out, programme, weeks)
    for line in _sides(decision):
        out.print(line)
    out.print()
    out.print("For the next step", style="bold")
    for check in decision.checks:
        sign, colour = ("✓", "green") if check.met else ("✕", "red")
        out.print(Text.assemble((sign, colour), f" {words.check_in_words(standing.rung, check)}"))
    if decision.reason is not Reason.NOT_YET:
        out.print()
    for line in offer_lines(programme, decision):
        out.print(line)
    above = programme.beside(standing.rung, 1)
    if above and decision.move is not Move.REGRESS:
        for line in not_judged_lines(programme, standing.rung):
            out.print(line)
    if decision.move is Move.HOLD and above:
        out.print(words.OWN_JUDGEMENT.format(rung=above.name))


def reason_lines(programme: Programme, decision: Decision) -> Iterator[str]:
    """Yield what is offered, and why."""
    yield words.offer_in_words(programme, decision)
    weaker = words.weaker_in_words(decision)
    if weaker:
        yield weaker


def offer_lines(programme: Programme, decision: Decision) -> Iterator[str]:
    """Yield what is offered, and how to take it."""
    yield from reason_lines(programme, decision)
    if decision.to is not None:
        yield words.CONFIRMING


def _print_work(out: Console, programme: Programme, rung: Rung) -> None:
    from glutecam import exercises

    level = programme.level(rung)
    out.print(f"Level {level.number}, {level.title.lower()}: {words.dose(rung)}; {level.quality}.")
    known = [choice for choice in level.exercises if choice.name in exercises.names()]
    others = [choice.title for choice in level.exercises if choice not in known]
    for choice in known:
        # Whoever steps from one foot to the other trains both legs in one set.
        legs = "" if exercises.get(choice.name).leg.alternates else " --both"
        line = f"glutecam live {choice.name}{legs} --sets {rung.sets} --reps {rung.reps}"
        # On a line of its own: a command that is broken in two runs as two.
        out.print(f"  {exercises.get(choice.name).title}:")
        out.print(f"    {line}", soft_wrap=True)
    if others:
        out.print(
            f"  Also on this level, not judged by the camera yet: {', '.join(others)}.", style="dim"
        )


def not_judged_lines(programme: Programme, rung: Rung) -> Iterator[str]:
    """Yield what the exercises of a step leave to a hand, or to somebody who watches."""
    from glutecam import exercises

    names = [choice.name for choice in programme.level(rung).exercises]
    known = [exercises.get(name) for name in names if name in exercises.names()]
    left = [one for one in known if one.unjudged]
    if left:
        yield words.NOT_JUDGED
        yield from (f"  {one.title}: {one.unjudged}" for one in left)


def _print_weeks(out: Console, programme: Programme, weeks: Sequence[Week]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    limits = programme.limits
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("week", "from", "sessions", "reps", "they read"):
        table.add_column(head)
    for week in weeks:
        if not (week.reps or week.refused) and week.number > limits.most_weeks.value:
            continue
        missing = max(0, int(limits.fewest_a_week.value) - week.sessions)
        done = "●" * week.sessions + MISSING * missing
        table.add_row(
            f"{week.number}{' ◄' if week.is_now else ''}",
            f"{week.began.day} {week.began:%b}",
            done,
            str(week.reps or ""),
            _week_reads(week),
            style="bold" if week.is_now else None,
        )
    out.print(table)
    out.print(
        f"● session, {MISSING} missing of {limits.fewest_a_week.value:g} a week; the programme lasts "
        f"{limits.fewest_weeks.value:g} to {limits.most_weeks.value:g} weeks.",
        style="dim",
    )
    if any(week.reps for week in weeks):
        out.print(f"Repetitions read: {bands_legend()}.", style="dim")


def _week_reads(week: Week) -> str:
    """Return what the repetitions read, and how many sets did not count."""
    sets = "1 set" if week.refused == 1 else f"{week.refused} sets"
    refused = [f"{sets} not assessable"] if week.refused else []
    return "; ".join([*filter(None, [bands_in_words(week.bands)]), *refused])


def _sides(decision: Decision) -> Iterator[str]:
    for side in decision.sides:
        yield f"{side.side.value}: {_reps(side)}"


def _reps(side: SideCount) -> str:
    if not side.reps:
        return "no repetitions on this step yet"
    return f"{side.reps} repetitions in the last sessions, {bands_in_words(side.bands)}"
