"""The whole line on invented movements: counts, bands, and live equal to batch."""

from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest
from figures import bands, certain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glutecam import exercises
from glutecam.core.analyzer import Analyzer, Replay, analyze
from glutecam.core.assessment import Band, Pattern, Phase, Side, Verdict
from glutecam.core.landmarks import Landmark
from glutecam.errors import InputError

SQUAT = exercises.get("single-leg-squat")
STEP = exercises.get("step-down")
CLAM = exercises.get("clamshell")


@pytest.mark.parametrize("smoothing", ["zero-phase", "causal"])
@pytest.mark.parametrize("left", [False, True])
def test_twelve_repetitions_are_twelve(smoothing, left):
    result = analyze(figures.squat_set(depths=[65.0] * 12, left=left), SQUAT, smoothing=smoothing)
    assert len(result.reps) == 12
    assert result.attempts == ()
    assert result.sides == (Side.LEFT if left else Side.RIGHT,)


def test_the_drop_of_the_second_repetition_is_found_there_and_only_there():
    poses = figures.squat_set(drops=[2.0, 15.0, 2.0], depths=[68.0] * 3)
    result = analyze(poses, certain(SQUAT))
    assert [bands(rep)["GC101"] for rep in result.reps] == [Band.OK, Band.FAULT, Band.OK]
    none = Pattern.NONE
    assert [rep.pattern for rep in result.reps] == [none, Pattern.UNCOMPENSATED, none]
    assert [(fault.code, fault.rep) for fault in result.faults] == [("GC101", 2)]
    assert result.faults[0].peak == pytest.approx(15.0, abs=0.6)
    assert result.verdict is Verdict.FAULT
    fault = result.faults[0]
    # Above 11° of a 15° bump of 2.4 s that begins at 6.0 s: from 6.78 to 7.62 s.
    assert fault.start_s == pytest.approx(6.78, abs=0.1)
    assert fault.end_s == pytest.approx(7.62, abs=0.1)


def test_a_lean_over_a_level_pelvis_is_the_compensated_pattern():
    result = analyze(figures.squat_set(leans=[0, 15.0, 0]), certain(SQUAT))
    assert [rep.pattern for rep in result.reps] == [Pattern.NONE, Pattern.COMPENSATED, Pattern.NONE]


def test_drop_and_lean_are_mixed():
    result = analyze(figures.squat_set(drops=[16, 0, 0], leans=[14, 0, 0]), certain(SQUAT))
    assert result.reps[0].pattern is Pattern.MIXED


def test_valgus_is_read_at_the_deepest_point():
    result = analyze(figures.squat_set(valgus=[0, 20, 0]), certain(SQUAT))
    values = [next(f for f in rep.findings if f.code == "GC104").value for rep in result.reps]
    assert values == pytest.approx([0, 20, 0], abs=0.8)
    assert [bands(rep)["GC104"] for rep in result.reps] == [Band.OK, Band.FAULT, Band.OK]


def test_strict_bands_are_stricter():
    poses = figures.squat_set(drops=[9.5, 9.5, 9.5])
    usual = analyze(poses, certain(SQUAT))
    strict = analyze(poses, certain(SQUAT), strict=True)
    assert bands(usual.reps[0])["GC101"] is Band.WATCH
    assert bands(strict.reps[0])["GC101"] is Band.FAULT
    assert strict.provenance.strict


def test_clean_repetitions_score_100_and_a_drop_costs():
    clean = analyze(figures.squat_set(), certain(SQUAT))
    assert clean.verdict is Verdict.FINE
    assert clean.score == 100.0
    dropped = analyze(figures.squat_set(drops=[16, 16, 16]), certain(SQUAT))
    assert dropped.score < 60


def test_with_the_hip_line_s_doubt_a_moderate_drop_is_inconclusive_and_never_fine():
    result = analyze(figures.squat_set(drops=[2, 12, 2]), SQUAT)
    assert [bands(rep)["GC101"] for rep in result.reps] == [Band.INCONCLUSIVE] * 3
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.score is None


