from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import make_assessment, make_exercise

from glutecam.core.assessment import Assessment, Verdict
from glutecam.core.measures import HIP_LINE
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.errors import OutputError
from glutecam.records.export import (
    REP_COLUMNS,
    csv_columns,
    csv_rows,
    csv_text,
    json_schema,
    json_text,
    write_csv,
    write_json,
)
from glutecam.records.schema import AssessmentDocument

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "assessment-1.schema.json"


def exported(assessment: Assessment) -> dict[str, object]:
    return json.loads(json_text(assessment, make_exercise(), file="a.mp4", subject="P-017"))


def test_the_published_schema_is_the_one_in_use() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema()


def test_the_json_fits_the_schema() -> None:
    text = json_text(make_assessment(), make_exercise(), file="a.mp4")
    document = AssessmentDocument.model_validate_json(text)
    assert document.schema_version == 1
    assert document.model_dump_json() + "\n" == text


def test_the_json_fits_the_schema_by_another_validator() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(exported(make_assessment()), json_schema())


def test_json_is_strict_and_unseen_is_null() -> None:
    text = json_text(make_assessment(), make_exercise())

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    values = json.loads(text, parse_constant=refuse)["assessment"]["signals"]
    drop = values[PELVIC_DROP.name]["value"]
    assert drop[205] is None
    assert drop[0] is not None


def test_json_holds_what_the_assessment_holds() -> None:
    assessment = make_assessment()
    entry = exported(assessment)["assessment"]
    assert len(entry["reps"]) == 5
    assert entry["attempts"][0]["reason"] == "not deep enough to count"
    assert entry["attempts"][0]["band"] is None
    assert entry["reps"][2]["findings"][0] == {
        "code": "pelvic-drop", "value": 24.0, "half_width": 11.8, "band": "fault", "at": 360,
        "may_be": ["fault"],
    }  # fmt: skip
    np.testing.assert_allclose(entry["time_s"], assessment.time_s, atol=1e-4)
    truth = assessment.signals[HIP_LINE.name].estimate
    shown = entry["signals"][HIP_LINE.name]
    np.testing.assert_allclose(np.array(shown["value"], dtype=float), truth.value, atol=1e-4)
    assert shown["half_width"] == pytest.approx(truth.half_width[0], abs=1e-4)


def test_json_says_what_could_not_be_told_may_be() -> None:
    unsure = exported(make_assessment())["assessment"]["reps"][1]["findings"][0]
    assert unsure["band"] == "inconclusive"
    assert unsure["may_be"] == ["ok", "watch", "fault"]


def test_json_and_csv_hold_the_filled_in_scale() -> None:
    assessment, exercise = make_assessment(), make_exercise()
    (sheet,) = exported(assessment)["assessment"]["sheets"]
    assert (sheet["low"], sheet["high"], sheet["most"]) == (2, 4, 4)
    assert sheet["result"] == "2 to 4 of 4 (medium or poor)" == assessment.sheets[0].result
    pelvis = sheet["marks"][0]["signs"][0]
    assert pelvis["answer"] == "yes" and pelvis["reps"] == [3]
    assert pelvis["reading"]["value"] == 24.0
    rows = csv_rows(assessment, exercise)
    assert {row["test-scale"] for row in rows} == {sheet["result"]}
    assert csv_columns(exercise)[-1] == "test-scale"


def test_json_holds_what_the_set_comes_to() -> None:
    summary = exported(make_assessment())["assessment"]["summary"]
    (right,) = summary["sides"]
    assert summary["code"] == "pelvic-drop" and summary["difference"] is None
    assert [peak["value"] for peak in right["peaks"]] == [3.0, 8.0, 24.0, 8.0, 3.0]
    assert right["patterns"]["none"] == 2
    assert right["fatigue"]["per_rep"]["exceeds"] is False


def test_open_bounds_and_the_edges_in_force_are_written() -> None:
    assessment = make_assessment()
    strict = replace(assessment, provenance=replace(assessment.provenance, strict=True))
    rules = {rule["code"]: rule for rule in exported(strict)["exercise"]["rules"]}
    assert (rules["pelvic-drop"]["ok"], rules["pelvic-drop"]["fault"]) == (5.0, 8.0)
    assert (rules["trunk-lean"]["ok"], rules["trunk-lean"]["fault"]) == (7.0, 10.0)
    assert (rules["depth"]["low"], rules["depth"]["high"]) == (60.0, 90.0)


