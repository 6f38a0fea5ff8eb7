"""The sample clips: who does what, in which room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from training.appearance import Look, sample_look
from training.bodies import Body, Sex, build, sample_spec
from training.clips import Take
from training.lying import LyingPose, lie
from training.performances import Clamshell, Standing
from training.scene import MAT_HEIGHT_M, Camera
from training.scripts import (
    SINGLE_LEG_SQUAT,
    STEP_DOWN,
    ClamshellScript,
    Depth,
    StandingScript,
    StandingStyle,
)
from training.truth import knee_opening_deg

ALTERNATE = lambda *faults: ((), faults, (), faults)  # noqa: E731  (a table reads better)


@dataclass(frozen=True)
class Sample:
    """One clip of the catalogue."""

    name: str
    side: str
    seed: int
    sex: Sex
    bottom: str
    make: Callable[[Sample], Take]

    def body(self) -> Body:
        """Person of the clip."""
        return build(sample_spec(self.seed, self.sex))

    def look(self) -> Look:
        """Clothes of the person."""
        return replace(sample_look(self.seed, self.sex), bottom=self.bottom)


def _standing(
    exercise: str,
    style: StandingStyle,
    depths: tuple[Depth, Depth],
    faults: tuple[tuple[str, ...], ...],
) -> Callable[[Sample], Take]:
    """Recipe of a standing clip."""

    def make(sample: Sample) -> Take:
        script = StandingScript(sample.side, style, *depths, faults, seed=sample.seed)
        performance = Standing(sample.body(), exercise, script)
        rng = np.random.default_rng([sample.seed, 17])
        pelvis = performance.ground_m + 0.53 * performance.body.height_m
        camera = Camera(
            horizontal_fov_deg=74.0,
            distance_m=round(float(rng.uniform(2.95, 3.0)), 3),
            height_m=round(pelvis - 0.04, 3),
            yaw_deg=round(float(rng.uniform(-4.5, 4.5)), 2),
        )
        return Take(sample.name, performance, camera)

    return make


def _clamshell(faults: tuple[tuple[str, ...], ...]) -> Callable[[Sample], Take]:
    """Recipe of a clamshell clip: low camera, a little further than the body is long."""

    def make(sample: Sample) -> Take:
        body, rng = sample.body(), np.random.default_rng([sample.seed, 17])
        closed = knee_opening_deg(lie(body, LyingPose(sample.side), MAT_HEIGHT_M))
        script = ClamshellScript(sample.side, faults, closed, seed=sample.seed)
        camera = Camera(
            horizontal_fov_deg=66.0,
            distance_m=round(float(rng.uniform(2.35, 2.55)), 3),
            height_m=round(float(rng.uniform(0.5, 0.6)), 3),
            yaw_deg=round(float(rng.uniform(-4.5, 4.5)), 2),
        )
        return Take(sample.name, Clamshell(body, script), camera)

    return make


_CLEAN_STEP, _CLEAN_SQUAT = Depth(knee=60.0), Depth(knee=67.0, drop=3.0, lean=2.0, fppa=4.0)
_RECIPES: dict[str, Callable[[Sample], Take]] = {
    "step_down_clean": _standing(
        "step_down", STEP_DOWN, (_CLEAN_STEP, _CLEAN_STEP), ((), (), (), ())
    ),
    "step_down_drop": _standing(
        "step_down",
        STEP_DOWN,
        (_CLEAN_STEP, Depth(knee=60.0, drop=12.0, lean=1.0)),
        ALTERNATE("pelvic_drop"),
    ),
    "step_down_lean": _standing(
        "step_down",
        STEP_DOWN,
        (replace(_CLEAN_STEP, drop=1.5), Depth(knee=60.0, drop=1.0, lean=15.0)),
        ALTERNATE("trunk_lean"),
    ),
    "single_leg_squat_clean": _standing(
        "single_leg_squat", SINGLE_LEG_SQUAT, (_CLEAN_SQUAT, _CLEAN_SQUAT), ((), (), (), ())
    ),
    "single_leg_squat_drop_valgus": _standing(
        "single_leg_squat",
        SINGLE_LEG_SQUAT,
        (_CLEAN_SQUAT, Depth(knee=67.0, drop=14.0, lean=1.0, fppa=20.0)),
        ALTERNATE("pelvic_drop", "knee_valgus"),
    ),
    "clamshell_clean": _clamshell(((), ())),
    "clamshell_roll": _clamshell(((), ("pelvic_roll",))),
}
#: (recipe, side, seed, sex, trousers): a different person, dress and room in every clip.
_CAST: tuple[tuple[str, str, int, Sex, str], ...] = (
    ("step_down_clean", "R", 101, "female", "leggings"),
    ("step_down_clean", "L", 102, "male", "shorts"),
    ("step_down_drop", "R", 103, "male", "loose shorts"),
    ("step_down_drop", "L", 104, "female", "leggings"),
    ("step_down_lean", "R", 105, "female", "shorts"),
    ("step_down_lean", "L", 106, "male", "trousers"),
    ("single_leg_squat_clean", "R", 107, "male", "shorts"),
    ("single_leg_squat_clean", "L", 108, "female", "leggings"),
    ("single_leg_squat_drop_valgus", "R", 109, "female", "leggings"),
    ("single_leg_squat_drop_valgus", "L", 110, "male", "loose shorts"),
    ("clamshell_clean", "R", 111, "female", "leggings"),
    ("clamshell_clean", "L", 112, "male", "shorts"),
    ("clamshell_roll", "R", 113, "male", "trousers"),
    ("clamshell_roll", "L", 114, "female", "shorts"),
)


def samples() -> tuple[Sample, ...]:
    """Every clip of ``sample_videos/``."""
    words = {"L": "left", "R": "right"}
    return tuple(
        Sample(f"{recipe}_{words[side]}", side, seed, sex, bottom, _RECIPES[recipe])
        for recipe, side, seed, sex, bottom in _CAST
    )
