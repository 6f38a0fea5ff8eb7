"""``glutecam history report``: one subject over time, to read, to print, to send."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import kept, options
from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.core.sets import SetRecord
    from glutecam.settings import Settings

__all__ = ["report"]

Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="The report to write, one HTML file.")
]


def report(
    out: Out = None,
    pdf: options.Pdf = None,
    subject: kept.Subject = None,
    audience: options.AudienceOption = None,
    pseudonyms: options.Pseudonyms = None,
    force: options.Force = False,
    db: kept.Db = None,
    set_: options.Set = None,
    config: options.Config = None,
) -> None:
    """Write one subject's report over time: what changed, both sides, sheets, the last sets.

    \b
    Examples:
      glutecam history report --subject P07 -o P07.html
      glutecam history report --subject P07 --audience clinician --pdf P07.pdf
    """
    from glutecam.cli.history_names import renamed
    from glutecam.cli.outputs import Outputs

    outputs = Outputs(report=out, pdf=pdf)
    if not outputs.pages:
        raise InputError("Say where it goes: -o report.html, --pdf report.pdf, or both.")
    outputs.check(force)
    found, settings = kept.opened(db, config, subject, set_, audience)
    outputs.check_pages(settings)
    with found:
        sets = found.sets(subject=settings.subject)
    if pseudonyms:
        sets, _ = renamed(sets, (), pseudonyms, outputs.wanted.values())
        settings = settings.over(subject=sets[0].subject if sets else None)
    _write(outputs.report, outputs.pdf, sets, settings)
    for path in filter(None, (out, pdf)):
        typer.echo(f"Written: {path}")


def _write(out: Path | None, pdf: Path | None, sets: list[SetRecord], settings: Settings) -> None:
    from glutecam.cli.history_trend import followed
    from glutecam.cli.outputs import letterhead, write_sheets
    from glutecam.records.page import write_page
    from glutecam.records.subject_page import subject_page

    page = subject_page(
        sets,
        followed(sets, None),
        subject=settings.subject,
        made=datetime.now(),
        audience=settings.audience,
        letterhead=letterhead(settings),
    )
    if out:
        write_page(out, page)
    if pdf:
        write_sheets(pdf, page, f"{settings.subject}, over time", settings)
