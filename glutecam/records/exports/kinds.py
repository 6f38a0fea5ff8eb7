"""Which formats there are, what each is made from, and the one door to write any of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from glutecam.records.posefile import Recording
    from glutecam.records.schema import AssessmentDocument

__all__ = [
    "ENDINGS",
    "Export",
    "Kind",
    "Need",
    "Source",
    "check_source",
    "kind_of",
    "require",
    "write_export",
]


class Kind(str, Enum):
    """A format for other programs."""

    REPS = "reps"
    FRAMES = "frames"
    LANDMARKS = "landmarks"
    MOT = "mot"
    TRC = "trc"
    C3D = "c3d"
    FHIR = "fhir"

    @property
    def needs_landmarks(self) -> bool:
        """True for what is made from a recording, not from its judgement."""
        return self in (Kind.LANDMARKS, Kind.TRC, Kind.C3D)


_TABLES = (Kind.REPS, Kind.FRAMES, Kind.LANDMARKS)
_TABLE_ENDINGS = (".csv", ".parquet")

ENDINGS: dict[Kind, tuple[str, ...]] = {
    **dict.fromkeys(_TABLES, _TABLE_ENDINGS),
    Kind.MOT: (".mot", ".sto"),
    Kind.TRC: (".trc",),
    Kind.C3D: (".c3d",),
    Kind.FHIR: (".json",),
}


@dataclass(frozen=True)
class Need:
    """A library that does not come with glutecam: what cannot be written without it, and its extra."""

    what: str
    module: str
    extra: str


_NEEDS = {Kind.C3D: Need("C3D", "ezc3d", "c3d"), Kind.FHIR: Need("FHIR", "fhir", "fhir")}
_PARQUET = Need("Parquet", "pyarrow", "parquet")


@dataclass(frozen=True)
class Source:
    """What there is to export.

    Attributes
    ----------
    document : AssessmentDocument or None
        The judgement, where there is one.
    recording : Recording or None
        The landmarks, where they are at hand.
    recorded : datetime or None
        When it was filmed, with its offset from UTC; only FHIR tells it.
    """

    document: AssessmentDocument | None = None
    recording: Recording | None = None
    recorded: datetime | None = None


@dataclass(frozen=True)
class Export:
    """One file to write for another program."""

    path: Path
    kind: Kind

    @classmethod
    def to(cls, path: Path, asked: Kind | None = None) -> Export:
        """Return the file with the format that was asked for, or that its name says.

        Raises
        ------
        InputError
            Where the name says nothing, or something else.
        MissingExtraError
            Where its library is not installed: better told before hours of work than after them.
        """
        export = cls(path, kind_of(path, asked))
        require(export.needs)
        return export

    @classmethod
    def each_to(cls, paths: Iterable[Path], also: Iterable[Need] = ()) -> tuple[Export, ...]:
        """Return the files with the formats that their names say; all that is missing is told at once.

        Parameters
        ----------
        paths : iterable of Path
        also : iterable of Need
            What other files need that are wanted with them.

        Raises
        ------
        InputError, MissingExtraError
            As ``to``.
        """
        exports = tuple(cls(path, kind_of(path)) for path in paths)
        require([need for export in exports for need in export.needs] + list(also))
        return exports

    @property
    def needs(self) -> tuple[Need, ...]:
        """What must be installed to write it."""
        if self.path.suffix.lower() == ".parquet":
            return (_PARQUET,)
        return (_NEEDS[self.kind],) if self.kind in _NEEDS else ()

    def check(self, source: Source) -> None:
        """Make sure that the source holds what the format is made from; see ``check_source``."""
        check_source(self.kind, source)

    def write(self, source: Source) -> list[str]:
        """Write it, and return what its reader should know; see ``write_export``."""
        return write_export(self.kind, self.path, source)


def kind_of(path: Path, asked: Kind | None = None) -> Kind:
    """Return the format of a file to write: the one asked for, else what its name says.

    A table is one row per repetition unless its name ends in ``frames`` or ``landmarks``.

    Raises
    ------
    InputError
        Where the name says nothing, or says something else than what was asked for.
    """
    ending = path.suffix.lower()
    if asked is not None:
        if ending not in ENDINGS[asked]:
            known = " or ".join(ENDINGS[asked])
            raise InputError(f"{path} should end in {known}, so that other programs know it.")
        return asked
    if ending in _TABLE_ENDINGS:
        stem = path.stem.lower()
        return next((kind for kind in _TABLES if stem.endswith(kind.value)), Kind.REPS)
    for kind, endings in ENDINGS.items():
        if ending in endings:
            return kind
    known = ", ".join(dict.fromkeys(end for ends in ENDINGS.values() for end in ends))
    raise InputError(f"What should {path} be? Its name ends in none of: {known}.")


def require(needs: Iterable[Need]) -> None:
    """Make sure that libraries are installed.

    Raises
    ------
    MissingExtraError
        Naming all that is missing, once each.
    """
    missing = [n for n in dict.fromkeys(needs) if importlib.util.find_spec(n.module) is None]
    if missing:
        what = " and ".join(", ".join(need.what for need in missing).rsplit(", ", 1))
        raise MissingExtraError(f"Writing {what}", *(need.extra for need in missing))


def check_source(kind: Kind, source: Source) -> None:
    """Make sure that the source holds what a format is made from, before anything is written.

    Raises
    ------
    InputError
        Naming what it is made from.
    """
    if kind.needs_landmarks and source.recording is None:
        raise InputError(
            f"{kind.value} is made from landmarks, and a result holds none. Give the recording "
            "(.npz, from track, score --save-poses or a batch) instead."
        )
    if not kind.needs_landmarks and source.document is None:
        raise InputError(
            f"{kind.value} is made from a judgement. Add --exercise, or give a result (score --json)."
        )


def write_export(kind: Kind, path: Path, source: Source) -> list[str]:
    """Write one export, and return what its reader should know.

    Raises
    ------
    InputError
        Where the source does not hold what the format needs.
    MissingExtraError
        Where the format needs a library that is not installed.
    OutputError
        Where the file cannot be written.
    """
    check_source(kind, source)
    if kind.needs_landmarks:
        assert source.recording is not None
        small = source.recording.reduced_accuracy
        named = [f"Reduced accuracy: the pose model is {source.recording.model_name}."]
        return _from_landmarks(kind, path, source.recording) + (named if small else [])
    assert source.document is not None
    # Not above: the command line knows the kinds before it needs numbers.
    from glutecam.core.wording import reduced_accuracy_of

    notes = _from_document(kind, path, source.document, source.recorded)
    made_by = source.document.assessment.provenance
    reduced = [reduced_accuracy_of(made_by.pose_model)] if made_by.reduced_accuracy else []
    return notes + reduced + _not_assessable(source.document)


def _not_assessable(document: AssessmentDocument) -> list[str]:
    """Say it where the judgement was refused: its numbers must not be taken for measurements."""
    judged = document.assessment
    if judged.instruction is None:
        return []
    return [f"The recording was not assessable ({judged.instruction}); its numbers prove nothing."]


def _from_landmarks(kind: Kind, path: Path, recording: Recording) -> list[str]:
    if kind is Kind.TRC:
        from glutecam.records.exports.trc import write_trc

        return write_trc(path, recording)
    if kind is Kind.C3D:
        from glutecam.records.exports.c3d import write_c3d

        return write_c3d(path, recording)
    from glutecam.records.exports.tables import landmark_table, write_table

    write_table(path, landmark_table(recording))
    return []


def _from_document(
    kind: Kind, path: Path, document: AssessmentDocument, recorded: datetime | None
) -> list[str]:
    if kind is Kind.MOT:
        from glutecam.records.exports.mot import write_mot

        return write_mot(path, document)
    if kind is Kind.FHIR:
        from glutecam.records.exports.fhir import write_fhir

        write_fhir(path, document, recorded)
        return []
    from glutecam.records.exports.tables import frame_table, rep_table, write_table

    write_table(path, rep_table(document) if kind is Kind.REPS else frame_table(document))
    return []
