"""What the program says: short, in one vocabulary, with the nearest name and the true reason."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import figures
import pytest
import typer
from builders import make_assessment
from reports import Page
from rich.console import Console
from sets import made_by, make_set
from typer.testing import CliRunner, Result

from glutecam import exercises
from glutecam.batch import Done
from glutecam.cli import app
from glutecam.cli.batch_pages import Pages
from glutecam.cli.batch_progress import _in_words
from glutecam.cli.doctor import FAIL, LIMITS, OK, WARN, Line, _findings, _summed_up
from glutecam.cli.history_text import _about
from glutecam.cli.kept import done_at
from glutecam.cli.summary import (
    RULE_COLUMNS,
    _columns,
    _counts,
    _depth_head,
    _peak,
    _table,
    print_summary,
)
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Band, Rep, Verdict
from glutecam.core.scoring import set_score
from glutecam.core.wording import BAND_WORDS, vocabulary
from glutecam.records.history import History
from glutecam.records.report import html_report
from tests.program import cut, environment


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "80"})


def flat(text: str) -> str:
    return " ".join(text.split())


# Names that are nearly right


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain", "single-leg"], "Did you mean 'single-leg-squat'"),
        (["explain", "gc10"], "'GC10"),
        (["score", "a.mp4", "-x", "step"], "'step-down'"),
        (["score", "a.mp4", "-x", "step-down", "--set", "strct=true"], "Did you mean 'strict'"),
        (["score", "a.mp4", "-x", "step-down", "--set", "bands.GC10.ok=5"], "Did you mean 'GC10"),
    ],
)
def test_a_name_that_is_nearly_right_gets_three_at_most_and_where_all_are(
    words: list[str], said: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "glutecam " in result.stderr
    offered = result.stderr.partition("Did you mean")[2].partition("?")[0]
    assert 1 <= offered.count("'") // 2 <= 3
    assert len(flat(result.stderr)) < 240


def test_where_nothing_is_near_the_exercises_are_listed_and_not_every_code() -> None:
    said = run("explain", "zzzzqqqq").stderr
    assert all(name in said for name in exercises.names())
    assert "GC101" not in said


@pytest.mark.parametrize(
    ("option", "value", "near"),
    [("--side", "lefft", "left"), ("--pelvis", "rwa", "raw"), ("--faces", "Hidde", "hide"),
     ("--audience", "clinican", "clinician")],
)  # fmt: skip
def test_an_option_that_is_misspelt_offers_the_nearest_in_words_of_ours(
    option: str, value: str, near: str
) -> None:
    result = run("score", "a.mp4", "-x", "step-down", option, value)
    assert result.exit_code == 2
    assert "Value error" not in result.stderr
    assert f"Did you mean '{near}'?" in flat(result.stderr)


def test_models_alone_lists_them() -> None:
    alone, listed = run("models"), run("models", "list")
    assert alone.exit_code == 0
    assert alone.stdout == listed.stdout
    assert all(name in alone.stdout for name in ("lite", "full", "heavy"))


# One vocabulary


@pytest.mark.parametrize("verdict", list(Verdict))
def test_batch_speaks_as_score_does(verdict: Verdict) -> None:
    said = _in_words(Done("new", verdict.value))
    assert said in {*BAND_WORDS.values(), "not assessed"}
    assert _in_words(Done("failed", "There is no file a.mp4.")) == "There is no file a.mp4."


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (
            [40.0, 44.0, None, None],
            "Score: 21 to 71 of 100 (100: every limit kept): 42 over the 2 of 4",
        ),
        ([90.0, 94.0], "Score: 92 of 100 (100: every limit kept), over all 2 repetitions."),
        ([90.0, None, None], "No score: every rule could be told in only 1 of 3 repetitions."),
        ([None, None], "No score: in no repetition could every rule be told."),
    ],
)
def test_a_score_in_which_repetitions_are_missing_is_a_range(
    scores: list[float | None], said: str
) -> None:
    whole = make_assessment()
    told = whole.reps[0]
    open_ = replace(told, findings=(replace(told.findings[0], band=Band.INCONCLUSIVE),))
    reps = tuple(replace(open_ if score is None else told, score=score) for score in scores)
    assert said in " ".join(_counts(replace(whole, reps=reps, score=set_score(reps))))


def test_where_all_is_told_a_score_is_missing_for_what_is_not_judged() -> None:
    whole = analyze(figures.clamshell_set(), exercises.get("clamshell"))
    assert {found.band for rep in whole.reps for found in rep.findings} == {Band.OK}
    assert "No score: it would leave out what is not judged." in _counts(whole)


def test_what_went_wrong_in_a_batch_is_said_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pages, "print", lambda self, out: typer.echo("Written: sheets.pdf"))
    listed = tmp_path / "list.csv"
    listed.write_text("file,exercise\nnone.npz,step-down\n", encoding="utf-8")
    result = run("batch", listed, "--out", tmp_path / "out", "--workers", 1)
    assert result.exit_code == 4
    assert 0 < result.output.index("sheets.pdf") < result.output.index("Error: 1 clip failed")
    planned = flat(run("batch", listed, "--out", tmp_path / "out", "--dry-run").output)
    assert "none.npz (step-down, auto): " in planned


def test_evidence_that_differs_names_its_exercises() -> None:
    code = next(
        rule.code
        for exercise in exercises.all_exercises()
        for rule in exercise.rules
        if len({e.rule(rule.code).evidence for e in having(rule.code)}) > 1
    )
    said = flat(run("explain", code).stdout)
    for exercise in having(code):
        before = said.partition(flat(exercise.rule(code).evidence))[0]
        assert exercise.title in before.rpartition("Evidence")[2]


def having(code: str) -> list:
    every = exercises.all_exercises()
    return [exercise for exercise in every if code in {rule.code for rule in exercise.all_rules}]


def test_a_set_that_a_small_model_saw_is_marked_in_the_history() -> None:
    usual, lite = (
        _about(make_set(method=replace(made_by(), reduced_accuracy=reduced)), "metric")
        for reduced in (False, True)
    )
    assert not any("Reduced accuracy" in line for line in usual)
    assert any("Reduced accuracy: the pose model is" in line for line in lite)


# doctor


def test_doctor_ends_with_what_limits_this_machine() -> None:
    lines = [Line(OK, "python", "3.11"), Line(WARN, "camera", "none"), Line(WARN, "speed", "slow")]
    said = " ".join(_summed_up(lines))
    assert LIMITS["camera"] in said and LIMITS["speed"] in said
    assert "Everything" not in said
    assert list(_summed_up(lines[:1])) == ["Everything works."]
    (broken,) = _summed_up([*lines, Line(FAIL, "codecs", "none")])
    assert "does not work" in broken


def test_whatever_doctor_may_warn_of_has_its_words() -> None:
    found = {line.what for line in _findings(None, "97", "full")}
    # Without codecs nothing works; extras are named, and never a warning.
    assert found - {"codecs", "extras"} == set(LIMITS)


# Ctrl-C


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("verb", "keeps"), [("serve", False), ("track", True)])
def test_ctrl_c_before_anything_began_promises_no_files_that_cannot_be(
    verb: str, keeps: bool, sample_videos: Path, tmp_path: Path
) -> None:
    clip = cut(sample_videos / "step_down_clean_left.mp4", tmp_path / "clip.mp4", 4)
    words = {"serve": ["serve", "--no-browser", "--port", "0"], "track": ["track", str(clip)]}
    interrupted = (
        "import signal, sys\n"
        "from glutecam.cli import main\n"
        "from glutecam.cli import modelfile\n"
        "def pressed(*_): signal.raise_signal(signal.SIGINT)\n"
        "modelfile.ensure_model = pressed\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", interrupted, *words[verb]], capture_output=True, text=True,
        env=environment(), cwd=tmp_path, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert "Stopped with Ctrl-C." in done.stderr
    assert ("are kept" in done.stderr) is keeps
    assert signal.SIGINT.name not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("loading", ["glutecam.cli.batch", "pydantic", "glutecam.settings"])
def test_ctrl_c_while_the_program_is_still_being_loaded_is_one_line(
    loading: str, tmp_path: Path
) -> None:
    interrupted = (
        "import signal, sys\n"
        "from glutecam.__main__ import main\n"
        "class Pressed:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == '{loading}':\n"
        "            sys.meta_path.remove(self)\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Pressed())\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", interrupted, "track", "clip.mp4"], capture_output=True, text=True,
        env=environment(), cwd=tmp_path, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert done.stderr.startswith("Error: Stopped with Ctrl-C.")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("where", "said", "not_said"),
    [("options.open_model", "nothing had been recorded yet", "are kept"),
     ("pipeline.run", "are kept", "nothing had been")],
)  # fmt: skip
def test_ctrl_c_in_live_says_whether_anything_can_have_been_kept(
    where: str, said: str, not_said: str, sample_videos: Path, tmp_path: Path
) -> None:
    interrupted = (
        "import signal, sys\n"
        "from glutecam import pipeline\n"
        "from glutecam.cli import main, options\n"
        "def pressed(*_, **__):\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        f"{where} = pressed\n"
        "main()"
    )
    clip = sample_videos / "step_down_clean_left.mp4"
    done = subprocess.run(
        [sys.executable, "-c", interrupted, "live", "step-down", "--source", clip, "--no-window",
         "--no-voice", "--record", "c.npz"],
        capture_output=True, text=True, env=environment(), cwd=tmp_path, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert "Stopped with Ctrl-C." in done.stderr
    assert said in flat(done.stderr) and not_said not in flat(done.stderr)
    assert not list(tmp_path.glob("*.npz"))


def test_an_unknown_code_is_answered_with_codes() -> None:
    result = CliRunner().invoke(app, ["explain", "gc999"])
    assert result.exit_code == 2 and "GC" in result.stderr and "clamshell" not in result.stderr


def test_what_live_says_about_saving_holds_for_a_file_too() -> None:
    result = CliRunner().invoke(app, ["live", "--help"], env={"COLUMNS": "200"})
    assert "what --source plays from a file only with --save" in " ".join(result.output.split())


def test_one_number_under_one_name_and_with_its_half_width() -> None:
    """The depth of a repetition in the terminal is what the report's table and files say."""
    squat, poses = exercises.get("single-leg-squat"), figures.squat_set(depths=[70.0] * 3)
    made = analyze(poses, squat)
    page = Page(html_report(made, squat, source_name="a.npz")).words
    assert _depth_head(squat) == "depth"
    for rep in made.reps:
        cell = _peak(made, squat, rep)
        assert re.fullmatch(r"\d+° ± \d+°", cell) and cell in page
    clam = exercises.get("clamshell")
    assert _depth_head(clam) == "knee separation, trunk lengths"
    lying = analyze(figures.clamshell_set(), clam)
    assert re.fullmatch(r"\d\.\d\d ± \d\.\d\d", _peak(lying, clam, lying.reps[0]))


