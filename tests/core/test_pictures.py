"""Every gate about the pictures fails on its own cause, and passes where nobody looked."""

from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Verdict
from glutecam.core.pictures import frames_per_s, goes_on_gate, light_gate, picture_gates
from glutecam.core.poses import PoseSeries
from glutecam.core.sights import ALIKE, Sight

SQUAT = exercises.get("single-leg-squat")
GOOD = {
    Sight.MOVED_X: 0.0002, Sight.MOVED_Y: -0.0002, Sight.TURNED_DEG: 0.01, Sight.KEPT: 0.9,
    Sight.LIGHT: 0.4, Sight.SHARPNESS: 0.4,
}  # fmt: skip


def filmed(**changes: float) -> PoseSeries:
    """A squat set with a look every ten frames, good but for what is named."""
    poses = figures.squat_set()
    scene = poses.scene.copy()
    scene[:, Sight.STILL] = 0.0
    told = GOOD | {Sight[name.upper()]: value for name, value in changes.items()}
    rng = np.random.default_rng(1)
    for sight, value in told.items():
        # A tremor has a mean of nothing; a drift has not.
        sign = rng.choice([-1.0, 1.0], len(scene[::10])) if sight is Sight.MOVED_X else 1.0
        scene[::10, sight] = sign * value
    return replace(poses, scene=scene)


def failed(poses: PoseSeries) -> list[str]:
    gates = (light_gate(poses), goes_on_gate(poses), *picture_gates(poses))
    return [gate.code for gate in gates if not gate.passed]


def test_good_pictures_and_pictures_nobody_looked_at_pass():
    assert failed(filmed()) == []
    assert failed(figures.squat_set()) == []
    assert light_gate(figures.squat_set()).measured == "not looked at"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"moved_x": 0.01}, "camera stands"),
        ({"moved_y": 0.0025}, "camera stands"),
        ({"turned_deg": 0.1}, "camera stands"),
        ({"kept": 0.1}, "one shot"),
        ({"light": 0.05}, "light"),
        ({"light": 0.97}, "light"),
        ({"sharpness": 0.1}, "sharp"),
    ],
)
def test_each_cause_has_its_gate_and_one_instruction(changes, code):
    poses = filmed(**changes)
    assert failed(poses) == [code]
    result = analyze(poses, SQUAT)
    assert result.verdict is Verdict.NOT_ASSESSABLE
    gate = next(gate for gate in result.gates if gate.code == code)
    assert result.instruction == gate.instruction
    assert any(digit in gate.measured for digit in "0123456789")


def test_too_dark_and_too_bright_ask_for_different_things():
    assert "Switch on" in light_gate(filmed(light=0.05)).instruction
    assert "Too bright" in light_gate(filmed(light=0.97)).instruction


def test_one_cut_is_one_too_many():
    poses = filmed()
    poses.scene[120, Sight.KEPT] = 0.05
    assert failed(poses) == ["one shot"]


def test_a_frozen_picture_is_told_with_its_length():
    poses = filmed()
    poses.scene[100:130, Sight.STILL] = 1.0
    assert failed(poses) == ["pictures go on"]
    assert goes_on_gate(poses).measured == "the same picture for up to 1.0 s"
    poses.scene[110:130, Sight.STILL] = 0.0
    assert failed(poses) == []


@pytest.mark.parametrize(("every", "codes"), [(8, []), (1, ["pictures go on"])])
def test_where_few_pictures_come_it_is_not_the_camera_that_is_frozen(every, codes):
    """Of four pictures a second some are alike where somebody stands: too few, and told as that."""
    poses = filmed()
    poses.scene[60:120, Sight.STILL] = 1.0
    poses.scene[120:, Sight.STILL] = 0.0
    seen = replace(poses[::every], time_s=poses.time_s[::every])
    assert [code for code in failed(seen) if code == "pictures go on"] == codes
    first = next(gate for gate in analyze(seen, SQUAT).gates if not gate.passed)
    assert first.code == (codes or ["frame rate"])[0]


def test_a_frozen_picture_that_went_through_a_codec_is_told_first_and_a_rest_is_not():
    poses = filmed()
    poses.scene[60 : len(poses) * 3 // 4, Sight.STILL] = ALIKE
    assert failed(poses) == []
    poses.scene[1:, Sight.STILL] = ALIKE
    result = analyze(poses, SQUAT)
    first = next(gate for gate in result.gates if not gate.passed)
    assert first.code == "pictures go on"
    assert result.instruction == first.instruction


def test_pictures_shown_three_times_are_ten_a_second():
    poses = filmed()
    assert frames_per_s(poses) == pytest.approx(30.0)
    poses.scene[np.arange(len(poses)) % 3 != 0, Sight.STILL] = 1.0
    assert frames_per_s(poses) == pytest.approx(10.0, abs=0.2)
    assert "frame rate" in [g.code for g in analyze(poses, SQUAT).gates if not g.passed]
