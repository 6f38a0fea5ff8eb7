"""The arithmetic of the trained part, with weights that we made up."""

from __future__ import annotations

import hashlib
import io
from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from glutecam.core.pelvis_net import BLOCK, PelvisNet

INPUTS, NETWORKS, UNITS, DIRECTIONS = 6, 3, 8, 4
#: A body of two mirrored points, each with x and y, and one point on the axis.
ORDER, SIGN = [2, 3, 0, 1, 4, 5], [-1.0, 1.0, -1.0, 1.0, -1.0, 1.0]


def made_up(seed: int = 3, **given: object) -> PelvisNet:
    """Return a net with random weights, some of them given."""
    rng = np.random.default_rng(seed)

    def some(*shape: int) -> np.ndarray:
        return rng.normal(0.0, 0.4, shape).astype(np.float32)

    net = PelvisNet(
        order=np.array(ORDER),
        sign=np.array(SIGN, dtype=np.float32),
        centre=np.zeros(INPUTS, np.float32),
        scale=np.ones(INPUTS, np.float32),
        first=some(INPUTS, NETWORKS * UNITS),
        first_bias=some(NETWORKS * UNITS),
        second=some(NETWORKS, UNITS, UNITS),
        second_bias=some(NETWORKS, 1, UNITS),
        last=some(NETWORKS, UNITS, 2),
        last_bias=some(NETWORKS, 1, 2),
        straight=some(INPUTS, NETWORKS),
        whiten=some(INPUTS, DIRECTIONS),
        widen=np.array([1.0, 1e6, 0.0, 0.5], np.float32),
    )
    return replace(net, **given)


def straight_only(weights: list[float]) -> PelvisNet:
    """Return a net that adds up its inputs with these weights, with a deviation of 2."""
    net = made_up()
    nothing = {name: np.zeros_like(getattr(net, name)) for name in ("last", "last_bias")}
    nothing["last_bias"][..., 1] = np.log(2.0)
    straight = np.repeat(np.array(weights, np.float32)[:, None], NETWORKS, axis=1)
    return replace(net, straight=straight, **nothing)


SHAPES = np.random.default_rng(9).normal(size=(50, INPUTS))


def test_a_straight_line_comes_out_as_it_went_in() -> None:
    # Twice half the difference between a point and its mirror image: the height of one over the other.
    net = straight_only([0.0, 3.0, 0.0, -3.0, 0.0, 0.0])
    angle, sd, _ = net.estimate(SHAPES)
    assert_allclose(angle, 3.0 * (SHAPES[:, 1] - SHAPES[:, 3]), atol=1e-5)
    assert_allclose(sd, 2.0, atol=1e-6)


def test_the_mirror_image_has_exactly_the_opposite_angle_and_the_same_doubt() -> None:
    net = made_up()
    angle, sd, strange = net.estimate(SHAPES)
    other, other_sd, other_strange = net.estimate(SHAPES[:, ORDER] * SIGN)
    assert np.array_equal(other, -angle)
    assert np.array_equal(other_sd, sd)
    assert np.array_equal(other_strange, strange)


@pytest.mark.parametrize("chunk", [1, 2, BLOCK - 1, BLOCK, BLOCK + 1])
def test_a_frame_gives_the_same_bits_in_any_chunk(chunk: int) -> None:
    net = made_up()
    parts = [net.estimate(SHAPES[i : i + chunk]) for i in range(0, len(SHAPES), chunk)]
    for column, whole in enumerate(net.estimate(SHAPES)):
        assert np.array_equal(np.concatenate([part[column] for part in parts]), whole)


def test_nan_stays_with_its_frame() -> None:
    net, holed = made_up(), SHAPES.copy()
    holed[7, 2] = np.nan
    angle, sd, strange = net.estimate(holed)
    assert np.isnan([angle[7], sd[7], strange[7]]).all()
    others = np.arange(len(SHAPES)) != 7
    assert np.array_equal(angle[others], net.estimate(SHAPES)[0][others])


def test_networks_that_disagree_make_the_deviation_wider() -> None:
    net = straight_only([0.0] * INPUTS)
    straight = net.straight.copy()
    straight[1], straight[3] = [-3.0, 0.0, 3.0], [3.0, 0.0, -3.0]
    angle, sd, _ = replace(net, straight=straight).estimate(SHAPES)
    height = SHAPES[:, 1] - SHAPES[:, 3]
    assert_allclose(angle, 0.0, atol=1e-5)
    # The three say -3, 0 and +3 times the height.
    assert_allclose(sd, np.sqrt(2.0**2 + 6.0 * height**2), rtol=1e-5)


def test_the_strange_is_doubted_and_the_usual_is_not() -> None:
    net = straight_only([0.0] * INPUTS)
    _, _, strange = net.estimate(SHAPES)
    usual = float(np.median(strange))
    net = replace(net, widen=np.array([1.5, usual, 2.0, 0.5], np.float32))
    _, sd, _ = net.estimate(SHAPES)
    beyond = np.maximum(strange / np.float32(usual) - 1.0, 0.0)
    assert_allclose(sd, 2.0 * 1.5 * (1.0 + 2.0 * beyond), rtol=1e-5)
    assert net.change_factor == 0.5


def packed(net: PelvisNet, without: str = "") -> bytes:
    file = io.BytesIO()
    np.savez(file, **{f.name: getattr(net, f.name) for f in fields(net) if f.name != without})
    return file.getvalue()


def test_weights_come_back_from_a_file() -> None:
    data = packed(made_up())
    net = PelvisNet.from_bytes(data, hashlib.sha256(data).hexdigest())
    assert np.array_equal(net.estimate(SHAPES)[0], made_up().estimate(SHAPES)[0])


def test_a_damaged_or_foreign_file_is_refused() -> None:
    with pytest.raises(ValueError, match="checksum"):
        PelvisNet.from_bytes(packed(made_up()), "0" * 64)
    with pytest.raises(ValueError, match="lacks straight"):
        PelvisNet.from_bytes(packed(made_up(), without="straight"))
