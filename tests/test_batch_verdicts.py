"""What the terminal says of the verdicts at the end of a batch, also where clips failed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from glutecam.batch.tables import SUMMARY_COLUMNS
from glutecam.cli.batch_verdicts import MOST_SETS, say_verdicts

DONE = {"status": "done", "set": "1", "sets": "1"}
ROWS = [
    {"file": "a.mp4", "reps": "4", "sides": "left", "verdict": "fine", **DONE},
    {"file": "b.mp4", "reps": "4", "sides": "right", "verdict": "fault", "faults": "GC101", **DONE},
    {"file": "c.mp4", "reps": "3", "sides": "left", "verdict": "inconclusive", **DONE},
    {"file": "d.mp4", "verdict": "not assessable", **DONE},
    {"file": "e.mp4", "status": "error", "error": "no video"},
    {"file": "f.mp4", "status": "not done"},
]


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def said(folder: Path, capsys: pytest.CaptureFixture[str], rows: list[dict[str, str]]) -> str:
    with (folder / "summary.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, SUMMARY_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    say_verdicts(folder / "summary.csv", "coach")
    return capsys.readouterr().out


def test_every_verdict_has_its_word_and_what_failed_is_told_elsewhere(tmp_path, capsys):
    told = said(tmp_path, capsys, ROWS)
    rows = [line.split() for line in told.splitlines() if line.strip()]
    assert rows[0] == ["clip", "reps", "side", "verdict", "faults"]
    assert ["a.mp4", "4", "left", "no", "fault"] in rows
    assert ["b.mp4", "4", "right", "improve", "GC101"] in rows
    assert ["c.mp4", "3", "left", "can't", "tell"] in rows
    assert ["d.mp4", "not", "assessed"] in rows
    assert "e.mp4" not in told and "f.mp4" not in told
    assert "4 sets: 1 no fault, 1 improve, 1 can't tell, 1 not assessed. “can't tell” is no" in told


def test_what_to_change_or_to_beware_of_stands_once_beneath_the_table(tmp_path, capsys):
    broken = {"warnings": "It breaks off at 5 s. Copy it again.", "verdict": "fine", **DONE}
    refused = {
        "file": "d.mp4",
        "verdict": "not assessable",
        "instruction": "Show both feet. Then go on.",
    }
    rows = [
        {"file": "a.mp4", **broken},
        {"file": "b.mp4", **broken},
        {**refused, "warnings": "Dim.", **DONE},
    ]
    told = said(tmp_path, capsys, rows)
    assert "a.mp4, b.mp4: It breaks off at 5 s.\nd.mp4: Show both feet.\n" in told


def test_sets_of_one_clip_have_their_number_and_many_are_only_counted(tmp_path, capsys):
    first = ROWS[0] | {"sets": "2"}
    told = said(tmp_path, capsys, [first, first | {"set": "2"}])
    assert ["a.mp4", "2", "4", "left", "no", "fault"] in [
        line.split() for line in told.splitlines()
    ]
    many = said(tmp_path, capsys, [ROWS[0]] * MOST_SETS + [ROWS[1]])
    assert many == f"{MOST_SETS + 1} sets: {MOST_SETS} no fault, 1 improve.\n"
    assert said(tmp_path, capsys, ROWS[4:]) == ""


def test_rows_of_one_file_are_told_apart_in_eighty_columns(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lying = {"exercise": "side-lying-hip-abduction", "faults": "GC101 GC102"}
    one = ROWS[0] | {"sides": "left right", "exercise": "step-down", "subject": "P07"}
    long = {"file": "clinic_of_the_town/monday_morning.mp4", "verdict": "not assessable"}
    told = said(tmp_path, capsys, [one, one | lying, one | long])
    rows = [line.split() for line in told.splitlines() if line.strip()]
    assert rows[0] == ["clip", "exercise", "reps", "side", "verdict", "faults"]
    assert rows[2][:3] == ["a.mp4", "step-down", "4"]
    assert "side-lying-hip" in told and "GC102" in told and "not assessed" in told
    assert max(map(len, told.splitlines())) <= 80
    told = said(tmp_path, capsys, [one, one | {"subject": "P08"}])
    rows = [line.split() for line in told.splitlines() if line.strip()]
    assert rows[0][:3] == ["clip", "subject", "reps"]
    assert [row[1] for row in rows[2:4]] == ["P07", "P08"]
