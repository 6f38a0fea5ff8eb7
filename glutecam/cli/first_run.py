"""What this is for, and what it is not: said once to every user, before the first result."""

from __future__ import annotations

import hashlib
import sys
import textwrap
from pathlib import Path

from glutecam.cli.terminal import note

__all__ = ["say_once"]

WIDTH = 80
FILE_NAME = "intended-use-read.txt"


def say_once(folder: Path | None = None) -> bool:
    """Print the intended use on the first run, and again where its text has changed since.

    Only where a person reads it: into a file or a pipe nothing is said, and nothing remembered. A
    folder that cannot be written to costs nothing but the text being said again.

    Parameters
    ----------
    folder : Path, optional
        Where it is remembered; the user's data folder without one.

    Returns
    -------
    bool
        True where it was said.
    """
    from glutecam.core.wording import INTENDED_USE_WHOLE

    if not _somebody_reads():
        return False
    mark = hashlib.sha256(INTENDED_USE_WHOLE.encode()).hexdigest()
    path = (folder or _data_folder()) / FILE_NAME
    try:
        if path.read_text(encoding="utf-8").strip() == mark:
            return False
    except (OSError, UnicodeDecodeError):
        pass
    wrapped = (textwrap.fill(part, WIDTH) for part in INTENDED_USE_WHOLE.split("\n\n"))
    note("\n\n".join(["Before you begin (said once):", *wrapped, ""]))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(f"{mark}\n", encoding="utf-8")
    except OSError:
        pass
    return True


def _somebody_reads() -> bool:
    return sys.stderr.isatty()


def _data_folder() -> Path:
    import platformdirs

    return platformdirs.user_data_path("glutecam")
