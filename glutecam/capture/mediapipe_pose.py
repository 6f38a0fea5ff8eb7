"""MediaPipe's pose landmarker as a PoseEstimator.

Four traps of the pinned versions are closed here and measured in the tests:

- In VIDEO mode a filter that cannot be switched off shrinks and delays movement. It looks at the
  timestamps, so it is handed stretched ones and becomes transparent; glutecam filters by itself.
- Visibility is low-passed frame by frame, whatever the timestamps; that is undone exactly.
- Strides are ignored: a view gives wrong pixels or a crash, so it is refused.
- A closed landmarker returns empty results without a word; here it raises.
"""

from __future__ import annotations

import ctypes
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glutecam.capture.frames import Frame
from glutecam.capture.lean import read_lean
from glutecam.capture.manifest import find_model
from glutecam.capture.memory import give_back, lasting, one_heap
from glutecam.capture.postponed import postponed
from glutecam.capture.quiet import without_lines
from glutecam.closing import Closing
from glutecam.core.landmarks import LANDMARK_COUNT, Landmark
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.errors import ModelError

with postponed("matplotlib", "pyplot"):
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions
    from mediapipe.tasks.python.components.containers.landmark_c import NormalizedLandmarkC
    from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode
    from mediapipe.tasks.python.vision.pose_landmarker import PoseLandmarkerResultC

__all__ = ["MediaPipePose"]

STRETCH = 1_000_000
"""Units handed over per second. MediaPipe takes them for milliseconds: 1000 times too long."""
SHORTEST_STEP = 33_000
"""Between two frames at least; what makes the filter transparent at 30 fps does so at 240."""
VISIBILITY_ALPHA = 0.1
"""Weight of the newest frame in MediaPipe's visibility; the previous value has the rest."""
COUNT_CONFIDENCE = 0.3
"""Lower than the default 0.5, which overlooks smaller people at the side."""
CHOICE = 4
"""People among whom one can be chosen."""
APART_TRUNKS = 1.0
"""Bodies nearer than this many trunk lengths are one body found twice (0.06-0.83 measured)."""

HARMLESS = (
    "Created TensorFlow Lite XNNPACK delegate for CPU",
    "All log messages before absl::InitializeLog() is called are written to STDERR",
    "Feedback manager requires a model with a single signature inference",
    "Using NORM_RECT without IMAGE_DIMENSIONS is only supported for the square ROI",
    "GL version:",
    "Successfully initialized EGL",
)
_NUMBERS = ctypes.sizeof(NormalizedLandmarkC) // ctypes.sizeof(ctypes.c_float)
_VISIBILITY = NormalizedLandmarkC.visibility.offset // ctypes.sizeof(ctypes.c_float)
"""A landmark in the memory of MediaPipe's C library, as so many float32: x, y, z, ..., visibility."""
Numbers = NDArray[np.float32]

_VENDOR_ERRORS = (ValueError, RuntimeError, OSError, IndexError, NotImplementedError)


