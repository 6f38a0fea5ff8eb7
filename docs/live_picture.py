"""The steps of a live session in one picture: a bundled clip plays the person, the session is real.

The clip's people raise no hand and stand in the right place from the start: pictures and landmarks
are moved down together for the set-up check, and the hand is the space key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from glutecam import exercises, pipeline
from glutecam.capture.frames import Frame
from glutecam.capture.video import VideoFile
from glutecam.core.assessment import Phase
from glutecam.core.coaching import Command, PictureFacts, SessionPlan, SessionUpdate, Step
from glutecam.core.poses import PoseSeries
from glutecam.core.session import Session
from glutecam.core.session_wording import say
from glutecam.display.coach import CoachOverlay

__all__ = ["steps_of_a_session"]

LIT = PictureFacts(brightness=0.5)
FPS = 30.0
DOWN = 0.22
"""How far the picture is moved for the set-up check, in heights of it."""
GAP = 8
TILE = (480, 329)


@dataclass
class Studio:
    """Plays frames to a session, one after the other in time, and keeps pictures."""

    session: Session
    overlay: CoachOverlay
    kept: list[Any]
    frame: int = 0

    def show(self, image: Any, poses: PoseSeries, keep: bool = False) -> SessionUpdate:
        """Push one frame, and keep what is drawn if that is wanted."""
        poses = replace(poses, time_s=np.array([self.frame / FPS]))
        self.frame += 1
        update = self.session.push(poses, LIT)
        if keep:
            self.kept.append(self.overlay.draw(image, poses, update))
        return update


def steps_of_a_session(clip: Path, exercise: str) -> Any:
    """Return one picture (H, W, 3) in BGR of six steps."""
    chosen = exercises.get(exercise)
    plan = SessionPlan(sides=(None, None), reps=2, summary_s=60.0)
    keys = str(say("keys"))
    studio = Studio(Session(chosen, plan), CoachOverlay(chosen, mirror=True, keys=keys), [])
    frames = list(_tracked(clip))
    _set_up(studio, *frames[5])
    _set(studio, frames)
    studio.session.command(Command.NEXT)
    studio.session.command(Command.QUIT)
    update = studio.show(*frames[5])
    ended = replace(update, step=Step.SUMMARY)
    studio.kept.append(studio.overlay.draw(*frames[5], ended))
    return _tiled(studio.kept)


def _tracked(clip: Path) -> Iterator[tuple[Any, PoseSeries]]:
    with VideoFile(clip) as source, pipeline.open_model("full") as model:
        frame: Frame
        for frame, poses in pipeline.track(source, model):
            yield frame.image, poses


def _set_up(studio: Studio, image: Any, poses: PoseSeries) -> None:
    down = round(DOWN * image.shape[0])
    low = np.concatenate([np.repeat(image[:1], down, axis=0), image[:-down]])
    cut_off = replace(poses, image_px=poses.image_px + [0.0, float(down)])
    for _ in range(75):
        studio.show(low, cut_off)
    studio.show(low, cut_off, keep=True)
    while studio.show(image, poses).step is not Step.READY:
        pass
    studio.show(image, poses, keep=True)
    studio.session.command(Command.START)
    for _ in range(20):
        studio.show(image, poses)
    studio.show(image, poses, keep=True)


def _set(studio: Studio, frames: list[tuple[Any, PoseSeries]]) -> None:
    while studio.show(*frames[5]).step is not Step.BASELINE:
        pass
    moving = 0
    for image, poses in frames:
        update = studio.show(image, poses, keep=moving == 20)
        moving += update.phase is Phase.MOVING and update.reps == 1
        if update.step is Step.REST:
            break
    for _ in range(40):
        studio.show(*frames[5])
    studio.show(*frames[5], keep=True)


def _tiled(pictures: list[Any]) -> Any:
    import cv2

    width, height = TILE
    canvas = np.full((2 * height + GAP, 3 * width + 2 * GAP, 3), 255, dtype=np.uint8)
    for index, picture in enumerate(pictures[:6]):
        row, column = divmod(index, 3)
        y, x = row * (height + GAP), column * (width + GAP)
        small = cv2.resize(picture, TILE, interpolation=cv2.INTER_AREA)
        canvas[y : y + height, x : x + width] = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    return canvas