def test_a_tilted_quiet_posture_is_subtracted():
    level = analyze(figures.squat_set(drops=[12, 0, 0]), certain(SQUAT))
    poses = figures.squat_set(drops=[12, 0, 0])
    turned = np.radians(2.0)
    centre = np.array([640.0, 400.0])
    rotation = np.array([[np.cos(turned), -np.sin(turned)], [np.sin(turned), np.cos(turned)]])
    rolled = replace(poses, image_px=(poses.image_px - centre) @ rotation.T + centre)
    result = analyze(rolled, certain(SQUAT))
    assert result.faults[0].peak == pytest.approx(level.faults[0].peak, abs=0.3)


def test_a_known_camera_roll_is_taken_out():
    poses = figures.squat_set(drops=[12, 0, 0])
    turned = np.radians(30.0)
    centre = np.array([640.0, 360.0])
    rotation = np.array([[np.cos(turned), -np.sin(turned)], [np.sin(turned), np.cos(turned)]])
    world = poses.world_m.copy()
    world[..., :2] = world[..., :2] @ rotation.T
    rolled = replace(
        poses,
        image_px=(poses.image_px - centre) @ rotation.T + centre,
        world_m=world,
        camera_roll_deg=-30.0,
    )
    result = analyze(rolled, certain(SQUAT))
    assert len(result.reps) == 3
    np.testing.assert_allclose(
        result.signals["hip_line_deg"].estimate.value,
        analyze(poses, certain(SQUAT)).signals["hip_line_deg"].estimate.value,
        atol=1e-6,
    )


def test_a_roll_that_no_camera_tells_is_noted_and_said_to_be_unjudged():
    result = analyze(figures.clamshell_set(rolls=[0, 25.0]), CLAM)
    noted = [{f.code: f for f in rep.noted}["GC201"] for rep in result.reps]
    assert [f.value for f in noted] == pytest.approx([0.0, 25.0], abs=1.0)
    assert all(f.half_width > CLAM.rule("GC201").bands.fault for f in noted)
    assert result.verdict is Verdict.INCONCLUSIVE and result.faults == ()
    assert CLAM.unjudged in result.warnings
    assert analyze(figures.squat_set(), CLAM).warnings == ()  # refused


def test_feet_that_part_are_found():
    result = analyze(figures.clamshell_set(feet=[0, 0.25]), certain(CLAM))
    assert [bands(rep)["GC202"] for rep in result.reps] == [Band.OK, Band.FAULT]


def test_a_hurried_clamshell_is_too_fast():
    t = np.arange(300) / 30
    quick = figures.lie_on_left(300, opening=figures.bump(t, 3.0, 1.6) * 45)
    result = analyze(figures.film(quick, time_s=t, lying=True, centre_px=(640, 400)), certain(CLAM))
    assert bands(result.reps[0])["GC204"] is Band.FAULT


@pytest.mark.parametrize("depth", [46.0])
def test_a_shallow_movement_is_an_attempt_and_says_why(depth):
    result = analyze(figures.squat_set(depths=[68.0, depth, 68.0]), SQUAT)
    assert len(result.reps) == 2
    assert [rep.reason for rep in result.attempts] == ["not far enough"]


def hidden_in(poses, start_s, end_s, points=slice(None)):
    """Return the poses with these points hidden for a while."""
    seen = poses.visibility.copy()
    seen[(poses.time_s > start_s) & (poses.time_s < end_s), points] = 0.1
    return replace(poses, visibility=seen)


