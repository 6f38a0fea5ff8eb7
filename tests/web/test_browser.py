"""End to end in a real Chromium, whose webcam is one of the sample clips: what happens on the way."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from tests.browsing import as_webcam, begin, chrome, opened, shown, step  # noqa: E402
from tests.program import cut  # noqa: E402
from tests.served import Served, serving, wait_until  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.realtime]

A_SET_MS = 240_000


@pytest.fixture(scope="module")
def driver() -> Iterator[object]:
    with playwright.sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def running(driver, chromium: str, sample_videos: Path, tmp_path_factory: pytest.TempPathFactory):
    """A Chromium with the step-down in front of its camera, at its own pace."""
    clip = sample_videos / "step_down_lean_left.mp4"
    webcam = as_webcam(clip, tmp_path_factory.mktemp("webcam") / "clip.mjpeg", still=1)
    with chrome(driver, chromium, webcam) as found:
        yield found


@pytest.fixture
def browser(running):
    """The same, with no page left open: the camera's clip begins anew."""
    yield running
    for context in running.contexts:
        context.close()


def test_a_refused_camera_is_explained(driver, chromium, served: Served):
    with chrome(driver, chromium, None) as browser:
        page = opened(browser, served.url)
        page.click("#begin")
        page.get_by_text("The camera was not allowed.").or_(
            page.get_by_text("No camera was found.")
        ).wait_for()
        assert page.locator("#begin").is_enabled()
        assert page.troubles == []


def test_a_lost_camera_pauses_and_goes_on(browser, served: Served):
    page = opened(browser, served.url)
    begin(page, "step-down")
    page.wait_for_selector(".stage[data-step=reps]", timeout=A_SET_MS)
    page.evaluate(
        "const [track] = stream.getTracks(); track.stop(); track.dispatchEvent(new Event('ended'))"
    )
    page.get_by_text("The camera is gone. Paused until it is back.").wait_for()
    page.wait_for_selector(".stage[data-step=paused]")
    assert any("The camera is gone." in words for words in page.evaluate("said"))
    page.wait_for_selector(".stage[data-step=reps]")
    before = shown(page)
    wait_until(lambda: page.wait_for_timeout(50) or shown(page) > before + 5, 120)
    assert page.locator(".trouble").is_hidden() and page.troubles == []


