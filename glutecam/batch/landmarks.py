"""The landmarks of a clip: found by the pose model, or read; on the disk while they are judged."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from glutecam import pipeline
from glutecam.batch.places import Footage
from glutecam.batch.plan import Clip
from glutecam.batch.pool import alive_meanwhile, sign_of_life
from glutecam.core.assessment import Update
from glutecam.core.poses import PoseSeries
from glutecam.errors import PoseFileError
from glutecam.records.pose_store import PoseStore
from glutecam.records.posefile import save_recording
from glutecam.records.stored_recording import StoredRecording, load_stored

__all__ = ["Tracking", "keep_landmarks", "kept_landmarks", "read_landmarks"]


@dataclass(frozen=True)
class Tracking:
    """How a person is found in a video.

    Attributes
    ----------
    model : str
        Pose model.
    count_people : bool
    follow : str
        As in ``score``.
    """

    model: str
    count_people: bool
    follow: str


def read_landmarks(clip: Clip, footage: Footage, how: Tracking, folder: Path) -> StoredRecording:
    """Return the landmarks of a clip, a video or landmarks themselves; close them after use.

    Parameters
    ----------
    clip : Clip
    footage : Footage
        Its file.
    how : Tracking
    folder : Path
        What does not stay in memory lies here meanwhile.

    Raises
    ------
    SourceError, PoseFileError, ModelError, MissingExtraError, OutputError
        As the reading of videos and files raises them.
    """
    read = _read(footage.file(), how, folder)
    said = tuple(map(clip.public, read.about.warnings))
    return replace(read, about=replace(read.about, source_name=clip.file, warnings=said))


def kept_landmarks(path: Path, folder: Path) -> StoredRecording | None:
    """Return landmarks that an earlier run has kept; None where they cannot be read."""
    try:
        return load_stored(path, folder)
    except PoseFileError:
        return None


def keep_landmarks(path: Path, recording: StoredRecording) -> None:
    """Write the landmarks for a later run.

    Raises
    ------
    OutputError
        Where they cannot be written.
    """
    save_recording(path, recording.poses, recording.about)


def _read(path: Path, how: Tracking, folder: Path) -> StoredRecording:
    if path.suffix.lower() == ".npz":
        with alive_meanwhile():
            return load_stored(path, folder)
    return _tracked(path, how, folder)


def _tracked(path: Path, how: Tracking, folder: Path) -> StoredRecording:
    with alive_meanwhile():
        from glutecam.batch.model import fresh_model
        from glutecam.capture.video import VideoFile

    # Other clips keep the other cores busy: decoding in threads costs half as much again.
    source = VideoFile(path, threads=False)
    with (
        source,
        fresh_model(how.model, how.count_people, how.follow) as estimator,
        ExitStack() as unless_done,
    ):
        pipeline.look_ahead(path, estimator, sign_of_life)
        info = source.info
        store = PoseStore(info.width_px, info.height_px, folder=folder)
        unless_done.callback(store.close)
        pipeline.run(source, estimator, _Storing(store))
        unless_done.pop_all()
        return StoredRecording(store, pipeline.about_of(source, estimator))


class _Storing:
    """Judges nothing, stores the landmarks, and tells with every frame that the clip gets on."""

    def __init__(self, store: PoseStore) -> None:
        self._store = store

    def push(self, poses: PoseSeries) -> Update:
        sign_of_life()
        self._store.append(poses)
        return Update.unjudged(poses.time_s)

    def finish(self) -> PoseStore:
        return self._store
