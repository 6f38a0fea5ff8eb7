"""Promises that every exercise keeps; a new one gets these tests without asking for them."""

from __future__ import annotations

import importlib
import math
import re
from dataclasses import replace
from pathlib import Path

import acts
import numpy as np
import pytest
from figures import certain

from glutecam import exercises
from glutecam.core.analyzer import Analyzer, analyze
from glutecam.core.assessment import Band, Side, Verdict
from glutecam.core.measures import Z90, Formula, change
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import FrameRule
from glutecam.core.wording import Audience, vocabulary
from glutecam.errors import UnknownExerciseError

ALL = exercises.all_exercises()
RULES = [pytest.param(e, r, id=f"{e.name}-{r.code}") for e in ALL for r in e.all_rules]
JUDGED = [pytest.param(e, r, id=f"{e.name}-{r.code}") for e in ALL for r in e.every_rule]
SCALES = [pytest.param(s, id=f"{e.name}-{s.name}") for e in ALL for s in e.scales]
each_exercise = pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)
each_scale = pytest.mark.parametrize("scale", SCALES)
each_judged = pytest.mark.parametrize(("exercise", "rule"), JUDGED)
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
DRAWING_BOX = 100.0


def motion(exercise, *, left: bool = False) -> PoseSeries:
    """Return a set with one bad repetition."""
    return acts.ACTS[exercise.name](exercise.rules[0].code, left=left).poses


def expected_reps(exercise) -> int:
    return acts.ACTS[exercise.name](exercise.rules[0].code).reps


def bands(assessment):
    return [[(f.code, f.band) for f in rep.findings] for rep in assessment.reps]


def in_seconds(exercise, assessment):
    codes = [f.code for rep in assessment.reps for f in rep.findings]
    return np.array([exercise.rule(code).unit == "s" for code in codes])


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


def test_the_words_for_clinicians_name_measures_that_there_are():
    known = {measure.name for exercise in ALL for measure in exercise.measures}
    assert vocabulary(Audience.CLINICIAN).names.keys() <= known


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


def fixed_half_width(rule) -> float | None:
    """Return the ± of a change from the quiet posture, of which an ideal repetition has none."""
    fixed = isinstance(rule, FrameRule) and isinstance(rule.measure.of, Formula)
    if fixed and rule.measure.against is change:
        return Z90 * rule.share * rule.measure.of.sd
    return None


@each_judged
def test_a_rule_judges_only_where_an_ideal_repetition_can_be_called_good(exercise, rule):
    half_width = fixed_half_width(rule)
    if half_width is None:
        pytest.skip("its ± is not one number, or an ideal repetition does not read 0")
    assert half_width <= rule.bands.ok


@each_exercise
def test_what_is_noted_for_its_doubt_is_said_to_be_unjudged(exercise):
    asked = {code for scale in exercise.scales for code in scale.rules}
    doubtful = [rule for rule in exercise.noted if rule.code not in asked]
    assert bool(exercise.unjudged) or not doubtful
    if exercise.unjudged:
        assert exercise.noted and is_sentence(exercise.unjudged)
        assert exercise.unjudged.startswith("Not judged, as ")
        assert not CLINICAL.search(exercise.unjudged)


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


def sides_worked(exercise, assessment) -> list[Side]:
    """Return the side of each repetition; where both legs work at once there is none to tell."""
    return [rep.side for rep in assessment.reps] if exercise.leg.right else []


@each_exercise
@pytest.mark.parametrize("given", [True, False], ids=["side given", "side found"])
def test_the_mirror_twin_gets_the_same_bands_on_the_other_side(exercise, given):
    poses = motion(exercise)
    right = analyze(poses, exercise, side=Side.RIGHT if given else None)
    left = analyze(poses.mirrored(), exercise, side=Side.LEFT if given else None)
    other = {Side.RIGHT: Side.LEFT, Side.LEFT: Side.RIGHT}
    assert len(right.reps) == len(left.reps) == expected_reps(exercise)
    assert sides_worked(exercise, left) == [other[s] for s in sides_worked(exercise, right)]
    if not exercise.leg.alternates:
        assert set(sides_worked(exercise, right)) <= {Side.RIGHT}
    assert bands(right) == bands(left)
    # Until the leg is told the right one is supposed, so a left one may begin half a second later.
    late_s = 0.0 if given else 0.6
    tolerance = np.where(in_seconds(exercise, right), late_s, 0.0) + 1e-6
    assert (np.abs(values(right) - values(left)) <= tolerance).all()


