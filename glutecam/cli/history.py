"""``glutecam history``: what was kept of earlier sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import kept, options
from glutecam.cli.history_purge import purge
from glutecam.cli.history_report import report
from glutecam.cli.terminal import fail, stdout_console
from glutecam.cli.terminal import note as remark
from glutecam.core.dates import when_in_words
from glutecam.errors import GlutecamError, InputError

if TYPE_CHECKING:
    from glutecam.core.sets import SetRecord
    from glutecam.records.history import History

__all__ = ["history"]

history = typer.Typer(
    help="Show, add to, export and delete what was kept of earlier sets.",
    rich_markup_mode=None,
    invoke_without_command=True,
)

LAST = 20

SetNumber = Annotated[int, typer.Argument(help="Number of the set, as 'history list' shows it.")]
Everyone = Annotated[bool, typer.Option("--everyone", help="All subjects, not one.")]
Since = Annotated[str | None, typer.Option(help="From this day on, such as 2026-11-01.")]


history.command()(purge)
history.command()(report)


@history.callback()
def _list_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_()


@history.command("list")
def list_(
    subject: kept.Subject = None,
    everyone: Everyone = False,
    exercise: options.ExerciseOption = None,
    since: Since = None,
    last: Annotated[int, typer.Option(min=1, help="At most so many sets, the newest.")] = LAST,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """List the sets that are kept, the newest last.

    \b
    Examples:
      glutecam history list
      glutecam history list --exercise clamshell --since 2026-11-01
    """
    from glutecam.cli.history_text import print_sets

    found, settings = kept.opened(db, config, subject)
    whose = None if everyone else settings.subject
    from_ = kept.moment_of(since) if since else None
    which = _known(exercise)
    with found:
        sets = found.sets(subject=whose, exercise=which, since=from_, last=last)
        of = found.count(subject=whose, exercise=which, since=from_)
        others = found.subjects() if not sets else []
    print_sets(sets, of, found.place, others, settings.units)


@history.command()
def show(
    number: SetNumber,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Show one set: every repetition, how it felt, what made the numbers.

    \b
    Example:
      glutecam history show 12
    """
    from glutecam.cli.history_text import print_set

    found, settings = kept.opened(db, config, None)
    with found:
        print_set(found.get(number), settings.units)


