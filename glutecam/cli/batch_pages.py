"""What a batch shows beside its tables: how reports and dashboard look, and the dashboard on paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from glutecam.batch import Reports
    from glutecam.settings import Settings

__all__ = ["Pages", "Pdf", "ReportsOption"]

ReportsOption = Annotated[
    bool,
    typer.Option(
        "--reports",
        help="Write a report of every set, too, with pictures: about 5 MB each, and each video is "
        "read once more.",
    ),
]
Pdf = Annotated[
    Path | None,
    typer.Option("--pdf", help="Print the dashboard as PDF; needs Chromium, Chrome or Edge."),
]


@dataclass(frozen=True)
class Pages:
    """How reports and dashboard look, and where the dashboard is printed."""

    look: Reports
    pdf: Path | None
    settings: Settings

    @classmethod
    def asked(cls, settings: Settings, pdf: Path | None) -> Pages:
        """Make sure that pages can be made, before a night is spent on what stands in them."""
        from glutecam.batch import Reports
        from glutecam.cli.outputs import Outputs, letterhead

        outputs = Outputs(pdf=pdf)
        # Every run makes it anew, as it does the dashboard itself.
        outputs.check(force=True)
        outputs.check_pages(settings)
        look = Reports(settings.audience, letterhead(settings), settings.faces == "hide")
        return cls(look, pdf, settings)

    def print(self, out: Path) -> None:
        """Print the dashboard, where that is wanted."""
        from glutecam.batch import dashboard_of
        from glutecam.cli.outputs import write_sheets

        if self.pdf is None:
            return
        title = f"Batch: {out.resolve().name}"
        write_sheets(self.pdf, dashboard_of(out, self.look), title, self.settings, across=True)
        typer.echo(f"Written: {self.pdf}")
