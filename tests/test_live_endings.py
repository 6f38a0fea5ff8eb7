"""However a live session ends: what exists is kept, and the error that is told is the real one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from builders import make_poses
from program import ROOT, cut, environment
from scripted import squats
from typer.testing import CliRunner, Result

from glutecam.capture.frames import Frame, SourceInfo
from glutecam.cli import app
from glutecam.core.poses import PoseSeries
from glutecam.errors import EnvironmentProblem, GlutecamError, ModelError, SourceError
from glutecam.exercises import get
from glutecam.pipeline import Recorded, judge
from glutecam.records.history import History
from glutecam.records.posefile import load_poses
from glutecam.records.recorder import PoseRecorder

SIZE = (640, 480)
FRAMES = 90


class Camera:
    """Gives grey pictures at once, and then breaks."""

    def __init__(self, frames: int, error: GlutecamError | None) -> None:
        self.info = SourceInfo("camera 0", *SIZE, fps=30.0, frame_count=None, live=True)
        self.warnings: list[str] = []
        self._frames = frames
        self._error = error

    def __enter__(self) -> Camera:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        pass

    def __iter__(self) -> Iterator[Frame]:
        grey = np.full((SIZE[1], SIZE[0], 3), 90, dtype=np.uint8)
        for index in range(self._frames):
            yield Frame(index, index / 30, grey, captured_s=index / 30)
        if self._error:
            raise self._error


class Model(Recorded):
    """A pose model of reduced accuracy that breaks in the end, if it should."""

    def __init__(self, error: GlutecamError | None = None, poses: PoseSeries | None = None) -> None:
        super().__init__(
            make_poses(FRAMES) if poses is None else poses, "lite", reduced_accuracy=True
        )
        self._error = error

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def estimate(self, frame: Frame):
        if self._error and frame.index >= 60:
            raise self._error
        return super().estimate(frame)


class Screen:
    """A window that is lost after a second, or before which somebody presses x."""

    overlays: list = []  # noqa: RUF012
    lost = False
    hurts_after = 0

    def __init__(self, overlay, keys, full_screen) -> None:
        Screen.overlays.append(overlay)
        self._keys = keys
        self.wants_stop = False

    def show(self, image, poses, update, time_s) -> None:
        if self.lost and time_s > 1.0:
            raise EnvironmentProblem("The window is gone.")
        if self.hurts_after and update.reps == self.hurts_after:
            self._keys["x"]()

    def close(self) -> None:
        pass


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Hold a session with this camera and model; returns the program's result."""

    def hold(*words: object, frames=FRAMES, camera=None, model=None, poses=None) -> Result:
        monkeypatch.setattr("glutecam.cli.live._source", lambda _: Camera(frames, camera))
        monkeypatch.setattr("glutecam.pipeline.open_model", lambda *_, **__: Model(model, poses))
        monkeypatch.setattr("glutecam.cli.modelfile.ensure_model", lambda *_: None)
        monkeypatch.setattr("glutecam.display.window.Window", Screen)
        monkeypatch.chdir(tmp_path)
        asked = ["live", "step-down", "--no-voice", "--delay", 0, *words]
        return CliRunner().invoke(app, [str(word) for word in asked], env={"COLUMNS": "80"})

    return hold


GONE = SourceError("Camera 0 was unplugged.")
BROKEN = ModelError("The pose model stopped.")


@pytest.mark.parametrize(
    ("trouble", "code"), [({"camera": GONE}, 2), ({"model": BROKEN}, 3)], ids=["camera", "model"]
)
def test_what_was_seen_before_the_trouble_is_kept(session, tmp_path, trouble, code) -> None:
    files = ["--record", "l.npz", "--video", "l.mp4", "--json", "l.json", "--report", "l.html"]
    result = session("--no-window", *files, **trouble)
    assert result.exit_code == code, result.output
    assert str(next(iter(trouble.values()))) in result.stderr
    for name in files[1::2]:
        assert f"Written: {name}" in result.stdout
        assert (tmp_path / name).stat().st_size > 0
    assert len(load_poses(tmp_path / "l.npz").poses) > 30
    assert {path.name for path in tmp_path.iterdir()} == set(files[1::2])


def test_a_set_that_pain_ended_says_so_in_the_history(session, monkeypatch, tmp_path) -> None:
    poses = squats(3)
    monkeypatch.setattr(Screen, "hurts_after", 2)
    monkeypatch.setenv("GLUTECAM_HISTORY", str(tmp_path / "history.sqlite"))
    result = session("--save", frames=len(poses), poses=poses)
    assert "Kept as set 1" in result.stdout, result.output
    with History.open(str(tmp_path / "history.sqlite")) as history:
        assert history.get(1).felt.stopped_by_pain
    listed = CliRunner().invoke(app, ["history", "list"], env={"COLUMNS": "100"})
    assert "stopped" in listed.stdout


def test_a_window_that_is_lost_costs_nothing_but_itself(session, monkeypatch) -> None:
    monkeypatch.setattr(Screen, "lost", True)
    result = session("--json", "l.json")
    assert result.exit_code == 3
    assert "The window is gone." in result.stderr
    assert "Written: l.json" in result.stdout


