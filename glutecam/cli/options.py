"""Options that several verbs share, each worded once. None: not given, the settings file decides."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from glutecam.capture.subject import SubjectPose
    from glutecam.core.assessment import Side
    from glutecam.records.exports import Export as ExportFile
    from glutecam.settings import Settings

__all__ = [
    "EXERCISES",
    "AudienceName",
    "AudienceOption",
    "Config",
    "CsvFile",
    "ExerciseOption",
    "Export",
    "Faces",
    "FacesName",
    "Filter",
    "FilterName",
    "FollowOption",
    "Force",
    "JsonFile",
    "Model",
    "Offline",
    "Pdf",
    "Pelvis",
    "PelvisName",
    "Pseudonyms",
    "Report",
    "Set",
    "SideName",
    "SideOption",
    "Strict",
    "Video",
    "exports_of",
    "open_model",
    "side_of",
]


class SideName(str, Enum):
    """The worked leg."""

    AUTO = "auto"
    LEFT = "left"
    RIGHT = "right"


class FilterName(str, Enum):
    """How signals are smoothed."""

    ZERO_PHASE = "zero-phase"
    CAUSAL = "causal"


class PelvisName(str, Enum):
    """How the pelvis is measured."""

    MODEL = "model"
    RAW = "raw"


class FacesName(str, Enum):
    """What becomes of faces in pictures that are written."""

    HIDE = "hide"
    KEEP = "keep"


class AudienceName(str, Enum):
    """In whose words a result is shown."""

    COACH = "coach"
    CLINICIAN = "clinician"


EXERCISES = "Such as step-down, single-leg-squat or clamshell; glutecam explain lists them."

ExerciseOption = Annotated[str | None, typer.Option("--exercise", "-x", help=EXERCISES)]
SideOption = Annotated[
    SideName | None,
    typer.Option(
        "--side",
        help="The worked leg, the subject's own: the one you stand on. Default: auto.",
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        help="Pose model: full, heavy (slower, mixes up left and right less) or lite. Default: full.",
    ),
]
FollowOption = Annotated[
    str | None,
    typer.Option(
        "--follow",
        metavar="WHOM",
        help="Whom to keep to among several people: largest, left or right (in the picture), moving, "
        "or a place in pixels such as 640,300; everybody else is painted out. Default: auto, whom "
        "the pose model finds first.",
    ),
]
Strict = Annotated[
    bool | None,
    typer.Option("--strict/--no-strict", help="Judge with the narrower bands. Default: no."),
]
Pelvis = Annotated[
    PelvisName | None,
    typer.Option(
        help="How the pelvis is measured: by the trained model, or raw from the two hip points, "
        "which show about a quarter of a drop. Default: model.",
    ),
]
Filter = Annotated[
    FilterName | None,
    typer.Option(
        help="Smoothing: zero-phase uses the whole recording, causal judges as live does. Default: zero-phase.",
    ),
]
AudienceOption = Annotated[
    AudienceName | None,
    typer.Option(
        "--audience",
        help="In whose words: coach, for whoever exercises, or clinician, with measurements and the "
        "published sheet. Default: coach.",
    ),
]
Report = Annotated[
    Path | None, typer.Option(help="Write a report to print or send, one HTML file.")
]
Pdf = Annotated[
    Path | None,
    typer.Option("--pdf", help="Print the same as PDF; needs Chromium, Chrome or Edge."),
]
Pseudonyms = Annotated[
    Path | None,
    typer.Option(
        "--pseudonyms",
        metavar="KEY",
        help="Put random pseudonyms in place of subjects and file names; which is whose is kept in this "
        "CSV, made where it is not there, outside of the results.",
    ),
]
Video = Annotated[
    Path | None, typer.Option(help="Write the video with everything drawn on it, .mp4.")
]
Faces = Annotated[
    FacesName | None,
    typer.Option(
        help="In the video and the report's pictures: hide the face and everything around the "
        "person, or keep them, where everybody agreed. Default: hide.",
    ),
]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write everything, for programs.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write one row per repetition.")]
Export = Annotated[
    list[Path] | None,
    typer.Option(
        "--export",
        help="Write for other programs, by ending; again for more: .mot .trc .c3d, .json (FHIR), "
        ".csv or .parquet (a row per repetition; a name ending in frames or landmarks: per frame).",
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are already there.")]
Offline = Annotated[
    bool, typer.Option("--offline", help="Never fetch a pose model that is missing.")
]
Config = Annotated[
    Path | None,
    typer.Option(help="Settings file. Default: glutecam.toml in this folder, if there is one."),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Any setting, for this time; again for more. 'glutecam settings show' lists them.",
    ),
]


def open_model(settings: Settings, *, live: bool = False) -> SubjectPose:
    """Return the pose model that is wanted; close it, or use it in a ``with``."""
    from glutecam import pipeline

    return pipeline.open_model(
        settings.model,
        count_people=settings.count_people,
        follow=settings.follow,
        live=live,
    )


def say_unused(file: Path, given: Mapping[str, object]) -> None:
    """Say which of the options that find the person nobody needs, as landmarks hold the person already.

    Parameters
    ----------
    file : Path
    given : mapping
        Their names, and what was said; None where nothing was.
    """
    from glutecam.cli.terminal import note
    from glutecam.core.wording import in_a_row

    unused = [name for name, value in given.items() if value is not None]
    if unused and file.suffix.lower() == ".npz":
        verb = "change" if len(unused) > 1 else "changes"
        said = (
            f"Note: {in_a_row(unused)} {verb} nothing here: in {file.name} the person is found already. "
            "To find another, give the video."
        )
        note(textwrap.fill(said, shutil.get_terminal_size().columns))


def side_of(name: str) -> Side | None:
    """Return the side, None for ``auto``."""
    from glutecam.core.assessment import Side

    return Side.of(name)


def exports_of(paths: Sequence[Path] | None, pdf: Path | None = None) -> tuple[ExportFile, ...]:
    """Return the files for other programs, each with the format that its name says.

    What is missing for them, and for a PDF that is wanted with them, is told at once.
    """
    from glutecam.records.exports import Export as ExportFile
    from glutecam.records.exports import Need

    also = [Need("PDF", "playwright", "pdf")] if pdf else []
    return ExportFile.each_to(paths or (), also)
