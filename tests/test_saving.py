"""``live`` keeps its set and ``score --save`` does; the programme ends a set in time."""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import make_assessment, make_exercise
from figures import squat_set
from sets import MONDAY
from typer.testing import CliRunner, Result

from glutecam import exercises
from glutecam.cli import app, saving
from glutecam.cli.saving import Saving
from glutecam.core.assessment import Assessment, Gate, GateCode
from glutecam.core.programme import Step, StepKind
from glutecam.core.sets import Felt, SourceKind
from glutecam.errors import HistoryError, InputError
from glutecam.records.history import History
from glutecam.records.origin import Origin, earlier_keys
from glutecam.records.posefile import save_poses
from glutecam.settings import Settings

NOTHING = (None, None, None, None)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GLUTECAM_HISTORY", str(tmp_path / "history.sqlite"))
    return tmp_path / "history.sqlite"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "kept.npz"
    save_poses(path, squat_set(), model_name="full", source_name="clip.mp4", fps=30.0)
    os.utime(path, (MONDAY.timestamp(), MONDAY.timestamp()))
    return path


def scored(file: Path, *words: object, code: int = 0) -> Result:
    asked = ["score", file, "-x", "single-leg-squat", "--side", "right", *words]
    result = CliRunner().invoke(app, [str(word) for word in asked])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def sets(place: Path):
    with History.open(place) as history:
        return history.sets()


# score


def test_score_keeps_nothing_unasked(place, recording):
    scored(recording)
    assert not place.exists()


def test_score_keeps_the_set_where_it_is_asked_to(place, recording):
    words = ["--save", "--subject", "P07", "--pain-after", 2, "--load", "5 kg", "--note", "calm"]
    out = scored(recording, *words).stdout
    assert "Kept as set 1 of P07: glutecam history show 1" in out
    (record,) = sets(place)
    assert (record.subject, record.source) == ("P07", SourceKind.LANDMARKS)
    assert record.done == MONDAY and len(record.reps) == 3
    assert record.felt.pain_after == 2 and str(record.felt.load) == "5 kg"


def test_the_same_recording_is_kept_once(place, recording):
    scored(recording, "--save")
    result = scored(recording, "--save", code=2)
    assert "kept already, as number 1" in result.stderr
    assert len(sets(place)) == 1


def test_a_report_compares_with_the_other_leg_of_the_same_session(place, recording, tmp_path):
    other = tmp_path / "left.npz"
    save_poses(other, squat_set(left=True), model_name="full", source_name="l.mp4", fps=30.0)
    for minutes, said in ((10, "the left from set 1 of the history"), (600, "")):
        done = MONDAY.timestamp() - 60 * minutes
        os.utime(other, (done, done))
        place.unlink(missing_ok=True)
        scored(other, "--save", "--side", "left")
        report = tmp_path / f"{minutes}.html"
        # A report alone looks into no history.
        scored(recording, "--report", tmp_path / f"alone-{minutes}.html")
        assert "Left against right" not in (tmp_path / f"alone-{minutes}.html").read_text("utf-8")
        told = scored(recording, "--save", "--report", report).stdout
        assert (said in told) and (("Left against right" in told) == bool(said))
        page = report.read_text("utf-8")
        assert said in page and (("Left against right" in page) == bool(said))


def test_how_it_felt_goes_with_the_set(place, recording):
    result = scored(recording, "--pain-after", 2, code=2)
    assert "add --save" in result.stderr


def test_wrong_words_are_told_before_the_work(place, recording):
    assert "0 (none) to 10" in scored(recording, "--save", "--pain-after", 12, code=2).stderr
    assert "pseudonym" in scored(recording, "--save", "--subject", " ", code=2).stderr


def test_a_history_that_cannot_be_used_is_told_before_the_work(place, recording, monkeypatch):
    place.write_text("no database" * 300, encoding="utf-8")
    result = scored(recording, "--save", code=3)
    assert "not a database" in result.stderr and "Repetitions" not in result.stdout


# live


