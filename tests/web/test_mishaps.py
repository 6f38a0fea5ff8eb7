"""What people do to a page by mistake, in a real Chromium: nothing is lost, and what is wrong is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from tests.browsing import as_webcam, begin, chrome, opened, shown, step, warm  # noqa: E402
from tests.served import Served, serving, wait_until  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.realtime]

TINY = {"width": 240, "height": 320}
SLOWER = 3
"""Times by which the clip is slowed down, and the page where a repetition is waited for: tests share
the machine with other tests."""
slowly = pytest.mark.parametrize("page", [SLOWER], indirect=True, ids=["slowly"])


@pytest.fixture(scope="module")
def browser(chromium: str, sample_videos: Path, tmp_path_factory: pytest.TempPathFactory):
    clip = sample_videos / "step_down_lean_left.mp4"
    target = tmp_path_factory.mktemp("webcam") / "clip.mjpeg"
    # From two seconds before the first repetition until after the second one.
    webcam = as_webcam(clip, target, still=0, slower=SLOWER, first=27, most=212)
    with playwright.sync_playwright() as running, chrome(running, chromium, webcam) as found:
        yield found


@pytest.fixture
def page(browser, served: Served, request: pytest.FixtureRequest) -> Iterator:
    found = opened(browser, served.url, slower=getattr(request, "param", 1))
    yield found
    assert found.troubles == []
    found.context.close()


def is_running(page) -> None:
    """Wait until more pictures are shown, and nothing is complained of."""
    before = shown(page)
    wait_until(lambda: page.wait_for_timeout(50) or shown(page) > before + 3, 120)
    assert page.locator(".trouble").is_hidden()


def kept(page) -> int:
    return page.evaluate("fetch('/api/history').then((a) => a.json()).then((a) => a.total)")


@slowly
def test_reloading_and_going_back_in_mid_set_keeps_what_was_done(page):
    before = kept(page)
    warm(page)
    begin(page, "step-down")
    page.locator("#reps", has_text=re.compile("[1-9]")).wait_for(timeout=240_000)
    page.reload()
    page.wait_for_selector("#begin")
    wait_until(lambda: page.wait_for_timeout(100) or kept(page) == before + 1)
    page.goto(page.url.replace("exercise", "history"))
    page.get_by_role("link", name="Exercise").click()
    begin(page, "step-down")
    is_running(page)
    page.go_back()
    page.locator("main[data-page=history] h1").wait_for()
    page.go_forward()
    page.wait_for_selector("#begin")
    # The camera was given back, and the seat too: it begins anew.
    begin(page, "step-down")
    is_running(page)


END = """[...document.querySelectorAll('.live button')]
  .find((button) => button.textContent.trim() === 'End')?.click()"""


def test_a_double_click_and_a_hasty_hand_are_one_session(page):
    page.get_by_label("Begin", exact=True).select_option("now")
    page.locator("#begin").dblclick()
    page.wait_for_selector(".live")
    assert page.locator(".live").count() == 1
    for key in "n  nf f":
        page.keyboard.press("Space" if key == " " else key)
    wait_until(lambda: page.wait_for_timeout(50) or step(page) != "setup", 120)
    for _ in range(3):
        page.evaluate(END)
    page.get_by_role("heading", name="How it went").wait_for()


def test_keys_work_after_a_click_on_a_button(page):
    begin(page, "step-down")
    page.wait_for_selector(".stage[data-step=reps]", timeout=120_000)
    page.get_by_role("button", name="Pause").click()
    page.wait_for_selector(".stage[data-step=paused]")
    page.keyboard.press("x")
    page.get_by_text("Stopped because of pain").first.wait_for()
    page.get_by_role("button", name="Close").click()
    summary = page.locator(".summary")
    summary.get_by_text("Stopped because of pain").wait_for()
    assert "Do whole repetitions" not in summary.inner_text()


@slowly
def test_ending_works_while_the_camera_is_gone(page):
    before = kept(page)
    warm(page)
    begin(page, "step-down")
    page.locator("#reps", has_text=re.compile("[1-9]")).wait_for(timeout=240_000)
    page.evaluate(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); };"
        "const [track] = stream.getTracks(); track.stop(); track.dispatchEvent(new Event('ended'))"
    )
    page.wait_for_selector(".stage[data-step=paused]")
    page.keyboard.press("q")
    page.locator(".summary .felt a").wait_for()
    assert kept(page) == before + 1


def test_a_file_that_is_no_video_and_one_too_many_are_refused_with_words(page, tmp_path: Path):
    page.get_by_role("link", name="Video").click()
    page.get_by_label("Exercise", exact=True).select_option("step-down")
    for name, words in (("note.txt", "is no kind of video"), ("note.mp4", "no video that can be")):
        (tmp_path / name).write_text("not a video " * 20, encoding="utf-8")
        page.set_input_files("#file", tmp_path / name)
        page.get_by_role("alert").get_by_text(words).wait_for()
    (tmp_path / "empty.mp4").write_bytes(b"")
    page.set_input_files("#file", tmp_path / "empty.mp4")
    page.get_by_role("alert").get_by_text("is empty (0 bytes)").wait_for()
    # Sparse: as large as it says, without the bytes.
    with (tmp_path / "large.mp4").open("wb") as large:
        large.truncate(1_000_000_001)
    page.set_input_files("#file", tmp_path / "large.mp4")
    page.get_by_role("alert").get_by_text("too large").wait_for()
    assert page.locator(".summary, progress").count() == 0


def test_a_video_before_its_exercise_is_not_sent_until_one_is_chosen(page, tmp_path: Path):
    sent = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.get_by_role("link", name="Video").click()
    (tmp_path / "note.mp4").write_text("not a video " * 20, encoding="utf-8")
    page.set_input_files("#file", tmp_path / "note.mp4")
    page.get_by_role("alert").get_by_text("Which exercise does note.mp4 show?").wait_for()
    assert sent == []
    page.get_by_label("Exercise", exact=True).select_option("clamshell")
    page.get_by_role("alert").get_by_text("no video that can be").wait_for()
    (url,) = sent
    assert "exercise=clamshell" in url


def test_a_server_that_is_gone_is_told_where_the_click_was(browser, tmp_path: Path):
    with serving(tmp_path) as place:
        page = opened(browser, place.url, "programme")
        page.get_by_role("button", name="Begin the programme").wait_for()
    page.get_by_role("button", name="Begin the programme").click()
    page.locator("#told").get_by_text("The server does not answer").wait_for()
    page.get_by_role("link", name="History").click()
    page.get_by_role("heading", name="This page could not be loaded").wait_for()
    assert page.troubles == []


def test_a_network_that_is_gone_for_a_while_is_told_and_tried_again(page):
    page.context.set_offline(True)
    page.get_by_role("link", name="History").click()
    page.get_by_role("heading", name="This page could not be loaded").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("heading", name="History").wait_for()
    assert page.get_by_role("heading", name="This page could not be loaded").count() == 0


def test_the_smallest_window_hides_nothing(page):
    page.set_viewport_size(TINY)
    for where in ("exercise", "score", "history", "programme", "settings"):
        page.goto(re.sub("#.*", f"#/{where}", page.url))
        page.locator(f"main[data-page={where}] h1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= TINY["width"], where
    page.goto(re.sub("#.*", "#/exercise", page.url))
    begin(page, "step-down", start="hand")
    is_running(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= TINY["width"]


def test_in_a_narrow_window_the_list_folds_when_one_is_tapped_and_not_at_an_arrow_key(page):
    page.set_viewport_size(TINY)
    page.goto(re.sub("#.*", "#/settings", page.url))
    page.locator("main[data-page=settings] h1").wait_for()
    page.goto(re.sub("#.*", "#/exercise", page.url))
    summary, folded = page.locator(".cards summary"), page.locator(".cards:not([open])")
    summary.wait_for()
    assert folded.count() == 1 and page.locator("#begin").is_visible()
    summary.press("Enter")
    page.keyboard.press("Tab")
    before = page.locator("input[name=exercise]:checked").get_attribute("value")
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=exercise]:checked").get_attribute("value") != before
    assert folded.count() == 0
    page.locator("label.choice", has_text="Clamshell").click()
    folded.wait_for()
    assert page.locator("input[name=exercise]:checked").get_attribute("value") == "clamshell"
    assert "Clamshell" in (summary.text_content() or "")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_programme_fills_in_sets_repetitions_and_both_legs(page):
    page.goto(re.sub("#.*", "#/exercise/clamshell/3x15", page.url))
    page.get_by_role("heading", name="Side-lying clamshell").or_(
        page.locator("h2")
    ).first.wait_for()
    assert page.locator("input[name=exercise][value=clamshell]").is_checked()
    assert page.get_by_label("Repetitions in a set").input_value() == "15"
    assert page.get_by_label("Sets for each side").input_value() == "3"
    assert page.get_by_label("Working leg").input_value() == "both"
