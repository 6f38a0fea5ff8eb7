"""Places of the other look: lawn, gym, cluttered living room, room with a bright window, yard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from training.other_parts import (
    Colour,
    Lamp,
    Material,
    Part,
    Place,
    ball,
    block,
    lumpy,
    noise,
    part,
    rod,
    turned,
)
from training.rotations import UP, Array, about
from training.scene import MAT_HEIGHT_M, STEP_HEIGHT_M, Props

SUBJECT = np.array([0.0, 0.0, 0.9])
#: Half the length and width of ground that a mat keeps free of grass.
MAT_HALF_M = np.array([1.04, 0.54])
BLADES = "blades"
DARK: Colour = (0.12, 0.12, 0.13)


def _tone(rng: np.random.Generator, low: float = 0.1, high: float = 0.9, grey: float = 0.5) -> Colour:  # fmt: skip
    """Draw a colour; `grey` 1 = no hue."""
    base = rng.uniform(low, high, 3)
    mixed = grey * base.mean() + (1.0 - grey) * base
    return float(mixed[0]), float(mixed[1]), float(mixed[2])


def _floor(look: Material) -> Part:
    """Slab under everything."""
    return block((-7.0, -7.0, -0.1), (7.0, 7.0, 0.0), look)


def _walls(rng: np.random.Generator, look: Material) -> tuple[list[Part], float]:
    """Back wall, side walls, ceiling, and where the back wall is."""
    y, half, top = float(rng.uniform(1.4, 3.0)), float(rng.uniform(2.4, 3.6)), 2.9
    sides = [
        block((sign * half - 0.05, -6.0, 0.0), (sign * half + 0.05, y, top), look)
        for sign in (-1.0, 1.0)
    ]
    back = block((-half, y, 0.0), (half, y + 0.1, top), look)
    white = Material((0.9, 0.9, 0.88), bump=0.0, mottle=0.02)
    return [*sides, back, block((-half, -6.0, top), (half, y, top + 0.05), white)], y


def _area(place: tuple[float, float, float], strength: float, size: float, colour: Colour) -> Lamp:
    """Soft lamp that shines at the subject."""
    return Lamp("AREA", np.array(place), SUBJECT, strength, size, colour)


def _warm(rng: np.random.Generator) -> Colour:
    """Lamp light from candle-warm to daylight."""
    share = float(rng.uniform(0.0, 1.0))
    return 1.0, 0.86 + 0.12 * share, 0.66 + 0.36 * share


def _bush(rng: np.random.Generator, x: float, y: float, tall: float) -> Part:
    """Hedge or crown of a tree."""
    leaf = Material(
        _tone(rng, 0.1, 0.35, 0.3), (0.04, 0.12, 0.03), "patches", 0.12, bump=1.0, grain_m=0.08
    )
    leaf = replace(leaf, colour=(0.2, float(rng.uniform(0.3, 0.48)), 0.1))
    shape = ball((x, y, 0.55 * tall), (0.4 * tall, 0.4 * tall, 0.55 * tall), leaf, 4)
    return lumpy(shape, rng, 0.06 * tall, 0.3)


def _grass(rng: np.random.Generator, count: int = 9000) -> Part:
    """Blades around the subject."""
    foot = np.column_stack([rng.uniform(-3.0, 3.0, (count, 2)), np.zeros(count)])
    turn = rng.uniform(0.0, np.pi, count)
    wide = 0.006 * np.column_stack([np.cos(turn), np.sin(turn), np.zeros(count)])
    tip = foot + np.column_stack([rng.normal(0.0, 0.015, (count, 2)), rng.uniform(0.02, 0.05, count)])  # fmt: skip
    blades = np.concatenate([foot - wide, foot + wide, tip])
    faces = np.arange(3 * count).reshape(3, count).T
    green = Material((0.32, 0.5, 0.16), pattern=BLADES, mottle=0.3, bump=0.0)
    return part(blades, faces, green, smooth=False)


def lawn(rng: np.random.Generator) -> Place:
    """Grass under a real sky, hedges and trees behind, a fence."""
    ground = Material((0.28, 0.42, 0.15), (0.4, 0.44, 0.2), "patches", 0.5, mottle=0.3, bump=0.6)
    parts = [block((-25.0, -25.0, -0.1), (25.0, 30.0, 0.0), ground), _grass(rng)]
    parts += [_bush(rng, x + rng.normal(0, 0.3), rng.uniform(3.0, 7.0), rng.uniform(0.8, 3.5)) for x in np.arange(-6.0, 6.5, 1.1)]  # fmt: skip
    wood = Material(_tone(rng, 0.3, 0.7, 0.6), (0.2, 0.15, 0.1), "patches", 0.08, mottle=0.2)
    far, tall = float(rng.uniform(7.0, 9.0)), float(rng.uniform(1.0, 2.0))
    parts += [
        block((x, far, 0.05), (x + 0.16, far + 0.03, tall), wood) for x in np.arange(-9, 9, 0.2)
    ]
    sun, elevation_deg = _sun(rng)
    return Place(parts, [sun], sky_strength=0.12, sun_deg=(elevation_deg, rng.uniform(0.0, 360.0)))


def _sun(rng: np.random.Generator) -> tuple[Lamp, float]:
    """Sun from any side, a little more often from the camera's, and its elevation in degrees."""
    elevation_deg, bearing = rng.uniform(22.0, 65.0), np.radians(rng.normal(0.0, 75.0))
    flat = np.array([np.sin(bearing), -np.cos(bearing), 0.0])
    way = flat + UP * np.tan(np.radians(elevation_deg))
    strength = float(rng.uniform(1.5, 4.5))
    sun = Lamp("SUN", SUBJECT + 5.0 * way, SUBJECT, strength, colour=(1.0, 0.95, 0.87))
    return sun, float(elevation_deg)


