"""Draws parts, lamps and a sky with Cycles, Blender's path tracer, on the CPU.

Needs Blender as a module (``pip install bpy``), which is imported on first use.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.other_parts import Lamp, Part, Place
from training.other_shading import linear, material
from training.rotations import Array
from training.scene import Camera

Frame = NDArray[np.uint8]
#: Left, top, right, bottom in pixels.
Box = tuple[int, int, int, int]
#: Rays per pixel for a person and for the empty place; the denoiser does the rest.
SAMPLES, EMPTY_SAMPLES = 7, 5
BOUNCES = 2
#: Around a person, this many pixels more are drawn anew, the outermost mixed with the empty place.
MARGIN_PX, FEATHER_PX = 26, 14


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Blender's own chatter off the screen."""
    kept = [(number, os.dup(number)) for number in (1, 2)]
    with Path(os.devnull).open("wb") as nowhere:
        for number, _ in kept:
            os.dup2(nowhere.fileno(), number)
        try:
            yield
        finally:
            for number, saved in kept:
                os.dup2(saved, number)
                os.close(saved)


def _fresh() -> Any:
    """Return an empty scene, all else forgotten."""
    # Blender says, to no harm, that its sound module wants an older NumPy.
    with _quiet():
        import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_mode = "RGB"
    scene.view_settings.view_transform = "Standard"
    cycles = scene.cycles
    cycles.device, cycles.samples = "CPU", EMPTY_SAMPLES
    cycles.use_adaptive_sampling, cycles.use_denoising = False, True
    cycles.denoising_quality = cycles.denoising_prefilter = "FAST"
    cycles.max_bounces = cycles.diffuse_bounces = BOUNCES
    cycles.glossy_bounces = 1
    cycles.use_light_tree = False
    cycles.sample_clamp_indirect = 4.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    return scene


def _add(scene: Any, data: Any) -> Any:
    """Put a thing into the scene."""
    import bpy

    thing = bpy.data.objects.new(data.name, data)
    scene.collection.objects.link(thing)
    return thing


def _mesh(one: Part) -> Any:
    """Blender's mesh of a part, with its pattern's place and tint."""
    import bpy

    mesh = bpy.data.meshes.new("part")
    mesh.from_pydata(one.vertices.tolist(), [], one.faces.tolist())
    for name, values in (("rest", one.rest), ("tint", linear(one.tint))):
        column = mesh.attributes.new(name, "FLOAT_VECTOR", "POINT")
        column.data.foreach_set("vector", np.ascontiguousarray(values, np.float32).ravel())
    mesh.polygons.foreach_set("use_smooth", np.full(len(mesh.polygons), one.smooth))
    mesh.materials.append(material(one.material))
    return mesh


def _rounded(thing: Any) -> None:
    """Draw a coarse cloth or skin as the smooth surface it stands for."""
    step = thing.modifiers.new("round", "SUBSURF")
    step.levels = step.render_levels = 1


def _lit(scene: Any, lamp: Lamp) -> None:
    """Add a lamp."""
    import bpy
    from mathutils import Vector

    data = bpy.data.lights.new("lamp", lamp.kind)
    data.energy, data.color = lamp.strength, tuple(linear(np.asarray(lamp.colour)))
    if lamp.kind == "AREA":
        data.size = lamp.size_m
    elif lamp.kind == "SUN":
        data.angle = 0.01
    else:
        data.shadow_soft_size = lamp.size_m / 2.0
    thing = _add(scene, data)
    thing.location = tuple(lamp.place)
    way = Vector(tuple(np.asarray(lamp.target) - np.asarray(lamp.place)))
    thing.rotation_euler = way.to_track_quat("-Z", "Y").to_euler()


def _sky(scene: Any, place: Place) -> None:
    """Fill what lies behind everything: a flat colour or a real sky."""
    import bpy

    world = bpy.data.worlds.new("sky")
    scene.world, world.use_nodes = world, True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    ground = nodes["Background"]
    ground.inputs["Strength"].default_value = place.sky_strength
    ground.inputs["Color"].default_value = (*linear(np.asarray(place.sky)), 1.0)
    if place.sun_deg is not None:
        sky = nodes.new("ShaderNodeTexSky")
        sky.sky_type = "NISHITA"
        sky.sun_elevation, sky.sun_rotation = np.radians(place.sun_deg)
        sky.sun_disc = False
        links.new(sky.outputs["Color"], ground.inputs["Color"])


def _seen_from(scene: Any, camera: Camera) -> None:
    """Set lens, place and size of the picture."""
    import bpy
    from mathutils import Matrix

    data = bpy.data.cameras.new("camera")
    data.sensor_fit, data.angle = "HORIZONTAL", float(np.radians(camera.horizontal_fov_deg))
    data.clip_start = 0.05
    thing = _add(scene, data)
    thing.matrix_world = Matrix(camera.pose.tolist())
    scene.camera = thing
    scene.render.resolution_x, scene.render.resolution_y = camera.width_px, camera.height_px


