"""Pictures of standing people with their truth, drawn from a seed: one seed, one body."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from trimesh import Trimesh

from training import truth
from training.appearance import SOLE_M, Look, paint
from training.blemishes import Frame, blemished
from training.bodies import Body, Sex, build
from training.draws import (
    FAMILIES,
    TANDEM,
    WIDE,
    Family,
    draw_arms,
    draw_drop,
    draw_family,
    draw_leaning,
    draw_planted,
    draw_standing,
)
from training.landmarks import Row
from training.limbs import LEG, OTHER
from training.posing import Footing, StandingPose, reaches, stand
from training.recorded import load_recorded
from training.renderer import Actor, Renderer
from training.rotations import about
from training.scene import Camera, Props, room
from training.seeds import STANDING
from training.skeleton import Posed
from training.viewpoints import PELVIS_SHARE, draw_camera
from training.wardrobe import draw_body, draw_look

#: Poses of one body before one camera; each body gets two cameras, rooms and lights.
POSES_PER_CAMERA = 5
CAMERAS_PER_BODY = 2
#: A free foot may point its toes at the floor, not sink into it.
LOWEST_ANKLE_M = 0.06


@dataclass(frozen=True)
class Photograph:
    """One picture and everything known about it."""

    image: Frame
    row: Row


def seen_obliquity_deg(posed: Posed, camera: Camera) -> float:
    """Obliquity as a camera with this roll sees it: the angle a picture can tell, + = right up."""
    line = posed.joint("upperleg01.R") - posed.joint("upperleg01.L")
    rolled = camera.pose[:3, :3].T @ line
    level = about(np.array([1.0, 0.0, 0.0]), -camera.pitch_deg) @ rolled
    return float(np.degrees(np.arcsin(level[1] / np.linalg.norm(level))))


def _thigh_raise_deg(posed: Posed, side: str) -> float:
    """Angle between a thigh and straight down."""
    thigh = posed.joint(f"lowerleg01.{side}") - posed.joint(f"upperleg01.{side}")
    return float(np.degrees(np.arccos(-thigh[2] / np.linalg.norm(thigh))))


def measured(posed: Posed, pose: StandingPose, camera: Camera) -> Row:
    """Exact angles of one pose."""
    side = pose.stance
    hip, knee, ankle = (posed.joint(f"{bone}.{side}") for bone in LEG)
    left, right = camera.project(
        np.stack([posed.joint("upperleg01.L"), posed.joint("upperleg01.R")])
    )
    return {
        "stance": side,
        "obliquity_deg": truth.obliquity_deg(posed),
        "seen_obliquity_deg": seen_obliquity_deg(posed, camera),
        "trunk_lean_deg": truth.trunk_lean_deg(posed, side),
        "knee_flexion_deg": truth.knee_flexion_deg(posed, side),
        "fppa_deg": truth.fppa_deg(hip, knee, ankle, side),
        "stance_thigh_deg": _thigh_raise_deg(posed, side),
        "free_thigh_deg": _thigh_raise_deg(posed, OTHER[side]),
        "pelvic_turn_deg": pose.pelvic_turn_deg,
        "left_hip_x_px": float(left[0]),
        "left_hip_y_px": float(left[1]),
        "right_hip_x_px": float(right[0]),
        "right_hip_y_px": float(right[1]),
    }


def described(body: Body, look: Look, camera: Camera, ground_m: float) -> Row:
    """Return what tells one subgroup from another."""
    back = abs(camera.yaw_deg) > 90.0
    return {
        "body": body.spec.seed,
        "sex": body.spec.sex,
        "body_height_m": body.height_m,
        "weight": body.spec.phenotype["weight"],
        "skin": float(np.mean(look.skin)),
        "bottom": look.bottom,
        "top": look.top,
        "hem": look.shirt_hem,
        "thigh_band": int(look.thigh_band is not None),
        "view": "back" if back else "front",
        "yaw_deg": camera.yaw_deg - (180.0 if back else 0.0),
        "camera_roll_deg": camera.roll_deg,
        "camera_above_pelvis_m": camera.height_m - ground_m - PELVIS_SHARE * body.height_m,
        "distance_m": camera.distance_m,
        "width_px": camera.width_px,
        "height_px": camera.height_px,
    }


def _step(pose: StandingPose, footing: Footing) -> Props:
    """Return the step under the stance foot, its edge just outside the free foot."""
    if footing.ground_m == 0.0:
        return Props()
    toward_free = 1.0 if pose.stance == "R" else -1.0
    edge = footing.half_spread_m + 0.06
    return Props(step_edges_x_m=(toward_free * edge, toward_free * (edge - 0.5)))


@dataclass(frozen=True)
class Actions:
    """Where poses come from: a name for the table, and a draw."""

    name: str
    draw: Callable[[np.random.Generator], tuple[StandingPose, Footing]]


def exercises(body: Body, rng: np.random.Generator) -> Actions:
    """Return one kind of exercise, every angle drawn by itself."""
    family: Family = draw_family(rng)
    return Actions(family.name, lambda rng: draw_standing(rng, family))


def recorded(body: Body, rng: np.random.Generator) -> Actions:
    """Return the motion of real people, a drop or hike added to half of it."""
    movement = str(rng.choice(sorted({row.movement for row in load_recorded()})))
    rows = [row for row in load_recorded() if row.movement == movement]

    def draw(rng: np.random.Generator) -> tuple[StandingPose, Footing]:
        row = rows[int(rng.integers(len(rows)))]
        pose, footing = (row.mirrored() if rng.random() < 0.5 else row).fitted(body)
        added = draw_drop(rng) if rng.random() < 0.5 else 0.0
        pose = replace(pose, pelvic_drop_deg=pose.pelvic_drop_deg + added, arms=draw_arms(rng))
        return pose, replace(footing, sole_m=SOLE_M)

    return Actions(movement, draw)


def from_quiet(body: Body, rng: np.random.Generator) -> Actions:
    """Return an exercise that begins with quiet standing, as a set before the camera does."""
    family = draw_family(rng)
    on_step = float(rng.random() < family.on_step)
    family = replace(family, on_step=on_step)
    quiet = draw_standing(rng, replace(FAMILIES[0], on_step=on_step))
    waiting = [quiet, quiet]  # the first one only says where the camera stands

    def draw(rng: np.random.Generator) -> tuple[StandingPose, Footing]:
        return waiting.pop() if waiting else draw_standing(rng, family)

    return Actions(family.name, draw)


def leaning(body: Body, rng: np.random.Generator) -> Actions:
    """Return people who lean with the whole body, pelvis and trunk together."""
    return Actions("whole-body lean", draw_leaning)


def planted(body: Body, rng: np.random.Generator) -> Actions:
    """Return people with both feet on the ground, wide apart or one before the other."""
    family = WIDE if rng.random() < WIDE.share else TANDEM

    def draw(rng: np.random.Generator) -> tuple[StandingPose, Footing]:
        while True:
            pose, footing = draw_planted(rng, family)
            if pose.lift > 0.0 or reaches(body, pose, footing):
                return pose, footing

    return Actions(family.name, draw)


@dataclass(frozen=True)
class Drawing:
    """How people are dressed, where they stand, how that is lit and filmed.

    What it draws by chance comes from the seed of the picture, never from the draw of poses: one
    seed shows the same poses in every drawing.
    """

    look: Callable[[int, Sex], Look]
    dressed: Callable[[Body, Look, int], Actor]
    room: Callable[[int, Props, float], list[Trimesh]]
    renderer: type[Renderer]
    filmed: Callable[[Frame, np.random.Generator, np.random.Generator], Frame]
    camera: Callable[[np.random.Generator, Body, float], Camera] = draw_camera


USUAL = Drawing(
    draw_look,
    lambda body, look, seed: Actor(body, paint(body, look)),
    room,
    Renderer,
    lambda image, rng, grain: image,
)


def _before_one_camera(
    body: Body, look: Look, actions: Actions, rng: np.random.Generator, drawing: Drawing
) -> Iterator[Photograph]:
    """Yield poses of one kind, in one dress, room and light."""
    pose, footing = actions.draw(rng)
    camera = drawing.camera(rng, body, footing.ground_m)
    place = int(rng.integers(1 << 30))
    turn = 180.0 if abs(camera.yaw_deg) > 90.0 else 0.0
    scene = drawing.room(place, _step(pose, footing), turn)
    renderer, actor = drawing.renderer(scene, camera, place), drawing.dressed(body, look, place)
    own = np.random.default_rng([place, 109])
    known = described(body, look, camera, footing.ground_m) | {"family": actions.name}
    for _ in range(POSES_PER_CAMERA):
        pose, posed = _posed_like(body, actions, (pose.stance, footing.ground_m), rng)
        renderer.focus([actor.surface(posed)])
        image = blemished(drawing.filmed(renderer.draw(actor.mesh(posed)), own, own), rng)
        yield Photograph(image, known | measured(posed, pose, camera))


def _posed_like(
    body: Body, actions: Actions, place: tuple[str, float], rng: np.random.Generator
) -> tuple[StandingPose, Posed]:
    """Draw poses until one fits what stands in the room, with both feet above the floor."""
    while True:
        pose, footing = actions.draw(rng)
        # The step stays where it is, and with it the side of the stance leg.
        if footing.ground_m != place[1] or (footing.ground_m > 0.0 and pose.stance != place[0]):
            continue
        posed = stand(body, pose, footing)
        if posed.joint(f"foot.{OTHER[pose.stance]}")[2] > LOWEST_ANKLE_M:
            return pose, posed


def photographs(
    seed: int,
    choose: Callable[[Body, np.random.Generator], Actions] = exercises,
    people: range = STANDING,
    drawing: Drawing = USUAL,
) -> Iterator[Photograph]:
    """Yield all pictures of the body with this number among the people of a set."""
    seed = people[seed]
    body, rng = build(draw_body(seed)), np.random.default_rng([seed, 107])
    for setup in range(CAMERAS_PER_BODY):
        look = drawing.look(seed * CAMERAS_PER_BODY + setup, body.spec.sex)
        yield from _before_one_camera(body, look, choose(body, rng), rng, drawing)
