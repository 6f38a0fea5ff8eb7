"""Whose reports these are: a clinic's name, and its logo carried inside the page.

A logo is a file from outside. A page shows it as a picture, in which a browser runs nothing and
fetches nothing; what could try is refused all the same, for files are passed on.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from glutecam.errors import SettingsError

__all__ = ["MOST_BYTES", "NO_LETTERHEAD", "Letterhead", "letterhead_of"]

MOST_BYTES = 300_000
"""Every report carries it."""

_RASTER = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_ACTIVE = frozenset(
    (
        "script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler",
        "listener",
    )
)  # fmt: skip
_REACHES_OUT = re.compile(r"@import|javascript:|url\((?!\s*['\"]?\s*(?:#|data:image/))", re.I)


@dataclass(frozen=True)
class Letterhead:
    """What stands on top of a page.

    Attributes
    ----------
    name : str
        Empty where there is none.
    logo : str
        A ``data:`` address, empty where there is none.
    """

    name: str = ""
    logo: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.logo)


NO_LETTERHEAD = Letterhead()


def letterhead_of(name: str = "", logo: str | Path = "") -> Letterhead:
    """Return the letterhead of a clinic.

    Parameters
    ----------
    name : str
    logo : str or Path
        A PNG, JPEG or SVG; empty for none.

    Raises
    ------
    SettingsError
        Where the logo cannot be read, is too large, is damaged, or holds anything active.
    """
    return Letterhead(name.strip(), _embedded(Path(logo)) if str(logo) else "")


def _embedded(path: Path) -> str:
    try:
        # One byte more than may be, and no more of whatever it is.
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as err:
        raise _refused(path, f"cannot be read: {err.strerror}", "Mend the path") from err
    if len(content) > MOST_BYTES:
        what = f"has more than {MOST_BYTES // 1000} kB, which every report would carry"
        raise _refused(path, what, "Save it smaller (200 pixels high are enough)")
    kind = next((kind for start, kind in _RASTER.items() if content.startswith(start)), "")
    if kind:
        _check_raster(path, content)
    else:
        _check_svg(path, content)
    data = base64.b64encode(content).decode("ascii")
    return f"data:{kind or 'image/svg+xml'};base64,{data}"


def _check_raster(path: Path, content: bytes) -> None:
    import cv2
    import numpy as np

    if cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR) is None:
        raise _refused(path, "is damaged", "Save it again")


def _check_svg(path: Path, content: bytes) -> None:
    """Refuse what is no SVG, and one that could run or fetch anything."""
    if re.search(rb"<!ENTITY|<\?xml-stylesheet", content, re.I):
        raise _refused(path, "defines entities or a style sheet", "Save it as a plain SVG or PNG")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as err:
        raise _refused(path, f"is no PNG, JPEG or SVG ({err})", "Save it as one of them") from err
    if _local(root.tag) != "svg":
        raise _refused(path, f"is XML, but of '{_local(root.tag)}'", "Give an SVG, PNG or JPEG")
    found = next((what for element in root.iter() for what in _active(element)), "")
    if found:
        raise _refused(path, f"holds {found}, which a logo must not", "Save it without, or as PNG")


def _active(element: ElementTree.Element) -> list[str]:
    """Return what an element could run or fetch."""
    name = _local(element.tag)
    found = [f"<{name}>"] if name in _ACTIVE else []
    for key, value in element.attrib.items():
        short = _local(key)
        inside = value.strip().lower().startswith(("#", "data:image/"))
        if short.startswith("on") or (short in ("href", "src") and not inside):
            found.append(f"{short}=…")
        elif short != "href" and _REACHES_OUT.search(value):
            found.append(f"{short}=… with an address")
    if name == "style" and _REACHES_OUT.search(element.text or ""):
        found.append("a <style> with an address")
    return found


def _local(name: object) -> str:
    """Return a name without its namespace; comments have none."""
    return str(name).rpartition("}")[2].lower() if isinstance(name, str) else ""


def _refused(path: Path, what: str, to_do: str) -> SettingsError:
    return SettingsError(
        f"The logo {path} {what}. {to_do}, or leave the setting clinic.logo empty."
    )
