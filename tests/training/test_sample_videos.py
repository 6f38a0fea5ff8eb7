"""The sample clips keep what their page promises."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "sample_videos"
TRUTHS = sorted(FOLDER.glob("*.truth.json"))
PER_FRAME = (
    "obliquity_deg",
    "pelvic_drop_deg",
    "roll_deg",
    "trunk_lean_deg",
    "knee_flexion_deg",
    "fppa_deg",
    "knee_opening_deg",
    "stance_side",
    "left_hip_px",
    "right_hip_px",
)


@pytest.fixture(params=TRUTHS, ids=lambda path: path.name.split(".")[0])
def truth(request: pytest.FixtureRequest) -> dict:
    return json.loads(request.param.read_text(encoding="utf-8"))


def test_every_clip_is_small_and_as_long_as_its_truth(truth: dict) -> None:
    av = pytest.importorskip("av")
    path = FOLDER / truth["clip"]
    assert path.stat().st_size < 2_000_000
    with av.open(str(path)) as video:
        stream = video.streams.video[0]
        assert (stream.width, stream.height) == (1280, 720)
        assert stream.frames == len(truth["time_s"])
        assert stream.average_rate == 30
    assert truth["time_s"][-1] < 12.0
    assert all(len(truth[key]) == len(truth["time_s"]) for key in PER_FRAME)


def test_only_faulty_repetitions_show_their_fault(truth: dict) -> None:
    time_s = np.array(truth["time_s"])
    limits = {
        "pelvic_drop": ("pelvic_drop_deg", 10.0, 5.0),
        "trunk_lean": ("trunk_lean_deg", 12.0, 4.0),
        "knee_valgus": ("fppa_deg", 15.0, 8.0),
        "pelvic_roll": ("roll_deg", 20.0, 3.0),
    }
    for rep in truth["reps"]:
        inside = (time_s >= rep["start_s"]) & (time_s < rep["end_s"])
        for fault, (key, at_least, at_most) in limits.items():
            values = [v for v, use in zip(truth[key], inside, strict=True) if use and v is not None]
            if fault in rep["faults"]:
                assert max(values) > at_least
            elif values:
                assert max(values) < at_most


def test_first_two_seconds_are_quiet(truth: dict) -> None:
    quiet = np.array(truth["time_s"]) < 2.0
    for key in ("pelvic_drop_deg", "trunk_lean_deg", "roll_deg"):
        values = [v for v, use in zip(truth[key], quiet, strict=True) if use and v is not None]
        assert np.ptp(values or [0.0]) < 1.0
