"""A dropped video with two sets: cut into them, each with its report and its place in the history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from glutecam.display.recording import VideoWriter
from tests.served import two_reps
from tests.web.test_pages import scored

REST_S = 9.0
REST_FPS = 10
"""Of a rest in which nothing happens, as a phone films in poor light; a set has 30."""
QUIET = slice(5, 45)
"""Of the clip's quiet start: what is shown in the rest."""


@pytest.mark.slow
def test_each_set_of_a_video_has_its_result(client: TestClient, sample_videos: Path, tmp_path):
    """Two repetitions, a rest of nine seconds, two repetitions."""
    clip = [rgb for _, rgb in two_reps(sample_videos / "step_down_lean_left.mp4")]
    quiet = clip[QUIET]
    swing = [*quiet, *reversed(quiet)]
    rest = [swing[n % len(swing)] for n in range(round(REST_FPS * REST_S))]
    times = [n / 30 for n in range(len(clip))]
    rests_s = len(clip) / 30
    pauses = [rests_s + n / REST_FPS for n in range(len(rest))]
    further = [rests_s + REST_S + n / 30 for n in range(len(clip))]
    film = tmp_path / "two.mp4"
    height, width = clip[0].shape[:2]
    with VideoWriter(film, width, height) as writer:
        shown = zip([*times, *pauses, *further], [*clip, *rest, *clip], strict=True)
        for time_s, image in shown:
            writer.write(image, time_s)
    done = scored(client, film)
    assert done["state"] == "done", done["error"]
    found = [client.get(f"/api/results/{name}").json() for name in done["results"]]
    assert [one["part"]["number"] for one in found] == [1, 2]
    assert [one["part"]["of"] for one in found] == [2, 2]
    assert found[0]["part"]["end_s"] < found[1]["part"]["start_s"]
    assert all(len(one["reps"]) == 2 for one in found)
    for number, name in enumerate(done["results"], start=1):
        page = client.get(f"/api/results/{name}/report").text
        assert f"two.mp4, set {number} of 2" in page and "data:image/jpeg" in page
        client.post(f"/api/results/{name}/keep").raise_for_status()
    assert client.get("/api/history").json()["total"] == 2
    assert str(tmp_path) not in json.dumps(found)
