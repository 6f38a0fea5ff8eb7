"""A person of the other look in a pose: skin, hair, shoes and clothes that hang, as parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import trimesh
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from training.appearance import Look, paint, shoe
from training.bodies import Body, texture_mask
from training.other_cloth import Cloth, Obstacle, hang
from training.other_cuts import ARMS, Cut, Places, region
from training.other_parts import Material, Part, ball, lumpy, noise, part
from training.other_wardrobe import Outfit, covered, cut_bottom, cut_top, cut_under, dyed
from training.renderer import vertex_normals
from training.rotations import Array
from training.skeleton import Posed

#: Cloth lies this far from the skin, and each layer so much further from the one below.
GAP_M, LAYER_M = 0.005, 0.006
#: Within this distance a hand presses cloth onto the body.
PRESSED_M = 0.045
HANDS = ("wrist", "finger", "metacarpal")


class Person:
    """A dressed body, ready to be posed."""

    def __init__(self, body: Body, outfit: Outfit) -> None:
        self.body, self.outfit, self._places = body, outfit, Places(body)
        self._arms, self._hands = self._places.on(ARMS), self._places.on(HANDS)
        hidden = covered(body, self._places, outfit)
        self._faces = body.faces[~hidden[body.faces].all(axis=1)]
        self._layers = self._cuts()
        self._tint = self._face_paint()
        self._rigid = [("head", one) for one in _hair(body, self._places, outfit)]
        for side in "LR":
            self._rigid += [(f"foot.{side}", one) for one in _shoe(body, side, outfit)]

    def _cuts(self) -> list[tuple[Cut, Material]]:
        """Garments from the inside out."""
        outfit, places = self.outfit, self._places
        layers = [(cut_bottom(places, outfit), outfit.bottom_cloth)]
        if outfit.top == "open jacket":
            layers.append((cut_under(places), outfit.under_cloth))
        return [*layers, (cut_top(places, outfit), outfit.top_cloth)]

    def _face_paint(self) -> Array:
        """Colour (V, 3) of the skin: eyes, lips and brows from the other painter, no clothes."""
        outfit = self.outfit
        look = Look(outfit.skin, outfit.hair, "shorts", outfit.skin, "none", outfit.skin, outfit.sole, False)  # fmt: skip
        painted = paint(self.body, look)
        head = self._places.on(("head", "eye"))
        if outfit.hair_style == "bald":
            head &= painted.offset_m == 0.0
        return np.where(head[:, None], painted.colour, np.asarray(outfit.skin))

    def _start(self, cut: Cut, posed: Posed) -> Array:
        """Place (V, 3) of a garment carried by the skin, before it falls."""
        body = self.body
        index, weight = body.bone_index[cut.carrier], body.bone_weight[cut.carrier]
        turn = np.einsum("vk,vkij->vij", weight, posed.rotations[index])
        away = cut.cloth.rest - body.vertices[cut.carrier]
        return posed.skin[cut.carrier] + np.einsum("vij,vj->vi", turn, away)

    def _draped(self, cut: Cut, posed: Posed, walls: tuple[Obstacle, Obstacle], limits_m: tuple[float, float]) -> Array:  # fmt: skip
        """Vertices of a garment at rest on the body, hands pressing it; limits are gap and floor."""
        points = hang(cut.cloth, self._start(cut, posed), *walls, *limits_m)
        normals = vertex_normals(posed.skin, self.body.faces)
        distance, _ = cKDTree(posed.skin[self._hands]).query(points)
        pressed = np.clip(1.5 - 1.5 * distance / PRESSED_M, 0.0, 1.0) * ~cut.cloth.on_arm
        bare = np.flatnonzero(~self._arms)
        _, near = cKDTree(posed.skin[bare]).query(points)
        on_skin = posed.skin[bare[near]] + (GAP_M - 0.001) * normals[bare[near]]
        return points + pressed[:, None] * (on_skin - points)

    def _clothes(self, posed: Posed, floor_m: float) -> list[Part]:
        """Garments, each hanging over those below it."""
        normals = vertex_normals(posed.skin, self.body.faces)
        trunk = Obstacle(posed.skin[~self._arms], normals[~self._arms])
        arms = Obstacle(posed.skin[self._arms], normals[self._arms])
        parts = []
        for layer, (cut, cloth) in enumerate(self._layers):
            gap_m = GAP_M + layer * LAYER_M
            points = self._draped(cut, posed, (trunk, arms), (gap_m, floor_m))
            outside = vertex_normals(points, cut.cloth.faces)
            own = cut.cloth.on_arm
            trunk = trunk.joined(Obstacle(points[~own], outside[~own]))
            arms = arms.joined(Obstacle(points[own], outside[own]))
            parts.append(_garment(cut.cloth, points, outside, cloth))
        return parts

    def parts(self, posed: Posed, floor_m: float) -> list[Part]:
        """Everything of the person in a pose, above the ground at `floor_m`."""
        flesh = Material((1.0, 1.0, 1.0), pattern="skin", roughness=0.48, mottle=0.12, bump=0.12, grain_m=0.003, subsurface_m=0.006)  # fmt: skip
        skin = Part(posed.skin, self._faces, flesh, self.body.vertices, self._tint)
        rigid = []
        for bone, one in self._rigid:
            k = self.body.bone_names.index(bone)
            turn = posed.rotations[k]
            rigid.append(one.moved(turn, posed.joints[k] - turn @ self.body.heads[k]))
        return [skin, *rigid, *self._clothes(posed, floor_m)]


def _garment(cloth: Cloth, points: Array, outside: Array, material: Material) -> Part:
    """Part with small creases and darker rims, as seams have."""
    rng = np.random.default_rng(len(points))
    crease = np.abs(noise(cloth.rest * [1.0, 1.0, 0.6], rng, 0.06)) * (1.0 - cloth.held)
    tint = np.where(cloth.held[:, None] > 0.5, 0.78, 1.0) * np.ones((1, 3))
    moved = points + 0.0025 * crease[:, None] * outside
    return Part(moved, cloth.faces, material, cloth.rest, tint, rounded=True)


def _hairline(body: Body, places: Places, style: str) -> NDArray[np.bool_]:
    """Skin vertices (V,) under the hair."""
    eye, crown = body.head("eye.L"), body.vertices[:, 2].max()
    y, z = body.vertices[:, 1], body.vertices[:, 2]
    behind = np.clip((y - eye[1]) / 0.15, 0.0, 1.0)
    lowest = eye[2] + 0.6 * (crown - eye[2]) - behind * (0.22 if style == "long" else 0.15)
    row, column = _texels(body, mask := texture_mask("ears"))
    return places.on(("head", "neck")) & (z > lowest) & ~(mask[row, column] > 0.5)


def _texels(body: Body, mask: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and column of a texture at each vertex."""
    height, width = mask.shape
    column = np.clip((body.uv[:, 0] * width).astype(np.int64), 0, width - 1)
    return np.clip(((1.0 - body.uv[:, 1]) * height).astype(np.int64), 0, height - 1), column