class MediaPipePose(Closing):
    """Finds the points of one person; made in any thread, used from one.

    Parameters
    ----------
    model_path : Path
        A checked bundle, from ``weights.model_path``.
    variant : str
        Name of the model in the list of models.
    count_people_every_s : float, optional
        Seconds of the frames' own time between two counts of the people in the picture; None never
        counts. A count costs about one and a half frames.

    Raises
    ------
    ModelError
        Where the name is unknown or the file cannot be loaded.
    """

    def __init__(
        self, model_path: Path, variant: str, count_people_every_s: float | None = 1.0
    ) -> None:
        one_heap()
        self._model_path = model_path
        self._variant = variant
        self._reduced_accuracy = find_model(variant).reduced_accuracy
        self._count_every_s = count_people_every_s
        self._last_count_s: float | None = None
        self._last_stamp: int | None = None
        self._last_visibility: FloatArray | None = None
        self._talkative = self._finder_talks = True
        self._idle = threading.Lock()
        self._counter: PoseLandmarker | None = None
        self._finder: PoseLandmarker | None = None
        self._bundle = _bundle(model_path)
        self._tracker: PoseLandmarker | None = self._landmarker(RunningMode.VIDEO)

    @property
    def model_name(self) -> str:
        """Version of MediaPipe and name of the model, as kept in every Assessment."""
        return f"mediapipe-{mp.__version__}/pose_landmarker_{self._variant}"

    @property
    def reduced_accuracy(self) -> bool:
        """True for a model whose results must be marked as less accurate."""
        return self._reduced_accuracy

    def start_anew(self) -> None:
        """Forget every frame seen, before the first of another recording; cheaper than a new one.

        The tracker is made again, as nothing else empties its memory. The counter has none: it
        looks at single pictures.

        Raises
        ------
        ModelError
            Where MediaPipe cannot load it any more.
        """
        # Where another thread is still within a frame, that frame is waited for.
        with self._idle:
            if self._tracker is not None and self._last_stamp is None:
                return
            if self._tracker is not None:
                self._tracker.close()
                give_back()
            self._last_count_s = self._last_stamp = self._last_visibility = None
            self._talkative = True
            self._tracker = self._landmarker(RunningMode.VIDEO)

    def close(self) -> None:
        """Free the model; closing twice is fine.

        Where another thread is still within a frame, it is freed when that frame is done: to free
        it at once is a crash.
        """
        landmarkers = (self._tracker, self._counter, self._finder)
        idle = self._idle.acquire(blocking=False)
        self._tracker = self._counter = self._finder = None
        if not idle:
            return
        try:
            for landmarker in landmarkers:
                if landmarker is not None:
                    landmarker.close()
            give_back()
        finally:
            self._idle.release()

    def estimate(self, frame: Frame) -> PoseSeries:
        """Return the points of one person in one frame (T = 1), all NaN where nobody is seen.

        Raises
        ------
        ValueError
            Where the picture is not C-contiguous uint8 of shape (H, W, 3).
        ModelError
            After ``close``, or where the model fails.
        """
        with self._idle:
            return self._estimated(frame, _picture(frame), self._open(frame))

    def everybody(self, frame: Frame) -> list[FloatArray]:
        """Return the points of everybody in one frame, (33, 2) pixels each, four people at most.

        Frames before and after do not count, and are not disturbed. Costs two to five frames.

        Raises
        ------
        ValueError, ModelError
            As for ``estimate``.
        """
        with self._idle:
            self._open(frame)
            picture = _picture(frame)
            try:
                if self._finder is None:
                    self._finder = self._many(CHOICE)
                # Its lines come with the first person that it finds, whenever that is.
                with without_lines(HARMLESS) if self._finder_talks else nullcontext():
                    people = _people(self._finder, picture)
                self._finder_talks = self._finder_talks and not people
                return people
            except _VENDOR_ERRORS as err:
                raise self._failure(frame, err) from err

    def _open(self, frame: Frame) -> PoseLandmarker:
        if self._tracker is None:
            raise ModelError(
                f"Frame {frame.index} came after the pose model was closed. Make a new "
                "MediaPipePose, or close it after the last frame."
            )
        return self._tracker

    def _failure(self, frame: Frame, err: Exception) -> ModelError:
        return ModelError(
            f"The pose model '{self._variant}' failed on frame {frame.index}: {err}. Check the "
            f"file with: glutecam models pull {self._variant}"
        )

    def _estimated(self, frame: Frame, picture: mp.Image, tracker: PoseLandmarker) -> PoseSeries:
        try:
            if self._talkative:
                with without_lines(HARMLESS):
                    return self._found(frame, picture, tracker)
            return self._found(frame, picture, tracker)
        except _VENDOR_ERRORS as err:
            raise self._failure(frame, err) from err

    def _found(self, frame: Frame, picture: mp.Image, tracker: PoseLandmarker) -> PoseSeries:
        poses = self._poses(frame, _detected(tracker, picture, self._stamp(frame.time_s)))
        if self._count_is_due(frame.time_s):
            # The arrays of a fresh PoseSeries are nobody else's yet.
            poses.people[0] = max(self._count(picture), int(poses.seen[0]))
        return poses

    def _poses(self, frame: Frame, found: tuple[Numbers, Numbers] | None) -> PoseSeries:
        """Return what the model found, and remember what undoes its low-pass in the next frame."""
        height_px, width_px = frame.image.shape[:2]
        time_s = np.array([frame.time_s], dtype=np.float64)
        before, self._last_visibility = self._last_visibility, None
        if found is None:
            return PoseSeries.unseen(time_s, width_px, height_px)
        # The last of the known lines comes with the first person.
        self._talkative = False
        image, world = found
        # Only these columns: what lies between them need not be numbers.
        self._last_visibility = image[:, _VISIBILITY].astype(np.float64)
        return PoseSeries(
            time_s,
            image_px=image[None, :, :2].astype(np.float64) * (width_px, height_px),
            world_m=world[None, :, :3].astype(np.float64),
            visibility=_unlagged(self._last_visibility, before)[None],
            people=np.array([-1], dtype=np.int64),
            width_px=width_px,
            height_px=height_px,
        )

    def _stamp(self, time_s: float) -> int:
        """Return a stretched timestamp, strictly increasing whatever the clock does."""
        stamp = round(time_s * STRETCH)
        if self._last_stamp is not None:
            stamp = max(stamp, self._last_stamp + SHORTEST_STEP)
        self._last_stamp = stamp
        return stamp

    def _count_is_due(self, time_s: float) -> bool:
        if self._count_every_s is None:
            return False
        last = self._last_count_s
        if last is not None and last <= time_s < last + self._count_every_s:
            return False
        self._last_count_s = time_s
        return True

    def _count(self, picture: mp.Image) -> int:
        """Return how many people are in the picture, two at most."""
        if self._counter is None:
            self._counter = self._many(2)
        return len(_people(self._counter, picture))

    def _many(self, people: int) -> PoseLandmarker:
        return self._landmarker(
            RunningMode.IMAGE,
            num_poses=people,
            min_pose_detection_confidence=COUNT_CONFIDENCE,
            min_pose_presence_confidence=COUNT_CONFIDENCE,
        )

    def _landmarker(self, mode: RunningMode, **options: Any) -> PoseLandmarker:
        base = BaseOptions(model_asset_buffer=self._bundle)
        try:
            with without_lines(HARMLESS), lasting():
                return PoseLandmarker.create_from_options(
                    PoseLandmarkerOptions(base_options=base, running_mode=mode, **options)
                )
        except _VENDOR_ERRORS as err:
            raise _unusable(self._model_path, err) from err


