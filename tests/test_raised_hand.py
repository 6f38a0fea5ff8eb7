"""A hand held up, from the picture on: rendered, found by the real pose model, and understood."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scripted import LIT, later, played, steps

from glutecam import exercises, pipeline
from glutecam.core.coaching import SessionPlan, Step
from glutecam.core.gesture import HOLD_S, HandCarry, hand_up, hold
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Posture
from glutecam.core.session import Session

CLIP = Path(__file__).parent / "clips" / "raised_hand.mp4"
ON_ITS_WAY_M = 0.12
"""Nearer than this to the crown, either answer is right."""


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    told = json.loads(CLIP.with_suffix(".truth.json").read_text(encoding="utf-8"))
    return {name: np.array(told[name]) for name in ("time_s", "wrist_above_crown_m")}


@pytest.fixture(scope="module")
def poses() -> PoseSeries:
    found = pipeline.read(CLIP).poses
    return replace(found, people=np.ones(len(found), dtype=np.int64))


def test_a_hand_above_the_crown_is_seen_and_no_other(poses: PoseSeries, truth) -> None:
    above_m = truth["wrist_above_crown_m"]
    up = np.array([hand_up(poses[n : n + 1], Posture.STANDING) for n in range(len(poses))])
    assert up[above_m > ON_ITS_WAY_M].mean() > 0.95
    assert not up[above_m < -ON_ITS_WAY_M].any()


def test_it_counts_once_after_two_seconds(poses: PoseSeries, truth) -> None:
    carry, counted = HandCarry(), []
    for n, time_s in enumerate(poses.time_s.tolist()):
        now, carry = hold(hand_up(poses[n : n + 1], Posture.STANDING), time_s, carry)
        counted += [time_s] * now
    up_s = truth["time_s"][truth["wrist_above_crown_m"] > 0.0][0]
    assert counted == [pytest.approx(up_s + HOLD_S, abs=0.25)]


def test_a_session_begins_by_it_and_not_without(poses: PoseSeries) -> None:
    session = Session(exercises.get("step-down"), SessionPlan())
    updates = played(session, poses, LIT)
    assert steps(updates)[:3] == [Step.SETUP, Step.READY, Step.COUNTDOWN]
    began_s = next(u.time_s for u in updates if u.step is Step.COUNTDOWN)
    assert 6.2 < began_s < 7.3
    quiet = poses[:100]
    waits = Session(exercises.get("step-down"), SessionPlan())
    assert (
        steps(played(waits, quiet, LIT) + played(waits, later(quiet, 3.4), LIT))[-1] is Step.READY
    )
