"""Can the roll of the pelvis be learned? ``python -m training.roll_models`` draws the learning curve.

People on their side, from each view: ridge, kernels, small networks and their mean on all points of the
body, in the picture and in metres, learn the roll of single pictures, and its change between two of one
person by one camera. Bodies are never split. What is known of changes from the front is asked of the
clips of the exercises as well. ``--joints 60`` asks the same of exact joints of 60 people, which says
what is lost between the joints and the points that the pose model finds.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from glutecam.core.poses import PoseSeries
from training.examples import LANDMARKS, _as_series
from training.roll_clips import Teller, from_the_front, hip_depth, in_words, tops
from training.roll_pictures import IN_PICTURE, Lying, Score, between, lying, numbers, pictures
from training.roll_views import VIEWS
from training.rotations import Array

BODIES = (40, 80, 160, 300, 500)
FOLDS = 5
#: What an exercise is about: its limits are 5 and 10 degrees.
SMALL_DEG = 15.0
#: Noise on exact joints, in sizes of the body, of which a hip width is 0.37.
SHAKEN = (0.0, 0.02, 0.08)


class Model(Protocol):
    """What scikit-learn's models do."""

    def fit(self, x: Array, y: Array) -> Model:
        """Learn."""

    def predict(self, x: Array) -> Array:
        """Tell."""


def _ridge() -> Model:
    return make_pipeline(StandardScaler(), Ridge(30.0))


def kernels() -> Model:
    """Return the model that tells changes best."""
    return make_pipeline(StandardScaler(), KernelRidge(alpha=0.3, kernel="rbf", gamma=3e-3))


def _network(seed: int) -> Model:
    net = MLPRegressor(
        hidden_layer_sizes=(48, 24),
        alpha=3.0,
        learning_rate_init=2e-3,
        max_iter=60,
        random_state=seed,
    )
    return make_pipeline(StandardScaler(), net)


MODELS: dict[str, tuple[Callable[[], Model], ...]] = {
    "ridge": (_ridge,),
    "kernels": (kernels,),
    "networks": tuple(lambda seed=seed: _network(seed) for seed in range(3)),
}


def learned(known: Lying, asked: Array) -> dict[str, Array]:
    """Return what every model, and the mean of them, says of the pictures `asked` (A, F)."""
    middle, wide = known.roll_deg.mean(), max(float(known.roll_deg.std()), 1.0)
    wanted = (known.roll_deg - middle) / wide
    told = {}
    with warnings.catch_warnings():
        # Stopped early on purpose: longer they learn by heart.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for name, members in MODELS.items():
            each = [make().fit(known.numbers, wanted).predict(asked) for make in members]
            told[name] = middle + wide * np.mean(each, axis=0)
    told["all"] = np.mean(list(told.values()), axis=0)
    return told


def crossed(every: Lying, bodies: int, seed: int = 0) -> dict[str, Array]:
    """Return what models that learned from so many other bodies say of each picture, (N,)."""
    rng = np.random.default_rng([seed, bodies])
    people = rng.permutation(np.unique(every.body))
    told = {name: np.full(len(every), np.nan) for name in (*MODELS, "all")}
    for fold in range(FOLDS):
        tested = np.isin(every.body, people[fold::FOLDS])
        others = np.setdiff1d(people, people[fold::FOLDS], assume_unique=True)[:bodies]
        found = learned(every.where(np.isin(every.body, others)), every.numbers[tested])
        for name, values in found.items():
            told[name][tested] = values
    return told


def curve(every: Lying, sizes: Sequence[int], small_deg: float = np.inf) -> Iterator[str]:
    """Yield how well each model tells these after so many bodies, in words; at last the small ones."""
    people = len(np.unique(every.body))
    most = people - -(-people // FOLDS)
    for bodies in (*(size for size in sizes if size < most), most):
        found = crossed(every, bodies)
        for name, told in found.items():
            yield f"{bodies} bodies, {name}: {Score.of(told, every)}"
    small = np.abs(every.roll_deg) < small_deg
    if not small.all():
        for name, told in found.items():
            yield f"below {small_deg:.0f}°, {name}: {Score.of(told[small], every.where(small))}"


def teller(changes: Lying) -> Teller:
    """Return what tells the roll in a clip: the kernels, having learned all these changes."""
    model = kernels().fit(changes.numbers, changes.roll_deg)

    def tell(poses: PoseSeries, quiet: NDArray[np.bool_]) -> Array:
        seen = numbers(poses)
        start = np.nanmedian(seen[quiet], axis=0, keepdims=True)
        return model.predict(between(seen, start)) - model.predict(between(start, start))

    return tell


def _say(title: str, lines: Iterable[str]) -> None:
    print(title, flush=True)
    for line in lines:
        print(f"  {line}", flush=True)


def of_joints(bodies: int) -> None:
    """Print what exact joints in the picture tell."""
    # It builds bodies, which nothing else here needs.
    from training.roll_joints import joints

    truth, points = joints(bodies)
    series = _as_series(points, np.zeros((*points.shape[:2], 3)))
    poses = series.mirrored(np.asarray(truth["top"] == "L"))
    exact = numbers(poses)[:, :IN_PICTURE]
    rng = np.random.default_rng(bodies)
    for shaken in SHAKEN:
        every = pictures(truth, exact + shaken * rng.standard_normal(exact.shape))
        for view in VIEWS:
            these = every.where(truth["view"] == view)
            title = f"joints shaken by {shaken:.2f} sizes of the body, {view}"
            _say(f"{title}, single pictures", curve(these, ()))
            _say(f"{title}, changes", curve(these.changes(), (), SMALL_DEG))


def main() -> None:
    """Read the command line, learn, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landmarks", type=Path, default=LANDMARKS)
    parser.add_argument("--variant", default="full", help="the pose model")
    parser.add_argument(
        "--joints", type=int, default=0, help="bodies of which exact joints are asked"
    )
    chosen = parser.parse_args()
    if chosen.joints:
        of_joints(chosen.joints)
        return
    clips = from_the_front(chosen.landmarks / "exercises")
    _say("clips, hip depth", in_words([tops(clip, hip_depth) for clip in clips]))
    paths = sorted(chosen.landmarks.glob("lying_*.npz"))
    for view in VIEWS:
        every, share = lying(paths, chosen.variant, view)
        people = len(np.unique(every.body))
        title = f"{view}: {len(every)} pictures of {people} bodies, {share:.0%} of all found"
        _say(f"{title}; single pictures", curve(every, BODIES))
        _say(f"{title}; changes", curve(every.changes(), BODIES, SMALL_DEG))
        if view == "front":
            tell = teller(every.changes())
            _say("clips, kernels", in_words([tops(clip, tell) for clip in clips]))


if __name__ == "__main__":
    main()
