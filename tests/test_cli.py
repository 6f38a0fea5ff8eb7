from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from glutecam import exercises
from glutecam.cli import app
from glutecam.cli.terminal import REFUSED
from glutecam.core.assessment import Side
from tests.program import cut, environment, interrupted, ran, ran_here, started

VERBS = [
    "live",
    "score",
    "track",
    "batch",
    "export",
    "explain",
    "doctor",
    "models list",
    "models pull",
]
ONE_REP = 138
"""Frames of a step-down until the first of its repetitions is over."""
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "80"})


@pytest.fixture(scope="module")
def clip(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a step-down."""
    target = tmp_path_factory.mktemp("clip") / "step.mp4"
    return cut(sample_videos / "step_down_clean_left.mp4", target, 30)


@pytest.fixture(scope="module")
def poses(tracked_clip: Path) -> Path:
    """Landmarks of a whole clip, kept by the program itself."""
    return tracked_clip


# Help


def test_no_arguments_teach_the_three_most_useful_commands() -> None:
    result = run()
    assert result.exit_code == 0
    for words in ("glutecam live step-down", "glutecam score clip.mp4", "glutecam explain"):
        assert words in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_examples(verb: str) -> None:
    result = run(*verb.split(), "--help")
    assert result.exit_code == 0
    assert f"glutecam {verb}" in result.stdout.partition("Example")[2]


def test_the_version() -> None:
    assert re.fullmatch(r"glutecam \d+\.\d+\.\d+\n", run("--version").stdout)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from glutecam.cli import app\n"
        "heavy = {'cv2', 'mediapipe', 'av', 'scipy', 'plotly', 'jinja2', 'pydantic', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        # The process that hands out the clips filters nothing: its workers wait for it to be up.
        "import glutecam.batch\n"
        "print(sorted({'cv2', 'mediapipe', 'av', 'scipy.signal'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout.split() == ["[]", "[]"]


def test_importing_the_package_loads_nothing_heavy_and_its_names_exist() -> None:
    code = (
        "import sys, glutecam\n"
        "print(sorted({'cv2', 'mediapipe', 'av', 'numpy', 'scipy'} & set(sys.modules)))\n"
        "print([name for name in glutecam.__all__ if not hasattr(glutecam, name)])\n"
        "print({'cv2', 'mediapipe'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True
    )
    assert done.stdout.split("\n")[:3] == ["[]", "[]", "set()"]


# Errors teach


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["score", "no.mp4", "-x", "step-down"], 2, "There is no file no.mp4"),
        (["score", "no.mp4", "-x", "stepdown"], 2, "Did you mean 'step-down'"),
        (["score", "no.mp4"], 2, "--exercise with one of: bulgarian-split-squat, clamshell"),
        (["score", "no.npz", "-x", "step-down"], 2, "no.npz"),
        (["score", "no.npz", "-x", "step-down", "--video", "v.mp4"], 2, "nothing to draw on"),
        (["score", ".", "-x", "step-down"], 2, "folder"),
        (["track", "kept.npz"], 2, "glutecam score kept.npz"),
        (["live", "stepdown"], 2, "Did you mean 'step-down'"),
        (["explain", "clamshel"], 2, "Did you mean 'clamshell'"),
        (["batch", "nowhere", "--out", "o"], 2, "no folder or manifest nowhere"),
        (["score", "no.mp4", "-x", "step-down", "--config", "no.toml"], 2, "no.toml"),
        (["live", "step-down", "--camera", "97", "--no-window"], 2, "camera 97"),
        (["models", "pull", "ful"], 2, "Did you mean 'full'"),
    ],
)
def test_an_error_is_one_message_and_an_exit_code(
    words: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_debug_shows_where_an_error_came_from_and_changes_nothing_else() -> None:
    code, _, err = ran("--debug", "explain", "nonsense")
    assert code == 2
    assert "Traceback" in err
    assert "UnknownExerciseError" in err
    assert "Error: The exercise 'nonsense' is not known." in err


def test_a_missing_model_is_not_fetched_offline(clip: Path, tmp_path: Path) -> None:
    code, _, err = ran_here(
        "score", clip, "-x", "step-down", "--offline", GLUTECAM_CACHE=str(tmp_path / "empty")
    )
    assert code == 3
    assert "glutecam models pull full" in err


def test_a_setting_of_the_current_folder_is_checked(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "glutecam.toml").write_text("modell = 'full'\n", encoding="utf-8")
    code, _, err = ran_here("score", clip, "-x", "step-down", cwd=tmp_path)
    assert code == 2
    assert "Did you mean 'model'" in err


# Results are looked after


def test_nothing_is_replaced_unless_asked(poses: Path, tmp_path: Path) -> None:
    target = tmp_path / "r.json"
    target.write_text("mine")
    refused = run("score", poses, "-x", "step-down", "--json", target)
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert target.read_text() == "mine"
    assert run("score", poses, "-x", "step-down", "--json", target, "--force").exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["exercise"]["name"] == "step-down"


@pytest.mark.parametrize(
    ("option", "name", "said"),
    [
        ("--json", "none/r.json", "no folder"),
        ("--json", ".", "is a folder"),
        ("--save-poses", "p.txt", "does not end in .npz"),
        ("--video", "v.avi", "does not end in .mp4"),
        ("--csv", "clip.mp4", "is the input itself"),
        ("--report", "/proc/r.html", "cannot be written"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_the_work(
    option: str, name: str, said: str, clip: Path, tmp_path: Path
) -> None:
    if name.startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("no folder that nobody can write to")
    source = tmp_path / "clip.mp4"
    source.write_bytes(clip.read_bytes())
    result = run("score", source, "-x", "step-down", option, tmp_path / name, "--force")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "finding the person" not in result.stderr


@posix_only
def test_a_device_is_never_replaced_by_a_file(poses: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    result = run("score", poses, "-x", "step-down", "--json", pipe, "--force")
    assert result.exit_code == 2
    assert "not an ordinary file" in result.stderr
    assert pipe.is_fifo()


@posix_only
def test_a_disk_that_fills_up_while_writing_is_said_and_nothing_stays(
    poses: Path, tmp_path: Path
) -> None:
    # The system allows no file above 4 kB: the write fails half-way, as on a full disk.
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from glutecam.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited, "score", poses, "-x", "step-down", "--json", "r.json"],
        capture_output=True, text=True, env=environment(), cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "'r.json' was not written" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


# The main job


def test_tracking_says_in_how_many_frames_somebody_was_seen(clip: Path, tmp_path: Path) -> None:
    code, said, err = ran_here("track", clip, "-o", tmp_path / "step.npz")
    assert code == 0, err
    assert re.search(r"\d+ frames, a person in (9\d|100)% of them", said)


def test_kept_landmarks_are_judged_without_the_model(poses: Path, tmp_path: Path) -> None:
    code, said, err = ran_here(
        "score", poses, "-x", "step_down", "--csv", tmp_path / "r.csv",
        GLUTECAM_CACHE=str(tmp_path / "empty"),
    )  # fmt: skip
    assert code == 0, err
    assert "Repetitions: 4, attempts: 0." in said
    assert re.search(r"^ +1 +\d+\.\d s +left +\d+° ", said, re.MULTILINE)
    assert "Not a diagnosis" in said
    assert f"Written: {tmp_path / 'r.csv'}" in said
    assert max(map(len, said.splitlines())) <= max(80, len(str(tmp_path)) + 20)
    assert "\x1b" not in said
    assert len((tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_a_terminal_without_degree_signs_gets_no_garbage(poses: Path) -> None:
    code, said, _ = ran("score", poses, "-x", "step-down", PYTHONIOENCODING="ascii")
    assert code == 0
    assert said.isascii()


def test_the_whole_job_on_a_video(clip: Path, tmp_path: Path) -> None:
    from glutecam.capture.video import VideoFile
    from glutecam.records.posefile import load_poses

    names = {"report": "r.html", "video": "v.mp4", "json": "r.json", "csv": "r.csv"}
    asked = [word for kind, name in names.items() for word in (f"--{kind}", tmp_path / name)]
    code, said, err = ran_here(
        "score", clip, "-x", "step-down", *asked, "--save-poses", tmp_path / "p.npz"
    )
    assert code == REFUSED, err
    assert "could not be assessed" in said
    assert "What to do:" in said
    assert all(f"Written: {tmp_path / name}" in said for name in [*names.values(), "p.npz"])
    with VideoFile(tmp_path / "v.mp4") as drawn:
        assert sum(1 for _ in drawn) == 30
    assert len(load_poses(tmp_path / "p.npz").poses) == 30
    assert "<html" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.realtime
def test_a_file_is_played_as_a_live_session_and_its_record_says_the_same(
    sample_videos: Path, tmp_path: Path
) -> None:
    video = sample_videos / "step_down_clean_right.mp4"
    record, live, again = (tmp_path / name for name in ("l.npz", "live.json", "again.json"))
    code, _, err = ran_here(
        "live", "step-down", "--source", video, "--no-window", "--no-voice",
        "--record", record, "--json", live, "--reps", 1, "--seconds", 9,
    )  # fmt: skip
    assert code == 0, err
    assert "Ctrl-C ends." in err
    code, _, err = ran_here(
        "score", record, "-x", "step-down", "--filter", "causal", "--json", again
    )
    first, second = (
        json.loads(path.read_text(encoding="utf-8"))["assessment"] for path in (live, again)
    )
    # A machine that was too slow has refused it both times.
    assert code == (REFUSED if first["verdict"] == "not assessable" else 0), err
    for part in ("reps", "attempts", "faults", "verdict", "time_s", "signals"):
        assert first[part] == second[part], part


@posix_only
@pytest.mark.realtime
def test_ctrl_c_in_score_keeps_what_was_read(sample_videos: Path, tmp_path: Path) -> None:
    from glutecam.records.posefile import load_poses

    target = tmp_path / "p.npz"
    clip = cut(sample_videos / "step_down_clean_left.mp4", tmp_path / "clip.mp4", 120)
    process = started(
        "score", clip, "-x", "step-down", "--save-poses", target, "--json", tmp_path / "r.json",
    )  # fmt: skip
    # Below one second there would be nothing to judge.
    said, err = interrupted(process, "50%")
    assert process.returncode == 130
    assert "Stopped early" in err and "of that part only; to write them anew, add --force" in err
    assert "Traceback" not in err
    assert f"Written: {target}" in said
    # Everything that outlives the terminal says so, too, and so does what is judged from it later.
    result = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["assessment"]
    assert "Stopped early at" in result["warnings"][-1]
    assert "Stopped early at" in load_poses(target).warnings[-1]


@posix_only
@pytest.mark.realtime
def test_ctrl_c_while_drawing_keeps_the_judgement(sample_videos: Path, tmp_path: Path) -> None:
    clip = cut(sample_videos / "step_down_drop_left.mp4", tmp_path / "clip.mp4", ONE_REP, first=27)
    process = started(
        "score", clip, "-x", "step-down",
        "--json", "r.json", "--video", "v.mp4", "--report", "r.html", cwd=tmp_path,
    )  # fmt: skip
    said, err = interrupted(process, "drawing: 25%")
    assert process.returncode == 130, err
    assert "Stopped while drawing" in err
    assert "Traceback" not in err
    assert "Repetitions: 1" in said
    assert "Written: r.json" in said
    assert "Written: r.html" in said
    assert "Written: v.mp4" not in said
    assert "data:image/jpeg" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "r.html", "r.json"]


@posix_only
@pytest.mark.realtime
def test_ctrl_c_in_live_ends_with_a_summary(sample_videos: Path, tmp_path: Path) -> None:
    record = tmp_path / "l.npz"
    process = started(
        "live", "step-down", "--source", sample_videos / "step_down_clean_left.mp4",
        "--no-window", "--no-voice", "--record", record,
    )  # fmt: skip
    said, err = interrupted(process, " s  ")
    # It is how a session is ended, as q is, and no failure: serve does the same.
    assert process.returncode == 0, err
    assert "Ended with Ctrl-C; what came of it until then stands above." in err
    assert "Lateral step-down" in said
    assert record.exists()
    assert not list(tmp_path.glob("*.partial*"))


# explain


def test_without_a_name_every_exercise_is_listed() -> None:
    said = run("explain").stdout
    assert all(name in said for name in exercises.names())


@pytest.mark.parametrize("name", exercises.names())
def test_an_exercise_is_explained_from_its_own_words(name: str) -> None:
    exercise = exercises.get(name)
    said = " ".join(run("explain", name).stdout.split())
    for words in (exercise.title, exercise.summary, exercise.cannot_see[:30]):
        assert words in said
    for rule in exercise.rules:
        assert rule.code in said
        assert rule.cue[:40] in said


@pytest.mark.parametrize(
    "code", sorted({rule.code for exercise in exercises.all_exercises() for rule in exercise.rules})
)
def test_a_fault_is_explained_with_its_measure_edges_and_evidence(code: str) -> None:
    result = run("explain", code.lower())
    assert result.exit_code == 0
    for words in (code, "Measured", "Edges", "Evidence", "Judged in"):
        assert words in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_sides_are_the_subjects_own() -> None:
    from glutecam.cli.options import side_of

    assert (side_of("left"), side_of("right"), side_of("auto")) == (Side.LEFT, Side.RIGHT, None)
