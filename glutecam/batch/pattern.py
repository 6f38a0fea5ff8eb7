"""``{subject}_{visit}_{exercise}_{side}``: what the names of files say, where a clinic names them so."""

from __future__ import annotations

import re
from collections.abc import Mapping

from glutecam import exercises
from glutecam.errors import InputError, nearest

__all__ = ["FIELDS", "NamePattern"]

FIELDS = ("subject", "visit", "exercise", "side", "notes")
_FIELD = re.compile(r"\{([^{}]*)\}")
_SIDES = "left|right|auto|l|r"


class NamePattern:
    """Reads fields out of names.

    Parameters
    ----------
    text : str
        A name without its ending, with ``{subject}``, ``{visit}``, ``{exercise}``, ``{side}`` or
        ``{notes}`` where they stand in it, and ``{}`` for what is not read. With a ``/`` in it the
        folders below the one that is searched are part of the name. A field ends at the first sign
        that follows it in the pattern; exercise and side are known words, whatever they hold.

    Raises
    ------
    InputError
        Where it names no field, one twice, or one that is not known.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._with_folders = "/" in text
        words = {"exercise": _exercises(), "side": _SIDES}
        self._pattern = re.compile(_regular(text, words), re.IGNORECASE)
        self._misspelt = {
            field: re.compile(_regular(text, {**words, field: "[^/]+"}), re.IGNORECASE)
            for field in words
        }

    def read(self, file: str) -> Mapping[str, str] | None:
        """Return the fields of a file's name; None where it does not fit.

        A misspelt exercise or side is read as it stands: whoever looks it up names the one that is meant.

        Parameters
        ----------
        file : str
            Below the folder that is searched, with ``/``.
        """
        path, _, name = file.rpartition("/")
        stem = name.rpartition(".")[0] or name
        whole = f"{path}/{stem}" if self._with_folders and path else stem
        found = self._pattern.fullmatch(whole) or self._nearly(whole)
        return None if found is None else {k: v.strip() for k, v in found.groupdict().items()}

    def _nearly(self, whole: str) -> re.Match[str] | None:
        for field, pattern in self._misspelt.items():
            found = pattern.fullmatch(whole)
            if found is not None and field in found.groupdict() and _is_slip(field, found[field]):
                return found
        return None


def _regular(text: str, words: Mapping[str, str]) -> str:
    parts = _FIELD.split(text)
    names = parts[1::2]
    _check(text, names)
    out = [re.escape(parts[0])]
    for name, after in zip(names, parts[2::2], strict=True):
        until = re.escape(after[:1])
        free = f"[^/{until}]+" if after else "[^/]+"
        inside = words.get(name, free)
        out.append((f"(?P<{name}>{inside})" if name else f"(?:{free})") + re.escape(after))
    return "".join(out)


def _is_slip(field: str, word: str) -> bool:
    """Tell whether a word is nearly one that is known; one with more around it is another trouble."""
    known = exercises.names() if field == "exercise" else _SIDES.split("|")
    plain = re.sub("[-_ ]+", "-", word.lower())
    return not any(f"-{one}-" in f"-{plain}-" for one in known) and bool(nearest(plain, known))


def _exercises() -> str:
    """Return every name of an exercise, the longest first; it may be written with other hyphens."""
    names = sorted(exercises.names(), key=len, reverse=True)
    return "|".join(re.escape(name).replace(r"\-", "[-_ ]") for name in names)


def _check(text: str, names: list[str]) -> None:
    for name in filter(None, names):
        if name not in FIELDS:
            near = nearest(name, FIELDS)
            hint = f" Did you mean '{{{near}}}'?" if near else ""
            raise InputError(
                f"The pattern '{text}' has a field '{{{name}}}'.{hint} Known: "
                f"{', '.join(f'{{{field}}}' for field in FIELDS)}."
            )
        if names.count(name) > 1:
            raise InputError(f"The pattern '{text}' has '{{{name}}}' twice. Give each field once.")
    if not any(names):
        raise InputError(
            f"The pattern '{text}' names no field. Write, for instance, "
            "'{subject}_{visit}_{exercise}_{side}'."
        )
