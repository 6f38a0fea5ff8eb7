"""HTML pages that carry everything inside: their style, their scripts, their figures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from glutecam.core.assessment import Band
from glutecam.core.wording import BAND_SIGNS
from glutecam.records.files import write_whole
from glutecam.records.plot import DARK_OF

__all__ = ["Chip", "Scripts", "chips", "rendered", "write_page"]

Chip = tuple[str, str, str, int]
"""A band with its sign, its word and how often it was found."""


@dataclass(frozen=True)
class Scripts:
    """What draws the figures of a page; none of it where there are none.

    Attributes
    ----------
    code : sequence of Markup
        Scripts, to be run in this order.
    policy : str
        The only scripts that the page may run, by their hashes.
    data : dict
        The figures, for the last script.
    """

    code: Sequence[Markup]
    policy: str
    data: Mapping[str, object]

    @classmethod
    def of(cls, figures: Sequence[Mapping[str, Any]]) -> Scripts:
        """Return the scripts for these figures, each with ``data`` and ``layout``."""
        if not figures:
            return cls((), "'none'", {})
        data = {"dark_of": dict(DARK_OF), "figures": list(figures)}
        return cls.ours(get_plotlyjs(), _script("report_charts.js"), data=data)

    @classmethod
    def ours(cls, *code: str, data: Mapping[str, object]) -> Scripts:
        """Return scripts of this room with what they work on."""
        policy = " ".join(f"'sha256-{_sha256(script)}'" for script in code)
        return cls([Markup(script) for script in code], policy, data)

    @classmethod
    def named(cls, name: str) -> Scripts:
        """Return one script of this room, which needs nothing but the page."""
        return cls.ours(_script(name), data={})


def rendered(template: str, **values: object) -> str:
    """Return the page that a template of this room makes of the values, all of them escaped."""
    return _environment().get_template(template).render(**values)


def write_page(path: Path, page: str) -> None:
    """Write a page, whole or not at all.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    write_whole(path, page.encode("utf-8", "backslashreplace"))


def _script(name: str) -> str:
    return (files("glutecam.records") / name).read_text("utf-8")


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("glutecam", "records"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _sha256(script: str) -> str:
    return base64.b64encode(
        hashlib.sha256(script.encode("utf-8", "backslashreplace")).digest()
    ).decode("ascii")


def chips(found: Mapping[Band, int], words: Mapping[Band, str]) -> tuple[Chip, ...]:
    """Return a chip for each band that was found, in the order in which bands are shown."""
    return tuple(
        (band.value, BAND_SIGNS[band], words[band], found[band]) for band in Band if found.get(band)
    )
