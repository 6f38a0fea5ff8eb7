"""The odd drawing shows the same poses, and the split by body holds for it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from training.examples import KINDS, load, twins


@pytest.fixture(scope="module")
def looks():
    return load(KINDS, "full"), load(("odd",), "full")


def test_every_odd_picture_has_its_twin(looks):
    plain, odd = looks
    same, again = twins(plain, odd)
    # The person was lost in a few of either.
    assert len(again) > 0.95 * len(odd)
    assert np.array_equal(plain.body[same], odd.body[again])
    assert np.allclose(
        plain.truth["knee_flexion_deg"][same], odd.truth["knee_flexion_deg"][again], atol=1e-3
    )


def test_twins_are_other_pictures(looks):
    plain, odd = looks
    same, again = twins(plain, odd)
    moved = np.abs(plain.poses.image_px[same] - odd.poses.image_px[again]).max(axis=(1, 2))
    assert (moved > 0.5).all()


def test_twins_of_a_body_are_held_out_with_it(looks):
    plain, odd = looks
    same, again = twins(plain, odd)
    assert np.array_equal(plain.held_out[same], odd.held_out[again])
    assert odd.held_out.any()
    assert odd.for_calibration.any()


def test_every_number_draws_a_body_of_its_own():
    pytest.importorskip("pyrender", reason="rendering needs the extra [training]")
    from training.odd_set import STANDING, TURNS, twin_of

    of = [twin_of(number) for number in range(10 * len(TURNS) * 3)]
    assert len(set(of)) == len(of)
    assert all(seed % 10 == number % 10 for number, (_, seed) in enumerate(of))
    assert set(Counter(kind for kind, _ in of)) == set(STANDING)


def test_the_odd_drawing_shows_the_same_movement_and_another_picture():
    pytest.importorskip("pyrender", reason="rendering needs the extra [training]")
    pytest.importorskip("anny", reason="rendering needs the extra [training]")
    from training.odd_look import ODD
    from training.standing_set import photographs

    plain, odd = next(photographs(2)), next(photographs(2, drawing=ODD))
    angles = ("seen_obliquity_deg", "trunk_lean_deg", "knee_flexion_deg", "left_hip_x_px")
    assert [plain.row[name] for name in angles] == [odd.row[name] for name in angles]
    assert np.abs(plain.image.astype(int) - odd.image).mean() > 5.0


def test_twins_that_must_be_alike_silence_what_differs_in_them():
    pytest.importorskip("torch", reason="training needs the extra [training]")
    from training.odd_gain import Sums

    rng = np.random.default_rng(5)
    seen = rng.normal(size=(4000, 2))
    # Both numbers tell the target; the look moves the second.
    target = seen @ [2.0, 2.0]
    alone = Sums.over(seen, target)
    moved = np.zeros((4000, 2))
    moved[:, 1] = rng.normal(size=4000)
    alike = alone.plus(Sums.over(moved, np.zeros(4000)), 30.0).solved()
    assert alone.solved() == pytest.approx([2.0, 2.0], rel=0.05)
    assert alike[0] == pytest.approx(2.0, rel=0.1)
    assert abs(alike[1]) < 0.2
