"""Skin, hair, face and clothes: a colour and a thickness for every vertex.

Clothes are the skin itself, painted and pushed outward along its normals. That keeps cloth from
ever sinking into the body, costs nothing, and hides the hip as real cloth does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import trimesh
from numpy.typing import NDArray

from training.bodies import Body, texture_mask
from training.props import SOLE_M
from training.rotations import Array
from training.skeleton import vertex_bones

Mask = NDArray[np.bool_]
Colour = tuple[float, float, float]

SKINS: tuple[Colour, ...] = (
    (0.93, 0.76, 0.66),
    (0.87, 0.67, 0.54),
    (0.76, 0.56, 0.42),
    (0.60, 0.42, 0.30),
    (0.45, 0.30, 0.21),
    (0.33, 0.22, 0.16),
)
HAIRS: tuple[Colour, ...] = (
    (0.07, 0.05, 0.04),
    (0.17, 0.10, 0.06),
    (0.35, 0.22, 0.11),
    (0.66, 0.50, 0.28),
    (0.50, 0.48, 0.46),
)
CLOTHS: tuple[Colour, ...] = (
    (0.13, 0.14, 0.17),
    (0.16, 0.22, 0.42),
    (0.55, 0.13, 0.16),
    (0.12, 0.40, 0.34),
    (0.45, 0.46, 0.49),
    (0.85, 0.84, 0.80),
    (0.76, 0.55, 0.16),
    (0.36, 0.20, 0.44),
    (0.22, 0.47, 0.62),
    (0.72, 0.38, 0.43),
)
#: Where each garment ends: trousers in thigh + shank lengths below the hip joint.
BOTTOMS = {
    "shorts": (0.45, 0.006),
    "loose shorts": (0.8, 0.022),
    "leggings": (1.85, 0.003),
    "trousers": (1.93, 0.02),
}
#: Sleeve length in upper-arm lengths, and thickness in metres.
TOPS = {
    "vest": (0.02, 0.003),
    "t-shirt": (0.62, 0.008),
    "loose t-shirt": (0.8, 0.018),
    "long sleeves": (1.9, 0.006),
}
#: Where shirts end, in trunk lengths above the hip joint.
TUCKED, AT_THE_HIP = 0.25, 0.05


@dataclass(frozen=True)
class Look:
    """How a person is dressed and coloured.

    `top` is a key of `TOPS` or ``"none"``; `hem` is where the shirt ends, in trunk lengths above
    the hip joint (below 0: a long shirt over the hips).
    """

    skin: Colour
    hair: Colour
    bottom: str
    bottom_colour: Colour
    top: str
    top_colour: Colour
    shoe_colour: Colour
    long_hair: bool
    hem: float | None = None
    thigh_band: Colour | None = None

    @property
    def shirt_hem(self) -> float:
        """Where the shirt ends; a vest is tucked in unless something else is said."""
        if self.hem is not None:
            return self.hem
        return TUCKED if self.top == "vest" else AT_THE_HIP


@dataclass(frozen=True)
class Paint:
    """Colours (V, 3) in 0..1 and outward offset (V,) in metres."""

    colour: Array
    offset_m: Array
    shoe_colour: Colour = (0.2, 0.2, 0.2)


def sample_look(seed: int, sex: str) -> Look:
    """Draw clothes and colours; top and bottom never share a colour."""
    rng = np.random.default_rng([seed, 7])
    top, bottom = rng.choice(len(CLOTHS), size=2, replace=False)
    return Look(
        skin=SKINS[rng.integers(len(SKINS))],
        hair=HAIRS[rng.integers(len(HAIRS))],
        bottom=str(rng.choice(list(BOTTOMS))),
        bottom_colour=CLOTHS[bottom],
        top=str(rng.choice(list(TOPS))),
        top_colour=CLOTHS[top],
        shoe_colour=CLOTHS[rng.integers(len(CLOTHS))],
        long_hair=bool(sex == "female" and rng.random() < 0.75),
    )


def _carried_by(bones: NDArray[np.str_], *prefixes: str) -> Mask:
    """Vertices whose strongest bone starts with one of `prefixes`."""
    return np.array([bone.startswith(prefixes) for bone in bones])


def down_the_leg(body: Body) -> Array:
    """Place along the leg (V,): 0 hip joint, 1 knee, 2 ankle; negative above the hip."""
    hip, knee, ankle = (body.head(f"{b}.L")[2] for b in ("upperleg01", "lowerleg01", "foot"))
    z = body.vertices[:, 2]
    return np.where(z > knee, (hip - z) / (hip - knee), 1.0 + (knee - z) / (knee - ankle))


def up_the_trunk(body: Body) -> Array:
    """Place along the trunk (V,): 0 hip joint, 1 shoulder joint."""
    hip, shoulder = body.head("upperleg01.L")[2], body.head("upperarm01.L")[2]
    return (body.vertices[:, 2] - hip) / (shoulder - hip)


def _along_the_arm(body: Body) -> Array:
    """Place along the upper arm (V,): 0 shoulder joint, 1 elbow."""
    folded = np.abs(body.vertices * [1.0, 0.0, 0.0]) + body.vertices * [0.0, 1.0, 1.0]
    shoulder, elbow = body.head("upperarm01.L"), body.head("lowerarm01.L")
    along = elbow - shoulder
    return (folded - shoulder) @ along / (along @ along)


def _sampled(body: Body, mask: Array) -> Array:
    """Value (V,) of a texture at each vertex."""
    height, width = mask.shape
    column = np.clip((body.uv[:, 0] * width).astype(int), 0, width - 1)
    row = np.clip(((1.0 - body.uv[:, 1]) * height).astype(int), 0, height - 1)
    return mask[row, column]


def _set(paint: Paint, where: Mask, colour: Colour, offset_m: float | None = None) -> None:
    """Colour a region and, if asked, give it a thickness."""
    paint.colour[where] = colour
    if offset_m is not None:
        paint.offset_m[where] = offset_m


def _paint_face(paint: Paint, body: Body, bones: NDArray[np.str_], look: Look) -> None:
    """Lips, brows, eyes: what tells front from back."""
    head = _carried_by(bones, "head")
    lip = 0.75 * np.asarray(look.skin) * np.array([1.0, 0.72, 0.74])
    _set(paint, _sampled(body, texture_mask("lips")) > 0.5, tuple(lip))
    for side in ("L", "R"):
        eye = body.head(f"eye.{side}")
        from_eye = body.vertices - eye
        across = np.abs(from_eye[:, 0])
        arch = 0.021 - 4.0 * (from_eye[:, 0] - np.sign(eye[0]) * 0.003) ** 2
        brow = head & (from_eye[:, 1] < 0.0) & (across < 0.022)
        brow &= np.abs(body.vertices[:, 0]) > 0.011
        _set(paint, brow & (np.abs(from_eye[:, 2] - arch) < 0.004), look.hair)
        ball = _carried_by(bones, f"eye.{side}")
        _set(paint, ball, (0.93, 0.92, 0.90))
        near_axis = np.hypot(from_eye[:, 0], from_eye[:, 2]) < 0.0065
        _set(paint, ball & near_axis & (from_eye[:, 1] < 0.0), (0.10, 0.07, 0.05))


def _paint_hair(paint: Paint, body: Body, bones: NDArray[np.str_], look: Look) -> None:
    """Scalp pushed out and coloured; long hair also covers the nape."""
    eye = body.head("eye.L")
    crown = body.vertices[:, 2].max()
    z, y = body.vertices[:, 2], body.vertices[:, 1]
    # Hairline: from above the forehead in front down to the nape behind.
    behind = np.clip((y - eye[1]) / 0.16, 0.0, 1.0)
    lowest = eye[2] + 0.55 * (crown - eye[2]) - behind * (0.20 if look.long_hair else 0.16)
    ears = _sampled(body, texture_mask("ears")) > 0.5
    hair = _carried_by(bones, "head", "neck") & (z > lowest) & ~ears & (body.uv[:, 0] > 0.62)
    depth = np.clip((z - lowest) / 0.03, 0.25, 1.0)
    _set(paint, hair, look.hair)
    paint.offset_m[hair] = (0.022 if look.long_hair else 0.012) * depth[hair]


def _paint_clothes(paint: Paint, body: Body, bones: NDArray[np.str_], look: Look) -> None:
    """Trousers up to the waist, shirt over it, shoes."""
    leg, trunk, arm = down_the_leg(body), up_the_trunk(body), _along_the_arm(body)
    hem, thick = BOTTOMS[look.bottom]
    lower = _carried_by(bones, "root", "pelvis", "upperleg", "lowerleg", "spine05", "spine04")
    bottom = lower & (leg < hem) & (trunk < 0.27)
    _set(paint, bottom, look.bottom_colour, thick)
    band = lower & (trunk > 0.21) & (trunk < 0.27)
    _set(paint, band, tuple(0.55 * np.asarray(look.bottom_colour)))
    if look.top != "none":
        _paint_shirt(paint, bones, look, (trunk, arm))
    if look.bottom in ("shorts", "loose shorts"):
        sock = _carried_by(bones, "foot", "lowerleg") & (leg > 1.82)
        _set(paint, sock, (0.86, 0.86, 0.84), 0.003)
    if look.thigh_band is not None:
        above_knee = _carried_by(bones, "upperleg") & (leg > 0.72) & (leg < 0.88)
        _set(paint, above_knee, look.thigh_band, thick + 0.003)


def _paint_shirt(
    paint: Paint, bones: NDArray[np.str_], look: Look, along: tuple[Array, Array]
) -> None:
    """Shirt over the trousers, sleeves down the arm; `along` trunk and arm, per vertex."""
    trunk, arm = along
    sleeve, loose = TOPS[look.top]
    chest = _carried_by(bones, "spine", "clavicle", "shoulder01", "root", "pelvis", "upperleg")
    upper = (chest & (trunk > look.shirt_hem) & (trunk < 1.14)) | (
        _carried_by(bones, "upperarm", "lowerarm") & (arm < sleeve)
    )
    thick = BOTTOMS[look.bottom][1]
    _set(paint, upper, look.top_colour, max(loose, thick + 0.004))


def _mottle(body: Body, seed: int) -> Array:
    """Slow brightness changes (V, 1): cloth and skin are never one flat colour."""
    rng = np.random.default_rng([seed, 11])
    waves = rng.normal(0.0, 22.0, (6, 3))
    phase = rng.uniform(0.0, 2.0 * np.pi, 6)
    return 1.0 + 0.02 * np.sin(body.vertices @ waves.T + phase).sum(axis=1, keepdims=True)


def paint(body: Body, look: Look) -> Paint:
    """Colour and thickness of every vertex of `body`."""
    bones = vertex_bones(body)
    done = Paint(np.tile(np.asarray(look.skin), (len(bones), 1)), np.zeros(len(bones)))
    _paint_face(done, body, bones, look)
    _paint_hair(done, body, bones, look)
    _paint_clothes(done, body, bones, look)
    colour = np.clip(done.colour * _mottle(body, body.spec.seed), 0.0, 1.0)
    return Paint(colour, done.offset_m, look.shoe_colour)


def shoe(body: Body, side: str) -> trimesh.Trimesh:
    """Shoe at rest: the hull of the foot, `SOLE_M` thicker all round."""
    ankle = body.head(f"foot.{side}")
    foot = _carried_by(vertex_bones(body), f"foot.{side}", "toe")
    own_side = body.vertices[:, 0] * ankle[0] > 0.0
    points = body.vertices[foot & own_side & (body.vertices[:, 2] < ankle[2] + 0.01)]
    middle = points.mean(axis=0)
    around = (points - middle) / np.linalg.norm(points - middle, axis=1, keepdims=True)
    thick = points + SOLE_M * around
    # A flat sole: nothing below the ground on which the shoe stands.
    thick[:, 2] = np.maximum(thick[:, 2], body.vertices[:, 2].min() - SOLE_M)
    below = points.copy()
    below[:, 2] = body.vertices[:, 2].min() - SOLE_M
    low = points[:, 2] < points[:, 2].min() + 0.03
    return trimesh.convex.convex_hull(np.concatenate([thick, below[low]]))
