"""The one loop over frames: ``track`` finds the person, ``run`` judges and shows.

``record``, ``read``, ``judge`` and ``judge_sets`` are the steps from a file to an assessment; ``glutecam.api`` is the
short way for users of the library.

Reading and the pose model work in a thread of their own, so that judging and drawing overlap with
them. A result is handed on as soon as it exists: it never waits for a further frame.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from glutecam.capture.frames import FrameSource, PoseEstimator, Warns
from glutecam.capture.recorded import Keeper, Recorded
from glutecam.core.assessment import Assessment, Side, Update
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise
from glutecam.display.view import View
from glutecam.records.posefile import About, Recording, load_poses
from glutecam.tracking import Tracked, TrackingThread

if TYPE_CHECKING:
    from glutecam.capture.subject import SubjectPose
    from glutecam.core.set_by_set import JudgedSet
    from glutecam.records.stored_recording import StoredRecording

__all__ = [
    "Judge",
    "Keeper",
    "Recorded",
    "about_of",
    "judge",
    "judge_sets",
    "look_ahead",
    "open_model",
    "read",
    "record",
    "run",
    "suggested",
    "track",
]

COUNT_PEOPLE_S = 1.0
COUNT_PEOPLE_LIVE_S = 2.0
"""Seconds between two counts of the people in the picture; live each costs a picture or two."""

LOOK_AHEAD_S = 0.5
LOOK_AHEAD_UNTIL_S = 20.0
"""Who moves in a file is looked for so often, and so far into it."""

Result_co = TypeVar("Result_co", covariant=True)


class Judge(Protocol[Result_co]):
    """What is told every frame and asked at the end: an Analyzer, a Replay or a Keeper."""

    def push(self, poses: PoseSeries) -> Update:
        """Take the newest frames."""

    def finish(self) -> Result_co:
        """Return what everything pushed comes to."""


def run(
    source: FrameSource,
    estimator: PoseEstimator,
    judge: Judge[Result_co],
    views: Sequence[View] = (),
) -> Result_co:
    """Read, find the person, judge and show, frame by frame, to the end or a view's wish.

    Parameters
    ----------
    source, estimator : FrameSource, PoseEstimator
        Opened by the caller, who closes them and the views.
    judge : Judge
        Told every frame; what it finishes with is returned.
    views : sequence of View
        Each is shown every frame; after a frame at which one wants to stop nothing more is read.

    Raises
    ------
    GlutecamError
        Whatever the source, the estimator or a view raises.

    Examples
    --------
    >>> from glutecam import Analyzer, get_exercise
    >>> from glutecam.capture.video import VideoFile
    >>> judge = Analyzer(get_exercise("step-down"), smoothing="causal")
    >>> with VideoFile(Path("clip.mp4")) as video, open_model("full") as model:
    ...     assessment = run(video, model, judge)
    >>> len(assessment.time_s)
    45
    """
    with closing(track(source, estimator)) as tracked:
        for frame, poses in tracked:
            update = judge.push(poses)
            for view in views:
                view.show(frame.image, poses, update, frame.time_s)
            if any(view.wants_stop for view in views):
                break
    return judge.finish()


def track(source: FrameSource, estimator: PoseEstimator) -> Generator[Tracked, None, None]:
    """Yield each frame with its landmarks (T = 1); closing the iterator ends the worker thread.

    Raises
    ------
    GlutecamError
        Whatever the source or the estimator raises in the worker.
    """
    worker = TrackingThread(source, estimator)
    try:
        worker.start()
        yield from worker.results()
    finally:
        worker.stop()


def open_model(
    name: str, *, count_people: bool = True, follow: str = "auto", live: bool = False
) -> SubjectPose:
    """Return a pose model that is on this machine; close it, or use it in a ``with``.

    Parameters
    ----------
    name : str
    count_people : bool
    follow : str
        Whom to keep to among several people, in the words of ``Follow.of``.
    live : bool
        The people are counted every 2 s for every second, so that fewer pictures of a camera are lost.

    Raises
    ------
    InputError
        Where ``follow`` says nothing that can be done.
    ModelError
        Where it is missing or damaged.
    """
    from glutecam.capture.follow import Follow
    from glutecam.capture.mediapipe_pose import MediaPipePose
    from glutecam.capture.subject import SubjectPose
    from glutecam.capture.weights import model_path

    whom = Follow.of(follow)
    every_s = COUNT_PEOPLE_LIVE_S if live else COUNT_PEOPLE_S
    return SubjectPose(
        MediaPipePose(model_path(name), name, every_s if count_people else None), whom
    )


def look_ahead(
    path: Path, estimator: SubjectPose, alive: Callable[[], None] = lambda: None
) -> None:
    """Find out who moves in a file, where that one is to be followed; else do nothing.

    Live that takes the first seconds; in a file they hold the quiet posture, so it is read twice.
    ``alive`` is called with every frame.

    Raises
    ------
    GlutecamError
        Where the file cannot be read, or the pose model fails.
    """
    from glutecam.capture.follow import Follow, Whom, middle_of_hips, mover

    if estimator.follow.kind is not Whom.MOVING:
        return
    from glutecam.capture.video import VideoFile

    looks, next_s = [], 0.0
    with VideoFile(path) as source:
        for frame in source:
            alive()
            if frame.time_s >= next_s:
                looks.append(estimator.everybody(frame))
                next_s = frame.time_s + LOOK_AHEAD_S
            if frame.time_s > LOOK_AHEAD_UNTIL_S:
                break
    moving = mover(looks)
    if moving:
        x, y = middle_of_hips(moving[0])
        estimator.start_anew(Follow(Whom.AT, (float(x), float(y))))


def record(source: FrameSource, estimator: PoseEstimator, views: Sequence[View] = ()) -> Recording:
    """Return the landmarks of a source, with what made them."""
    info = source.info
    poses = run(source, estimator, Keeper(info.width_px, info.height_px), views)
    return Recording(poses, about_of(source, estimator))


def about_of(source: FrameSource, estimator: PoseEstimator) -> About:
    """Return what is known of a recording, once its source was read to the end."""
    more = estimator.warnings if isinstance(estimator, Warns) else ()
    return About(
        model_name=estimator.model_name,
        source_name=source.info.name,
        fps=source.info.fps,
        warnings=(*source.warnings, *more),
        reduced_accuracy=estimator.reduced_accuracy,
    )


def read(
    path: Path,
    model: str = "full",
    *,
    count_people: bool = True,
    follow: str = "auto",
    views: Sequence[View] = (),
) -> Recording:
    """Return the landmarks of a video, or those that an ``.npz`` file holds.

    Raises
    ------
    SourceError, PoseFileError
        Where the file cannot be read.
    ModelError
        Where a video needs the pose model and it is missing.
    """
    if path.suffix.lower() == ".npz":
        return load_poses(path)
    from glutecam.capture.video import VideoFile

    with (
        VideoFile(path) as source,
        open_model(model, count_people=count_people, follow=follow) as estimator,
    ):
        look_ahead(path, estimator)
        return record(source, estimator, views)


def judge(
    recording: Recording,
    exercise: Exercise,
    *,
    side: Side | str | None = None,
    smoothing: str = "zero-phase",
    strict: bool = False,
) -> Assessment:
    """Judge a whole recording; one that is refused is told which exercise it looks more like.

    Raises
    ------
    InputError
        Where it holds not a single frame.
    """
    from glutecam.core.analyzer import analyze
    from glutecam.core.incomplete import judged_incomplete
    from glutecam.core.keeping_up import judged_by_a_slow_machine

    how = {"smoothing": smoothing, "strict": strict, **_made_by(recording.about)}
    judged = judged_incomplete(analyze(recording.poses, exercise, side=side, **how))
    return judged_by_a_slow_machine(suggested(recording.poses, judged), *recording.about.slowness)


def judge_sets(
    recording: Recording | StoredRecording, exercise: Exercise, **how: Any
) -> Iterator[JudgedSet]:
    """Judge every set of a recording, as ``judge`` does; see ``set_by_set.analyze_sets``."""
    from glutecam.core.incomplete import judged_incomplete
    from glutecam.core.keeping_up import judged_by_a_slow_machine
    from glutecam.core.set_by_set import analyze_sets

    for one in analyze_sets(recording.poses, exercise, **how, **_made_by(recording.about)):
        # Only the last set can lack what a file has lost.
        last = one.cut.number == one.cut.of
        told = judged_incomplete(one.assessment) if last else one.assessment
        # Landmarks have no name here: it would keep them until those of the next set are judged.
        told = suggested(recording.poses[one.cut.start : one.cut.end], told)
        told = judged_by_a_slow_machine(told, *recording.about.slowness)
        yield replace(one, assessment=told)


def suggested(poses: PoseSeries, assessment: Assessment) -> Assessment:
    """Return the assessment of poses (T); a refused one names what they look more like."""
    from glutecam import exercises
    from glutecam.core.followed import judged_while_lost
    from glutecam.core.likely import likelier, with_suggestion
    from glutecam.core.pelvis import measured_by

    assessment = judged_while_lost(assessment)
    # Counting does not depend on the pelvis, and the hip line is had at once.
    others = (measured_by(other, "raw") for other in exercises.all_exercises())
    return with_suggestion(assessment, likelier(poses, assessment, others))


def _made_by(about: About) -> dict[str, Any]:
    known = {name: getattr(about, name) for name in ("reduced_accuracy", "warnings")}
    return {"pose_model": about.model_name, **known}
