"""What a result is called and whose it is: as the user says, or under a pseudonym."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.errors import OutputError

if TYPE_CHECKING:
    from glutecam.records.posefile import Recording
    from glutecam.records.pseudonyms import Veil

__all__ = ["Naming", "under_pseudonyms"]


@dataclass(frozen=True)
class Naming:
    """How a file and its subject are named in everything that is written.

    Attributes
    ----------
    file : str
    subject : str
    veil : Veil or None
        Under pseudonyms: what must not be seen in any other text.
    """

    file: str
    subject: str
    veil: Veil | None = None

    def said(self, load: str | None, note: str | None) -> tuple[str | None, str | None]:
        """Return somebody's words about a set without the names."""
        veil = self.veil
        return (
            (load, note) if veil is None else (load and veil.over(load), note and veil.over(note))
        )

    def of(self, recording: Recording) -> Recording:
        """Return a recording whose own words name nobody.

        Whoever has the file could find it again by its digest and date, so they are left out.
        """
        if self.veil is None:
            return recording
        said = tuple(map(self.veil.over, recording.warnings))
        about = replace(recording.about, source_name=self.file, warnings=said, origin=None)
        return replace(recording, about=about)


def under_pseudonyms(
    key: Path | None, file: Path, subject: str, written: Iterable[Path], nobody: str = ""
) -> Naming:
    """Return the names of a file and its subject in results, by the key where there is one.

    Parameters
    ----------
    key : Path or None
        None: the names as they are.
    file : Path
    subject : str
    written : iterable of Path
        What will be written; the key must lie in none of their folders.
    nobody : str
        A subject that names nobody and stays as it is.

    Raises
    ------
    OutputError
        Where the key would lie among the results, or a result's own file name names the subject.
    InputError
        Where the key cannot be read.
    """
    if key is None:
        return Naming(file.name, subject)
    from glutecam.records.pseudonyms import key_of

    written = list(written)
    with key_of(key, apart_from=[path.parent for path in written]) as known:
        shown = known.file(file.name)
        whose = subject if subject == nobody else known.subject(subject)
        places = ((str(file), shown), (file.name, shown), (file.stem, shown))
        veil = known.veil(*places, whose="" if subject == nobody else subject)
    for path in written:
        _check_name(path, veil)
    return Naming(shown, whose, veil)


def _check_name(path: Path, veil: Veil) -> None:
    words = path.stem.replace("_", " ").replace("-", " ")
    if veil.over(path.stem) != path.stem or veil.over(words) != words:
        raise OutputError(
            f"The name of {path} itself tells whose it is. Call it something else, such as "
            f"{path.with_name('result' + path.suffix)}."
        )
