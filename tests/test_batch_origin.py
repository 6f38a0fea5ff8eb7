"""What a batch says of the file that was filmed: a history knows it again, and under pseudonyms nobody does."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import figures
import pytest
from program import ran_here

from glutecam.batch.places import written
from glutecam.records.origin import Origin
from glutecam.records.posefile import load_poses, save_poses

pytestmark = pytest.mark.usefixtures("no_workers")
ORIGIN = Origin("ab" * 32, datetime(2026, 1, 5, 9, 30, tzinfo=timezone(timedelta(hours=1))))


@pytest.fixture
def filmed(tmp_path: Path) -> Path:
    """Landmarks that say which file they were made from, in a folder to judge."""
    path = tmp_path / "clinic" / "single-leg-squat.npz"
    path.parent.mkdir()
    squats = figures.squat_set(depths=[70.0] * 3)
    save_poses(path, squats, model_name="exact", source_name="a.mp4", fps=30.0, origin=ORIGIN)
    (path.parent / "list.csv").write_text("file,exercise\nsingle-leg-squat.npz,single-leg-squat\n")
    return path


def batch(filmed: Path, out: Path, *words: object) -> tuple[dict, Path]:
    listed = filmed.with_name("list.csv")
    code, _, err = ran_here("batch", listed, "--out", out, "--workers", 1, "--offline", *words)
    assert code == 0, err
    (result,) = out.glob("clips/*/assessment.json")
    return json.loads(result.read_text(encoding="utf-8")), result


def test_a_set_of_a_batch_and_of_score_is_one_set_of_the_history(
    filmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUTECAM_HISTORY", str(tmp_path / "history.sqlite"))
    told, result = batch(filmed, tmp_path / "out")
    assert told["recording"]["sha256"] == ORIGIN.sha256
    assert datetime.fromisoformat(told["recording"]["filmed"]) == ORIGIN.filmed
    assert load_poses(result.with_name("poses.npz")).origin == ORIGIN
    code, _, err = ran_here("history", "add", result)
    assert code == 0, err
    code, _, err = ran_here("score", filmed, "-x", "single-leg-squat", "--save")
    assert code == 2 and "kept already, as number 1" in err


def test_a_recording_dated_ahead_is_told_in_the_row_and_not_in_the_landmarks(
    tmp_path: Path,
) -> None:
    path = tmp_path / "clinic" / "single-leg-squat.npz"
    path.parent.mkdir()
    ahead = Origin("ab" * 32, datetime.now().astimezone() + timedelta(days=40))
    squats = figures.squat_set(depths=[70.0] * 3)
    save_poses(path, squats, model_name="exact", source_name="a.mp4", fps=30.0, origin=ahead)
    (path.parent / "list.csv").write_text("file,exercise\nsingle-leg-squat.npz,single-leg-squat\n")
    told, result = batch(path, tmp_path / "out")
    dated = f"The file is dated {ahead.filmed:%Y-%m-%d %H:%M}, which has not come yet"
    assert [dated in warning for warning in told["assessment"]["warnings"]].count(True) == 1
    assert dated in (tmp_path / "out" / "summary.csv").read_text("utf-8")
    assert not load_poses(result.with_name("poses.npz")).warnings


def test_under_pseudonyms_neither_result_nor_landmarks_tell_it(
    filmed: Path, tmp_path: Path
) -> None:
    told, result = batch(filmed, tmp_path / "out", "--pseudonyms", tmp_path / "key.csv")
    assert told["recording"] is None
    assert load_poses(result.with_name("poses.npz")).origin is None


@pytest.mark.parametrize(
    "stamp",
    [
        "4711 1767601800000000000",
        '{"mtime": "1767601800.0", "size": "4711"}',
        '{"LastModified": "2026-01-05 08:30:00+00:00"}',
        '{"LastModified": "2026-01-05 08:30:00"}',
        '{"updated": "2026-01-05T08:30:00Z"}',
        '{"ETag": "x", "Last-Modified": "Mon, 05 Jan 2026 08:30:00 GMT"}',
    ],
)
def test_every_store_says_in_its_own_words_when_a_file_was_written(stamp: str) -> None:
    assert written(stamp) == ORIGIN.filmed


@pytest.mark.parametrize("stamp", ["", '{"size": "4711"}', '{"Last-Modified": "yesterday"}'])
def test_a_store_that_does_not_say_it_gets_no_made_up_date(stamp: str) -> None:
    assert written(stamp) is None
