"""``glutecam history`` as its user meets it."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from builders import make_assessment
from program import ROOT, environment, ran
from sets import FAULT, GOOD, MONDAY, UNSURE, made_by, make_session, make_set
from typer.testing import CliRunner, Result

from glutecam import exercises
from glutecam.cli import app, kept
from glutecam.cli.history_text import sparkline
from glutecam.core.assessment import Assessment, Verdict
from glutecam.core.sets import Felt
from glutecam.records.export import write_json
from glutecam.records.history import History

NOT_SAID = ("trendelenburg", "duchenne", "positive", "patient", "pathol", "abnormal", "syndrome")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GLUTECAM_HISTORY", str(tmp_path / "history.sqlite"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "history.sqlite"


@pytest.fixture
def filled(place: Path) -> Path:
    with History.open(place) as history:
        for record in [*make_session(0), *make_session(7, left=(*[GOOD] * 13, FAULT, FAULT))]:
            history.add(record)
    return place


def told(*words: object, code: int = 0, answer: str | None = None) -> str:
    result: Result = CliRunner().invoke(app, [str(word) for word in words], input=answer)
    assert result.exit_code == code, (result.output, result.exception)
    assert not [word for word in NOT_SAID if word in result.output.lower()]
    return " ".join(result.output.split())


def test_an_empty_history_says_how_to_fill_it(place):
    for words in (["history"], ["history", "list"]):
        out = told(*words)
        assert "No sets are kept here yet" in out
        assert "glutecam live" in out and "glutecam history add" in out


def test_sets_are_listed_the_newest_last(filled):
    out = told("history", "list", "--last", 3)
    assert "3 of 12 sets" in out and "glutecam history show 12" in out
    assert out.index("2026-03-09 18:15") < out.index("2026-03-09 18:25")
    assert "✓ 13 ✕ 2" in out and "0 → 0" in out


def test_a_refused_set_is_kept_and_nothing_of_it_is_counted(place):
    refused = replace(
        make_set(bands=(UNSURE,) * 2),
        verdict=Verdict.NOT_ASSESSABLE,
        instruction="Too few pictures.",
    )
    with History.open(place) as history:
        history.add(refused)
    out = told("history", "list")
    assert "clamshell right – not assessable 0 → 0" in out.lower() and "? 2" not in out
    out = told("history", "show", 1)
    assert "Not assessable: kept, and counted as no session." in out
    assert "What to do: Too few pictures." in out
    assert "Repetitions: not counted; nothing was judged." in out and "can't tell" not in out
    assert "not assessable (me)" in told("history", "delete", 1, "--yes")


def test_of_what_is_judged_in_part_the_lists_say_so(place):
    said = "Clamshell: of what is judged; the rest: glutecam explain clamshell"
    with History.open(place) as history:
        history.add(make_set(MONDAY, exercise="step-down"))
    assert said not in told("history", "list")
    with History.open(place) as history:
        history.add(make_set(MONDAY))
    assert said in told("history", "list") and said in told("history", "trend", "clamshell")


def test_a_table_fits_eighty_columns(filled):
    for words in (["history", "list"], ["history", "show", "12"], ["history", "trend"]):
        result = CliRunner().invoke(app, words)
        assert max(map(len, result.output.splitlines())) <= 80


def test_other_subjects_are_named_where_there_are_none_of_this_one(filled):
    out = told("history", "list", "--subject", "P07")
    assert "Kept are: me (12)" in out and "kept here yet of this subject" in out
    assert "To see them: glutecam history list --everyone" in out
    with History.open(filled) as history:
        history.add(make_set(subject="P07"))
    assert "(P07)" in told("history", "list", "--everyone")
    assert "13 of 13" not in told("history", "list")


def test_since_and_exercise_choose(filled):
    assert "6 of 6 sets" in told("history", "list", "--since", "2026-03-05")
    assert "No sets" in told("history", "list", "-x", "step-down")
    assert "Did you mean 'clamshell'" in told("history", "list", "-x", "clamshel", code=2)
    assert "2026-11-20" in told("history", "list", "--since", "yesterday", code=2)


def test_one_set_is_shown_with_every_repetition(filled):
    out = told("history", "show", 12)
    assert "Clamshell set 12, me" in out and "Monday 2026-03-09 18:25, live" in out
    assert "improve GC201" in out and "pelvis rolls back" in out
    assert "hip-line/1" in out and "one-euro" in out
    assert "no set 99" in told("history", "show", 99, code=2)


def written_result(folder: Path, name: str = "result.json") -> Path:
    made = make_assessment()
    values = {**vars(made), "exercise": "single-leg-squat"}
    write_json(folder / name, Assessment(**values), exercises.get("single-leg-squat"))
    return folder / name


def test_a_result_is_added_once(place, tmp_path):
    path = written_result(tmp_path)
    out = told("history", "add", path, "--at", "2026-03-20 18:30", "--pain-after", 1, "--load", "5")
    assert "Kept as set 1: 2026-03-20 18:30, Single-leg squat, right, 5 repetitions (me)" in out
    assert "kept already, as number 1" in told("history", "add", path, code=2)
    with History.open(place) as history:
        (record,) = history.sets()
    assert record.felt.pain_after == 1 and record.felt.load.kg == 5


def test_a_date_that_has_not_come_is_refused(place, tmp_path):
    path, now = written_result(tmp_path), datetime.now().astimezone()
    for ahead in (timedelta(hours=1), timedelta(days=40)):
        out = told("history", "add", path, "--at", (now + ahead).isoformat(), code=2)
        assert "has not come yet: it is" in out and "of another time zone with its offset" in out
    assert "No sets are kept" in told("history", "list")
    # The same moment in a zone whose clocks show tomorrow already is no moment ahead.
    told("history", "add", path, "--at", now.astimezone(timezone(timedelta(hours=14))).isoformat())


def test_a_minute_that_was_rounded_up_is_now():
    soon = datetime.now().astimezone() + timedelta(minutes=2)
    assert kept.done_at(soon.isoformat()) < soon


def test_a_file_dated_ahead_is_kept_and_told(place, tmp_path):
    path = written_result(tmp_path)
    ahead = datetime.now().timestamp() + 40 * 86400
    os.utime(path, (ahead, ahead))
    out = told("history", "add", path)
    assert "Kept as set 1" in out and "which has not come yet: a clock was wrong" in out
    told("history", "delete", 1, "--yes")
    assert "clock" not in told("history", "add", path, "--at", "2026-03-20")


def test_one_file_that_is_none_does_not_stop_the_others(place, tmp_path):
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    good = written_result(tmp_path)
    out = told("history", "add", tmp_path / "bad.json", good, code=2)
    assert "bad.json is not a result" in out and "Kept as set 1" in out


def test_a_subject_that_is_named_wins_over_the_file(place, tmp_path):
    told("history", "add", written_result(tmp_path), "--subject", "P07")
    with History.open(place) as history:
        assert history.subjects() == [("P07", 1)]


def test_how_it_felt_is_said_later_and_keeps_what_is_not_named(filled):
    assert "pain 0 → 4" in told("history", "edit", 12, "--pain-after", 4)
    assert "red band" in told("history", "edit", 12, "--load", "red band", "--note", "tired")
    with History.open(filled) as history:
        felt = history.get(12).felt
    assert (felt.pain_before, felt.pain_after, felt.note) == (0, 4, "tired")
    assert "Nothing to change" in told("history", "edit", 12, code=2)
    assert "Give 0 (none) to 10" in told("history", "edit", 12, "--pain-after", 11, code=2)


def test_deleting_asks_and_needs_an_answer(filled, monkeypatch):
    assert "add --yes" in told("history", "delete", 12, code=2)
    monkeypatch.setattr(kept, "sys", type("Terminal", (), {"stdin": Answering()}))
    assert "Nothing was deleted" in told("history", "delete", 12, answer="n\n")
    assert "Deleted: 1 set" in told("history", "delete", 12, answer="y\n")
    assert "Say what to delete" in told("history", "delete", code=2)
    assert "no set 12" in told("history", "delete", 12, "--yes", code=2)


class Answering:
    @staticmethod
    def isatty() -> bool:
        return True


def test_ctrl_c_at_the_question_deletes_nothing(filled, monkeypatch):
    monkeypatch.setattr(kept, "sys", type("Terminal", (), {"stdin": Answering()}))
    told("history", "delete", 12, answer="", code=130)
    with History.open(filled) as history:
        assert len(history.sets()) == 12


def test_a_subject_is_forgotten_with_the_programme(filled):
    told("program", "start")
    assert "Deleted: all of me, 12 sets" in told("history", "delete", "--all-of", "me", "--yes")
    with History.open(filled) as history:
        assert history.sets() == [] and history.steps() == []
    assert "Kept are: nobody" in told("history", "delete", "--all-of", "me", "--yes", code=2)


def test_export_writes_both_and_replaces_nothing_unasked(filled, tmp_path):
    words = ["history", "export", "--csv", "sets.csv", "--json", "sets.json"]
    assert "12 sets" in told(*words)
    with (tmp_path / "sets.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 12 * 15 * 2
    assert len(json.loads((tmp_path / "sets.json").read_text(encoding="utf-8"))["sets"]) == 12
    assert "--force" in told(*words, code=2)
    told(*words, "--force")
    assert "--csv sets.csv" in told("history", "export", code=2)


def test_a_trend_has_a_line_a_table_and_a_page(filled, tmp_path):
    out = told("history", "trend", "--html", "trend.html")
    assert "Clamshell pelvis rolls back (GC201), me" in out and "▄▄" in out
    assert "no change that can be told since 2 Mar 2026: it shows" in out and "2026-03-09" in out
    assert "<h1>Clamshell: pelvis rolls back" in (tmp_path / "trend.html").read_text(
        encoding="utf-8"
    )
    assert "--force" in told("history", "trend", "--html", "trend.html", code=2)


def test_numbers_of_a_small_pose_model_are_marked_wherever_they_show(place):
    small = made_by(pose_model="lite", reduced_accuracy=True)
    verbs = (["list"], ["trend"], ["show", 1])
    with History.open(place) as history:
        history.add(make_set())
    assert not [verb for verb in verbs if "Reduced accuracy" in told("history", *verb)]
    with History.open(place) as history:
        history.add(make_set(MONDAY + timedelta(days=1), method=small))
    assert "✓ 15 †" in told("history", "list") and "± 4° †" in told("history", "trend")
    for verb in (*verbs[:2], ["show", 2]):
        assert "Reduced accuracy" in told("history", *verb)


def test_a_set_that_is_dated_without_a_time_is_shown_without_one(place):
    with History.open(place) as history:
        history.add(make_set(datetime(2026, 3, 2).astimezone(), bands=(GOOD,)))
    for words in (["list"], ["show", "1"], ["trend"]):
        out = told("history", *words)
        assert "2026-03-02" in out and "00:00" not in out and "+0000" not in out
    assert "1 of 1 set." in told("history", "list")
    assert "right, 1 repetition (me)" in told("history", "delete", 1, "--yes")


def test_the_line_of_blocks_shows_no_change_where_the_sentence_tells_none():
    assert sparkline([2.0, 2.2, 2.1, 2.2], detectable=4.0) == "▄▄▄▄"
    # A change that can just be told goes half the height, a large one all of it.
    assert sparkline([2.0, 6.1], detectable=4.0) == "▂▆"
    assert sparkline([12.0, 9.0, 3.0], detectable=4.0) == "█▆▁"
    assert sparkline([1.0, 1.1, 1.4], detectable=math.nan) == "▁▃█"
    assert sparkline([3.0], detectable=4.0) == "▄"


def test_a_trend_of_another_rule(filled):
    assert "tempo (GC204)" in told("history", "trend", "--rule", "gc204")
    assert "Rules in these sets: GC201, GC204" in told(
        "history", "trend", "--rule", "GC999", code=2
    )


def test_a_trend_takes_the_exercise_as_other_verbs_do(filled):
    with History.open(filled) as history:
        history.add(make_set(exercise="step-down"))
    for words in (["clamshell"], ["-x", "clamshell"], ["clamshell", "-x", "clamshell"]):
        assert "Clamshell pelvis" in told("history", "trend", *words)
    assert "There are no sets" in told("history", "trend", "single-leg-squat", code=2)
    assert "Did you mean 'clamshell'" in told("history", "trend", "clamshel", code=2)
    both = told("history", "trend", "clamshell", "-x", "step-down", code=2)
    assert "One exercise at a time: clamshell, or step-down?" in both


def test_a_trend_without_sets_says_how_to_get_some(place):
    assert "history add" in told("history", "trend", code=2)


def test_a_history_that_cannot_be_used_is_exit_code_three(place, tmp_path):
    (tmp_path / "notes.txt").write_text("no database" * 200, encoding="utf-8")
    out = told("history", "list", "--db", tmp_path / "notes.txt", code=3)
    assert "not a database" in out and "--db" in out


def test_settings_say_where_and_whose(filled, tmp_path):
    (tmp_path / "glutecam.toml").write_text('subject = "P07"\nhistory = "other.sqlite"\n')
    told("history", "list")
    assert (tmp_path / "other.sqlite").exists()


def test_showing_help_loads_no_database(tmp_path):
    code = (
        "import sys\nfrom glutecam.cli import app\n"
        "print(*{'sqlalchemy', 'plotly', 'numpy'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    loaded = subprocess.check_output(command, env=environment(), cwd=ROOT, text=True)
    assert loaded.split() == []


def test_verbs_run_as_a_program_of_their_own(tmp_path):
    more = {"GLUTECAM_HISTORY": str(tmp_path / "h.sqlite")}
    code, out, _ = ran("history", cwd=tmp_path, **more)
    assert code == 0 and "No sets are kept" in out
    code, _, err = ran("history", "show", 1, cwd=tmp_path, **more)
    assert code == 2 and "Traceback" not in err


def test_felt_keeps_the_rest(place):
    old = Felt(1, 2, note="x")
    assert kept.felt_of(None, 3, None, None, old) == Felt(1, 3, note="x")


def test_a_date_without_a_zone_is_this_machines(place):
    assert kept.moment_of("2026-11-20 18:30") == datetime(2026, 11, 20, 18, 30).astimezone()
    assert kept.moment_of("2026-11-20") + timedelta(0) == datetime(2026, 11, 20).astimezone()


def test_purge_deletes_what_is_older_than_the_settings_say(filled, tmp_path, monkeypatch):
    with History.open(filled) as history:
        dates = sorted(record.done for record in history.sets())
    today = dates[-1].date()
    days = (datetime.now().date() - today).days + 1
    assert "After how many days" in told("history", "purge", code=2)
    assert "Give 1 to 36500" in told("history", "purge", "--older-than", 800_000, code=2)
    said = told("history", "purge", "--older-than", days, "--dry-run")
    assert said.startswith("Would be deleted: ")
    with History.open(filled) as history:
        assert history.count() == len(dates)
    (tmp_path / "glutecam.toml").write_text(f"retention_days = {days}\n")
    monkeypatch.chdir(tmp_path)
    told("history", "purge", "--yes")
    with History.open(filled) as history:
        left = [record.done for record in history.sets()]
    limit = datetime.now().astimezone() - timedelta(days=days)
    assert left == [done for done in dates if done >= limit] and 0 < len(left) < len(dates)
    assert "Nothing to delete" in told("history", "purge", "--yes")
