"""A batch whose folder of results cannot take what it computes."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

from glutecam.batch import Job, plan
from tests.program import ran_here


def listed(landmarks: Path, folder: Path) -> Path:
    """A list of one recording, whose landmarks are at hand: what is tested is the disk."""
    table = folder / "list.csv"
    table.write_text(f"file,exercise,side\n{landmarks},step-down,left\n", encoding="utf-8")
    return table


def test_a_full_disk_is_told_and_the_next_run_goes_on(
    tracked_clip: Path, small_disk: Path, tmp_path: Path
) -> None:
    clips, out, others = listed(tracked_clip, tmp_path), small_disk / "out", small_disk / "others"
    others.write_bytes(bytes(580_000))
    code, said, err = ran_here("batch", clips, "--out", out, "--workers", 1)
    assert code == 2
    assert "No space left on device" in " ".join(err.split())
    assert "Traceback" not in said + err
    with (out / "summary.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["status"] == "error"
    assert "No space left" in row["error"]
    assert not list(small_disk.rglob("*.tmp"))
    others.unlink()
    (clip,) = plan(clips, None).clips
    assert Job(out)(clip).state == "new"


def test_a_folder_that_may_only_be_read_is_told_before_the_work(
    tracked_clip: Path, small_disk: Path, tmp_path: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    clips = listed(tracked_clip, tmp_path)
    code, _, err = ran_here("batch", clips, "--out", small_disk / "out", "--workers", 1)
    assert code == 2
    told = " ".join(err.split())
    assert "cannot be written to: Read-only file system. Choose another one with --out." in told
    assert "[1/1]" not in err