@pytest.mark.parametrize("name", exercises.names())
def test_no_head_of_the_table_is_cut(name: str) -> None:
    exercise = exercises.get(name)
    out = io.StringIO()
    Console(file=out, width=80).print(_table(make_assessment(), exercise, vocabulary()))
    assert "…" not in out.getvalue()


def test_what_decided_has_a_column_and_a_wide_terminal_has_more() -> None:
    exercise = exercises.get("step-down")
    whole = analyze(figures.squat_set(), exercise)
    shift = next(rule for rule in exercise.rules if rule.name == "pelvis shifts")
    open_ = tuple(_only_open(rep, shift.code) for rep in whole.reps)
    assert shift not in _columns(whole, exercise, 80)
    shown = _columns(replace(whole, reps=open_), exercise, 80)
    assert shift in shown and exercise.leading in shown and len(shown) == RULE_COLUMNS
    assert shift in _columns(whole, exercise, 140)
    out = io.StringIO()
    table = _table(replace(whole, reps=open_), exercise, vocabulary())
    Console(file=out, width=80).print(table)
    assert len(re.findall(r"\d\.\d\d ± \d\.\d\d ", out.getvalue())) == len(open_)
    assert "…" not in out.getvalue()


def _only_open(rep: Rep, code: str) -> Rep:
    any_ = (Band.OK, Band.WATCH, Band.FAULT)
    bands = {True: (Band.INCONCLUSIVE, any_), False: (Band.OK, (Band.OK,))}
    each = ((f, *bands[f.code == code]) for f in rep.findings)
    return replace(rep, findings=tuple(replace(f, band=b, may_be=m) for f, b, m in each))


