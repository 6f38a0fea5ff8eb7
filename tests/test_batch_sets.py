"""Long clips in a batch: each set its own rows; visit and notes, log, database. On made-up landmarks."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import figures
import pytest
from core.test_cutting import joined, nobody, standing
from program import one_by_one

from glutecam.batch import LOG, Job, Totals, plan, run_batch
from glutecam.batch.clip import folder_of, read_record
from glutecam.core.poses import PoseSeries
from glutecam.errors import HistoryError
from glutecam.records.posefile import save_poses
from glutecam.records.schema import AssessmentDocument

TABLES = ("summary.csv", "reps.csv")


def written(path: Path, poses: PoseSeries) -> Path:
    save_poses(path, poses, model_name="exact", source_name="made up", fps=30.0)
    return path


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two recordings: one with three sets, one with one; a broken one, and a list of them."""
    folder = tmp_path_factory.mktemp("clinic")
    right = figures.squat_set(depths=[68.0] * 3, drops=[0.0, 30.0, 0.0])
    left = figures.squat_set(depths=[68.0] * 2, left=True)
    written(folder / "long.npz", joined(right, standing(10.0), left, nobody(6.0), right))
    written(folder / "short.npz", right)
    (folder / "broken.npz").write_bytes(b"no landmarks")
    (folder / "list.csv").write_text(
        "file,subject,exercise,side,visit,notes\n"
        'long.npz,P07,single-leg-squat,,2,"after the holidays, =1+1"\n'
        "short.npz,P08,single-leg-squat,right,1,=SUM(A1)\n"
        "broken.npz,P09,single-leg-squat,,3,gone\n",
        encoding="utf-8",
    )
    return folder


