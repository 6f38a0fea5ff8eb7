"""Every real clip goes through the program; what must come out is what was seen by eye."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from program import cut, ran, ran_here

pytestmark = pytest.mark.slow

REFUSED = "not assessable"
ENOUGH = {"lunge_side_view.mp4": 120, "side_lunge_front.mp4": 320}
"""So many frames of a long clip show what is to be seen in it."""


@pytest.fixture(scope="module")
def scored(footage, tmp_path_factory):
    """Find the landmarks of one real clip once, and return what the JSON says of them."""
    folder = tmp_path_factory.mktemp("real")
    done: dict[tuple[str, ...], dict] = {}

    def score(clip: str, exercise: str, *options: str) -> dict:
        key = (clip, exercise, *options)
        if key not in done:
            target, found = folder / f"{len(done)}.json", folder / f"{clip}.npz"
            seen, video = found.exists(), footage / "video" / clip
            if not seen and clip in ENOUGH:
                video = cut(video, folder / clip, ENOUGH[clip])
            code, out, err = ran_here(
                "score", found if seen else video, "--exercise", exercise,
                "--json", target, *options, *(() if seen else ("--save-poses", found)),
            )  # fmt: skip
            assert "Traceback" not in out + err
            done[key] = json.loads(target.read_text(encoding="utf-8"))["assessment"]
            assert code == (5 if done[key]["verdict"] == REFUSED else 0), err
        return done[key]

    return score


def failed(result):
    return [gate["code"] for gate in result["gates"] if not gate["passed"]]


def hip_line(result):
    signal = result["signals"]["hip_line_deg"]
    values = signal["value"] if "value" in signal else signal["values"]
    return np.array([np.nan if value is None else value for value in values])


def test_every_clip_that_is_there_has_its_test(footage):
    here = Path(__file__).read_text(encoding="utf-8")
    for clip in (footage / "video").glob("*.mp4"):
        assert clip.name in here or clip.stem.rpartition("_")[2] in here, clip.name


@pytest.mark.parametrize("camera", ["cam01", "cam02", "cam03", "cam04"])
def test_the_single_leg_balance_is_a_hike_and_never_a_drop(scored, camera):
    result = scored(f"single_leg_balance_{camera}.mp4", "single-leg-squat", "--side", "left")
    # + is the free side lower: a hike is negative. The truth sweeps from 33° of hike to 4° of drop.
    line = hip_line(result)
    assert np.nanmedian(line) < -3.0
    assert np.nanmin(line) < -25.0
    assert not [fault for fault in result["faults"] if fault["code"] == "GC101"]
    assert result["verdict"] == REFUSED
    assert "length" in failed(result)


def test_left_and_right_mixed_up_by_the_model_is_noticed(scored):
    result = scored("single_leg_balance_cam02.mp4", "single-leg-squat", "--side", "left")
    assert "left and right" in failed(result)
    gate = next(g for g in result["gates"] if g["code"] == "left and right")
    share = float(gate["measured"].split("in ")[1].split("%")[0])
    # 26 % of frames, says the triangulation; frames at the edge may go either way.
    assert 15 <= share <= 40
    assert "heavy" in gate["instruction"]


def test_the_most_oblique_camera_is_refused_for_its_view(scored):
    assert "view" in failed(
        scored("single_leg_balance_cam04.mp4", "single-leg-squat", "--side", "left")
    )


@pytest.mark.parametrize(("clip", "reps"), [("squats_front.mp4", 5), ("side_lunge_front.mp4", 3)])
def test_two_leg_exercises_raise_nothing_and_are_named(scored, clip, reps):
    result = scored(clip, "single-leg-squat")
    assert result["faults"] == []
    assert result["verdict"] == REFUSED
    assert "two legs" in result["instruction"]
    # None of ours is a two-leg squat or a side lunge, so none is proposed.
    assert "looks more like" not in result["instruction"]
    assert len(result["reps"]) == reps


@pytest.mark.parametrize(
    ("clip", "level_deg", "furthest_deg"),
    [("squats_front.mp4", 3.0, 4.0), ("side_lunge_front.mp4", 3.1, 3.6)],
)
def test_a_pelvis_that_stays_level_reads_level(scored, clip, level_deg, furthest_deg):
    result = scored(clip, "single-leg-squat")
    line = np.abs(hip_line(result))
    assert abs(np.nanmedian(hip_line(result))) <= 1.0
    # One frame in forty of the squats, one in a hundred of the lunges, reads more, by up to 0.7°:
    # there the raw line follows the bending leg, not the pelvis.
    assert np.mean(line <= level_deg) >= 0.95
    assert np.nanmax(line) <= furthest_deg
    assert "GC101" not in {fault["code"] for fault in result["faults"]}
    assert "not a single-leg squat" in result["instruction"]


def test_a_lunge_from_the_side_is_refused_for_its_view(scored):
    result = scored("lunge_side_view.mp4", "step-down")
    assert result["verdict"] == REFUSED
    assert failed(result)[0] == "view"
    assert "Face the camera" in result["instruction"]


@pytest.mark.parametrize("exercise", ["step-down", "single-leg-squat"])
def test_a_bridge_is_not_standing(scored, exercise):
    result = scored("bridge_side_view.mp4", exercise)
    assert failed(result)[0] == "posture"
    assert "stand upright" in result["instruction"].lower()


def test_two_small_people_from_the_side_are_refused(scored):
    result = scored("two_people_side_view.mp4", "step-down")
    assert result["verdict"] == REFUSED
    assert set(failed(result)) & {"alone", "view"}
    assert result["faults"] == []


@pytest.mark.realtime
def test_a_real_clip_plays_live_at_its_own_pace_without_a_screen(footage, tmp_path):
    target = tmp_path / "live.json"
    landmarks = tmp_path / "live.npz"
    clip = cut(footage / "video" / "squats_front.mp4", tmp_path / "squats.mp4", 150)
    code, _, err = ran(
        "live", "single-leg-squat", "--source", clip,
        "--no-window", "--no-voice", "--json", target, "--record", landmarks,
    )  # fmt: skip
    assert code == 0, err
    live = json.loads(target.read_text(encoding="utf-8"))["assessment"]
    assert live["provenance"]["filter_name"] == "causal"
    assert live["faults"] == []
    assert live["verdict"] == REFUSED
    # 5 s at its own pace: the clock is the clip's own.
    assert 4.5 < live["time_s"][-1] < 5.2

    again = tmp_path / "again.json"
    code, _, err = ran_here(
        "score", landmarks, "--exercise", "single-leg-squat", "--filter", "causal", "--json", again
    )
    assert code == 5, err
    repeated = json.loads(again.read_text(encoding="utf-8"))["assessment"]
    for key in ("verdict", "reps", "attempts", "faults", "signals", "time_s", "coverage"):
        assert repeated[key] == live[key], key
