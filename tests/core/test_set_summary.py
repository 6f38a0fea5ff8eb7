"""Sets are invented, with known trends, sides and depths, which are then asked for."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from builders import make_exercise

from glutecam.core.assessment import Band, Finding, Pattern, Rep, Side
from glutecam.core.measures import KNEE_FLEXION, Estimate
from glutecam.core.pelvis import PELVIC_DROP
from glutecam.core.set_summary import OWN_SHARE, Depth, summary_of
from glutecam.core.summary_wording import depths_in_words

EXERCISE = make_exercise()
PLAIN = replace(EXERCISE, cycle=replace(EXERCISE.cycle, compare_at=None))
FRAMES = 61
"""Of every repetition: down in half of them, up in the rest."""


def a_set(peaks, depths=None, sides=None, patterns=None, half_width=4.0):
    """Return repetitions and signals; the drop is ``peak`` times the share of the depth."""
    depths = depths or [70.0] * len(peaks)
    sides = sides or [Side.RIGHT] * len(peaks)
    patterns = patterns or [Pattern.NONE] * len(peaks)
    wave = 1.0 - np.abs(np.linspace(-1.0, 1.0, FRAMES))
    reps, flexion, drop = [], [], []
    for i, (peak, depth) in enumerate(zip(peaks, depths, strict=True)):
        start = i * FRAMES
        found = (Finding("pelvic-drop", peak, half_width, Band.OK, start + FRAMES // 2),)
        reps.append(
            Rep(i + 1, start, start + FRAMES, 0.0, 2.0, sides[i], found, patterns[i])
        )  # fmt: skip
        flexion.append(depth * wave)
        drop.append(peak * depth * wave / 100.0)
    estimates = {
        KNEE_FLEXION.name: Estimate(np.concatenate(flexion), np.full(len(peaks) * FRAMES, 5.0)),
        PELVIC_DROP.name: Estimate(np.concatenate(drop), np.full(len(peaks) * FRAMES, 2.0)),
    }
    return reps, estimates


def summary(*args, exercise=EXERCISE, **kwargs):
    return summary_of(exercise, *a_set(*args, **kwargs))


def test_a_steady_rise_is_found_and_exceeds_its_doubt():
    fatigue = summary([5.0, 6.1, 6.9, 8.0, 9.1, 9.9]).sides[0].fatigue
    assert fatigue.per_rep.value == pytest.approx(1.0, abs=0.05)
    assert fatigue.per_rep.exceeds
    assert fatigue.start == pytest.approx(5.0, abs=0.2)


def test_scatter_without_a_trend_is_none():
    fatigue = summary([6.0, 9.0, 5.0, 8.0, 7.0, 6.5]).sides[0].fatigue
    assert not fatigue.per_rep.exceeds


def test_the_doubt_of_the_slope_holds_nine_cases_in_ten():
    """Sets of eight without any trend: a line may look real in about one of ten."""
    rng = np.random.default_rng(3)
    slopes = [
        summary(list(7.0 + rng.normal(0.0, 1.5, 8)), half_width=1.0).sides[0].fatigue.per_rep
        for _ in range(1000)
    ]
    assert 0.07 < np.mean([slope.exceeds for slope in slopes]) < 0.13


def test_a_slope_is_no_surer_where_its_values_are_less_so():
    """Whatever the scatter; and where there is none, the repetitions' own ± is what is left."""
    for peaks in ([5.0, 6.0, 7.0, 8.0], [5.0, 7.0, 6.5, 8.0], [6.0, 9.0, 5.0, 8.0]):
        widths = [
            summary(peaks, half_width=width).sides[0].fatigue.per_rep.half_width
            for width in (0.0, 3.0, 15.0, 60.0)
        ]
        assert widths == sorted(widths)
        assert widths[-1] > widths[0]
    exact = summary([5.0, 6.0, 7.0, 8.0], half_width=15.0).sides[0].fatigue.per_rep
    # Of four repetitions the squares of the distances to the middle add up to 5.
    assert exact.half_width == pytest.approx(OWN_SHARE * 15.0 / math.sqrt(5.0))
    assert not exact.exceeds


def test_an_error_that_all_repetitions_share_bends_no_line():
    plain, shifted = ([5.0, 6.2, 6.9, 8.1], [11.0, 12.2, 12.9, 14.1])
    slopes = [summary(peaks).sides[0].fatigue.per_rep for peaks in (plain, shifted)]
    assert slopes[0].value == pytest.approx(slopes[1].value)
    assert slopes[0].half_width == pytest.approx(slopes[1].half_width)


def test_three_repetitions_make_no_trend():
    assert summary([5.0, 6.0, 7.0]).sides[0].fatigue is None


def test_a_repetition_that_was_not_seen_keeps_its_place_in_the_order():
    fatigue = summary([5.0, math.nan, 7.0, 8.0, 9.0]).sides[0].fatigue
    assert fatigue.per_rep.value == pytest.approx(1.0)


def test_sides_are_told_apart_beyond_their_doubt_only():
    sides = [Side.LEFT, Side.RIGHT] * 2
    apart = summary([14.0, 4.0, 14.0, 4.0], sides=sides, half_width=3.0).difference
    assert apart.value == pytest.approx(10.0)
    assert apart.half_width == pytest.approx(3.0 * math.sqrt(2.0) * math.sqrt(1.5))
    assert apart.exceeds
    assert not summary([8.0, 6.0], sides=sides[:2], half_width=3.0).difference.exceeds
    assert summary([8.0, 6.0]).difference is None


