"""Limits of one's own in a batch: judged again once they change, and not again while they do not."""

from __future__ import annotations

import json
from pathlib import Path

import figures

from glutecam.batch import Job
from glutecam.batch.clip import folder_of, read_record
from glutecam.batch.plan import Clip
from glutecam.records.posefile import save_poses

OWN = {"GC105": {"low": 85.0, "high": 95.0}}


def test_changed_limits_are_computed_again_and_stand_in_the_results(tmp_path: Path) -> None:
    kept = tmp_path / "squats.npz"
    film = figures.squat_set(depths=[70.0] * 3)
    save_poses(kept, film, model_name="exact", source_name="a", fps=30.0)
    clip = Clip("squats.npz", kept, "single-leg-squat")
    out = tmp_path / "out"
    states = [Job(out, bands=bands)(clip).state for bands in ({}, {}, OWN, OWN, {})]
    assert states == ["new", "kept", "rescored", "kept", "rescored"]
    Job(out, bands=OWN)(clip)
    record = read_record(out, clip)
    assert record is not None
    assert record["sets"][0]["summary"]["own_bands"] == "GC105 low 85, high 95, margin 10"
    assert "crossley right: " in record["sets"][0]["summary"]["scales"]
    document = json.loads((folder_of(out, clip) / "assessment.json").read_text(encoding="utf-8"))
    (own,) = document["assessment"]["provenance"]["own_bands"]
    assert own["default"] == {"low": 60.0, "high": 80.0, "margin": 10.0}
    depth = next(rule for rule in document["exercise"]["rules"] if rule["code"] == "GC105")
    assert (depth["low"], depth["high"]) == (85.0, 95.0)
