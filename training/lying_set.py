"""Pictures of people lying on their side with their truth, drawn from a seed: one seed, one body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from training import truth
from training.appearance import Look, paint
from training.blemishes import blemished
from training.bodies import Body, build
from training.landmarks import Row
from training.limbs import OUTWARD
from training.lying import LyingPose, lie
from training.renderer import Actor, Renderer
from training.rotations import Array, unit
from training.scene import MAT_HEIGHT_M, Camera, Props, room
from training.seeds import LYING
from training.skeleton import Posed
from training.standing_set import Photograph
from training.wardrobe import draw_body, draw_look

POSES_PER_CAMERA = 5
CAMERAS_PER_BODY = 2
VIEWS = ("front", "back", "head end", "foot end")
VIEW_SHARES = (0.45, 0.2, 0.23, 0.12)


def _yaw_deg(view: str, top: str) -> float:
    """Bearing of the camera from which `view` is seen."""
    # Who faces the camera with the left leg above has the feet on its right, at +x.
    turns = {"front": 0.0, "back": 180.0, "head end": -90.0, "foot end": 90.0}
    return turns[view] * (1.0 if view in ("front", "back") else OUTWARD[top])


def draw_lying(rng: np.random.Generator, top: str, straight: bool) -> LyingPose:
    """Draw one instant of a clamshell or a straight-leg abduction; roll independent of opening."""
    roll = float(rng.uniform(-10, 45) if rng.random() < 0.75 else rng.normal(0, 4))
    hip = float(rng.uniform(15, 75))
    pose = LyingPose(
        top=top,
        roll_deg=roll,
        trunk_roll_deg=float(rng.uniform(-0.1, 1.0)) * roll + float(rng.normal(0.0, 4.0)),
        hip_flexion_deg=hip,
        knee_flexion_deg=float(np.clip(hip + rng.uniform(15, 60), 40, 110)),
    )
    if straight:
        return replace(
            pose,
            raise_deg=float(rng.uniform(-6, 55)),
            raised_flexion_deg=float(rng.uniform(-12, 30)),
            raised_knee_deg=float(rng.uniform(0, 18)),
        )
    return replace(pose, opening_deg=float(rng.uniform(0, 70)) if rng.random() < 0.85 else None)


def _fitted(camera: Camera, points: Array, share: float) -> Camera:
    """Return the camera with the lens in which `points` fill `share` of the picture."""
    for _ in range(3):
        seen = camera.project(points)
        half = np.array([camera.width_px, camera.height_px]) / 2.0
        fill = float((np.abs(seen - half) / half).max())
        half_fov = np.arctan(np.tan(np.radians(camera.horizontal_fov_deg / 2.0)) * fill / share)
        camera = replace(camera, horizontal_fov_deg=float(np.degrees(2.0 * half_fov)))
    return camera


def _camera(rng: np.random.Generator, posed: Posed, view: str, top: str) -> Camera:
    """Draw a camera that has the whole lying body in the picture."""
    height_px = int(rng.choice((360, 480, 540, 720)))
    width_px = round(height_px * float(rng.choice((16 / 9, 16 / 9, 4 / 3))) / 2) * 2
    distance = float(rng.uniform(1.9, 3.4))
    height = float(rng.uniform(0.15, 1.3))
    spread = 35.0 if view in ("front", "back") else 22.0
    centre = posed.skin.mean(axis=0)
    camera = Camera(
        width_px=width_px,
        height_px=height_px,
        horizontal_fov_deg=60.0,
        distance_m=distance,
        height_m=height,
        yaw_deg=_yaw_deg(view, top) + float(rng.uniform(-spread, spread)) * float(rng.random()),
        pitch_deg=float(np.degrees(np.arctan2(height - centre[2], distance))),
        roll_deg=float(rng.uniform(-4.0, 4.0)),
        aim_x_m=float(centre[0]) if view in ("front", "back") else 0.0,
    )
    return _fitted(camera, posed.skin, float(rng.uniform(0.6, 0.92)))


def _measured(body: Body, posed: Posed, pose: LyingPose, camera: Camera) -> Row:
    """Exact angles of one pose; the long axis is the trunk's in the same pose, pelvis stacked."""
    stacked = lie(body, replace(pose, roll_deg=0.0, trunk_roll_deg=0.0), MAT_HEIGHT_M)
    axis = unit(stacked.mid_shoulder - stacked.mid_hip)
    left, right = camera.project(
        np.stack([posed.joint("upperleg01.L"), posed.joint("upperleg01.R")])
    )
    return {
        "top": pose.top,
        "roll_deg": truth.roll_deg(posed, pose.top, axis),
        "trunk_roll_deg": pose.trunk_roll_deg,
        "knee_opening_deg": truth.knee_opening_deg(posed),
        "hip_flexion_deg": pose.hip_flexion_deg,
        "left_hip_x_px": float(left[0]),
        "left_hip_y_px": float(left[1]),
        "right_hip_x_px": float(right[0]),
        "right_hip_y_px": float(right[1]),
    }


def described(body: Body, look: Look, camera: Camera, view: str, turn_deg: float) -> Row:
    """Return what tells one subgroup from another; ``turn_deg`` is the bearing from which it is seen."""
    return {
        "body": body.spec.seed,
        "sex": body.spec.sex,
        "weight": body.spec.phenotype["weight"],
        "skin": float(np.mean(look.skin)),
        "bottom": look.bottom,
        "shirt": look.top,
        "view": view,
        "yaw_deg": camera.yaw_deg - turn_deg,
        "camera_roll_deg": camera.roll_deg,
        "camera_height_m": camera.height_m,
        "distance_m": camera.distance_m,
        "width_px": camera.width_px,
        "height_px": camera.height_px,
    }


def _before_one_camera(body: Body, setup: int, rng: np.random.Generator) -> Iterator[Photograph]:
    """Yield poses of one exercise, in one dress, room and light."""
    look = draw_look(body.spec.seed * CAMERAS_PER_BODY + setup, body.spec.sex)
    actor = Actor(body, paint(body, look))
    top, straight = ("L", "R")[int(rng.integers(2))], bool(rng.random() < 0.35)
    view = str(rng.choice(VIEWS, p=VIEW_SHARES))
    posed = lie(body, draw_lying(rng, top, straight), MAT_HEIGHT_M)
    camera, place = _camera(rng, posed, view, top), int(rng.integers(1 << 30))
    renderer = Renderer(room(place, Props(mat=True), _yaw_deg(view, top)), camera, place)
    known = described(body, look, camera, view, _yaw_deg(view, top))
    known |= {"exercise": "abduction" if straight else "clamshell"}
    for _ in range(POSES_PER_CAMERA):
        pose = draw_lying(rng, top, straight)
        posed = lie(body, pose, MAT_HEIGHT_M)
        renderer.focus([actor.surface(posed)])
        image = blemished(renderer.draw(actor.mesh(posed)), rng)
        yield Photograph(image, known | _measured(body, posed, pose, camera))


def photographs(seed: int) -> Iterator[Photograph]:
    """Yield all pictures of the body with this seed."""
    body, rng = build(draw_body(LYING[seed])), np.random.default_rng([seed, 109])
    for setup in range(CAMERAS_PER_BODY):
        yield from _before_one_camera(body, setup, rng)
