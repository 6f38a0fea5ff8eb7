"""What is to be done: a folder or a manifest -> Clips, each with a stable id."""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from glutecam import exercises
from glutecam.errors import InputError, UnknownExerciseError

__all__ = ["Clip", "Plan", "plan"]

VIDEO_SUFFIXES = frozenset(
    f".{kind}"
    for kind in (
        "mp4",
        "m4v",
        "mov",
        "avi",
        "mkv",
        "webm",
        "mpg",
        "mpeg",
        "wmv",
        "3gp",
        "mts",
        "m2ts",
    )
)
SIDES = {"": "auto", "auto": "auto", "left": "left", "l": "left", "right": "right", "r": "right"}
COLUMNS = ("file", "exercise", "side", "subject")


@dataclass(frozen=True)
class Clip:
    """One recording to judge.

    Attributes
    ----------
    file : str
        As people know it: below the folder or as the manifest writes it, with ``/``.
    path : Path
        Where it is.
    exercise, side, subject : str
        Side is ``auto``, ``left`` or ``right``; subject is any text.
    problem : str or None
        Why it cannot even be tried; it is then a row with this error.
    """

    file: str
    path: Path
    exercise: str
    side: str = "auto"
    subject: str = ""
    problem: str | None = None

    @property
    def id(self) -> str:
        """Name of its folder of results: the same on every machine, and safe on every disk."""
        what = "\n".join((self.file, self.exercise, self.side))
        digest = hashlib.sha256(what.encode()).hexdigest()[:10]
        readable = re.sub(r"[^a-z0-9]+", "-", Path(self.file).stem.lower()).strip("-")
        return f"{readable[:40] or 'clip'}-{digest}"


@dataclass(frozen=True)
class Plan:
    """The clips in the order of the tables, and what the user should know about them."""

    clips: tuple[Clip, ...]
    notes: tuple[str, ...] = ()


def plan(source: Path, exercise: str | None, side: str = "auto", skip: Path | None = None) -> Plan:
    """Return the clips of a folder, or of a manifest.

    Parameters
    ----------
    source : Path
        A folder, searched with everything below it, or a CSV file.
    exercise : str, optional
        For every clip that names none; without it the file's name is asked.
    side : str
        For every clip that names none.
    skip : Path, optional
        A folder that is not searched: the results of an earlier run.

    Raises
    ------
    InputError
        Where there is neither, nothing in it, or the manifest cannot be read.
    UnknownExerciseError
        Where ``exercise`` is not one.
    """
    chosen = exercises.get(exercise).name if exercise else None
    if source.is_dir():
        clips = _of_folder(source, skip)
    elif source.is_file():
        clips = _of_manifest(source)
    else:
        raise InputError(
            f"There is no folder or manifest {source}. Give a folder with videos, or a CSV file "
            "with the columns file, exercise, side, subject."
        )
    if not clips:
        raise InputError(
            f"Nothing to do: no video was found in {source}. Videos end in "
            f"{', '.join(sorted(VIDEO_SUFFIXES))}."
        )
    decided = [_decided(clip, chosen, side) for clip in clips]
    notes = _guess_note(clips, decided, chosen)
    unique = {clip.id: clip for clip in decided}
    if len(unique) < len(decided):
        notes.append(f"{len(decided) - len(unique)} clips are listed twice and are done once.")
    return Plan(tuple(sorted(unique.values(), key=lambda clip: (clip.file, clip.id))), tuple(notes))


def _of_folder(folder: Path, skip: Path | None) -> list[Clip]:
    return [
        Clip(path.relative_to(folder).as_posix(), path, exercise="", side="")
        for path in _videos(folder, skip)
    ]


def _videos(folder: Path, skip: Path | None) -> Iterator[Path]:
    """Yield the videos below a folder; hidden ones (such as macOS's ``._clip.mp4``) are not."""
    avoid = skip.resolve() if skip else None
    for where, folders, files in os.walk(folder):
        here = Path(where)
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and (here / name).resolve() != avoid
        ]
        for name in files:
            path = here / name
            if path.suffix.lower() in VIDEO_SUFFIXES and not name.startswith("."):
                yield path


def _of_manifest(manifest: Path) -> list[Clip]:
    rows = list(_rows(manifest))
    if rows and "file" not in rows[0]:
        raise InputError(
            f"The manifest {manifest} has no column 'file' in its first line. It needs: "
            f"{', '.join(COLUMNS)} (all but file may be left out)."
        )
    return [_of_row(manifest.parent, row) for row in rows if row["file"]]


def _rows(manifest: Path) -> Iterator[dict[str, str]]:
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(
            f"The manifest {manifest} cannot be read as text: {err}. Save it as CSV in UTF-8."
        ) from err
    lines = [line for line in text.splitlines() if line.strip(" ,;\t")]
    # Spreadsheets write ; or tabs where the comma is the decimal mark.
    first = lines[0] if lines else ""
    delimiter = max(",;\t", key=first.count)
    for row in csv.DictReader(lines, delimiter=delimiter):
        yield {
            str(key).strip().lower(): (value or "").strip()
            for key, value in row.items()
            if key is not None
        }


def _of_row(folder: Path, row: Mapping[str, str]) -> Clip:
    file = row["file"].replace("\\", "/")
    return Clip(
        file,
        folder / file,
        exercise=row.get("exercise", ""),
        side=row.get("side", ""),
        subject=row.get("subject", ""),
    )


def _decided(clip: Clip, exercise: str | None, side: str) -> Clip:
    """Fill in what the row leaves open, and find out what is wrong with it."""
    wanted_side = SIDES.get(clip.side.lower() if clip.side else side)
    if wanted_side is None:
        return replace(clip, problem=f"The side '{clip.side}' is not left, right or auto.")
    guess = None if clip.exercise or exercise else _from_name(clip.file)
    if guess and wanted_side == "auto":
        wanted_side = _side_from_name(clip.file)
    clip = replace(clip, side=wanted_side, exercise=clip.exercise or exercise or guess or "")
    if not clip.exercise:
        return replace(
            clip,
            problem="Which exercise it shows is not known: give --exercise, a manifest, or put "
            "the name of one exercise into the name of the file.",
        )
    try:
        clip = replace(clip, exercise=exercises.get(clip.exercise).name)
    except UnknownExerciseError as err:
        return replace(clip, problem=f"The exercise {err}")
    if not clip.path.is_file():
        what = "is a pipe or a device" if clip.path.exists() else "is not there"
        return replace(clip, problem=f"The file {clip.file} {what}.")
    return clip


def _words(file: str) -> str:
    return "-" + re.sub(r"[^a-z0-9]+", "-", Path(file).stem.lower()) + "-"


def _from_name(file: str) -> str | None:
    found = [name for name in exercises.names() if f"-{name}-" in _words(file)]
    return found[0] if len(found) == 1 else None


def _side_from_name(file: str) -> str:
    found = [side for side in ("left", "right") if f"-{side}-" in _words(file)]
    return found[0] if len(found) == 1 else "auto"


def _guess_note(before: Iterable[Clip], after: Iterable[Clip], exercise: str | None) -> list[str]:
    guessed = sum(not b.exercise and bool(a.exercise) for b, a in zip(before, after, strict=True))
    if exercise or not guessed:
        return []
    return [
        f"The exercise of {guessed} clips, and the side where it stands there, is taken from "
        "the name of the file."
    ]