@history.command()
def add(
    files: Annotated[
        list[Path], typer.Argument(help="Results written by score --json, or by a batch.")
    ],
    at: kept.At = None,
    subject: kept.Subject = None,
    pain_before: kept.PainBefore = None,
    pain_after: kept.PainAfter = None,
    load: kept.Load = None,
    note: kept.NoteText = None,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Add results that were judged earlier.

    \b
    Examples:
      glutecam history add result.json
      glutecam history add result.json --at "2026-11-20 18:30" --pain-after 1
    """
    from glutecam.records.imported import read_result

    done = kept.done_at(at) if at else None
    felt = kept.felt_of(pain_before, pain_after, load, note)
    found, settings = kept.opened(db, config, subject)
    whom = settings.subject if subject else settings.named_subject
    errors: list[GlutecamError] = []
    with found:
        for path in files:
            try:
                record = read_result(path, subject=whom, done=done, felt=felt)
                number = found.add(record)
                twice = kept.twice_of(found, record, number)
            except InputError as err:
                fail(str(err) if str(path) in str(err) else f"{path}: {err}")
                errors.append(err)
            else:
                typer.echo(_kept(number, record))
                _beware("" if done else kept.ahead_of(record))
                _beware(twice)
    if errors:
        raise typer.Exit(errors[0].exit_code)


@history.command()
def edit(
    number: SetNumber,
    pain_before: kept.PainBefore = None,
    pain_after: kept.PainAfter = None,
    load: kept.Load = None,
    note: kept.NoteText = None,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Say afterwards how a set felt; what was measured cannot be changed.

    \b
    Examples:
      glutecam history edit 12 --pain-after 2
      glutecam history edit 12 --load "red band" --note "tired from the day"
    """
    if (pain_before, pain_after, load, note) == (None, None, None, None):
        raise InputError(
            "Nothing to change was given. Add --pain-before, --pain-after, --load or --note."
        )
    found, _ = kept.opened(db, config, None)
    with found:
        old = found.get(number)
        felt = kept.felt_of(pain_before, pain_after, load, note, old.felt)
        found.say(number, felt)
    pain = kept.pain_in_words(felt) or "not said"
    typer.echo(f"Set {number}: pain {pain}; load {str(felt.load) or 'none'}. {felt.note}".rstrip())


@history.command()
def delete(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Numbers of the sets, as 'history list' shows them.")
    ] = None,
    all_of: Annotated[
        str | None,
        typer.Option("--all-of", help="Everything of this subject, the programme too."),
    ] = None,
    yes: kept.Yes = False,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Delete sets for good. It asks first.

    \b
    Examples:
      glutecam history delete 12 13
      glutecam history delete --all-of P07
    """
    if bool(numbers) == bool(all_of):
        raise InputError(
            "Say what to delete: numbers of sets (glutecam history delete 12 13), or --all-of with a "
            "subject."
        )
    found, _ = kept.opened(db, config, None)
    with found:
        if all_of:
            _forget(found, all_of, yes)
            return
        wanted = sorted(set(numbers or []))
        for number in wanted:
            typer.echo(_line(found.get(number)))
        if not kept.confirmed(f"Delete {kept.counted(len(wanted), 'set')} for good?", yes):
            typer.echo("Nothing was deleted.")
            return
        found.delete(wanted)
    typer.echo(f"Deleted: {kept.counted(len(wanted), 'set')}.")


@history.command()
def export(
    csv: Annotated[
        Path | None, typer.Option("--csv", help="One row per repetition and rule.")
    ] = None,
    json: Annotated[Path | None, typer.Option("--json", help="Everything, for programs.")] = None,
    subject: kept.Subject = None,
    everyone: Everyone = False,
    exercise: options.ExerciseOption = None,
    since: Since = None,
    pseudonyms: options.Pseudonyms = None,
    force: options.Force = False,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Write the history to files: CSV for tables, JSON with everything.

    \b
    Examples:
      glutecam history export --csv sets.csv
      glutecam history export --json all.json --everyone
      glutecam history export --csv shared/sets.csv --everyone --pseudonyms key.csv
    """
    from glutecam.cli.history_names import renamed
    from glutecam.cli.outputs import Outputs
    from glutecam.records.files import write_whole
    from glutecam.records.history_export import history_csv, history_json

    if csv is None and json is None:
        raise InputError("Say where it goes: --csv sets.csv, --json sets.json, or both.")
    Outputs(csv=csv, json=json).check(force)
    found, settings = kept.opened(db, config, subject)
    whom = None if everyone else settings.subject
    with found:
        sets = found.sets(
            subject=whom,
            exercise=_known(exercise),
            since=kept.moment_of(since) if since else None,
        )
        steps = found.steps(whom)
        if subject is not None and whom is not None and not sets and not steps:
            _refuse_unknown(found, whom)
    if pseudonyms:
        sets, steps = renamed(sets, steps, pseudonyms, filter(None, (csv, json)))
    texts = {csv: history_csv(sets), json: history_json(sets, steps)}
    for path, text in texts.items():
        if path:
            write_whole(path, text.encode("utf-8", "backslashreplace"))
            typer.echo(f"Written: {path} ({kept.counted(len(sets), 'set')})")


@history.command()
def trend(
    named: Annotated[
        str | None,
        typer.Argument(metavar="EXERCISE", help="The same as --exercise. Default: all."),
    ] = None,
    exercise: options.ExerciseOption = None,
    rule: Annotated[
        str | None,
        typer.Option("--rule", help="Code of the rule to follow. Default: how the pelvis is held."),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with charts.")] = None,
    subject: kept.Subject = None,
    force: options.Force = False,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Show how a value changed over the weeks, and whether that can be told.

    \b
    Examples:
      glutecam history trend
      glutecam history trend step-down --html trend.html
      glutecam history trend step-down --rule GC102
    """
    from glutecam.cli.history_text import print_trends
    from glutecam.cli.history_trend import followed, write_page
    from glutecam.cli.outputs import Outputs

    which = _one_of(named, exercise)
    Outputs(report=html).check(force)
    found, settings = kept.opened(db, config, subject)
    with found:
        sets = found.sets(subject=settings.subject, exercise=which)
    shown = followed(sets, rule)
    print_trends(shown, settings.subject)
    if html:
        write_page(html, shown, settings)
        typer.echo(f"Written: {html}")
    else:
        stdout_console().print("With charts: glutecam history trend --html trend.html", style="dim")


def _forget(found: History, subject: str, yes: bool) -> None:
    count = dict(found.subjects()).get(subject, 0)
    steps = found.steps(subject)
    if not count and not steps:
        _refuse_unknown(found, subject)
    if not kept.confirmed(f"Delete all of {subject} ({kept.counted(count, 'set')}) for good?", yes):
        typer.echo("Nothing was deleted.")
        return
    found.forget(subject)
    typer.echo(f"Deleted: all of {subject}, {kept.counted(count, 'set')}.")


def _refuse_unknown(found: History, subject: str) -> None:
    """Refuse a subject of whom nothing is kept, which is most often a slip of the pen."""
    subjects = [name for name, _ in found.subjects()]
    if subject not in subjects:
        known = ", ".join(subjects) or "nobody"
        raise InputError(f"Nothing is kept of '{subject}'. Kept are: {known}.")


def _known(exercise: str | None) -> str | None:
    """Return the exercise's proper name; an unknown one is refused, naming the nearest."""
    from glutecam import exercises

    return exercises.get(exercise).name if exercise else None


def _one_of(named: str | None, option: str | None) -> str | None:
    """Return the proper name of an exercise that was named in either way; two different ones are refused."""
    first, second = _known(named), _known(option)
    if first and second and first != second:
        raise InputError(f"One exercise at a time: {first}, or {second}?")
    return first or second


def _beware(warning: str) -> None:
    if warning:
        remark(warning)


def _kept(number: int, record: SetRecord) -> str:
    return f"Kept as set {number}: {_line(record)}"


def _line(record: SetRecord) -> str:
    from glutecam import exercises

    number = "" if record.number is None else f"{record.number}: "
    reps = kept.counted(len(record.reps), "repetition") if record.counts else record.verdict.value
    return (
        f"{number}{when_in_words(record.done)}, {exercises.title_of(record.exercise)}, "
        f"{kept.side_words(record)}, {reps} ({record.subject})"
    )
