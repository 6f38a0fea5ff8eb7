"""The second look: what holds for any weights."""

from __future__ import annotations

import numpy as np
import pytest

from glutecam.core.body_shape import mirror_of_shapes
from training.examples import Examples, _as_series
from training.landmarks import CROP_PX
from training.looks import Pictures

torch = pytest.importorskip("torch", reason="training needs the extra [training]")


def invented(mirrored: bool) -> Pictures:
    """Three people of noise, or their mirror images."""
    rng = np.random.default_rng(5)
    crops = rng.integers(0, 256, (3, CROP_PX, CROP_PX, 3), dtype=np.uint8)
    shape, turn = rng.normal(size=(3, 46)), np.array([4.0, 0.0, -11.0])
    if mirrored:
        order, sign = mirror_of_shapes()
        crops, shape, turn = crops[:, :, ::-1], shape[:, order] * sign, -turn
    poses = _as_series(np.ones((3, 33, 2)), np.ones((3, 33, 3)))
    examples = Examples(shape, np.zeros(3), np.arange(3), {}, poses)
    return Pictures(examples, np.ascontiguousarray(crops), np.zeros((3, 2, 2)), turn)


def test_a_mirrored_person_has_the_other_sign_and_the_same_deviation():
    from training.fit_look import LookNetwork, LookPlan, looked
    from training.fit_pelvis import Ruler

    torch.manual_seed(1)
    people, plan = invented(mirrored=False), LookPlan()
    ruler = Ruler.of(people.level_shape, 0.5)
    network = LookNetwork(ruler.turn.shape[1], plan)
    for end in (network.last, network.glance):
        torch.nn.init.normal_(end.weight)
    for one, other in zip(
        looked(network, people, ruler, plan),
        looked(network, invented(mirrored=True), ruler, plan),
        strict=True,
    ):
        assert np.ptp(one.angle) > 0.5
        assert other.angle == pytest.approx(-one.angle, abs=1e-3)
        assert other.sd == pytest.approx(one.sd, rel=1e-4)