@pytest.mark.parametrize("smoothing", ["zero-phase", "causal"])
def test_a_repetition_that_is_half_hidden_counts_and_nothing_of_it_is_judged(smoothing):
    poses = figures.squat_set()
    whole = analyze(poses, SQUAT).reps[1]
    middle, half = 0.5 * (whole.start_s + whole.end_s), 0.26 * (whole.end_s - whole.start_s)
    result = analyze(hidden_in(poses, middle - half, middle + half), SQUAT, smoothing=smoothing)
    assert len(result.reps) == 3
    rep = result.reps[1]
    assert all(f.band is Band.INCONCLUSIVE and np.isnan(f.value) for f in rep.findings)
    assert rep.score is None and result.verdict is Verdict.INCONCLUSIVE
    # What the pose model only guesses is shown to nobody.
    shown = result.signals[SQUAT.cycle.measure.name].estimate
    hidden = (poses.time_s > middle - half) & (poses.time_s < middle + half)
    assert np.isnan(shown.value[hidden]).all()


def test_a_repetition_in_which_nobody_is_seen_is_an_attempt():
    poses = figures.squat_set()
    whole = analyze(poses, SQUAT).reps[1]
    middle, half = 0.5 * (whole.start_s + whole.end_s), 0.26 * (whole.end_s - whole.start_s)
    gone = (poses.time_s > middle - half) & (poses.time_s < middle + half)
    arrays = {
        name: np.where(gone.reshape(-1, *[1] * (array.ndim - 1)), np.nan, array)
        for name in ("image_px", "world_m", "visibility")
        for array in [getattr(poses, name)]
    }
    result = analyze(poses.with_arrays(**arrays), SQUAT)
    assert len(result.reps) == 2
    reason = result.attempts[0].reason
    assert "not seen" in reason or "could not be seen" in reason


def test_what_is_hidden_in_a_repetition_is_not_judged_but_the_repetition_counts():
    poses = figures.squat_set()
    whole = analyze(poses, SQUAT)
    middle = 0.5 * (whole.reps[1].start_s + whole.reps[1].end_s)
    for live in (False, True):
        gone = hidden_in(poses, middle - 0.12, middle + 0.12, [Landmark.RIGHT_ANKLE])
        result = analyze(gone, SQUAT, smoothing="causal" if live else "zero-phase")
        assert len(result.reps) == 3 and not result.attempts
        unseen = {f.code for f in result.reps[1].findings if np.isnan(f.value)}
        # What reads the ankle of the standing leg; pelvis and trunk do not.
        assert unseen == {"GC103", "GC104", "GC105", "GC106", "GC107"}
        assert all(f.band is Band.INCONCLUSIVE for f in result.reps[1].findings if f.code in unseen)
        assert (
            result.reps[1].score is None and result.reps[0].score == whole.reps[0].score
        ) or live


def test_a_recording_that_ends_in_the_middle_has_an_attempt_at_its_end():
    poses = figures.squat_set()
    result = analyze(poses[: int(10.2 * 30)], SQUAT)
    assert len(result.reps) == 2
    assert result.attempts[-1].reason == "the recording ends before it is finished"


def test_not_a_single_frame_is_an_error():
    with pytest.raises(InputError, match="single frame"):
        Analyzer(SQUAT).finish()
    empty = figures.squat_set()[:0]
    with pytest.raises(InputError, match="single frame"):
        analyze(empty, SQUAT)


def test_an_unknown_filter_is_refused():
    with pytest.raises(ValueError, match="zero-phase"):
        Analyzer(SQUAT, smoothing="butter")


def test_pushed_frames_must_follow():
    poses = figures.squat_set()
    analyzer = Analyzer(SQUAT, smoothing="causal")
    analyzer.push(poses[:10])
    with pytest.raises(ValueError, match="follow"):
        analyzer.push(poses[5:10])


def same(a, b):
    """Assert that two Assessments are equal to the last bit."""
    assert a.reps == b.reps or repr(a.reps) == repr(b.reps)
    assert repr(a.attempts) == repr(b.attempts)
    assert a.faults == b.faults
    assert (a.verdict, a.score, a.gates, a.coverage) == (b.verdict, b.score, b.gates, b.coverage)
    for name, signal in a.signals.items():
        np.testing.assert_array_equal(signal.estimate.value, b.signals[name].estimate.value)
        np.testing.assert_array_equal(signal.estimate.sd, b.signals[name].estimate.sd)


