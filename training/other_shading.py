"""Blender materials of the other look: procedural patterns, relief, subsurface skin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from training.other_parts import Material
from training.rotations import Array

#: Light of this colour goes deepest into skin.
RED_DEEPEST = (1.0, 0.35, 0.2)

#: Relief and blotches weaker than this are left out: they cost time.
SLIGHT = 0.11


def linear(colour: Array) -> Array:
    """Linear light of a colour as the eye sees it."""
    return np.clip(colour, 0.0, 1.0) ** 2.2


class _Tree:
    """Nodes of one material."""

    def __init__(self, name: str) -> None:
        import bpy

        self.made = bpy.data.materials.new(name)
        self.made.use_nodes = True
        self.nodes, self.links = self.made.node_tree.nodes, self.made.node_tree.links
        self.shader = self.nodes["Principled BSDF"]

    def node(self, kind: str, inputs: dict[str, Any], **settings: Any) -> Any:
        """Add a node; inputs are plain values or other nodes' outputs."""
        made = self.nodes.new(f"ShaderNode{kind}")
        for name, value in settings.items():
            setattr(made, name, value)
        for name, value in inputs.items():
            self.set(made.inputs[name], value)
        return made

    def set(self, socket: Any, value: Any) -> None:
        """Give an input a value or a link."""
        if hasattr(value, "is_output"):
            self.links.new(value, socket)
        else:
            socket.default_value = value

    def mixed(self, share: Any, first: Any, second: Any, how: str = "MIX") -> Any:
        """Mix two colours."""
        made = self.nodes.new("ShaderNodeMix")
        made.data_type, made.blend_type = "RGBA", how
        for index, value in ((0, share), (6, first), (7, second)):
            self.set(made.inputs[index], value)
        return made.outputs[2]

    def above(self, value: Any, limit: float) -> Any:
        """Return 1 where a value is above a limit."""
        made = self.node("Math", {}, operation="GREATER_THAN")
        self.set(made.inputs[0], value)
        made.inputs[1].default_value = limit
        return made.outputs[0]

    def plus_half(self, value: Any, other: Any) -> Any:
        """Return half of a value, plus another."""
        made = self.node("Math", {}, operation="MULTIPLY_ADD")
        for socket, term in zip(made.inputs, (value, 0.5, other), strict=True):
            self.set(socket, term)
        return made.outputs[0]

    def noise(self, where: Any, width_m: float, detail: float = 1.0) -> Any:
        """Noise of about this width, 0..1."""
        made = self.node("TexNoise", {"Vector": where, "Scale": 1.0 / width_m, "Detail": detail})
        return made.outputs[0]

    def bands(self, where: Any, width_m: float, way: str, bent: float = 0.0) -> Any:
        """Bands across an axis, 0..1."""
        # One repeat of Blender's bands is 0.314 of its unit.
        inputs = {"Vector": where, "Scale": 0.314 / width_m, "Distortion": bent}
        return self.node("TexWave", inputs, bands_direction=way).outputs["Fac"]


def _stripes(tree: _Tree, where: Any, look: Material) -> Any:
    """Stripes round the body."""
    return tree.above(tree.bands(where, look.size_m, "Z"), 0.55)


def _pinstripes(tree: _Tree, where: Any, look: Material) -> Any:
    """Thin lines along the body."""
    return tree.above(tree.bands(where, 0.6 * look.size_m, "X"), 0.93)


def _checks(tree: _Tree, where: Any, look: Material) -> Any:
    """Two crossing bands, half and full where they meet."""
    across = tree.above(tree.bands(where, look.size_m, "X"), 0.5)
    along = tree.above(tree.bands(where, look.size_m, "Z"), 0.5)
    return tree.plus_half(along, tree.plus_half(across, 0.0))


def _dots(tree: _Tree, where: Any, look: Material) -> Any:
    """Dots, not quite in rows."""
    cells = tree.node(
        "TexVoronoi", {"Vector": where, "Scale": 1.0 / look.size_m, "Randomness": 0.4}
    )
    return tree.above(cells.outputs["Distance"], 0.42)


