from __future__ import annotations

import json
import math
import os
from dataclasses import replace

import pytest
from builders import make_assessment, make_exercise
from sets import MONDAY

from glutecam.core.sets import Felt, SourceKind, set_of
from glutecam.errors import InputError
from glutecam.records.export import write_json
from glutecam.records.imported import read_result


@pytest.fixture
def result(tmp_path):
    path = tmp_path / "result.json"
    write_json(path, make_assessment(), make_exercise(), file="clip.mp4")
    return path


def test_a_result_file_holds_the_same_set(result):
    direct = set_of(
        make_assessment(), make_exercise(), done=MONDAY, source=SourceKind.RESULT, key="k"
    )
    read = read_result(result, done=MONDAY)
    assert repr(replace(read, key="k")) == repr(direct)


def test_a_result_of_older_rules_reads_what_stands_in_it(result):
    told = json.loads(result.read_text(encoding="utf-8"))
    first, *others = told["assessment"]["reps"]
    assert first["band"] != "inconclusive"
    first["band"] = "inconclusive"
    result.write_text(json.dumps(told), encoding="utf-8")
    bands = [rep.band.value for rep in read_result(result).reps]
    assert bands == ["inconclusive", *(rep["band"] for rep in others)]


def test_the_same_file_has_the_same_key_for_the_same_person(result):
    assert read_result(result).key == read_result(result, felt=Felt(1, 1)).key
    assert read_result(result).key != read_result(result, subject="P07").key


def test_the_file_dates_the_set_where_nobody_does(result):
    os.utime(result, (MONDAY.timestamp(), MONDAY.timestamp()))
    assert read_result(result).done == MONDAY
    assert read_result(result).done.tzinfo is not None


def test_the_subject_of_the_file_is_kept(tmp_path):
    path = tmp_path / "result.json"
    write_json(path, make_assessment(), make_exercise(), subject="P07")
    assert read_result(path).subject == "P07"
    assert read_result(path, subject="P08").subject == "P08"


def test_null_becomes_not_seen(result):
    document = json.loads(result.read_text(encoding="utf-8"))
    document["assessment"]["reps"][0]["findings"][0]["value"] = None
    result.write_text(json.dumps(document), encoding="utf-8")
    assert math.isnan(read_result(result).reps[0].findings[0].value)


@pytest.mark.parametrize("content", ["", "{}", "[1, 2]", '{"schema_version": 2}', "\x00\xff"])
def test_other_files_are_refused_with_what_to_do(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(InputError, match="--json") as caught:
        read_result(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"There is no file .*no\.json. Check the spelling"):
        read_result(tmp_path / "no.json")
    with pytest.raises(InputError, match="cannot be read"):
        read_result(tmp_path)