def test_sides_are_compared_at_a_depth_that_both_reach():
    """The left squats deeper and so drops more; at the same depth it does not."""
    sides = [Side.LEFT, Side.RIGHT] * 2
    found = summary([20.0] * 4, depths=[80.0, 50.0] * 2, sides=sides)
    assert [at.level for side in found.sides for at in side.at if at.depth is Depth.COMMON] == [
        pytest.approx(50.0)
    ] * 2
    assert abs(found.matched_difference.value) < 1.0
    left, right = (side.at[-1].median.value for side in found.sides)
    assert (left, right) == (pytest.approx(16.0), pytest.approx(10.0))
    assert summary([20.0]).matched_difference is None


def test_the_doubt_of_a_difference_knows_that_both_sides_share_their_zero():
    """Readings with independent errors: left, right and the quiet posture that both are counted from."""
    rng = np.random.default_rng(5)
    left, right, quiet = rng.normal(0.0, 1.0, (3, 20_000))
    change = np.std(right - quiet)
    difference = np.std(-(left - quiet) - (right - quiet))
    assert difference == pytest.approx(math.sqrt(1.5) * math.hypot(change, change), rel=0.02)


def test_patterns_are_counted_for_each_side():
    patterns = [Pattern.NONE, Pattern.MIXED, Pattern.MIXED, Pattern.COMPENSATED]
    sides = [Side.LEFT, Side.LEFT, Side.RIGHT, Side.RIGHT]
    left, right = summary([5.0] * 4, sides=sides, patterns=patterns).sides
    assert left.patterns == Counter({Pattern.NONE: 1, Pattern.MIXED: 1})
    assert right.patterns == Counter({Pattern.MIXED: 1, Pattern.COMPENSATED: 1})


def at(found, depth):
    return next(one for one in found.sides[0].at if one.depth is depth)


def with_compare_at(level):
    return replace(EXERCISE, cycle=replace(EXERCISE.cycle, compare_at=level))


def test_a_shallow_repetition_does_not_hide_its_drop():
    """The same drop per degree of knee flexion: peaks differ with the depth, matched values do not."""
    found = summary([20.0, 20.0], depths=[80.0, 50.0], exercise=with_compare_at(60.0))
    common = at(found, Depth.COMMON)
    assert common.level == pytest.approx(50.0)
    assert [one.value for one in common.values] == pytest.approx([10.0, 10.0], abs=1.0)
    deepest = at(found, Depth.DEEPEST)
    assert [one.value for one in deepest.values] == pytest.approx([16.0, 10.0])


def test_at_sixty_degrees_only_where_it_was_reached():
    found = summary([20.0, 20.0], depths=[80.0, 50.0], exercise=with_compare_at(60.0))
    fixed = at(found, Depth.FIXED)
    assert fixed.level == 60.0
    assert fixed.values[0].value == pytest.approx(12.0, abs=1.0)
    assert math.isnan(fixed.values[1].value)
    assert fixed.median.value == fixed.values[0].value
    shallow = summary([20.0], depths=[50.0], exercise=with_compare_at(60.0))
    assert [one.depth for one in shallow.sides[0].at] == [Depth.COMMON, Depth.DEEPEST]


def test_the_doubt_at_a_depth_is_that_of_the_rule_which_reads_it():
    plain = with_compare_at(60.0)
    narrower = replace(plain, rules=(replace(plain.leading, share=0.5), *plain.rules[1:]))
    whole, half = (
        at(summary([20.0], exercise=each), Depth.FIXED).values[0] for each in (plain, narrower)
    )
    assert half.half_width == pytest.approx(0.5 * whole.half_width)
    assert half.value == whole.value


def test_what_has_no_depth_to_compare_at_is_not_compared():
    assert summary([5.0] * 4, exercise=PLAIN).sides[0].at == ()


def test_what_was_not_judged_has_no_summary():
    _, estimates = a_set([5.0])
    bare = Rep(1, 0, 10, 0.0, 1.0, Side.LEFT)
    assert summary_of(EXERCISE, [bare], estimates) is None
    assert summary_of(EXERCISE, [], estimates) is None


def test_a_value_that_is_the_same_at_several_depths_is_said_once():
    found = summary([20.0] * 2, depths=[66.0] * 2, exercise=with_compare_at(60.0))
    words = depths_in_words(found, found.sides[0])
    assert words.endswith(
        "° at 66° of knee flexion (reached by all) and at the deepest point of each."
    )
    assert words.count("±") == 2


def test_a_rule_of_a_whole_repetition_leads_as_well():
    """It has a number for each repetition, and no curve to compare at one depth."""
    depth = EXERCISE.rule("depth")
    exercise = replace(
        with_compare_at(60.0), rules=(depth,), pattern=None, scales=(), no_scale="none"
    )
    reps, estimates = a_set([60.0, 62.0, 64.1, 66.0, 68.0])
    reps = [
        replace(rep, findings=tuple(replace(f, code="depth") for f in rep.findings)) for rep in reps
    ]
    found = summary_of(exercise, reps, estimates)
    assert (found.code, found.name, found.unit) == ("depth", KNEE_FLEXION.label, "°")
    assert [peak.value for peak in found.sides[0].peaks] == [60.0, 62.0, 64.1, 66.0, 68.0]
    assert found.sides[0].fatigue.per_rep.value == pytest.approx(2.0, abs=0.05)
    assert found.sides[0].at == ()


def test_a_number_in_a_unit_of_its_own_has_the_name_of_its_rule():
    tempo = replace(EXERCISE.rule("depth"), name="tempo", unit="s")
    reps, estimates = a_set([2.0])
    assert (
        summary_of(
            replace(EXERCISE, rules=(tempo,), pattern=None, scales=(), no_scale="none"),
            reps,
            estimates,
        ).name
        == "tempo"
    )