def _shot(scene: Any) -> Array:
    """Return linear light (H, W, 3) of the scene."""
    import bpy

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shot.exr"
        scene.render.filepath = str(path)
        with _quiet():
            bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(str(path))
        image.colorspace_settings.name = "Non-Color"
        width, height = image.size
        flat = np.empty(width * height * 4, np.float32)
        image.pixels.foreach_get(flat)
        bpy.data.images.remove(image)
    return flat.reshape(height, width, 4)[::-1, :, :3].astype(np.float64)


def exposed(light: Array, bright: float) -> Frame:
    """Develop linear light as a webcam's automatic exposure does; `bright` is about 1."""
    level = light.mean(axis=2)
    metered = 0.6 * np.exp(np.log(np.maximum(level, 1e-4)).mean()) + 0.4 * np.percentile(level, 75)
    scaled = light * (0.20 * bright / max(float(metered), 1e-6))
    # A shoulder keeps highlights, as a film or a camera's curve does.
    curved = np.clip(
        scaled * (2.51 * scaled + 0.03) / (scaled * (2.43 * scaled + 0.59) + 0.14), 0, 1
    )
    return np.asarray(255.0 * curved ** (1.0 / 2.2) + 0.5, np.float64).clip(0, 255).astype(np.uint8)


def feathered(box: Box, size: tuple[int, int]) -> Array:
    """Weight (h, w, 1) of a window of the picture: 1 inside, falling to 0 at edges that show."""
    ramps = []
    for low, high, end in ((box[1], box[3], size[1]), (box[0], box[2], size[0])):
        place = np.arange(high - low) + 0.5
        ramp = np.ones(high - low)
        if low > 0:
            ramp = np.minimum(ramp, place / FEATHER_PX)
        if high < end:
            ramp = np.minimum(ramp, place[::-1] / FEATHER_PX)
        ramps.append(ramp)
    return np.minimum(ramps[0][:, None], ramps[1])[:, :, None]


class Studio:
    """A place with a camera, ready to draw people in it.

    The empty place is drawn once; a person is drawn with the part of the picture around them.
    """

    def __init__(self, place: Place, camera: Camera, bright: float = 1.0) -> None:
        self._scene, self._bright, self._camera = _fresh(), bright, camera
        for one in place.parts:
            _add(self._scene, _mesh(one))
        for lamp in place.lamps:
            _lit(self._scene, lamp)
        _sky(self._scene, place)
        _seen_from(self._scene, camera)
        self._suns = [lamp for lamp in place.lamps if lamp.kind == "SUN"]
        self._empty = _shot(self._scene)
        self._scene.cycles.samples = SAMPLES

    def _window(self, person: Sequence[Part]) -> Box:
        """Return the box of pixels which the person or their shadow in the sun can touch."""
        points = np.concatenate([one.vertices for one in person])
        cast = [points]
        for sun in self._suns:
            way = sun.place - sun.target
            cast.append(points - way * (points[:, 2:] / way[2]))
        seen = self._camera.project(np.concatenate([c[self._in_front(c)] for c in cast]))
        size = np.array([self._camera.width_px, self._camera.height_px])
        low = np.clip(np.floor(seen.min(axis=0)) - MARGIN_PX, 0, size - 2).astype(int)
        high = np.clip(np.ceil(seen.max(axis=0)) + MARGIN_PX, low + 2, size).astype(int)
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])

    def _in_front(self, points: Array) -> NDArray[np.bool_]:
        """Points well in front of the camera."""
        pose = self._camera.pose
        return np.asarray((points - pose[:3, 3]) @ pose[:3, 2] < -0.3)

    def _cropped(self, box: Box) -> None:
        """Draw only a window of the picture from now on."""
        render, (left, top, right, bottom) = self._scene.render, box
        width, height = self._camera.width_px, self._camera.height_px
        render.use_border = render.use_crop_to_border = True
        # Blender cuts shares of the picture to whole pixels: a little more than the whole is safe.
        render.border_min_x, render.border_max_x = (left + 0.1) / width, (right + 0.1) / width
        low, high = height - bottom + 0.1, height - top + 0.1
        render.border_min_y, render.border_max_y = low / height, high / height

    def draw(self, person: Sequence[Part]) -> Frame:
        """Frame (H, W, 3) uint8 RGB with the person in the place."""
        import bpy

        things = [_add(self._scene, _mesh(one)) for one in person]
        for thing, one in zip(things, person, strict=True):
            if one.rounded:
                _rounded(thing)
        box = self._window(person)
        self._cropped(box)
        light, shot = self._empty.copy(), _shot(self._scene)
        share = feathered(box, (self._camera.width_px, self._camera.height_px))
        view = light[box[1] : box[3], box[0] : box[2]]
        view += share * (shot[: view.shape[0], : view.shape[1]] - view)
        for thing in things:
            bpy.data.meshes.remove(thing.data)
        return exposed(light, self._bright)
