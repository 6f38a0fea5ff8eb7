"""``glutecam export`` and ``score --export``, as a person types them."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import figures
import pytest
from typer.testing import CliRunner, Result

from glutecam.cli import app
from glutecam.records.posefile import save_poses


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "300"})


@pytest.fixture
def landmarks(tmp_path: Path) -> Path:
    path = tmp_path / "clip.npz"
    save_poses(path, figures.squat_set(), model_name="full", source_name="clip.mp4", fps=30.0)
    return path


SQUAT = ("-x", "single-leg-squat", "--side", "right")


def test_score_writes_everything_that_was_asked_for(landmarks, tmp_path):
    names = ["a.mot", "a.trc", "a_frames.csv", "reps.csv"]
    asked = [part for name in names for part in ("--export", tmp_path / name)]
    done = run("score", landmarks, *SQUAT, *asked)
    assert done.exit_code == 0, done.output
    for name in names:
        assert (tmp_path / name).stat().st_size > 500
        assert f"{name}\n" in done.output


def test_every_missing_part_is_told_in_one_line_before_the_work(landmarks, tmp_path, monkeypatch):
    real = importlib.util.find_spec
    gone = {"fhir", "pyarrow", "playwright"}
    monkeypatch.setattr("importlib.util.find_spec", lambda n: None if n in gone else real(n))
    wanted = ("a.parquet", "a.json", "a.mot")
    exports = [part for name in wanted for part in ("--export", tmp_path / name)]
    done = run("score", landmarks, *SQUAT, *exports, "--pdf", tmp_path / "a.pdf")
    assert done.exit_code == 3
    assert "Parquet, FHIR and PDF needs" in done.output
    assert done.output.count("pip install") == 1
    assert "pip install 'glutecam[parquet,fhir,pdf]'" in done.output
    out = [part for name in wanted for part in ("--out", tmp_path / name)]
    again = run("export", tmp_path / "none.json", *out)
    assert (again.exit_code, again.output.count("glutecam[parquet,fhir]")) == (3, 1)
    assert list(tmp_path.iterdir()) == [landmarks]


def test_a_result_and_its_landmarks_give_the_same_files(landmarks, tmp_path):
    result = tmp_path / "r.json"
    assert run("score", landmarks, *SQUAT, "--json", result).exit_code == 0
    one, two = tmp_path / "1" / "a.mot", tmp_path / "2" / "a.mot"
    one.parent.mkdir()
    two.parent.mkdir()
    assert run("export", result, "-o", one).exit_code == 0
    assert run("export", landmarks, *SQUAT, "-o", two).exit_code == 0
    assert one.read_bytes() == two.read_bytes()


def test_subject_and_time_reach_fhir(landmarks, tmp_path):
    pytest.importorskip("fhir.resources")
    out = tmp_path / "o.json"
    done = run("export", landmarks, *SQUAT, "-o", out, "--subject", "P07",
               "--recorded", "2026-11-03T10:30:00")  # fmt: skip
    assert done.exit_code == 0, done.output
    first = json.loads(out.read_text(encoding="utf-8"))["entry"][1]["resource"]
    assert first["subject"]["identifier"]["value"] == "P07"
    assert first["effectiveDateTime"].startswith("2026-11-03T10:30:00")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "a.txt"), "ends in none of"),
        (("-o", "a.mot"), "--exercise"),
        (("-o", "a.csv", "-o", "b.csv", "--to", "frames"), "one --out"),
        (("-o", "nowhere/a.trc"), "no folder"),
    ],
)
def test_what_cannot_be_is_told(landmarks, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    done = run("export", landmarks, *words)
    assert done.exit_code == 2
    assert told in done.output


def test_nothing_is_written_where_one_of_several_cannot_be_made(landmarks, tmp_path):
    result, one, two = (tmp_path / name for name in ("r.json", "p.mot", "p.trc"))
    assert run("score", landmarks, *SQUAT, "--json", result).exit_code == 0
    done = run("export", result, "-o", one, "-o", two)
    assert done.exit_code == 2 and "trc is made from landmarks" in done.output
    assert not one.exists() and not two.exists()
    # The mended command is not refused for what the first one left.
    assert run("export", result, "-o", one).exit_code == 0


def test_a_video_is_sent_to_score(tmp_path):
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"x")
    done = run("export", clip, "-o", tmp_path / "a.mot")
    assert done.exit_code == 2
    assert "glutecam score" in done.output


def test_nothing_is_replaced_without_force(landmarks, tmp_path):
    out = tmp_path / "a.trc"
    out.write_text("mine")
    assert run("export", landmarks, "-o", out).exit_code == 2
    assert out.read_text() == "mine"
    assert run("export", landmarks, "-o", out, "--force").exit_code == 0
    assert out.read_text().startswith("PathFileType")
