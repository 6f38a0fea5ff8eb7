from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from glutecam.batch import LOG, Clip, Crew, Done, Job, Totals, model, plan, run_batch
from glutecam.batch.clip import folder_of
from glutecam.capture import weights
from glutecam.errors import OutputError
from glutecam.records.origin import Origin
from glutecam.records.posefile import load_poses
from tests.program import cut, one_by_one, ran_here, started

FRAMES = 12
LONGER = 60
UNDONE = ("b_step-down.mp4", "c_step-down.mp4")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(scope="module")
def clips(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four short clips, one in a folder below, one broken."""
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "more").mkdir()
    first = cut(sample_videos / "step_down_clean_left.mp4", folder / "step_down_left.mp4", FRAMES)
    shutil.copy(first, folder / "more" / "step_down_left.mp4")
    cut(sample_videos / "clamshell_clean_left.mp4", folder / "clamshell_left.mp4", FRAMES)
    (folder / "step_down_broken.mp4").write_text("not a video")
    return folder


def judged(
    folder: Path, out: Path, crew: Crew | int = one_by_one, **how: object
) -> tuple[Totals, list[str]]:
    states: list[str] = []
    planned = plan(folder, None, skip=out)
    totals = run_batch(
        planned.clips,
        Job(out, **how),  # type: ignore[arg-type]
        crew,
        lambda totals, clip, done: states.append(done.state),
    )
    return totals, states


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def results(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("results")
    judged(clips, out, crew=2)
    return out


# A batch of real clips


def test_every_clip_is_a_row_and_the_broken_one_says_why(clips: Path, results: Path) -> None:
    rows = table(results / "summary.csv")
    assert [row["file"] for row in rows] == [
        "clamshell_left.mp4",
        "more/step_down_left.mp4",
        "step_down_broken.mp4",
        "step_down_left.mp4",
    ]
    assert [row["status"] for row in rows] == ["done", "done", "error", "done"]
    assert "not a video" in rows[2]["error"]
    # 0.4 s are far too short to judge, and the row says what to do about it.
    assert rows[0]["verdict"] == "not assessable"
    assert rows[0]["instruction"]
    assert table(results / "reps.csv") == []
    for row in (rows[0], rows[3]):
        folder = results / row["results"]
        assert sorted(path.name for path in folder.iterdir()) == [
            "assessment.json",
            "clip.json",
            "poses.npz",
        ]
        result = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
        filmed = clips / row["file"]
        digest = hashlib.sha256(filmed.read_bytes()).hexdigest()
        assert result["file"] == row["file"] and result["recording"]["sha256"] == digest
        when = datetime.fromisoformat(result["recording"]["filmed"].replace("Z", "+00:00"))
        assert when.timestamp() == pytest.approx(filmed.stat().st_mtime, abs=1e-3)
        assert load_poses(folder / "poses.npz").origin == Origin(digest, when)
    assert sorted(path.name for path in results.iterdir()) == [
        ".lock",
        "batch.log.jsonl",
        "clips",
        "dashboard.html",
        "reps.csv",
        "summary.csv",
    ]


def test_one_worker_writes_the_same_bytes_as_two(
    clips: Path, results: Path, tmp_path: Path
) -> None:
    judged(clips, tmp_path, crew=1)
    files = sorted(p.relative_to(results) for p in results.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    for file in files:
        if file.name != LOG:
            assert (results / file).read_bytes() == (tmp_path / file).read_bytes(), file


def test_a_worker_checks_the_model_once_and_the_order_changes_nothing(
    clips: Path, results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    model_path = weights.model_path

    def noted(name: str) -> Path:
        checked.append(name)
        return model_path(name)

    monkeypatch.setattr(weights, "model_path", noted)
    # As in a worker, which keeps its model; afterwards it is closed as in the main process.
    monkeypatch.setattr(model, "parent_process", object)
    planned, job = plan(clips, None).clips, Job(tmp_path)
    model._kept.cache_clear()
    for clip in reversed(planned):
        job(clip)
    monkeypatch.setattr(model, "parent_process", lambda: None)
    with model.fresh_model(job.model, job.count_people):
        pass
    assert checked == ["full"]
    for clip in planned:
        for name in ("clip.json", "poses.npz"):
            other = folder_of(results, clip) / name
            mine = folder_of(tmp_path, clip) / name
            assert mine.exists() == other.exists()
            assert not mine.exists() or mine.read_bytes() == other.read_bytes()


@pytest.fixture
def copied(clips: Path, results: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The clips and their results, to be changed."""
    shutil.copytree(clips, tmp_path / "clinic")
    shutil.copytree(results, tmp_path / "results")
    return tmp_path / "clinic", tmp_path / "results"


def test_nothing_is_computed_again_while_nothing_has_changed(copied: tuple[Path, Path]) -> None:
    folder, out = copied
    before = (out / "summary.csv").read_bytes()
    # The copies are younger: their content decides, not their date.
    for path in folder.rglob("*.mp4"):
        os.utime(path)
    totals, states = judged(folder, out)
    assert sorted(states) == ["failed", "kept", "kept", "kept"]
    assert totals.finished == totals.clips == 4
    # The broken clip lies elsewhere now, and its error names the place.
    assert len(before.splitlines()) == len((out / "summary.csv").read_bytes().splitlines())


def test_other_rules_are_judged_on_the_kept_landmarks(copied: tuple[Path, Path]) -> None:
    _, states = judged(*copied, strict=True)
    assert sorted(states) == ["failed", "rescored", "rescored", "rescored"]


def test_an_interrupted_run_shows_no_results_of_other_settings(
    copied: tuple[Path, Path],
) -> None:
    folder, out = copied
    planned = plan(folder, None).clips

    def stop(totals: Totals, clip: Clip, done: Done) -> None:
        raise KeyboardInterrupt

    # Every clip has a record of the tolerant rules; one is judged anew, then somebody stops it.
    run_batch(planned, Job(out, strict=True), one_by_one, stop)
    status = [row["status"] for row in table(out / "summary.csv")]
    assert status == ["done", "not done", "not done", "not done"]
    # With the settings of the records all of them still count.
    run_batch(planned, Job(out, strict=True), one_by_one, lambda *_: None)
    run_batch(planned, Job(out, strict=True), one_by_one, stop)
    status = [row["status"] for row in table(out / "summary.csv")]
    assert status == ["done", "done", "error", "done"]


def test_a_changed_file_and_a_lost_result_are_computed_again(copied: tuple[Path, Path]) -> None:
    folder, out = copied
    shutil.copy(folder / "clamshell_left.mp4", folder / "step_down_broken.mp4")
    lost = plan(folder, None).clips[0]
    (folder_of(out, lost) / "clip.json").write_text("{ half", encoding="utf-8")
    totals, states = judged(folder, out)
    assert sorted(states) == ["kept", "kept", "new", "new"]
    assert totals.failed == 0


def test_what_a_killed_run_left_half_written_is_swept(copied: tuple[Path, Path]) -> None:
    folder, out = copied
    left = folder_of(out, plan(folder, None).clips[0]) / ".poses.npz.77.tmp"
    left.write_bytes(b"half")
    judged(folder, out)
    assert not left.exists()
    assert not (out / ".work").exists()


def test_a_results_folder_that_is_a_file_is_refused(clips: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="--out"):
        judged(clips, tmp_path / "out" / "results")


def test_a_machine_problem_is_tried_again_next_time(clips: Path, tmp_path: Path) -> None:
    clip = plan(clips, None).clips[0]
    missing = Job(tmp_path, model="nonsense")
    assert missing(clip).state == "failed"
    record = json.loads((folder_of(tmp_path, clip) / "clip.json").read_text(encoding="utf-8"))
    assert "nonsense" in record["error"]
    assert record["keys"] == {"poses": ""}


# The program, interrupted


def children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [int(r[0]) for r in rows if int(r[1]) == pid and "spawn_main" in r[2]]


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists() and not zombie(pid)]


