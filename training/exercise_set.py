"""Clips in which everything an exercise is judged by is known: one body, one exercise, one clip.

Each distinct moment is rendered once; every frame that shows it is blemished and seen anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from training.acts import Act
from training.appearance import paint
from training.blemishes import blemished
from training.judged import Measured
from training.moments import Moment, Shown
from training.renderer import Actor, Renderer
from training.rotations import Array
from training.scene import Camera, room
from training.skeleton import Posed
from training.wardrobe import draw_look

HEIGHT_PX, WIDTH_PX = 432, 768
#: Share of the picture that whatever is seen of the person fills, over the whole clip.
FILLED = 0.92
#: Standard deviation of the noise that is new in every frame, of 255.
GRAIN = (1.5, 4.0)
#: Noise is one large field of which every frame gets another cut.
SPARE_PX = 96


@dataclass(frozen=True)
class Seen:
    """One frame: the picture (H, W, 3) as a webcam hands it over, and what it shows."""

    image: NDArray[np.uint8]
    shown: Shown
    drawn: Drawn


@dataclass(frozen=True)
class Drawn:
    """One distinct moment: its number, its picture, the body in it and its truth."""

    number: int
    image: NDArray[np.uint8]
    posed: Posed
    truth: Measured


def _fitted(camera: Camera, points: Array) -> Camera:
    """Return the camera with the lens in which `points` just fit."""
    for _ in range(3):
        half = np.array([camera.width_px, camera.height_px]) / 2.0
        fill = float((np.abs(camera.project(points) - half) / half).max())
        wide = np.arctan(np.tan(np.radians(camera.horizontal_fov_deg / 2.0)) * fill / FILLED)
        camera = replace(camera, horizontal_fov_deg=float(np.degrees(2.0 * wide)))
    return camera


def extremes(act: Act) -> list[Moment]:
    """Return the moments between which all others lie."""
    shown = (m for m in (frame.moment for frame in act.routine.frames()) if m.turn == 0)
    return [
        m
        for m in dict.fromkeys(shown)
        if m.share in (0.0, 1.0) or m.part.startswith(("step", "air"))
    ]


def camera_for(act: Act, rng: np.random.Generator) -> Camera:
    """Return a camera as the set-up text asks for it: level, nearly square, the body in the picture.

    The width of the picture cuts nobody off, as the pose model sees a square around the person.
    """
    skins = np.concatenate([act.posed(moment).skin[::20] for moment in extremes(act)])
    middle = float(act.posed(Moment("quiet")).mid_hip[2])
    distance = float(rng.uniform(2.5, 3.1))
    height = float(rng.uniform(0.4, 0.6)) if act.lying else middle + float(rng.normal(0, 0.05))
    if act.look_down_deg:
        height = middle + distance * float(np.tan(np.radians(act.look_down_deg)))
    return _fitted(
        Camera(
            width_px=WIDTH_PX,
            height_px=HEIGHT_PX,
            horizontal_fov_deg=60.0,
            distance_m=distance,
            height_m=height,
            pitch_deg=act.look_down_deg,
            yaw_deg=act.yaw_deg + float(rng.uniform(-8.0, 8.0)),
            roll_deg=float(rng.uniform(-1.0, 1.0)),
        ),
        skins,
    )


class Studio:
    """One act before one camera: draws each distinct moment once."""

    def __init__(self, act: Act, seed: int) -> None:
        rng = np.random.default_rng([seed, 239])
        self.act, self.camera = act, camera_for(act, rng)
        self._actor = Actor(act.body, paint(act.body, draw_look(seed, act.body.spec.sex)))
        meshes = room(seed, act.props, act.yaw_deg)
        self._renderer = Renderer(meshes, self.camera, seed)
        self._seed, self._noise = seed, np.random.default_rng([seed, 241])
        size = (self.camera.height_px + SPARE_PX, self.camera.width_px + SPARE_PX, 3)
        strength = self._noise.uniform(*GRAIN)
        self._grain = (strength * self._noise.standard_normal(size)).astype(np.int16)
        self._kept: dict[Moment, Drawn] = {}

    @property
    def drawn(self) -> list[Drawn]:
        """The distinct moments that were rendered, in their order."""
        return list(self._kept.values())

    def draw(self, moment: Moment) -> Drawn:
        """Return a moment, rendered at its first call."""
        if moment not in self._kept:
            posed = self.act.posed(moment)
            self._renderer.focus([self._actor.surface(posed)])
            picture = self._renderer.draw(self._actor.mesh(posed))
            # One webcam has one lens and one light; only the noise is new in every picture.
            webcam = np.random.default_rng([self._seed, 251])
            image = blemished(picture, webcam, self._noise)
            truth = self.act.measure(posed)
            self._kept[moment] = Drawn(len(self._kept), image, posed, truth)
        return self._kept[moment]

    def shaken(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the picture with sensor noise that no other frame has."""
        height, width = image.shape[:2]
        top, left = (int(n) for n in self._noise.integers(SPARE_PX, size=2))
        grain = self._grain[top : top + height, left : left + width]
        return np.asarray(cv2.add(image, grain, dtype=cv2.CV_8U), np.uint8)


def frames(studio: Studio) -> Iterator[Seen]:
    """Yield every frame of the clip."""
    for shown in studio.act.routine.frames():
        drawn = studio.draw(shown.moment)
        yield Seen(studio.shaken(drawn.image), shown, drawn)
