"""Which recording something was made from, and when that was filmed: it travels with landmarks and results."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

__all__ = ["Origin", "earlier_keys", "key_of_set"]

_PART = 1 << 20
"""Bytes that are read at once."""


@dataclass(frozen=True)
class Origin:
    """The file that was filmed.

    Attributes
    ----------
    sha256 : str
        Of its bytes, so that it is known again under any name.
    filmed : datetime
        When the file was last written, with its offset from UTC: a video says nothing better.
    """

    sha256: str
    filmed: datetime

    @classmethod
    def of(cls, file: Path) -> Origin:
        """Return the origin of what is made from a file.

        Raises
        ------
        OSError
            Where it cannot be read.
        """
        (sha256,) = _digests(file, [""])
        return cls(sha256, datetime.fromtimestamp(file.stat().st_mtime).astimezone())

    @classmethod
    def said(cls, facts: Mapping[str, Any]) -> Origin | None:
        """Return it from what a file of landmarks says; None from one that does not."""
        if "sha256" not in facts:
            return None
        filmed = datetime.fromisoformat(str(facts["filmed"]))
        return cls(str(facts["sha256"]), filmed if filmed.tzinfo else filmed.astimezone())

    @property
    def facts(self) -> dict[str, str]:
        """As a file of landmarks says it."""
        return {"sha256": self.sha256, "filmed": self.filmed.isoformat()}


def key_of_set(sha256: str, subject: str, exercise: str, number: int = 1) -> str:
    """Return the same key for the same set of the same recording, whatever it was read from.

    ``sha256`` is that of the file that was filmed.
    """
    parts = (subject, exercise, str(number), sha256)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def earlier_keys(file: Path, subject: str, exercise: str, numbers: Sequence[int]) -> list[str]:
    """Return the keys that earlier versions gave these sets of the same file, which is read once.

    Raises
    ------
    OSError
        Where it cannot be read.
    """
    which = [f"{number}\0" if number > 1 else "" for number in numbers]
    return _digests(file, [f"{subject}\0{exercise}\0{one}" for one in which])


def _digests(file: Path, seeds: Sequence[str]) -> list[str]:
    """Return the SHA-256 of each seed followed by the bytes of a file."""
    found = [hashlib.sha256(seed.encode()) for seed in seeds]
    with file.open("rb") as stream:
        while part := stream.read(_PART):
            for digest in found:
                digest.update(part)
    return [digest.hexdigest() for digest in found]
