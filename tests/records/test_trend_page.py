from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta

import pytest
from sets import FAULT, GOOD, MONDAY, made_by, make_session, make_set

from glutecam import exercises
from glutecam.core.trend import trends
from glutecam.core.wording import INTENDED_USE
from glutecam.errors import OutputError
from glutecam.records.plot import DARK_OF, PALETTE
from glutecam.records.trend_page import Followed, trend_page, write_trend_page

MADE = datetime(2026, 5, 1, 12, 0)


def followed(sets=None, title="Clamshell") -> list[Followed]:
    sets = sets or [*make_session(0), *make_session(7, left=(FAULT,) * 15), *make_session(14)]
    found = trends(sets, {"clamshell": "GC201"})
    return [Followed(title, tuple(found), exercises.get("clamshell"))]


def page(**more) -> str:
    return trend_page(followed(**more), subject="me", made=MADE)


def figures(text: str):
    data = re.search(r'<script type="application/json" id="chart-data">(.*?)</script>', text)
    assert data
    return json.loads(data[1])["figures"]


def test_the_page_says_what_changed_and_what_can_be_told():
    text = page()
    assert (
        "Left: no change that can be told since 2 Mar 2026: it shows from" in text
        and "0° more" not in text
    )
    assert INTENDED_USE in text and "smallest detectable change" in text


def test_the_band_that_cannot_be_told_is_shaded_around_the_first_session():
    (figure,) = figures(page())
    bands = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert len(bands) == 2
    expected = 1.96 * 2**0.5 * 4.0 / 1.6449
    assert bands[0]["y"][2] - 3.0 == pytest.approx(expected, rel=1e-3)


def test_every_repetition_and_every_session_is_drawn():
    (figure,) = figures(page())
    counts = {trace["mode"]: len(trace["x"]) for trace in figure["data"] if "fill" not in trace}
    assert counts == {"markers": 135, "lines+markers": 3}


def test_a_repetition_beyond_the_limit_differs_in_shape_from_the_others():
    sets = [make_set(MONDAY, bands=(GOOD, FAULT) * 2, values=[2, 15, 2, 14], pm=3.0)]
    reps = next(trace for trace in drawn(sets) if trace["mode"] == "markers")
    crossed = "circle-x-open"
    assert list(zip(reps["y"], reps["marker"]["symbol"], strict=True)) == [
        (2, "circle"), (15, crossed), (2, "circle"), (14, crossed),
    ]  # fmt: skip
    assert len(set(reps["x"])) == 4 and "improve" in reps["hovertext"][1]


def medians(sets):
    return next(trace for trace in drawn(sets) if trace["mode"] == "lines+markers")


def test_each_group_of_repetitions_far_apart_has_its_median_and_no_line_leads_there():
    sets = [
        make_set(MONDAY, bands=(GOOD, FAULT) * 2, values=[2, 15, 2, 14], pm=3.0),
        *(make_set(MONDAY + timedelta(days=day), values=[3] * 15, pm=3.0) for day in (7, 14)),
    ]
    found = medians(sets)
    assert found["y"] == [None, 2, None, 14.5, None, 3, 3]
    assert found["error_y"]["array"] == [None, 3, None, 3, None, 3, 3]
    assert "the median of each group" in page(sets=sets)
    # Further apart than their ±, and without a gap: one group, whose median is among them.
    spread = [make_set(MONDAY, bands=(GOOD,) * 5, values=[2, 4, 6, 8, 10], pm=3.0)]
    assert medians(spread)["y"] == [6] and "the median of each group" not in page(sets=spread)


def when(trace) -> datetime:
    return datetime.strptime(trace["x"][0], "%Y-%m-%d %H:%M")


def drawn(sets):
    (figure,) = figures(page(sets=sets))
    return [trace for trace in figure["data"] if trace.get("x")]


def sessions(sets):
    return [trace for trace in drawn(sets) if trace["mode"] != "markers"]


def test_a_side_that_is_alone_is_drawn_at_its_own_time_where_its_shading_begins():
    first = MONDAY.replace(hour=0)
    days = [make_set(first + timedelta(days=day)) for day in (0, 3)]
    began = first.replace(tzinfo=None)
    assert {when(trace) for trace in sessions(days)} == {began}
    # One session alone, too.
    assert {when(trace) for trace in sessions(days[:1])} == {began}


@pytest.mark.parametrize("days", [0, 3, 400])
def test_two_sides_stand_beside_each_other_near_their_own_time(days):
    sets = [*make_session(0), *make_session(days)]
    own = min(record.done for record in sets).replace(tzinfo=None)
    assert all(abs(when(trace) - own) < timedelta(hours=12) for trace in drawn(sets))
    traces = sessions(sets)
    assert len({when(trace) for trace in traces}) == 2
    shaded = [when(trace) for trace in traces if trace.get("fill")]
    assert set(shaded) == {when(trace) for trace in traces if not trace.get("fill")}


def test_another_method_is_hollow_and_said_so():
    old = make_set(MONDAY - timedelta(days=9), method=made_by(pelvis_method="other"))
    text = page(sets=[old, *make_session(0)])
    assert "hollow: measured in another way" in text
    reps = [t for t in figures(text)[0]["data"] if t.get("mode") == "markers"]
    assert "circle-open" in {symbol for trace in reps for symbol in trace["marker"]["symbol"]}


def test_the_page_fetches_nothing_and_runs_only_its_own_scripts():
    text = page()
    policy = re.search(r"script-src ([^;]*);", text)
    assert policy
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert [f"'sha256-{digest}'" for digest in hashes] == policy[1].split()
    rest = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"""(?:src|href)=|url\(|@import""", rest)


def test_names_from_outside_cannot_run():
    evil = "<img src=x onerror=alert(1)>"
    text = trend_page(followed(title=evil), subject=evil, made=MADE)
    assert evil not in text


def test_every_colour_has_a_dark_partner():
    colours = {
        text
        for figure in figures(page())
        for text in re.findall(r"#[0-9a-f]{6}", json.dumps(figure))
    }
    assert colours <= set(DARK_OF)
    assert len(DARK_OF) == len(PALETTE)


def test_one_session_and_no_width_are_drawn_too():
    text = page(sets=[make_set(bands=(GOOD,), pm=float("nan"))])
    assert "nothing to compare" in text
    assert figures(text)


def test_an_exercise_that_is_not_known_has_no_limits():
    found = trends(make_session(0), {"clamshell": "GC201"})
    text = trend_page([Followed("gone", tuple(found))], subject="me", made=MADE)
    assert figures(text)[0]["layout"].get("shapes", []) == []


def test_a_page_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(OutputError):
        write_trend_page(tmp_path / "no" / "t.html", followed(), subject="me", made=MADE)


def test_sessions_of_a_small_pose_model_are_marked():
    small = made_by(pose_model="lite", reduced_accuracy=True)
    sets = [make_set(), make_set(MONDAY + timedelta(days=7), method=small)]
    text = page(sets=sets)
    assert text.count("(reduced accuracy)") == 1 and text.count("Reduced accuracy:") == 1
    assert "educed accuracy" not in page()
