"""Pages from a file in a real Chromium: the dashboard with thousands of rows, the others on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from builders import make_assessment, make_exercise
from dashboards import row
from sets import make_session

from glutecam import exercises
from glutecam.core.set_summary import Quantity
from glutecam.core.side_difference import Sides
from glutecam.core.trend import trends
from glutecam.records.dashboard import BothSides, dashboard_page
from glutecam.records.report import html_report
from glutecam.records.trend_page import Followed, trend_page
from tests.served import CHROMIUM

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

pytestmark = pytest.mark.realtime
MANY = 2000
LOAD_S = 2.0
KINDS = (
    {"verdict": "fault", "faults": "GC101"},
    {"verdict": "inconclusive"},
    {"verdict": "fine"},
    {"status": "error", "verdict": "", "error": "The file ends early."},
)


def rows(count: int = MANY) -> list[dict[str, str]]:
    names = ("step-down", "clamshell")
    return [
        row(
            f"clip-{number}.mp4", subject=f"P{number % 40:02d}", exercise=names[number % 2],
            score=f"{number % 101}.0", **KINDS[number // 2 % 4],
        )
        for number in range(count)
    ]  # fmt: skip


SIDES = Sides(Quantity(12.0, 3.0), Quantity(2.0, 3.0))


def opened(browser, folder: Path, count: int):
    """Open a dashboard from the disk, and note all that goes wrong in it."""
    made = rows(count)
    place = folder / f"dashboard-{count}.html"
    links = [[("report", f"{each['results']}/report.html")] for each in made]
    place.write_text(dashboard_page(made, links=links), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(120_000)
    page.troubles = []
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("console", lambda said: page.troubles.append(said.text))
    page.on("request", lambda asked: page.troubles.append(asked.url))
    meter = page.context.new_cdp_session(page)
    # The page's own work: how many others use this machine does not count.
    meter.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(place.as_uri())
    page.wait_for_function("document.querySelector('#shown').textContent.startsWith('All')")
    told = {one["name"]: one["value"] for one in meter.send("Performance.getMetrics")["metrics"]}
    page.took_s = told["TaskDuration"]
    return page


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=CHROMIUM, headless=True)
        yield found
        found.close()


@pytest.fixture
def page(browser, tmp_path: Path):
    """Return a page of eighty clips."""
    found = opened(browser, tmp_path, 80)
    yield found
    assert [text for text in found.troubles if not text.startswith("file:")] == []
    found.close()


def shown(page) -> int:
    return int(
        page.evaluate("[...document.querySelectorAll('tbody tr')].filter(r => !r.hidden).length")
    )


def column(page, number: int, count: int = 3) -> list[str]:
    script = """([column, count]) => [...document.querySelectorAll('tbody tr')]
        .filter((row) => !row.hidden).slice(0, count).map((row) => row.cells[column].textContent)"""
    return list(page.evaluate(script, [number, count]))


def test_two_thousand_clips_open_from_a_file_in_two_seconds_without_a_network(
    browser, tmp_path: Path
) -> None:
    page = opened(browser, tmp_path, MANY)
    assert page.took_s < LOAD_S
    assert shown(page) == MANY
    assert [text for text in page.troubles if not text.startswith("file:")] == []
    page.close()


def test_a_click_on_a_head_sorts_and_another_turns_it_round(page) -> None:
    score = page.get_by_role("button", name="Score")
    score.click()
    assert column(page, 6) == ["0", "1", "2"]
    score.click()
    assert column(page, 6) == ["79", "78", "77"]
    page.get_by_role("button", name="Clip").click()
    assert column(page, 4) == ["clip-0.mp4", "clip-1.mp4", "clip-2.mp4"]


def test_on_a_phone_where_no_heads_are_a_choice_sorts(page) -> None:
    sort_by = page.get_by_label("Sort by")
    assert sort_by.is_hidden()
    page.set_viewport_size({"width": 390, "height": 800})
    assert sort_by.is_visible() and page.get_by_role("button", name="Score").is_hidden()
    assert sort_by.locator("option:checked").text_content() == "Reads ▴"
    sort_by.select_option("Score ▾")
    assert column(page, 6) == ["79", "78", "77"]
    sort_by.select_option("Clip ▴")
    assert column(page, 4) == ["clip-0.mp4", "clip-1.mp4", "clip-2.mp4"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # Both ways to sort say the same.
    page.set_viewport_size({"width": 1400, "height": 900})
    page.get_by_role("button", name="Score").click()
    assert sort_by.input_value() == "6 false"


def test_words_subject_exercise_and_verdict_filter_together(page) -> None:
    page.get_by_label("Exercise").select_option("clamshell")
    assert shown(page) == 40
    page.get_by_label("Subject").select_option("P01")
    assert shown(page) == 2
    page.get_by_label("Find").fill("ENDS early")
    assert shown(page) == 0
    page.get_by_label("Find").fill("gc101")
    assert shown(page) == 2
    page.locator("#verdicts input[value=fault]").uncheck()
    assert page.locator("#shown").text_content() == "0 of 80 clips"
    page.click("#reset")
    assert shown(page) == 80


def test_everything_can_be_done_from_the_keyboard(page) -> None:
    page.locator("body").press("/")
    page.keyboard.type("clip-7")
    assert shown(page) == 11
    page.keyboard.press("Escape")
    assert shown(page) == 80
    page.get_by_role("button", name="Subject").focus()
    page.keyboard.press("Enter")
    assert column(page, 1) == ["P00", "P00", "P01"]
    page.locator("tbody tr .links a").first.focus()
    page.keyboard.press("ArrowDown")
    where = (
        "[...document.querySelectorAll('tbody tr')].indexOf(document.activeElement.closest('tr'))"
    )
    assert page.evaluate(where) == 1
    page.keyboard.press("ArrowUp")
    assert page.evaluate(where) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_either_scheme(page, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.emulate_media(color_scheme=scheme)
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(244, 245, 247)", "dark": "rgb(16, 19, 24)"}[scheme]


def test_left_against_right_stands_below_and_is_not_sorted_with_the_clips(
    browser, tmp_path: Path
) -> None:
    rows = [row(set="1", sets="2"), row(set="2", sets="2")]
    pair = BothSides("P1", "", "step-down", ("a.mp4",), "GC101", (3, 4), SIDES)
    place = tmp_path / "sides.html"
    place.write_text(dashboard_page(rows, links=[(), ()], both_sides=[pair]), encoding="utf-8")
    page = browser.new_page()
    page.goto(place.as_uri())
    page.wait_for_function("document.querySelector('#shown').textContent == 'All 2 sets'")
    assert page.locator("#sides thead button").count() == 0
    page.get_by_label("Find").fill("nothing like it")
    assert page.locator("#shown").text_content() == "0 of 2 sets"
    assert page.locator("#sides").get_by_text("more on the left").is_visible()
    page.close()


@pytest.mark.parametrize("width", [1024, 1100, 1280, 1440])
def test_every_width_shows_whole_names_and_what_can_be_opened(
    browser, tmp_path: Path, width: int
) -> None:
    made = [row("step_down_clean_left_take_2.mp4", **kind) for kind in KINDS]
    place = tmp_path / "dashboard.html"
    links = [[("report", "report.html"), ("numbers", "numbers.json")] for _ in made]
    place.write_text(dashboard_page(made, links=links), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(place.as_uri())
    clip, link = (page.locator(f"tbody tr:first-child {one}") for one in (".file", ".links a"))
    assert clip.bounding_box()["width"] > 110
    box = link.first.bounding_box()
    assert box["x"] > 0 and box["x"] + box["width"] < width
    cut = """() => [...document.querySelectorAll('.short, thead th')]
        .filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)"""
    assert page.evaluate(cut) == []
    page.close()


def test_on_a_phone_no_page_scrolls_sideways_and_no_dates_meet(browser, tmp_path: Path) -> None:
    sets = [record for day in (0, 7, 14, 20, 26, 33) for record in make_session(day)]
    followed = [Followed("Clamshell", tuple(trends(sets, {"clamshell": "GC201"})),
                         exercises.get("clamshell"))]  # fmt: skip
    pages = {
        "report": html_report(make_assessment(), make_exercise(), source_name="a.mp4"),
        "trend": trend_page(followed, subject="me", made=datetime(2026, 5, 1)),
    }
    page = browser.new_page(viewport={"width": 375, "height": 800})
    for name, text in pages.items():
        place = tmp_path / f"{name}.html"
        place.write_text(text, encoding="utf-8")
        page.goto(place.as_uri())
        page.wait_for_selector(".plot .main-svg")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, name
    dates = [one.bounding_box() for one in page.locator(".xtick text").all()]
    assert len(dates) >= 2
    for left, right in pairwise(dates):
        assert left["x"] + left["width"] + 4 < right["x"]
    page.close()
