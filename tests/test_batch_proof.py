"""Small versions of the batch benchmarks: kills, damaged files, a clip that hangs, memory.

The benchmarks are run as anyone runs them, with fewer and shorter clips.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import fuzz, harness, kills, memory, writers
from glutecam.batch import Clip, Done, Job, run_batch
from glutecam.batch.pool import work_through
from glutecam.capture import weights
from glutecam.errors import ModelError
from tests.stored import recorded_step_down

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


@pytest.fixture(autouse=True, scope="module")
def _pose_model() -> None:
    try:
        weights.model_path("full")
    except ModelError:
        pytest.skip("the pose model is not on this machine")


def figures(report: harness.Report) -> dict[str, harness.Figure]:
    return {figure.name: figure for figure in report.figures}


def missed(report: harness.Report, *but: str) -> list[str]:
    return [f.name for f in report.figures if f.passed is False and f.name not in but]


@pytest.mark.slow
@pytest.mark.realtime
@linux_only
def test_every_clip_is_accounted_for_once_whoever_is_killed() -> None:
    # The first clip that is done costs a worker, however fast the machine is.
    options = {"clips": 7, "originals": 3, "frames": 4, "workers": 2, "every": 0.0, "seed": 1}
    report = kills.kills(argparse.Namespace(**options, look=0.1, folder=None))
    assert missed(report, "clips") == []
    found = figures(report)
    assert found["times the program was killed"].value == 2
    assert (found["workers killed"].value or 0) >= 1


def test_a_clip_that_is_lost_doubled_or_judged_otherwise_is_noticed(tmp_path: Path) -> None:
    night = kills.Night([], tmp_path, 1.0, [], tmp_path / "log", kills.random.Random(0))
    record = tmp_path / "clips" / "a-1" / "clip.json"
    record.parent.mkdir(parents=True)
    record.write_text('{"error": ""}')
    night._look()
    record.write_text('{"error":  ""}')
    kills.os.utime(record, ns=(1, 1))
    night._look()
    row = {"file": "o-0.mp4", "results": "x", "status": "done", "verdict": "fine"}
    rows = [row | {"subject": f"P{n}", "file": f"original-0-copy-{n}.mp4"} for n in (0, 1, 1, 4)]
    rows[0]["verdict"] = "fault"
    options = argparse.Namespace(clips=4)
    report = kills._report(options, night, rows)
    assert set(missed(report)) >= {
        "clips in no row",
        "clips in more than one row",
        "clips computed after they were done",
        "copies of one clip with other numbers",
    }


def test_another_sitting_goes_on_with_what_was_counted_and_not_with_other_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = argparse.Namespace(
        clips=4, originals=1, frames=4, workers=1, every=1.0, seed=0, folder=tmp_path
    )
    with kills._place(options) as folder:
        first = kills.Night([], folder / "out", 1.0, [1, 2], folder / "log", kills.random.Random(0))
        first.kept = folder / "counts.json"
        first.done, first.again, first.workers_killed = {"a-1": 5}, {"a-1"}, 3
        first.parents.pop(0)
        first._keep(kills.time.monotonic() - 60)
    with kills._place(options) as folder:
        second = kills.Night([], folder, 1.0, [1, 2], folder / "log", kills.random.Random(0))
        second.kept = folder / "counts.json"
        second.take_up()
    assert (second.done, second.again, second.parents) == ({"a-1": 5}, {"a-1"}, [2])
    assert (second.workers_killed, second.sittings) == (3, 2) and second.took_s >= 60
    monkeypatch.setattr(kills, "_code", lambda: "other")
    with pytest.raises(SystemExit, match="copy of the same code"), kills._place(options):
        pass


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0])
def test_every_damaged_file_is_a_clear_row_and_stops_nothing(seed: int, tmp_path: Path) -> None:
    options = argparse.Namespace(files=18, workers=2, seed=seed, keep=tmp_path)
    report = fuzz.fuzz(options)
    assert missed(report, "damaged files") == []
    rows = {row[0]: row for row in report.tables[0].rows}
    assert set(rows) == set(fuzz.DAMAGE)


def test_damage_is_the_same_for_the_same_seed_and_is_damage() -> None:
    data = bytes(range(256)) * 40
    for damage in fuzz.DAMAGE.values():
        one, two = (damage(data, fuzz.random.Random(5)) for _ in range(2))
        assert one == two != data


@dataclass(frozen=True)
class HangsOn:
    """A job that never comes back from one clip, as a decoder in an endless loop."""

    job: Job
    name: str

    def __call__(self, clip: Clip) -> Done:
        if clip.file == self.name:
            time.sleep(600)
        return self.job(clip)


@pytest.mark.realtime
def test_a_clip_that_hangs_is_a_row_after_a_while_and_the_others_are_judged(tmp_path: Path) -> None:
    out = tmp_path / "out"
    names = ("a.npz", "b.npz", "c.npz")
    clips = tuple(
        Clip(name, recorded_step_down(tmp_path / name), "step-down", "right") for name in names
    )
    told: dict[str, Done] = {}
    totals = run_batch(
        clips,
        Job(out),
        lambda clips, job, logs: work_through(
            clips, HangsOn(job, "b.npz"), 2, logs, patience_s=8.0
        ),
        lambda _, clip, done: told.update({clip.file: done}),
    )
    assert (totals.new, totals.failed) == (2, 1)
    assert 8 <= told["b.npz"].took_s < 300
    with (out / "summary.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["file"]: row for row in csv.DictReader(stream)}
    assert [row["status"] for row in rows.values()] == ["done", "error", "done"]
    assert "no sign of life for 8 s" in rows["b.npz"]["error"]
    assert "run again" in rows["b.npz"]["error"]


@pytest.mark.slow
@pytest.mark.realtime
@linux_only
def test_a_longer_clip_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    """Frames that were kept would be 54 MB more for these; a whole hour is in the benchmark."""
    sample = harness.sample_clips(memory.CLIP)[0]
    short, long = (
        memory.peak(memory.video(sample, tmp_path, seconds, max_side_px=800), sample, tmp_path)[0]
        for seconds in (3, 8)
    )
    assert long < memory.MOST_MB
    assert long - short < memory.GROWTH_MB


def test_writers_share_every_tenth_key_and_leave_none_out() -> None:
    offered = [writers.keys_of(n, 8, 1000) for n in range(8)]
    every = [key for keys in offered for key in keys]
    assert set(every) == {f"set-{n}" for n in range(1000)}
    assert len(every) == 1000 + 8 * 13
    # Both offer it at about the same time.
    assert offered[0][0] == offered[1][1] == "set-1"


def test_a_peer_is_given_our_points_in_its_own_order() -> None:
    from benchmarks.sports2d_run import HALPE_26
    from glutecam.core.landmarks import Landmark

    named = {9: "LEFT_WRIST", 12: "RIGHT_HIP", 13: "LEFT_KNEE", 16: "RIGHT_ANKLE", 24: "LEFT_HEEL"}
    assert len(HALPE_26) == 26
    assert {n: Landmark(HALPE_26[n]).name for n in named} == named


def test_notes_of_a_fuzzed_batch_can_be_read(tmp_path: Path) -> None:
    line = json.dumps({"file": "a", "state": "failed", "took_s": 61.0})
    timed = [fuzz.Timed(**json.loads(line))]
    row = {"file": "0-cut-a", "status": "error", "error": "ended with exit code -11", "verdict": ""}
    report = fuzz._report(["0-cut-a"], [row], timed, 0)
    assert set(missed(report)) >= {
        "longest that one file took",
        "rows that do not say clearly what happened",
    }
