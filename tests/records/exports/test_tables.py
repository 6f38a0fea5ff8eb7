from __future__ import annotations

import csv
import io
import math

import figures
import numpy as np
import pytest
from builders import make_assessment, make_exercise, make_poses

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Verdict
from glutecam.core.landmarks import Landmark
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.records.export import csv_rows, csv_text, document_of
from glutecam.records.exports import Export, Source
from glutecam.records.exports.tables import frame_table, rep_table
from glutecam.records.posefile import About, Recording

parquet = pytest.importorskip("pyarrow.parquet")
pandas = pytest.importorskip("pandas")

DOCUMENT = document_of(make_assessment(), make_exercise(), file="a.mp4", subject="P07")


def written(tmp_path, name, source=None):
    export = Export.to(tmp_path / name)
    assert export.write(source or Source(DOCUMENT)) == []
    return export.path


def test_repetitions_come_back_from_parquet_with_types_and_units(tmp_path):
    path = written(tmp_path, "reps.parquet")
    table = pandas.read_parquet(path)
    assert table["rep"].tolist() == [1, 2, 3, 4, 5, 1]
    assert table["complete"].tolist() == [True] * 5 + [False]
    assert table["pelvic-drop_value"].tolist()[:5] == [3.0, 8.0, 24.0, 8.0, 3.0]
    assert math.isnan(table["pelvic-drop_value"][5])
    assert table["verdict_of_rep"].isna().tolist() == [False] * 5 + [True]
    schema = parquet.read_schema(path)
    assert schema.field("pelvic-drop_value").metadata == {b"unit": b"\xc2\xb0"}
    assert "Not a diagnosis" in schema.metadata[b"glutecam:notice"].decode()


@pytest.mark.parametrize("name", ["single-leg-squat", "clamshell"])
def test_the_csv_is_that_of_score(tmp_path, name):
    exercise = exercises.get(name)
    film = figures.clamshell_set if name == "clamshell" else figures.squat_set
    assessment = analyze(film(), exercise)
    rows = csv_rows(assessment, exercise, file="=a.mp4", subject="P07")
    assert len(rows) >= 2
    document = document_of(assessment, exercise, file="=a.mp4", subject="P07")
    text = written(tmp_path, "reps.csv", Source(document)).read_bytes().decode()
    assert text == csv_text(exercise, rows)


def test_frames_hold_every_signal_with_its_band_of_doubt(tmp_path):
    table = pandas.read_parquet(written(tmp_path, "all_frames.parquet"))
    signal = make_assessment().signals[PELVIC_DROP.name].estimate
    np.testing.assert_allclose(table[PELVIC_DROP.name], signal.value, atol=1e-4)
    np.testing.assert_allclose(table[f"{PELVIC_DROP.name}_pm"], signal.half_width, atol=1e-4)
    first = make_assessment().reps[0]
    inside = table["rep"] == 1
    assert inside[first.start : first.end].all() and not inside[: first.start].any()
    assert table["rep"][0] is None or math.isnan(table["rep"][0])
    fault = make_assessment().faults[0]
    broken = table["faults"].str.contains(fault.code)
    assert broken[fault.start : fault.end].all()
    assert broken.sum() == fault.end - fault.start


def test_of_a_refused_recording_only_the_signals_are_in_tables(tmp_path):
    update = {"verdict": Verdict.NOT_ASSESSABLE, "instruction": "Step back.", "faults": []}
    judged = DOCUMENT.assessment.model_copy(update=update)
    refused = DOCUMENT.model_copy(update={"assessment": judged})
    assert len(rep_table(refused)) == 0
    frames = {column.name: list(column.values) for column in frame_table(refused).columns}
    assert set(frames["rep"]) == set(frames["complete"]) == {None}
    assert any(value is not None for value in frames[PELVIC_DROP.name])


def test_frames_as_csv_leave_empty_what_was_not_seen(tmp_path):
    rows = list(csv.DictReader(io.StringIO(written(tmp_path, "frames.csv").read_text())))
    signal = make_assessment().signals[PELVIC_DROP.name].estimate.value
    assert [row[PELVIC_DROP.name] == "" for row in rows] == np.isnan(signal).tolist()
    assert rows[7]["frame"] == "7" and rows[7]["file"] == "a.mp4"
    assert rows[7]["pose_model"] and {row["reduced_accuracy"] for row in rows} == {"no"}


def test_landmarks_are_one_row_each(tmp_path):
    poses = make_poses(4, 5.0)
    poses.image_px[2] = poses.world_m[2] = poses.visibility[2] = np.nan
    recording = Recording(poses, About("full", "a.mp4", 30.0, (), False))
    table = pandas.read_parquet(written(tmp_path, "landmarks.parquet", Source(recording=recording)))
    assert len(table) == 4 * len(Landmark)
    hips = table[table["landmark"] == "left_hip"].sort_values("frame")
    np.testing.assert_allclose(hips["y_px"], poses.image_px[:, Landmark.LEFT_HIP, 1])
    np.testing.assert_allclose(hips["z_m"], poses.world_m[:, Landmark.LEFT_HIP, 2])
    assert hips["visibility"].isna().tolist() == [False, False, True, False]


def test_a_clip_without_repetitions_is_a_table_without_rows(tmp_path):
    judged = DOCUMENT.assessment.model_copy(update={"reps": [], "attempts": [], "faults": []})
    empty = DOCUMENT.model_copy(update={"assessment": judged})
    assert len(rep_table(empty)) == 0
    table = pandas.read_parquet(written(tmp_path, "reps.parquet", Source(empty)))
    assert len(table) == 0 and "pelvic-drop_value" in table
    assert set(frame_table(empty).columns[8].values) == {""}
