"""The tables of a batch, made from the clips' own records."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from glutecam.batch.plan import plan
from glutecam.batch.record import FORMAT, folder_of
from glutecam.batch.tables import write_tables


@pytest.mark.parametrize("row", [{"rep": "1"}, {"rep": "1", "reduced_accuracy": "yes"}])
def test_every_repetition_says_which_model_it_comes_from(tmp_path: Path, row: dict) -> None:
    """Also where the record was kept by a version whose rows did not yet say so."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "step_down_left.mp4").write_bytes(b"x")
    clips = plan(tmp_path / "in", None).clips
    summary = {"pose_model": "lite", "reduced_accuracy": "yes", "verdict": "fine"}
    place = {"set": 1, "sets": 1, "start_s": 0.0, "end_s": 9.0, "assessment": "assessment.json"}
    sets = [{**place, "summary": summary, "reps": [row]}]
    record = {"format": FORMAT, "keys": {}, "error": "", "sets": sets}
    folder = folder_of(tmp_path, clips[0])
    folder.mkdir(parents=True)
    (folder / "clip.json").write_text(json.dumps(record), encoding="utf-8")
    write_tables(tmp_path, clips, lambda _: True)
    for name in ("reps.csv", "summary.csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as stream:
            (read,) = csv.DictReader(stream)
        assert (read["pose_model"], read["reduced_accuracy"]) == ("lite", "yes")