def _bundle(model_path: Path) -> bytes:
    try:
        return read_lean(model_path)
    except OSError as err:
        raise _unusable(model_path, err) from err


def _unusable(model_path: Path, err: Exception) -> ModelError:
    return ModelError(
        f"The pose model {model_path} cannot be loaded: {err}. Fetch it again: glutecam models "
        "pull NAME (glutecam models list shows the names)"
    )


def _picture(frame: Frame) -> mp.Image:
    image: NDArray[np.uint8] = frame.image
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise ValueError(
            f"frame {frame.index} is {image.dtype} of shape {image.shape}, expected uint8 of shape "
            "(H, W, 3); convert it to RGB first"
        )
    if not image.flags.c_contiguous:
        raise ValueError(
            f"frame {frame.index} is a view with strides {image.strides}, which the pose model "
            "would misread; hand over np.ascontiguousarray(image)"
        )
    if not np.isfinite(frame.time_s):
        raise ValueError(f"frame {frame.index} has the time {frame.time_s} s; give it a finite one")
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=image)


def _detected(
    tracker: PoseLandmarker, picture: mp.Image, stamp: int
) -> tuple[Numbers, Numbers] | None:
    """Return the first person's points in the picture and in metres; None where nobody is seen.

    It is what ``detect_for_video`` does, but for the 66 objects that it makes of the points: the
    numbers are read where the C library left them, in a tenth of the time.
    """
    answer, library = PoseLandmarkerResultC(), tracker._lib
    library.MpPoseLandmarkerDetectForVideo(
        tracker._handle, picture._image_ptr, None, stamp, ctypes.byref(answer)
    )
    try:
        if not answer.pose_landmarks_count:
            return None
        return _read(answer.pose_landmarks[0]), _read(answer.pose_world_landmarks[0])
    finally:
        library.MpPoseLandmarkerCloseResult(ctypes.byref(answer))


def _read(points: Any) -> Numbers:
    """Copy a C list of landmarks, (33, 10): x, y, z first, visibility in a column of its own."""
    size = points.landmarks_count * ctypes.sizeof(NormalizedLandmarkC)
    numbers = np.frombuffer(ctypes.string_at(points.landmarks, size), np.float32)
    return numbers.reshape(LANDMARK_COUNT, _NUMBERS)


def _columns(points: list[Any]) -> FloatArray:
    """(33, 2) x and y of landmarks that are objects."""
    return np.array([(point.x, point.y) for point in points])


def _unlagged(now: FloatArray, before: FloatArray | None) -> FloatArray:
    """Undo the low-pass, which starts anew with every person found."""
    return np.minimum(np.maximum(_before_the_low_pass(now, before), 0.0), 1.0)


def _before_the_low_pass(now: FloatArray, before: FloatArray | None) -> FloatArray:
    if before is None:
        return now
    return (now - (1 - VISIBILITY_ALPHA) * before) / VISIBILITY_ALPHA


def _people(landmarker: PoseLandmarker, picture: mp.Image) -> list[FloatArray]:
    """Return the bodies in a picture, (33, 2) pixels each; those that lie upon each other are one."""
    shape = (picture.width, picture.height)
    found: list[FloatArray] = []
    for points in landmarker.detect(picture).pose_landmarks:
        body = _columns(points) * shape
        if all(_apart(body, other) for other in found):
            found.append(body)
    return found


def _apart(a: FloatArray, b: FloatArray) -> bool:
    distance = np.linalg.norm(a.mean(axis=0) - b.mean(axis=0))
    return bool(distance > APART_TRUNKS * max(_trunk(a), _trunk(b)))


def _trunk(body: FloatArray) -> float:
    shoulders = body[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]].mean(axis=0)
    hips = body[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=0)
    return float(np.linalg.norm(shoulders - hips))