def live(settings=None, save=None, said=NOTHING) -> Saving:
    return Saving.asked(settings or Settings(), save, said)


def test_live_keeps_unless_told_not_to(place, capsys):
    live(said=(1, 2, None, None)).keep(make_assessment(), make_exercise())
    live(save=False).keep(make_assessment(), make_exercise())
    live(Settings(save=False)).keep(make_assessment(), make_exercise())
    (record,) = sets(place)
    assert record.source is SourceKind.LIVE and record.felt == Felt(1, 2)
    assert capsys.readouterr().out.count("Kept as set") == 1


def test_a_history_in_trouble_does_not_stop_a_live_set(place, capsys):
    place.write_text("no database" * 300, encoding="utf-8")
    kept = live()
    kept.keep(make_assessment(), make_exercise())
    assert not kept.wanted and kept.programme(make_exercise()) is None
    assert "will not be kept" in capsys.readouterr().err
    with pytest.raises(HistoryError):
        live(save=True)


def test_a_set_without_a_repetition_is_not_kept(place, capsys):
    made = Assessment(**{**vars(make_assessment()), "reps": ()})
    live().keep(made, make_exercise())
    assert sets(place) == [] and "no whole repetition" in capsys.readouterr().err
    gate = Gate(GateCode.VIEW, "seen from the front", False, "oblique view", "less", "Turn.")
    live().keep(replace(made, gates=(gate,)), make_exercise())
    assert "nothing was judged (needed: seen from the front)" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "pain"), [("3", 3), ("", None), ("12", None), ("a lot", None)])
def test_pain_is_asked_for_where_somebody_is_there(place, monkeypatch, answer, pain):
    monkeypatch.setattr(saving, "sys", Terminal)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: answer)
    live().keep(make_assessment(), make_exercise())
    assert sets(place)[0].felt.pain_after == pain


def test_pain_that_was_said_is_not_asked_for(place, monkeypatch):
    monkeypatch.setattr(saving, "sys", Terminal)
    monkeypatch.setattr("typer.prompt", pytest.fail)
    live(said=(None, 1, None, None)).keep(make_assessment(), make_exercise())
    assert sets(place)[0].felt.pain_after == 1


class Stream:
    @staticmethod
    def isatty() -> bool:
        return True


class Terminal:
    stdin = stdout = Stream()


def test_a_file_played_again_is_not_kept_unasked(place, tmp_path):
    from glutecam.cli.live import _save

    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"")
    assert _save(None, str(clip)) is False
    assert _save(True, str(clip)) is True
    assert _save(None, "rtsp://here/1") is None and _save(None, None) is None


# The end of a set


def test_only_what_the_programme_trains_now_is_ended(place):
    clamshell, squat = exercises.get("clamshell"), exercises.get("single-leg-squat")
    assert live().programme(clamshell) is None
    with History.open(place) as history:
        history.add_step(Step("me", MONDAY, StepKind.START, "1.1"))
    assert live().programme(clamshell) is not None
    assert live().programme(squat) is None
    assert live(save=False).programme(clamshell) is None


def test_pain_without_saving_is_refused():
    with pytest.raises(InputError, match="--save"):
        live(save=False, said=(1, None, None, None))


# one recording in several forms


@pytest.fixture
def filmed(tmp_path: Path) -> Path:
    """Landmarks that say from which file, filmed on that Monday, they were made."""
    path = tmp_path / "filmed.npz"
    origin = Origin("ab" * 32, MONDAY)
    save_poses(
        path, squat_set(), model_name="full", source_name="clip.mp4", fps=30.0, origin=origin
    )
    return path


def test_landmarks_and_result_of_one_recording_are_one_set(place, filmed):
    again = filmed.with_name("again.npz")
    scored(filmed, "--save", "--json", "a.json", "--save-poses", again)
    assert sets(place)[0].done == MONDAY
    assert again.read_bytes() == filmed.read_bytes()
    again.write_bytes(again.read_bytes() + b" ")
    assert "kept already, as number 1" in scored(again, "--save", code=2).stderr
    added = CliRunner().invoke(app, ["history", "add", "a.json"])
    assert "kept already, as number 1" in added.stderr and added.exit_code == 2
    assert len(sets(place)) == 1


