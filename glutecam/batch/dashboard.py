"""The dashboard of a batch, made from its table: the same bytes every time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from glutecam.batch.both_sides import both_sides
from glutecam.batch.clip_report import MOMENTS, Reports, report_name, shows_moments
from glutecam.batch.tables import REPS, SUMMARY
from glutecam.batch.undecided import scores, undecided
from glutecam.records.dashboard import dashboard_page
from glutecam.records.page import write_page

__all__ = ["DASHBOARD", "dashboard_of", "write_dashboard"]

DASHBOARD = "dashboard.html"


def write_dashboard(out: Path, look: Reports) -> None:
    """Write ``dashboard.html`` beside the tables.

    Parameters
    ----------
    out : Path
        Folder of the results, with its table.
    look : Reports
        In whose words, and whose it is.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    write_page(out / DASHBOARD, dashboard_of(out, look))


def dashboard_of(out: Path, look: Reports) -> str:
    """Return the dashboard of the results in a folder."""
    rows = list(_rows(out / SUMMARY))
    return dashboard_page(
        rows,
        links=[_links(out, row) for row in rows],
        both_sides=both_sides(rows, _rows(out / REPS)),
        undecided=undecided(rows, _rows(out / REPS)),
        scores=scores(rows, _rows(out / REPS)),
        audience=look.audience,
        letterhead=look.letterhead,
    )


def _rows(table: Path) -> Iterator[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _links(out: Path, row: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (word, path beside the page) of what can be opened of a set, the most telling first."""
    report = f"{row['results']}/{report_name(int(row.get('set') or 1))}"
    numbers = row.get("assessment") or ""
    numbers = numbers if "/" in numbers else f"{row['results']}/{numbers or 'assessment.json'}"
    links = [("report", report)] if (out / report).is_file() else []
    if links and shows_moments(out / report):
        links.append(("pictures", f"{report}#{MOMENTS}"))
    return [*links, ("numbers", numbers)] if (out / numbers).is_file() else links
