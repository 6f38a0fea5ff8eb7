"""The same people doing the same, drawn otherwise: a test set of another world, never for choosing.

Skeleton, poses, cameras and truth are those of `training.standing_set` and `training.lying_set`;
renderer, clothes, places and lamps are not. What a pelvis model loses here it owes to our renderer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from training import lying_set, standing_set
from training.blemishes import blemished
from training.bodies import Body, build
from training.lying import lie
from training.other_blender import Studio
from training.other_person import Person
from training.other_rooms import draw_place
from training.other_wardrobe import draw_outfit
from training.scene import MAT_HEIGHT_M, Camera, Props
from training.seeds import OTHER_LYING, OTHER_STANDING
from training.standing_set import CAMERAS_PER_BODY, Actions, Photograph
from training.viewpoints import draw_camera
from training.wardrobe import draw_body

#: More lines than this cost minutes; the pose network sees 256.
MOST_LINES_PX = 400
#: A picture takes a quarter of a minute: more bodies tell more than more poses of the same.
POSES_PER_CAMERA = 2


def _coarser(camera: Camera) -> Camera:
    """Return the same view in no more than `MOST_LINES_PX` lines."""
    if camera.height_px <= MOST_LINES_PX:
        return camera
    width = round(camera.width_px * MOST_LINES_PX / camera.height_px / 2.0) * 2
    return replace(camera, width_px=width, height_px=MOST_LINES_PX)


def _bright(rng: np.random.Generator) -> float:
    """How bright the camera's exposure makes the picture."""
    return float(np.exp(rng.normal(0.0, 0.25)))


def _standing(
    body: Body, setup: int, actions: Actions, rng: np.random.Generator
) -> Iterator[Photograph]:
    """Yield poses of one kind, in one dress, place and light."""
    outfit = draw_outfit(body.spec.seed * CAMERAS_PER_BODY + setup, body.spec.sex)
    person = Person(body, outfit)
    pose, footing = actions.draw(rng)
    camera = _coarser(draw_camera(rng, body, footing.ground_m))
    turn = 180.0 if abs(camera.yaw_deg) > 90.0 else 0.0
    props = standing_set._step(pose, footing)
    place = draw_place(int(rng.integers(1 << 30)), props, turn)
    studio = Studio(place, camera, _bright(rng))
    known = standing_set.described(body, outfit, camera, footing.ground_m)
    known |= {"family": actions.name}
    for _ in range(POSES_PER_CAMERA):
        pose, posed = standing_set._posed_like(body, actions, (pose.stance, footing.ground_m), rng)
        image = blemished(studio.draw(person.parts(posed, 0.0)), rng)
        yield Photograph(image, known | standing_set.measured(posed, pose, camera))


def standing(seed: int) -> Iterator[Photograph]:
    """Yield all pictures of the standing body with this seed."""
    seed = OTHER_STANDING[seed]
    body, rng = build(draw_body(seed)), np.random.default_rng([seed, 229])
    for setup in range(CAMERAS_PER_BODY):
        yield from _standing(body, setup, standing_set.exercises(body, rng), rng)


def _side_lying(body: Body, setup: int, rng: np.random.Generator) -> Iterator[Photograph]:
    """Yield poses of one exercise on a mat, in one dress, place and light."""
    outfit = draw_outfit(body.spec.seed * CAMERAS_PER_BODY + setup, body.spec.sex)
    person = Person(body, outfit)
    top, straight = ("L", "R")[int(rng.integers(2))], bool(rng.random() < 0.35)
    view = str(rng.choice(lying_set.VIEWS, p=lying_set.VIEW_SHARES))
    posed = lie(body, lying_set.draw_lying(rng, top, straight), MAT_HEIGHT_M)
    camera, turn = lying_set._camera(rng, posed, view, top), lying_set._yaw_deg(view, top)
    camera = _coarser(camera)
    place = draw_place(int(rng.integers(1 << 30)), Props(mat=True), turn)
    studio = Studio(place, camera, _bright(rng))
    known = lying_set.described(body, outfit, camera, view, turn)
    known |= {"exercise": "abduction" if straight else "clamshell"}
    # The roll is told by changes: of two pictures there is one, of five there are ten.
    for _ in range(lying_set.POSES_PER_CAMERA):
        pose = lying_set.draw_lying(rng, top, straight)
        posed = lie(body, pose, MAT_HEIGHT_M)
        image = blemished(studio.draw(person.parts(posed, MAT_HEIGHT_M)), rng)
        yield Photograph(image, known | lying_set._measured(body, posed, pose, camera))


def lying(seed: int) -> Iterator[Photograph]:
    """Yield all pictures of the lying body with this seed."""
    seed = OTHER_LYING[seed]
    body, rng = build(draw_body(seed)), np.random.default_rng([seed, 233])
    for setup in range(CAMERAS_PER_BODY):
        yield from _side_lying(body, setup, rng)
