"""Draws cameras: near and far, high and low, rolled, turned, in front and behind."""

from __future__ import annotations

import numpy as np

from training.bodies import Body
from training.scene import Camera

#: Heights of the picture in pixels. The pose network sees a crop of 256 px: more lines only cost
#: rendering time (`benchmarks.accuracy` compares 1080 with 540).
LINES_PX = (360, 480, 540, 640, 720)
ASPECTS = (16 / 9, 16 / 9, 4 / 3, 3 / 4, 9 / 16)
PELVIS_SHARE = 0.53


def _yaw_deg(rng: np.random.Generator) -> float:
    """Most people stand nearly square to the camera; all within ±35°."""
    return float(rng.uniform(-15, 15) if rng.random() < 0.55 else rng.uniform(-35, 35))


def _even(value: float) -> int:
    return round(value / 2.0) * 2


def draw_camera(rng: np.random.Generator, body: Body, ground_m: float) -> Camera:
    """Draw a camera that has the whole standing body in the picture."""
    height_px = int(rng.choice(LINES_PX, p=(0.2, 0.3, 0.2, 0.15, 0.15)))
    width_px = _even(height_px * float(rng.choice(ASPECTS)))
    distance = float(rng.uniform(1.9, 4.3))
    span = ground_m + body.height_m
    # Portrait pictures must leave room for the arms as well.
    share = float(rng.uniform(0.5, 0.88)) * min(1.0, width_px / (0.62 * height_px))
    focal_px = share * height_px * distance / span
    pelvis = ground_m + PELVIS_SHARE * body.height_m
    height = pelvis + float(rng.uniform(-0.5, 0.8) if rng.random() < 0.6 else rng.normal(0, 0.15))
    aim = 0.5 * span + float(rng.normal(0.0, 0.04))
    return Camera(
        width_px=width_px,
        height_px=height_px,
        horizontal_fov_deg=float(np.degrees(2.0 * np.arctan(width_px / 2.0 / focal_px))),
        distance_m=distance,
        height_m=max(height, 0.15),
        yaw_deg=_yaw_deg(rng) + (180.0 if rng.random() < 0.3 else 0.0),
        pitch_deg=float(np.degrees(np.arctan2(height - aim, distance))),
        roll_deg=float(rng.uniform(-4.0, 4.0) if rng.random() < 0.7 else 0.0),
        aim_x_m=float(rng.normal(0.0, 0.08)),
    )
