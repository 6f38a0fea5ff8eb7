"""Import a library without those of its own imports that are slow and never used here."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

__all__ = ["postponed"]


@contextmanager
def postponed(package: str, part: str) -> Iterator[None]:
    """Load a part of a package, where it is imported in this block, when something of it is first used.

    MediaPipe's drawing helpers ask for Matplotlib's plots, which nobody here calls. They cost the
    better part of a second at every start, and the first time on a machine the search for its fonts.
    Whoever does call such a helper gets the real part then, and imports after the block are real.

    Parameters
    ----------
    package : str
        Loaded already, it stays as it is.
    part : str
        Module of the package.
    """
    if package in sys.modules:
        yield
        return
    name = f"{package}.{part}"
    whole, later = ModuleType(package), ModuleType(name)
    later.__getattr__ = lambda wanted: getattr(importlib.import_module(name), wanted)  # type: ignore[method-assign]
    setattr(whole, part, later)
    sys.modules |= {package: whole, name: later}
    try:
        yield
    finally:
        for placed in (package, name):
            sys.modules.pop(placed, None)
