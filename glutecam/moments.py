"""Through a recording once more, without the pose model, for the pictures of its report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from glutecam import pipeline
from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.video import VideoFile
from glutecam.closing import Closing
from glutecam.core.analyzer import Replay
from glutecam.core.assessment import Assessment, Update
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.display.faces import Faces
from glutecam.display.overlay import Overlay
from glutecam.display.view import Image
from glutecam.records.keyframes import KeyFrames
from glutecam.records.posefile import Recording

__all__ = ["Moments", "pictures_of"]


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
    if not KeyFrames(assessment).wanted:
        return {}
    with Moments(path, exercise, hide_faces=hide_faces, alive=alive) as moments:
        return moments.of(recording, assessment)


class Moments(Closing):
    """The moments that decided, of one set of a video after the other, while it is read once.

    Parameters
    ----------
    path : Path
        The video.
    exercise : Exercise
    hide_faces : bool
        Hide the face and everything around the person.
    alive : callable
        Called with every frame.
    """

    def __init__(
        self,
        path: Path,
        exercise: Exercise,
        *,
        hide_faces: bool = True,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._source = VideoFile(path, threads=False)
        self._exercise = exercise
        self._hide_faces = hide_faces
        self._alive = alive

    def __enter__(self) -> Moments:
        """Open the video.

        Raises
        ------
        SourceError
            Where it cannot be read.
        """
        self._source.__enter__()
        return self

    def close(self) -> None:
        """Close the video."""
        self._source.close()

    def of(
        self, recording: Recording, assessment: Assessment, *, start: int = 0
    ) -> dict[int, bytes]:
        """Return the pictures of the next set as JPEGs, by the number of their frame within the set.

        Parameters
        ----------
        recording : Recording
            The set's landmarks.
        assessment : Assessment
            Of the set.
        start : int
            Number of its first frame in the video, not before the end of the set before.
        """
        poses = recording.poses
        keyframes = KeyFrames(assessment, around=lambda frame: poses.image_px[frame])
        if keyframes.wanted:
            # Cut to the person, so without the panels, whose words stand below the picture anyway.
            overlay = Overlay(self._exercise, panels=False)
            view = _Pictures(overlay, keyframes, Faces(poses) if self._hide_faces else None)
            stretch = _Stretch(self._source, start, start + len(poses), self._alive)
            estimator = pipeline.Recorded(poses, recording.model_name, first=start)
            pipeline.run(stretch, estimator, Replay(assessment, self._exercise), [view])
        return keyframes.jpegs


class _Stretch(Closing):
    """The frames [start, end) of a video that was read up to there or less; it stays open."""

    def __init__(self, source: VideoFile, start: int, end: int, alive: Callable[[], None]) -> None:
        self._source = source
        self._start, self._end = start, end
        self._alive = alive
        self.warnings: list[str] = []

    @property
    def info(self) -> SourceInfo:
        return self._source.info

    def close(self) -> None:
        """Leave the video open for the next stretch."""

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._source:
            self._alive()
            if frame.index >= self._start:
                yield frame
            if frame.index + 1 >= self._end:
                return


class _Pictures:
    """A view that keeps the frames that are wanted, and ends when it has them."""

    def __init__(self, overlay: Overlay, keyframes: KeyFrames, faces: Faces | None) -> None:
        self._overlay = overlay
        self._keyframes = keyframes
        self._faces = faces
        self._index = 0

    @property
    def wants_stop(self) -> bool:
        """True once all are there."""
        return self._keyframes.complete

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Keep this frame if it is wanted."""
        if self._index in self._keyframes.wanted:
            if self._faces is not None:
                image = self._faces.hidden(image, poses)
            self._keyframes.show(self._index, self._overlay.draw(image, poses, update))
        self._index += 1

    def close(self) -> None:
        """Hold nothing."""
