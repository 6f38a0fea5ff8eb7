"""The roll of the pelvis of people on their side: what is learned of it, and what is not."""

from __future__ import annotations

import numpy as np
import pytest

from training.examples import LANDMARKS
from training.kept_clips import read_clip
from training.roll_clips import ROLLED, hip_depth, in_words, tops
from training.roll_pictures import Lying, Score, lying

CLIP = LANDMARKS / "exercises" / "clamshell" / "000.npz"


def invented(people: int = 40, poses: int = 5, told: float = 1.0) -> Lying:
    """People each of whom has an offset of their own, so that only changes tell the roll."""
    rng = np.random.default_rng(7)
    body = np.repeat(np.arange(people), poses)
    roll = rng.uniform(-10, 45, people * poses)
    offset = rng.normal(0.0, 60.0, (people, 6))[body]
    way = np.array([1.0, -0.5, 0.3, 0.0, 0.8, 0.1])
    beside = rng.normal(size=(len(roll), 2))
    return Lying(
        told * roll[:, None] * way + offset,
        roll,
        beside,
        body,
        np.array([f"{b} front" for b in body]),
    )


def test_what_belongs_to_a_person_cancels_in_changes():
    every = invented()
    changes = every.changes()
    assert len(changes) == 2 * len(every)
    assert np.allclose(changes.numbers[:, 0], changes.roll_deg)
    half = len(every)
    assert np.allclose(changes.roll_deg[:half], -changes.roll_deg[half:])
    assert set(changes.body) == set(every.body)


def test_a_picture_alone_has_no_change():
    every = invented(people=3, poses=2)
    changes = every.rows(np.array([0, 1, 2])).changes()
    assert set(changes.body) == {0}
    assert len(changes) == 2


def test_who_reads_only_the_thighs_is_found_out():
    rng = np.random.default_rng(3)
    every = invented(people=200)
    opening = every.beside_deg[:, 0]
    rolled = Lying(
        every.numbers, 10.0 * opening + rng.normal(0.0, 3.0, len(every)), every.beside_deg, every.body,
        every.camera,
    )  # fmt: skip
    score = Score.of(10.0 * opening + rng.normal(0.0, 3.0, len(every)), rolled)
    assert score.r > 0.85
    assert abs(score.apart) < 0.1
    exact = Score.of(rolled.roll_deg, rolled)
    assert exact.r == pytest.approx(1.0)
    assert exact.slope == pytest.approx(1.0)
    assert exact.error_deg == 0.0
    assert exact.guess_deg > 7.0


def test_pictures_in_which_somebody_was_found_are_mirrored_to_one_side():
    every, share = lying(sorted(LANDMARKS.glob("lying_0000.npz")), "full", "front")
    assert 0.7 < share <= 1.0
    assert np.isfinite(every.numbers).all()
    # The upper hip is the right one: it lies higher in the picture in most.
    upper, lower = (every.numbers[:, 2 * place + 1] for place in _hips())
    assert np.mean(upper < lower) > 0.8


def _hips() -> tuple[int, int]:
    from glutecam.core.landmarks import BODY_POINTS, Landmark

    return BODY_POINTS.index(Landmark.RIGHT_HIP), BODY_POINTS.index(Landmark.LEFT_HIP)


def test_the_truth_told_in_a_clip_is_told_as_true():
    clip = read_clip(CLIP)
    true = clip.over_time("pelvic_roll_deg")
    found = tops(clip, lambda poses, quiet: true - np.median(true[quiet]))
    assert [top.fault for top in found].count(ROLLED) == 1
    assert all(top.told_deg == pytest.approx(top.true_deg, abs=0.5) for top in found)
    assert "more than another in 100%" in in_words([found])[-1]


def test_rendered_people_show_the_leak_of_real_ones():
    """Real clamshells in good form: 7 to 18 degrees of roll from closed to open that are none."""
    clean = [top for top in tops(read_clip(CLIP), hip_depth) if not top.fault]
    assert clean
    assert all(top.true_deg < 4.0 for top in clean)
    assert all(7.0 <= top.told_deg <= 25.0 for top in clean)


def test_models_are_never_asked_about_people_they_know():
    """Numbers that say nothing but who somebody is tell nobody else's roll."""
    pytest.importorskip("sklearn", reason="training needs the extra [training]")
    from training.roll_models import crossed

    rng = np.random.default_rng(11)
    body = np.repeat(np.arange(40), 5)
    roll, who = rng.uniform(-10, 45, 40)[body], rng.normal(size=(40, 8))[body]
    every = Lying(who, roll, rng.normal(size=(200, 2)), body, np.array([f"{b}" for b in body]))
    for told in crossed(every, 30).values():
        assert np.corrcoef(told, roll)[0, 1] < 0.5


def test_changes_are_learned_where_they_are_told():
    pytest.importorskip("sklearn", reason="training needs the extra [training]")
    from training.roll_models import crossed

    every = invented()
    single = Score.of(crossed(every, 30)["ridge"], every)
    changes = every.changes()
    assert Score.of(crossed(changes, 30)["ridge"], changes).r > 0.98 > single.r
