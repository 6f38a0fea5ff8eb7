"""History, programme, scoring and texts over HTTP, asked as the page asks."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import figures
import numpy as np
import pytest
from fastapi.testclient import TestClient

from glutecam import exercises
from glutecam.cli.saving import Saving
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Side
from glutecam.core.followed import judged_while_lost, lost_sentence
from glutecam.core.poses import PoseSeries
from glutecam.core.programme import Step, StepKind
from glutecam.errors import InputError
from glutecam.records.history import History
from glutecam.settings import Settings
from glutecam.web import texts
from glutecam.web.app import create_app
from glutecam.web.place import place_of
from glutecam.web.shown import assessment_shown, own_bands_shown
from tests.program import cut
from tests.served import HERE, OURS, PORT, wait_until
from tests.sets import FAULT, GOOD, made_by, make_set

pytestmark = pytest.mark.slow
NOW = datetime.now().astimezone()


@pytest.fixture
def kept(history: Path) -> list[int]:
    with History.open(history) as found:
        return [
            found.add(make_set(NOW - timedelta(days=9), Side.LEFT, [GOOD, FAULT], values=[3, 15])),
            found.add(make_set(NOW - timedelta(days=2), Side.LEFT, values=[2.0] * 15)),
            found.add(make_set(NOW - timedelta(days=1), exercise="step-down", code="GC101")),
            found.add(make_set(NOW, subject="P07")),
        ]


def test_the_history_lists_the_newest_first_and_nobody_elses(client: TestClient, kept: list[int]):
    found = client.get("/api/history").json()
    assert [entry["number"] for entry in found["sets"]] == kept[2::-1]
    assert found["total"] == 3 and found["subject"] == "me"
    assert found["sets"][2]["bands"] == {
        "ok": 1,
        "no-fault": 0,
        "watch": 0,
        "fault": 1,
        "inconclusive": 0,
    }
    one = client.get("/api/history", params={"exercise": "clamshell"}).json()
    assert one["total"] == 2
    for verb in (client.get, client.delete):
        assert verb(f"/api/history/{kept[3]}").status_code == 404


def test_one_set_has_every_repetition(client: TestClient, kept: list[int]):
    found = client.get(f"/api/history/{kept[0]}").json()
    assert [rep["band"] for rep in found["each"]] == ["ok", "fault"]
    assert found["each"][1]["findings"][0] == {
        "code": "GC201", "value": 15.0, "half_width": 4.0, "band": "fault", "may_be": [],
    }  # fmt: skip


def test_sets_of_a_small_pose_model_are_marked(client: TestClient, history: Path) -> None:
    small = made_by(pose_model="lite", reduced_accuracy=True)
    with History.open(history) as found:
        found.add(make_set(NOW - timedelta(days=9), Side.LEFT))
        found.add(make_set(NOW - timedelta(days=2), Side.RIGHT, method=small))
    sets = client.get("/api/history").json()["sets"]
    assert [entry["reduced_accuracy"] for entry in sets] == [True, False]
    sides = client.get("/api/trend", params={"exercise": "clamshell"}).json()["sides"]
    assert {one["side"]: one["reduced_accuracy"] for one in sides} == {"left": False, "right": True}


def test_what_is_said_of_a_set_is_kept_and_the_rest_stays(client: TestClient, kept: list[int]):
    url = f"/api/history/{kept[0]}"
    client.patch(url, json={"pain_after": 3, "load": "5 kg, red band", "note": "müde"})
    client.patch(url, json={"pain_before": None})
    found = client.get(url).json()
    assert (found["pain_before"], found["pain_after"]) == (None, 3)
    assert (found["load"], found["note"]) == ("5 kg, red band", "müde")
    assert client.patch(url, json={"pain_after": 11}).status_code == 422
    assert client.patch(url, json={"pain": 1}).status_code == 422


def test_a_set_can_be_deleted(client: TestClient, kept: list[int]):
    assert client.delete(f"/api/history/{kept[0]}").status_code == 204
    assert client.get("/api/history").json()["total"] == 2
    assert client.delete(f"/api/history/{kept[0]}").status_code == 404


def test_a_trend_has_both_ends_and_what_can_be_told(client: TestClient, kept: list[int]):
    found = client.get("/api/trend", params={"exercise": "clamshell"}).json()
    assert found["code"] == "GC201" and len(found["sides"]) == 1
    left = found["sides"][0]
    assert [point["median"] for point in left["points"]] == [9.0, 2.0]
    assert left["change"] == -7.0 and left["detectable"] == pytest.approx(6.74, abs=0.01)
    # No repetition of the first session reads 9, so no change is told from there.
    assert left["is_real"] is False and left["has_ends"] is False
    # Every repetition, and which of them were faults: the median of 3 and 15 says neither.
    first = [(rep["value"], rep["is_fault"]) for rep in left["points"][0]["reps"]]
    assert first == [(3.0, False), (15.0, True)] and found["range"][1] > 15
    assert left["shading"] is None
    assert (
        client.get("/api/trend", params={"exercise": "clamshell", "rule": "GC1"}).status_code == 404
    )


def test_a_change_between_sessions_with_a_middle_is_told(client: TestClient, history: Path):
    with History.open(history) as found:
        found.add(make_set(NOW - timedelta(days=9), Side.LEFT, values=[12.0] * 15))
        found.add(make_set(NOW - timedelta(days=2), Side.LEFT, values=[2.0] * 15))
    (left,) = client.get("/api/trend", params={"exercise": "clamshell"}).json()["sides"]
    assert left["change"] == -10.0 and left["is_real"] is True
    around = left["detectable"]
    assert left["shading"] == pytest.approx([12 - around, 12 + around], abs=0.01)
    assert left["has_ends"] is True


def test_the_programme_is_started_and_stepped_by_hand(client: TestClient, history: Path):
    assert client.get("/api/programme").json()["standing"] is None
    began = client.post("/api/programme/start", json={"rung": "1.2"}).json()
    assert began["standing"]["rung"] == "1.2" and began["today"]["now"] == "train"
    assert began["today"]["trains"] is True
    assert client.post("/api/programme/confirm", json={"rung": "1.3"}).status_code == 409
    assert client.post("/api/programme/start", json={"rung": "9.9"}).status_code == 400


def test_an_earned_step_is_offered_and_taken(client: TestClient, history: Path, monkeypatch):
    began = datetime.now().astimezone() - timedelta(days=3)
    from tests import sets as made

    monkeypatch.setattr(made, "MONDAY", began + timedelta(seconds=1))
    with History.open(history) as found:
        found.add_step(Step("me", began, StepKind.START, "1.1"))
        for day in (0, 2):
            for record in made.make_session(day):
                found.add(record)
    decision = client.get("/api/programme").json()["decision"]
    assert decision["move"] == "progress" and decision["to"]["name"] == "1.2"
    assert all(check["met"] for check in decision["checks"])
    assert (
        client.post("/api/programme/confirm", json={"rung": "1.2"}).json()["standing"]["rung"]
        == "1.2"
    )


def test_a_set_dated_ahead_hides_no_pain_from_the_page(client: TestClient, history: Path):
    with History.open(history) as found:
        found.add_step(Step("me", NOW - timedelta(days=3), StepKind.START, "1.2"))
        found.add(make_set(NOW - timedelta(hours=1), pain=(0, 8)))
        found.add(make_set(NOW + timedelta(days=40), pain=(0, 0)))
    told = client.get("/api/programme").json()
    assert (told["today"]["now"], told["today"]["ahead"]) == ("stop", 1)
    assert told["today"]["trains"] is False
    assert told["decision"]["reason"] == "pain"
    assert sum(week["sessions"] for week in told["weeks"]) == 1
    # What the page showed can be confirmed: both look at the same sets.
    assert client.post("/api/programme/confirm", json={"rung": "1.1"}).status_code == 200


def test_the_page_comes_with_all_of_its_files(client: TestClient):
    page = client.get("/").text
    for name in ("app.css", "main.js", "icon.svg"):
        assert f"/static/{name}" in page
        assert client.get(f"/static/{name}").status_code == 200
    assert client.get("/static/main.js").headers["content-type"].startswith("text/javascript")


def test_every_exercise_is_there_with_its_rules(client: TestClient):
    found = {entry["name"]: entry for entry in client.get("/api/exercises").json()}
    assert set(found) == set(exercises.names())
    for name, entry in found.items():
        drawn = client.get(f"/api/exercises/{name}/drawing")
        assert drawn.status_code == (200 if exercises.get(name).drawing else 404)
        assert [rule["code"] for rule in entry["rules"]] == [
            r.code for r in exercises.get(name).rules
        ]


def test_limits_of_ones_own_hold_on_the_page_as_everywhere(history: Path):
    own = Settings(history=str(history), bands={"GC101": {"ok": 4.0, "fault": 7.0}})
    app = create_app(place_of("127.0.0.1", PORT), own)
    with TestClient(app, base_url=HERE, headers=dict(OURS)) as found:
        rules = {one["name"]: one["rules"] for one in found.get("/api/exercises").json()}
    edges = next(rule["edges"] for rule in rules["step-down"] if rule["code"] == "GC101")
    assert [edge["value"] for edge in edges] == [4.0, 7.0]
    judged = app.state.studio.exercise("step-down")
    made_by = analyze(figures.squat_set(), judged).provenance
    assert own_bands_shown(made_by) == ["GC101 ok 4, fault 7"]


def scored(client: TestClient, clip: Path, **query: str) -> dict:
    job = client.post(
        "/api/score",
        params={"exercise": "step-down", "name": clip.name} | query,
        content=clip.read_bytes(),
        headers={"content-type": "video/mp4"},
    ).json()["job"]
    states = set()
    for _ in range(6000):
        now = client.get(f"/api/score/{job}").json()
        states.add(now["state"])
        if now["state"] in ("done", "failed", "cancelled"):
            return now | {"states": states, "job": job}
        time.sleep(0.1)
    raise AssertionError(now)


def test_a_dropped_video_is_scored_kept_once_and_removed(
    client: TestClient, sample_videos, tmp_path
):
    clip = cut(sample_videos / "step_down_lean_left.mp4", tmp_path / "lean.mp4", 203, first=27)
    done = scored(client, clip)
    assert done["state"] == "done" and "reading" in done["states"]
    (one,) = done["results"]
    result = client.get(f"/api/results/{one}").json()
    assert result["part"] is None
    assert result["name"] == "lean.mp4" and len(result["reps"]) >= 2
    assert result["reps"][1]["band"] == "fault" and result["curve"]["code"] == "GC101"
    page = client.get(f"/api/results/{one}/report").text
    assert "lean.mp4" in page and "data:image/jpeg" in page
    number = client.post(f"/api/results/{one}/keep").json()["number"]
    assert client.get(f"/api/history/{number}").json()["source"] == "video"
    results = client.app.state.studio.results
    (again,) = results.add(replace(results.get(one), number=None))
    refused = client.post(f"/api/results/{again}/keep")
    assert refused.status_code == 400 and f"number {number}" in refused.json()["error"]
    kept = results.get(one)
    in_terminal = Saving.asked(client.app.state.studio.settings, True, (None, None, None, None))
    with pytest.raises(InputError, match=f"kept already, as number {number}"):
        in_terminal.keep(kept.assessment, kept.exercise, clip)
    assert not list(client.app.state.jobs.folder.iterdir())


def test_who_was_to_be_followed_and_was_lost_is_told_so_in_every_language():
    """And not that nobody is in the picture, which is what the gate about the person asks for."""
    why = lost_sentence("left", 0.41)
    empty = PoseSeries.unseen(np.arange(90) / 30, 1280, 720)
    judged = analyze(empty, exercises.get("single-leg-squat"), warnings=[why])
    told = assessment_shown(judged_while_lost(judged), exercises.get("single-leg-squat"))
    (first, *_) = (gate for gate in told["gates"] if not gate["passed"])
    assert (first["code"], first["do"], first["instruction"]) == ("person", None, why)
    for language in texts.LANGUAGES:
        assert language == "en" or not texts.untranslated(language, {why})


def test_a_video_can_be_cancelled_and_waits_for_whoever_exercises(
    client: TestClient, sample_videos, monkeypatch
):
    studio = client.app.state.studio
    seat = studio.seats.take(lambda: None)
    clip = sample_videos / "step_down_lean_left.mp4"
    job = client.post(
        "/api/score", params={"exercise": "step-down"}, content=clip.read_bytes(),
        headers={"content-type": "video/mp4"},
    ).json()["job"]  # fmt: skip

    def now() -> dict:
        seat.use()
        return client.get(f"/api/score/{job}").json()

    wait_until(lambda: now()["polite"], 120)
    assert now()["share"] < 0.1
    assert client.delete(f"/api/score/{job}").status_code == 204
    wait_until(lambda: now()["state"] == "cancelled", 120)
    assert not list(client.app.state.jobs.folder.iterdir())
