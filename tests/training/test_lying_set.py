"""People on their side: who is seen from where."""

from __future__ import annotations

import numpy as np
import pytest

from training.examples import LANDMARKS
from training.landmarks import read
from training.roll_views import hips, in_the_picture

HEAD, FEET = "head", ("foot.L", "foot.R")


@pytest.mark.parametrize(("left_up", "foot_end"), [(True, True), (False, False)])
def test_a_back_to_the_right_of_the_picture_is_backward(left_up, foot_end):
    """Who lies with the left side up has the back to the right of a camera at the feet."""
    upper, lower = [105.0, 50.0], [100.0, 90.0]
    told = in_the_picture(np.array([[upper, lower]]), np.array([left_up]), foot_end)
    assert told == pytest.approx(np.degrees(np.arctan2(5.0, 40.0)))
    other = in_the_picture(np.array([[upper, lower]]), np.array([left_up]), not foot_end)
    assert other == pytest.approx(-told)


@pytest.mark.parametrize("kind", ["lying", "other-lying"])
@pytest.mark.parametrize("view", ["foot end", "head end"])
def test_exact_hips_of_the_kept_pictures_tell_the_roll_from_either_end(kind, view):
    found = read(sorted(LANDMARKS.glob(f"{kind}_*.npz")), "full")
    _, true = hips(found, "full")
    rows = found.truth["view"] == view
    left_up = found.truth["top"] == "L"
    told = in_the_picture(true, left_up, view == "foot end")[rows]
    roll = found.truth["roll_deg"].astype(float)[rows]
    assert rows.sum() >= 5
    assert np.corrcoef(told, roll)[0, 1] > 0.9


@pytest.mark.parametrize("top", ["L", "R"])
def test_a_camera_at_the_foot_end_is_nearer_to_the_feet(top):
    pytest.importorskip("pyrender", reason="rendering needs the extra [training]")
    pytest.importorskip("anny", reason="rendering needs the extra [training]")
    from training import lying_set
    from training.bodies import build
    from training.lying import lie
    from training.scene import MAT_HEIGHT_M
    from training.seeds import LYING
    from training.wardrobe import draw_body

    body, rng = build(draw_body(LYING[0])), np.random.default_rng(1)
    posed = lie(body, lying_set.draw_lying(rng, top, False), MAT_HEIGHT_M)
    beyond = {}
    for view in lying_set.VIEWS:
        eye = lying_set._camera(rng, posed, view, top).pose[:3, 3]
        head, *feet = (np.linalg.norm(posed.joint(bone) - eye) for bone in (HEAD, *FEET))
        beyond[view] = head - min(feet)
    assert beyond["foot end"] > 0.6
    assert beyond["head end"] < -0.6
