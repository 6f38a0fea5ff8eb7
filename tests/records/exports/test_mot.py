from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import figures
import numpy as np
import pytest
from builders import make_assessment, make_exercise

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Side
from glutecam.core.pelvis import measured_by
from glutecam.errors import InputError
from glutecam.records.export import document_of
from glutecam.records.exports import Export, Source
from glutecam.records.exports.mot import coordinates

SQUAT = measured_by(exercises.get("single-leg-squat"), "raw")
DROP_DEG = 9.0


def document(left: bool = False, **truth):
    poses = figures.squat_set(left=left, drops=[DROP_DEG] * 3, **truth)
    side = Side.LEFT if left else Side.RIGHT
    return document_of(analyze(poses, SQUAT, side=side), SQUAT, file="a.mp4")


def read(path: Path) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """Read as the format's description says, with nothing of glutecam."""
    head, body = path.read_text().split("endheader\n", 1)
    facts = dict(line.split("=", 1) for line in head.splitlines() if "=" in line)
    names, *rows = body.splitlines()
    table = np.array([row.split("\t") for row in rows], dtype=float)
    return facts, dict(zip(names.split("\t"), table.T, strict=True))


def lowest_right_hip(list_deg: np.ndarray) -> np.ndarray:
    """Turn the pelvis's right-pointing axis z by pelvis_list about x: how far up it then points."""
    angle = np.radians(list_deg)
    turned = [
        np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]]) @ [0, 0, 1]
        for a in angle
    ]
    return np.array(turned)[:, 1]


@pytest.mark.parametrize("left", [False, True])
def test_the_free_side_goes_down_in_an_opensim_pelvis(tmp_path, left):
    path = tmp_path / "a.mot"
    Export.to(path).write(Source(document(left)))
    _, columns = read(path)
    right_up = lowest_right_hip(columns["pelvis_list"])
    # The free side is the left one when the right leg stands, and the other way round.
    free_up = right_up if left else -right_up
    deepest = np.degrees(np.arcsin(free_up.min()))
    assert deepest == pytest.approx(-DROP_DEG, abs=0.6)
    assert abs(free_up[columns["time"] < 1.5]).max() < 0.01


@pytest.mark.parametrize(("left", "letter"), [(False, "r"), (True, "l")])
def test_only_what_was_measured_is_in_it(tmp_path, left, letter):
    path = tmp_path / "a.mot"
    Export.to(path).write(Source(document(left)))
    facts, columns = read(path)
    assert list(columns) == [
        "time", "pelvis_list", "lumbar_bending", f"hip_adduction_{letter}", f"knee_angle_{letter}",
    ]  # fmt: skip
    assert facts["inDegrees"] == "yes" and facts["version"] == "1"
    assert int(facts["nRows"]) == len(columns["time"])
    assert int(facts["nColumns"]) == len(columns)
    assert columns[f"knee_angle_{letter}"].max() == pytest.approx(68.0, abs=2.0)


@pytest.mark.parametrize("left", [False, True])
def test_the_trunk_is_counted_from_the_pelvis(left):
    found = coordinates(document(left, leans=[6.0] * 3))
    # A lean of 6° to the standing side over a pelvis that sinks by 9° on the other.
    towards_the_standing_leg = found["lumbar_bending"] * (-1 if left else 1)
    assert np.nanmax(towards_the_standing_leg) == pytest.approx(15.0, abs=0.8)


def test_frames_that_were_not_seen_are_left_out(tmp_path):
    path = tmp_path / "a.mot"
    source = Source(document_of(make_assessment(), make_exercise()))
    notes = Export.to(path).write(source)
    signals = make_assessment().signals
    seen = np.all([np.isfinite(signals[name].estimate.value)
                   for name in ("pelvic_drop_deg", "trunk_lean_deg", "knee_flexion_deg")], axis=0)  # fmt: skip
    _, columns = read(path)
    assert len(columns["time"]) == seen.sum() < len(seen)
    assert str(len(seen) - seen.sum()) in notes[0]


def test_with_both_legs_only_what_needs_no_leg_is_written(tmp_path):
    both = document()
    judged = both.assessment.model_copy(update={"sides": [Side.RIGHT, Side.LEFT]})
    source = Source(both.model_copy(update={"assessment": judged}))
    notes = Export.to(tmp_path / "a.mot").write(source)
    _, columns = read(tmp_path / "a.mot")
    assert list(columns) == ["time", "pelvis_list", "lumbar_bending"]
    reps = judged.reps
    assert len(columns["time"]) <= sum(rep.end - rep.start for rep in reps)
    assert any("--side left" in note for note in notes)


def test_an_exercise_without_such_a_coordinate_is_refused(tmp_path):
    clamshell = exercises.get("clamshell")
    lying = document_of(analyze(figures.clamshell_set(), clamshell), clamshell)
    with pytest.raises(InputError, match="--to frames"):
        Export.to(tmp_path / "a.mot").write(Source(lying))
    assert not list(tmp_path.iterdir())


def test_a_small_pose_model_is_named_in_the_file(tmp_path):
    whole = document()
    made_by = whole.assessment.provenance.model_copy(update={"reduced_accuracy": True})
    judged = whole.assessment.model_copy(update={"provenance": made_by})
    for found, named in ((whole, False), (whole.model_copy(update={"assessment": judged}), True)):
        Export.to(tmp_path / "a.mot").write(Source(found))
        head = (tmp_path / "a.mot").read_text().split("endheader")[0]
        assert ("Reduced accuracy: the pose model is" in head) is named
        assert len(read(tmp_path / "a.mot")[1]["time"])


OPENSIM = """
import opensim, sys
opensim.Logger.setLevelString("error")
motion = opensim.TimeSeriesTable(sys.argv[1])
print(list(motion.getColumnLabels()), motion.getNumRows(), motion.getTableMetaDataString("inDegrees"))
print(max(motion.getDependentColumn("pelvis_list").to_numpy()))
old = opensim.Storage(sys.argv[1])
print(old.getSize(), old.isInDegrees())
"""


def test_opensim_itself_reads_it(tmp_path):
    if importlib.util.find_spec("opensim") is None:
        pytest.skip("opensim is not installed")
    path = tmp_path / "a.mot"
    Export.to(path).write(Source(document(left=True)))
    done = subprocess.run(
        [sys.executable, "-c", OPENSIM, str(path)], capture_output=True, text=True, check=True
    )
    table, highest, old = done.stdout.splitlines()[-3:]
    _, columns = read(path)
    rows = len(columns["time"])
    assert table == f"{list(columns)[1:]} {rows} yes"
    # Left leg stands: the right side sinks, which is + in OpenSim.
    assert float(highest) == pytest.approx(DROP_DEG, abs=0.6)
    assert old == f"{rows} True"
