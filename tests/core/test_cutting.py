"""A long recording is cut into its sets: films of known sets, joined with known pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core import cutting
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Side, Verdict
from glutecam.core.cutting import PAUSE_S, WHOLE_S, cut
from glutecam.core.poses import PoseSeries
from glutecam.core.set_by_set import JudgedSet, ReplaySets, analyze_sets
from glutecam.records.export import json_text
from glutecam.records.pose_store import PoseStore

FPS = 30.0
SQUAT = figures.certain(exercises.get("single-leg-squat"))
CLAM = figures.certain(exercises.get("clamshell"))


def joined(*films: PoseSeries) -> PoseSeries:
    """One film after the other, a frame apart."""
    parts, at_s = [], 0.0
    for film in films:
        parts.append(replace(film, time_s=film.time_s - film.time_s[0] + at_s))
        at_s = float(parts[-1].time_s[-1]) + 1.0 / FPS
    return PoseSeries.concatenate(parts)


def frames(seconds: float) -> int:
    return round(seconds * FPS)


def nobody(seconds: float) -> PoseSeries:
    times = np.arange(frames(seconds)) / FPS
    return PoseSeries.unseen(times, figures.WIDTH, figures.HEIGHT)


def standing(seconds: float) -> PoseSeries:
    """Quiet on both feet."""
    return figures.film(figures.stand_on_right(frames(seconds), both_feet=True))


def walking_about(seconds: float) -> PoseSeries:
    """To and fro before the camera, on both feet by turns, never still, and back at its place."""
    poses = standing(seconds)
    way = 200.0 * np.sin(2.0 * np.pi * round(seconds / 3.0) * poses.time_s / seconds)
    image = poses.image_px.copy()
    image[..., 0] += way[:, None]
    for foot, phase in (("LEFT", 0.0), ("RIGHT", np.pi)):
        lift = 40.0 * np.clip(np.sin(5.0 * poses.time_s + phase), 0.0, None)
        for point in ("ANKLE", "HEEL", "FOOT_INDEX", "KNEE"):
            image[:, figures.L[f"{foot}_{point}"], 1] -= lift
    return replace(poses, image_px=image)


def judged(poses: PoseSeries, exercise=SQUAT, **how) -> list[JudgedSet]:
    return list(analyze_sets(poses, exercise, **how))


def told(sets: Sequence[JudgedSet]) -> list[tuple[str, int]]:
    return [(one.assessment.sides[0].value, len(one.assessment.reps)) for one in sets]


def test_sets_of_either_leg_are_told_apart_each_with_its_own_verdict_and_baseline():
    right = figures.squat_set(depths=[68.0] * 3)
    left = figures.squat_set(depths=[68.0] * 4, drops=[0.0, 22.0, 0.0, 0.0], left=True)
    again = figures.squat_set(depths=[68.0] * 2)
    film = joined(right, standing(10.0), walking_about(15.0), left, nobody(6.0), again)
    sets = judged(film)
    assert told(sets) == [("right", 3), ("left", 4), ("right", 2)]
    assert [one.assessment.verdict for one in sets] == [Verdict.FINE, Verdict.FAULT, Verdict.FINE]
    (fault,) = sets[1].assessment.faults
    begin_s = float(right.time_s[-1]) + 25.0
    assert fault.rep == 2 and begin_s + 6.0 < fault.start_s < begin_s + 8.5
    for number, one in enumerate(sets, start=1):
        assert (one.cut.number, one.cut.of) == (number, 3)
        assert one.assessment.baseline is not None
        assert one.assessment.time_s[0] == one.cut.start_s == film.time_s[one.cut.start]
        assert one.assessment.time_s[-1] == one.cut.end_s
    ends = [(one.cut.start, one.cut.end) for one in sets]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
    assert "3 sets were found" in sets[0].assessment.warnings[-1]
    assert all(not one.assessment.warnings for one in sets[1:])


def test_a_set_comes_to_the_same_alone_and_in_a_long_recording():
    film = figures.squat_set(depths=[68.0, 75.0, 60.0], drops=[0.0, 15.0, 3.0])
    alone = analyze(film, SQUAT)
    later = judged(joined(film, standing(12.0), film))[1].assessment
    assert len(alone.reps) == 3
    for mine, other in zip(alone.reps, later.reps, strict=True):
        for finding, same in zip(mine.findings, other.findings, strict=True):
            assert finding.band is same.band
            assert finding.value == pytest.approx(same.value, abs=0.6)


def test_a_recording_of_one_set_is_judged_as_it_is():
    film = figures.squat_set(depths=[68.0] * 3)
    (one,) = judged(film)
    assert one.whole and one.part is None
    exercise = exercises.get("single-leg-squat")
    (one,) = judged(film, exercise)
    assert json_text(one.assessment, exercise) == json_text(analyze(film, exercise), exercise)


@pytest.mark.parametrize("pause_s", [1.0, PAUSE_S - 5.5])
def test_a_short_rest_between_repetitions_ends_no_set(pause_s):
    one = figures.squat_set(depths=[68.0] * 2)
    # The films themselves rest for 4.1 s between their repetitions.
    (whole,) = judged(joined(one, standing(pause_s), one))
    assert len(whole.assessment.reps) == 4


def test_legs_that_take_turns_with_every_repetition_are_one_set():
    right, left = (figures.squat_set(depths=[68.0], left=side) for side in (False, True))
    (whole,) = judged(joined(right, left, right, left))
    assert {rep.side for rep in whole.assessment.reps} == {Side.LEFT, Side.RIGHT}


def test_the_other_leg_is_another_set_even_after_a_short_rest():
    right, left = (figures.squat_set(depths=[68.0] * 3, left=side) for side in (False, True))
    assert told(judged(joined(right, left))) == [("right", 3), ("left", 3)]


def test_only_the_sets_of_the_leg_that_is_asked_for():
    right, left = (figures.squat_set(depths=[68.0] * 3, left=side) for side in (False, True))
    film = joined(right, standing(9.0), left, standing(9.0), right)
    assert told(judged(film, side="left")) == [("left", 3)]
    assert told(judged(film, side=Side.RIGHT)) == [("right", 3), ("right", 3)]


def test_a_knee_that_is_held_open_is_no_rest():
    one = figures.clamshell_set(openings=[45.0] * 3)
    held = joined(
        one[: frames(4.5)], *([one[frames(4.5) - 1 : frames(4.5)]] * 90), one[frames(4.5) :]
    )
    (whole,) = judged(held, CLAM)
    assert whole.whole


def test_a_long_recording_with_one_set_is_cut_to_it():
    film = joined(walking_about(100.0), figures.squat_set(depths=[68.0] * 3), walking_about(100.0))
    (one,) = judged(film)
    assert told([one]) == [("right", 3)] and not one.whole
    assert 99.0 < one.cut.start_s < 102.0 and 111.0 < one.cut.end_s < 114.5
    (said,) = one.assessment.warnings
    assert said.startswith("1 set was found in this recording; ") and "outside of it were" in said


def test_a_long_recording_without_a_set_is_told_so():
    (one,) = judged(joined(nobody(30.0), walking_about(WHOLE_S + 60.0)))
    assert one.assessment.verdict is Verdict.NOT_ASSESSABLE
    assert "No set was found" in one.assessment.warnings[-1]
    assert one.cut.start_s == pytest.approx(30.0, abs=0.1)
    assert one.cut.end_s - one.cut.start_s <= WHOLE_S


def test_nobody_in_a_long_recording_is_no_error():
    (one,) = judged(nobody(WHOLE_S + 20.0))
    assert one.assessment.verdict is Verdict.NOT_ASSESSABLE


def test_somebody_who_turns_round_between_two_sets_is_judged_in_both():
    front = figures.squat_set(depths=[68.0] * 3)
    back = figures.squat_set(depths=[68.0] * 3, from_back=True)
    film = joined(front, walking_about(120.0), back, standing(10.0), back)
    assert told(judged(film)) == [("right", 3)] * 3
    assert all(one.assessment.verdict is Verdict.FINE for one in judged(film))


def test_the_cuts_are_the_same_every_time_and_follow_each_other():
    one = figures.squat_set(depths=[68.0] * 3)
    other = figures.squat_set(depths=[68.0] * 3, left=True)
    film = joined(*(part for _ in range(6) for part in (one, standing(9.0), other, nobody(6.0))))
    cuts = cut(film, SQUAT)
    assert [c.side for c in cuts] == [Side.RIGHT, Side.LEFT] * 6
    assert cuts == cut(film, SQUAT)


def test_a_replay_of_sets_tells_each_frame_what_its_own_set_says():
    film = joined(
        figures.squat_set(depths=[68.0] * 2), standing(10.0), figures.squat_set(depths=[68.0])
    )
    sets = judged(film)
    replay = ReplaySets(sets, SQUAT)
    reps = [replay.push(film[row : row + 1]).reps for row in range(len(film))]
    first, second = (one.cut for one in sets)
    assert reps[first.end - 1] == 2 and reps[second.start] == 0 and reps[second.end - 1] == 1
    assert set(reps[first.end : second.start]) <= {0}


@pytest.mark.parametrize("piece", [7, 333, 3600])
def test_how_many_frames_are_followed_at_once_changes_nothing(piece, monkeypatch):
    right = figures.squat_set(depths=[68.0] * 3)
    left = figures.squat_set(depths=[68.0] * 2, left=True)
    film = joined(right, walking_about(100.0), left, nobody(6.0), right)
    expected = cut(film, SQUAT)
    assert len(film) > 3600 and len(expected) == 3
    monkeypatch.setattr(cutting, "_PIECE", piece)
    assert cut(film, SQUAT) == expected


def test_landmarks_on_a_disk_are_judged_to_the_last_bit_as_in_memory(tmp_path):
    right = figures.squat_set(depths=[68.0] * 3, drops=[0.0, 22.0, 0.0])
    film = joined(right, standing(10.0), figures.squat_set(depths=[68.0] * 2, left=True))
    with PoseStore(film.width_px, film.height_px, folder=tmp_path) as store:
        store.append(film)
        found = list(analyze_sets(store, SQUAT))
    assert len(found) == 2
    for one, other in zip(found, judged(film), strict=True):
        assert one.cut == other.cut
        assert json_text(one.assessment, SQUAT) == json_text(other.assessment, SQUAT)
