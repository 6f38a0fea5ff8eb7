"""Through a recording once more, without the pose model, for the pictures of its report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from glutecam import pipeline
from glutecam.capture.video import VideoFile
from glutecam.core.analyzer import Replay
from glutecam.core.assessment import Assessment, Update
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.display.faces import Faces
from glutecam.display.overlay import Overlay
from glutecam.display.view import Image
from glutecam.records.keyframes import KeyFrames
from glutecam.records.posefile import Recording

__all__ = ["pictures_of"]


def pictures_of(
    path: Path,
    recording: Recording,
    assessment: Assessment,
    exercise: Exercise,
    *,
    hide_faces: bool = True,
    alive: Callable[[], None] = lambda: None,
) -> dict[int, bytes]:
    """Return the moments that decided as JPEGs, by the number of their frame.

    Parameters
    ----------
    path : Path
        The video.
    recording : Recording
        Its landmarks.
    assessment : Assessment
    exercise : Exercise
    hide_faces : bool
        Hide the face and everything around the person.
    alive : callable
        Called with every frame.

    Raises
    ------
    SourceError
        Where the video cannot be read any more.
    """
    poses = recording.poses
    keyframes = KeyFrames(assessment, around=lambda frame: poses.image_px[frame])
    if keyframes.wanted:
        # Cut to the person, so without the panels, whose words stand below the picture anyway.
        overlay = Overlay(exercise, panels=False)
        view = _Pictures(overlay, keyframes, Faces(poses) if hide_faces else None, alive)
        estimator = pipeline.Recorded(poses, recording.model_name)
        with VideoFile(path, threads=False) as source:
            pipeline.run(source, estimator, Replay(assessment, exercise), [view])
    return keyframes.jpegs


class _Pictures:
    """A view that keeps the frames that are wanted, and ends when it has them."""

    def __init__(
        self,
        overlay: Overlay,
        keyframes: KeyFrames,
        faces: Faces | None,
        alive: Callable[[], None],
    ) -> None:
        self._overlay = overlay
        self._keyframes = keyframes
        self._faces = faces
        self._alive = alive
        self._index = 0

    @property
    def wants_stop(self) -> bool:
        """True once all are there."""
        return self._keyframes.complete

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Keep this frame if it is wanted."""
        self._alive()
        if self._index in self._keyframes.wanted:
            if self._faces is not None:
                image = self._faces.hidden(image, poses)
            self._keyframes.show(self._index, self._overlay.draw(image, poses, update))
        self._index += 1

    def close(self) -> None:
        """Hold nothing."""
