"""However scoring ends: what can be written is written, and what went wrong is told."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from glutecam.cli import app, score
from glutecam.cli.terminal import REFUSED
from glutecam.core.poses import PoseSeries
from glutecam.display.recording import VideoWriter
from glutecam.errors import OutputError
from glutecam.records.posefile import About, Recording, load_poses
from tests.program import ROOT, cut, environment, ran_here
from tests.stored import recorded_step_down

CLIP = "step_down_drop_left.mp4"
UNTIL = 205
FULL = "The video v.mp4 cannot be written"
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_FSIZE on Windows")


@posix_only
def test_a_disk_that_fills_up_while_drawing_costs_the_video_alone(
    sample_videos: Path, tmp_path: Path
) -> None:
    clip = cut(sample_videos / CLIP, tmp_path / "clip.mp4", 90)
    # The system allows no file above 60 kB: drawing fails on the way, as on a full disk.
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000));"
        "from glutecam.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited, "score", clip, "-x", "step-down",
         "--video", "v.mp4", "--json", "r.json", "--csv", "r.csv"],
        capture_output=True, text=True, env=environment(), cwd=tmp_path, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert FULL in done.stderr
    assert "Traceback" not in done.stderr
    assert "Lateral step-down" in done.stdout
    assert "Written: r.json" in done.stdout
    assert "Written: v.mp4" not in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "r.csv", "r.json"]


def test_on_a_full_disk_what_fits_is_written_and_the_rest_told(
    tracked_clip: Path, small_disk: Path
) -> None:
    (small_disk / "others").write_bytes(bytes(590_000))
    words = ["--json", small_disk / "r.json", "--csv", small_disk / "r.csv"]
    code, said, err = ran_here("score", tracked_clip, "-x", "step-down", *words)
    assert code == 2
    assert "Repetitions: 4" in said
    assert "r.json' was not written: No space left on device" in " ".join(err.split())
    assert "Traceback" not in said + err
    assert sorted(path.name for path in small_disk.iterdir()) == ["others", "r.csv"]


@pytest.mark.parametrize("option", ["--json", "--csv", "--report", "--save-poses", "--video"])
def test_a_folder_that_may_only_be_read_is_told_before_the_work(
    option: str, sample_videos: Path, small_disk: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    name = {"--save-poses": "r.npz", "--video": "r.mp4"}.get(option, f"r.{option[2:]}")
    name = "r.html" if option == "--report" else name
    clip = ROOT / sample_videos / CLIP
    code, said, err = ran_here("score", clip, "-x", "step-down", option, small_disk / name)
    assert code == 2
    assert "Read-only file system" in " ".join(err.split())
    assert "finding the person" not in err
    assert said == ""


@pytest.fixture(scope="module")
def two_reps(
    sample_videos: Path, tracked_clip: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Recording]:
    """A clip until its second repetition, the first with a fault, is over; and its landmarks."""
    clip = cut(sample_videos / CLIP, tmp_path_factory.mktemp("two") / CLIP, UNTIL)
    whole = load_poses(tracked_clip)
    return clip, replace(whole, poses=whole.poses[:UNTIL])


@pytest.mark.parametrize("when", ["begun", "on the way", "published"])
def test_whatever_becomes_of_the_video_the_report_has_its_pictures(
    when: str,
    two_reps: tuple[Path, Recording],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write, close, begin = VideoWriter.write, VideoWriter.close, VideoWriter.__init__

    def full(point: str, writer: VideoWriter) -> None:
        if when == point:
            if point != "begun":
                writer.discard()
            raise OutputError(f"{FULL}: No space left on device.")

    def begun(writer: VideoWriter, *words: object, **more: object) -> None:
        full("begun", writer)
        begin(writer, *words, **more)  # type: ignore[arg-type]

    def written(writer: VideoWriter, image: object, time_s: float) -> None:
        if time_s > 1.0:
            full("on the way", writer)
        write(writer, image, time_s)  # type: ignore[arg-type]

    def closed(writer: VideoWriter) -> None:
        full("published", writer)
        close(writer)

    monkeypatch.setattr(VideoWriter, "__init__", begun)
    monkeypatch.setattr(VideoWriter, "write", written)
    monkeypatch.setattr(VideoWriter, "close", closed)
    # The landmarks of the clip are at hand; what is tested begins once they are found.
    clip, recording = two_reps
    monkeypatch.setattr(score, "tracked", lambda *_: (recording, False))
    monkeypatch.chdir(tmp_path)
    words = ["-x", "step-down", "--video", "v.mp4", "--report", "r.html", "--json", "r.json"]
    done = CliRunner().invoke(app, ["score", str(clip), *words])
    assert done.exit_code == 2, done.output
    assert done.stderr.count(FULL) == 1
    assert "Repetitions: 2" in done.stdout
    assert "data:image/jpeg" in Path("r.html").read_text(encoding="utf-8")
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["assessment"]["reps"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.html", "r.json"]


def test_a_refused_clip_gets_its_reason_and_no_table(tracked_clip: Path) -> None:
    code, said, _ = ran_here("score", tracked_clip, "-x", "step-down", "--side", "right")
    assert code == REFUSED
    lines = said.splitlines()
    assert lines[2] == "This recording could not be assessed."
    assert lines[3].startswith("Needed: the leg that was asked for works (right leg). Found: left")
    assert "What to do: The right leg was asked for" in said
    assert "Repetitions: not counted; nothing was judged." in said
    assert "not judged\n" not in said
    assert "pelvic drop" not in said
    assert len(lines) <= 14


@pytest.mark.parametrize(("frames", "worth"), [(0, False), (1, False), (20, False), (60, True)])
def test_what_ctrl_c_stopped_before_anything_was_read_is_not_judged(frames: int, worth: bool):
    poses = PoseSeries.unseen(np.arange(frames) / 30, 640, 480)
    stopped = Recording(poses, About("full", "clip.mp4", 30.0, (), False))
    assert score._worth_judging(stopped) is worth


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--follow", "left"], "--follow changes nothing here"),
        (["--model", "lite", "--follow", "left"], "--model and --follow change nothing here"),
        ([], ""),
    ],
)
def test_options_that_landmarks_have_no_use_for_are_told(
    given: list[str], said: str, tmp_path: Path
) -> None:
    kept = recorded_step_down(tmp_path / "kept.npz")
    code, _, err = ran_here("score", kept, "-x", "step-down", *given)
    assert code == 0, err
    assert said in " ".join(err.split()) and bool(said) == ("nothing here" in err)
