"""The dashboard as a page: every row, the worst first, nothing that runs but its own script."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from dashboards import row
from reports import Page

from glutecam.core.wording import INTENDED_USE
from glutecam.records.dashboard import dashboard_page

XSS = "<script>alert(1)</script>\"' onload=x"


def page_of(rows, links=None, **more):
    return dashboard_page(rows, links=links or [()] * len(rows), **more)


def files_in(text: str) -> list[str]:
    return re.findall(r'<td class="file">([^<]*)</td>', text)


WORST = [
    row("fine.mp4"),
    row("undone.mp4", status="not done", verdict=""),
    row("unsure.mp4", verdict="inconclusive"),
    row("refused.mp4", verdict="not assessable", instruction="Turn to face it.", score="", reps=""),
    row("broken.mp4", status="error", verdict="", error="Not a video.", sides="", coverage=""),
    row("low.mp4", verdict="fault", faults="GC101", score="20.0"),
    row("high.mp4", verdict="fault", faults="GC101", score="80.0"),
    row("two.mp4", verdict="fault", faults="GC101 GC102", score="90.0"),
]


def test_the_worst_stands_first_and_errors_are_rows() -> None:
    text = page_of(WORST)
    assert files_in(text) == [
        "two.mp4", "low.mp4", "high.mp4", "broken.mp4", "refused.mp4", "unsure.mp4", "undone.mp4",
        "fine.mp4",
    ]  # fmt: skip
    words = Page(text).words
    assert "Not a video." in words and "Turn to face it." in words
    assert "pelvic drop GC101" in words.replace("hip drops", "pelvic drop") and "8 clips" in words
    assert INTENDED_USE in words


@pytest.mark.parametrize(("audience", "word"), [("coach", "✕ improve"), ("clinician", "✕ beyond")])
def test_each_audience_reads_its_own_words(audience: str, word: str) -> None:
    assert word in Page(page_of(WORST, audience=audience)).words


def test_columns_that_came_later_are_shown_and_empty_ones_are_not() -> None:
    rows = [row(visit="baseline", notes=""), row("b.mp4", visit="", notes="")]
    text = page_of(rows)
    assert '<th scope="col">Visit</th>' in text and "<td>baseline</td>" in text
    assert "Notes" not in text


def test_what_can_be_opened_is_linked_beside_the_page() -> None:
    rows = [row("a", verdict="fault"), row("b")]
    there = [
        [
            ("report", f"clips/{name}/report.html"),
            ("pictures", f"clips/{name}/report.html#moments"),
            ("numbers", f"clips/{name}/assessment.json"),
        ]
        for name in "ab"
    ]
    page = Page(page_of(rows, there))
    assert [attrs["href"] for tag, attrs in page.tags if tag == "a"] == [
        "clips/a/report.html", "clips/a/report.html#moments", "clips/a/assessment.json",
        "clips/b/report.html", "clips/b/assessment.json",
    ]  # fmt: skip


def test_a_cell_is_shown_as_it_was_before_the_table() -> None:
    assert files_in(page_of([row("'=1+1")])) == ["=1+1"]


def test_the_page_runs_its_own_script_alone_and_fetches_nothing() -> None:
    evil = [row(XSS, subject=XSS, error=XSS, status="error", exercise=XSS, visit=XSS)]
    text = page_of(evil)
    assert XSS not in text
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    policy = re.search(r"script-src ([^;]*);", text)
    assert policy
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert [f"'sha256-{digest}'" for digest in hashes] == policy[1].split()
    rest = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"src=|url\(|@import|https?:", rest)


def test_the_same_rows_give_the_same_bytes_whatever_their_order() -> None:
    assert page_of(WORST) == page_of(WORST[::-1])
