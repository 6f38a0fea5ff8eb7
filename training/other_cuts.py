"""Cuts of garments for a body at rest: regions of the skin, made wider, lengthened, opened."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.bodies import Body
from training.other_cloth import Cloth
from training.other_parts import Faces
from training.renderer import vertex_normals
from training.rotations import Array
from training.skeleton import vertex_bones

Mask = NDArray[np.bool_]
TRUNK = ("spine", "clavicle", "shoulder01", "root", "pelvis", "upperleg", "breast")
LEGS = ("root", "pelvis", "upperleg", "lowerleg", "spine05", "spine04")
ARMS = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
#: Height of a ring of added cloth.
RING_M = 0.02


class Places:
    """Where each vertex of a body lies: down the leg, up the trunk, along the arm."""

    def __init__(self, body: Body) -> None:
        self.body, self.bones = body, vertex_bones(body)
        self.normals = vertex_normals(body.vertices, body.faces)
        x, z = np.abs(body.vertices[:, 0]), body.vertices[:, 2]
        self.hip, knee, ankle = (
            body.head(f"{b}.L")[2] for b in ("upperleg01", "lowerleg01", "foot")
        )
        self.shoulder = body.head("upperarm01.L")[2]
        self.leg = np.interp(-z, [-self.hip, -knee, -ankle], [0.0, 1.0, 2.0])
        self.trunk = (z - self.hip) / (self.shoulder - self.hip)
        start, elbow = body.head("upperarm01.L"), body.head("lowerarm01.L")
        folded = np.stack([x, body.vertices[:, 1], z], axis=1)
        self.arm = (folded - start) @ (elbow - start) / ((elbow - start) @ (elbow - start))

    def on(self, prefixes: tuple[str, ...]) -> Mask:
        """Vertices carried by bones with these beginnings."""
        return np.array([bone.startswith(prefixes) for bone in self.bones])

    def height_of(self, trunk: float) -> float:
        """Height at rest of a place on the trunk."""
        return float(self.hip + trunk * (self.shoulder - self.hip))

    def height_on_leg(self, leg: float) -> float:
        """Height at rest of a place on the leg, 0 hip, 1 knee, 2 ankle."""
        heights = [self.body.head(f"{b}.L")[2] for b in ("upperleg01", "lowerleg01", "foot")]
        return float(np.interp(leg, [0.0, 1.0, 2.0], heights))


@dataclass(frozen=True)
class Cut:
    """A garment at rest and the skin vertex (V,) that carries each of its vertices."""

    cloth: Cloth
    carrier: NDArray[np.int64]


def region(places: Places, where: Mask, off_m: Array) -> Cut:
    """Skin region `where`, `off_m` (skin vertices,) away from the skin."""
    faces = places.body.faces[where[places.body.faces].all(axis=1)]
    used, compact = np.unique(faces, return_inverse=True)
    rest = places.body.vertices[used] + places.normals[used] * off_m[used, None]
    on_arm = places.on(ARMS)[used]
    cloth = Cloth(rest, compact.reshape(-1, 3).astype(np.int64), np.zeros(len(used)), on_arm)
    return Cut(cloth, used.astype(np.int64))


def loops(faces: Faces) -> list[NDArray[np.int64]]:
    """Rims of a mesh, each in order."""
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    known = {(int(a), int(b)) for a, b in directed}
    after = {a: b for a, b in known if (b, a) not in known}
    found = []
    while after:
        first, here = next(iter(after.items()))
        rim = [first]
        del after[first]
        while here in after:
            rim.append(here)
            here = after.pop(here)
        if here == first and len(rim) > 11:
            found.append(np.array(rim, dtype=np.int64))
    return found


def lowest_rim(cut: Cut, side: str = "") -> NDArray[np.int64]:
    """Return the rim that lies lowest, of one side of the body if asked."""
    sign = {"": 0.0, "L": 1.0, "R": -1.0}[side]
    rims = [rim for rim in loops(cut.cloth.faces) if not cut.cloth.on_arm[rim].any()]
    middles = [cut.cloth.rest[rim].mean(axis=0) for rim in rims]
    own = [k for k, middle in enumerate(middles) if sign * middle[0] >= 0.0]
    return rims[min(own, key=lambda k: middles[k][2])]


def _evened(ring: Array, times: int) -> Array:
    """Ring with its dents drawn out, as cloth bridges them; it keeps its width."""
    middle = ring.mean(axis=0)
    width = np.abs(ring - middle).mean(axis=0)
    for _ in range(times):
        ring = (np.roll(ring, 1, axis=0) + 2.0 * ring + np.roll(ring, -1, axis=0)) / 4.0
    return middle + (ring - middle) * (width / np.maximum(np.abs(ring - middle).mean(axis=0), 1e-9))


def lengthened(cut: Cut, rim: NDArray[np.int64], hem_z: float, flare: float, body: Body) -> Cut:
    """Add rings of cloth below a rim down to the height `hem_z`; `flare` widens per metre."""
    ring = cut.cloth.rest[rim]
    count = max(2, round((ring[:, 2].mean() - hem_z) / RING_M))
    even, rest, faces = _evened(ring[:, :2], 4), [cut.cloth.rest], [cut.cloth.faces]
    above, total = rim, len(cut.cloth.rest)
    for k in range(1, count + 1):
        share = k / count
        z = (1.0 - share) * ring[:, 2] + share * hem_z
        wide = 1.0 + flare * (ring[:, 2].mean() - z.mean())
        flat = (1.0 - min(share * 3.0, 1.0)) * ring[:, :2] + min(share * 3.0, 1.0) * even
        middle = even.mean(axis=0)
        rest.append(np.column_stack([middle + wide * (flat - middle), z]))
        below = total + np.arange(len(rim))
        right, far = np.roll(above, -1), np.roll(below, -1)
        faces += [np.column_stack([right, above, below]), np.column_stack([right, below, far])]
        above, total = below, total + len(rim)
    return _with_rings(cut, np.concatenate(rest), np.concatenate(faces), body)


def _with_rings(cut: Cut, rest: Array, faces: Faces, body: Body) -> Cut:
    """Cut with added vertices, each carried by the nearest skin of trunk or legs."""
    from scipy.spatial import cKDTree

    own = np.flatnonzero(Places(body).on(LEGS + ("foot",)))
    new = rest[len(cut.carrier) :]
    _, near = cKDTree(body.vertices[own]).query(new)
    none = np.zeros(len(new))
    cloth = replace(
        cut.cloth,
        rest=rest,
        faces=faces,
        held=np.concatenate([cut.cloth.held, none]),
        on_arm=np.concatenate([cut.cloth.on_arm, none.astype(bool)]),
    )
    return Cut(cloth, np.concatenate([cut.carrier, own[near]]))


def boxy(cut: Cut, share: float, top_z: float) -> Cut:
    """Widen a shirt below the height `top_z` towards its width there: it hangs, it does not cling."""
    rest, trunk = cut.cloth.rest.copy(), ~cut.cloth.on_arm & (cut.cloth.rest[:, 2] < top_z)
    near = ~cut.cloth.on_arm & (np.abs(rest[:, 2] - top_z) < 0.03)
    for axis in (0, 1):
        middle = float(rest[near, axis].min() + rest[near, axis].max()) / 2.0
        wide = float(np.ptp(rest[near, axis])) / 2.0
        heights = np.arange(rest[trunk, 2].min(), top_z + 0.02, 0.02)
        here = [_half_width(rest[trunk], z, axis, wide) for z in heights]
        own = np.interp(rest[trunk, 2], heights, here)
        grown = 1.0 + share * np.maximum(wide / own - 1.0, 0.0)
        rest[trunk, axis] = middle + (rest[trunk, axis] - middle) * grown
    return replace(cut, cloth=replace(cut.cloth, rest=rest))


def _half_width(points: Array, z: float, axis: int, otherwise: float) -> float:
    """Half the width of a slice through points."""
    slice_ = points[np.abs(points[:, 2] - z) < 0.025, axis]
    return float(np.ptp(slice_)) / 2.0 if len(slice_) > 3 else otherwise


def opened(cut: Cut, half_gap_m: float) -> Cut:
    """Cut a garment open along the front."""
    rest = cut.cloth.rest
    middle_y = float(np.median(rest[~cut.cloth.on_arm, 1]))
    front = (rest[:, 1] < middle_y) & (np.abs(rest[:, 0]) < half_gap_m) & ~cut.cloth.on_arm
    faces = cut.cloth.faces[~front[cut.cloth.faces].any(axis=1)]
    return replace(cut, cloth=replace(cut.cloth, faces=faces))


def tight(cut: Cut, held: Array) -> Cut:
    """Sew a garment to the body where `held` (V,) is 1."""
    return replace(cut, cloth=replace(cut.cloth, held=np.clip(held, 0.0, 1.0)))
