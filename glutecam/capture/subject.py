"""Keeps one person among several: chosen once, then cut out of every picture before the pose model.

MediaPipe follows whom it found first and changes over to somebody else without a word when they
cross. Here everything outside the chosen person's surroundings is painted grey before the model sees
the picture, and a pose that jumps, or has another person's colours, is thrown away. The picture keeps
its size, so the points need no conversion and the model's own tracking goes on. Without a choice
nothing of this happens, and nothing is slower.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glutecam.capture.follow import (
    AUTO,
    SIZE_STEP,
    Follow,
    Whom,
    beside,
    middle_of_hips,
    mover,
    nearest,
    trunk_of,
)
from glutecam.capture.frames import Frame
from glutecam.capture.mediapipe_pose import MediaPipePose
from glutecam.capture.scene import SceneWatcher, body_box
from glutecam.capture.uprights import Box
from glutecam.closing import Closing
from glutecam.core.followed import lost_sentence
from glutecam.core.likeness import ANOTHER, colour_distance
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.sights import COLOURS

__all__ = ["SubjectPose"]

GREY = 114
MARGIN = 0.35
"""Room about the body, of its size: an arm or leg that is lifted stays in the picture."""
SLOWLY = 0.05
"""How much of the way the surroundings shrink towards the body in a frame; they grow at once."""
JUMP_TRUNKS = 0.6
"""A middle of the hips that moved further between two frames belongs to somebody else."""
FOUND = 0.7
"""Share of the pictures in which they must be found, as the gate about the person asks for."""
LOST_S = 1.0
"""After so long without the person they are looked for anew, near where they were."""
WATCH_S = 4.0
"""Live, who moves most is known after this long."""
_LOOK_S = 0.33


class SubjectPose(Closing):
    """A pose model that keeps to one person and looks at the picture around them.

    Parameters
    ----------
    model : MediaPipePose
        Closed with this.
    follow : Follow
        ``AUTO`` leaves the choice to the pose model, at no cost.
    """

    def __init__(self, model: MediaPipePose, follow: Follow = AUTO) -> None:
        self._model = model
        self._asked = self._follow = follow
        self._forget()

    @property
    def model_name(self) -> str:
        """Of the pose model."""
        return self._model.model_name

    @property
    def reduced_accuracy(self) -> bool:
        """Of the pose model."""
        return self._model.reduced_accuracy

    @property
    def follow(self) -> Follow:
        """Whom it keeps to."""
        return self._follow

    @property
    def warnings(self) -> tuple[str, ...]:
        """That the person to follow was seldom found, though somebody was there."""
        share = self._found / max(self._looked_at, 1)
        if self._box is None or share >= FOUND:
            return ()
        return (lost_sentence(str(self._follow), share),)

    def close(self) -> None:
        """Free the pose model."""
        self._model.close()

    def start_anew(self, follow: Follow | None = None) -> None:
        """Forget every frame seen, before the first of another recording.

        Parameters
        ----------
        follow : Follow, optional
            Whom to keep to in this one only.

        Raises
        ------
        ModelError
            Where the pose model cannot be loaded any more.
        """
        self._follow = follow or self._asked
        self._model.start_anew()
        self._forget()

    def everybody(self, frame: Frame) -> list[FloatArray]:
        """Return the points of everybody in one frame, (33, 2) pixels each."""
        return self._model.everybody(frame)

    def estimate(self, frame: Frame) -> PoseSeries:
        """Return the points of the followed person in one frame (T = 1), NaN where not seen.

        Raises
        ------
        ValueError, ModelError
            As for ``MediaPipePose.estimate``.
        InputError
            Where the place to follow is outside the picture.
        """
        if self._follow.kind is Whom.AUTO:
            poses = self._model.estimate(frame)
            self._watcher.watch(frame, poses)
            return poses
        if self._box is None:
            self._choose(frame)
        poses = _nobody(frame) if self._box is None else self._kept(frame)
        self._looked_at += 1
        self._found += int(poses.seen[0])
        return poses

    def _forget(self) -> None:
        self._watcher = SceneWatcher()
        self._box: Box | None = None
        self._body: FloatArray | None = None
        self._seen_s = 0.0
        self._looked_at = self._found = 0
        self._doubted = False
        self._colours: list[FloatArray] = []
        self._watched: list[list[FloatArray]] = []
        self._began_s: float | None = None
        self._looked_s = -np.inf

    def _choose(self, frame: Frame) -> None:
        """Look for the person that is meant, a few times a second until there is one."""
        height, width = frame.image.shape[:2]
        self._follow.check(width, height)
        self._began_s = frame.time_s if self._began_s is None else self._began_s
        if frame.time_s < self._looked_s + _LOOK_S:
            return
        self._looked_s = frame.time_s
        bodies = self._model.everybody(frame)
        if self._follow.kind is Whom.MOVING:
            self._watched.append(bodies)
            if frame.time_s < self._began_s + WATCH_S:
                return
            moving = mover(self._watched)
            bodies = [moving[-1]] if moving else bodies
        if bodies:
            self._take(self._follow.pick(bodies), frame.time_s)

    def _take(self, body: FloatArray, time_s: float) -> None:
        self._box, self._body, self._seen_s = body_box(body, MARGIN), body, time_s

    def _kept(self, frame: Frame) -> PoseSeries:
        """Return the person's pose, and none rather than somebody else's."""
        assert self._box is not None
        cut = replace(frame, image=cut_out(frame.image, self._box))
        poses = self._model.estimate(cut)
        self._watcher.watch(frame, poses)
        if poses.seen[0] and self._is_the_one(poses):
            self._remember(poses, frame.time_s)
            return poses
        self._look_again(frame)
        return poses.without(np.array([True])) if poses.seen[0] else poses

    def _is_the_one(self, poses: PoseSeries) -> bool:
        body, before = poses.image_px[0], self._body
        assert before is not None
        trunk = max(trunk_of(before), 1.0)
        if np.linalg.norm(middle_of_hips(body) - middle_of_hips(before)) > JUMP_TRUNKS * trunk:
            return False
        if not trunk / SIZE_STEP < trunk_of(body) < trunk * SIZE_STEP:
            return False
        colours = poses.scene[0, COLOURS]
        if np.isfinite(colours).any() and len(self._colours) >= 3:
            reference = np.nanmedian(self._colours, axis=0)
            self._doubted = bool(colour_distance(colours[None], reference)[0] > ANOTHER)
        return not self._doubted

    def _remember(self, poses: PoseSeries, time_s: float) -> None:
        assert self._box is not None
        body, colours = poses.image_px[0], poses.scene[0, COLOURS]
        if np.isfinite(colours).any() and len(self._colours) < 9:
            self._colours.append(colours.copy())
        self._body, self._seen_s = body, time_s
        self._box = grown(self._box, body_box(body, MARGIN))

    def _look_again(self, frame: Frame) -> None:
        """Take whoever now stands where the person was, once they were away for a while."""
        if frame.time_s < self._seen_s + LOST_S or frame.time_s < self._looked_s + _LOOK_S:
            return
        self._looked_s = frame.time_s
        assert self._body is not None
        near = [body for body in self._model.everybody(frame) if beside(body, self._body)]
        if near:
            self._model.start_anew()
            self._doubted = False
            self._take(nearest(near, middle_of_hips(self._body)), self._seen_s)


def cut_out(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """Return the picture with everything outside the box grey."""
    height, width = image.shape[:2]
    left, right = (int(np.clip(edge, 0, width)) for edge in (box[0], box[2]))
    top, bottom = (int(np.clip(edge, 0, height)) for edge in (box[1], box[3]))
    out = np.full_like(image, GREY)
    out[top:bottom, left:right] = image[top:bottom, left:right]
    return out


def grown(box: Box, about: Box) -> Box:
    """Return the box made to hold another one: at once where it must grow, slowly where it may shrink."""
    step = np.array(about) - np.array(box)
    outward = step * np.array([-1.0, -1.0, 1.0, 1.0]) > 0
    left, top, right, bottom = np.array(box) + np.where(outward, step, SLOWLY * step)
    return float(left), float(top), float(right), float(bottom)


def _nobody(frame: Frame) -> PoseSeries:
    height, width = frame.image.shape[:2]
    return PoseSeries.unseen(np.array([frame.time_s]), width, height)
