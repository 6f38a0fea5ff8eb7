"""axe-core on every page, light and dark: nothing serious, and readable on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.base", reason="axe-core is not installed")

from glutecam.core.assessment import Verdict  # noqa: E402
from glutecam.core.dates import when_in_words  # noqa: E402
from glutecam.core.programme import Step, StepKind  # noqa: E402
from glutecam.core.wording import BAND_OF  # noqa: E402
from glutecam.records.history import History  # noqa: E402
from tests.browsing import as_webcam, begin, chrome, opened, shown  # noqa: E402
from tests.program import cut  # noqa: E402
from tests.served import Served, serving, wait_until  # noqa: E402
from tests.sets import FAULT, GOOD, UNSURE, WATCH, make_set  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.realtime]

PAGES = ["exercise", "score", "history", "history/1", "programme", "settings"]
PHONE = {"width": 360, "height": 740}
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with nothing in its history, until the first test that wants something there."""
    with serving(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="module")
def served(empty: Served) -> Served:
    """The same server with something in its history and a programme that was started."""
    now = datetime.now().astimezone()
    with History.open(empty.history) as history:
        history.add_step(Step("me", now - timedelta(days=20), StepKind.START, "1.2"))
        for days in (12, 9, 2):
            history.add(make_set(now - timedelta(days=days), bands=[GOOD] * 12 + [FAULT] * 3))
    return empty


@pytest.fixture(scope="module")
def browser(chromium: str, sample_videos: Path, tmp_path_factory: pytest.TempPathFactory):
    clip = sample_videos / "step_down_lean_left.mp4"
    webcam = as_webcam(clip, tmp_path_factory.mktemp("webcam") / "clip.mjpeg", still=0, most=165)
    with playwright.sync_playwright() as running, chrome(running, chromium, webcam) as found:
        yield found


def violations(page) -> list[str]:
    """Return what axe-core finds and calls serious, with where it is."""
    # Through the debugger, as the page's own policy lets no script in from elsewhere.
    page.evaluate(axe.AXE_FILE_PATH.read_text("utf-8") + "; undefined")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{entry['id']}: {node['target']} {node['failureSummary']}"
        for entry in found["violations"]
        if entry["impact"] in SERIOUS
        for node in entry["nodes"]
    ]