def test_strict_limits_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    exercise = exercises.get("step-down")
    for strict in (False, True):
        print_summary(analyze(figures.squat_set(), exercise, strict=strict), exercise, "c.npz")
        assert ("c.npz, strict limits" in flat(capsys.readouterr().out)) is strict


def test_an_exercise_is_explained_by_the_title_it_is_shown_under() -> None:
    assert run("explain", "lateral step-down").stdout == run("explain", "step-down").stdout


def test_what_is_to_be_known_beside_a_verdict_is_a_note() -> None:
    said = _in_words(Done("scored", "left: inconclusive", warning="Ends early."))
    assert said == "left: can't tell. Note: Ends early."


def test_who_asks_for_a_fault_is_told_where_faults_are_listed() -> None:
    assert "'glutecam explain step-down' the faults of one" in flat(run("explain", "gc10").stderr)
    assert "'glutecam explain' lists all." in flat(run("explain", "stepdwn").stderr)


def test_a_code_that_is_none_offers_none_that_only_begins_with_the_same_letters() -> None:
    said = flat(run("explain", "gc9").stderr)
    assert "Did you mean" not in said and "no code of a fault" in said


def test_a_year_before_there_were_films_of_movement_is_doubted_and_taken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert done_at("1850-01-01").year == 1850
    assert "is the year right?" in capsys.readouterr().err
    assert done_at("1998-03-02").year == 1998
    assert capsys.readouterr().err == ""


def test_an_export_of_somebody_who_is_not_kept_is_refused(tmp_path: Path) -> None:
    where = tmp_path / "h.sqlite"
    with History.open(where) as history:
        history.add(make_set(subject="P01"))
    out = ("--csv", tmp_path / "h.csv", "--db", where)
    result = run("history", "export", "--subject", "nobody", *out)
    assert result.exit_code == 2 and "Kept are: P01." in flat(result.stderr)
    assert not (tmp_path / "h.csv").exists()
    assert run("history", "export", "--subject", "P01", *out).exit_code == 0
