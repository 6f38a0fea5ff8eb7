from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam.core.baseline import (
    LAG_LONG_S,
    LAG_S,
    QUIET_S,
    find_quiet,
    quiet_values,
    speed,
)


def speeds(poses):
    return speed(poses, None)[0]


def test_the_first_second_without_movement_is_the_quiet_posture():
    poses = figures.squat_set()
    quiet = find_quiet(speeds(poses), poses.time_s)
    assert quiet is not None
    length = poses.time_s[quiet.end] - poses.time_s[quiet.start]
    assert length == pytest.approx(QUIET_S, abs=0.05)
    assert poses.time_s[quiet.end] < 1.8


def test_who_walks_in_first_is_quiet_later():
    poses = figures.squat_set()
    walk = np.clip(1.0 - poses.time_s, 0, None) * 150.0
    image = poses.image_px.copy()
    image[..., 0] += walk[:, None]
    quiet = find_quiet(speeds(replace(poses, image_px=image)), poses.time_s)
    # Stands still from 1.0 s on; both feet are left at 1.8 s, so the posture is found on one leg.
    assert quiet is not None
    assert poses.time_s[quiet.start] >= 1.0


def test_who_never_stands_still_has_none():
    t = np.arange(300) / 30
    body = figures.stand_on_right(300, flexion=40 + 30 * np.sin(2 * np.pi * t / 1.5))
    poses = figures.film(body, time_s=t)
    assert find_quiet(speeds(poses), poses.time_s) is None


def test_jitter_is_not_movement():
    rng = np.random.default_rng(5)
    still = figures.film(figures.stand_on_right(90))
    # Half a pixel of jitter on a trunk of 130: over a single frame it would look like 0.2.
    noisy = replace(still, image_px=still.image_px + rng.normal(0, 0.5, still.image_px.shape))
    assert np.nanmax(speeds(noisy)) < 0.12


def test_over_a_longer_time_shaking_is_slower_and_movement_as_fast():
    still = figures.film(figures.stand_on_right(90))
    image = still.image_px.copy()
    hips = [figures.L["LEFT_HIP"], figures.L["RIGHT_HIP"]]
    image[:, hips, 1] += 2.0 * np.sin(2 * np.pi * still.time_s / 0.4)[:, None]
    shaking = replace(still, image_px=image)
    short, long = (speed(shaking, None, lag_s=lag)[0] for lag in (LAG_S, LAG_LONG_S))
    assert np.nanmax(long) < 0.6 * np.nanmax(short)
    image = still.image_px.copy()
    image[..., 0] += 40.0 * still.time_s[:, None]
    moving = replace(still, image_px=image)
    slow, fast = (speed(moving, None, lag_s=lag)[0] for lag in (LAG_LONG_S, LAG_S))
    assert np.nanmedian(slow) == pytest.approx(np.nanmedian(fast), rel=1e-6)


@pytest.mark.parametrize("lag_s", [LAG_S, LAG_LONG_S])
@pytest.mark.parametrize("step", [1, 4, 50])
def test_pieces_give_the_same_speeds(step, lag_s):
    poses = figures.squat_set(depths=[60.0])
    whole = speed(poses, None, lag_s=lag_s)[0]
    carry, parts = None, []
    for i in range(0, len(poses), step):
        part, carry = speed(poses[i : i + step], carry, lag_s=lag_s)
        parts.append(part)
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_what_the_speed_carries_stays_small():
    poses = figures.squat_set(depths=[60.0] * 3)
    carry = None
    for i in range(len(poses)):
        _, carry = speed(poses[i : i + 1], carry)
    assert len(carry.time_s) < 12


def test_quiet_values_are_medians_and_unknown_stays_unknown():
    rows = np.array([[1.0, np.nan], [3.0, np.nan], [100.0, np.nan]])
    np.testing.assert_array_equal(quiet_values(rows), [3.0, np.nan])
    assert np.isnan(quiet_values(np.empty((0, 2)))).all()


@pytest.mark.parametrize("hidden", ["LEFT_KNEE", "LEFT_ANKLE", "RIGHT_KNEE", "RIGHT_ANKLE"])
def test_of_a_leg_that_is_not_seen_pieces_say_the_same(hidden):
    poses = figures.squat_set(depths=[60.0])[:60]
    image = poses.image_px.copy()
    image[20:40, figures.L[hidden]] = np.nan
    poses = replace(poses, image_px=image)
    whole = speed(poses, None, one_leg=True)[0]
    assert np.isnan(whole[20:40]).all() and np.isfinite(whole[10:20]).all()
    carry, parts = None, []
    for i in range(len(poses)):
        part, carry = speed(poses[i : i + 1], carry, one_leg=True)
        parts.append(part)
    np.testing.assert_array_equal(np.concatenate(parts), whole)
