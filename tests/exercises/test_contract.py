"""Promises that every exercise keeps; a new one gets these tests without asking for them."""

from __future__ import annotations

import importlib
import math
import re
from dataclasses import replace
from pathlib import Path

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Side, Verdict
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import FrameRule, Posture
from glutecam.errors import UnknownExerciseError

ALL = exercises.all_exercises()
RULES = [pytest.param(e, r, id=f"{e.name}-{r.code}") for e in ALL for r in e.all_rules]
SCALES = [pytest.param(s, id=f"{e.name}-{s.name}") for e in ALL for s in e.scales]
each_exercise = pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
each_scale = pytest.mark.parametrize("scale", SCALES)
each_rule = pytest.mark.parametrize(("exercise", "rule"), RULES)

CLINICAL = re.compile(
    r"trendelenburg|diagnos|positive|negative|abnormal|patholog|disease|disorder|syndrome|"
    r"tendin|arthr|osteo|dysplas|weakness|lesion|gluteus|adduct|abduct|valgus|obliquit|"
    r"contralateral|ipsilateral",
    re.IGNORECASE,
)
"""Words that name an illness, judge a body, or that nobody outside a clinic uses."""
OWN_PROPOSAL = "our proposal"
LONGEST_CUE = 80
STANDING_REPS = [68.0, 68.0, 68.0]
STANDING_DROPS = [0.0, 18.0, 0.0]
LYING_REPS = [45.0, 45.0]
LYING_ROLLS = [0.0, 30.0]


def motion(exercise, *, left: bool = False) -> PoseSeries:
    """Return a set with one bad repetition, of the kind that the exercise's posture asks for."""
    if exercise.posture is Posture.SIDE_LYING:
        return figures.clamshell_set(openings=LYING_REPS, rolls=LYING_ROLLS, left=left)
    return figures.squat_set(depths=STANDING_REPS, drops=STANDING_DROPS, left=left)


def expected_reps(exercise) -> int:
    return len(LYING_REPS if exercise.posture is Posture.SIDE_LYING else STANDING_REPS)


def bands(assessment):
    return [[(f.code, f.band) for f in rep.findings] for rep in assessment.reps]


def values(assessment):
    return np.array([f.value for rep in assessment.reps for f in rep.findings])


def folder() -> Path:
    return Path(exercises.__file__).parent


def is_sentence(text: str) -> bool:
    return text == text.strip() and len(text) > 10 and text[-1] in ".!?" and not text[0].islower()


def test_there_is_an_exercise_in_every_file_and_a_file_for_every_exercise():
    files = {path.stem for path in folder().glob("*.py") if not path.name.startswith("_")}
    assert {exercise.name.replace("-", "_") for exercise in ALL} == files


@each_exercise
def test_its_name_is_that_of_its_file(exercise):
    module = importlib.import_module(f"glutecam.exercises.{exercise.name.replace('-', '_')}")
    assert module.EXERCISE is exercise
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", exercise.name)


@each_exercise
@pytest.mark.parametrize("form", [str.upper, lambda name: name.replace("-", "_"), "  {} ".format])
def test_it_is_found_however_its_name_is_written(exercise, form):
    assert exercises.get(form(exercise.name)) is exercise


@each_exercise
def test_a_misspelt_name_is_answered_with_the_nearest(exercise):
    with pytest.raises(UnknownExerciseError, match=f"Did you mean '{exercise.name}'"):
        exercises.get(exercise.name[:-1] + "x")


@each_exercise
def test_what_explain_prints_is_there(exercise):
    for text in (exercise.summary, exercise.setup, exercise.praise, exercise.cannot_see):
        assert is_sentence(text), text
    for text in (exercise.title, exercise.worked_leg, exercise.scale):
        assert text.strip() == text != "" and not text.endswith("."), text
    assert exercise.rules and exercise.min_fps > 0


@each_exercise
def test_every_quantity_says_how_it_is_measured(exercise):
    for measure in exercise.measures:
        assert measure.label and measure.unit and measure.method and measure.needs, measure.name
        assert re.fullmatch(r"[a-z0-9_]+_(deg|norm|m|s|px)", measure.name), measure.name


@each_rule
def test_its_texts_are_sentences(exercise, rule):
    for text in (rule.cue, rule.why, rule.evidence):
        assert is_sentence(text), text
    assert rule.name == rule.name.lower().strip() != ""


@each_rule
def test_its_cue_is_short_and_in_plain_words(exercise, rule):
    assert len(rule.cue) <= LONGEST_CUE
    assert not CLINICAL.search(rule.cue), rule.cue
    assert not CLINICAL.search(rule.name), rule.name


@each_exercise
def test_what_it_says_while_it_watches_is_in_plain_words(exercise):
    assert len(exercise.praise) <= LONGEST_CUE
    for text in (exercise.praise, exercise.summary):
        assert not CLINICAL.search(text), text


@each_rule
def test_its_evidence_has_a_tag_or_says_that_it_is_ours(exercise, rule):
    tags = re.findall(r"\[([^\]]*)\]", rule.evidence)
    assert tags or OWN_PROPOSAL in rule.evidence.lower()
    for tag in tags:
        assert re.fullmatch(r"F\d+|R|D|P|S", tag), f"[{tag}] is not a tag of docs/evidence.md"
    if "P" in tags:
        assert "proposal" in rule.evidence