def test_csv_has_a_row_for_each_repetition_and_attempt() -> None:
    exercise = make_exercise()
    rows = csv_rows(make_assessment(), exercise, file="a.mp4", subject="P-017")
    read = list(csv.DictReader(io.StringIO(csv_text(exercise, rows))))
    assert [row["complete"] for row in read] == ["yes"] * 5 + ["no"]
    assert read[2]["verdict_of_rep"] == "fault"
    assert read[2]["pattern"] == "uncompensated"
    assert read[2]["pelvic-drop_value"] == "24"
    assert read[2]["pelvic-drop_pm"] == "11.8"
    assert read[5]["reason"] == "not deep enough to count"
    assert read[5]["verdict_of_rep"] == ""
    assert read[5]["pelvic-drop_band"] == read[5]["pelvic-drop_may_be"] == ""
    assert (read[1]["pelvic-drop_band"], read[1]["pelvic-drop_may_be"]) == (
        "inconclusive", "ok or watch or fault",
    )  # fmt: skip
    assert read[3]["score"] == ""


def test_nothing_of_a_refused_recording_is_a_row() -> None:
    refused = replace(make_assessment(), verdict=Verdict.NOT_ASSESSABLE, instruction="Step back.")
    assert refused.reps and refused.attempts
    assert csv_rows(refused, make_exercise(), file="a.mp4") == []


@pytest.mark.parametrize(("reduced", "said"), [(True, "yes"), (False, "no")])
def test_every_row_says_which_model_it_comes_from(reduced: bool, said: str) -> None:
    exercise, assessment = make_exercise(), make_assessment()
    made_by = replace(assessment.provenance, pose_model="lite", reduced_accuracy=reduced)
    rows = csv_rows(replace(assessment, provenance=made_by), exercise)
    read = list(csv.DictReader(io.StringIO(csv_text(exercise, rows))))
    assert {(row["pose_model"], row["reduced_accuracy"]) for row in read} == {("lite", said)}


def test_csv_columns_are_stable() -> None:
    columns = csv_columns(make_exercise())
    assert columns[: len(REP_COLUMNS)] == list(REP_COLUMNS)
    assert columns[len(REP_COLUMNS) :][:4] == [
        "pelvic-drop_value", "pelvic-drop_pm", "pelvic-drop_band", "pelvic-drop_may_be",
    ]  # fmt: skip


def test_csv_of_nothing_is_a_header() -> None:
    nothing = replace(make_assessment(), reps=(), attempts=())
    text = csv_text(make_exercise(), csv_rows(nothing, make_exercise()))
    assert text.count("\r\n") == 1


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_a_file_name_is_never_a_formula(name: str) -> None:
    rows = csv_rows(make_assessment(), make_exercise(), file=name, subject=name)
    assert rows[0]["file"] == rows[0]["subject"] == f"'{name}"


def test_awkward_names_survive_quoting() -> None:
    exercise, name = make_exercise(), 'a,"b"\nc.mp4'
    text = csv_text(exercise, csv_rows(make_assessment(), exercise, file=name))
    assert next(csv.DictReader(io.StringIO(text, newline="")))["file"] == name


def test_files_are_written_whole(tmp_path: Path) -> None:
    exercise, assessment = make_exercise(), make_assessment()
    write_json(tmp_path / "a.json", assessment, exercise)
    write_csv(tmp_path / "a.csv", exercise, csv_rows(assessment, exercise))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.json"]


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="was not written"):
        write_json(tmp_path / "file" / "a.json", make_assessment(), make_exercise())


def test_a_folder_in_the_way_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(OutputError, match="was not written"):
        write_json(tmp_path / "a.json", make_assessment(), make_exercise())
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_what_is_no_ordinary_file_is_never_replaced(tmp_path):
    import os

    from glutecam.errors import OutputError
    from glutecam.records.files import write_whole

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, tmp_path):
        with pytest.raises(OutputError, match="ordinary file"):
            write_whole(place, b"x")
    assert pipe.is_fifo()
