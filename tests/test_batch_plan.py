"""What a batch will do: folders, names and manifests."""

from __future__ import annotations

from pathlib import Path

import pytest

from glutecam.batch import Clip, plan
from glutecam.errors import InputError, UnknownExerciseError
from tests.program import touched


def test_a_folder_is_searched_but_not_hidden_files_or_earlier_results(tmp_path: Path) -> None:
    touched(tmp_path, "b.MP4", "sub/a.mov", "._b.mp4", ".trash/c.mp4", "out/clips/v.mp4", "n.txt")
    planned = plan(tmp_path, "step-down", skip=tmp_path / "out")
    assert [clip.file for clip in planned.clips] == ["b.MP4", "sub/a.mov"]
    assert {clip.exercise for clip in planned.clips} == {"step-down"}
    assert planned.notes == ()


def test_the_name_of_a_file_says_exercise_and_side_only_where_it_is_clear(tmp_path: Path) -> None:
    touched(
        tmp_path,
        "Step_Down anna RIGHT.mp4",
        "clamshell_step-down.mp4",
        "single-leg-squat_left_right.mp4",
        "stepdown.mp4",
    )
    planned = plan(tmp_path, None)
    found = {clip.file: (clip.exercise, clip.side, bool(clip.problem)) for clip in planned.clips}
    assert found == {
        "Step_Down anna RIGHT.mp4": ("step-down", "right", False),
        "clamshell_step-down.mp4": ("", "auto", True),
        "single-leg-squat_left_right.mp4": ("single-leg-squat", "auto", False),
        "stepdown.mp4": ("", "auto", True),
    }
    assert "2 clips" in planned.notes[0]


def test_ids_are_stable_and_never_leave_the_folder() -> None:
    here = Clip("../../etc/Päß wd.mp4", Path("x"), "step-down", "left")
    assert here.id == Clip("../../etc/Päß wd.mp4", Path("elsewhere"), "step-down", "left").id
    assert set(here.id) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    others = [Clip("a/x.mp4", Path("x"), "step-down"), Clip("b/x.mp4", Path("x"), "step-down")]
    assert len({clip.id for clip in others}) == 2


def test_a_manifest_as_spreadsheets_write_it(tmp_path: Path) -> None:
    touched(tmp_path, "clips/a.mp4", "clips/b.mp4")
    manifest = tmp_path / "list.csv"
    manifest.write_text(
        "\ufeffFile;Exercise;Side;Subject;Remark\r\n"
        "clips/a.mp4;step_down;L;P01;first\r\n"
        "clips\\b.mp4;;;P02;\r\n"
        ";;;;\r\n"
        "clips/none.mp4;step-down;left;P03;\r\n"
        "clips/a.mp4;step-dwon;left;P04;\r\n"
        "clips/a.mp4;clamshell;both;P05;\r\n"
        "clips/a.mp4;step_down;left;P01;again\r\n",
        encoding="utf-8",
    )
    planned = plan(manifest, "single-leg-squat", "right")
    by_subject = {clip.subject: clip for clip in planned.clips}
    assert (by_subject["P01"].exercise, by_subject["P01"].side) == ("step-down", "left")
    assert (by_subject["P02"].exercise, by_subject["P02"].side) == ("single-leg-squat", "right")
    assert by_subject["P02"].path == tmp_path / "clips" / "b.mp4"
    assert "clips/none.mp4 is not there" in str(by_subject["P03"].problem)
    assert "Did you mean 'step-down'" in str(by_subject["P04"].problem)
    assert "'both'" in str(by_subject["P05"].problem)
    assert "listed twice" in planned.notes[-1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no folder or manifest"),
        ("name,side\na.mp4,left\n", "no column 'file'"),
        ("", "Nothing to do"),
    ],
)
def test_a_manifest_that_is_none(tmp_path: Path, content: str | None, words: str) -> None:
    manifest = tmp_path / "list.csv"
    if content is not None:
        manifest.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        plan(manifest, "step-down")


def test_a_misspelt_exercise_for_all_stops_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(UnknownExerciseError, match="Did you mean 'clamshell'"):
        plan(tmp_path, "clamshel")


# Workers that die