def noisy_set(seed=3, exercise="squat"):
    rng = np.random.default_rng(seed)
    if exercise == "squat":
        poses = figures.squat_set(drops=[3, 35, 3], leans=[0, 0, 18], valgus=[0, 25, 0])
    else:
        poses = figures.clamshell_set(rolls=[0, 60])
    noise = rng.normal(0, 0.6, poses.image_px.shape)
    hidden = rng.random(len(poses)) < 0.02
    hidden[200:215] = exercise == "squat"
    return replace(
        poses,
        image_px=poses.image_px + noise,
        world_m=poses.world_m + rng.normal(0, 0.002, poses.world_m.shape),
    ).without(hidden)


@pytest.mark.parametrize("smoothing", ["causal", "zero-phase"])
@pytest.mark.parametrize("exercise", ["squat", "clamshell"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_partition_gives_identical_repetitions_and_faults(exercise, smoothing, data):
    poses = noisy_set(exercise=exercise)
    kind = SQUAT if exercise == "squat" else CLAM
    whole = analyze(poses, kind, smoothing=smoothing)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(poses) - 1), max_size=40)))
    analyzer = Analyzer(kind, smoothing=smoothing)
    for a, b in zip([0, *cuts], [*cuts, len(poses)], strict=True):
        analyzer.push(poses[a:b])
    same(analyzer.finish(), whole)


def test_frame_by_frame_equals_at_once_and_the_counter_ends_at_the_same_number():
    poses = noisy_set()
    analyzer = Analyzer(SQUAT, smoothing="causal")
    updates = [analyzer.push(poses[i : i + 1]) for i in range(len(poses))]
    whole = analyze(poses, SQUAT, smoothing="causal")
    same(analyzer.finish(), whole)
    assert updates[-1].reps == len(whole.reps)
    finished = [u.finished_rep for u in updates if u.finished_rep and u.finished_rep.complete]
    assert [r.start for r in finished] == [r.start for r in whole.reps]
    assert [repr(r.findings) for r in finished] == [repr(r.findings) for r in whole.reps]


def test_live_tells_the_phases_in_order_and_the_cue_while_it_happens():
    poses = figures.squat_set(leans=[0, 20, 0])
    analyzer = Analyzer(SQUAT, smoothing="causal")
    updates = [analyzer.push(poses[i : i + 1]) for i in range(len(poses))]
    phases = list(dict.fromkeys(update.phase for update in updates))
    assert phases == [Phase.HOLD_STILL, Phase.READY, Phase.MOVING]
    active = [u.time_s for u in updates if "GC102" in u.active]
    assert active
    assert 6.3 < active[0] < 7.3
    assert {u.cue for u in updates if u.active} == {SQUAT.rule("GC102").cue}


def test_nobody_there_is_said_at_once_with_one_instruction():
    analyzer = Analyzer(SQUAT, smoothing="causal")
    poses = figures.squat_set().without(np.ones(len(figures.squat_set()), dtype=bool))
    update = analyzer.push(poses)
    assert update.phase is Phase.LOOKING
    assert "Step into the picture" in update.instruction
    result = analyzer.finish()
    assert result.verdict is Verdict.NOT_ASSESSABLE
    assert "Step into the picture" in result.instruction


def test_the_mirror_twin_gets_the_same_numbers():
    right = analyze(figures.squat_set(drops=[3, 14, 3], leans=[2, 0, 12]), SQUAT)
    left = analyze(figures.squat_set(drops=[3, 14, 3], leans=[2, 0, 12], left=True), SQUAT)
    assert len(right.reps) == 3
    for a, b in zip(right.reps, left.reps, strict=True):
        assert [f.band for f in a.findings] == [f.band for f in b.findings]
        np.testing.assert_allclose(
            [f.value for f in a.findings], [f.value for f in b.findings], atol=1e-6
        )


