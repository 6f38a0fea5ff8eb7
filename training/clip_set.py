"""Short clips of exercises by people of every kind, frame by frame: one seed, one clip.

Each begins with quiet standing on both feet and has two repetitions with a drop, a lean and a knee
of their own. What calibrates and tests the peak of a repetition counted from the quiet posture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from training.blemishes import blemished
from training.bodies import Body, build
from training.performances import Standing
from training.scripts import (
    SINGLE_LEG_SQUAT,
    STEP_DOWN,
    Depth,
    StandingScript,
    StandingStyle,
    Tempo,
)
from training.seeds import CLIPS
from training.standing_set import USUAL, Drawing, Photograph, described, measured
from training.viewpoints import draw_camera
from training.wardrobe import draw_body

#: Landmarks are smoothed below 6 Hz, so 15 frames a second lose nothing that counts.
FPS = 15.0

SQUAT_BEHIND = StandingStyle(-6.0, 3.0, 75.0, 10.0, 0.40, "forward", on_step=False)
STYLES = {
    "step-down": STEP_DOWN,
    "single-leg squat, leg in front": SINGLE_LEG_SQUAT,
    "single-leg squat, leg behind": SQUAT_BEHIND,
}


def _depth(rng: np.random.Generator) -> Depth:
    """Draw how a repetition looks at its deepest point."""
    upright = rng.random() < 0.6
    return Depth(
        knee=float(rng.uniform(45.0, 85.0)),
        drop=float(rng.uniform(-4.0, 18.0)),
        lean=float(rng.normal(1.0, 2.0) if upright else rng.uniform(0.0, 16.0)),
        fppa=float(rng.uniform(-3.0, 16.0)),
    )


def _performance(body: Body, seed: int, rng: np.random.Generator) -> Standing:
    """Draw what this person does."""
    name = str(rng.choice(list(STYLES)))
    style = replace(
        STYLES[name],
        arms=str(rng.choice(["waist", "crossed", "forward"])),
        free_hip_flexion_deg=STYLES[name].free_hip_flexion_deg + float(rng.normal(0.0, 6.0)),
        free_hip_abduction_deg=STYLES[name].free_hip_abduction_deg + float(rng.normal(0.0, 3.0)),
        trunk_flexion_per_knee=float(rng.uniform(0.15, 0.55)),
    )
    pace = float(rng.uniform(0.75, 1.2))
    tempo = Tempo(quiet=1.7, shift=0.7, down=pace, hold=0.2, up=pace, pause=0.1, end=0.3)
    stance = ("L", "R")[int(rng.integers(2))]
    script = StandingScript(
        stance, style, _depth(rng), _depth(rng), ((), ("drawn",)), tempo, seed=seed
    )
    return Standing(body, name, script)


def photographs(seed: int, drawing: Drawing = USUAL) -> Iterator[Photograph]:
    """Yield the frames of the clip with this seed; every drawing shows the same movement."""
    seed = CLIPS[seed]
    body, rng = build(draw_body(seed)), np.random.default_rng([seed, 127])
    look, who = drawing.look(seed, body.spec.sex), _performance(body, seed, rng)
    actor, camera = drawing.dressed(body, look, seed), draw_camera(rng, body, who.ground_m)
    turn = 180.0 if abs(camera.yaw_deg) > 90.0 else 0.0
    renderer = drawing.renderer(drawing.room(seed, who.props, turn), camera, seed)
    grain = np.random.default_rng([seed, 137])
    known = described(body, look, camera, who.ground_m) | {"family": who.exercise}
    for index in range(int(who.duration_s * FPS)):
        time_s = index / FPS
        posed = who.posed(time_s)
        renderer.focus([actor.surface(posed)])
        # One webcam has one lens and one light; only the noise is new in every frame.
        same = (np.random.default_rng([seed, salt]) for salt in (109, 131))
        image = drawing.filmed(renderer.draw(actor.mesh(posed)), next(same), grain)
        image = blemished(image, next(same), rng)
        rep = next((i for i, r in enumerate(who.reps) if r.start_s <= time_s < r.end_s), -1)
        row = known | measured(posed, who.script.at(time_s), camera)
        yield Photograph(image, row | {"time_s": time_s, "rep": rep})
