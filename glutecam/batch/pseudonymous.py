"""Clips under pseudonyms: what a batch publishes of a clip names neither the subject nor the file."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from glutecam.batch.plan import Clip, Plan
from glutecam.records.pseudonyms import Key, key_of

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
        As ``key_of``.
    """
    with key_of(key, apart_from=[out], keep=keep) as known:
        clips = [_hidden(clip, known) for clip in planned.clips]
        every = known.veil(*(pair for clip in planned.clips for pair in _places(clip, known)))
        notes = tuple(every.over(note) for note in planned.notes)
    return replace(planned, clips=tuple(sorted(clips, key=lambda c: (c.file, c.id))), notes=notes)


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
