from __future__ import annotations

from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam.core import smoothing
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import PoseSeries


def wave(fps=30.0, hz=0.5, seconds=6.0, px=4.0):
    t = np.arange(0, seconds, 1 / fps)
    poses = figures.film(figures.stand_on_right(len(t)), time_s=t)
    moved = poses.image_px + (px * np.sin(2 * np.pi * hz * t))[:, None, None]
    return replace(poses, image_px=moved)


def test_the_zero_phase_filter_neither_shrinks_nor_delays_a_repetition():
    gain, lag = smoothing.gain_and_lag(smoothing.ZERO_PHASE, 30.0)
    assert gain == pytest.approx(1.0, abs=0.005)
    assert abs(lag) < 0.002


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0])
def test_the_causal_filter_lags_less_than_two_frames_and_hardly_shrinks(fps):
    gain, lag = smoothing.gain_and_lag(smoothing.CAUSAL, fps)
    assert 0.97 <= gain <= 1.0
    assert 0.0 < lag < 0.06


@pytest.mark.parametrize("name", ["causal", "zero_phase"])
def test_jitter_shrinks(name):
    rng = np.random.default_rng(1)
    still = figures.film(figures.stand_on_right(200))
    noisy = replace(still, image_px=still.image_px + rng.normal(0, 1, still.image_px.shape))
    smooth = (
        smoothing.zero_phase(noisy) if name == "zero_phase" else smoothing.causal(noisy, None)[0]
    )
    joints = np.arange(Landmark.LEFT_HIP, Landmark.LEFT_HEEL)
    assert np.std((smooth.image_px - still.image_px)[:, joints]) < 0.75


@pytest.mark.parametrize("cuts", [[1, 2, 3], [50], [7, 8, 100, 101, 150]])
def test_the_causal_filter_gives_the_same_bits_in_any_pieces(cuts):
    poses = wave().without(np.arange(180) % 37 == 5)
    whole, _ = smoothing.causal(poses, None)
    carry, parts = None, []
    for a, b in zip([0, *cuts], [*cuts, len(poses)], strict=True):
        part, carry = smoothing.causal(poses[a:b], carry)
        parts.append(part)
    np.testing.assert_array_equal(PoseSeries.concatenate(parts).image_px, whole.image_px)
    np.testing.assert_array_equal(PoseSeries.concatenate(parts).world_m, whole.world_m)


def test_without_the_points_in_metres_those_in_the_picture_come_out_the_same():
    poses = wave()
    pairs = (
        (smoothing.zero_phase(poses), smoothing.zero_phase(poses, metric=False)),
        (smoothing.causal(poses, None)[0], smoothing.causal(poses, None, metric=False)[0]),
    )
    for whole, flat in pairs:
        np.testing.assert_array_equal(flat.image_px, whole.image_px)
        np.testing.assert_array_equal(flat.world_m, poses.world_m)


@pytest.mark.parametrize("name", ["causal", "zero_phase"])
def test_what_was_not_seen_is_never_filled_in(name):
    poses = wave()
    hidden = np.zeros(len(poses), dtype=bool)
    hidden[40:43] = hidden[90:130] = True
    gappy = poses.without(hidden)
    smooth = (
        smoothing.zero_phase(gappy) if name == "zero_phase" else smoothing.causal(gappy, None)[0]
    )
    assert np.isnan(smooth.image_px[hidden]).all()
    assert np.isfinite(smooth.image_px[~hidden]).all()


@pytest.mark.parametrize("name", ["causal", "zero_phase"])
def test_nothing_leaks_across_a_long_gap(name):
    poses = wave(px=0.0)
    jump = np.zeros(len(poses))
    jump[100:] = 200.0
    poses = replace(poses, image_px=poses.image_px + jump[:, None, None])
    hidden = (np.arange(len(poses)) >= 85) & (np.arange(len(poses)) < 100)
    gappy = poses.without(hidden)
    smooth = (
        smoothing.zero_phase(gappy) if name == "zero_phase" else smoothing.causal(gappy, None)[0]
    )
    np.testing.assert_allclose(smooth.image_px[~hidden], poses.image_px[~hidden], atol=1e-6)


def test_an_uneven_clock_is_filtered_on_its_own_times():
    rng = np.random.default_rng(2)
    even = np.arange(0, 6, 1 / 30)
    t = np.sort(even + rng.uniform(-0.008, 0.008, len(even)))
    poses = figures.film(figures.stand_on_right(len(t)), time_s=t)
    moved = 10 * np.sin(np.pi * t)
    poses = replace(poses, image_px=poses.image_px + moved[:, None, None])
    smooth = smoothing.zero_phase(poses)
    inner = slice(15, -15)
    np.testing.assert_allclose(smooth.image_px[inner], poses.image_px[inner], atol=0.12)


@pytest.mark.parametrize("frames", [0, 1, 2, 7, 8, 9])
def test_very_short_recordings_pass(frames):
    poses = wave()[:frames]
    assert len(smoothing.zero_phase(poses)) == frames
    assert len(smoothing.causal(poses, None)[0]) == frames


@pytest.mark.parametrize("name", [smoothing.ZERO_PHASE, smoothing.CAUSAL])
def test_a_damaged_header_that_claims_millions_of_pictures_costs_no_memory(name: str) -> None:
    # An AVI whose header said 16.7 million a second asked for 66 GB, and its worker died.
    assert smoothing.gain_and_lag(name, 16.7e6) == smoothing.gain_and_lag(name, 1000.0)
