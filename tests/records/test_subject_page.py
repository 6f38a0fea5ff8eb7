"""One subject over time: what changed, side against side, sheets, the last sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import make_assessment
from reports import Page
from sets import FAULT, GOOD, MONDAY, UNSURE, WATCH, made_by, make_session, make_set

from glutecam import exercises
from glutecam.core.assessment import Band, Side
from glutecam.core.sets import Felt, Load
from glutecam.core.trend import trends
from glutecam.core.wording import INTENDED_USE
from glutecam.records.letterhead import Letterhead
from glutecam.records.subject_page import LAST_SETS, subject_page
from glutecam.records.trend_page import Followed

MADE = datetime(2026, 5, 1, 12, 0)
SETS = [*make_session(0), *make_session(7, left=(*[GOOD] * 13, FAULT, UNSURE)), *make_session(14)]


NEAR = Band.INCONCLUSIVE


def good_or_watch(record):
    """Return the set with what could not be told in it being good or watch."""
    reps = tuple(
        replace(rep, findings=tuple(replace(f, may_be=(GOOD, WATCH)) for f in rep.findings))
        for rep in record.reps
    )
    return replace(record, reps=reps)


def page(sets=SETS, audience="coach", subject="P07", **more) -> str:
    found = trends(sets, {"clamshell": "GC201"})
    followed = [Followed("Clamshell", tuple(found), exercises.get("clamshell"))]
    return subject_page(sets, followed, subject=subject, made=MADE, audience=audience, **more)


def test_it_says_how_much_there_is_and_over_which_time():
    words = Page(page()).words
    assert "P07, 2026-03-02 to 2026-03-16" in words
    assert "P07, 2026-03-02 2026-" in Page(page(make_session(0))).words
    assert "Sessions 3" in words and "Sets 18" in words and "Repetitions 270" in words
    assert "Pain, last said 0 of 10" in words and INTENDED_USE in words


def test_a_change_stands_with_the_smallest_that_can_be_told():
    first = [make_set(MONDAY, Side.LEFT, (GOOD,) * 5, values=[20.0] * 5)]
    later = [make_set(MONDAY + timedelta(days=9), Side.LEFT, (GOOD,) * 5, values=[4.0] * 5)]
    words = Page(page([*first, *later], "clinician")).words
    assert "Left: 16° less than on 2 Mar 2026, more than measuring alone explains (7°)." in words
    assert (
        "pelvis rolls back GC201 left 20° ± 4° (2026-03-02) 4° ± 4° (2026-03-11) −16° 7° yes"
        in words
    )


def test_a_change_within_the_smallest_is_told_in_the_same_words_above_and_below():
    sets = [
        make_set(MONDAY + timedelta(days=day), Side.LEFT, (GOOD,) * 5, values=[value] * 5)
        for day, value in ((0, 4.0), (9, 4.2))
    ]
    text = page(sets, "clinician")
    words = Page(text).words
    assert "Left: no change that can be told since 2 Mar 2026: it shows from 7° on." in words
    assert "0° 7° no change that can be told" in words
    assert '<span class="when">(2026-03-11)</span>' in text
    # Only the legs that were seen are explained.
    assert "left, one repetition" in words and "right, one repetition" not in words


def test_both_sides_are_compared_session_by_session():
    sets = [
        make_set(MONDAY, Side.RIGHT, (GOOD,) * 5, values=[2.0] * 5),
        make_set(MONDAY + timedelta(minutes=5), Side.LEFT, (GOOD,) * 5, values=[14.0] * 5),
    ]
    words = Page(page(sets)).words
    assert "more on the left by 12° ± 7°, which the ± does not explain." in words
    assert "2026-03-02 18:00 14° ± 4° 2° ± 4° 12° ± 7° more on the left" in words


def test_the_last_sets_are_listed_the_newest_first_with_what_was_said():
    felt = Felt(1, 3, Load(5.0, "red band"), "tired <b>")
    sets = [*SETS, make_set(MONDAY + timedelta(days=20)).feeling(felt)]
    text = page(sets)
    words = Page(text).words
    assert f"The last {LAST_SETS} sets" in words
    assert "1 → 3 5 kg, red band tired <b>" in words and "tired <b>" not in text
    assert words.index("2026-03-22") < words.index("2026-03-16 18:25")


def test_clinicians_get_every_rule_and_the_newest_sheet_line_by_line():
    sheets = make_assessment().sheets
    sets = [replace(one, sheets=sheets) for one in SETS]
    coach, clinician = (Page(page(sets, audience)).words for audience in ("coach", "clinician"))
    assert "Squat scale, 0 to 4, right leg: 2 to 4 of 4" in coach
    assert "Every rule" not in coach and "--audience" not in coach
    assert "Every rule, first against newest session" in clinician and "tempo GC204" in clinician
    assert "Invented squat test, 0 to 4, right leg: 2 to 4 of 4 (medium or poor)" in clinician
    assert "✓ within" in clinician and "✓ good" not in clinician


@pytest.mark.parametrize("bands", [(GOOD, GOOD), (GOOD, NEAR), (GOOD, WATCH)])
def test_a_set_reads_as_on_the_dashboard_and_its_repetitions_say_more(bands):
    text = page([good_or_watch(make_set(MONDAY, bands=bands))])
    last = Page(text.partition("The last")[2]).words
    assert "right ○ no fault ✓ good:" in last


@pytest.mark.parametrize("audience", ["coach", "clinician"])
def test_names_from_outside_cannot_run_and_nothing_is_fetched(audience):
    evil = "<img src=x onerror=alert(1)>"
    text = page(audience=audience, subject=evil, letterhead=Letterhead(evil))
    assert evil not in text
    assert "https://" not in text.rpartition("</script>")[0].partition("<script")[0]


def test_sets_of_a_small_pose_model_are_marked():
    small = made_by(pose_model="lite", reduced_accuracy=True)
    words = Page(page([*SETS, make_set(MONDAY + timedelta(days=21), method=small)])).words
    # In the trend and in the list of the last sets.
    assert words.count("(reduced accuracy)") == 2 and "Reduced accuracy:" in words
    assert "educed accuracy" not in Page(page()).words