def _camouflage(tree: _Tree, where: Any, look: Material) -> Any:
    """Large blots."""
    return tree.above(tree.noise(where, 2.5 * look.size_m, 1.0), 0.52)


def _heather(tree: _Tree, where: Any, look: Material) -> Any:
    """Mixed yarn."""
    return tree.noise(where, 0.006, 2.0)


def _strands(tree: _Tree, where: Any, look: Material) -> Any:
    """Wavy hair."""
    return tree.bands(where, look.size_m, "X", 2.0)


def _planks(tree: _Tree, where: Any, look: Material) -> Any:
    """Boards, bricks or tiles with joints."""
    inputs = {
        "Vector": where,
        "Scale": 1.0,
        "Mortar Size": 0.004,
        "Brick Width": 6.0 * look.size_m,
        "Row Height": look.size_m,
        "Color1": (0.0, 0.0, 0.0, 1.0),
        "Color2": (0.55, 0.55, 0.55, 1.0),
        "Mortar": (1.0, 1.0, 1.0, 1.0),
    }
    return tree.node("TexBrick", inputs).outputs["Color"]


def _speckles(tree: _Tree, where: Any, look: Material) -> Any:
    """Small flecks."""
    return tree.above(tree.noise(where, look.size_m, 1.0), 0.66)


def _patches(tree: _Tree, where: Any, look: Material) -> Any:
    """Soft patches."""
    return tree.noise(where, look.size_m, 3.0)


PATTERNS: dict[str, Callable[[_Tree, Any, Material], Any]] = {
    "stripes": _stripes,
    "pinstripes": _pinstripes,
    "checks": _checks,
    "dots": _dots,
    "camouflage": _camouflage,
    "heather": _heather,
    "strands": _strands,
    "planks": _planks,
    "bricks": _planks,
    "speckles": _speckles,
    "patches": _patches,
}


def _coloured(tree: _Tree, where: Any, look: Material) -> Any:
    """Colour of the surface: pattern, blotches, tint."""
    first, second = ((*linear(np.asarray(c)), 1.0) for c in (look.colour, look.second))
    colour: Any = first
    if look.pattern in PATTERNS:
        colour = tree.mixed(PATTERNS[look.pattern](tree, where, look), first, second)
    tint = tree.node("Attribute", {}, attribute_name="tint").outputs["Vector"]
    if look.mottle < SLIGHT:
        return tree.mixed(1.0, colour, tint, "MULTIPLY")
    blotch = tree.node("MapRange", {"Value": tree.noise(where, 0.12)})
    low, high = 1.0 - 1.5 * look.mottle, 1.0 + 1.5 * look.mottle
    blotch.inputs["To Min"].default_value, blotch.inputs["To Max"].default_value = low, high
    scaled = tree.node("VectorMath", {0: tint, "Scale": blotch.outputs[0]}, operation="SCALE")
    return tree.mixed(1.0, colour, scaled.outputs[0], "MULTIPLY")


def material(look: Material) -> Any:
    """Blender's material."""
    tree = _Tree(look.pattern)
    where = tree.node("Attribute", {}, attribute_name="rest").outputs["Vector"]
    flat = where
    if look.turned:
        quarter = (np.pi / 2.0, 0.0, 0.0)
        flat = tree.node("Mapping", {"Vector": where, "Rotation": quarter}).outputs[0]
    colour = _coloured(tree, flat, look)
    plain = {
        "Base Color": colour,
        "Roughness": look.roughness,
        "Sheen Weight": look.sheen,
        "Specular IOR Level": 0.4,
    }
    if look.bump > SLIGHT:
        relief = {"Height": tree.noise(where, look.grain_m), "Strength": look.bump}
        bump = tree.node("Bump", relief | {"Distance": 0.3 * look.grain_m})
        plain |= {"Normal": bump.outputs[0]}
    if look.subsurface_m > 0.0:
        plain |= {"Subsurface Weight": 0.5, "Subsurface Scale": look.subsurface_m, "Subsurface Radius": RED_DEEPEST}  # fmt: skip
    if look.glow > 0.0:
        plain |= {"Emission Color": colour, "Emission Strength": look.glow}
    for name, value in plain.items():
        tree.set(tree.shader.inputs[name], value)
    return tree.made
