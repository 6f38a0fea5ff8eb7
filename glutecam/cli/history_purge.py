"""``glutecam history purge``: delete what was kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from glutecam.cli import kept, options
from glutecam.errors import InputError

__all__ = ["purge"]

OlderThan = Annotated[
    int | None,
    typer.Option(
        "--older-than", min=1, help="Days. Default: the setting retention_days.", metavar="DAYS"
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted, and stop.")]


def purge(
    older_than: OlderThan = None,
    dry_run: DryRun = False,
    yes: kept.Yes = False,
    db: kept.Db = None,
    config: options.Config = None,
) -> None:
    """Delete the sets and batches of all subjects from so many days ago. It asks first.

    \b
    Examples:
      glutecam history purge --older-than 365 --dry-run
      glutecam history purge --yes       (from a nightly job, with retention_days = 365)
    """
    from glutecam.settings.values import MOST_DAYS

    if older_than and older_than > MOST_DAYS:
        raise InputError(
            f"--older-than {older_than} days reaches back before any set. Give 1 to {MOST_DAYS}, such as 365."
        )
    found, settings = kept.opened(db, config, None)
    with found:
        days = older_than or settings.retention_days
        if not days:
            raise InputError(
                "After how many days? Say --older-than 365, or set retention_days = 365 in "
                "glutecam.toml."
            )
        limit = datetime.now().astimezone() - timedelta(days=days)
        old = found.purge(limit, dry_run=True)
        subjects = len({record.subject for record in old})
        runs = found.purge_runs(limit, dry_run=True)
        what = (
            f"{kept.counted(len(old), 'set')} of {kept.counted(subjects, 'subject')} done before "
        )
        what += f"{limit:%Y-%m-%d}" + (
            f", and {kept.counted(runs, 'batch', 'batches')}" if runs else ""
        )
        if dry_run or not (old or runs):
            typer.echo(f"{'Would be deleted' if old or runs else 'Nothing to delete'}: {what}.")
            return
        if not kept.confirmed(f"Delete {what} for good?", yes):
            typer.echo("Nothing was deleted.")
            return
        gone, runs = found.purge(limit), found.purge_runs(limit)
    more = f" and {kept.counted(runs, 'batch', 'batches')}" if runs else ""
    typer.echo(f"Deleted: {kept.counted(len(gone), 'set')}{more}.")