def yard(rng: np.random.Generator) -> Place:
    """Brick wall and paving in hard sun."""
    brick = Material(_tone(rng, 0.35, 0.65, 0.3), (0.75, 0.73, 0.7), "bricks", 0.075, True, 0.9, 0.25, 0.5)  # fmt: skip
    stone = Material(_tone(rng, 0.4, 0.7, 0.8), (0.3, 0.3, 0.28), "planks", 0.3, mottle=0.25)
    y = float(rng.uniform(1.3, 3.0))
    parts = [
        _floor(stone),
        block((-7.0, y, 0.0), (7.0, y + 0.2, float(rng.uniform(1.6, 3.2))), brick),
    ]
    parts += [_bush(rng, x, y - 0.4, rng.uniform(0.5, 1.6)) for x in (-2.2, 1.9)]
    pot = Material((0.6, 0.33, 0.22))
    parts.append(rod((1.4, y - 0.5, 0.0), (1.4, y - 0.5, 0.5), 0.2, pot))
    sun, _ = _sun(rng)
    return Place(parts, [sun], sky=(0.66, 0.78, 0.95), sky_strength=float(rng.uniform(0.5, 1.1)))


def gym(rng: np.random.Generator) -> Place:
    """Wall bars, rubber floor, balls, dumb-bells, strip lamps."""
    rubber = Material(_tone(rng, 0.08, 0.35), _tone(rng, 0.4, 0.8), "speckles", 0.02, bump=0.3)
    walls, y = _walls(rng, Material(_tone(rng, 0.5, 0.9, 0.8), turned=True, mottle=0.06, bump=0.1))
    wood = Material((0.66, 0.47, 0.28), (0.45, 0.3, 0.16), "patches", 0.05, roughness=0.4)
    parts = [_floor(rubber), *walls]
    for x in np.arange(-2.0, 2.1, 0.9):
        parts.append(block((x - 0.03, y - 0.14, 0.0), (x + 0.03, y, 2.5), wood))
    parts += [
        rod((-2.0, y - 0.11, z), (1.6, y - 0.11, z), 0.019, wood)
        for z in np.arange(0.15, 2.5, 0.15)
    ]
    for sign in (-1.0, 1.0):
        size = float(rng.uniform(0.2, 0.36))
        skin = Material(_tone(rng, 0.1, 0.9, 0.1), roughness=0.35)
        parts.append(ball((sign * rng.uniform(1.1, 1.9), y - 0.7, size), (size,) * 3, skin))
    iron = Material(DARK, roughness=0.3)
    for x in (1.2, 1.5, 1.8):
        parts.append(rod((x, y - 1.1, 0.07), (x, y - 0.85, 0.07), 0.07, iron))
    lamps = [_area((x, float(rng.uniform(-2.5, 0.5)), 2.8), 60.0, 1.1, (0.93, 0.97, 1.0)) for x in (-1.6, 0.0, 1.6)]  # fmt: skip
    return Place(parts, lamps, sky=(0.5, 0.52, 0.55), sky_strength=0.12)


def _shelf(rng: np.random.Generator, x: float, y: float) -> list[Part]:
    """Bookcase full of books."""
    wood = Material(_tone(rng, 0.2, 0.8, 0.7), roughness=0.5)
    deep, wide, tall = 0.32, float(rng.uniform(0.7, 1.2)), float(rng.uniform(1.2, 2.2))
    parts = [block((x, y - 0.02, 0.0), (x + wide, y, tall), wood)]
    for z in np.arange(0.05, tall, 0.36):
        parts.append(block((x, y - deep, z), (x + wide, y, z + 0.025), wood))
        here = x + 0.03
        while here < x + wide - 0.08:
            thick, high = float(rng.uniform(0.02, 0.07)), float(rng.uniform(0.16, 0.3))
            cover = Material(_tone(rng, 0.05, 0.9, 0.2), roughness=0.6)
            parts.append(
                block((here, y - 0.26, z + 0.025), (here + thick, y - 0.03, z + high), cover)
            )
            here += thick + float(rng.choice((0.003, 0.003, 0.12)))
    return parts


