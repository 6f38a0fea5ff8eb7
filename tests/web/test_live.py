"""A live session over the socket, fed with a clip at whatever speed this machine has."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from glutecam import pipeline
from glutecam.capture.frames import Frame
from glutecam.core.analyzer import Analyzer
from glutecam.core.assessment import Band, Phase
from glutecam.core.coaching import Fading, SessionUpdate
from glutecam.core.smoothing import CAUSAL
from glutecam.settings import Settings
from glutecam.web import seats
from glutecam.web.app import create_app
from glutecam.web.picture import decoded, unpacked
from glutecam.web.place import place_of
from glutecam.web.shown_live import update_shown
from tests.served import (
    HERE,
    HOST,
    OURS,
    PORT,
    begin,
    later,
    packet,
    pictures,
    session,
    shown,
    two_reps,
    until,
    wait_until,
)

pytestmark = pytest.mark.slow

RAISED_HAND = Path(__file__).parents[1] / "clips" / "raised_hand.mp4"
BEFORE_IT = 45
"""Frame of that clip from which on more than two seconds are left until the hand is up."""

BEFORE_REPS, A_FAULTY_REP = slice(0, 60), slice(122, 186)
"""Pictures of the quiet posture, and of the second repetition, which begins and ends at the top."""


@pytest.fixture(scope="module")
def lean(sample_videos: Path) -> list[bytes]:
    """Return a clip in which the trunk leans in the second repetition, as the page sends it."""
    clip = two_reps(sample_videos / "step_down_lean_left.mp4")
    return [packet(rgb, number, ms) for number, (ms, rgb) in enumerate(clip)]


@pytest.fixture(scope="module")
def followed(lean: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    """Return all answers to the clip, the set, and the page that still stands."""
    history = tmp_path_factory.mktemp("live") / "history.sqlite"
    app = create_app(place_of("127.0.0.1", PORT), Settings(history=str(history)))
    with TestClient(app, base_url=HERE, headers=dict(OURS)) as client:
        with client.websocket_connect("/live", headers=dict(HOST)) as socket:
            socket.send_text(begin("step-down"))
            until(socket, "ready")
            answers = []
            for number, message in enumerate(lean):
                socket.send_bytes(message)
                answers.append(shown(socket, number))
            socket.send_text(json.dumps({"type": "command", "name": "next"}))
            socket.send_bytes(later(lean[-1], len(lean)))
            done = until(socket, "set")
        yield client, answers, done


def test_every_picture_is_answered_with_its_landmarks(followed, lean):
    _, answers, _ = followed
    assert [answer["id"] for answer in answers] == list(range(len(lean)))
    points = np.array([answer["points"] for answer in answers if answer["points"]])
    assert points.shape[1:] == (33, 3) and len(points) > 0.95 * len(lean)
    x, y = points[..., 23, 0], points[..., 23, 1]
    assert (x > 0).all() and (x < 640).all() and (y > 0).all() and (y < 360).all()


def test_the_session_counts_and_flags_what_the_desktop_does(followed, lean):
    """The same pictures, judged by the analyzer without socket and page."""
    client, _, done = followed
    exercise = client.app.state.studio.exercise("step-down")
    analyzer = Analyzer(exercise, smoothing=CAUSAL)
    with pipeline.open_model("full", live=True) as model:
        for index, message in enumerate(lean):
            packed = unpacked(message)
            frame = Frame(index, packed.time_s, decoded(packed), 0.0)
            analyzer.push(model.estimate(frame))
    alone = analyzer.finish()
    assert [rep["band"] for rep in done["summary"]["reps"]] == [
        rep.band.value for rep in alone.reps
    ]
    assert done["summary"]["verdict"] == alone.verdict.value == "fault"
    found = [
        [f["code"] for f in rep["findings"] if f["band"] == "fault"]
        for rep in done["summary"]["reps"]
    ]
    assert found == [[], ["GC102"]]


def test_the_cue_is_spoken_while_it_happens(followed):
    _, answers, _ = followed
    spoken = [answer["speak"]["key"] for answer in answers if answer["speak"]]
    assert spoken.count("cue.GC102") >= 1
    assert spoken[0] == "baseline"
    reps = [answer["reps"] for answer in answers]
    assert reps == sorted(reps) and reps[-1] == 2


def test_the_set_is_in_the_history_and_its_report_can_be_read(followed):
    client, _, done = followed
    kept = client.get("/api/history").json()["sets"]
    assert [entry["number"] for entry in kept] == [done["kept"]]
    assert kept[0]["source"] == "live" and kept[0]["reps"] == 2
    page = client.get(f"/api/results/{done['result']}/report")
    assert page.status_code == 200 and "trunk leans" in page.text
    assert page.headers["content-security-policy"].startswith("sandbox")
    assert client.post(f"/api/results/{done['result']}/keep").json() == {"number": done["kept"]}


def no_other(*_, **__):
    raise AssertionError("a model was opened where one waits")


def test_the_next_session_has_the_same_model_and_nothing_of_the_last_one(
    followed, lean, monkeypatch
):
    """A model that was used gives the landmarks that a fresh one gave."""
    client, fresh, _ = followed
    models = client.app.state.studio.models
    wait_until(lambda: models.idle == 1)
    monkeypatch.setattr(pipeline, "open_model", no_other)
    others = [_at(message, number) for number, message in enumerate(lean[123:143])]
    with session(client) as socket:
        # Other pictures first, the last of them with somebody in it.
        for pictures_ in (others, lean[:45]):
            socket.send_text(begin("step-down"))
            until(socket, "ready")
            assert models.idle == 0
            again = []
            for number, message in enumerate(pictures_):
                socket.send_bytes(message)
                again.append(shown(socket, number)["points"])
    assert again == [answer["points"] for answer in fresh[:45]]
    wait_until(lambda: models.idle == 1)


def test_numbers_that_are_not_known_are_null(followed):
    _, answers, _ = followed
    text = json.dumps(answers)
    assert "NaN" not in text and "Infinity" not in text


def test_the_programme_ends_a_set_after_two_repetitions_that_need_improving(client, lean):
    """The faulty repetition of the clip is shown twice, after the quiet posture."""
    client.post("/api/programme/start", json={"rung": "2.1"})
    faulty = lean[A_FAULTY_REP]
    course = [*lean[BEFORE_REPS], *faulty, *faulty, *faulty[:10]]
    with session(client) as socket:
        # The title that it is shown under names it, too.
        socket.send_text(begin("lateral step-down"))
        until(socket, "ready")
        sets = []
        for number, message in enumerate(course):
            socket.send_bytes(_at(message, number))
            while (answer := socket.receive_json()).get("id") != number:
                sets += [answer] if answer["type"] == "set" else []
    (done,) = sets
    assert done["ended"] == "faults"
    assert [rep["band"] for rep in done["summary"]["reps"]] == ["fault", "fault"]


def _at(message: bytes, number: int) -> bytes:
    return packet(decoded(unpacked(message)), number, number * 1000 / 30)


def test_where_feedback_fades_there_is_nothing_to_look_at_but_the_count():
    update = SessionUpdate(
        1.0, Phase.MOVING, {"pelvic_drop_deg": (9.0, 2.0)}, {"pelvic_drop_deg": Band.FAULT},
        reps=5, attempts=0,
    )  # fmt: skip
    assert update_shown(update)["values"] == {"pelvic_drop_deg": (9.0, 2.0)}
    without = update_shown(replace(update, withheld=True, fading=Fading.ALTERNATE))
    assert without["values"] == without["bands"] == {} and without["reps"] == 5


# What goes wrong on the way


@pytest.fixture
def few(lean: list[bytes]) -> list[bytes]:
    return lean[:6]


def test_what_is_not_understood_is_told_and_the_session_goes_on(client, few):
    with session(client) as socket:
        for text in ("no json", '{"type": "begin"}', '{"type": "begin", "exercise": "clamshell", "x": 1}',
                     '{"type": "command", "name": "rm"}', "[" * 3000, '{"type": "begin", "exercise": "pushup"}',
                     '{"type":"begin","exercise":"clamshell","reps":1e99}', "x" * 5000):  # fmt: skip
            socket.send_text(text)
            assert until(socket, "problem")["code"] == "input"
        socket.send_text(begin("step-down"))
        until(socket, "ready")
        for broken in (b"", b"GC1", b"x" * 5000, few[0][:-1], few[0][:40]):
            socket.send_bytes(broken)
            assert until(socket, "problem")["code"] == "input"
        socket.send_bytes(few[0])
        assert shown(socket, 0)["points"] is not None


def test_a_picture_of_another_size_ends_the_session_with_words(client, few, sample_videos):
    other = next(islice(pictures(sample_videos / "step_down_lean_left.mp4", 320), 3, None))
    with session(client) as socket:
        socket.send_text(begin("step-down"))
        until(socket, "ready")
        socket.send_bytes(few[0])
        shown(socket, 0)
        socket.send_bytes(packet(other[1], 1, other[0]))
        assert "changed its size" in until(socket, "problem")["text"]
        until(socket, "over")
    # What ended with an error is not lent again.
    assert client.app.state.studio.models.idle == 0


def test_pictures_from_the_past_are_left_out(client, few):
    with session(client) as socket:
        socket.send_text(begin("step-down"))
        until(socket, "ready")
        for message in (few[3], few[1], few[0], few[4]):
            socket.send_bytes(message)
        assert shown(socket, 4)["id"] == 4


def test_a_lost_camera_pauses_and_comes_back(client, lean):
    with session(client) as socket:
        socket.send_text(begin("step-down"))
        until(socket, "ready")
        for number in range(48):
            socket.send_bytes(lean[number])
            last = shown(socket, number)
        socket.send_text(json.dumps({"type": "lost", "time_ms": 2600, "id": 48}))
        gone = shown(socket, 48)
        assert gone["step"] == "paused" and gone["points"] is None
        assert gone["message"]["key"] == "paused.camera"
        socket.send_bytes(lean[63])
        assert shown(socket, 63)["step"] == last["step"] != "paused"


# Several at once


def test_a_second_tab_has_a_session_of_its_own(client, few):
    with session(client) as first, session(client) as second:
        for socket, exercise in ((first, "step-down"), (second, "clamshell")):
            socket.send_text(begin(exercise))
            until(socket, "ready")
        for number, message in enumerate(few):
            for socket in (first, second):
                socket.send_bytes(message)
                assert shown(socket, number)["id"] == number


def test_a_tab_that_never_reads_does_not_hold_up_another(client, lean):
    with session(client) as stalled, session(client) as first:
        stalled.send_text(begin("step-down"))
        first.send_text(begin("step-down"))
        until(first, "ready")
        for number in range(40):
            stalled.send_bytes(lean[number])
            first.send_bytes(lean[number])
            assert shown(first, number)["id"] == number


def test_where_all_seats_are_taken_it_is_said(history, few, monkeypatch):
    app = create_app(place_of("127.0.0.1", PORT), Settings(history=str(history)), seats=1)
    with (
        TestClient(app, base_url=HERE, headers=dict(OURS)) as client,
        session(client) as first,
        session(client) as second,
    ):
        first.send_text(begin("step-down"))
        until(first, "ready")
        first.send_bytes(few[0])
        shown(first, 0)
        second.send_text(begin("step-down"))
        refused = until(second, "problem")
        assert refused["code"] == "busy" and "close them" in refused["text"]
        first.send_bytes(few[1])
        assert shown(first, 1)["id"] == 1
        # A session that stands still gives way to one that wants to begin.
        monkeypatch.setattr(seats, "IDLE_S", 0.2)
        time.sleep(0.3)
        second.send_text(begin("step-down"))
        until(second, "ready")
        assert until(first, "problem")["code"] == "gave-way"
        until(first, "over")
        second.send_bytes(few[0])
        assert shown(second, 0)["points"] is not None


def test_a_set_that_pain_ended_says_so_in_the_history(client, lean):
    with session(client) as socket:
        socket.send_text(begin("step-down"))
        until(socket, "ready")
        for number, message in enumerate(lean[:133]):
            socket.send_bytes(message)
            shown(socket, number)
        socket.send_text(json.dumps({"type": "command", "name": "pain"}))
        socket.send_bytes(later(lean[-1], 133))
        done = until(socket, "set")
    assert done["ended"] == "pain"
    kept = client.get(f"/api/history/{done['kept']}").json()
    assert (kept["note"], kept["pain_after"]) == ("Stopped because of pain.", None)


def test_closing_the_tab_in_mid_set_keeps_what_was_done(client, lean):
    with session(client) as socket:
        socket.send_text(begin("step-down"))
        until(socket, "ready")
        for number, message in enumerate(lean[:133]):
            socket.send_bytes(message)
            last = shown(socket, number)
    assert last["reps"] >= 1
    wait_until(lambda: client.get("/api/history").json()["total"] == 1)
    assert client.get("/api/history").json()["sets"][0]["reps"] == last["reps"]
    wait_until(lambda: not client.app.state.studio.seats.busy)
    wait_until(lambda: not {"glutecam-live", "glutecam-track"} & running_threads())
    wait_until(lambda: client.app.state.studio.models.idle == 1)


def running_threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def test_pictures_are_never_written(lean, tmp_path, monkeypatch):
    """Everything the server writes during a set lies in one folder: the history alone is there."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    opened: list[str] = []

    def watch(event: str, arguments: tuple) -> None:
        if event == "open" and recording:
            path, mode, flags = arguments
            if isinstance(path, str) and ((mode and set(mode) & set("wax+")) or (flags or 0) & 3):
                opened.append(path)

    recording = True
    sys.addaudithook(watch)
    history = tmp_path / "history.sqlite"
    app = create_app(place_of("127.0.0.1", PORT), Settings(history=str(history)))
    try:
        with (
            TestClient(app, base_url=HERE, headers=dict(OURS)) as client,
            session(client) as socket,
        ):
            socket.send_text(begin("step-down"))
            until(socket, "ready")
            for number, message in enumerate(lean[:60]):
                socket.send_bytes(message)
                shown(socket, number)
    finally:
        recording = False
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert {name for name in left if not name.startswith("history.sqlite")} == set()
    # The folder itself: a file without a name, for what the model's library prints at start.
    ours = {path for path in opened if "history" not in path and not path.startswith("/dev/")}
    assert ours <= {str(tmp_path)}


def test_a_hand_held_up_before_the_camera_begins_it(followed):
    """Rendered pictures of somebody who raises a hand, sent as the page sends its camera's."""
    client, _, _ = followed
    seen: list[str] = []
    with session(client) as socket:
        socket.send_text(begin("step-down", start="hand"))
        until(socket, "ready")
        for number, (ms, rgb) in enumerate(islice(pictures(RAISED_HAND), BEFORE_IT, None)):
            socket.send_bytes(packet(rgb, number, ms))
            step = shown(socket, number)["step"]
            seen += [step] if [step] != seen[-1:] else []
            if len(seen) == 3:
                break
    assert seen == ["setup", "ready", "countdown"]
