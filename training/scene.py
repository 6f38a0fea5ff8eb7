"""The room, the step, the mat, the camera: everything but the person."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image

from training.props import MAT_HEIGHT_M, STEP_HEIGHT_M, Corner, Props
from training.rotations import BACK, LEFT, UP, Array, about


@dataclass(frozen=True)
class Camera:
    """A pinhole camera that looks at the subject's place (x = y = 0), level unless rolled.

    `yaw_deg` + = moved towards the subject's left; `pitch_deg` + = looking down.
    """

    width_px: int = 1280
    height_px: int = 720
    horizontal_fov_deg: float = 72.0
    distance_m: float = 2.9
    height_m: float = 1.0
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    aim_x_m: float = 0.0

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.width_px / 2.0 / float(np.tan(np.radians(self.horizontal_fov_deg / 2.0)))

    @property
    def pose(self) -> Array:
        """Camera to world (4, 4): x right, y up, z towards the viewer."""
        rotation = np.stack([LEFT, UP, -BACK], axis=1)
        rotation = rotation @ about(np.array([0.0, 0.0, 1.0]), self.roll_deg)
        rotation = about(UP, self.yaw_deg) @ about(LEFT, -self.pitch_deg) @ rotation
        place = about(UP, self.yaw_deg) @ np.array([0.0, -self.distance_m, 0.0])
        matrix = np.eye(4)
        matrix[:3, :3] = rotation
        matrix[:3, 3] = place + np.array([self.aim_x_m, 0.0, self.height_m])
        return matrix

    def project(self, points: Array) -> Array:
        """World points (N, 3) to pixels (N, 2), y down."""
        pose = self.pose
        seen = (np.atleast_2d(points) - pose[:3, 3]) @ pose[:3, :3]
        scale = self.focal_px / -seen[:, 2]
        centre = np.array([self.width_px / 2.0, self.height_px / 2.0])
        return centre + np.stack([seen[:, 0], -seen[:, 1]], axis=1) * scale[:, None]

    def as_dict(self) -> dict[str, float]:
        """Plain values for a truth file."""
        return {**asdict(self), "focal_px": round(self.focal_px, 3)}


def _planks(rng: np.random.Generator, size: int = 512) -> NDArray[np.uint8]:
    """Wooden floor."""
    base = np.array([0.62, 0.47, 0.33]) * rng.uniform(0.6, 1.25)
    rows = 8
    shade = np.repeat(rng.uniform(0.85, 1.08, rows), size // rows)[:, None]
    grain = np.repeat(rng.normal(1.0, 0.03, (size, size // 64)), 64, axis=1)
    image = base * (shade * grain)[:, :, None]
    image[:: size // rows] *= 0.6
    return (255 * np.clip(image, 0, 1)).astype(np.uint8)


def _plaster(rng: np.random.Generator, size: int = 256) -> NDArray[np.uint8]:
    """Painted wall with slow blotches."""
    base = rng.uniform(0.55, 0.9) * (1.0 + rng.normal(0.0, 0.06, 3))
    coarse = rng.normal(1.0, 0.03, (8, 8))
    blotch = np.asarray(Image.fromarray(coarse.astype(np.float32)).resize((size, size)))
    image = base * (blotch + rng.normal(0.0, 0.008, (size, size)))[:, :, None]
    return (255 * np.clip(image, 0, 1)).astype(np.uint8)


def sheet(
    corner: Array, along: Array, up: Array, texture: NDArray[np.uint8], tiles: float
) -> trimesh.Trimesh:
    """Textured rectangle from `corner` spanned by `along` and `up`."""
    vertices = np.stack([corner, corner + along, corner + along + up, corner + up])
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * tiles
    material = trimesh.visual.material.PBRMaterial(
        baseColorTexture=Image.fromarray(texture), metallicFactor=0.0, roughnessFactor=0.9
    )
    visual = trimesh.visual.TextureVisuals(uv=uv, material=material)
    return trimesh.Trimesh(vertices, [[0, 1, 2], [0, 2, 3]], visual=visual, process=False)


def box(low: Corner, high: Corner, colour: Array) -> trimesh.Trimesh:
    """Box between two corners, one colour."""
    size = np.subtract(high, low)
    mesh = trimesh.creation.box(extents=size)
    mesh.apply_translation(np.add(low, high) / 2.0)
    # Vertex colours are taken as linear light, textures as what the eye sees.
    rgba = np.append(255 * np.clip(colour, 0, 1) ** 2.2, 255).astype(np.uint8)
    mesh.visual = trimesh.visual.ColorVisuals(mesh, face_colors=np.tile(rgba, (12, 1)))
    return mesh


def _furniture(rng: np.random.Generator, wall_y: float) -> list[trimesh.Trimesh]:
    """Cupboards along the wall and pictures on it, clear of the subject's silhouette."""
    items = []
    for side in (-1.0, 1.0):
        near, wide = rng.uniform(1.0, 1.5), rng.uniform(0.5, 1.1)
        ends = sorted((side * near, side * (near + wide)))
        deep, tall = rng.uniform(0.35, 0.6), rng.uniform(0.5, 1.9)
        colour = rng.uniform(0.2, 0.8) * (1.0 + rng.normal(0.0, 0.12, 3))
        items.append(box((ends[0], wall_y - deep, 0.0), (ends[1], wall_y, tall), colour))
    for _ in range(rng.integers(1, 4)):
        x, z = rng.uniform(-2.0, 1.5), rng.uniform(1.3, 1.7)
        wide, tall = rng.uniform(0.3, 0.8), rng.uniform(0.3, 0.6)
        frame = box((x, wall_y - 0.03, z), (x + wide, wall_y, z + tall), rng.uniform(0.1, 0.9, 3))
        items.append(frame)
    return items


