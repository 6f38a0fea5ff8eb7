"""What a batch reads from names of files and from manifests; how it tells its pace."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from glutecam.batch import plan
from glutecam.batch.pace import Pace
from glutecam.batch.pattern import NamePattern
from glutecam.errors import InputError
from tests.program import touched

PATTERN = "{subject}_{visit}_{exercise}_{side}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("P07_2_step_down_left.mp4", ("P07", "2", "step-down", "left")),
        ("P 07_v2_Single-Leg-Squat_R.MOV", ("P 07", "v2", "single-leg-squat", "right")),
        (
            "x/P07_2_side lying hip abduction_L.mp4",
            ("P07", "2", "side-lying-hip-abduction", "left"),
        ),
    ],
)
def test_names_are_read_as_the_clinic_writes_them(tmp_path: Path, name: str, said: tuple) -> None:
    touched(tmp_path, name)
    (clip,) = plan(tmp_path, None, pattern=PATTERN).clips
    assert clip.problem is None
    assert (clip.subject, clip.visit, clip.exercise, clip.side) == said


def test_folders_may_be_part_of_a_name(tmp_path: Path) -> None:
    touched(tmp_path, "P07/visit 3/clamshell.mp4", "P08/1/clamshell_left_redone.mp4")
    planned = plan(tmp_path, "clamshell", pattern="{subject}/visit {visit}/{}")
    first, other = planned.clips
    assert (first.subject, first.visit, first.exercise) == ("P07", "3", "clamshell")
    assert "does not fit the pattern" in str(other.problem)


def test_a_name_that_does_not_fit_is_a_row_and_stops_nothing(tmp_path: Path) -> None:
    touched(
        tmp_path, "P07_2_step_down_left.mp4", "P07_2_stepdwon_left.mp4", "P_07_2_step_down_left.mp4"
    )
    problems = {c.file: c.problem for c in plan(tmp_path, None, pattern=PATTERN).clips}
    assert [bool(problem) for problem in problems.values()] == [False, True, True]
    assert "Did you mean 'step-down'" in str(problems["P07_2_stepdwon_left.mp4"])
    assert "does not fit the pattern" in str(problems["P_07_2_step_down_left.mp4"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "P06_v1_stepdown_left.mp4",
            "The exercise 'stepdown' is not known. Did you mean 'step-down'",
        ),
        (
            "P06_v1_step_down_lft.mp4",
            "The side 'lft' is not left, right or auto. Did you mean 'left'?",
        ),
        ("P06_v1_beach_left.mp4", "does not fit the pattern"),
    ],
)
def test_a_misspelt_word_in_a_name_is_told_as_that(tmp_path: Path, name: str, said: str) -> None:
    touched(tmp_path, name)
    (clip,) = plan(tmp_path, None, pattern=PATTERN).clips
    assert said in str(clip.problem)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{subjet}_{side}", "Did you mean '{subject}'"),
        ("{side}_{side}", "twice"),
        ("clip", "names no field"),
        ("{}", "names no field"),
    ],
)
def test_a_pattern_that_is_none(pattern: str, words: str) -> None:
    with pytest.raises(InputError, match=words.replace("{", r"\{")):
        NamePattern(pattern)


def test_a_pattern_and_a_manifest_are_too_much(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("file\na.mp4\n")
    with pytest.raises(InputError, match="leave --pattern out"):
        plan(tmp_path / "list.csv", "clamshell", pattern=PATTERN)


# Manifests


def test_visit_and_notes_are_read_and_problems_say_the_line(tmp_path: Path) -> None:
    touched(tmp_path, "a.mp4")
    (tmp_path / "list.csv").write_text(
        "file,subject,exercise,side,visit,notes\n"
        "a.mp4,P07,clamshell,left,2,first\n"
        "a.mp4,P07,clamshell,left,3,\n"
        "b.mp4,P07,clamshell,both,2,\n"
        "a.mp4,P08,clamshel,left,2,\n"
    )
    planned = plan(tmp_path / "list.csv", None)
    good = [clip for clip in planned.clips if clip.problem is None]
    assert [(clip.visit, clip.notes) for clip in sorted(good, key=lambda c: c.visit)] == [
        ("2", "first"), ("3", ""),
    ]  # fmt: skip
    assert len({clip.id for clip in good}) == 2
    problems = sorted(str(clip.problem) for clip in planned.clips if clip.problem)
    assert problems[0].startswith("Line 4 of the manifest: The side 'both'")
    assert (
        problems[1].startswith("Line 5 of the manifest: The exercise")
        and "clamshell" in problems[1]
    )


def test_a_column_that_is_there_twice_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("file,visit,visit\na.mp4,1,2\n")
    with pytest.raises(InputError, match="two columns 'visit'"):
        plan(tmp_path / "list.csv", "clamshell")


def test_a_parquet_manifest_says_the_same_as_a_csv(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    touched(tmp_path, "a.mp4", "b.mp4")
    columns = {
        "file": ["a.mp4", "b.mp4", None, "gone.mp4"],
        "exercise": ["clamshell", "step_down", "clamshell", "clamshell"],
        "side": ["L", None, None, None],
        "subject": ["P07", "P08", "P09", "P10"],
        # pandas makes floats of whole numbers with a gap.
        "visit": [1.0, 2.0, math.nan, 4.0],
        "notes": [None, "sore", "x", "y"],
        "seen": [date(2026, 1, 2)] * 4,
    }
    path = tmp_path / "list.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    planned = plan(path, None)
    said = {c.subject: (c.exercise, c.side, c.visit, c.notes, c.problem) for c in planned.clips}
    assert said["P07"] == ("clamshell", "left", "1", "", None)
    assert said["P08"] == ("step-down", "auto", "2", "sore", None)
    assert said["P09"][-1] == "Row 3 of the manifest names no file."
    assert str(said["P10"][-1]).startswith("Row 4 of the manifest: The file gone.mp4 is not there")
    assert any("seen" in note for note in planned.notes)


def test_a_parquet_file_that_is_none_is_told(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "list.parquet"
    path.write_bytes(b"file,exercise\n")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        plan(path, None)


# Pace


def test_the_pace_counts_what_was_computed() -> None:
    pace = Pace(clips=100, finished=40, kept=25, failed=5, video_s=600.0, took_s=300.0)
    assert pace.clips_per_h == pytest.approx(120.0)
    assert pace.video_min_per_min == pytest.approx(2.0)
    assert pace.left_s == pytest.approx(60 * 30.0)
    assert str(pace) == "5 failed, 120 clips/h, 2.0 min of video a minute, about 30 min left"


def test_clips_that_failed_or_are_unchanged_promise_no_end() -> None:
    assert str(Pace(clips=9, finished=3, kept=2, failed=1, video_s=0.0, took_s=13.0)) == "1 failed"


def test_the_pace_is_silent_as_long_as_nothing_is_known() -> None:
    assert str(Pace(10, 4, 4, 0, 0.0, 1.0)) == ""
    assert str(Pace(10, 10, 0, 0, 0.0, 3600.0)) == "10 clips/h"
