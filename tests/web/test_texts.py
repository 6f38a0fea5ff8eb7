"""Two languages, whole: what is missing is named."""

from __future__ import annotations

import json
import re
import wave
from dataclasses import replace
from pathlib import Path

import figures
import numpy as np
import pytest
from builders import make_assessment
from core.test_cutting import joined, judged, standing, walking_about

from glutecam import exercises
from glutecam.capture.video import VideoFile
from glutecam.cli.summary import _counts
from glutecam.core import programme_wording, progress
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Side, Verdict
from glutecam.core.identity import alone_gate, same_person_gate
from glutecam.core.progress import Check, Condition, Now, Reason
from glutecam.core.scoring import set_score
from glutecam.core.setup_check import SetupCheck
from glutecam.core.validity import side_gate
from glutecam.errors import SourceError
from glutecam.web import texts
from glutecam.web.shown import assessment_shown

STATIC = Path(texts.__file__).parent / "static"
SQUAT = exercises.get("single-leg-squat")
PLACES = re.compile(r"\{(\w+)\}")


def others() -> list[str]:
    return [language for language in texts.LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", others())
def test_nothing_is_left_in_english(language: str):
    """Every exercise, rule, measure and message of the session has its text in the other language."""
    missing = texts.missing(language)
    assert not missing, f"{language}.json has no text for: {', '.join(missing)}"


@pytest.mark.parametrize("language", others())
def test_what_a_text_says_in_numbers_it_says_in_every_language(language: str):
    """A limit that was measured anew is mended in one language and forgotten in the other."""
    english, other = texts.catalogue("en"), texts.catalogue(language)
    # A figure that English spells with its word, as in 3D, is a word elsewhere.
    figure = re.compile(r"\d+(?:[.,]\d+)?(?!D)")

    def figures_in(text: str) -> list[str]:
        return sorted(found.replace(",", ".") for found in figure.findall(text))

    differing = [
        f"{section}.{name}.{field}"
        for section in ("exercises", "rules")
        for name, fields in english[section].items()
        for field, text in fields.items()
        if figures_in(text) != figures_in(other[section][name][field])
    ]
    assert differing == []


def test_after_how_many_faults_a_set_ends_is_said_as_the_programme_has_it():
    """The terminal and the page spell the number out: who changes the limit must change the words."""
    assert exercises.programme().limits.faults_end_set.value == 2
    assert "two repetitions in a row" in programme_wording.END_OF_SET
    for language, words in {"en": "two repetitions", "de": "zwei Wiederholungen"}.items():
        assert words in texts.catalogue(language)["ui"]["summary.faults"]


@pytest.mark.parametrize("language", others())
def test_the_sentences_of_the_core_are_translated(language: str):
    plan = exercises.programme()
    wanted = {level.title for level in plan.levels} | {level.quality for level in plan.levels}
    wanted |= {rung.with_ for rung in plan.rungs if rung.with_}
    wanted |= {
        choice.title
        for level in plan.levels
        for choice in level.exercises
        if choice.name not in exercises.names()
    }
    wanted |= {
        rule.unit
        for exercise in exercises.all_exercises()
        for rule in (*exercise.rules, *exercise.of_set)
        if len(rule.unit) > 1
    }
    session = texts.catalogue(language)["session"]
    wanted |= {
        tick.name.english
        for exercise in exercises.all_exercises()
        for tick in SetupCheck(exercise).ticks
        if tick.name.key not in session
    }
    missing = texts.untranslated(language, wanted)
    assert not missing, f"{language}.json says nothing for: {missing}"


@pytest.mark.parametrize("language", others())
def test_what_a_refusal_asks_for_is_translated(language: str):
    session = texts.catalogue(language)["session"]
    judged = [
        analyze(figures.squat_set(depths=[68.0]), exercises.get("single-leg-squat")),
        analyze(figures.clamshell_set(), exercises.get("clamshell")),
    ]
    asked = {f"gate.{gate.code}" for assessment in judged for gate in assessment.gates}
    assert len(asked) > 10
    assert sorted(asked - set(session)) == []


@pytest.mark.parametrize("code", ["side", "one person in the picture", "same person"])
def test_the_page_names_no_option_of_the_terminal(code: str):
    """Whoever chose a leg on the page was told to say --side."""
    poses = figures.squat_set(depths=[68.0, 70.0])
    side = Side.LEFT if analyze(poses, SQUAT).sides == (Side.RIGHT,) else Side.RIGHT
    gates = {
        "side": side_gate(poses, SQUAT, side is Side.RIGHT, np.full(len(poses), 1.0)),
        "one person in the picture": alone_gate(poses),
        "same person": same_person_gate(poses),
    }
    assert "--" in gates[code].instruction
    assert "--" not in texts.translated("en", gates[code].instruction)


@pytest.mark.parametrize(
    "scores", [[40.0, 44.0, None, None], [90.0, 94.0], [90.0], [90.0, None, None], [None]]
)
def test_the_page_says_what_a_set_scores_as_the_terminal_does(scores: list[float | None]):
    whole = make_assessment()
    reps = tuple(replace(whole.reps[0], score=score) for score in scores)
    assessment = replace(whole, reps=reps, score=set_score(reps))
    said = assessment_shown(assessment, exercises.get("step-down"))["score_said"]
    assert [said] == [line for line in _counts(assessment) if "core" in line]
    refused = replace(assessment, verdict=Verdict.NOT_ASSESSABLE)
    assert assessment_shown(refused, exercises.get("step-down"))["score_said"] == ""
    for language in others():
        there = texts.translated(language, said)
        assert there != said and re.findall(r"\d+", there) == re.findall(r"\d+", said)
        assert " to " not in there


@pytest.mark.parametrize("language", others())
def test_how_many_sets_were_found_is_translated(language: str):
    film, away = figures.squat_set(depths=[68.0] * 3), walking_about(100.0)
    recordings = ((away, film, away), (film, standing(12.0), away, film))
    said = {sets[0].assessment.warnings[-1] for sets in (judged(joined(*r)) for r in recordings)}
    assert {words[0] for words in said} == {"1", "2"}
    assert texts.untranslated(language, said) == []


def broken_files(sample: Path, folder: Path) -> dict[str, Path]:
    """Make what people drop on the page by mistake, or after a copy that failed."""
    whole = sample.read_bytes()
    # Boxes begin four bytes before their names: the index comes first, the pictures are the rest.
    index, picture = whole.index(b"moov") - 4, whole.index(b"mdat") + 4
    made = {
        "begins like an MP4": whole[:index] + whole[picture - 8 :],
        "Not one picture": whole[:picture] + b"\xff" * (len(whole) - picture),
        "is not a video": b"\x1a\x45\xdf\xa3" + b"squats " * 500,
    }
    paths = {}
    for number, (says, data) in enumerate(made.items()):
        paths[says] = folder / f"broken {number}.mp4"
        paths[says].write_bytes(data)
    paths["no video stream, only audio"] = folder / "sound.wav"
    with wave.open(str(paths["no video stream, only audio"]), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(8000))
    return paths


@pytest.mark.parametrize("language", others())
def test_why_a_video_cannot_be_read_is_translated(
    language: str, sample_videos: Path, tmp_path: Path
):
    clip = sample_videos / "step_down_lean_left.mp4"
    for says, path in broken_files(clip, tmp_path).items():
        with pytest.raises(SourceError, match=says) as refused, VideoFile(path):
            pass
        assert texts.untranslated(language, {str(refused.value)}) == []


@pytest.mark.parametrize("language", others())
def test_a_translation_fills_in_the_same_values(language: str):
    english, other = texts.catalogue("en"), texts.catalogue(language)
    for section in ("ui", "session"):
        for key, words in other[section].items():
            if key in english[section]:
                assert set(PLACES.findall(words)) == set(PLACES.findall(english[section][key])), key


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_what_is_missing_falls_back_to_english(language: str, monkeypatch: pytest.MonkeyPatch):
    whole = texts.catalogue("en")
    monkeypatch.setattr(texts, "_read", _without(language, texts._read))
    found = texts.catalogue(language)
    assert found["rules"]["GC101"]["cue"] == whole["rules"]["GC101"]["cue"]
    if language != "en":
        assert "rules.GC101.cue" in texts.missing(language)


def _without(language, read):
    def reading(name: str):
        found = read(name)
        if name == language:
            found = json.loads(json.dumps(found))
            found["rules"].get("GC101", {}).pop("cue", None)
        return found

    return reading


def test_a_code_means_the_same_in_every_exercise():
    said: dict[str, dict[str, str]] = {}
    for exercise in exercises.all_exercises():
        for rule in (*exercise.rules, *exercise.of_set):
            assert said.setdefault(rule.code, texts.rule_texts(rule)) == texts.rule_texts(rule)


def test_a_cue_is_worded_in_one_place():
    english = json.loads((STATIC.parent / "texts" / "en.json").read_text(encoding="utf-8"))
    assert set(english) == {"ui", "says"}
    # What the page says otherwise names an option of the terminal, and is no cue.
    assert all("--" in sentence for sentence in english["says"])


def test_every_key_that_the_page_asks_for_is_there():
    ui = texts.catalogue("en")["ui"]
    for script in STATIC.glob("*.js"):
        for key in re.findall(r"\bt\(\s*\"([^\"]+)\"", script.read_text(encoding="utf-8")):
            assert key in ui, f"{script.name} asks for {key}"
    for key in re.findall(r"data-text=\"([^\"]+)\"", (STATIC / "index.html").read_text("utf-8")):
        assert key in ui


def test_every_key_is_asked_for():
    scripts = "".join(path.read_text("utf-8") for path in STATIC.glob("*.*"))
    for key in texts.catalogue("en")["ui"]:
        stem = key.rpartition(".")[0]
        asked = f'"{key}"' in scripts or any(
            f"`{part}" in scripts for part in (f"{stem}.${{", f"{stem.partition('.')[0]}.${{")
        )
        assert asked or f"{stem}.$" in scripts or "${error.code}.hint" in scripts, key


# The same words as in the terminal


def filled(key: str, **values: object) -> str:
    words = texts.catalogue("en")["ui"][key]
    return PLACES.sub(lambda found: str(values[found[1]]), words)


def test_the_page_words_the_programme_as_the_terminal_does():
    plan = exercises.programme()
    rung = plan.rungs[4]
    bands = {"fault": "improve", "unsure": "can't tell", "watch": "watch"}
    for condition in Condition:
        share = condition is Condition.WATCH
        check = Check(condition, False, 0.25 if share else 1, 0.1 if share else 2)
        found, needed = ("25%", "10%") if share else ("1", "2")
        said = filled(
            f"check.{condition.value}",
            found=found,
            needed=needed,
            sets=rung.sets,
            reps=rung.reps,
            **bands,
        )
        assert said == programme_wording.check_in_words(rung, check)
    assert filled("programme.dose", sets=3, reps=15) in programme_wording.dose(plan.rungs[0])
    assert filled("programme.safety") == programme_wording.SAFETY


def test_every_state_of_the_programme_has_words():
    ui = texts.catalogue("en")["ui"]
    for kind, prefix in ((Now, "now"), (Reason, "reason"), (Condition, "check")):
        assert all(f"{prefix}.{member.value}" in ui for member in kind)
    assert {member.value for member in progress.Now} == {
        key.partition(".")[2] for key in ui if key.startswith("now.")
    }
