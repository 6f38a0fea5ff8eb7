"""``glutecam program``: levels, rest, and steps that the user confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import kept, options
from glutecam.cli.terminal import stdout_console
from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.core.programme import Standing
    from glutecam.core.sets import SetRecord
    from glutecam.records.history import History

__all__ = ["program"]

program = typer.Typer(
    help="What to train today, how far the programme is, and the next step.",
    rich_markup_mode=None,
    invoke_without_command=True,
)


@dataclass(frozen=True)
class _Course:
    """Somebody's programme, read from the history."""

    history: History
    subject: str
    standing: Standing | None
    sets: list[SetRecord]


@program.callback()
def _today_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        today()


@program.command()
def start(
    at: Annotated[
        str, typer.Option("--at", help="A level, 1 to 3, or one of its steps, such as 2.3.")
    ] = "1",
    yes: kept.Yes = False,
    subject: kept.Subject = None,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Begin the programme, or begin it again at another step.

    \b
    Examples:
      glutecam program start
      glutecam program start --at 2
    """
    from glutecam.cli.program_text import print_start
    from glutecam.core.programme import Step, StepKind
    from glutecam.exercises import programme

    plan = programme()
    rung = plan.rung(at.strip())
    course = _course(db, config, subject)
    with course.history:
        there = course.standing
        again = f"The programme is at step {there.rung.name}. " if there else ""
        if there and not kept.confirmed(f"{again}Begin again at {rung.name}?", yes):
            typer.echo("Nothing was changed.")
            return
        now = datetime.now().astimezone()
        course.history.add_step(Step(course.subject, now, StepKind.START, rung.name))
    print_start(plan, rung)


@program.command()
def today(
    subject: kept.Subject = None,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Say what to do today: train, rest, or what is left of this session.

    \b
    Example:
      glutecam program today
    """
    from glutecam.cli.program_text import print_today
    from glutecam.core import progress
    from glutecam.exercises import programme

    course = _course(db, config, subject)
    with course.history:
        standing = _started(course)
    now = datetime.now().astimezone()
    plan = programme()
    print_today(plan, standing.rung, progress.today(plan, standing, course.sets, now))


@program.command()
def status(
    subject: kept.Subject = None,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Show the weeks so far, both sides, and what is missing for the next step.

    \b
    Example:
      glutecam program status
    """
    from glutecam.cli.program_text import print_status
    from glutecam.core import progress
    from glutecam.exercises import programme

    course = _course(db, config, subject)
    with course.history:
        standing = _started(course)
    plan, now = programme(), datetime.now().astimezone()
    print_status(
        plan,
        standing,
        progress.weeks(plan, standing, course.sets, now),
        progress.today(plan, standing, course.sets, now),
    )


@program.command()
def confirm(
    yes: kept.Yes = False,
    subject: kept.Subject = None,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Take the step, on or back, that today and status offer.

    \b
    Example:
      glutecam program confirm
    """
    from glutecam.cli.program_text import not_judged_lines, print_taken, reason_lines
    from glutecam.core import progress
    from glutecam.core.programme import Step, StepKind
    from glutecam.exercises import programme

    plan = programme()
    course = _course(db, config, subject)
    with course.history:
        standing = _started(course)
        now = datetime.now().astimezone()
        decision = progress.decide(plan, standing, course.sets, now)
        if decision.to is None:
            raise InputError(
                "No step is offered now. 'glutecam program status' shows what is missing; "
                "'glutecam program start --at STEP' begins anew where somebody who can judge it says so."
            )
        lines = [*reason_lines(plan, decision)]
        if decision.move is progress.Move.PROGRESS:
            lines += not_judged_lines(plan, standing.rung)
        for line in lines:
            stdout_console().print(line)
        if not kept.confirmed(f"Go to step {decision.to.name}?", yes):
            typer.echo("Nothing was changed.")
            return
        now = datetime.now().astimezone()
        kind = StepKind(decision.move.value)
        course.history.add_step(
            Step(course.subject, now, kind, decision.to.name, decision.reason.value)
        )
    print_taken(plan, decision.to)


def _course(db: str | None, config: Path | None, subject: str | None) -> _Course:
    from glutecam.core.programme import standing_of
    from glutecam.core.sets import subject_of
    from glutecam.exercises import programme

    history, settings = kept.opened(db, config, subject)
    whom = subject_of(settings.subject)
    standing = standing_of(programme(), history.steps(whom))
    return _Course(history, whom, standing, history.sets(subject=whom))


def _started(course: _Course) -> Standing:
    if course.standing is None:
        raise InputError(
            f"No programme was started for '{course.subject}'. Start one: glutecam program start"
        )
    return course.standing