def _hair(body: Body, places: Places, outfit: Outfit) -> list[Part]:
    """Hair as meshes of its own: a cap, and a bun, a ponytail or a mane behind."""
    if outfit.hair_style == "bald":
        return []
    rng = np.random.default_rng([body.spec.seed, 223])
    strands = Material(outfit.hair, dyed(Material(outfit.hair), 0.45).colour, "strands", 0.006, roughness=0.4, bump=0.8, grain_m=0.004)  # fmt: skip
    thick = {"short": 0.012, "bun": 0.009, "ponytail": 0.009, "long": 0.02, "curly": 0.028}
    deep, rough = thick[outfit.hair_style], 0.35 if outfit.hair_style == "curly" else 0.12
    off = deep * (1.0 + rough * noise(body.vertices, rng, 0.025))
    cap = region(places, _hairline(body, places, outfit.hair_style), off).cloth
    parts = [part(cap.rest, cap.faces, strands)]
    head = body.head("head") + np.array([0.0, 0.0, 0.1])
    radii = {
        "bun": ((0.0, 0.115, 0.06), (0.04, 0.04, 0.04)),
        "ponytail": ((0.0, 0.12, -0.05), (0.03, 0.028, 0.13)),
        "long": ((0.0, 0.075, -0.1), (0.085, 0.045, 0.17)),
    }.get(outfit.hair_style)
    if radii is not None:
        parts.append(lumpy(ball(head + np.array(radii[0]), radii[1], strands), rng, 0.006, 0.05))
    return parts


def _shoe(body: Body, side: str, outfit: Outfit) -> list[Part]:
    """Shoe with a sole that stands out."""
    upper = shoe(body, side)
    mesh = trimesh.Trimesh(upper.vertices, upper.faces).subdivide()
    low = float(mesh.vertices[:, 2].min())
    cloth = Material(outfit.shoe, outfit.sole, "stripes", 0.07, roughness=0.6, bump=0.3)
    rim = mesh.vertices[mesh.vertices[:, 2] < low + 0.035]
    middle = rim.mean(axis=0)
    wide = np.concatenate([np.column_stack([middle[:2] + 1.04 * (rim[:, :2] - middle[:2]), np.full(len(rim), z)]) for z in (low, low + 0.024)])  # fmt: skip
    sole = trimesh.convex.convex_hull(wide)
    rubber = replace(cloth, colour=outfit.sole, pattern="plain", roughness=0.7)
    return [
        part(np.asarray(mesh.vertices, float), np.asarray(mesh.faces), cloth),
        part(np.asarray(sole.vertices, float), np.asarray(sole.faces), rubber, smooth=False),
    ]
