"""``glutecam live`` as a session: scripted people in front of a scripted camera, everything else real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scripted import nobody, raised, squats, standing, story
from typer.testing import CliRunner, Result

from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.lasting import Lasting
from glutecam.cli import app
from glutecam.core.poses import PoseSeries
from glutecam.errors import SourceError
from glutecam.records.history import History
from glutecam.records.posefile import load_poses

GREY = np.full((720, 1280, 3), 90, dtype=np.uint8)


class Camera:
    """Gives grey pictures of a story as fast as they are taken; breaks where it is told to."""

    def __init__(self, poses: PoseSeries, first: int = 0, breaks_at: int | None = None) -> None:
        self.info = SourceInfo("camera 0", 1280, 720, fps=30.0, frame_count=None, live=True)
        self.warnings: list[str] = []
        self._times = poses.time_s[first:breaks_at]
        self._breaks = breaks_at is not None

    def __enter__(self) -> Camera:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> Iterator[Frame]:
        for index, time_s in enumerate(self._times - self._times[0]):
            yield Frame(index, float(time_s), GREY, captured_s=0.0)
        if self._breaks:
            raise SourceError("camera 0 was unplugged.")


class Model:
    """Finds the people of a story, one frame after the other."""

    model_name, reduced_accuracy = "scripted", False

    def __init__(self, poses: PoseSeries) -> None:
        self._poses = poses
        self._next = 0

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def estimate(self, frame: Frame) -> PoseSeries:
        row = self._poses[self._next : self._next + 1]
        self._next += 1
        return replace(row, time_s=np.array([frame.time_s]))

    def close(self) -> None:
        pass


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Play a story to ``glutecam live step-down``; returns the program's result."""
    monkeypatch.setenv("GLUTECAM_HISTORY", str(tmp_path / "history.sqlite"))
    monkeypatch.chdir(tmp_path)

    def play(poses: PoseSeries, *words: object, source=None) -> Result:
        monkeypatch.setattr("glutecam.cli.live._source", lambda _: source or Camera(poses))
        monkeypatch.setattr("glutecam.pipeline.open_model", lambda *_, **__: Model(poses))
        monkeypatch.setattr("glutecam.cli.modelfile.ensure_model", lambda *_: None)
        asked = ["live", "step-down", "--no-voice", "--no-tones", "--no-window", *words]
        return CliRunner().invoke(app, [str(word) for word in asked], env={"COLUMNS": "80"})

    return play


def test_both_legs_in_turn_from_a_raised_hand_to_the_history(live, tmp_path) -> None:
    acts = (nobody(1), standing(4), raised(2.3), standing(3), squats(2), standing(18))
    second = (squats(2, left=True), standing(1))
    result = live(
        story(*acts, *second), "--both", "--reps", 2, "--record", "today.npz", "--json", "t.json",
        "--subject", "P07",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    said = result.stderr
    words = [
        "Come into the picture", "Raise one hand above your head", "Hand down.",
        "Stand still on both feet.", "Begin.", "repetition 2", "Next: your left leg",
        "Begin, left leg.", "repetition 2",
    ]  # fmt: skip
    at = 0
    for part in words:
        assert part in said[at:], (part, said)
        at += said[at:].index(part)
    assert "set 1 of 2" in result.stdout and "set 2 of 2" in result.stdout
    with History.open(str(tmp_path / "history.sqlite")) as history:
        kept = history.sets()
    assert [[side.value for side in one.sides] for one in kept] == [["right"], ["left"]]
    assert [one.subject for one in kept] == ["P07", "P07"]
    assert all(len(one.reps) == 2 for one in kept)
    assert 15 < (kept[1].done - kept[0].done).total_seconds() < 40
    for number, side in ((1, "right"), (2, "left")):
        made = json.loads((tmp_path / f"t-{number}.json").read_text(encoding="utf-8"))
        assert [rep["side"] for rep in made["assessment"]["reps"]] == [side] * 2
        landmarks = load_poses(tmp_path / f"today-{number}.npz").poses
        assert len(landmarks) == len(made["assessment"]["time_s"])


def test_a_camera_that_was_gone_costs_no_repetition(live) -> None:
    poses = story(standing(4), squats(2), squats(1)[75:])
    gone_at = 4 * 30 + round(3.0 * 30)
    cameras = iter([Camera(poses, 0, gone_at), Camera(poses, gone_at)])
    source = Lasting(lambda: next(cameras))
    result = live(poses, "--delay", 1, "--reps", 3, "--json", "t.json", source=source)
    assert result.exit_code == 0, result.output
    assert "The camera is gone." in result.stderr
    assert "camera 0 was gone for" in result.stdout
    made = json.loads(Path("t.json").read_text(encoding="utf-8"))["assessment"]
    assert len(made["reps"]) == 3
    assert any("in the middle" in warning for warning in made["warnings"])


def test_a_session_that_never_began_says_how_to_begin(live, tmp_path) -> None:
    result = live(standing(3), "--record", "today.npz")
    assert result.exit_code == 2
    assert "Raise a hand" in result.stderr
    assert not (tmp_path / "today.npz").exists()


def test_each_file_of_each_set_is_checked_before_anybody_moves(live, tmp_path) -> None:
    (tmp_path / "t-4.json").write_text("{}", encoding="utf-8")
    result = live(standing(1), "--both", "--sets", 2, "--json", "t.json")
    assert result.exit_code == 2
    assert "t-4.json is already there" in result.stderr


def test_without_an_exercise_and_nobody_to_choose_the_list_is_given() -> None:
    result = CliRunner().invoke(app, ["live"])
    assert result.exit_code == 2
    assert "clamshell" in result.stderr and "step-down" in result.stderr


@pytest.mark.parametrize(("number", "said"), [(2, "clamshell"), (99, "no exercise 99")])
def test_whoever_is_there_chooses_by_number(monkeypatch, number, said) -> None:
    from glutecam.cli import live as verb
    from glutecam.errors import InputError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: number)
    if number == 2:
        assert verb._asked_for() == said
    else:
        with pytest.raises(InputError, match=said):
            verb._asked_for()
