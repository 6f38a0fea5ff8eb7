"""A look that was left out: what is left out, and what its errors ask of the ±."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [training]")

TRUTH = {
    "body": np.arange(4),
    "bottom": np.array(["leggings", "trousers", "shorts", "leggings"]),
    "top": np.array(["vest", "vest", "none", "t-shirt"]),
    "hem": np.array([0.25, 0.25, -0.14, -0.14]),
}


def test_a_shirt_over_the_hips_is_loose_where_there_is_a_shirt():
    from training.unseen_look import LOOKS

    (loose,) = (look for look in LOOKS if look.name == "any loose garment")
    assert loose.of(TRUTH).tolist() == [False, True, False, True]


@pytest.mark.parametrize(("spread", "factor"), [(0.5, 0.5), (1.0, 1.0), (1.3, 1.3)])
def test_errors_ask_for_the_factor_by_which_they_grew(spread, factor):
    from training.unseen_look import Z90, Growth

    sizes = np.abs(np.random.default_rng(3).normal(0.0, spread / Z90, 20_000))
    row = Growth("drawn", sizes, np.zeros(0)).row()
    assert row["pictures need the ± times"] == pytest.approx(factor, rel=0.03)
    assert "peaks need the ± times" not in row