def zombie(pid: int) -> bool:
    return ") Z" in Path(f"/proc/{pid}/stat").read_text()


def waited_for(what: object, timeout_s: float = 240.0) -> None:
    until_s = time.monotonic() + timeout_s
    while not what():  # type: ignore[operator]
        assert time.monotonic() < until_s, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def long_clips(clips: Path, sample_videos: Path, tmp_path: Path) -> Path:
    """One clip that is done at once, and two that are not done before whoever ends it is there."""
    folder = tmp_path / "long"
    folder.mkdir()
    shutil.copy(clips / "step_down_left.mp4", folder / "a_step-down.mp4")
    for name in UNDONE:
        shutil.copy(sample_videos / "step_down_clean_left.mp4", folder / name)
    return folder


@pytest.fixture
def longer_clips(clips: Path, sample_videos: Path, tmp_path: Path) -> Path:
    """One clip that is done at once, and two that take a while."""
    folder = tmp_path / "long"
    folder.mkdir()
    shutil.copy(clips / "step_down_left.mp4", folder / "a_step-down.mp4")
    first, second = (folder / name for name in UNDONE)
    shutil.copy(cut(sample_videos / "step_down_clean_left.mp4", first, LONGER), second)
    return folder


@contextmanager
def batch_of(folder: Path, out: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a batch up to its first clip; two are in flight then."""
    process = started("batch", folder, "--out", out, "--workers", 2)
    try:
        waited_for(lambda: list(out.glob("clips/a-*/clip.json")))
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def running(long_clips: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with batch_of(long_clips, tmp_path / "out") as process:
        yield process


@pytest.mark.slow
@pytest.mark.realtime
@posix_only
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_whoever_ends_it_keeps_what_is_done_and_the_next_run_goes_on(
    asked: signal.Signals, running: subprocess.Popen[str], long_clips: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    workers = children(running.pid)
    running.send_signal(asked)
    _, err = running.communicate(timeout=300)
    assert running.returncode == 130
    assert "Stopped early" in err
    assert "Traceback" not in err
    assert alive(workers) == []
    assert [row["status"] for row in table(out / "summary.csv")] == ["done", "not done", "not done"]
    assert not list(out.rglob("*.tmp"))
    again = {clip.file[0]: done.state for clip, done in goes_on(long_clips, out)}
    assert again == {"a": "kept", "b": "new", "c": "new"}
    assert [row["status"] for row in table(out / "summary.csv")] == ["done"] * 3


def goes_on(folder: Path, out: Path) -> list[tuple[Clip, Done]]:
    """Run the batch to its end, with less of the clips that were not done."""
    for name in UNDONE:
        shutil.copy(folder / "a_step-down.mp4", folder / name)
    seen: list[tuple[Clip, Done]] = []
    job = Job(out, count_people=True)
    clips = plan(folder, None).clips
    run_batch(clips, job, one_by_one, lambda _, clip, done: seen.append((clip, done)))
    return seen


@pytest.mark.slow
@pytest.mark.realtime
@posix_only
def test_a_killed_batch_leaves_no_worker_behind_and_can_go_on(
    running: subprocess.Popen[str], tmp_path: Path
) -> None:
    workers = children(running.pid)
    assert len(workers) == 2
    running.kill()
    running.wait()
    waited_for(lambda: not alive(workers), 120.0)
    out = tmp_path / "out"
    assert len(list(out.glob("clips/*/clip.json"))) == 1
    assert not (out / "summary.csv").exists()
    # What was done is kept, and the rest is computed now.
    states = {clip.file[0]: done.state for clip, done in goes_on(tmp_path / "long", out)}
    assert states == {"a": "kept", "b": "new", "c": "new"}
    assert [row["status"] for row in table(out / "summary.csv")] == ["done"] * 3


@pytest.mark.slow
@pytest.mark.realtime
@posix_only
def test_a_worker_killed_from_outside_costs_nothing(longer_clips: Path, tmp_path: Path) -> None:
    with batch_of(longer_clips, tmp_path / "out") as running:
        os.kill(children(running.pid)[0], signal.SIGKILL)
        running.communicate(timeout=600)
    assert running.returncode == 0
    rows = table(tmp_path / "out" / "summary.csv")
    assert [row["status"] for row in rows] == ["done"] * 3
    same = ("verdict", "reps", "attempts", "coverage", "instruction")
    assert [rows[1][name] for name in same] == [rows[2][name] for name in same]


@pytest.mark.usefixtures("no_workers")
def test_failures_end_with_4_and_say_where_to_look(
    clips: Path, results: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results"
    shutil.copytree(results, out)
    code, said, err = ran_here("batch", clips, "--out", out, "--workers", 1)
    assert code == 4
    assert "3 of 4 clips judged" in said and "3 sets: " in said
    assert all(row["file"] in said for row in table(out / "summary.csv") if not row["error"])
    assert "1 clip failed" in err
    assert "[4/4]" in err


@posix_only
def test_a_pipe_among_the_clips_is_a_row_and_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    os.mkfifo(folder / "step_down_pipe.mp4")
    judged(folder, tmp_path / "out")
    (row,) = table(tmp_path / "out" / "summary.csv")
    assert row["status"] == "error"
    assert "pipe" in row["error"]