@pytest.mark.parametrize("fps", [24.0, 29.97, 60.0])
def test_the_frame_rate_hardly_matters(fps):
    result = analyze(figures.squat_set(drops=[3, 14, 3], fps=fps), certain(SQUAT))
    assert len(result.reps) == 3
    assert result.faults[0].peak == pytest.approx(13.9, abs=0.4)


def test_no_curve_jumps_when_the_leg_is_told():
    """Found by itself or given, the quiet posture before the first repetition is shown alike."""
    poses = figures.squat_set(drops=[3, 14, 3], leans=[2, 0, 12], left=True)
    found, given = analyze(poses, SQUAT), analyze(poses, SQUAT, side="left")
    for name, signal in given.signals.items():
        np.testing.assert_array_equal(found.signals[name].estimate.value, signal.estimate.value)


def test_both_legs_in_one_recording_each_get_their_own_zero():
    first = figures.squat_set(drops=[14, 14, 14])
    second = figures.squat_set(drops=[14, 14, 14], left=True)
    later = replace(second, time_s=second.time_s + first.time_s[-1] + 1 / 30)
    joined = type(first).concatenate([first, later])
    result = analyze(joined, certain(SQUAT))
    assert [rep.side for rep in result.reps] == [Side.RIGHT] * 3 + [Side.LEFT] * 3
    assert result.attempts == ()
    assert all(bands(rep)["GC101"] is Band.FAULT for rep in result.reps)


def test_a_replay_repeats_the_assessment_frame_by_frame():
    poses = figures.squat_set(leans=[0, 20, 0])
    whole = analyze(poses, SQUAT)
    replay = Replay(whole, SQUAT)
    updates = [replay.push(poses[i : i + 1]) for i in range(len(poses))]
    assert replay.finish() is whole
    assert updates[-1].reps == 3
    lean = whole.signals["trunk_lean_deg"].estimate
    row = int(7.2 * 30)
    assert updates[row].values["trunk_lean_deg"][0] == lean.value[row]
    assert updates[row].active == ("GC102",)
    assert updates[row].cue == SQUAT.rule("GC102").cue
    assert updates[0].phase is Phase.HOLD_STILL


def test_the_assessment_says_how_it_was_made():
    made = analyze(
        figures.squat_set(), SQUAT, pose_model="m", reduced_accuracy=True, warnings=["w"]
    )
    assert made.provenance.pose_model == "m"
    assert made.provenance.reduced_accuracy
    assert made.provenance.filter_name == "zero-phase"
    assert made.provenance.filter_gain == pytest.approx(1.0, abs=0.01)
    assert "pelvis-3" in made.provenance.pelvis_method
    assert made.warnings == ("w",)
    assert "hip_line_deg" in made.signals


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), kind=st.sampled_from(["noise", "point", "gaps", "jumps"]))
def test_nonsense_is_never_a_crash_and_never_fine(seed, kind):
    rng = np.random.default_rng(seed)
    poses = figures.squat_set(depths=[60.0])
    shape = poses.image_px.shape
    if kind == "noise":
        world_m = rng.normal(size=(*shape[:2], 3))
        poses = replace(poses, image_px=rng.uniform(0, 700, shape), world_m=world_m)
    elif kind == "point":
        poses = replace(poses, image_px=np.full(shape, 300.0), world_m=np.zeros((*shape[:2], 3)))
    elif kind == "gaps":
        poses = poses.without(rng.random(len(poses)) < 0.8)
    else:
        jumps = rng.choice([0.0, 400.0], size=(len(poses), 1, 1))
        poses = replace(poses, image_px=poses.image_px + jumps)
    for exercise in (SQUAT, STEP, CLAM):
        for smoothing in ("causal", "zero-phase"):
            assert analyze(poses, exercise, smoothing=smoothing).verdict is not Verdict.FINE
