"""What is to be done: a folder or a manifest -> Clips, each with a stable id."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from glutecam import exercises
from glutecam.address import is_address
from glutecam.batch.manifest import MANIFESTS, read_manifest
from glutecam.batch.pattern import NamePattern
from glutecam.errors import InputError, UnknownExerciseError, nearest
from glutecam.records.pseudonyms import Veil

__all__ = ["Clip", "Plan", "plan", "readable"]

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
_PLACE = re.compile(r"(Line|Row) \d+ of the manifest: ")
SIDES = {"": "auto", "auto": "auto", "left": "left", "l": "left", "right": "right", "r": "right"}


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
    visit, notes : str
        Any text; both go into every row of the results.
    problem : str or None
        Why it cannot even be tried; it is then a row with this error.
    address : str
        Where it lies, in place of ``path``: anything that fsspec can read, such as ``s3://..``.
    veil : Veil or None
        Under pseudonyms: what must not be seen in any text about it.
    where : str
        Where in a manifest its row stands, such as ``line 7``; empty without one.
    side_said : bool
        The manifest's own row named the side.
    """

    file: str
    path: Path
    exercise: str
    side: str = "auto"
    subject: str = ""
    problem: str | None = None
    address: str = ""
    visit: str = ""
    notes: str = ""
    veil: Veil | None = None
    where: str = field(default="", compare=False)
    side_said: bool = field(default=False, compare=False)

    def public(self, text: str) -> str:
        """Return a text about this clip as results may have it."""
        return self.veil.over(text) if self.veil else text

    def placed(self, problem: str) -> str:
        """Return what is wrong with it, with where its row stands now: a kept text may say where it stood."""
        here = f"{self.where.capitalize()} of the manifest"
        if self.where and problem.startswith(f"{here} "):
            return problem
        bare = _PLACE.sub("", problem, count=1)
        return f"{here}: {bare}" if self.where and bare else bare

    @property
    def id(self) -> str:
        """Name of its folder of results: the same on every machine, and safe on every disk."""
        told = (self.file, self.exercise, self.side, self.subject)
        what = "\n".join((*told, self.visit) if self.visit else told)
        digest = hashlib.sha256(what.encode("utf-8", "surrogateescape")).hexdigest()[:10]
        return f"{readable(self.file)}-{digest}"


def readable(file: str) -> str:
    """Return what of a file's name stands in the name of its folder of results."""
    # One sign for a letter and its dots: some disks keep them as two, and it is the same name.
    name = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", Path(file).stem).lower())
    kept = (sign if unicodedata.category(sign)[0] in "LMN" else "-" for sign in name)
    return re.sub("-+", "-", "".join(kept)).strip("-")[:40] or "clip"


@dataclass(frozen=True)
class Plan:
    """The clips in the order of the tables, and what the user should know about them."""

    clips: tuple[Clip, ...]
    notes: tuple[str, ...] = ()


def plan(
    source: Path,
    exercise: str | None,
    side: str = "auto",
    skip: Path | None = None,
    pattern: str | None = None,
) -> Plan:
    """Return the clips of a folder, or of a manifest.

    Parameters
    ----------
    source : Path
        A folder, searched with everything below it, or a CSV or Parquet file.
    exercise : str, optional
        For every clip that names none; without it the file's name is asked.
    side : str
        For every clip that names none.
    skip : Path, optional
        A folder that is not searched: the results of an earlier run.
    pattern : str, optional
        How the files of a folder are named, see ``NamePattern``.

    Raises
    ------
    InputError
        Where there is neither, nothing in it, the manifest cannot be read, or the pattern says nothing.
    UnknownExerciseError
        Where ``exercise`` is not one.
    """
    chosen = exercises.get(exercise).name if exercise else None
    names = NamePattern(pattern) if pattern else None
    found, notes = _found(source, skip, names)
    clips = [clip for clip, _ in found]
    if not clips:
        endings = ", ".join(sorted(VIDEO_SUFFIXES))
        nothing = f"Nothing to do: no video was found in {source}. Videos end in {endings}."
        raise InputError(" ".join([nothing, *notes]))
    decided = [_placed(_decided(clip, chosen, side), where) for clip, where in found]
    notes += _guess_note(clips, decided, chosen)
    unique = {clip.id: clip for clip in decided}
    if len(unique) < len(decided):
        twice = sorted({clip.file for clip in decided if sum(c.id == clip.id for c in decided) > 1})
        notes.append(
            f"Listed more than once and done once: {', '.join(twice)}.{_last_counts(decided)}"
        )
    return Plan(tuple(sorted(unique.values(), key=lambda clip: (clip.file, clip.id))), tuple(notes))


def _last_counts(clips: Sequence[Clip]) -> str:
    """Say of clips that are listed more than once with different words which of these are taken."""
    said: dict[str, set[tuple[str, str]]] = {}
    for clip in clips:
        said.setdefault(clip.id, set()).add((clip.visit, clip.notes))
    differ = any(len(words) > 1 for words in said.values())
    return " Visit and notes differ there: those of the last line are taken." if differ else ""