def violations_of_both(page) -> list[str]:
    """Return the same of the page in the light and in the dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += violations(page)
    return found


def test_a_history_and_a_programme_that_were_not_begun_have_none(browser, empty: Served):
    """The first of this file: those below fill the history."""
    page = opened(browser, empty.url, "programme")
    page.get_by_role("button", name="Begin the programme").wait_for()
    assert violations(page) == []
    page.goto(f"{empty.url}#/history")
    page.get_by_role("link", name="Do a first set").wait_for()
    assert violations(page) == []
    page.context.close()


def test_axe_finds_what_is_wrong(browser, served: Served):
    page = opened(browser, served.url, "settings")
    page.evaluate(
        "document.querySelector('main').append(new Image(), document.createElement('select'))"
    )
    assert {found.partition(":")[0] for found in violations(page)} >= {"image-alt", "select-name"}
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_violation(browser, served: Served, scheme: str):
    page = opened(browser, served.url, color_scheme=scheme)
    for where in PAGES:
        page.goto(f"{served.url}#/{where}")
        page.locator(f"main[data-page={where.partition('/')[0]}] h1").first.wait_for()
        assert violations(page) == [], where
    assert page.troubles == []
    page.context.close()


def test_every_repetition_kept_is_seen_and_a_fault_in_another_shape(browser, served: Served):
    page = opened(browser, served.url, "history")
    page.locator(".plot .dot").first.wait_for()
    assert page.locator(".plot .dot").count() == 3 * 15
    assert page.locator(".plot .dot.crossed path").count() == 3 * 3
    page.context.close()


PLOTTED = """async ([low, high]) => {
  const { trendPlot } = await import("/static/plots.js");
  const rep = { value: high, half_width: 0.02, is_fault: false };
  const point = { began: "2026-03-02T18:00:00+01:00", comparable: true, median: high, half_width: 0.02, groups: [{ count: 1, median: high, half_width: 0.02 }], reps: [rep] };
  const sides = [{ side: "left", points: [point], shading: null }];
  const plot = trendPlot({ code: "GC202", unit: "trunk lengths", range: [low, high], edges: [], sides });
  return [...plot.querySelectorAll("text.end")].map((one) => one.textContent);
}"""


@pytest.mark.parametrize(
    ("high", "named"),
    [(0.2, ["0.00", "0.05", "0.10", "0.15", "0.20"]), (1.0, ["0.0", "0.5", "1.0"])],
)
def test_no_two_lines_of_a_plot_have_one_name(browser, served: Served, high: float, named: list):
    page = opened(browser, served.url, "settings")
    assert page.evaluate(PLOTTED, [0.0, high]) == named
    page.context.close()


def test_one_repetition_is_called_one(browser, served: Served):
    page = opened(browser, served.url, "settings", locale="de-DE")
    words = """async (reps) => (await import("/static/panel.js")).Panel.prototype.countedWords({ reps })"""
    assert [page.evaluate(words, reps) for reps in (0, 1, 2)] == [
        "Wiederholungen", "Wiederholung", "Wiederholungen",
    ]  # fmt: skip
    page.context.close()


OF_SET = """async (may_be) => {
  const { summary } = await import("/static/summary.js");
  const found = { code: "GC108", value: 1, half_width: 1, band: "inconclusive", may_be };
  const bands = { "no-fault": 1 }, none = { gates: [], likelier: [], warnings: [], own_bands: [], rules: [], attempts: [] };
  const set = { ...none, verdict: "fine", exercise: "walking", reps: [], bands, of_set: [found], praised: true };
  return summary(set, { name: "r", kept: null }).querySelector(".plainlist .chip").textContent;
}"""


def test_a_set_has_the_sign_that_it_has_in_reports_and_on_the_dashboard(browser, served: Served):
    page = opened(browser, served.url, "settings")
    mood = """async (verdict) => (await import("/static/summary.js")).mood(verdict)"""
    told = {verdict: page.evaluate(mood, verdict.value) for verdict in BAND_OF}
    assert told == {verdict: band.value for verdict, band in BAND_OF.items()}
    page.context.close()


def test_what_a_whole_set_may_be_is_said_as_of_repetitions(browser, served: Served):
    page = opened(browser, served.url, "settings")
    said = {
        name: page.evaluate(OF_SET, among)
        for name, among in (("near", ["ok", "watch"]), ("any", []))
    }
    assert said == {"near": "? good or watch", "any": "? can't tell"}
    page.context.close()


def test_the_session_and_its_summary_have_none_either(browser, served: Served):
    page = opened(browser, served.url)
    begin(page, "step-down", start="hand")
    wait_until(lambda: page.wait_for_timeout(50) or shown(page) > 10, 120)
    assert violations(page) == []
    page.get_by_role("button", name="Start anyway").click()
    page.wait_for_selector(".stage[data-step=countdown] .clock:not([hidden])")
    assert violations(page) == []
    page.wait_for_selector(".stage[data-step=baseline], .stage[data-step=reps]")
    assert violations(page) == []
    page.get_by_role("button", name="Pause").click()
    page.wait_for_selector(".stage[data-step=paused]")
    assert violations(page) == []
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("heading", name="How it went").wait_for()
    assert violations(page) == []
    page.context.close()


def test_a_video_that_was_scored_and_one_that_was_refused_have_none(
    browser, served: Served, sample_videos: Path, tmp_path: Path
):
    clip = cut(sample_videos / "step_down_lean_left.mp4", tmp_path / "clip.mp4", 133, first=27)
    page = opened(browser, served.url, "score")
    page.get_by_label("Exercise", exact=True).select_option("step-down")
    page.set_input_files("#file", clip)
    page.get_by_role("progressbar").wait_for()
    assert violations(page) == []
    page.wait_for_selector(".summary", timeout=300_000)
    assert violations_of_both(page) == []
    (tmp_path / "note.mp4").write_text("not a video " * 20, encoding="utf-8")
    page.set_input_files("#file", tmp_path / "note.mp4")
    page.get_by_role("alert").get_by_text("no video").wait_for()
    assert violations_of_both(page) == []
    page.context.close()


def test_nothing_can_be_begun_while_the_pain_comes_first(browser, served: Served):
    page = opened(browser, served.url, "programme")
    links, first = page.locator(".today a[href^='#/exercise/']"), "/api/history/3"
    assert links.count() > 0
    feel = "body => fetch('%s', {method: 'PATCH', headers: {'content-type': 'application/json'}, body})"
    for pain, links_then in (("8", False), ("null", True)):
        page.evaluate(feel % first, f'{{"pain_after": {pain}}}')
        page.reload()
        page.locator("main[data-page=programme] h1").wait_for()
        assert (links.count() > 0) is links_then
        assert page.locator(".today").get_by_text("Do not train now").count() == (not links_then)
        assert "Clamshell" in (page.locator(".today").text_content() or "")
    assert page.troubles == []
    page.context.close()


@pytest.mark.parametrize("where", PAGES)
def test_a_phone_needs_no_sideways_scrolling(browser, served: Served, where: str):
    page = opened(browser, served.url, where, locale="de-DE")
    page.set_viewport_size(PHONE)
    page.locator("h1").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.context.close()


def test_the_way_to_begin_is_on_the_first_screen_and_hides_nothing_that_has_the_focus(
    browser, served: Served
):
    page = opened(browser, served.url, locale="de-DE")
    for size in (PHONE, {"width": 1200, "height": 850}):
        page.set_viewport_size(size)
        page.reload()
        begin = page.locator("#begin")
        begin.wait_for()
        assert begin.bounding_box()["y"] + begin.bounding_box()["height"] <= size["height"]
        page.locator("input[type=number]").focus()
        for _ in range(3):
            page.keyboard.press("Tab")
            focused = page.locator(":focus").bounding_box()
            assert focused["y"] + focused["height"] <= begin.bounding_box()["y"]
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("id") == "begin"
    page.context.close()


def test_what_no_fault_is_and_which_sign_it_has_stands_on_the_page(browser, tmp_path: Path):
    """A finger opens no tooltip; the name of the history is one long word, as in a user's folder."""
    now, deep = datetime.now().astimezone(), tmp_path / ("folder" * 9)
    deep.mkdir()
    with serving(deep) as found:
        with History.open(found.history) as history:
            history.add_step(Step("me", now - timedelta(days=20), StepKind.START, "1.2"))
            kept = make_set(now - timedelta(days=2), bands=[UNSURE])
            near = tuple(replace(f, may_be=(GOOD, WATCH)) for f in kept.reps[0].findings)
            history.add(replace(kept, reps=(replace(kept.reps[0], findings=near),)))
            far, why = (
                Verdict.NOT_ASSESSABLE,
                "Move closer to the camera, or frame yourself larger.",
            )
            history.add(replace(make_set(now), verdict=far, instruction=why))
        page = opened(browser, found.url, "history/1", locale="de-DE")
        page.set_viewport_size(PHONE)
        page.get_by_text("wo „verbessern“ für jede Grenze ausgeschlossen ist").wait_for()
        page.goto(f"{found.url}#/history/2")
        page.get_by_text("Was zu ändern ist:").wait_for()
        assert page.locator("main span[lang=en]").inner_text() == why
        page.goto(f"{found.url}#/programme")
        page.locator("main[data-page=programme] h1").wait_for()
        assert page.locator("main p").get_by_text("○\u00a0kein Fehler", exact=True).count() == 2
        page.goto(f"{found.url}#/history")
        page.get_by_text("Aufgehoben für").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.troubles == []
        page.context.close()


