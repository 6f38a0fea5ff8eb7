"""Which recording something was made from, and when that was filmed: it travels with landmarks and results."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

__all__ = ["Origin", "key_of_set"]


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
        digest = hashlib.sha256()
        with file.open("rb") as stream:
            while part := stream.read(1 << 20):
                digest.update(part)
        return cls(digest.hexdigest(), datetime.fromtimestamp(file.stat().st_mtime).astimezone())

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


def key_of_set(origin: Origin, subject: str, exercise: str, number: int = 1) -> str:
    """Return the same key for the same set of the same recording, whatever it was read from."""
    parts = (subject, exercise, str(number), origin.sha256)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