def _found(
    source: Path, skip: Path | None, names: NamePattern | None
) -> tuple[list[tuple[Clip, str]], list[str]]:
    """Return the clips, each with where in a manifest it stands, and notes."""
    if source.is_dir():
        files = list(_files(source, skip))
        clips = _of_folder(source, files)
        return [(_named(clip, names) if names else clip, "") for clip in clips], _left_out(files)
    if not source.is_file():
        raise InputError(
            f"There is no folder or manifest {source}. Give a folder with videos, or {MANIFESTS}."
        )
    if _is_recording(source):
        raise InputError(
            f"{source} is one recording, and batch wants a folder of them, or {MANIFESTS}. To judge "
            f"this one: glutecam score {source.name} --exercise step-down; all in its folder: "
            f"glutecam batch {source.parent} --out results"
        )
    if names:
        raise InputError(
            "A manifest says by itself what each clip is: leave --pattern out, or give the folder."
        )
    manifest = read_manifest(source)
    rows = [(_of_row(source, where, row), where) for where, row in manifest.rows]
    return rows, list(manifest.notes)


def _is_recording(path: Path) -> bool:
    return path.suffix.lower() in {*VIDEO_SUFFIXES, ".npz"}


def _of_folder(folder: Path, files: Iterable[Path]) -> list[Clip]:
    return [
        Clip(_printable(path.relative_to(folder).as_posix()), path, exercise="", side="")
        for path in files
        if path.suffix.lower() in VIDEO_SUFFIXES
    ]


def _left_out(files: Iterable[Path]) -> list[str]:
    """Say that landmarks in a folder are not judged: they may be those of the videos beside them."""
    count = sum(path.suffix.lower() == ".npz" for path in files)
    if not count:
        return []
    which = (
        "1 file of landmarks (.npz) is" if count == 1 else f"{count} files of landmarks (.npz) are"
    )
    return [f"{which} left out: of a folder the videos are judged. List landmarks in a manifest."]


def _printable(name: str) -> str:
    """Write a name that is no text (from an old disk, say) with its odd bytes spelled out."""
    return name.encode("utf-8", "backslashreplace").decode()


def _files(folder: Path, skip: Path | None) -> Iterator[Path]:
    """Yield the files below a folder but for hidden ones, such as macOS's ``._clip.mp4``."""
    avoid = skip.resolve() if skip else None
    for where, folders, files in os.walk(folder):
        here = Path(where)
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and (here / name).resolve() != avoid
        ]
        yield from (here / name for name in files if not name.startswith("."))


def _named(clip: Clip, names: NamePattern) -> Clip:
    """Fill in what the name of the file says."""
    said = names.read(clip.file)
    if said is None:
        return replace(clip, problem=f"Its name does not fit the pattern '{names.text}'.")
    return replace(clip, **said)  # type: ignore[arg-type]


def _placed(clip: Clip, where: str) -> Clip:
    """Let the clip know where in the manifest its row stands, and its problem say so."""
    there = replace(clip, where=where)
    return replace(there, problem=clip.problem and there.placed(clip.problem))


def _of_row(manifest: Path, where: str, row: Mapping[str, str]) -> Clip:
    written = row.get("file", "")
    address = written if is_address(written) else ""
    if not address:
        written = written.replace("\\", "/")
    file = address or (posixpath.normpath(written) if written else f"({where})")
    return Clip(
        file,
        manifest.parent / file,
        exercise=row.get("exercise", ""),
        side=row.get("side", ""),
        subject=row.get("subject", ""),
        problem=None if written else f"{where.capitalize()} of the manifest names no file.",
        address=address,
        visit=row.get("visit", ""),
        notes=row.get("notes", ""),
    )


def _decided(clip: Clip, exercise: str | None, side: str) -> Clip:
    """Fill in what the row leaves open, and find out all that is wrong with it."""
    if clip.problem:
        return clip
    wanted_side = SIDES.get(clip.side.lower() if clip.side else side)
    guess = None if clip.exercise or exercise else _from_name(clip.file)
    if guess and wanted_side == "auto":
        wanted_side = _side_from_name(clip.file)
    name, unknown = _exercise(clip.exercise or exercise or guess or "")
    trouble = _trouble_with_file(clip)
    # An empty file on its own: no exercise that is not said would make it readable.
    needed = unknown if clip.exercise or not trouble else None
    problems = [*filter(None, (_trouble_with_side(clip.side, wanted_side), needed, trouble))]
    return replace(
        clip, side=wanted_side or clip.side, exercise=name, problem=" ".join(problems) or None,
        side_said=bool(clip.side),
    )  # fmt: skip


def _exercise(asked: str) -> tuple[str, str | None]:
    """Return its proper name, and what is wrong with the one that was given."""
    if not asked:
        return "", (
            "Which exercise it shows is not known: give --exercise, a manifest, or put "
            "the name of one exercise into the name of the file."
        )
    try:
        return exercises.get(asked).name, None
    except UnknownExerciseError as err:
        return asked, str(err)


def _trouble_with_side(asked: str, known: str | None) -> str | None:
    if known is not None:
        return None
    meant = nearest(asked, ("left", "right", "auto"))
    hint = f" Did you mean '{meant}'?" if meant else ""
    return f"The side '{asked}' is not left, right or auto.{hint}"


def _trouble_with_file(clip: Clip) -> str | None:
    if clip.address:
        return None
    if not clip.path.is_file():
        what = "is a pipe or a device" if clip.path.exists() else "is not there"
        return f"The file {clip.file} {what}."
    try:
        empty = clip.path.stat().st_size == 0
    except OSError:
        return None  # whoever reads it says why it cannot be read
    return f"The file {clip.file} is empty (0 bytes): copy it again." if empty else None


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
    of = "one clip" if guessed == 1 else f"{guessed} clips"
    return [
        f"The exercise of {of}, and the side where it stands there, is taken from "
        "the name of the file."
    ]
