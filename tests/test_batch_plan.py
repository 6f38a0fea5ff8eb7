"""What a batch will do: folders, names and manifests."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from glutecam.batch import Clip, Job, plan
from glutecam.batch.lock import alone_in
from glutecam.batch.plan import readable
from glutecam.errors import InputError, OutputError, UnknownExerciseError
from tests.program import cut, touched


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


def test_landmarks_in_a_folder_are_said_to_be_left_out(tmp_path: Path) -> None:
    touched(tmp_path, "a.mp4", "a.npz", "sub/b.npz")
    planned = plan(tmp_path, "step-down")
    assert [clip.file for clip in planned.clips] == ["a.mp4"]
    assert planned.notes[0].startswith("2 files of landmarks (.npz) are left out")
    (tmp_path / "a.mp4").unlink()
    with pytest.raises(InputError, match=r"no video was found .* are left out"):
        plan(tmp_path, "step-down")


@pytest.mark.parametrize("exercise", [None, "step-down"])
def test_an_empty_file_is_said_to_be_empty_before_its_exercise_is_asked_for(
    tmp_path: Path, exercise: str | None
) -> None:
    (tmp_path / "nothing.mp4").touch()
    (clip,) = plan(tmp_path, exercise).clips
    assert clip.problem == "The file nothing.mp4 is empty (0 bytes): copy it again."


def test_all_that_is_wrong_with_a_row_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "nothing.mp4").touch()
    listed = tmp_path / "list.csv"
    listed.write_text("file,exercise,side\nnothing.mp4,step-dwon,lft\n", encoding="utf-8")
    (clip,) = plan(listed, None).clips
    told = str(clip.problem)
    assert told.startswith("Line 2 of the manifest: The side 'lft' is not left, right or auto.")
    assert "Did you mean 'left'?" in told and "Did you mean 'step-down'" in told
    assert told.endswith("The file nothing.mp4 is empty (0 bytes): copy it again.")
    # A row whose name holds no exercise, and none is given: as before, the file comes alone.
    assert plan(tmp_path, None).clips[0].problem == (
        "The file nothing.mp4 is empty (0 bytes): copy it again."
    )


def test_a_row_whose_file_is_no_video_says_its_line(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("not a video " * 20, encoding="utf-8")
    listed = tmp_path / "list.csv"
    listed.write_text("file,exercise\n\ntext.mp4,step-down\n", encoding="utf-8")
    (clip,) = plan(listed, None).clips
    done = Job(out=tmp_path / "out", model="full")(clip)
    assert done.state == "failed" and done.message.startswith("Line 3 of the manifest: ")
    assert "text.mp4" in done.message
    # The line is no part of what a clip is: a row that moves is not judged anew.
    assert replace(clip, where="line 9") == clip and replace(clip, where="line 9").id == clip.id


def test_ids_are_stable_and_never_leave_the_folder() -> None:
    here = Clip("../../etc/Päß wd.mp4", Path("x"), "step-down", "left")
    assert here.id == Clip("../../etc/Päß wd.mp4", Path("elsewhere"), "step-down", "left").id
    assert here.id.startswith("päß-wd-") and not set(here.id) & set('\\/:*?"<>|. ')
    others = [Clip("a/x.mp4", Path("x"), "step-down"), Clip("b/x.mp4", Path("x"), "step-down")]
    assert len({clip.id for clip in others}) == 2


def test_a_folder_of_results_keeps_the_letters_of_every_script() -> None:
    assert readable("day 1/Übung 1,50.mp4") == "übung-1-50"
    assert readable(unicodedata.normalize("NFD", "Übung 1,50.mp4")) == "übung-1-50"
    assert readable("шаг_вниз #2.mov") == "шаг-вниз-2" and readable("कदम.mp4") == "कदम"
    assert readable('<>:"|?*\x00.mp4') == "clip"
    # On disks that count 255 bytes of a name, with the digest behind it.
    assert len((readable("歩" * 300 + ".mp4") + "-0123456789").encode()) < 143


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
    assert "Listed more than once" in planned.notes[-1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no folder or manifest"),
        ("name,side\na.mp4,left\n", "no column 'file'"),
        ("", "list.csv is empty. Its first line names the columns"),
        (b"\x86\xff", "not written in UTF-8"),
        ("file,side\n", "names no clip"),
    ],
)
def test_a_manifest_that_is_none(tmp_path: Path, content: str | bytes | None, words: str) -> None:
    manifest = tmp_path / "list.csv"
    if content is not None:
        manifest.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=words):
        plan(manifest, "step-down")


@pytest.mark.parametrize("name", ["clip.mp4", "CLIP.MOV", "kept.npz"])
def test_one_recording_is_for_score(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"a clip")
    with pytest.raises(InputError, match="wants a folder") as told:
        plan(tmp_path / name, None)
    assert f"glutecam score {name}" in str(told.value)
    assert f"glutecam batch {tmp_path}" in str(told.value)


def test_a_misspelt_exercise_for_all_stops_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(UnknownExerciseError, match="Did you mean 'clamshell'"):
        plan(tmp_path, "clamshel")


# Workers that die


def test_a_column_that_is_almost_ours_is_an_error_and_another_is_a_note(tmp_path: Path) -> None:
    manifest = tmp_path / "list.csv"
    manifest.write_text("file,excercise\na.mp4,step-down\n")
    with pytest.raises(InputError, match="Did you mean 'exercise'"):
        plan(manifest, "clamshell")
    touched(tmp_path, "a.mp4")
    manifest.write_text("file,exercise,room\na.mp4,step-down,3\n")
    assert "room" in " ".join(plan(manifest, None).notes)


def test_an_open_quotation_mark_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    manifest = tmp_path / "list.csv"
    manifest.write_bytes(b'file,subject\r\na.mp4,"Anna\r\nb.mp4,Bob\r\n"c.mp4",Carl\r\n')
    with pytest.raises(InputError, match="near line"):
        plan(manifest, "step-down")


def test_one_clip_of_two_subjects_is_two_rows_and_one_listed_twice_is_named(tmp_path: Path) -> None:
    touched(tmp_path, "a.mp4")
    manifest = tmp_path / "list.csv"
    manifest.write_text("sep=;\nfile;subject;exercise\na.mp4;Anna;Step Down\n./a.mp4;Berta;step_down\n"
                        "a.mp4;Anna;step-down\n;Nobody;step-down\n")  # fmt: skip
    planned = plan(manifest, None)
    assert sorted(clip.subject for clip in planned.clips) == ["Anna", "Berta", "Nobody"]
    assert any("a.mp4" in line and "once" in line for line in planned.notes)
    assert "names no file" in str(next(c for c in planned.clips if c.subject == "Nobody").problem)


@pytest.mark.skipif(os.name == "nt", reason="names on Windows are always text")
def test_a_name_that_is_no_text_is_a_clip_like_any_other(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"step_down_M\xfcller.mp4")  # noqa: PTH118
    with open(path, "wb") as stream:  # noqa: PTH123
        stream.write(b"x")
    (clip,) = plan(tmp_path, None).clips
    assert clip.path.is_file()
    clip.file.encode()
    assert clip.id


def test_two_batches_do_not_share_a_folder(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(OutputError, match="Another batch"), alone_in(tmp_path):
        pass
    with alone_in(tmp_path):
        pass


def test_a_dry_run_says_what_would_be_done_and_does_nothing(
    sample_videos: Path, tmp_path: Path
) -> None:
    from typer.testing import CliRunner

    from glutecam.cli import app

    folder, out = tmp_path / "clinic", tmp_path / "out"
    folder.mkdir()
    (folder / "text.mp4").write_text("no video\n" * 90)
    cut(sample_videos / "step_down_clean_left.mp4", folder / "step_down_left.mp4", 4)
    (folder / "list.csv").write_text(
        "file,exercise,subject\nstep_down_left.mp4,step-down,P07\ngone.mp4,step-down,\n"
        "text.mp4,step-down,\n"
    )
    words = ["batch", str(folder / "list.csv"), "-o", str(out), "--dry-run"]
    done = CliRunner().invoke(app, words)
    # As the real run would, so that a script learns of it before the night.
    assert done.exit_code == 4, done.output
    lines = done.output.splitlines()
    assert lines[0].startswith("error      gone.mp4") and "is not there" in lines[0]
    assert lines[1] == "judge      step_down_left.mp4  (step-down, auto, P07)"
    assert lines[2].startswith("error      text.mp4") and "not a video" in lines[2]
    assert "3 clips: 2 error, 1 judge." in lines[3]
    assert not out.exists()
    (folder / "list.csv").write_text("file,exercise\nstep_down_left.mp4,step-down\n")
    assert CliRunner().invoke(app, words).exit_code == 0