def room(seed: int, props: Props, turn_deg: float = 0.0) -> list[trimesh.Trimesh]:
    """Floor, walls, furniture and the exercise's props.

    `turn_deg` turns the room about the vertical through the subject, for a camera behind them.
    """
    rng = np.random.default_rng([seed, 3])
    wall_y, half = rng.uniform(1.3, 2.4), rng.uniform(2.4, 3.2)
    plaster = _plaster(rng)
    meshes = [
        sheet(np.array([-half, -5.0, 0.0]), 2 * half * LEFT, (5 + wall_y) * BACK, _planks(rng), 4),
        sheet(np.array([-half, wall_y, 0.0]), 2 * half * LEFT, 4.5 * UP, plaster, 1),
        sheet(np.array([-half, -5.0, 0.0]), (5 + wall_y) * BACK, 4.5 * UP, plaster, 1),
        sheet(np.array([half, wall_y, 0.0]), -(5 + wall_y) * BACK, 4.5 * UP, plaster, 1),
        box((-half, wall_y - 0.015, 0.0), (half, wall_y, 0.09), np.array([0.85, 0.84, 0.8])),
        *_furniture(rng, wall_y),
    ]
    turn = np.eye(4)
    turn[:3, :3] = about(UP, turn_deg)
    for mesh in meshes:
        mesh.apply_transform(turn)
    return meshes + _props(rng, props)


def _props(rng: np.random.Generator, props: Props) -> list[trimesh.Trimesh]:
    """Step and mat, where there are any."""
    meshes = []
    if props.step_edges_x_m is not None:
        left, right = sorted(props.step_edges_x_m)
        colour = rng.uniform(0.25, 0.6) * (1.0 + rng.normal(0.0, 0.15, 3))
        meshes.append(box((left, -0.24, 0.0), (right, 0.16, STEP_HEIGHT_M), colour))
    for low_corner, high_corner in props.boxes:
        colour = rng.uniform(0.2, 0.55) * (1.0 + rng.normal(0.0, 0.15, 3))
        meshes.append(box(low_corner, high_corner, colour))
    if props.mat:
        colour = np.array([0.2, 0.35, 0.5])[rng.permutation(3)] * rng.uniform(0.8, 1.4)
        meshes.append(box((-1.05, -0.55, 0.0), (1.05, 0.45, MAT_HEIGHT_M), colour))
    return meshes
