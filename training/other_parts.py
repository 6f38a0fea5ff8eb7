"""What the other look is made of: meshes with a material, lamps, a sky; plain data, no renderer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import trimesh
from numpy.typing import NDArray

from training.rotations import UP, Array, about

Colour = tuple[float, float, float]
Faces = NDArray[np.int64]
WHITE: Colour = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Material:
    """How a surface looks; colours as the eye sees them, lengths in metres.

    `pattern` mixes `colour` and `second`; `size_m` is the width of one repeat. `turned` lays the
    pattern on a wall instead of the floor. `mottle` is the contrast of slow blotches, `bump` the
    strength of fine relief of width `grain_m`.
    """

    colour: Colour
    second: Colour = (0.1, 0.1, 0.1)
    pattern: str = "plain"
    size_m: float = 0.05
    turned: bool = False
    roughness: float = 0.8
    mottle: float = 0.15
    bump: float = 0.2
    grain_m: float = 0.01
    sheen: float = 0.0
    subsurface_m: float = 0.0
    glow: float = 0.0


@dataclass(frozen=True)
class Part:
    """Triangles with one material; `rest` (V, 3) carries the pattern, `tint` (V, 3) multiplies it.

    `rounded`: the triangles are coarse and stand for a smooth surface.
    """

    vertices: Array
    faces: Faces
    material: Material
    rest: Array
    tint: Array
    smooth: bool = True
    rounded: bool = False

    def moved(self, rotation: Array, shift: Array) -> Part:
        """Return the same part somewhere else, its pattern going with it."""
        return replace(self, vertices=self.vertices @ rotation.T + shift)


@dataclass(frozen=True)
class Lamp:
    """A light that shines from `place` at `target`; a sun, or a square of side `size_m`."""

    kind: str
    place: Array
    target: Array
    strength: float
    size_m: float = 0.3
    colour: Colour = WHITE


@dataclass(frozen=True)
class Place:
    """A room or a garden: what stands in it, its lamps and its sky.

    `sun_deg` is elevation and bearing of a real sky's sun; None = the flat `sky` colour.
    """

    parts: list[Part]
    lamps: list[Lamp]
    sky: Colour = (0.05, 0.05, 0.05)
    sky_strength: float = 1.0
    sun_deg: tuple[float, float] | None = None


def part(
    vertices: Array,
    faces: Faces,
    material: Material,
    tint: Array | None = None,
    smooth: bool = True,
) -> Part:
    """Part whose pattern lies where its vertices are now."""
    shade = np.ones_like(vertices) if tint is None else tint
    return Part(vertices, np.asarray(faces, np.int64), material, vertices.copy(), shade, smooth)


def solid(mesh: trimesh.Trimesh, material: Material, smooth: bool = False) -> Part:
    """Part made of a ready shape."""
    return part(np.asarray(mesh.vertices, float), np.asarray(mesh.faces), material, smooth=smooth)


def block(low: Sequence[float], high: Sequence[float], material: Material) -> Part:
    """Box between two corners."""
    mesh = trimesh.creation.box(extents=np.subtract(high, low))
    mesh.apply_translation(np.add(low, high) / 2.0)
    return solid(mesh, material)


def rod(start: Sequence[float], end: Sequence[float], radius: float, material: Material) -> Part:
    """Round bar between two points."""
    mesh = trimesh.creation.cylinder(radius=radius, segment=np.array([start, end]), sections=14)
    return solid(mesh, material, smooth=False)


def ball(
    centre: Sequence[float], radii: Sequence[float], material: Material, detail: int = 3
) -> Part:
    """Ellipsoid."""
    mesh = trimesh.creation.icosphere(subdivisions=detail)
    mesh.apply_transform(np.diag([*radii, 1.0]))
    mesh.apply_translation(np.asarray(centre, float))
    return solid(mesh, material, smooth=True)


def lumpy(shape: Part, rng: np.random.Generator, depth_m: float, width_m: float) -> Part:
    """Return the shape with lumps `depth_m` deep and about `width_m` wide."""
    lumps = noise(shape.vertices, rng, width_m)
    away = shape.vertices - shape.vertices.mean(axis=0)
    away = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9)
    return replace(shape, vertices=shape.vertices + depth_m * lumps[:, None] * away)


def noise(points: Array, rng: np.random.Generator, width_m: float, waves: int = 7) -> Array:
    """Smooth noise (V,) of unit size over points, about `width_m` from hill to hill."""
    way = rng.normal(0.0, np.pi / width_m, (waves, 3))
    phase = rng.uniform(0.0, 2.0 * np.pi, waves)
    return np.sin(points @ way.T + phase).sum(axis=1) * np.sqrt(2.0 / waves)


def turned(parts: Sequence[Part], degrees: float) -> list[Part]:
    """Return the parts turned about the vertical through the subject."""
    return [one.moved(about(UP, degrees), np.zeros(3)) for one in parts]
