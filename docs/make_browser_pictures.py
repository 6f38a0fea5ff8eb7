"""Make the pictures of the page for the README: python docs/make_browser_pictures.py.

A Chromium has to be installed; one of the sample clips is its webcam. The history shown is made up,
of the kind that the tests use: docs/images/browser.jpg and docs/images/history.jpg.
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from make_pictures import save  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from glutecam.core.assessment import Band, Side  # noqa: E402
from glutecam.records.history import History  # noqa: E402
from tests.browsing import as_webcam, begin, chrome, opened  # noqa: E402
from tests.served import CHROMIUM, serving  # noqa: E402
from tests.sets import make_set  # noqa: E402

IMAGES = ROOT / "docs" / "images"
CLIP = ROOT / "sample_videos" / "step_down_lean_left.mp4"
A_SET_MS = 120_000
SESSIONS = (33, 30, 26, 23, 19, 16, 12, 9, 5, 2)


def made_up(place: Path) -> None:
    """Keep five weeks of step-downs in which the left side catches up."""
    chance, now = random.Random(7), datetime.now().astimezone()
    with History.open(place) as history:
        for days in SESSIONS:
            for side, first in ((Side.RIGHT, 6.0), (Side.LEFT, 13.0)):
                aim = first - (0.21 if side is Side.LEFT else 0.05) * (SESSIONS[0] - days)
                values = [chance.gauss(aim, 0.8) for _ in range(10)]
                bands = [_band(value) for value in values]
                done = now - timedelta(days=days, minutes=8 if side is Side.LEFT else 0)
                history.add(
                    make_set(
                        done, side, bands, values=values, pm=3.0, exercise="step-down", code="GC101"
                    )
                )


def _band(value: float) -> Band:
    if value > 14.0:
        return Band.FAULT
    return Band.OK if value < 7.5 else Band.INCONCLUSIVE


def exercising(page: Any) -> bytes:
    """Return the page in mid-set, a cue shown."""
    begin(page, "step-down", reps=4)
    page.wait_for_selector(".stage[data-step=reps]", timeout=A_SET_MS)
    page.wait_for_selector(".stage[data-cue=yes]", timeout=A_SET_MS)
    buttons = page.locator(".controls button").first.bounding_box()
    # Down to the buttons: how quick this machine is now says nothing about the page.
    height = buttons["y"] + buttons["height"] + 14
    return bytes(page.screenshot(clip={"x": 0, "y": 0, "width": 1100, "height": height}))


def looking_back(page: Any, url: str) -> bytes:
    """Return the history."""
    page.goto(f"{url}#/history")
    page.locator("main[data-page=history] h1").wait_for()
    return bytes(page.screenshot())


def main() -> None:
    """Make both pictures."""
    import cv2
    import numpy as np

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made_up(folder / "history.sqlite")
        webcam = as_webcam(CLIP, folder / "webcam.mjpeg")
        with (
            serving(folder) as served,
            sync_playwright() as running,
            chrome(running, str(CHROMIUM), webcam) as browser,
        ):
            shots = {
                "browser": exercising(opened(browser, served.url)),
                "history": looking_back(
                    opened(browser, served.url, color_scheme="dark"), served.url
                ),
            }
    for picture, png in shots.items():
        image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
        save(image, IMAGES / f"{picture}.jpg")


if __name__ == "__main__":
    main()
