"""Files that are part of glutecam: in the package as it is installed, or in an editable checkout."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

__all__ = ["shipped_model"]


def shipped_model(file: str) -> bytes:
    """Return a file of ``models/``: the weights of our own models, their cards, the list of pose models.

    Raises
    ------
    OSError
        Where it is in neither place.
    """
    inside = importlib.resources.files("glutecam") / "models" / file
    if inside.is_file():
        return inside.read_bytes()
    # An editable checkout keeps the folder at the top of the repository.
    return (Path(__file__).resolve().parents[1] / "models" / file).read_bytes()
