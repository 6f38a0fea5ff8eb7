"""The dashboard as a page: every row, the worst first, nothing that runs but its own script."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from dashboards import row
from reports import Page

from glutecam.batch.both_sides import both_sides
from glutecam.batch.undecided import scores, undecided
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


def test_a_set_without_a_fault_is_not_called_good() -> None:
    coach, clinician = (
        Page(page_of(WORST, audience=audience)).words for audience in ("coach", "clinician")
    )
    assert "○ no fault 1" in coach and "✓ good" not in coach
    assert "○ not beyond 1" in clinician and "✓ within" not in clinician


def test_columns_that_came_later_are_shown_and_empty_ones_are_not() -> None:
    rows = [row(visit="baseline", notes=""), row("b.mp4", visit="", notes="")]
    text = page_of(rows)
    assert ">Visit</th>" in text and '<td data-label="Visit">baseline</td>' in text
    assert "Notes" not in text


def test_what_to_know_stands_before_what_the_list_says_and_a_score_is_shown_once() -> None:
    text = page_of([row(visit="baseline", score="60.0", score_low="55.0", score_high="65.0")])
    assert text.index(">What to know</th>") < text.index(">Visit</th>")
    assert "Score low" not in text and "Score high" not in text


def test_what_can_be_opened_is_linked_beside_the_page() -> None:
    rows = [row("a", verdict="fault"), row("b")]
    report, numbers = ("report", "clips/b/report.html"), ("numbers", "clips/b/assessment.json")
    there = [
        [
            ("report", "clips/a/report.html"),
            ("pictures", "clips/a/report.html#moments"),
            ("numbers", "clips/a/assessment.json"),
        ],
        [report, numbers],
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


# Left against right


def rep(side: str, value: float, **more: str) -> dict[str, str]:
    cells = {
        "file": "a.mp4", "subject": "P1", "exercise": "step-down", "visit": "", "set": "1",
        "side": side, "GC101_value": str(value), "GC101_pm": "3.0",
    }  # fmt: skip
    return cells | more


def test_sides_of_one_clip_or_of_one_visit_are_compared_and_no_others() -> None:
    sets = [
        row(set="1"), row(set="2"), row("b.mp4", visit="1", set="1"),
        row("c.mp4", visit="1", set="1"), row("d.mp4", subject="", set="1"),
        row("e.mp4", subject="", set="1"), row("f.mp4", set="1", verdict="not assessable"),
        row("f.mp4", set="2"),
    ]  # fmt: skip
    reps = [
        *(rep("left", value, set="2") for value in (11.0, 12.0, 16.0)),
        *(rep("right", value) for value in (2.0, 3.0)),
        rep("right", 90.0, GC101_value="", GC101_pm=""),  # an attempt
        rep("left", 5.0, file="b.mp4", visit="1"), rep("right", 6.0, file="c.mp4", visit="1"),
        rep("left", 5.0, file="d.mp4", subject=""), rep("right", 6.0, file="e.mp4", subject=""),
        rep("left", 5.0, file="f.mp4"), rep("right", 6.0, file="f.mp4", set="2"),
        rep("left", 5.0, file="a.mp4", exercise="unheard-of"),
    ]  # fmt: skip
    found = {one.files: one for one in both_sides(sets, reps)}
    assert set(found) == {("a.mp4",), ("b.mp4", "c.mp4")}
    cut = found["a.mp4",]
    assert (cut.reps, cut.sides.left.value, cut.sides.right.value) == ((3, 2), 12.0, 2.5)
    assert cut.sides.difference.half_width == pytest.approx((1.5 * (9.0 + 9.0)) ** 0.5)
    page = Page(page_of(sets, both_sides=list(found.values())))
    assert "both sides of 2 exercises can be compared; 1 differs by more than the ±" in page.words
    assert "more on the left P1 Lateral step-down hip drops 12° ± 3° (3)" in " ".join(
        page.words.replace("pelvic drop", "hip drops").split()
    )
    assert page.words.index("more on the left") < page.words.index("can't tell")


def test_without_both_sides_nothing_is_said_of_them() -> None:
    assert "Left against right" not in page_of(WORST)


def test_sets_are_not_called_clips() -> None:
    rows = [row(set="1", sets="2"), row(set="2", sets="2"), row("b.mp4")]
    assert "2 clips with 3 sets, the worst first" in Page(page_of(rows)).words


# What stayed undecided, and what files are called


def _rep(side: str, drop: str, lean: str, **more: str) -> dict[str, str]:
    of = {"file": "a.mp4", "subject": "P1", "exercise": "step-down", "set": "1", "side": side}
    return of | {"GC101_band": drop, "GC102_band": lean} | more


def test_a_row_says_which_rules_stayed_undecided_and_how_often() -> None:
    rows = [row(set="1", verdict="inconclusive"), row("b.mp4", set="1", sides="right")]
    reps = [
        _rep("left", "inconclusive", "ok"), _rep("left", "fault", "inconclusive"),
        _rep("left", "inconclusive", ""), _rep("right", "inconclusive", "inconclusive"),
        _rep("right", "ok", "ok", file="b.mp4"),
    ]  # fmt: skip
    found = undecided(rows, reps)
    assert [(one.code, one.count, one.of) for one in found[0]] == [("GC101", 2, 3), ("GC102", 1, 2)]
    assert found[1] == ()
    coach, clinician = (
        Page(page_of(rows, undecided=found, audience=who)).words for who in ("coach", "clinician")
    )
    assert "Can't tell: hip drops (2 of 3), trunk leans (1 of 2)" in coach
    assert "Undecided: hip drops (2 of 3), trunk leans (1 of 2)" in clinician


def test_a_row_says_what_a_rule_may_be_where_it_is_the_same_in_every_repetition() -> None:
    near, wide, late = "ok or watch", "ok or watch or fault", "watch or fault"
    left_open = [("GC101", near, near), ("GC102", near, wide), ("GC103", late, late)]
    of = {"file": "a.mp4", "subject": "P1", "exercise": "step-down", "set": "1", "side": "left"}
    reps = [
        of | {f"{code}_band": "inconclusive" for code, *_ in left_open}
        | {f"{code}_may_be": each[at] for code, *each in left_open}
        for at in (0, 1)
    ]  # fmt: skip
    # Of a set with a fault as of one without: what else it holds says nothing of these rules.
    for verdict in ("fault", "fine"):
        rows = [row(set="1", verdict=verdict)]
        words = Page(page_of(rows, undecided=undecided(rows, reps))).words
        assert (
            "Can't tell: trunk leans (2 of 2). Good or watch: hip drops (2 of 2). "
            "Watch or improve: pelvis shifts (2 of 2)" in words
        )


def test_a_score_that_leaves_repetitions_open_is_the_range_that_its_report_gives() -> None:
    rows = [
        row("open.mp4", verdict="fault", faults="GC101", score="42.0", set="1"),
        row("told.mp4", verdict="fault", faults="GC101", score="30.0", set="1"),
        row("none.mp4", verdict="fault", faults="GC101", score="", set="1"),
    ]
    cells = {
        "subject": "P1",
        "exercise": "step-down",
        "set": "1",
        "side": "left",
        "complete": "yes",
    }
    reps = [
        cells | {"file": "open.mp4", "score": score} | more
        for score, more in (
            ("42.0", {}), ("", {}), ("", {"complete": "no"}), ("9.0", {"side": "right"}),
        )
    ]  # fmt: skip
    reps.append(cells | {"file": "told.mp4", "score": "30.0"})
    found = scores(rows, reps)
    assert found == [(42.0, None), (30.0,), ()]
    text = page_of(rows, scores=found)
    # What may be the lowest stands first, and the browser sorts by it.
    assert files_in(text) == ["open.mp4", "told.mp4", "none.mp4"]
    cells_of = re.findall(r'data-sort="([^"]*)">([^<]*)</td><td class="number"[^>]*>99</td>', text)
    assert cells_of == [("21.0", "21 to 71"), ("30.0", "30"), ("", "")]


def test_a_file_from_the_root_is_called_by_its_name_unless_two_are_called_so() -> None:
    files = [
        "/nas/clips/a.mp4",
        "s3://clinic/b.mp4",
        "C:/x/c.mp4",
        "/nas/1/d.mp4",
        "/nas/2/d.mp4",
        "e/f.mp4",
    ]
    shown = files_in(page_of([row(file) for file in files]))
    assert sorted(shown) == ["/nas/1/d.mp4", "/nas/2/d.mp4", "a.mp4", "b.mp4", "c.mp4", "e/f.mp4"]
    assert "/nas/clips/a.mp4" in Page(page_of([row(files[0])])).words


def test_the_reason_of_a_refusal_stands_there_once_and_other_warnings_beside_it() -> None:
    why = (
        "a.mp4 breaks off at 2.00 s of 9.00 s: the file is incomplete; copy it again. It was read."
    )
    cut = {"verdict": "not assessable", "instruction": why}
    page = page_of([row(**cut, warnings=why)])
    assert page.count("breaks off") == 1 and "▲" not in page
    page = page_of([row(**cut, warnings=f"Two people were seen. {why} One is followed.")])
    assert page.count("breaks off") == 1 and "▲ Two people were seen." in page
    assert "<dd>Two people were seen. One is followed.</dd>" in page


def test_nothing_stands_in_a_column_of_nobody_and_a_refused_leg_is_only_asked_for() -> None:
    alone = page_of([row(subject="", verdict="not assessable", sides="right", side_asked="right")])
    assert ">Subject</th>" not in alone and ">asked: right</td>" in alone
    known = page_of([row(subject="P01", verdict="fault", sides="right", side_asked="right")])
    assert ">Subject</th>" in known and ">right</td>" in known


def test_who_has_no_reports_is_told_how_to_get_them() -> None:
    assert "batch --reports" in page_of([row()], [[("numbers", "a.json")]])
    assert "batch --reports" not in page_of([row()], [[("report", "a.html")]])
