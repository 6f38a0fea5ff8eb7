"""Draws a dressed body in a room, in software, without a display."""

from __future__ import annotations

import os
from functools import cache

os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
# One core per renderer: several renderers, not several threads, fill a machine.
os.environ.setdefault("LP_NUM_THREADS", "1")

import numpy as np
import pyrender
import trimesh
from numpy.typing import NDArray

from training.appearance import Paint, shoe
from training.bodies import Body
from training.rotations import Array, about
from training.scene import Camera
from training.skeleton import Posed

if not hasattr(np, "infty"):
    # pyrender 0.1.45, its last release, still asks for the name NumPy 2 dropped.
    np.infty = np.inf  # type: ignore[attr-defined]

Frame = NDArray[np.uint8]


def vertex_normals(vertices: Array, faces: NDArray[np.int64]) -> Array:
    """Area-weighted unit normals (V, 3)."""
    corners = vertices[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices)
    for axis in range(3):
        weights = np.repeat(across[:, axis], 3)
        normals[:, axis] = np.bincount(faces.ravel(), weights, minlength=len(vertices))
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)


def _linear(colour: Array) -> Array:
    """Linear light (what the shader wants) of a colour as the eye sees it."""
    return np.clip(colour, 0.0, 1.0) ** 2.2


def primitive(vertices: Array, faces: NDArray[np.int64], colour: Array) -> pyrender.Primitive:
    """Triangles with smooth normals and one colour per vertex."""
    return pyrender.Primitive(
        positions=vertices.astype(np.float32),
        normals=vertex_normals(vertices, faces).astype(np.float32),
        color_0=_linear(colour).astype(np.float32),
        indices=faces.astype(np.uint32),
        material=pyrender.MetallicRoughnessMaterial(metallicFactor=0.0, roughnessFactor=0.85),
        mode=4,
    )


class Actor:
    """A dressed body, ready to be drawn in any pose."""

    def __init__(self, body: Body, paint: Paint) -> None:
        self.body, self.paint = body, paint
        self._shoes = {side: shoe(body, side) for side in ("L", "R")}

    def surface(self, posed: Posed) -> Array:
        """Outside (V, 3) of skin and clothes."""
        skin = posed.skin
        return skin + vertex_normals(skin, self.body.faces) * self.paint.offset_m[:, None]

    def mesh(self, posed: Posed) -> pyrender.Mesh:
        """Everything that is drawn of the person."""
        parts = [primitive(self.surface(posed), self.body.faces, self.paint.colour)]
        for side, rest in self._shoes.items():
            bone = self.body.bone_names.index(f"foot.{side}")
            moved = (rest.vertices - self.body.heads[bone]) @ posed.rotations[bone].T
            colour = np.tile(np.asarray(self.paint.shoe_colour), (len(moved), 1))
            parts.append(primitive(moved + posed.joints[bone], rest.faces, colour))
        return pyrender.Mesh(parts)


def light_pose(azimuth_deg: float, elevation_deg: float) -> Array:
    """Pose (4, 4) of a light that shines on the subject's place."""
    pose = np.eye(4)
    # A light shines along its -z axis.
    tilt = about(np.array([1.0, 0.0, 0.0]), 90.0 - elevation_deg)
    pose[:3, :3] = about(np.array([0.0, 0.0, 1.0]), azimuth_deg) @ tilt
    pose[:3, 3] = 4.0 * pose[:3, 2] + np.array([0.0, 0.0, 0.9])
    return pose


@cache
def _canvas() -> pyrender.OffscreenRenderer:
    """Return the one graphics context of this process: closing a second one breaks the first."""
    return pyrender.OffscreenRenderer(64, 64)


class Renderer:
    """A room with a camera, ready to draw people in it."""

    def __init__(self, room: list[trimesh.Trimesh], camera: Camera, seed: int = 0) -> None:
        rng = np.random.default_rng([seed, 5])
        ambient = rng.uniform(0.28, 0.4)
        self._scene = pyrender.Scene(ambient_light=[ambient] * 3, bg_color=[0.6, 0.6, 0.6])
        for mesh in room:
            self._scene.add(pyrender.Mesh.from_trimesh(mesh, smooth=False))
        self._add_lights(rng)
        self._camera = camera
        self._lens = self._scene.add(self._optics((0, 0)), pose=camera.pose)
        self._canvas = _canvas()
        self._resize(camera.width_px, camera.height_px)
        self._window = (0, 0, camera.width_px, camera.height_px)
        self._background = self._render()

    def _optics(self, corner: tuple[int, int]) -> pyrender.IntrinsicsCamera:
        """Lens for a window of the picture with its upper left at `corner`."""
        centre = self._camera.width_px / 2.0 - corner[0], self._camera.height_px / 2.0 - corner[1]
        return pyrender.IntrinsicsCamera(self._camera.focal_px, self._camera.focal_px, *centre)

    def focus(self, surfaces: list[Array], margin_px: int = 24) -> None:
        """Redraw only the part of the picture which these surfaces or their shadows can touch.

        The rest never changes in a clip, and shading it is most of the work.
        """
        light = self._key_pose[:3, 2]
        points = np.concatenate(surfaces)
        shadow = points - light * (points[:, 2:] / light[2])
        seen = self._camera.project(np.concatenate([points, shadow]))
        size = np.array([self._camera.width_px, self._camera.height_px])
        low = np.clip(np.floor(seen.min(axis=0)) - margin_px, 0, size - 1).astype(int)
        high = np.clip(np.ceil(seen.max(axis=0)) + margin_px, low + 1, size).astype(int)
        self._window = (int(low[0]), int(low[1]), int(high[0]), int(high[1]))
        self._scene.remove_node(self._lens)
        self._lens = self._scene.add(self._optics(self._window[:2]), pose=self._camera.pose)
        self._resize(self._window[2] - self._window[0], self._window[3] - self._window[1])

    def _resize(self, width_px: int, height_px: int) -> None:
        """Set the size of the drawn picture."""
        self._canvas.viewport_width = width_px
        self._canvas.viewport_height = height_px

    def _add_lights(self, rng: np.random.Generator) -> None:
        """One lamp that casts shadows and one that fills them."""
        warm = np.array([1.0, rng.uniform(0.92, 1.0), rng.uniform(0.82, 1.0)])
        key = pyrender.DirectionalLight(color=warm, intensity=rng.uniform(2.2, 3.2))
        self._key_pose = light_pose(rng.uniform(-45, 45), rng.uniform(50, 65))
        self._scene.add(key, pose=self._key_pose)
        fill = pyrender.PointLight(color=np.ones(3), intensity=rng.uniform(6.0, 12.0))
        pose = np.eye(4)
        pose[:3, 3] = rng.uniform([-1.5, -3.5, 1.8], [1.5, -2.5, 2.4])
        self._scene.add(fill, pose=pose)

    def _render(self) -> Frame:
        """Picture of the scene as it is, in the current window."""
        flags = pyrender.RenderFlags.SHADOWS_DIRECTIONAL
        colour, _ = self._canvas.render(self._scene, flags=flags)
        return colour[:, :, :3]

    def draw(self, mesh: pyrender.Mesh) -> Frame:
        """Frame (H, W, 3) uint8 RGB with the body in the room."""
        node = self._scene.add(mesh)
        left, top, right, bottom = self._window
        frame = self._background.copy()
        frame[top:bottom, left:right] = self._render()
        self._scene.remove_node(node)
        return frame
