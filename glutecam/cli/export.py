"""``glutecam export``: results and landmarks for other programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import options
from glutecam.cli.naming import under_pseudonyms
from glutecam.cli.outputs import Outputs
from glutecam.errors import InputError
from glutecam.records.exports import Export, Kind, Source

if TYPE_CHECKING:
    from glutecam.records.posefile import Recording
    from glutecam.records.schema import AssessmentDocument
    from glutecam.settings import Settings

__all__ = ["export"]

FileArgument = Annotated[
    Path, typer.Argument(help="Result (.json, from score --json or a batch) or landmarks (.npz).")
]
Out = Annotated[
    list[Path],
    typer.Option("--out", "-o", help="File to write; its ending says the format. Again for more."),
]
To = Annotated[
    Kind | None,
    typer.Option("--to", help="The format, where the ending does not say it: frames, landmarks."),
]
Subject = Annotated[
    str | None, typer.Option(help="Whom it shows, a pseudonym. Default: as in the result.")
]
Recorded = Annotated[
    datetime | None,
    typer.Option(help="When it was filmed, for FHIR. Default: the file's own time."),
]


def export(
    file: FileArgument,
    out: Out,
    to: To = None,
    exercise: options.ExerciseOption = None,
    side: options.SideOption = None,
    subject: Subject = None,
    recorded: Recorded = None,
    pseudonyms: options.Pseudonyms = None,
    force: options.Force = False,
    set_: options.Set = None,
    config: options.Config = None,
) -> None:
    """Write a result or landmarks in the format of another program.

    From a result: .mot (OpenSim), .json (FHIR Observations), .csv or .parquet with a row per
    repetition or, --to frames, per frame. From landmarks: .trc, .c3d and --to landmarks; with
    --exercise they are judged, and all the rest can be made too.

    \b
    Examples:
      glutecam export r.json -o reps.parquet -o pelvis.mot
      glutecam export r.json --to frames -o frames.csv
      glutecam export r.json -o observations.json --subject P07
      glutecam export r.json -o shared/reps.csv --pseudonyms /private/key.csv
      glutecam export clip.npz -o clip.trc -o clip.c3d
    """
    from glutecam.settings import load_settings

    if to is not None and len(out) > 1:
        raise InputError("--to says what one file is. Give one --out with it, or leave --to out.")
    outputs = Outputs(exports=(Export.to(out[0], to),) if to else Export.each_to(out))
    outputs.check(force, file)
    settings = load_settings(config, set_).over(side=side and side.value)
    source = _read(file, exercise, settings)
    source = _named(source, file, subject, pseudonyms, out)
    when = recorded or _filmed(source) or datetime.fromtimestamp(file.stat().st_mtime)
    for path in outputs.write_exports(replace(source, recorded=when.astimezone())):
        typer.echo(f"Written: {path}")


def _filmed(source: Source) -> datetime | None:
    """Return when the recording was filmed, where landmarks or result say so."""
    known = (source.document and source.document.recording) or (
        source.recording and source.recording.origin
    )
    return known.filmed if known else None


def _named(
    source: Source, file: Path, subject: str | None, pseudonyms: Path | None, out: list[Path]
) -> Source:
    """Return what is exported with the names that it shall have."""
    document = source.document
    whose = subject or (document.subject if document else None) or ""
    called = Path((document.file if document else None) or file.name)
    naming = under_pseudonyms(pseudonyms, called, whose, out)
    recording = source.recording and naming.of(source.recording)
    if document is not None and naming.veil is not None:
        said = [naming.veil.over(warning) for warning in document.assessment.warnings]
        judged = document.assessment.model_copy(update={"warnings": said})
        said_anew = {"file": naming.file, "assessment": judged, "recording": None}
        document = document.model_copy(update=said_anew)
    if document is not None and naming.subject:
        document = document.model_copy(update={"subject": naming.subject})
    return replace(source, document=document, recording=recording)


def _read(file: Path, exercise: str | None, settings: Settings) -> Source:
    """Return what a file holds, judged where the exercise is named."""
    from glutecam.records.imported import read_document
    from glutecam.records.posefile import load_poses

    ending = file.suffix.lower()
    if ending == ".json":
        return Source(read_document(file))
    if ending != ".npz":
        raise InputError(
            f"{file} is neither a result (.json) nor landmarks (.npz). A video is judged and exported "
            f"in one go: glutecam score {file} --exercise step-down --export pelvis.mot"
        )
    recording = load_poses(file)
    if exercise is None:
        return Source(recording=recording)
    return Source(_judged(recording, exercise, settings, file.name), recording)


def _judged(
    recording: Recording, exercise: str, settings: Settings, name: str
) -> AssessmentDocument:
    from glutecam import exercises, pipeline
    from glutecam.core.pelvis import measured_by
    from glutecam.records.export import document_of

    chosen = measured_by(exercises.get(exercise), settings.pelvis)
    assessment = pipeline.judge(
        recording, chosen, side=options.side_of(settings.side), smoothing=settings.filter,
        strict=settings.strict,
    )  # fmt: skip
    return document_of(assessment, chosen, file=name, origin=recording.origin)
