"""A real Chromium whose webcam is a recorded clip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
from playwright.sync_api import Browser, Page, Playwright

from tests.served import pictures

WIDTH_PX = 640
STILL = 30
"""Frames of the quiet second that are shown again: the model is still being loaded."""

LISTEN = """
window.said = [];
window.sounded = [];
const start = window.OscillatorNode?.prototype.start;
if (start) OscillatorNode.prototype.start = function (...when) {
  window.sounded.push(this.frequency.value);
  return start.apply(this, when);
};
if (window.speechSynthesis) speechSynthesis.speak = (utterance) => window.said.push(utterance.text);
const open = navigator.mediaDevices?.getUserMedia?.bind(navigator.mediaDevices);
if (open) navigator.mediaDevices.getUserMedia = async (wanted) => (window.stream = await open(wanted));
"""

SLOWLY = """
const slower = %d;
const now = performance.now.bind(performance);
performance.now = () => now() / slower;
const ask = HTMLVideoElement.prototype.requestVideoFrameCallback;
HTMLVideoElement.prototype.requestVideoFrameCallback = function (seen) {
  const look = (at, {captureTime, presentedFrames}) => {
    const picture = Math.floor(presentedFrames / slower);
    if (picture === this.picture) return ask.call(this, look);
    this.picture = picture;
    seen(at / slower, {captureTime: captureTime && captureTime / slower, presentedFrames: picture});
  };
  return ask.call(this, look);
};
"""
"""Lets the page's clock run slowly, together with a webcam that does, and shows it no picture twice."""

WARM = """() => new Promise((done) => {
  const line = new WebSocket(`ws://${location.host}/live`);
  line.onopen = () => line.send(JSON.stringify({type: 'begin', exercise: 'clamshell', save: false}));
  line.onmessage = ({data}) => JSON.parse(data).type === 'ready' && line.close();
  line.onclose = done;
})"""


def as_webcam(
    clip: Path,
    target: Path,
    still: int = 3,
    *,
    height_px: int = 0,
    slower: int = 1,
    first: int = 0,
    most: int | None = None,
) -> Path:
    """Write a clip as the MJPEG that Chromium plays as its webcam, with a longer quiet start.

    ``height_px`` adds wall above and floor below, as a camera of 4:3 would see them. ``slower``
    shows every picture so many times: with a page whose clock runs as slowly, a machine that has
    other things to do judges the same movement from as many pictures a second. ``first`` and
    ``most`` are the pictures of the clip between which it is cut out.
    """
    cut = islice(pictures(clip, WIDTH_PX), first, most)
    frames = [cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR) for _, rgb in cut]
    missing = max(0, height_px - frames[0].shape[0])
    edges = (missing // 2, missing - missing // 2, 0, 0)
    frames = [cv2.copyMakeBorder(frame, *edges, cv2.BORDER_REPLICATE) for frame in frames]
    quiet = frames[5 : 5 + STILL]
    # Back and forth, so that nothing jumps.
    swing = [frame for _ in range(still) for frame in (*quiet, *reversed(quiet))]
    with target.open("wb") as file:
        for frame in [*swing, *frames]:
            jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
            file.write(jpeg * slower)
    return target


@contextmanager
def chrome(playwright: Playwright, path: str, webcam: Path | None) -> Iterator[Browser]:
    """Launch Chromium; without a clip its camera asks, and nobody answers."""
    flags = ["--autoplay-policy=no-user-gesture-required"]
    if webcam is not None:
        flags += [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={webcam}",
        ]
    browser = playwright.chromium.launch(
        executable_path=path, chromium_sandbox=False, args=flags, headless=True
    )
    try:
        yield browser
    finally:
        browser.close()


def opened(
    browser: Browser, url: str, where: str = "exercise", slower: int = 1, **looks: Any
) -> Page:
    """Open the page in a new window; anything that goes wrong in it fails the test."""
    context = browser.new_context(viewport={"width": 1100, "height": 850}, **looks)
    context.set_default_timeout(90_000)
    context.add_init_script(LISTEN + (SLOWLY % slower if slower > 1 else ""))
    page = context.new_page()
    page.troubles = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.troubles.append(str(error)))  # type: ignore[attr-defined]
    page.goto(f"{url}#/{where}")
    page.wait_for_selector("html[data-ready]")
    return page


def begin(page: Page, exercise: str, *, reps: int | None = None, start: str = "now") -> None:
    """Choose an exercise and start the camera, as a person does."""
    page.locator("#begin").wait_for()
    if page.locator(".cards:not([open])").count():
        page.locator(".cards summary").click()
    page.check(f"input[name=exercise][value={exercise}]")
    page.get_by_label("Repetitions in a set").fill("" if reps is None else str(reps))
    page.get_by_label("Begin", exact=True).select_option(start)
    page.click("#begin")
    # Not wait_for_selector: what that returns keeps the node, and all of its session, in memory.
    page.locator(".live").wait_for()


def warm(page: Page) -> None:
    """Let the server load its pose model, so that the next session begins with its first picture."""
    page.evaluate(WARM)


def step(page: Page) -> str:
    """Return where the session is."""
    return page.locator(".stage").get_attribute("data-step") or ""


def shown(page: Page) -> int:
    """Return how many pictures were shown with their landmarks."""
    return int(page.evaluate("glutecamStats.shown"))
