"""A stick figure with the bones the posing code asks for: no body model needed."""

from __future__ import annotations

import numpy as np

from training.bodies import Body, BodySpec

_MIDDLE = {
    "root": (None, (0, 0, 0)),
    "spine05": ("root", (0, 0, 0)),
    "spine04": ("spine05", (0, 0.03, 0.07)),
    "spine03": ("spine04", (0, 0.02, 0.14)),
    "spine02": ("spine03", (0, 0.02, 0.21)),
    "spine01": ("spine02", (0, 0.03, 0.34)),
    "neck01": ("spine01", (0, 0, 0.52)),
    "head": ("neck01", (0, -0.02, 0.60)),
}
_SIDED = {
    "upperleg01": ("root", (0.10, 0, 0)),
    "lowerleg01": ("upperleg01", (0.13, -0.02, -0.40)),
    "foot": ("lowerleg01", (0.15, 0.01, -0.80)),
    "clavicle": ("spine01", (0.02, 0, 0.45)),
    "upperarm01": ("clavicle", (0.17, 0, 0.43)),
    "lowerarm01": ("upperarm01", (0.33, -0.01, 0.24)),
    "wrist": ("lowerarm01", (0.45, -0.17, 0.12)),
    "finger2-1": ("wrist", (0.48, -0.26, 0.08)),
    "finger3-1": ("wrist", (0.49, -0.25, 0.07)),
    "finger5-1": ("wrist", (0.50, -0.21, 0.05)),
}


def stick_body() -> Body:
    """Build a symmetric adult of 1.6 m with a handful of vertices."""
    bones: dict[str, tuple[str | None, tuple[float, float, float]]] = dict(_MIDDLE)
    for side, sign in (("L", 1.0), ("R", -1.0)):
        for name, (parent, (x, y, z)) in _SIDED.items():
            above = parent if parent in _MIDDLE else f"{parent}.{side}"
            bones[f"{name}.{side}"] = (above, (sign * x, y, z))
    names = tuple(bones)
    heads = np.array([bones[name][1] for name in names], dtype=np.float64)
    waist = np.array([[s * 0.15, 0.0, 0.12] for s in (-1, 1)])
    soles = np.array([[s * 0.15, 0.0, -0.88] for s in (-1, 1)])
    vertices = np.concatenate([heads, waist, soles])
    carrier = [*range(len(names)), 0, 0, names.index("foot.R"), names.index("foot.L")]
    return Body(
        spec=BodySpec(0, "female", {}, {}),
        vertices=vertices,
        faces=np.zeros((0, 3), dtype=np.int64),
        bone_names=names,
        parents=np.array([names.index(p) if (p := bones[n][0]) else -1 for n in names]),
        heads=heads,
        bone_index=np.array(carrier)[:, None],
        bone_weight=np.ones((len(vertices), 1)),
        uv=np.zeros((len(vertices), 2)),
    )