@each_exercise
def test_a_clean_set_has_every_repetition_and_no_fault(exercise):
    act = acts.ACTS[exercise.name](None)
    result = analyze(act.poses, certain(exercise))
    told = Verdict.INCONCLUSIVE if exercise.unjudged else Verdict.FINE
    assert result.verdict is told, result.instruction
    assert {rep.band for rep in result.reps} <= {Band.OK}
    assert len(result.reps) == act.reps and result.attempts == result.faults == ()


@each_judged
def test_a_fault_that_is_planted_is_found_where_it_is(exercise, rule):
    act = acts.ACTS[exercise.name](rule.code)
    result = analyze(act.poses, certain(exercise))
    assert result.verdict is Verdict.FAULT
    assert len(result.reps) == act.reps
    if rule in exercise.of_set:
        assert rule.code in {f.code for f in result.findings if f.band is Band.FAULT}
        return
    having = [i for i, rep in enumerate(result.reps) if has_fault(rep, rule.code)]
    assert having == ([act.bad] if act.bad is not None else list(range(act.reps)))


def has_fault(rep, code: str) -> bool:
    return any(f.code == code and f.band is Band.FAULT for f in rep.findings)


@each_exercise
def test_live_is_batch_whatever_the_pieces(exercise):
    poses = motion(exercise)
    whole = analyze(poses, exercise, smoothing="causal")
    analyzer = Analyzer(exercise, smoothing="causal")
    rng = np.random.default_rng(len(exercise.name))
    at, newest = 0, None
    while at < len(poses):
        step = int(rng.choice([1, 1, 1, 2, 7]))
        newest = analyzer.push(poses[at : at + step])
        at += step
    pieces = analyzer.finish()
    for name in ("reps", "attempts", "faults", "findings", "gates", "verdict", "baseline"):
        assert repr(getattr(whole, name)) == repr(getattr(pieces, name)), name
    for name, signal in whole.signals.items():
        assert signal.estimate.value.tobytes() == pieces.signals[name].estimate.value.tobytes()
    # A posture that is still held when the recording ends is counted at the end only.
    still_held = exercise.cycle.hold_s is not None and whole.reps[-1].end == len(poses)
    assert newest.reps == len(whole.reps) - still_held


@each_exercise
def test_its_neighbours_exist_and_are_not_itself(exercise):
    for name in (*exercise.easier, *exercise.harder):
        assert name in exercises.names() and name != exercise.name
    assert not set(exercise.easier) & set(exercise.harder)
    assert exercise.easier or exercise.harder


@each_exercise
def test_its_dosage_says_where_it_comes_from(exercise):
    dosage = exercise.dosage
    tags = re.findall(r"\[([^\]]*)\]", dosage.evidence)
    assert tags and all(re.fullmatch(r"F\d+|R|D|P|S", tag) for tag in tags)
    assert is_sentence(dosage.evidence) and dosage.unit and not dosage.load.endswith(".")


def places(figure) -> list[tuple[float, float]]:
    lines = (figure.trunk, figure.shoulders, figure.hips, *figure.legs, *figure.arms)
    return [figure.head, *(place for line in lines for place in line)]


@each_exercise
def test_its_drawing_is_inside_its_box_and_says_what_it_shows(exercise):
    drawing = exercise.drawing
    assert is_sentence(drawing.says)
    lines = (*drawing.props, *drawing.end_props, *drawing.arrows)
    everything = [
        *places(drawing.start),
        *places(drawing.end),
        *(p for line in lines for p in line),
    ]
    assert all(0 <= x <= DRAWING_BOX and 0 <= y <= DRAWING_BOX for x, y in everything)
    assert all(len(figure.legs) in (1, 2) for figure in (drawing.start, drawing.end))
    assert drawing.start != drawing.end


@each_exercise
def test_strict_never_finds_less(exercise):
    usual, strict = (analyze(motion(exercise), exercise, strict=s) for s in (False, True))
    assert len(strict.faults) >= len(usual.faults)


def test_a_name_that_is_like_nothing_lists_what_there_is():
    with pytest.raises(UnknownExerciseError) as caught:
        exercises.get("zzzzqqqq")
    assert "Did you mean" not in str(caught.value)
    assert all(name in str(caught.value) for name in exercises.names())


def test_the_programme_names_exercises_that_exist():
    named = {choice.name for level in exercises.programme().levels for choice in level.exercises}
    assert named <= set(exercises.names())
