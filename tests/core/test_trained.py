"""The weights that are part of glutecam."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core import trained as room
from glutecam.core.analyzer import analyze
from glutecam.core.body_shape import shapes
from glutecam.core.landmarks import Landmark
from glutecam.core.measures import FEMORAL_ADDUCTION, hip_line_deg
from glutecam.core.pelvis import (
    HIP_ADDUCTION,
    NO_IDEA_SD_DEG,
    PELVIC_DROP,
    PELVIC_ROLL,
    PELVIS_MODEL,
    RAW_DROP,
    measured_by,
    pelvic_obliquity,
)
from glutecam.errors import ModelError

STEP = exercises.get("step-down")
MODELS = Path(__file__).parents[2] / "models"


@pytest.fixture
def poses():
    return figures.squat_set(drops=[6.0, 6.0, 6.0])


def trained_estimate(poses):
    return room.trained(PELVIS_MODEL).estimate(shapes(poses))[0]


def test_the_mirror_image_has_exactly_the_opposite_obliquity(poses):
    one, other = pelvic_obliquity(poses), pelvic_obliquity(poses.mirrored())
    np.testing.assert_allclose(other.value, -one.value, atol=1e-4)
    np.testing.assert_allclose(other.sd, one.sd, rtol=1e-4)


def test_distance_and_place_do_not_matter(poses):
    far = replace(poses, image_px=0.6 * poses.image_px + [200.0, 40.0])
    found = pelvic_obliquity(far)
    np.testing.assert_allclose(found.value, pelvic_obliquity(poses).value, atol=1e-3)


def test_a_scrambled_body_is_doubted_more_than_a_whole_one(poses):
    image = poses.image_px.copy()
    image[:, Landmark.LEFT_KNEE] = image[:, Landmark.NOSE]
    image[:, Landmark.RIGHT_ANKLE] += 400.0
    scrambled = pelvic_obliquity(replace(poses, image_px=image))
    assert np.median(scrambled.sd) > 2.0 * np.median(pelvic_obliquity(poses).sd)


def test_where_the_networks_know_nothing_the_hip_line_is_shown(poses):
    image = poses.image_px.copy()
    image[:, Landmark.LEFT_KNEE] = image[:, Landmark.NOSE]
    image[:, Landmark.RIGHT_ANKLE] += 4000.0
    lost = replace(poses, image_px=image)
    found = pelvic_obliquity(lost)
    assert found.sd.min() > 4.0 * NO_IDEA_SD_DEG
    np.testing.assert_allclose(found.value, hip_line_deg(lost), atol=0.1)


def test_between_knowing_and_not_the_answer_goes_over_smoothly(poses):
    found, networks = pelvic_obliquity(poses), trained_estimate(poses)
    share = 1.0 / (1.0 + (NO_IDEA_SD_DEG / found.sd) ** 8)
    assert 0.01 < np.median(share) < 0.99
    np.testing.assert_allclose(
        found.value, networks + share * (hip_line_deg(poses) - networks), atol=1e-9
    )


def test_raw_replaces_the_model_in_every_rule_and_back():
    raw = measured_by(STEP, "raw")
    assert RAW_DROP in raw.measures and PELVIC_DROP not in raw.measures
    assert HIP_ADDUCTION not in raw.also
    assert measured_by(raw, "model") == STEP == measured_by(STEP, "model")
    clamshell = exercises.get("clamshell")
    assert PELVIC_ROLL in {m for rule in measured_by(clamshell, "raw").noted for m in rule.needs}
    with pytest.raises(ValueError, match="model or raw"):
        measured_by(STEP, "guess")


def test_the_assessment_names_the_method_that_was_used(poses):
    assert "pelvis-3" in analyze(poses, STEP).provenance.pelvis_method
    assert "raw-hip-line" in analyze(poses, measured_by(STEP, "raw")).provenance.pelvis_method


def test_hip_adduction_is_femoral_adduction_plus_the_drop_that_is_judged(poses):
    result = analyze(poses, STEP)
    hip, femur, drop = (
        result.signals[m.name].estimate.value
        for m in (HIP_ADDUCTION, FEMORAL_ADDUCTION, PELVIC_DROP)
    )
    quiet = result.baseline.values[PELVIC_DROP.name]
    np.testing.assert_allclose(hip, femur + drop + quiet, atol=1e-6)


def test_card_and_weights_belong_together():
    card = json.loads((MODELS / "pelvis-3.json").read_text("utf-8"))
    assert room.fingerprint() == card["sha256"]
    assert (MODELS / "pelvis-3.npz").stat().st_size < 1_000_000


@pytest.mark.parametrize("harm", ["missing", "damaged", "no card"])
def test_a_model_that_cannot_be_read_says_what_to_do(harm, monkeypatch):
    weights, card = room.shipped_model("pelvis-3.npz"), room.shipped_model("pelvis-3.json")

    def read(file):
        if harm == "missing" and file.endswith("npz"):
            raise FileNotFoundError(file)
        if file.endswith("json"):
            return b"{}" if harm == "no card" else card
        return weights[:-9] if harm == "damaged" else weights

    monkeypatch.setattr(room, "shipped_model", read)
    with pytest.raises(ModelError, match="--pelvis raw"):
        room.trained.__wrapped__("pelvis-3")
