"""One thing at a time, seldom, the most important first, and less with mastery."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from builders import make_exercise, make_rep, make_update
from hypothesis import given
from hypothesis import strategies as st

from glutecam.core.assessment import Band, Pattern, Phase
from glutecam.core.coaching import Fading, Tone
from glutecam.core.feedback import AFTER_PRAISE_S, GAP_S, STAYS_S, Feedback, fading_of, looks_clean
from glutecam.core.pelvis import PELVIC_DROP

EXERCISE = make_exercise()
OK, WATCH, FAULT, UNSURE = Band.OK, Band.WATCH, Band.FAULT, Band.INCONCLUSIVE


def feedback(fade=True, clean=()) -> Feedback:
    return Feedback(EXERCISE, fade, list(clean))


def rep(*bands: Band):
    return make_rep(1, bands, Pattern.NONE, 2.0)


GOOD, BAD = rep(OK, OK, OK, OK), rep(FAULT, OK, OK, OK)


@given(
    times=st.lists(st.floats(0, 100), max_size=80, unique=True),
    kinds=st.lists(st.sampled_from(["rule", "gate", "praise", "none"]), min_size=80, max_size=80),
)
def test_never_two_within_four_seconds_but_a_cue_soon_after_praise(times, kinds):
    coach = feedback(fade=False)
    spoken = []
    for time_s, kind in zip(sorted(times), kinds, strict=False):
        changes = {
            "rule": {"active": ("pelvic-drop",)},
            "gate": {"instruction": "Step back.", "gate": "distance"},
            "praise": {"finished_rep": GOOD},
            "none": {},
        }[kind]
        if (said := coach.push(make_update(time_s=time_s, **changes)).speak) is not None:
            spoken.append((time_s, said.key.startswith("praise")))
    for (a, praised), (b, praises) in itertools.pairwise(spoken):
        assert b - a >= (AFTER_PRAISE_S if praised and not praises else GAP_S)


def test_praise_does_not_hold_back_the_cue_of_the_next_repetition():
    coach = feedback(fade=False)
    assert coach.push(make_update(time_s=5.0, finished_rep=GOOD)).speak.key == "praise.test-squat"
    assert coach.push(make_update(time_s=6.9, finished_rep=BAD)).speak is None
    assert coach.push(make_update(time_s=7.1, finished_rep=BAD)).speak.key == "cue.pelvic-drop"
    assert coach.push(make_update(time_s=9.2, finished_rep=GOOD)).speak is None
    assert coach.push(make_update(time_s=11.2, finished_rep=GOOD)).speak is not None


def test_what_hides_the_body_comes_before_every_rule_and_the_first_rule_before_the_others():
    active = {"active": ("trunk-lean", "pelvic-drop")}
    gate = feedback().push(make_update(instruction="Step back.", gate="distance", **active))
    assert (gate.speak.key, gate.speak.english) == ("gate.distance", "Step back.")
    assert feedback().push(make_update(**active)).speak.key == "cue.pelvic-drop"


def test_a_fault_that_is_only_known_at_the_end_is_told_then():
    assert feedback().push(make_update(finished_rep=BAD)).speak.key == "cue.pelvic-drop"


def test_a_cue_stays_to_be_read_and_then_goes():
    coach = feedback()
    coach.push(make_update(time_s=1.0, active=("pelvic-drop",)))
    shown = [coach.push(make_update(time_s=1.0 + s)).cue for s in (0.5, STAYS_S - 0.1, STAYS_S)]
    assert [str(cue) if cue else "" for cue in shown] == ["Keep your hip bones level."] * 2 + [""]


def test_a_repetition_that_looks_clean_sounds_and_praise_needs_certainty():
    sure = feedback().push(make_update(finished_rep=GOOD))
    assert (sure.tone, sure.speak.key) == (Tone.CLEAN, "praise.test-squat")
    findings = tuple(
        replace(f, band=UNSURE, value=3.0 if f.code != "depth" else 68.0) for f in GOOD.findings
    )
    unsure = feedback().push(make_update(finished_rep=replace(GOOD, findings=findings)))
    assert (unsure.tone, unsure.speak) == (Tone.CLEAN, None)
    assert feedback().push(make_update(finished_rep=BAD)).tone is None
    attempt = replace(GOOD, findings=(), reason="not far enough")
    assert feedback().push(make_update(finished_rep=attempt)).tone is None


def test_praise_for_a_repetition_without_a_fault_where_what_leads_is_surely_good():
    """Praise names what the leading rule reads, the hips; the others may be good or watch."""
    near = {"band": UNSURE, "may_be": (OK, WATCH)}
    trunk = replace(
        GOOD, findings=(GOOD.findings[0], *(replace(f, **near) for f in GOOD.findings[1:]))
    )
    hips = replace(GOOD, findings=(replace(GOOD.findings[0], **near), *GOOD.findings[1:]))
    assert [one.band for one in (trunk, hips)] == [Band.NO_FAULT] * 2
    assert feedback().push(make_update(finished_rep=trunk)).speak.key == "praise.test-squat"
    assert feedback().push(make_update(finished_rep=hips)).speak is None


@pytest.mark.parametrize(
    ("value", "clean"),
    [(3.0, True), (7.4, True), (7.6, False), (24.0, False), (float("nan"), False)],
)
def test_an_undecided_drop_looks_clean_by_its_likeliest_value_only(value, clean):
    finding = replace(GOOD.findings[0], band=UNSURE, value=value, half_width=12.0)
    unsure = replace(GOOD, findings=(finding, *GOOD.findings[1:]))
    assert looks_clean(EXERCISE, unsure) is clean
    assert looks_clean(EXERCISE, unsure, strict=True) is (clean and value <= 5.0)


def test_the_pitch_follows_the_pelvis_while_it_moves():
    coach = feedback()
    moving = coach.push(make_update(6.0, values={PELVIC_DROP.name: (6.0, 3.0)}))
    assert moving.pitch_hz == pytest.approx(440 * 2**-0.5)
    still = coach.push(make_update(6.0, phase=Phase.READY))
    assert still.pitch_hz is None


@pytest.mark.parametrize(
    ("clean", "fading"),
    [
        ([], Fading.EVERY),
        ([True] * 3, Fading.EVERY),
        ([True] * 4, Fading.SUMMARY),
        ([True, True, True, False], Fading.ALTERNATE),
        ([True, False] * 4, Fading.EVERY),
        ([False] * 9 + [True] * 6, Fading.SUMMARY),
        ([True] * 9 + [False] * 3, Fading.EVERY),
        ([True] * 9 + [False] * 2, Fading.ALTERNATE),
    ],
)
def test_feedback_fades_with_mastery_and_comes_back_without_it(clean, fading):
    assert fading_of(clean) is fading


def told(coach: Feedback, number: int) -> bool:
    """Do one repetition with a fault; say whether its cue was given."""
    time_s = 10.0 * number
    now = coach.push(make_update(time_s=time_s, reps=number - 1, active=("pelvic-drop",)))
    return now.speak is not None


def test_every_other_repetition_goes_without_cue_number_and_pitch():
    half = [True, True, True, False] * 2
    assert [told(feedback(clean=half), number) for number in (1, 2, 3, 4)] == [
        True, False, True, False,
    ]  # fmt: skip
    silent = feedback(clean=half).push(make_update(reps=1, values={PELVIC_DROP.name: (6.0, 3.0)}))
    assert silent.withheld and silent.pitch_hz is None


def test_who_masters_it_is_told_after_the_set_only_but_never_left_without_gates():
    mastered = [True] * 6
    coach = feedback(clean=mastered)
    assert not told(coach, 1)
    gate = coach.push(make_update(time_s=60.0, instruction="Step back.", gate="distance"))
    assert gate.speak.key == "gate.distance"
    assert told(feedback(fade=False, clean=mastered), 1)
