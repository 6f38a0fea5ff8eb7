"""What this machine can do, and what is no finding about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from glutecam.cli import doctor
from tests.program import cut, ran, ran_here


@pytest.fixture(scope="module")
def clip(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a step-down."""
    target = tmp_path_factory.mktemp("clip") / "step.mp4"
    return cut(sample_videos / "step_down_clean_left.mp4", target, 30)


def test_doctor_tries_everything_and_says_what_to_do(clip: Path) -> None:
    code, said, err = ran("doctor", "--sample", clip, "--camera", "97")
    assert code == 0, said + err
    for what in (
        "python",
        "packages",
        "extras",
        "disk",
        "model",
        "codecs",
        "camera",
        "screen",
        "speed",
    ):
        assert re.search(rf"^(ok|warn|FAIL) +{what} ", said, re.MULTILINE), what
    assert "H.264 is written and read" in said
    assert re.search(r"^warn camera", said, re.MULTILINE)
    assert re.search(r"\d+ pictures a second", said)


@pytest.mark.parametrize("cache", [None, "empty"], ids=["model", "no model"])
def test_doctor_refuses_a_sample_that_is_not_there(cache: str | None, tmp_path: Path) -> None:
    # Without the model nothing is timed, and a misspelt name must not pass for that reason.
    more = {"GLUTECAM_CACHE": str(tmp_path / cache)} if cache else {}
    code, said, err = ran_here("doctor", "--sample", tmp_path / "misspelt.mp4", **more)
    assert code == 2
    assert "misspelt.mp4" in err
    assert "works" not in said


def test_doctor_says_that_the_model_is_missing(tmp_path: Path) -> None:
    _, said, _ = ran_here("doctor", "--camera", "97", GLUTECAM_CACHE=str(tmp_path))
    assert "not timed: the pose model is not here" in said
    assert "glutecam models pull full" in said


def test_an_extra_is_here_where_all_its_packages_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_uvicorn(name: str) -> str | None:
        return None if name == "uvicorn" else "1.0"

    # As metadata write it; an installation that is older than an extra does not know it.
    known = ["numpy>=1", 'fastapi>=0.115; extra == "web"', "uvicorn>=0.30; extra == 'web'"]
    monkeypatch.setattr(doctor, "requires", lambda _: [*known, "playwright>=1; extra == 'pdf'"])
    monkeypatch.setattr(doctor, "_version", without_uvicorn)
    here, missing, unknown = doctor._extras().found.split("; ")
    assert here == "here: pdf"
    assert "pip install 'glutecam[web]'" in missing
    assert "cluster" in unknown


@pytest.mark.parametrize(
    ("model_ms", "rest_ms", "state", "said"),
    [
        (20, 8, doctor.OK, "50 pictures a second with 'full' on a clip, 36 with judging and drawing: live keeps up"),
        (31, 9, doctor.WARN, "only while nothing else is busy. Close other programs, use --model lite or"),
        (43, 4, doctor.WARN, "would leave out 22%. Close other programs, use --model lite or use --no-window"),
    ],
)  # fmt: skip
def test_the_speed_is_held_against_what_a_live_set_needs(
    model_ms: int, rest_ms: int, state: str, said: str
) -> None:
    found, whole = [model_ms / 1000] * 100, [(model_ms + rest_ms) / 1000] * 100
    line = doctor._held_against_live(found, whole, "full", "on a clip")
    assert line.state == state
    assert said in line.found


def test_whoever_has_the_smallest_model_is_not_told_to_use_it() -> None:
    line = doctor._held_against_live([0.1] * 9, [0.1] * 9, "lite", "on a clip")
    assert line.state == doctor.WARN and "--model" not in line.found