def test_a_hidden_tab_pauses_and_goes_on(browser, served: Served):
    page = opened(browser, served.url)
    begin(page, "step-down")
    page.wait_for_selector(".stage[data-step=baseline], .stage[data-step=reps]", timeout=A_SET_MS)
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    page.evaluate(hide % "true" + "document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(".stage[data-step=paused]")
    sent = page.evaluate("glutecamStats.sent")
    page.wait_for_timeout(1000)
    # One may have been on its way when the tab was hidden; a second has thirty.
    assert page.evaluate("glutecamStats.sent") <= sent + 1
    assert "This tab is hidden. Paused until you come back." in page.evaluate("said")
    page.evaluate(hide % "false" + "document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(".stage[data-step=baseline], .stage[data-step=reps]")
    assert page.locator(".trouble").is_hidden() and page.troubles == []


def test_a_server_that_restarts_in_mid_set(browser, tmp_path: Path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(tmp_path, port=port) as first:
        page = opened(browser, first.url)
        begin(page, "step-down")
        page.locator("#reps", has_text="1").wait_for(timeout=A_SET_MS)
        first.process.send_signal(signal.SIGTERM)
        page.get_by_text("The connection to glutecam broke off").wait_for()
        first.process.wait(120)
    with serving(tmp_path, port=port):
        page.wait_for_selector(".stage[data-step=baseline]", timeout=A_SET_MS)
        before = shown(page)
        wait_until(lambda: page.wait_for_timeout(50) or shown(page) > before + 5, 120)
        # What was done before the end is kept.
        kept = page.evaluate("fetch('/api/history').then((a) => a.json())")
        assert kept["total"] == 1 and kept["sets"][0]["reps"] >= 1
        assert page.troubles == []


def test_a_slow_machine_has_few_pictures_but_no_growing_delay(browser, served: Served):
    page = opened(browser, served.url)
    begin(page, "step-down")
    wait_until(lambda: page.wait_for_timeout(50) or shown(page) > 5, 120)
    throttle = page.context.new_cdp_session(page)
    throttle.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.wait_for_timeout(1000)
    page.evaluate("glutecamStats.latencyMs.length = 0")
    page.wait_for_timeout(5000)
    latency = page.evaluate("glutecamStats.latencyMs")
    left = page.evaluate("glutecamStats.left")
    throttle.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    third = max(1, len(latency) // 3)
    early, late = np.median(latency[:third]), np.median(latency[-third:])
    assert left > 0
    # Where pictures queue up, the last of five seconds are more than two seconds late.
    assert late < 2 * early + 700, (early, late)
    assert page.troubles == []


WATCH = """
window.sent = [];
window.drawn = [];
window.passed = [];
// Every other answer is held back until the next one has passed it.
const { set: listen } = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
Object.defineProperty(WebSocket.prototype, "onmessage", { set(take) {
  let held = null;
  listen.call(this, (event) => {
    const told = JSON.parse(event.data);
    if (told.type !== "frame") return take(event);
    if (!held) { held = event; return; }
    take(event);
    passed.push(told.id);
    take(held);
    held = null;
  });
} });
const copy = VideoFrame.prototype.copyTo;
VideoFrame.prototype.copyTo = function (...where) {
  sent.push(this.timestamp);
  return copy.apply(this, where);
};
const draw = CanvasRenderingContext2D.prototype.drawImage;
CanvasRenderingContext2D.prototype.drawImage = function (picture, ...where) {
  if (picture instanceof VideoFrame) drawn.push(picture.timestamp);
  return draw.call(this, picture, ...where);
};
"""


def test_an_answer_is_drawn_on_its_own_picture_and_one_that_is_overtaken_is_not_drawn(
    browser, served: Served
):
    page = opened(browser, served.url)
    page.add_init_script(WATCH)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    begin(page, "step-down")
    wait_until(lambda: page.wait_for_timeout(50) or shown(page) > 12, 120)
    sent, drawn, passed = page.evaluate("[sent, drawn, passed]")
    assert len(drawn) > 12 and drawn == sorted(set(drawn))
    # Of these, the ones that came in time; a page waits two seconds for an answer.
    fresh = [sent[number] for number in passed]
    assert drawn == [at for at in fresh if at in set(drawn)]
    assert page.troubles == []


SMALLER = """async () => {
  const [{ Board }, { Packer, widthOf }] = await Promise.all([import("/static/draw.js"), import("/static/camera.js")]);
  const camera = new OffscreenCanvas(1280, 720);
  camera.getContext("2d").fillRect(0, 0, 1280, 720);
  const frame = new VideoFrame(camera, { timestamp: 0, displayWidth: 640, displayHeight: 360 });
  const packer = new Packer();
  const message = await packer.pack(frame, { number: 1, timeMs: 0, left: 0 });
  const jpeg = await packer.jpegMessage(frame, 320, 180, { number: 1, timeMs: 0, left: 0 });
  return [message, jpeg].map((sent) => {
    const canvas = document.createElement("canvas");
    const board = new Board(canvas, { mirror: false, posture: "standing", measure: "", labels: {} });
    const scale = widthOf(sent) / 640;
    const points = Array.from({ length: 33 }, (_, i) => [scale * (i % 2 ? 280 : 360), scale * (i < 23 ? 80 : 180), 1]);
    board.result({ frame, width: widthOf(sent) }, points, { bands: {}, values: {}, side: "left" });
    const [red] = board.context.getImageData(320, 180, 1, 1).data;
    return [canvas.width, red > 80];
  });
}"""


def test_the_skeleton_lies_on_the_person_where_the_browser_makes_the_picture_smaller(
    browser, served: Served
):
    """Raw pictures go out as large as the camera's own, JPEG ones smaller: points are those of what was sent."""
    page = opened(browser, served.url)
    assert page.evaluate(SMALLER) == [[640, True], [640, True]]


def test_two_tabs_and_a_third_that_finds_no_room(browser, tmp_path: Path):
    with serving(tmp_path, "--sessions", "2") as place:
        tabs = [opened(browser, place.url) for _ in range(3)]
        for tab in tabs[:2]:
            begin(tab, "step-down")
            wait_until(lambda tab=tab: tab.wait_for_timeout(50) or shown(tab) > 3, 120)
        begin(tabs[2], "step-down")
        tabs[2].get_by_text("Other tabs are exercising already").wait_for()
        for tab in tabs[:2]:
            before = shown(tab)
            wait_until(
                lambda tab=tab, before=before: tab.wait_for_timeout(50) or shown(tab) > before + 5,
                180,
            )
            assert step(tab) != "paused" and tab.troubles == []


def test_without_a_mouse_and_in_german(browser, served: Served):
    page = opened(browser, served.url, locale="de-DE")
    assert page.locator("html").get_attribute("lang") == "de"
    page.locator("#begin").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".live")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.get_by_text("Vorbereitung").wait_for(timeout=120_000)
    page.keyboard.press("Space")
    page.wait_for_selector(".stage[data-step=countdown], .stage[data-step=baseline]")
    wait_until(
        lambda: page.wait_for_timeout(50) or "Steh still auf beiden Füßen." in page.evaluate("said")
    )
    page.keyboard.press("q")
    page.get_by_role("heading", name="Wie es war").wait_for()
    assert page.troubles == []


def test_a_dropped_video_on_the_page(browser, served: Served, sample_videos: Path, tmp_path: Path):
    clip = cut(
        sample_videos / "step_down_lean_right.mp4", tmp_path / "lean_right.mp4", 203, first=27
    )
    page = opened(browser, served.url, "score")
    page.get_by_label("Exercise", exact=True).select_option("step-down")
    page.set_input_files("#file", clip)
    page.get_by_role("progressbar").wait_for()
    page.wait_for_selector(".summary", timeout=300_000)
    assert "trunk leans" in page.locator(".verdict h2").inner_text()
    with page.context.expect_page() as another:
        page.get_by_role("link", name="Open the report").click()
    report = another.value
    report.get_by_text("lean_right.mp4").first.wait_for()
    page.get_by_role("button", name="Keep in the history").click()
    page.locator(".felt a").wait_for()
    assert page.troubles == []
