"""Moves the bones of a body and its skin with them.

A pose is one world rotation per *segment*, relative to the body at rest, plus the place of the
mid-hip point. Bones of a segment share its rotation; spine, neck and forearm spread it evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from training.bodies import Body
from training.rotations import Array, between

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = ("neck01", "neck02", "neck03")
#: Prefixes of the bones which follow a segment rigidly; {s} is the side, L or R.
SEGMENT_BONES = {
    "pelvis": ("root", "pelvis."),
    "thorax": (),
    "head": ("head", "eye."),
    "clavicle.{s}": ("clavicle.{s}", "shoulder01.{s}"),
    "upperarm.{s}": ("upperarm01.{s}", "upperarm02.{s}"),
    "forearm.{s}": ("lowerarm01.{s}",),
    "hand.{s}": ("wrist.{s}", "finger", "metacarpal"),
    "thigh.{s}": ("upperleg01.{s}", "upperleg02.{s}"),
    "shank.{s}": ("lowerleg01.{s}", "lowerleg02.{s}"),
    "foot.{s}": ("foot.{s}", "toe"),
}
SEGMENTS = tuple(
    name.format(s=side) if "{s}" in name else name
    for name in SEGMENT_BONES
    for side in (("L", "R") if "{s}" in name else ("",))
)


@dataclass
class Rotations:
    """World rotation (3, 3) of each segment relative to rest, by name."""

    by_segment: dict[str, Array]

    def __getitem__(self, segment: str) -> Array:
        """Rotation of `segment`."""
        return self.by_segment[segment]

    def __setitem__(self, segment: str, rotation: Array) -> None:
        self.by_segment[segment] = rotation


def at_rest() -> Rotations:
    """Every segment as in the rest shape."""
    return Rotations({name: np.eye(3) for name in SEGMENTS})


@dataclass(frozen=True)
class Posed:
    """A body in a pose: joint centres (B, 3), bone rotations (B, 3, 3), by the body's names."""

    body: Body
    joints: Array
    rotations: Array

    def joint(self, bone: str) -> Array:
        """Centre (3,) of the joint at which `bone` starts."""
        return self.joints[self.body.bone_names.index(bone)]

    @property
    def mid_hip(self) -> Array:
        """Midpoint of the hip-joint centres."""
        return (self.joint("upperleg01.L") + self.joint("upperleg01.R")) / 2.0

    @property
    def mid_shoulder(self) -> Array:
        """Midpoint of the shoulder-joint centres."""
        return (self.joint("upperarm01.L") + self.joint("upperarm01.R")) / 2.0

    @cached_property
    def skin(self) -> Array:
        """Skinned vertices (V, 3), linear blend."""
        body = self.body
        shift = self.joints - np.einsum("bij,bj->bi", self.rotations, body.heads)
        index, weight = body.bone_index, body.bone_weight
        blended = np.einsum("vk,vkij->vij", weight, self.rotations[index])
        moved = np.einsum("vij,vj->vi", blended, body.vertices)
        return moved + np.einsum("vk,vki->vi", weight, shift[index])

    def translated(self, offset: Array) -> Posed:
        """Return the same pose somewhere else."""
        return Posed(self.body, self.joints + offset, self.rotations)


def rest_offset(body: Body, start: str, end: str) -> Array:
    """Vector (3,) from joint `start` to joint `end` at rest."""
    return body.head(end) - body.head(start)


def _rotation_of(bone: str, segments: Rotations) -> Array:
    """World rotation of one bone."""
    if bone in SPINE:
        share = (SPINE.index(bone) + 0.5) / len(SPINE)
        return between(segments["pelvis"], segments["thorax"], share)
    if bone in NECK:
        share = (NECK.index(bone) + 1.0) / (len(NECK) + 1.0)
        return between(segments["thorax"], segments["head"], share)
    side = bone[-1]
    if bone.startswith("lowerarm02"):
        return between(segments[f"forearm.{side}"], segments[f"hand.{side}"], 0.5)
    for name, prefixes in SEGMENT_BONES.items():
        if bone.startswith(tuple(p.format(s=side) for p in prefixes)):
            return segments[name.format(s=side)]
    raise KeyError(bone)


def place(body: Body, segments: Rotations, mid_hip: Array) -> Posed:
    """Forward kinematics: hang every bone on its parent, then put the mid-hip at `mid_hip`."""
    rotations = np.stack([_rotation_of(bone, segments) for bone in body.bone_names])
    joints = np.zeros_like(body.heads)
    for bone, parent in enumerate(body.parents):
        if parent >= 0:
            step = body.heads[bone] - body.heads[parent]
            joints[bone] = joints[parent] + rotations[parent] @ step
    posed = Posed(body, joints, rotations)
    return posed.translated(mid_hip - posed.mid_hip)


def vertex_bones(body: Body) -> NDArray[np.str_]:
    """Name (V,) of the bone that carries each vertex most."""
    strongest = body.bone_weight.argmax(axis=1)
    index = body.bone_index[np.arange(len(strongest)), strongest]
    return np.array(body.bone_names)[index]
