"""The same people drawn oddly: printed, baggy and skirted; flat, low, back and coloured light.

Every picture has a twin in the usual sets: the same body in the same pose before the same camera,
with other clothes, colours, room, light and film. What the pose models see differently in the two
is owed to the drawing alone, and no model of the pelvis ought to listen to it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyrender
import trimesh
from numpy.typing import NDArray

from training.appearance import Look, Paint, down_the_leg, paint, up_the_trunk
from training.bodies import Body, Sex
from training.props import Props
from training.renderer import Actor, Renderer, light_pose, primitive, vertex_normals
from training.rotations import LEFT, UP, Array, about
from training.scene import box, room, sheet
from training.skeleton import Posed
from training.standing_set import Drawing
from training.wardrobe import draw_look, triple

#: Seeds of looks, away from those of the usual drawing of the same bodies.
LOOKS_FROM = 1_000_000
#: How far cloth stands off about the hips, and how much of that it sinks.
SLACK_M, SAG = (0.0, 0.045), 0.6
#: Where it does: from three quarters of the thigh and shank below the hip joint to the waist.
BELOW, ABOVE_M, ASIDE_M, SPREAD_M = 0.75, 0.35, 0.33, 0.22
FOLD_M = 0.006
#: Skin has no thickness, socks and leggings 3 mm.
CLOTH_M = 0.0025
#: A skirt or an open shirt hangs from the waist, in trunk lengths, to here, in thigh lengths.
WAIST, SKIRT_ENDS, SKIRTED = 0.2, (0.1, 0.9), 0.25
PRINTED, DARK, LIKE_SKIN, ODD_SKIN, ODD_HAIR = 0.6, 0.2, 0.1, 0.3, 0.4


def odd_look(seed: int, sex: Sex) -> Look:
    """Draw clothes as always, then darken, bleach or redden what the usual set keeps apart."""
    look, rng = draw_look(LOOKS_FROM + seed, sex), np.random.default_rng([seed, 907])
    if rng.random() < DARK:
        dark = triple(rng.uniform(0.01, 0.08, 3))
        look = replace(look, top_colour=dark, bottom_colour=dark)
    elif rng.random() < LIKE_SKIN:
        look = replace(look, bottom_colour=triple(np.asarray(look.skin) * rng.uniform(0.8, 1.2)))
    if rng.random() < ODD_SKIN:
        tinted = np.clip(np.asarray(look.skin) * rng.uniform(0.75, 1.25, 3), 0.03, 0.98)
        look = replace(look, skin=triple(tinted))
    if rng.random() < ODD_HAIR:
        look = replace(look, hair=triple(rng.uniform(0.02, 0.9, 3)))
    return look


def _print(place: Array, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Where (V,) a print is: level or upright stripes, checks, slanted stripes or blots."""
    x, z, waves_per_m = place[:, 0], place[:, 2], rng.uniform(30, 160)
    kind = int(rng.integers(5))
    if kind < 2:
        return np.asarray(np.sin((x, z)[kind] * waves_per_m) > rng.uniform(-0.5, 0.9))
    if kind == 2:
        return np.asarray(np.sin(z * waves_per_m) * np.sin(x * waves_per_m) > 0.0)
    if kind == 3:
        turn = rng.uniform(0.0, np.pi)
        return np.asarray(np.sin((z * np.cos(turn) + x * np.sin(turn)) * waves_per_m) > 0.3)
    bent = place @ rng.normal(0, 40, 3) + 2 * np.sin(place @ rng.normal(0, 60, 3))
    return np.asarray(np.sin(bent) > rng.uniform(0.0, 0.8))


def printed(body: Body, look: Look, rng: np.random.Generator) -> Paint:
    """Return clothes, most with a print of another colour on either garment."""
    plain = paint(body, look)
    colour = plain.colour.copy()
    for cloth in (look.bottom_colour, look.top_colour):
        away = np.abs(plain.colour / np.maximum(np.array(cloth), 1e-3) - 1.0).max(axis=1)
        other, drawn = rng.uniform(0.02, 0.97, 3), _print(body.vertices, rng)
        if rng.random() < PRINTED:
            colour[(away < 0.25) & (plain.offset_m > 0.0) & drawn] = other
    return Paint(colour, plain.offset_m, plain.shoe_colour)


class OddActor(Actor):
    """Somebody whose clothes stand off about the hips, in folds, and sink; or who wears a skirt."""

    def __init__(self, body: Body, look: Look, seed: int) -> None:
        rng = np.random.default_rng([seed, 913])
        super().__init__(body, printed(body, look, rng))
        place, thick = body.vertices, self.paint.offset_m
        hip = body.head("upperleg01.L")[2]
        above = place[:, 2] - hip
        worn = (thick >= CLOTH_M) & (above > -BELOW * hip) & (above < ABOVE_M)
        worn &= np.abs(place[:, 0]) < ASIDE_M
        slack = rng.uniform(*SLACK_M) * np.exp(-(((above + 0.05) / SPREAD_M) ** 2))
        folds = sum(np.sin(place @ rng.normal(0, fineness, 3)) for fineness in (45, 70))
        self._off = thick + worn * np.maximum(slack + FOLD_M * rng.random() * folds, 0.0)
        self._sunk = worn * slack * SAG
        leg, trunk = down_the_leg(body), up_the_trunk(body)
        hem = rng.uniform(*SKIRT_ENDS)
        self._hung = (leg < hem) & (trunk < WAIST) & (np.abs(place[:, 0]) < ASIDE_M)
        worn_skirt, colour = rng.random() < SKIRTED, rng.uniform(0.02, 0.97, 3)
        self._skirt = colour if worn_skirt else None

    def surface(self, posed: Posed) -> Array:
        """Outside (V, 3) of skin and clothes."""
        normals = vertex_normals(posed.skin, self.body.faces)
        outside = posed.skin + normals * self._off[:, None]
        outside[:, 2] -= self._sunk
        return np.asarray(outside)

    def mesh(self, posed: Posed) -> pyrender.Mesh:
        """Everything that is drawn of the person."""
        plain = super().mesh(posed)
        if self._skirt is None:
            return plain
        # Cloth that spans both thighs shows neither of them nor the hips.
        hull = trimesh.convex.convex_hull(self.surface(posed)[self._hung])
        colour = np.tile(self._skirt, (len(hull.vertices), 1))
        skirt = primitive(np.asarray(hull.vertices), np.asarray(hull.faces), colour)
        return pyrender.Mesh([*plain.primitives, skirt])