def _sofa(rng: np.random.Generator, x: float, y: float) -> list[Part]:
    """Sofa with cushions."""
    cloth = Material(_tone(rng, 0.1, 0.8, 0.4), _tone(rng), str(rng.choice(("plain", "checks", "heather"))), 0.06, sheen=0.4)  # fmt: skip
    parts = [
        block((x, y - 0.85, 0.08), (x + 1.7, y - 0.05, 0.42), cloth),
        block((x, y - 0.25, 0.4), (x + 1.7, y - 0.02, 0.85), cloth),
    ]
    for k in range(3):
        spot = Material(_tone(rng, 0.1, 0.95, 0.1), _tone(rng), "dots", 0.05)
        soft = ball((x + 0.3 + 0.55 * k, y - 0.38, 0.58), (0.22, 0.1, 0.2), spot)
        parts.append(lumpy(soft, rng, 0.01, 0.15))
    return parts


def _plant(rng: np.random.Generator, x: float, y: float) -> list[Part]:
    """Pot plant."""
    pot = rod((x, y, 0.0), (x, y, 0.35), 0.16, Material(_tone(rng, 0.2, 0.9)))
    crown = _bush(rng, x, y, 1.0)
    return [pot, replace(crown, vertices=crown.vertices * [1.0, 1.0, 0.8] + [0.0, 0.0, 0.4])]


def _poster(rng: np.random.Generator, y: float) -> Part:
    """Poster or painting on the back wall."""
    x, z = float(rng.uniform(-2.2, 1.4)), float(rng.uniform(1.1, 1.8))
    kinds = ("patches", "dots", "camouflage", "stripes")
    ink = Material(_tone(rng, grey=0.1), _tone(rng, grey=0.1), str(rng.choice(kinds)), 0.12)
    return block((x, y - 0.025, z), (x + rng.uniform(0.3, 0.9), y, z + rng.uniform(0.3, 0.8)), ink)


def _room_lamp(rng: np.random.Generator) -> Lamp:
    """Lamp somewhere on the camera's side of the room."""
    x, y, z = rng.uniform([-2.0, -2.5, 1.4], [2.0, 0.3, 2.6])
    return _area((x, y, z), float(rng.uniform(15.0, 60.0)), 0.3, _warm(rng))


def living_room(rng: np.random.Generator) -> Place:
    """Crowded room with shelves, sofa, plants, posters and several lamps."""
    paper = Material(_tone(rng, 0.4, 0.9, 0.5), _tone(rng, 0.4, 0.9, 0.5), str(rng.choice(("plain", "pinstripes", "dots"))), 0.1, mottle=0.08)  # fmt: skip
    walls, y = _walls(rng, paper)
    wood = Material(_tone(rng, 0.25, 0.6, 0.3), (0.1, 0.07, 0.05), "planks", 0.09, roughness=0.35)
    rug = Material(_tone(rng, grey=0.2), _tone(rng, grey=0.2), str(rng.choice(("checks", "dots", "heather"))), 0.14, bump=0.6)  # fmt: skip
    parts = [_floor(wood), *walls, block((-1.2, -0.9, 0.0), (1.2, 0.9, 0.004), rug)]
    side = float(rng.choice((-1.0, 1.0)))
    parts += _shelf(rng, 0.75 if side > 0 else -1.9, y)
    parts += _sofa(rng, -2.5 if side > 0 else 0.8, y)
    parts += _plant(rng, side * 2.2, y - 1.0) + [_poster(rng, y) for _ in range(rng.integers(1, 5))]
    lamps = [_room_lamp(rng) for _ in range(rng.integers(2, 5))]
    return Place(parts, lamps, sky=(0.5, 0.5, 0.55), sky_strength=0.15)