@pytest.mark.parametrize("delay", [0, 60])
def test_without_a_frame_the_cameras_own_error_is_told(session, tmp_path, delay) -> None:
    files = ["--record", "l.npz", "--video", "l.mp4", "--json", "l.json"]
    frames = 30 if delay else 0
    result = session("--no-window", "--delay", delay, *files, frames=frames, camera=GONE)
    assert result.exit_code == 2
    assert "unplugged" in result.stderr
    assert "single frame" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_reduced_accuracy_is_said_in_window_and_terminal(session) -> None:
    Screen.overlays.clear()
    seen = session()
    assert [overlay.reduced_accuracy for overlay in Screen.overlays] == [True]
    assert "Reduced accuracy: the pose model is lite;" in seen.stdout
    said = session("--no-window")
    assert "Reduced accuracy: the pose model is lite." in said.stderr


@pytest.mark.realtime
def test_a_slow_machine_is_told_so_and_not_to_add_light(
    sample_videos, tmp_path, monkeypatch
) -> None:
    clip = cut(ROOT / sample_videos / "step_down_clean_right.mp4", tmp_path / "clip.mp4", 105)

    class Slow(Model):
        """Takes as long for a picture as a machine that is six times too slow."""

        def estimate(self, frame: Frame):
            time.sleep(0.2)
            return super().estimate(frame)

    monkeypatch.setattr("glutecam.pipeline.open_model", lambda *_, **__: Slow())
    monkeypatch.setattr("glutecam.cli.modelfile.ensure_model", lambda *_: None)
    words = ["live", "step-down", "--source", str(clip), "--no-window", "--no-voice"]
    result = CliRunner().invoke(
        app,
        [*words, "--json", str(tmp_path / "r.json"), "--record", str(tmp_path / "r.npz")],
        env={"COLUMNS": "80"},
    )
    assert result.exit_code == 0, result.output
    told = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["assessment"]
    (gate,) = (gate for gate in told["gates"] if gate["code"] == "frame rate")
    assert not gate["passed"]
    assert "This machine is too slow" in gate["instruction"]
    assert "light" not in gate["instruction"]
    assert "--model lite" in gate["instruction"] and "--no-window" not in gate["instruction"]
    # What was recorded says the same when it is judged again: no light would have helped.
    again = judge(load_poses(tmp_path / "r.npz"), get("step-down"), smoothing="causal")
    assert again.instruction == told["instruction"] == gate["instruction"]
    assert [g.instruction for g in again.gates] == [g["instruction"] for g in told["gates"]]


def test_what_is_too_slow_is_said_during_the_set_with_what_is_still_open(
    session, monkeypatch
) -> None:
    class Dropping(Camera):
        """Loses as many pictures as it gives."""

        @property
        def dropped(self) -> int:
            self.lost = getattr(self, "lost", 0) + 1
            return self.lost

    monkeypatch.setitem(globals(), "Camera", Dropping)
    open_to_all = session("--no-window", "--video", "l.mp4", "--model", "full")
    said = " ".join(open_to_all.stderr.split())
    assert said.count("too slow") == 1 and "%" not in said.partition("too slow")[2]
    assert "Close other programs, use --model lite or leave out --video" in said
    nothing_left = session("--no-window", "--model", "lite")
    said = " ".join(nothing_left.stderr.split())
    assert "Close other programs; a file" in said and said.count("too slow") == 1


def test_of_a_file_is_said_what_ends_a_set_and_that_it_is_not_kept(session, sample_videos) -> None:
    clip = ROOT / sample_videos / "step_down_clean_right.mp4"
    file = ("--no-window", "--source", clip)
    told = " ".join(session(*file, "--both").stderr.split())
    assert "In a file only --reps ends a set" in told and "kept only with --save" in told
    told = session(*file, "--both", "--reps", "2", "--save").stderr
    assert "ends a set" not in told and "--save" not in told
    told = " ".join(session("--no-window", "--sets", "2").stderr.split())
    assert "With --delay 0 only --reps ends a set" in told and "--save" not in told


def test_a_file_that_is_missing_is_told_before_any_window(session) -> None:
    missing = session("--source", "nofile.mp4")
    assert missing.exit_code == 2 and "There is no file nofile.mp4" in missing.stderr


def test_the_clip_that_is_played_is_never_replaced(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clip.mp4").write_bytes(b"mine")
    words = ["live", "step-down", "--source", "clip.mp4", "--video", "./clip.mp4", "--force"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert "is the input itself" in result.stderr
    assert (tmp_path / "clip.mp4").read_bytes() == b"mine"


def test_what_a_crash_left_is_not_replaced_unasked(session, tmp_path) -> None:
    before = PoseRecorder(tmp_path / "l.npz", model_name="m", source_name="s", fps=30.0)
    before.append(make_poses(600))
    refused = session("--no-window", "--record", "l.npz")
    assert refused.exit_code == 2
    assert "glutecam score l.partial-0001.npz" in refused.stderr
    assert session("--no-window", "--record", "l.npz", "--force").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["l.npz"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no RLIMIT_FSIZE on Windows")
def test_a_full_disk_ends_the_session_and_not_the_assessment(sample_videos, tmp_path) -> None:
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        # Less than a few pictures: on a busy machine there are no more in the video.
        "resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000));"
        "from glutecam.cli import main; main()"
    )
    video = ROOT / sample_videos / "step_down_clean_right.mp4"
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited, "live", "step-down", "--source", video,
         "--no-window", "--no-voice", "--video", "v.mp4", "--csv", "r.csv"],
        capture_output=True, text=True, env=environment(), cwd=tmp_path, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "The video v.mp4 cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Written: r.csv" in done.stdout
    assert "Written: v.mp4" not in done.stdout
    assert (tmp_path / "r.csv").read_text(encoding="utf-8").startswith("file,")
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]
