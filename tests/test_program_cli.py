"""``glutecam program`` as its user meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sets import FAULT, GOOD, MONDAY, UNSURE, make_session, make_set
from typer.testing import CliRunner

from glutecam.cli import app
from glutecam.core.assessment import Verdict
from glutecam.core.programme import Step, StepKind
from glutecam.records.history import History

NOT_SAID = ("trendelenburg", "duchenne", "positive", "patient", "pathol", "abnormal", "syndrome")
DAY = timedelta(days=1)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GLUTECAM_HISTORY", str(tmp_path / "history.sqlite"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "history.sqlite"


def told(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["program", *words])
    assert result.exit_code == code, (result.output, result.exception)
    assert not [word for word in NOT_SAID if word in result.output.lower()]
    assert max(map(len, result.output.splitlines())) <= 80 or code
    return " ".join(result.output.split())


def begun(place: Path, *sessions, rung: str = "1.1", days_ago: float = 7) -> None:
    """Put sessions into the history, the last one so many days before now."""
    sets = [record for session in sessions for record in session]
    now = datetime.now().astimezone()
    last = max((record.done for record in sets), default=MONDAY)
    shift = now - days_ago * DAY - last
    with History.open(place) as history:
        start = min((record.done for record in sets), default=last) + shift - DAY
        history.add_step(Step("me", start, StepKind.START, rung))
        for record in sets:
            history.add(replace(record, done=record.done + shift))


def test_without_a_programme_every_verb_says_how_to_start_one(place):
    for words in ([], ["today"], ["status"], ["confirm"]):
        assert "glutecam program start" in told(*words, code=2)


def test_a_start_says_what_to_do_and_when_to_stop(place):
    out = told("start")
    assert "Begun at step 1.1" in out and "3 x 15 on each side" in out
    assert "glutecam live clamshell --both --sets 3 --reps 15" in " ".join(out.split())
    assert "3 to 4 sessions a week, at least 24 hours apart, for 8 to 12 weeks" in out
    assert "sharp or sudden" in out and "Not a diagnosis" in out


def test_a_start_at_another_level(place):
    assert "Begun at step 2.1" in told("start", "--at", "2")
    assert "There are: 1.1" in told("start", "--at", "7", code=2)
    assert "add --yes" in told("start", "--at", "3", code=2)
    assert "Begun at step 3.2" in told("start", "--at", "3.2", "--yes")


def test_today_trains_or_rests(place):
    begun(place, make_session(0), days_ago=2)
    assert told("today").startswith("Train today.") and told() == told("today")


def test_today_rests_after_a_session(place):
    begun(place, make_session(0), days_ago=0.5)
    out = told("today")
    assert out.startswith("Rest until") and "glutecam live" not in out


def test_today_counts_what_is_left(place):
    begun(place, make_session(0)[:3], days_ago=0.01)
    assert told("today").startswith("Go on. Sets still to do today: 2 on the left, 1 on the right.")


def test_a_step_on_is_offered_and_taken_only_when_confirmed(place):
    begun(place, make_session(0), make_session(2))
    for words in (["today"], ["status"]):
        out = told(*words)
        assert "Offered: a step on, to 1.2: 3 x 20 on each side" in out
        assert "glutecam program confirm" in out
    assert "Step 1.1" in told("status")
    assert "add --yes" in told("confirm", code=2)
    assert "Now at step 1.2" in told("confirm", "--yes")
    assert "Step 1.2" in told("status")
    assert "No step is offered" in told("confirm", "--yes", code=2)
    with History.open(place) as history:
        assert [(s.kind, s.rung) for s in history.steps()] == [
            (StepKind.START, "1.1"), (StepKind.PROGRESS, "1.2"),
        ]  # fmt: skip


def test_status_shows_what_is_missing_and_the_weeks(place):
    begun(place, make_session(0), make_session(2, left=(*[GOOD] * 13, UNSURE, UNSURE)))
    out = told("status")
    assert "✕ repetitions that read “can't tell”: 6, none may" in out
    assert "✓ sessions on this step: 2 of 2" in out
    assert "The left side is the weaker one, and decides." in out
    assert "●●·" in out and "· missing of 3 a week" in out and "8 to 12 weeks" in out
    # The circle is what repetitions read, and nothing else on this page.
    assert out.count("○") == 1 and "○ no fault" in out
    assert "never count for a step on" in out and "--at 1.2" in out


@pytest.mark.parametrize("verb", [("start",), ("today",), ("status",), ("confirm", "--yes")])
def test_a_subject_whose_sets_could_not_be_kept_has_no_programme(place, verb):
    assert "cannot be a subject" in told(*verb, "--subject", " ", code=2)


def test_faults_offer_a_step_back(place):
    bands = (*[GOOD] * 10, *[FAULT] * 5)
    begun(place, make_session(0, bands=bands), make_session(2, bands=bands), rung="1.2")
    assert "Offered: a step back, to 1.1" in told("today")
    assert "Now at step 1.1" in told("confirm", "--yes")


def test_pain_stops(place):
    begun(place, make_session(0, pain=(0, 8)), rung="1.3", days_ago=3)
    out = told("today")
    assert out.startswith("Do not train now") and "above 5 of 10" in out
    assert "a step back, to 1.2" in out and "glutecam live" not in out


def test_pain_of_the_days_before_the_start_stops_and_says_which(place):
    told("start", "--at", "2")
    done = datetime.now().astimezone() - 2 * DAY
    with History.open(place) as history:
        history.add(make_set(done, pain=(0, 7)))
    out = told("today")
    assert out.startswith("Do not train now") and f"{done:%a} {done.day} {done:%b}" in out
    assert "it was above 5 of 10" in out
    assert "glutecam live" not in out


def test_a_set_dated_ahead_hides_no_pain_and_is_told(place):
    begun(place, make_session(0, pain=(0, 8)), rung="1.3", days_ago=0.1)
    with History.open(place) as history:
        history.add(make_set(datetime.now().astimezone() + 40 * DAY))
    out = told("today")
    assert out.startswith("Do not train now") and "1 set is dated later than now" in out
    assert "1 set is dated later than now" in told("status")
    assert "history delete" in out and "Go on" not in out
    assert "Now at step 1.2" in told("confirm", "--yes")


def test_a_refused_set_is_shown_as_such_and_counts_nowhere(place):
    told("start")
    refused = replace(
        make_set(datetime.now().astimezone(), bands=(UNSURE,) * 2),
        verdict=Verdict.NOT_ASSESSABLE,
        instruction="Too few pictures.",
    )
    with History.open(place) as history:
        history.add(refused)
    out = told("status")
    assert "1 set not assessable" in out and "●" not in out.split("● session")[0]
    assert told("today").startswith("Train today.")


def test_pain_on_the_lowest_step_stops_too(place):
    begun(place, make_session(0, pain=(0, 8)), days_ago=3)
    out = told("today")
    assert "This is the lowest step" in out and "confirm" not in out


def test_each_subject_has_a_programme_of_their_own(place):
    told("start", "--subject", "P07")
    assert "for 'me'" in told("today", code=2)
    assert told("today", "--subject", "P07").startswith("Train today.")


def test_a_step_says_what_the_camera_leaves_to_a_hand(place):
    said = "The camera does not judge everything here."
    hand = "Lay a hand on the upper hip bone"
    for out in (told("start"), told("status")):
        assert said in out and out.count(hand) == 2
    assert said not in told("start", "--at", "2", "--yes")
    assert "Hip thrust: Not judged" in told("start", "--at", "3", "--yes")


def test_a_step_on_is_confirmed_with_what_the_camera_did_not_judge_before_ones_eyes(place):
    begun(place, make_session(0), make_session(2))
    assert "Lay a hand on the upper hip bone" in told("today")
    assert "Lay a hand on the upper hip bone" in told("confirm", "--yes")


def test_exercises_are_called_as_everywhere_else(place):
    out = told("start")
    assert "Side-lying hip abduction: glutecam live side-lying-hip-abduction" in out
    assert "Lateral band walk: glutecam live lateral-band-walk" in told(
        "start", "--at", "2", "--yes"
    )


def test_a_command_can_be_copied_in_one_line(place):
    result = CliRunner().invoke(app, ["program", "start"])
    assert (
        "    glutecam live side-lying-hip-abduction --both --sets 3 --reps 15"
        in result.output.splitlines()
    )
