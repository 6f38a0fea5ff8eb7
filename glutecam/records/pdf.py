"""A page -> PDF, printed by a browser of this machine (docs/adr/0016).

The browser gets the page itself and no address, is told to be offline, and is gone afterwards.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glutecam.errors import MissingExtraError, PrintError
from glutecam.records.files import write_whole

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

__all__ = ["BROWSER_VARIABLE", "Printed", "check_printing", "pdf_of", "write_pdf"]

BROWSER_VARIABLE = "GLUTECAM_BROWSER"
"""Names the browser to print with, in place of the first that is found."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_INSTALLED = ("chrome", "msedge")
"""Browsers whose places on Windows and macOS Playwright knows."""

# Nothing is looked up, whatever the browser itself would like to know of the world.
_ARGUMENTS = ("--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking")
_WAIT_MS = 120_000
_TO_DO = (
    "Install Chromium, Chrome or Edge (Debian: apt-get install chromium; anywhere: playwright "
    f"install chromium), or name one with {BROWSER_VARIABLE}. Or open the HTML report in any "
    "browser and print it there."
)
_EDGE = (
    "font: 9px/1.3 'DejaVu Sans', 'Segoe UI', Arial, sans-serif; color: #565f6d; width: 100%; "
    "margin: 0 12mm; display: flex; justify-content: space-between; gap: 8mm;"
)


@dataclass(frozen=True)
class Printed:
    """What stands at the edge of every sheet.

    Attributes
    ----------
    left, right : str
        On top: whose it is, and what.
    below : str
        At the bottom, beside the number of the sheet.
    across : bool
        Landscape: for wide tables.
    """

    left: str = ""
    right: str = ""
    below: str = ""
    across: bool = False


def check_printing() -> None:
    """Make sure that a PDF can be printed, before hours are spent on what shall be on it.

    Raises
    ------
    MissingExtraError, PrintError
        Saying what to install.
    """
    with _playwright() as running:
        _launched(running).close()


def pdf_of(page: str, printed: Printed) -> bytes:
    """Return a page as PDF: A4, numbered sheets, in the colours of the light page.

    Parameters
    ----------
    page : str
        HTML that carries everything inside.
    printed : Printed

    Raises
    ------
    MissingExtraError, PrintError
        Saying what to install, or what the browser said.
    """
    from playwright.sync_api import Error

    with _playwright() as running:
        browser = _launched(running)
        try:
            return _printed(browser, page, printed)
        except Error as err:
            raise PrintError(
                f"The browser could not print the page: {_first_line(err)}. Open the HTML report in "
                "a browser and print it there."
            ) from err
        finally:
            browser.close()


def write_pdf(path: Path, page: str, printed: Printed) -> None:
    """Write ``pdf_of``, whole or not at all.

    Raises
    ------
    OutputError
        Where it cannot be written.
    MissingExtraError, PrintError
        As in ``pdf_of``.
    """
    write_whole(path, pdf_of(page, printed))


def _printed(browser: Browser, page: str, printed: Printed) -> bytes:
    width = 1040 if printed.across else 720
    context = browser.new_context(
        offline=True, color_scheme="light", viewport={"width": width, "height": 1000}
    )
    sheet = context.new_page()
    sheet.set_default_timeout(_WAIT_MS)
    sheet.set_content(page, wait_until="load", timeout=_WAIT_MS)
    return sheet.pdf(
        format="A4",
        landscape=printed.across,
        prefer_css_page_size=True,
        print_background=True,
        display_header_footer=True,
        header_template=_edge(printed.left, escape(printed.right)),
        footer_template=_edge(
            printed.below,
            '<span style="white-space: nowrap"><span class="pageNumber"></span> / '
            '<span class="totalPages"></span></span>',
        ),
        tagged=True,
    )


def _edge(left: str, right: str) -> str:
    return f'<div style="{_EDGE}"><span>{escape(left)}</span><span>{right}</span></div>'


def _playwright() -> Any:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as err:
        raise MissingExtraError("A PDF", "pdf") from err
    return sync_playwright()


def _launched(running: Playwright) -> Browser:
    """Return the first browser that starts."""
    from playwright.sync_api import Error

    said = ""
    for way in _ways():
        try:
            return running.chromium.launch(headless=True, args=list(_ARGUMENTS), **way)
        except Error as err:
            said = said or _first_line(err)
    raise PrintError(f"No browser is found that can print a PDF ({said}). {_TO_DO}")


def _ways() -> Iterator[dict[str, Any]]:
    """Yield how each browser is started: the named one alone, else every one there may be."""
    named = os.environ.get(BROWSER_VARIABLE)
    if named:
        yield {"executable_path": named}
        return
    for found in filter(None, map(shutil.which, _NAMES)):
        yield {"executable_path": found}
    for channel in _INSTALLED:
        yield {"channel": channel}
    yield {}


def _first_line(err: Exception) -> str:
    return str(err).strip().split("\n")[0].rstrip(".")
