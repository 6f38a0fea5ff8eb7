"""Names -> random pseudonyms, with the key in a file of its own that belongs nowhere near results.

    with key_of(Path("key.csv"), apart_from=[results]) as key:
        shown = key.subject("Anna Example")

A pseudonym is drawn, not computed: without the key nobody finds the name, and with the same key the
same name always gets the same one.
"""

from __future__ import annotations

import csv
import io
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from glutecam.errors import InputError, OutputError
from glutecam.records.cells import as_written, harmless
from glutecam.records.files import locked, not_written, whole_file

__all__ = ["Key", "Veil", "key_of", "looks_drawn"]

COLUMNS = ("kind", "name", "pseudonym")
SUBJECT, FILE = "subject", "file"

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Those that are not mistaken for each other."""
_STARTS = {SUBJECT: ("P", 6), FILE: ("clip-", 8)}
_SHORTEST_WORD = 3
"""Parts of a name that are shorter are not looked for in other texts by themselves."""


@dataclass(frozen=True)
class Veil:
    """Texts that must not be seen, each with what stands in its place.

    Attributes
    ----------
    names : tuple of (str, str)
        Replaced where they stand as words, whatever their capitals.
    places : tuple of (str, str)
        Paths and file names, replaced wherever they stand.
    """

    names: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()

    def over(self, text: str) -> str:
        """Return the text with everything replaced, the longest first."""
        for secret, shown in sorted(self.places, key=lambda pair: -len(pair[0])):
            text = text.replace(secret, shown)
        for secret, shown in sorted(self.names, key=lambda pair: -len(pair[0])):
            text = re.sub(_as_word(secret), shown, text, flags=re.IGNORECASE)
        return text


def _as_word(name: str) -> str:
    """Return a pattern for a name by itself; an underscore or a digit beside letters ends a word."""
    before = r"(?<!\d)" if name[0].isdigit() else r"(?<![^\W\d_])"
    after = r"(?!\d)" if name[-1].isdigit() else r"(?![^\W\d_])"
    return before + re.escape(name) + after


@dataclass
class Key:
    """Which pseudonym stands for which name; new names get one when they are first asked for.

    Attributes
    ----------
    known : dict of (kind, spelling) to (name, pseudonym)
        Names as they were first written, by what all their spellings have in common.
    """

    known: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    changed: bool = False
    _drawn_ones: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, kind: str, name: str, pseudonym: str) -> None:
        """Take in what stands for a name."""
        self.known[kind, _same(kind, name)] = (_tidy(kind, name), pseudonym)
        self._drawn_ones.add((kind, pseudonym))

    def subject(self, name: str) -> str:
        """Return a subject's pseudonym; nobody stays nobody."""
        return self._of(SUBJECT, name) if name.strip() else ""

    def file(self, name: str) -> str:
        """Return what a file is called in results; what is no file (``(line 3)``) too."""
        return self._of(FILE, name)

    def veil(self, *places: tuple[str, str], whose: str | None = None) -> Veil:
        """Return what hides names and places in a text.

        Parameters
        ----------
        *places : (str, str)
            A path or file name, and what stands for it.
        whose : str, optional
            The one subject that the text is about; without it every subject of the key.
        """
        whole = {name: p for (kind, _), (name, p) in self.known.items() if kind == SUBJECT}
        if whose is not None:
            whole = {_tidy(SUBJECT, whose): self.subject(whose)} if whose.strip() else {}
        words = {
            word: pseudonym
            for name, pseudonym in whole.items()
            for word in re.split(r"[\s,;._-]+", name)
            if len(word) >= _SHORTEST_WORD
        }
        return Veil(tuple({**words, **whole}.items()), tuple(p for p in places if p[0]))

    def _of(self, kind: str, name: str) -> str:
        if (kind, name) in self._drawn_ones:
            # A pseudonym stays what it is.
            return name
        place = (kind, _same(kind, name))
        if place not in self.known:
            self.learn(kind, name, self._drawn(kind))
            self.changed = True
        return self.known[place][1]

    def _drawn(self, kind: str) -> str:
        start, length = _STARTS[kind]
        while True:
            drawn = start + "".join(secrets.choice(_SIGNS) for _ in range(length))
            if (kind, drawn) not in self._drawn_ones:
                return drawn


def looks_drawn(name: str, *, folder: bool = False) -> bool:
    """Return whether a file is called as this module calls files; a folder has small letters."""
    start, length = _STARTS[FILE]
    signs = _SIGNS.lower() if folder else _SIGNS
    return bool(re.fullmatch(f"{start}[{signs}]{{{length}}}", name))


@contextmanager
def key_of(path: Path, *, apart_from: Iterable[Path], keep: bool = True) -> Iterator[Key]:
    """Give the key in a file, or a new one; written at the end if names have come to it.

    Parameters
    ----------
    path : Path
        CSV with the columns kind, name, pseudonym; only its owner may read it.
    apart_from : iterable of Path
        Folders of results, in which it must not lie.
    keep : bool
        False: only look, write nothing.

    Raises
    ------
    OutputError
        Where it would lie among the results, or cannot be written.
    InputError
        Where it is there and is no such key.
    """
    _check_apart(path, apart_from)
    if not keep:
        yield _read(path)
        return
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(path.with_name(f".{path.name}.lock"), wait=True))
        except OSError as err:
            raise not_written(path, err) from err
        key = _read(path)
        yield key
        if key.changed:
            _write(path, key)


def _check_apart(path: Path, results: Iterable[Path]) -> None:
    place = path.resolve()
    for folder in results:
        if place.is_relative_to(folder.resolve()):
            raise OutputError(
                f"The key of the pseudonyms must not lie in {folder.resolve()}: whoever gets the results would "
                "get the names. Name a file elsewhere, best in a folder that only you can read, "
                f"such as --pseudonyms {Path.home() / 'glutecam-key.csv'}"
            )


def _read(path: Path) -> Key:
    if not path.exists():
        return Key()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"The key {path} cannot be read: {err}. Name the right file.") from err
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    key = Key()
    for row in rows:
        if any(not row.get(column) for column in COLUMNS) or row["kind"] not in _STARTS:
            raise _no_key(path)
        key.learn(row["kind"], as_written(row["name"]), row["pseudonym"])
    if not rows and text.strip() not in ("", ",".join(COLUMNS)):
        raise _no_key(path)
    if len({pseudonym for _, pseudonym in key.known.values()}) < len(rows):
        raise InputError(
            f"In the key {path} a name or a pseudonym stands twice. Bring it back from a copy."
        )
    return key


def _no_key(path: Path) -> InputError:
    return InputError(
        f"{path} is not a key of pseudonyms: it has no columns {', '.join(COLUMNS)}. Name the right "
        "file, or one that is not there yet."
    )


def _write(path: Path, key: Key) -> None:
    """Write the key, whole or not at all, for its owner alone from the first byte on."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for (kind, _), (name, pseudonym) in sorted(key.known.items()):
        writer.writerow([kind, harmless(name), pseudonym])
    with whole_file(path, private=True) as stream:
        stream.write(text.getvalue().encode("utf-8"))


def _tidy(kind: str, name: str) -> str:
    """Return a person's name in one spelling of its letters and blanks; a file's as it is."""
    return name if kind == FILE else " ".join(unicodedata.normalize("NFC", name).split())


def _same(kind: str, name: str) -> str:
    """Return what the spellings of one person's name have in common; files differ by every sign."""
    return _tidy(kind, name) if kind == FILE else _tidy(kind, name).casefold()