@pytest.mark.parametrize("viewer", ["America/Los_Angeles", "Pacific/Auckland"])
def test_a_set_has_the_time_that_the_terminal_tells_wherever_it_is_looked_at(
    browser, tmp_path: Path, viewer: str
):
    here = timezone(timedelta(hours=1))
    dated, late = (datetime(2026, 3, day, hour, tzinfo=here) for day, hour in ((2, 0), (9, 23)))
    assert [when_in_words(done) for done in (dated, late)] == ["2026-03-02", "2026-03-09 23:00"]
    with serving(tmp_path) as found:
        with History.open(found.history) as history:
            for done in (dated, late):
                history.add(make_set(done))
        page = opened(browser, found.url, "history", timezone_id=viewer)
        page.get_by_role("link", name="9 Mar 2026, 23:00").wait_for()
        assert page.get_by_role("link", name="2 Mar 2026", exact=True).count() == 1
        assert page.locator(".plot text.middle").all_text_contents() == ["2 Mar", "9 Mar"]
        assert page.troubles == []
        page.context.close()


def test_the_first_tab_skips_the_menu_and_stays_on_the_page(browser, served: Served):
    page = opened(browser, served.url, "history")
    page.locator("main[data-page=history] h1").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.wait_for_timeout(300)
    assert page.url.endswith("#/history")
    assert page.locator("main").get_attribute("data-page") == "history"
    page.context.close()


def test_every_page_has_a_title_a_heading_and_its_place_in_the_menu(browser, served: Served):
    page = opened(browser, served.url)
    titles = set()
    for where in PAGES:
        page.goto(f"{served.url}#/{where}")
        name = where.partition("/")[0]
        page.locator(f"main[data-page={name}] h1").first.wait_for()
        titles.add(page.title())
        assert page.locator("h1").count() == 1
        assert page.locator("nav [aria-current=page]").get_attribute("href") == f"#/{name}"
    assert len(titles) == len(PAGES) - 1
    page.context.close()
