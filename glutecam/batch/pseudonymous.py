"""Clips under pseudonyms: what a batch publishes of a clip names neither the subject nor the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from glutecam.batch.log import LOG
from glutecam.batch.plan import Clip, Plan, readable
from glutecam.errors import OutputError
from glutecam.records.pseudonyms import Key, key_of, looks_drawn

__all__ = ["under_pseudonyms"]

_HANDLED = frozenset(("file", "subject", "exercise", "side", "address"))


def under_pseudonyms(planned: Plan, key: Path, out: Path, *, keep: bool = True) -> Plan:
    """Return the plan with every subject and file under its pseudonym, in the order of those.

    The key is on the disk before anything is judged, so that no result is without it.

    Parameters
    ----------
    planned : Plan
    key : Path
        See ``records.pseudonyms.key_of``.
    out : Path
        Folder of the results, in which the key must not lie.
    keep : bool
        False: write no key, as nothing else is written.

    Raises
    ------
    OutputError, InputError
        As ``key_of``; OutputError also where the folder holds results of a run without pseudonyms.
    """
    with key_of(key, apart_from=[out], keep=keep) as known:
        _check_no_names(out, known)
        clips = [_hidden(clip, known) for clip in planned.clips]
        every = known.veil(*(pair for clip in planned.clips for pair in _places(clip, known)))
        notes = tuple(every.over(note) for note in planned.notes)
    return replace(planned, clips=tuple(sorted(clips, key=lambda c: (c.file, c.id))), notes=notes)


def _check_no_names(out: Path, key: Key) -> None:
    """Refuse results of a run without pseudonyms: their folders and the log would keep the names."""
    shown = {pseudonym for _, pseudonym in key.known.values()}
    # A folder's name is the file's in small letters, and ends with a digest.
    folders = {path.name.rpartition("-")[0] for path in out.glob("clips/*") if path.is_dir()}
    named = {name for name in _logged(out / LOG) if not (name in shown or looks_drawn(name))}
    named |= {
        name for name in folders - set(map(readable, shown)) if not looks_drawn(name, folder=True)
    }
    if named:
        raise OutputError(
            f"{out} holds results of a run without pseudonyms (of '{min(named)}', say), which would "
            f"go on naming people in {out / 'clips'} and {out / LOG}. Choose a new folder with "
            "--out, or delete this one first."
        )


def _logged(log: Path) -> Iterator[str]:
    if not log.is_file():
        return
    with log.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            try:
                told = json.loads(line)
            except ValueError:
                continue
            if isinstance(told, dict) and told.get("clip"):
                yield str(told["clip"])


def _hidden(clip: Clip, key: Key) -> Clip:
    veil = key.veil(*_places(clip, key), whose=clip.subject)
    # Whatever else a manifest says of a clip may hold the name as well.
    more: dict[str, Any] = {
        each.name: veil.over(text)
        for each in fields(clip)
        if each.name not in _HANDLED and isinstance(text := getattr(clip, each.name), str)
    }
    return replace(
        clip, file=key.file(clip.file), subject=key.subject(clip.subject), veil=veil, **more
    )


def _places(clip: Clip, key: Key) -> list[tuple[str, str]]:
    """Return every way in which an error may name the file, and its pseudonym."""
    shown = key.file(clip.file)
    path = clip.path
    ways = {clip.file, clip.address, str(path), path.as_posix(), str(path.absolute()), path.name}
    folders = {str(path.parent), str(path.parent.absolute())} - {"."}
    return [*((way, shown) for way in ways), *((folder, "(folder)") for folder in folders)]