def _tinted(rng: np.random.Generator, most: float) -> Array:
    """Colour (3,) of light, its strongest part 1."""
    colour = 1.0 - rng.uniform(0.0, most) * rng.random(3)
    return np.asarray(colour / colour.max())


class OddLight(Renderer):
    """A room without shadows, with a low lamp from one side, or with a window behind; coloured."""

    def _add_lights(self, rng: np.random.Generator) -> None:
        kind, colour = rng.integers(4), _tinted(rng, 0.6 if rng.random() < 0.4 else 0.25)
        azimuth, elevation = float(rng.uniform(-45, 45)), float(rng.uniform(50, 80))
        ambient, intensity = rng.uniform(0.2, 0.5), rng.uniform(2.0, 3.5)
        if kind == 0:
            ambient, intensity = rng.uniform(0.8, 1.0), 0.3
        elif kind == 1:
            side = float(rng.choice([-1.0, 1.0]))
            azimuth, elevation = side * float(rng.uniform(60, 100)), float(rng.uniform(15, 40))
            ambient, intensity = rng.uniform(0.06, 0.2), rng.uniform(4.0, 6.0)
        elif kind == 2:
            azimuth, elevation = float(rng.uniform(100, 260)), float(rng.uniform(30, 60))
            ambient, intensity = rng.uniform(0.15, 0.35), rng.uniform(3.0, 4.0)
        self._scene.ambient_light = list(ambient * _tinted(rng, 0.35))
        self._key_pose = light_pose(azimuth, elevation)
        lamp = pyrender.DirectionalLight(color=colour, intensity=intensity)
        self._scene.add(lamp, pose=self._key_pose)


def _poster(rng: np.random.Generator, size: int = 64) -> NDArray[np.uint8]:
    """Picture or curtain with stripes or patches of two colours."""
    first, second = rng.uniform(0.02, 0.98, (2, 3))
    x, y = np.meshgrid(np.arange(size), np.arange(size))
    turn, fineness = rng.uniform(0.0, np.pi), rng.uniform(0.1, 0.8)
    wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * fineness)
    if rng.random() < 0.5:
        wave = wave * np.sin((y * np.cos(turn) - x * np.sin(turn)) * fineness)
    share = (wave > rng.uniform(-0.4, 0.4))[:, :, None]
    return np.asarray(255 * np.where(share, first, second), np.uint8)


def busy_room(seed: int, props: Props, turn_deg: float = 0.0) -> list[trimesh.Trimesh]:
    """Return a room full of things and pictures, some of them right behind the person."""
    rng = np.random.default_rng([seed, 917])
    added = []
    for _ in range(int(rng.integers(4, 22))):
        x, y = rng.uniform(-2.4, 2.4), rng.uniform(0.75, 1.25)
        low = 0.0 if rng.random() < 0.6 else rng.uniform(0.0, 1.8)
        wide, deep, tall = rng.uniform(0.08, 0.7), rng.uniform(0.05, 0.4), rng.uniform(0.1, 1.2)
        corner = (x + wide, y + deep, low + tall)
        added.append(box((x, y, low), corner, rng.uniform(0.02, 0.98, 3)))
    for _ in range(int(rng.integers(0, 5))):
        x, z = rng.uniform(-2.4, 1.5), rng.uniform(0.0, 1.6)
        span = rng.uniform(0.4, 1.6) * LEFT, rng.uniform(0.4, 1.6) * UP
        added.append(sheet(np.array([x, rng.uniform(1.26, 1.29), z]), *span, _poster(rng), 1.0))
    turn = np.eye(4)
    turn[:3, :3] = about(UP, turn_deg)
    for mesh in added:
        mesh.apply_transform(turn)
    return room(seed, props, turn_deg) + added


def filmed(
    image: NDArray[np.uint8], rng: np.random.Generator, fresh: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the picture with the grain, the faded or strong colours and the dark edges of film.

    `fresh` draws the grain, which is new in every picture of a film whose other ways stay.
    """
    seen = image.astype(np.float32)
    grey = seen.mean(axis=2, keepdims=True)
    seen = grey + (seen - grey) * np.float32(rng.uniform(0.0, 1.5))
    height, width = image.shape[:2]
    coarse = int(rng.integers(1, 4))
    grain = fresh.standard_normal((-(-height // coarse), -(-width // coarse), 1), np.float32)
    grain = np.kron(grain, np.ones((coarse, coarse, 1), np.float32))[:height, :width]
    seen += grain * np.float32(abs(rng.normal(0.0, 9.0)))
    away = np.hypot(*np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height)))
    seen *= (1.0 - rng.uniform(0.0, 0.4) * away**2 / 2.0)[:, :, None].astype(np.float32)
    return np.asarray(np.clip(seen, 0.0, 255.0), np.uint8)


ODD = Drawing(odd_look, OddActor, busy_room, OddLight, filmed)
