from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from builders import make_assessment, make_exercise
from sets import MONDAY, make_set

from glutecam.core.assessment import Verdict
from glutecam.core.programme import Step, StepKind
from glutecam.core.sets import Felt, SourceKind, set_of
from glutecam.records import rep_columns
from glutecam.records.history_export import COLUMNS, history_csv, history_json


def rows(*records):
    return list(csv.DictReader(io.StringIO(history_csv(records))))


def whole_set(**changes):
    made = set_of(make_assessment(), make_exercise(), done=MONDAY, source=SourceKind.VIDEO)
    return replace(made, number=7, **changes)


def test_there_is_a_row_for_each_repetition_and_rule_and_for_each_attempt():
    found = rows(whole_set())
    assert len(found) == 5 * 4 + 1
    first = found[0]
    assert (first["set"], first["rep"], first["code"]) == ("7", "1", "pelvic-drop")
    assert (first["value"], first["pm"], first["unit"], first["band"]) == ("3", "11.8", "°", "ok")
    assert first["done"] == "2026-03-02T18:00:00+02:00"
    assert found[-1]["complete"] == "no" and found[-1]["code"] == ""


def test_a_refused_set_has_one_row_that_says_so_and_no_repetition():
    felt = Felt(pain_after=3, note="knee")
    (found,) = rows(whole_set(verdict=Verdict.NOT_ASSESSABLE, instruction="Step back.", felt=felt))
    assert found["reason"] == "not assessable: Step back."
    assert (found["pain_after"], found["note"], found["pose_model"]) == (
        "3",
        "knee",
        whole_set().provenance.pose_model,
    )
    assert not any(found[name] for name in ("rep", "complete", "verdict_of_rep", "code", "band"))


def test_what_a_repetitions_row_tells_the_history_tells_too():
    assert {column.name for column in rep_columns.COLUMNS} - set(COLUMNS) == {"file"}


def test_an_empty_history_has_its_header():
    assert history_csv([]).strip() == ",".join(COLUMNS)
    assert json.loads(history_json([], []))["sets"] == []


@pytest.mark.parametrize("note", ["=1+1", "+cmd", "-2", "@x"])
def test_a_note_is_not_run_as_a_formula(note):
    assert rows(whole_set(felt=Felt(note=note)))[0]["note"] == f"'{note}"


def test_what_was_not_said_is_empty():
    first = rows(make_set(pain=(None, 3)))[0]
    assert (first["pain_before"], first["pain_after"], first["load_kg"]) == ("", "3", "")


def test_json_has_everything_and_no_nan():
    nan = float("nan")
    sets = [whole_set(coverage=nan, score=None)]
    steps = [Step("me", MONDAY, StepKind.START, "1.1")]
    document = json.loads(history_json(sets, steps), parse_constant=pytest.fail)
    assert document["format"] == "glutecam-history" and "diagnosis" in document["notice"]
    (kept,) = document["sets"]
    assert kept["coverage"] is None and kept["number"] == 7
    assert len(kept["reps"]) == 5 and kept["reps"][0]["findings"][0]["band"] == "ok"
    assert document["steps"][0] == {
        "subject": "me", "at": MONDAY.isoformat(), "kind": "start", "rung": "1.1", "note": "",
    }  # fmt: skip