@each_scale
def test_a_scale_says_where_it_is_from_and_what_is_ours(scale):
    for text in (scale.how, scale.evidence, *(item.unseen for item in scale.items if item.unseen)):
        assert is_sentence(text) or text.endswith("]."), text
    tags = re.findall(r"\[([^\]]*)\]", scale.how + scale.evidence)
    assert tags and all(re.fullmatch(r"F\d+|R|D|P|S", tag) for tag in tags), tags
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", scale.name)
    assert not CLINICAL.search(scale.plain), scale.plain


@each_exercise
def test_what_is_only_noted_decides_nothing(exercise):
    bare = replace(exercise, noted=(), scales=(), no_scale="None here")
    with_notes, without = analyze(motion(exercise), exercise), analyze(motion(exercise), bare)
    assert with_notes.verdict is without.verdict
    assert repr([replace(rep, noted=()) for rep in with_notes.reps]) == repr(list(without.reps))
    for rep in with_notes.reps:
        assert [finding.code for finding in rep.noted] == [rule.code for rule in exercise.noted]
    assert {sheet.scale for sheet in with_notes.sheets} == {s.name for s in exercise.scales}


@each_rule
def test_its_code_is_a_code(exercise, rule):
    assert re.fullmatch(r"GC\d{3}", rule.code)


def test_a_code_means_one_fault():
    for code in {rule.code for exercise in ALL for rule in exercise.all_rules}:
        same = [rule for exercise in ALL for rule in exercise.all_rules if rule.code == code]
        told = {(rule.name, rule.cue, rule.why, rule.unit) for rule in same}
        assert len(told) == 1, code


@each_rule
def test_its_bands_rise_and_strict_is_stricter(exercise, rule):
    if not isinstance(rule, FrameRule):
        low, high = rule.bounds
        assert low < high and rule.margin > 0
        assert math.isfinite(low) or math.isfinite(high)
        return
    assert rule.bands.ok < rule.bands.fault and rule.min_s > 0
    if rule.strict:
        assert rule.strict.ok < rule.strict.fault
        assert (rule.strict.ok, rule.strict.fault) < (rule.bands.ok, rule.bands.fault)


@each_exercise
@pytest.mark.parametrize("smoothing", ["zero-phase", "causal"])
def test_an_empty_room_is_not_assessable_and_says_what_to_do(exercise, smoothing):
    nobody = PoseSeries.unseen(np.arange(150) / 30.0, 1280, 720)
    result = analyze(nobody, exercise, smoothing=smoothing)
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert is_sentence(result.instruction)
    assert result.reps == result.faults == ()
    assert result.score is None and result.coverage == 0.0


@each_exercise
def test_points_without_confidence_are_not_assessable(exercise):
    hidden = replace(motion(exercise), visibility=np.full((len(motion(exercise)), 33), 0.1))
    result = analyze(hidden, exercise)
    assert result.verdict is Verdict.NOT_ASSESSABLE and result.instruction


@each_exercise
def test_a_set_is_counted_and_every_rule_has_its_say(exercise):
    result = analyze(motion(exercise), exercise)
    assert result.verdict is not Verdict.NOT_ASSESSABLE, result.instruction
    assert len(result.reps) == expected_reps(exercise)
    codes = [rule.code for rule in exercise.rules]
    for rep in result.reps:
        assert [finding.code for finding in rep.findings] == codes
        assert all(rep.start <= f.at < rep.end and f.half_width >= 0 for f in rep.findings)
    assert set(result.signals) >= {measure.name for measure in exercise.measures}


@each_exercise
@pytest.mark.parametrize("smoothing", ["zero-phase", "causal"])
def test_the_same_landmarks_give_the_same_answer(exercise, smoothing):
    first, second = (analyze(motion(exercise), exercise, smoothing=smoothing) for _ in range(2))
    for name in ("reps", "attempts", "faults", "gates", "verdict", "score", "baseline"):
        assert repr(getattr(first, name)) == repr(getattr(second, name)), name
    for name, signal in first.signals.items():
        assert signal.estimate.value.tobytes() == second.signals[name].estimate.value.tobytes()


@each_exercise
@pytest.mark.parametrize("given", [True, False], ids=["side given", "side found"])
def test_the_mirror_twin_gets_the_same_bands_on_the_other_side(exercise, given):
    poses = motion(exercise)
    right = analyze(poses, exercise, side=Side.RIGHT if given else None)
    left = analyze(poses.mirrored(), exercise, side=Side.LEFT if given else None)
    assert {rep.side for rep in right.reps} == {Side.RIGHT}
    assert {rep.side for rep in left.reps} == {Side.LEFT}
    assert bands(right) == bands(left)
    np.testing.assert_allclose(values(right), values(left), atol=1e-6)


@each_exercise
def test_strict_never_finds_less(exercise):
    usual, strict = (analyze(motion(exercise), exercise, strict=s) for s in (False, True))
    assert len(strict.faults) >= len(usual.faults)


def test_a_name_that_is_like_nothing_lists_what_there_is():
    with pytest.raises(UnknownExerciseError) as caught:
        exercises.get("zzzzqqqq")
    assert "Did you mean" not in str(caught.value)
    assert all(name in str(caught.value) for name in exercises.names())
