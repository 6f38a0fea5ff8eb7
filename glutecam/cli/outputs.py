"""The files a user asked for: checked before the work begins, written after it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.cli.terminal import note
from glutecam.errors import OutputError

if TYPE_CHECKING:
    from glutecam.core.assessment import Assessment
    from glutecam.core.cutting import Cut
    from glutecam.core.rules import Exercise
    from glutecam.core.side_difference import BothSides
    from glutecam.records.exports import Export, Source
    from glutecam.records.letterhead import Letterhead
    from glutecam.records.origin import Origin
    from glutecam.records.posefile import Recording
    from glutecam.settings import Settings

__all__ = ["Outputs", "letterhead", "write_sheets"]

ENDINGS = {
    "video": (".mp4", ".m4v"),
    "poses": (".npz",),
    "report": (".html", ".htm"),
    "pdf": (".pdf",),
    "json": (".json",),
    "csv": (".csv",),
}


@dataclass(frozen=True)
class Outputs:
    """Where each result goes; None where it is not wanted."""

    report: Path | None = None
    video: Path | None = None
    json: Path | None = None
    csv: Path | None = None
    poses: Path | None = None
    exports: tuple[Export, ...] = ()
    pdf: Path | None = None

    @property
    def wanted(self) -> dict[str, Path]:
        """The results that are wanted, by kind."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        exports = enumerate(named.pop("exports"), start=1)
        named |= {f"export-{number}": export.path for number, export in exports}
        return {kind: path for kind, path in named.items() if path is not None}

    def only(self, kind: str) -> Outputs:
        """Return this result alone, to be written by itself."""
        kept = {field.name: None for field in fields(self) if field.name not in (kind, "exports")}
        return replace(self, **kept, exports=())

    def of_set(self, number: int) -> Outputs:
        """Return the files of one set of several: ``today.npz`` becomes ``today-2.npz``.

        The video is one for the whole session and stays as it is.
        """
        each = (self.report, self.json, self.csv, self.poses, self.pdf)
        report, json, csv, poses, pdf = (
            path and path.with_stem(f"{path.stem}-{number}") for path in each
        )
        exports = tuple(
            replace(export, path=export.path.with_stem(f"{export.path.stem}-{number}"))
            for export in self.exports
        )
        return replace(
            self, report=report, json=json, csv=csv, poses=poses, pdf=pdf, exports=exports
        )

    def check(self, force: bool, source: Path | None = None) -> None:
        """Make sure that everything can be written before hours are spent on it.

        Raises
        ------
        OutputError
            Naming the file and what to do.
        """
        taken = {source.resolve()} if source else set()
        for kind, path in self.wanted.items():
            if path.resolve() in taken:
                raise OutputError(
                    f"{path} is asked for twice, or is the input itself. Give each result a name "
                    "of its own."
                )
            taken.add(path.resolve())
            _check(kind, path, force)

    @property
    def pages(self) -> bool:
        """True where a report is wanted, to read on a screen or on paper."""
        return bool(self.report or self.pdf)

    def check_pages(self, settings: Settings) -> None:
        """Make sure that a report can be made before hours are spent on what stands in it.

        Raises
        ------
        SettingsError, MissingExtraError, PrintError
            Where the logo cannot be used, or no PDF printed.
        """
        if self.pages:
            letterhead(settings)
        if self.pdf:
            from glutecam.records.pdf import check_printing

            check_printing()

    def write_poses(self, recording: Recording) -> list[Path]:
        """Write the landmarks if they are wanted, and return the file."""
        from glutecam.records.posefile import save_recording

        if not self.poses:
            return []
        save_recording(self.poses, recording.poses, recording.about)
        return [self.poses]

    def write_tables(
        self,
        assessment: Assessment,
        exercise: Exercise,
        name: str,
        cut: Cut | None = None,
        origin: Origin | None = None,
    ) -> list[Path]:
        """Write JSON and CSV, as far as they are wanted, and return the files."""
        from glutecam.records.export import csv_rows, write_csv, write_json

        if self.json:
            write_json(self.json, assessment, exercise, file=name, cut=cut, origin=origin)
        if self.csv:
            write_csv(self.csv, exercise, csv_rows(assessment, exercise, file=name))
        return [path for path in (self.json, self.csv) if path]

    def write_exports(self, source: Source) -> list[Path]:
        """Write what is wanted for other programs, tell what to know of it, and return the files.

        Where one of them cannot be made from this source, none is written.
        """
        for export in self.exports:
            export.check(source)
        for export in self.exports:
            for line in export.write(source):
                note(f"Note: {export.path.name}: {line}")
        return [export.path for export in self.exports]

    def write_report(
        self,
        assessment: Assessment,
        exercise: Exercise,
        name: str,
        pictures: Mapping[int, bytes],
        settings: Settings,
        both_sides: BothSides | None = None,
    ) -> list[Path]:
        """Write the report, to read and to print, as far as it is wanted, and return the files."""
        from glutecam.records.page import write_page
        from glutecam.records.report import html_report

        if not self.pages:
            return []
        page = html_report(
            assessment,
            exercise,
            source_name=name,
            subject=settings.named_subject,
            keyframes=pictures,
            made=datetime.now(),
            audience=settings.audience,
            letterhead=letterhead(settings),
            both_sides=both_sides,
        )
        if self.report:
            write_page(self.report, page)
        if self.pdf:
            write_sheets(self.pdf, page, f"{exercise.title}: {name}", settings)
        return [path for path in (self.report, self.pdf) if path]


def letterhead(settings: Settings) -> Letterhead:
    """Return what stands on top of every page, by the settings.

    Raises
    ------
    SettingsError
        Where the logo cannot be used.
    """
    from glutecam.records.letterhead import letterhead_of

    return letterhead_of(settings.clinic.name, settings.clinic.logo)


def write_sheets(
    path: Path, page: str, title: str, settings: Settings, *, across: bool = False
) -> None:
    """Print a page as PDF.

    Raises
    ------
    OutputError, MissingExtraError, PrintError
        Where it cannot be printed or written.
    """
    from glutecam import __version__
    from glutecam.core.wording import INTENDED_USE
    from glutecam.records.pdf import Printed, write_pdf

    below = f"glutecam {__version__}. {INTENDED_USE}"
    write_pdf(path, page, Printed(settings.clinic.name, title, below, across))


def _check(kind: str, path: Path, force: bool) -> None:
    if path.is_dir():
        example = path / f"{kind}{ENDINGS.get(kind, ('',))[0]}"
        raise OutputError(f"{path} is a folder. Name a file in it, such as {example}.")
    if path.exists() and not path.is_file():
        # The finished file takes the place of what is there: of a device, too.
        raise OutputError(f"{path} is not an ordinary file. Name one that can be made or replaced.")
    if path.suffix.lower() not in ENDINGS.get(kind, (path.suffix.lower(),)):
        raise OutputError(
            f"{path} does not end in {ENDINGS[kind][0]}. Call it {path.with_suffix(ENDINGS[kind][0])}."
        )
    if not path.parent.is_dir():
        raise OutputError(
            f"{path} cannot be written: there is no folder {path.parent}. Make it first, or choose "
            "another place."
        )
    if path.exists() and not force:
        raise OutputError(f"{path} is already there. Use --force to replace it, or another name.")
    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as err:
        raise OutputError(
            f"{path} cannot be written: {err.strerror}. Choose a folder that may be written to."
        ) from err