def window_room(rng: np.random.Generator) -> Place:
    """Room whose back wall is mostly a bright window with curtains."""
    walls, y = _walls(rng, Material(_tone(rng, 0.6, 0.9, 0.8), turned=True, mottle=0.05))
    tiles = Material(_tone(rng, 0.5, 0.85, 0.8), (0.35, 0.35, 0.35), "planks", 0.35, roughness=0.3)
    glow = float(rng.uniform(3.0, 9.0))
    outside = Material(
        (0.85, 0.92, 1.0), (0.55, 0.68, 0.55), "patches", 0.8, True, glow=glow, bump=0
    )
    low, wide = float(rng.choice((0.05, 0.8))), float(rng.uniform(0.7, 1.5))
    frame = Material((0.92, 0.92, 0.9), roughness=0.4)
    parts = [_floor(tiles), *walls, block((-wide, y - 0.02, low), (wide, y, 2.4), outside)]
    parts += [block((x - 0.03, y - 0.06, low), (x + 0.03, y, 2.4), frame) for x in (-wide, -wide / 3, wide / 3, wide)]  # fmt: skip
    for sign in (-1.0, 1.0):
        parts.append(_curtain(rng, sign * (wide + 0.1), y - 0.1))
    parts += _plant(rng, float(rng.choice((-1.9, 1.9))), y - 0.6)
    fill = _area((float(rng.uniform(-1.5, 1.5)), -2.5, 2.4), float(rng.uniform(60.0, 220.0)), 0.8, _warm(rng))  # fmt: skip
    behind = Lamp(
        "AREA", np.array([0.0, y - 0.2, 1.6]), SUBJECT, 12.0 * glow, 1.4, (0.9, 0.95, 1.0)
    )
    return Place(parts, [fill, behind], sky=(0.6, 0.6, 0.6), sky_strength=0.45)


def _curtain(rng: np.random.Generator, x: float, y: float) -> Part:
    """Cloth in folds."""
    u, v = np.meshgrid(np.linspace(-0.35, 0.35, 60), np.linspace(0.02, 2.6, 12))
    fold = 0.05 * np.sin(u * 45.0) + 0.01 * noise(np.stack([u, v, v], -1).reshape(-1, 3), rng, 0.4).reshape(u.shape)  # fmt: skip
    points = np.stack([x + u, y + fold, v], axis=-1).reshape(-1, 3)
    first = (np.arange(11)[:, None] * 60 + np.arange(59)).ravel()
    faces = np.concatenate([np.column_stack([first, first + 1, first + 61]), np.column_stack([first, first + 61, first + 60])])  # fmt: skip
    return part(points, faces, Material(_tone(rng, 0.2, 0.9, 0.3), _tone(rng), "stripes", 0.3))


PLACES: dict[str, Callable[[np.random.Generator], Place]] = {
    "lawn": lawn,
    "yard": yard,
    "gym": gym,
    "living room": living_room,
    "window": window_room,
}


def _props(rng: np.random.Generator, props: Props) -> list[Part]:
    """Step and mat, built otherwise than in the training pictures."""
    parts = []
    if props.step_edges_x_m is not None:
        left, right = sorted(props.step_edges_x_m)
        top = Material(_tone(rng, 0.05, 0.3), _tone(rng, 0.4, 0.8), "stripes", 0.03, bump=0.6)
        leg = Material(_tone(rng, 0.1, 0.9, 0.0), roughness=0.4)
        parts = [block((left, -0.26, STEP_HEIGHT_M - 0.06), (right, 0.2, STEP_HEIGHT_M), top)]
        parts += [block((x, -0.22, 0.0), (x + 0.1, 0.16, STEP_HEIGHT_M - 0.06), leg) for x in (left + 0.03, right - 0.13)]  # fmt: skip
    if props.mat:
        foam = Material(_tone(rng, 0.1, 0.9, 0.1), _tone(rng), str(rng.choice(("plain", "heather", "checks"))), 0.08)  # fmt: skip
        parts.append(block((-1.0, -0.5, 0.0), (1.0, 0.4, MAT_HEIGHT_M), foam))
    return parts


def _flattened(parts: list[Part]) -> list[Part]:
    """Take away the grass under a mat."""
    return [_mown(one) if one.material.pattern == BLADES else one for one in parts]


def _mown(grass: Part) -> Part:
    """Leave out the blades where a mat lies."""
    under = (np.abs(grass.vertices[:, :2]) < MAT_HALF_M).all(axis=1)
    return replace(grass, faces=grass.faces[~under[grass.faces].any(axis=1)])


def draw_place(seed: int, props: Props, turn_deg: float = 0.0) -> Place:
    """Draw a place with the exercise's props; `turn_deg` turns it for a camera behind the subject."""
    rng = np.random.default_rng([seed, 227])
    place = PLACES[str(rng.choice(list(PLACES)))](rng)
    spin: Array = about(UP, turn_deg)
    lamps = [replace(one, place=spin @ one.place, target=spin @ one.target) for one in place.lamps]
    parts = turned(place.parts, turn_deg)
    parts = (_flattened(parts) if props.mat else parts) + _props(rng, props)
    return replace(place, parts=parts, lamps=lamps)
