"""A network camera by its address, through the program: a real stream, as cameras send it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from program import ran, ran_here


@pytest.mark.realtime
def test_a_camera_in_the_network_is_a_live_session_like_any_other(camera, tmp_path: Path) -> None:
    result = tmp_path / "r.json"
    code, _, err = ran_here(
        "live", "step-down", "--source", camera(size=(320, 240)), "--no-window", "--no-voice",
        "--delay", 0, "--seconds", 2, "--json", result, "--record", tmp_path / "l.npz",
    )  # fmt: skip
    assert code == 0, err
    assert "Traceback" not in err
    told = json.loads(result.read_text(encoding="utf-8"))["assessment"]
    # Stripes are nobody, and that is what is said of them.
    assert told["verdict"] == "not assessable"
    assert "Step into the picture" in told["instruction"]
    # The camera would go on for five minutes.
    assert 1.5 < told["time_s"][-1] < 20


def test_an_address_where_nothing_answers_is_one_clear_error() -> None:
    code, said, err = ran_here(
        "live",
        "step-down",
        "--source",
        "http://127.0.0.1:9/camera.mjpg",
        "--no-window",
        "--no-voice",
    )
    assert code == 2
    assert "127.0.0.1:9" in err
    assert "Traceback" not in said + err


def test_a_camera_that_does_not_answer_is_told_without_a_library_s_own_lines() -> None:
    code, _, err = ran(
        "live", "step-down", "--camera", "rtsp://127.0.0.1:9/stream", "--no-window", "--no-voice"
    )
    assert code == 2
    assert err.startswith("Error: rtsp://127.0.0.1:9/stream cannot be opened as a camera.")
