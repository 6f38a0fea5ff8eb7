"""What the summary of a live set says beside its repetitions."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.testclient import TestClient

from tests.served import begin, later, packet, session, shown, two_reps, until

pytestmark = pytest.mark.slow


def test_what_a_slow_computer_left_out_is_said_in_the_summary(client: TestClient, sample_videos):
    """The page sends every third picture, and says so in each."""
    clip = two_reps(sample_videos / "step_down_lean_left.mp4")
    sent = list(enumerate(clip))[::3]
    with session(client) as socket:
        socket.send_text(begin("step-down"))
        until(socket, "ready")
        for number, (at, (ms, rgb)) in enumerate(sent):
            last = packet(rgb, number, ms, left_out=40 + at - number)
            socket.send_bytes(last)
            shown(socket, number)
        socket.send_text(json.dumps({"type": "command", "name": "next"}))
        socket.send_bytes(later(last, len(sent)))
        summary = until(socket, "set")["summary"]
    (gate,) = (gate for gate in summary["gates"] if not gate["passed"])
    assert (gate["code"], gate["do"]) == ("frame rate", "do.slow machine")
    share = re.search(r"too slow: (\d+)% of the pictures", summary["instruction"])
    # Two of three, but for the very first ones.
    assert share is not None and 60 <= int(share[1]) <= 67


def test_another_exercise_than_the_chosen_one_is_named_at_the_end(
    client: TestClient, sample_videos
):
    clip = two_reps(sample_videos / "single_leg_squat_clean_left.mp4")
    with session(client) as socket:
        socket.send_text(begin("clamshell"))
        until(socket, "ready")
        for number, (ms, rgb) in enumerate(clip):
            last = packet(rgb, number, ms)
            socket.send_bytes(last)
            shown(socket, number)
        socket.send_text(json.dumps({"type": "command", "name": "next"}))
        socket.send_bytes(later(last, number + 1))
        summary = until(socket, "set")["summary"]
    assert summary["verdict"] == "not assessable"
    assert "single-leg-squat" in summary["likelier"]
