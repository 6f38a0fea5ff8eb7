"""HTML pages that carry everything inside: their style, their scripts, their figures."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from glutecam.records.plot import DARK_OF

__all__ = ["Scripts", "rendered"]


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
        code = [get_plotlyjs(), (files("glutecam.records") / "report_charts.js").read_text("utf-8")]
        policy = " ".join(f"'sha256-{_sha256(script)}'" for script in code)
        data = {"dark_of": dict(DARK_OF), "figures": list(figures)}
        return cls([Markup(script) for script in code], policy, data)


def rendered(template: str, **values: object) -> str:
    """Return the page that a template of this room makes of the values, all of them escaped."""
    return _environment().get_template(template).render(**values)


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