def test_a_recording_under_two_names_is_told_and_kept(place, filmed):
    scored(filmed, "--save", "--subject", "P07", "--json", "a.json")
    told = scored(filmed, "--save", "--subject", "P08", "--filter", "causal").stderr
    assert "seems to be kept already, as set 1 of P07" in told
    assert "glutecam history delete 2" in told
    added = CliRunner().invoke(app, ["history", "add", "a.json", "--subject", "P09"])
    assert "as set 1 of P07 and set 2 of P08" in added.stderr and added.exit_code == 0
    assert len(sets(place)) == 3


def test_landmarks_that_know_no_origin_are_known_by_their_repetitions(place, filmed, recording):
    assert "already" not in scored(filmed, "--save", "--json", "a.json").stderr
    # The same landmarks, as an earlier version wrote them; then other ones.
    assert "as set 1 of me: " in scored(recording, "--save").stderr
    other = recording.with_name("other.npz")
    more = squat_set(depths=[70.0, 66.0, 70.0])
    save_poses(other, more, model_name="full", source_name="o.mp4", fps=30.0)
    assert "already" not in scored(other, "--save").stderr
    assert len(sets(place)) == 3


def test_a_result_is_dated_by_its_recording(place, filmed):
    scored(filmed, "--json", "a.json")
    added = CliRunner().invoke(app, ["history", "add", "a.json"])
    assert added.exit_code == 0, added.output
    assert sets(place)[0].done == MONDAY
    assert "kept already" in scored(filmed, "--save", code=2).stderr


def test_what_an_earlier_version_kept_is_known_again(place, recording):
    scored(recording, "--save")
    (old,) = earlier_keys(recording, "me", "single-leg-squat", [1])
    with sqlite3.connect(place) as db:
        db.execute("UPDATE glutecam_sets SET key = ?", (old,))
    assert "kept already, as number 1" in scored(recording, "--save", code=2).stderr


def test_the_date_can_be_said(place, recording):
    scored(recording, "--save", "--at", "2020-01-05 10:00")
    assert f"{sets(place)[0].done.astimezone():%Y-%m-%d %H:%M}" == "2020-01-05 10:00"
    assert "add --save" in scored(recording, "--at", "2020-01-05", code=2).stderr


def test_a_date_that_has_not_come_is_refused_before_the_work(place, recording):
    tomorrow = datetime.now().astimezone() + timedelta(days=1)
    result = scored(recording, "--save", "--at", tomorrow.isoformat(), code=2)
    assert "has not come yet" in result.stderr and "Repetitions" not in result.stdout
    assert not place.exists()


def test_a_recording_dated_ahead_is_kept_and_told(place, recording):
    ahead = datetime.now().timestamp() + 40 * 86400
    os.utime(recording, (ahead, ahead))
    result = scored(recording, "--save")
    assert "Kept as set 1" in result.stdout and "which has not come yet" in result.stderr
    assert "has not come" not in scored(recording).stderr


def test_a_pseudonymous_result_does_not_tell_which_file_it_was(place, filmed, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    scored(filmed, "--json", out / "a.json", "--pseudonyms", tmp_path / "key.csv")
    assert json.loads((out / "a.json").read_text())["recording"] is None


def test_a_pseudonymous_set_has_no_name_in_its_note(place, recording, tmp_path):
    words = (
        "--save",
        "--subject",
        "Anna Mueller",
        "--pseudonyms",
        tmp_path / "private" / "key.csv",
    )
    (tmp_path / "private").mkdir()
    scored(
        recording, *words, "--note", "anna says: the knee of Mueller hurts", "--load", "5 kg, Anna"
    )
    (kept,) = sets(place)
    for text in (kept.subject, kept.felt.note, str(kept.felt.load)):
        assert "anna" not in text.lower() and "mueller" not in text.lower()
    assert kept.felt.note.endswith("hurts") and kept.felt.note.count(kept.subject) == 2
