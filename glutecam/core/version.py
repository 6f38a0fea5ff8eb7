"""The version of the package, by itself: whoever only asks for it need not load what measures."""

from __future__ import annotations

__all__ = ["VERSION"]

VERSION = "0.1.0"