def run(clinic: Path, out: Path, database: str = "", **how: object) -> tuple[Totals, list[str]]:
    states: list[str] = []
    clips = plan(clinic / "list.csv", None).clips
    job = Job(out, **how)  # type: ignore[arg-type]
    totals = run_batch(
        clips, job, one_by_one, lambda _, __, done: states.append(done.state), database
    )
    return totals, states


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def results(clinic: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("results")
    run(clinic, out)
    return out


def test_every_set_is_a_row_with_its_place_side_visit_and_notes(results: Path) -> None:
    rows = table(results / "summary.csv")
    assert [(r["file"], r["set"], r["sets"], r["sides"], r["reps"]) for r in rows] == [
        ("broken.npz", "", "", "", ""),
        ("long.npz", "1", "3", "right", "3"),
        ("long.npz", "2", "3", "left", "2"),
        ("long.npz", "3", "3", "right", "3"),
        ("short.npz", "1", "1", "right", "3"),
    ]
    assert [r["visit"] for r in rows] == ["3", "2", "2", "2", "1"]
    assert {r["notes"] for r in rows[1:4]} == {"after the holidays, =1+1"}
    # A spreadsheet shall not run it.
    assert rows[4]["notes"] == "'=SUM(A1)"
    assert rows[0]["status"] == "error"
    for before, after in pairwise(rows[1:4]):
        assert float(before["end_s"]) < float(after["start_s"])
    reps = table(results / "reps.csv")
    assert [(r["file"], r["set"], r["rep"], r["visit"]) for r in reps[:5]] == [
        ("long.npz", "1", "1", "2"), ("long.npz", "1", "2", "2"), ("long.npz", "1", "3", "2"),
        ("long.npz", "2", "1", "2"), ("long.npz", "2", "2", "2"),
    ]  # fmt: skip
    for rep in reps[:8]:
        (row,) = [r for r in rows if (r["file"], r["set"]) == (rep["file"], rep["set"])]
        assert float(row["start_s"]) < float(rep["start_s"]) < float(rep["end_s"])
        assert float(rep["end_s"]) <= float(row["end_s"])


def test_the_columns_that_were_there_are_where_they_were(results: Path) -> None:
    head = (results / "summary.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert head[:3] == ["file", "subject", "exercise"] and head[20] == "results"
    assert head[21:28] == ["visit", "notes", "set", "sets", "start_s", "end_s", "assessment"]
    assert head[28:] == ["score_low", "score_high"]
    head = (results / "reps.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert head[-3:] == ["visit", "notes", "set"]


def test_every_set_has_an_assessment_that_says_which_it_is(results: Path) -> None:
    rows = table(results / "summary.csv")[1:]
    assert [row["sets"] for row in rows] == ["3", "3", "3", "1"]
    for row in rows:
        text = (results / row["assessment"]).read_text(encoding="utf-8")
        document = AssessmentDocument.model_validate_json(text)
        assert document.visit == row["visit"]
        assert [side.value for side in document.assessment.sides] == row["sides"].split()
        if row["sets"] == "1":
            assert document.set is None
        else:
            assert document.set is not None
            assert (document.set.number, document.set.of) == (int(row["set"]), 3)
            assert document.assessment.time_s[0] == pytest.approx(document.set.start_s, abs=1e-3)


def test_a_second_run_computes_nothing_and_writes_the_same_bytes(
    clinic: Path, results: Path, tmp_path: Path
) -> None:
    run(clinic, tmp_path)
    before = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    totals, states = run(clinic, tmp_path)
    assert sorted(states) == ["failed", "kept", "kept"]
    assert totals.finished == 3
    for path, content in before.items():
        if path.name != LOG:
            assert (tmp_path / path).read_bytes() == content, path
    for name in TABLES:
        assert (results / name).read_bytes() == (tmp_path / name).read_bytes()


def test_other_notes_are_in_the_rows_without_the_pose_model(clinic: Path, tmp_path: Path) -> None:
    clip = replace(plan(clinic / "list.csv", None).clips[1], notes="before")
    assert Job(tmp_path)(clip).state == "new"
    assert Job(tmp_path)(replace(clip, notes="after")).state == "rescored"
    assert len(list(folder_of(tmp_path, clip).glob("assessment*.json"))) == 3


def test_fewer_sets_leave_no_assessment_of_the_sets_before(clinic: Path, tmp_path: Path) -> None:
    clip = plan(clinic / "list.csv", None).clips[1]
    Job(tmp_path)(clip)
    copy = written(tmp_path / "other.npz", figures.squat_set(depths=[68.0] * 3))
    Job(tmp_path)(replace(clip, path=copy))
    names = sorted(path.name for path in folder_of(tmp_path, clip).iterdir())
    assert names == ["assessment.json", "clip.json", "poses.npz"]


# The log


def test_the_log_has_a_line_for_everything_that_happened(clinic: Path, tmp_path: Path) -> None:
    run(clinic, tmp_path)
    with (tmp_path / LOG).open("ab") as stream:
        stream.write(b'{"time": "half a li')  # as SIGKILL leaves it
    run(clinic, tmp_path)
    lines = (tmp_path / LOG).read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines if not line.endswith("half a li")]
    assert len(told) == len(lines) - 1
    events = [line["event"] for line in told]
    assert events == [
        "begin",
        "failed",
        "new",
        "new",
        "end",
        "begin",
        "failed",
        "kept",
        "kept",
        "end",
    ]
    for line in told:
        assert set(line) >= {"time", "level", "clip", "event", "seconds", "error"}
        assert line["time"].endswith("+00:00")
    failed = told[1]
    assert failed["level"] == "ERROR" and failed["clip"] == "broken.npz"
    assert "not a glutecam recording" in failed["error"]
    assert told[2]["result"].startswith("3 sets: ") and told[2]["seconds"] > 0


# The database


def rows_of(place: Path, table: str) -> list[dict[str, object]]:
    connection = sqlite3.connect(place)
    connection.row_factory = sqlite3.Row
    found = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
    connection.close()
    return found


PARTS = ("runs", "clips", "sets", "reps", "findings")


def counts(place: Path) -> dict[str, int]:
    return {part: len(rows_of(place, f"glutecam_batch_{part}")) for part in PARTS}


def test_the_database_holds_what_the_tables_do(clinic: Path, tmp_path: Path) -> None:
    out, place = tmp_path / "out", tmp_path / "clinic.sqlite"
    run(clinic, out, str(place))
    reps = table(out / "reps.csv")
    assert counts(place) == {
        "runs": 1, "clips": 3, "sets": 4, "reps": len(reps),
        "findings": sum(bool(v) for r in reps for n, v in r.items() if n.endswith("_band")),
    }  # fmt: skip
    clips = {row["file"]: row for row in rows_of(place, "glutecam_batch_clips")}
    assert clips["long.npz"]["visit"] == "2" and clips["short.npz"]["notes"] == "=SUM(A1)"
    assert clips["broken.npz"]["status"] == "error"
    (row,) = [r for r in table(out / "summary.csv") if (r["file"], r["set"]) == ("long.npz", "2")]
    (kept,) = [
        r
        for r in rows_of(place, "glutecam_batch_sets")
        if (r["clip_id"], r["number"]) == (clips["long.npz"]["id"], 2)
    ]
    assert (kept["verdict"], kept["sides"]) == (row["verdict"], "left")
    assert kept["start_s"] == float(row["start_s"]) and kept["reps"] == int(row["reps"])
    drops = [r for r in rows_of(place, "glutecam_batch_findings") if r["code"] == "GC101"]
    assert sorted(round(float(str(r["value"])), 4) for r in drops) == sorted(
        float(r["GC101_value"]) for r in reps if r["GC101_value"]
    )


def test_going_on_doubles_nothing_and_changes_what_has_changed(
    clinic: Path, tmp_path: Path
) -> None:
    out, place = tmp_path / "out", tmp_path / "clinic.sqlite"
    run(clinic, out, str(place))
    before = counts(place)
    ids = {row["id"] for row in rows_of(place, "glutecam_batch_clips")}
    run(clinic, out, str(place))
    assert counts(place) == before
    assert {row["id"] for row in rows_of(place, "glutecam_batch_clips")} == ids
    run(clinic, out, str(place), strict=True)
    assert counts(place) == before
    # Another folder of results is another run.
    run(clinic, tmp_path / "other", str(place))
    assert counts(place) == {part: 2 * number for part, number in before.items()}


def test_the_line_of_a_kept_error_is_that_of_the_present_list(clinic: Path, tmp_path: Path) -> None:
    for name in ("short.npz", "broken.npz"):
        shutil.copy(clinic / name, tmp_path / name)
    listed, out, place = tmp_path / "list.csv", tmp_path / "out", tmp_path / "clinic.sqlite"
    rows = ["short.npz,single-leg-squat", "broken.npz,single-leg-squat"]

    def error_of(*lines: str) -> tuple[str, ...]:
        listed.write_text("\n".join(("file,exercise", *lines)), encoding="utf-8")
        run(tmp_path, out, str(place))
        (clip,) = (c for c in plan(listed, None).clips if c.file == "broken.npz")
        (row,) = (r for r in table(out / "summary.csv") if r["file"] == "broken.npz")
        stored = (r for r in rows_of(place, "glutecam_batch_clips") if r["file"] == "broken.npz")
        log = map(json.loads, (out / LOG).read_text(encoding="utf-8").splitlines())
        *_, logged = (line["error"] for line in log if line["event"] == "failed")
        assert logged == row["error"] == Job(out).error_before(clip)
        return row["error"], *(str(each["error"]) for each in stored)

    (first, second) = error_of(*rows)
    assert first == second and first.startswith("Line 3 of the manifest: ")
    assert error_of("", "", *reversed(rows)) == (first.replace("Line 3", "Line 4"),) * 2
    # What an older program kept has its line in the text.
    record = folder_of(out, plan(listed, None).clips[0]) / "clip.json"
    kept = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps(kept | {"error": first}), encoding="utf-8")
    assert error_of(*reversed(rows)) == (first.replace("Line 3", "Line 2"),) * 2


def test_what_was_done_without_the_database_is_brought_in_later(
    clinic: Path, tmp_path: Path
) -> None:
    out, place = tmp_path / "out", tmp_path / "clinic.sqlite"
    run(clinic, out)
    _, states = run(clinic, out, str(place))
    assert sorted(states) == ["failed", "kept", "kept"]
    assert counts(place)["sets"] == 4


def test_a_database_that_goes_away_costs_no_result(
    clinic: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from glutecam.batch import stored
    from glutecam.records.batch_store import BatchStore

    def gone(*_: object) -> None:
        raise HistoryError("it is gone")

    monkeypatch.setattr(stored, "_WAITS_S", (0.0,))
    out, place = tmp_path / "out", tmp_path / "clinic.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr(BatchStore, "_put", gone)
        totals, states = run(clinic, out, str(place))
    assert states == ["failed", "new", "new"]
    assert "gone" in str(totals.trouble)
    assert len(table(out / "summary.csv")) == 5
    assert json.loads((out / LOG).read_text().splitlines()[-1])["error"] == "it is gone"
    totals, states = run(clinic, out, str(place))
    assert totals.trouble is None and states == ["failed", "kept", "kept"]
    assert counts(place)["clips"] == 3


def test_a_database_that_cannot_be_opened_is_told_before_the_work(
    clinic: Path, tmp_path: Path
) -> None:
    (tmp_path / "not.sqlite").write_text("a letter to the editor, and not a database at all " * 30)
    with pytest.raises(HistoryError, match="not a database"):
        run(clinic, tmp_path / "out", str(tmp_path / "not.sqlite"))
    assert not (tmp_path / "out" / "clips").exists()


def test_a_record_of_an_earlier_version_is_read_for_its_landmarks(
    clinic: Path, tmp_path: Path
) -> None:
    clip = plan(clinic / "list.csv", None).clips[2]
    Job(tmp_path)(clip)
    path = folder_of(tmp_path, clip) / "clip.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    (one,) = record.pop("sets")
    old = {**record, "format": 1, "summary": one["summary"], "reps": one["reps"]}
    old["keys"]["judgement"] = "of an earlier program"
    path.write_text(json.dumps(old), encoding="utf-8")
    assert Job(tmp_path)(clip).state == "rescored"
    record = read_record(tmp_path, clip)
    assert record is not None and record["format"] == 2
