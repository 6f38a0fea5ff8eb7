"""One clip of a batch: judged, published, and not computed again while nothing has changed."""

from __future__ import annotations

import functools
import hashlib
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam import exercises
from glutecam.batch import places
from glutecam.batch.clip_report import ClipReports, Reports
from glutecam.batch.places import Footage
from glutecam.batch.plan import Clip
from glutecam.batch.pool import alive_meanwhile, sign_of_life
from glutecam.batch.record import (
    POSES,
    RECORD,
    Keys,
    Record,
    assessment_name,
    cleared,
    folder_of,
    read_record,
    set_record,
    verdicts,
    warning_of,
    write_failure,
    write_record,
)
from glutecam.batch.side_asked import naming_the_row
from glutecam.core.dates import ahead_in_words, lies_ahead
from glutecam.core.own_bands import with_own_bands
from glutecam.core.pelvis import measured_by
from glutecam.core.poses import FloatArray
from glutecam.core.rules import Exercise
from glutecam.errors import GlutecamError, PoseFileError, SourceError
from glutecam.records.origin import Origin

if TYPE_CHECKING:
    from glutecam.core.set_by_set import JudgedSet
    from glutecam.records.stored_recording import StoredRecording

__all__ = ["Done", "Job", "State", "folder_of", "read_record"]


class State(str, Enum):
    """What became of a clip; totals and log go by the value."""

    NEW = "new"
    RESCORED = "rescored"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True)
class Done:
    """What became of a clip, what to tell of it, and what to beware of."""

    state: State
    message: str = ""
    video_s: float = 0.0
    took_s: float = 0.0
    warning: str = ""

    @property
    def failed(self) -> bool:
        """True where there is no result."""
        return self.state is State.FAILED


@dataclass(frozen=True)
class Job:
    """How every clip of a batch is judged; called with a Clip, in a worker.

    Attributes
    ----------
    out : Path
        Folder of the results.
    model : str
        Pose model.
    strict, count_people : bool
        As in ``score``.
    smoothing : str
        As in ``score``.
    retry_failed : bool
        Try clips again that failed before and have not changed.
    pelvis, follow : str
        As in ``score``.
    bands : mapping of str to mapping of str to float
        Edges of one's own, as in the settings.
    reports : Reports or None
        Write a report of every set, and how it looks.
    """

    out: Path
    model: str = "full"
    strict: bool = False
    smoothing: str = "zero-phase"
    count_people: bool = True
    retry_failed: bool = False
    pelvis: str = "model"
    follow: str = "auto"
    bands: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    reports: Reports | None = None

    def exercise(self, name: str) -> Exercise:
        """Return the exercise as this job judges it."""
        return with_own_bands(measured_by(exercises.get(name), self.pelvis), self.bands)

    def __call__(self, clip: Clip) -> Done:
        """Judge the clip unless it is done already; an error becomes its record."""
        start_s = time.monotonic()
        before = read_record(self.out, clip)
        with _footage(clip) as footage:
            keys = self._keys(clip, before, footage)
            try:
                done = self._done(clip, keys, before, footage)
            except GlutecamError as err:
                # Trouble of this machine (disk, model) may be gone next time; a bad file stays bad.
                lasting = isinstance(err, (SourceError, PoseFileError))
                said = clip.public(str(err))
                write_failure(self.out, clip, said, keys if lasting else None)
                done = Done(State.FAILED, clip.placed(said))
        return replace(done, took_s=time.monotonic() - start_s)

    def is_done(self, clip: Clip) -> bool:
        """Tell whether what an earlier run left is what this job would give, without computing."""
        before = read_record(self.out, clip)
        if before is None or before["keys"].get("stat") != _stamp(clip):
            return False
        with _footage(clip) as footage:
            keys = self._keys(clip, before, footage)
        same = before["keys"].get("judgement") == keys["judgement"]
        return bool(same and self._has_report(keys, before))

    def error_before(self, clip: Clip) -> str:
        """Return why an earlier run failed with a clip that ``is_done``, and this one will; or nothing."""
        before = read_record(self.out, clip)
        return clip.placed(before["error"] or "") if before and not self.retry_failed else ""

    def _done(self, clip: Clip, keys: Keys, before: Record | None, footage: Footage) -> Done:
        if before and before["keys"].get("judgement") == keys["judgement"]:
            if not before["error"] and self._has_report(keys, before):
                sets = before["sets"]
                return Done(State.KEPT, verdicts(sets), before["video_s"], warning=warning_of(sets))
            if before["error"] and not self.retry_failed:
                return Done(State.FAILED, clip.placed(before["error"]))
        if clip.problem:
            write_failure(self.out, clip, clip.problem)
            return Done(State.FAILED, clip.problem)
        return self._judged(clip, keys, before, footage)

    def _judged(self, clip: Clip, keys: Keys, before: Record | None, footage: Footage) -> Done:
        exercise = self.exercise(clip.exercise)
        with alive_meanwhile():
            # What is imported here, and in what is called, is long in coming on a busy machine.
            from glutecam import pipeline

            kept = self._landmarks(clip, keys, before)
        # An hour of landmarks takes a while, and no decoder that could hang is at work any more.
        with kept or self._read(clip, footage) as found, alive_meanwhile():
            recording = _dated(found, clip, keys)
            if kept is None:
                self._keep_landmarks(clip, recording)
            recording = _warned_of_its_date(recording)
            sets = pipeline.judge_sets(
                recording, exercise, side=clip.side, smoothing=self.smoothing, strict=self.strict
            )
            told = self._publish(clip, keys, exercise, sets, recording, footage)
            video_s = _length_s(recording.poses.time_s)
        state = State.RESCORED if kept else State.NEW
        return Done(state, verdicts(told), video_s, warning=warning_of(told))

    def _has_report(self, keys: Keys, before: Record) -> bool:
        """Tell whether what an earlier run left has the reports that are wanted now."""
        wanted = self.reports is not None and not before["error"]
        return not wanted or before["keys"].get("report") == keys["report"]

    def _read(self, clip: Clip, footage: Footage) -> StoredRecording:
        with alive_meanwhile():
            from glutecam.batch.landmarks import Tracking, read_landmarks

        how = Tracking(self.model, self.count_people, self.follow)
        return read_landmarks(clip, footage, how, self.out)

    def _landmarks(self, clip: Clip, keys: Keys, before: Record | None) -> StoredRecording | None:
        """Return the landmarks of an earlier run if the same file and model made them."""
        if not before or before["error"] or before["keys"]["poses"] != keys["poses"]:
            return None
        from glutecam.batch.landmarks import kept_landmarks

        return kept_landmarks(folder_of(self.out, clip) / POSES, self.out)

    def _keep_landmarks(self, clip: Clip, recording: StoredRecording) -> None:
        from glutecam.batch.landmarks import keep_landmarks

        folder = folder_of(self.out, clip)
        folder.mkdir(parents=True, exist_ok=True)
        # From here on poses.npz and the old clip.json would not belong together.
        (folder / RECORD).unlink(missing_ok=True)
        keep_landmarks(folder / POSES, recording)

    def _publish(
        self,
        clip: Clip,
        keys: Keys,
        exercise: Exercise,
        sets: Iterable[JudgedSet],
        recording: StoredRecording,
        footage: Footage,
    ) -> list[Record]:
        """Write what was found, a set at a time, and return what the tables are made from."""
        from glutecam.records.export import write_json

        folder = folder_of(self.out, clip)
        # Without its record the folder is not complete: no reader takes old and new together.
        cleared(folder, keep_landmarks=True)
        told = []
        with ClipReports(folder, clip, footage, recording, exercise, self.reports) as reports:
            for one in sets:
                sign_of_life()
                judged = replace(one, assessment=naming_the_row(one.assessment, clip))
                name = assessment_name(judged.cut.number)
                write_json(
                    folder / name, judged.assessment, exercise, file=clip.file,
                    subject=clip.subject, visit=clip.visit, notes=clip.notes, cut=judged.part,
                    origin=recording.about.origin,
                )  # fmt: skip
                reports.add(judged)
                told.append(set_record(clip, judged, exercise, name))
            reports.write()
        video_s = _length_s(recording.poses.time_s)
        record = {"keys": keys, "error": "", "video_s": video_s, "sets": told}
        write_record(self.out, clip, record)
        return told

    def _keys(self, clip: Clip, before: Record | None, footage: Footage) -> Keys:
        """Return what the landmarks, and what the judgement, are computed from."""
        file = _fingerprint(clip, before, footage)
        how = (self.model, str(self.count_people), self.follow, _model_stamp())
        poses = _digest(file["content"], *how)
        judgement = _digest(poses, *self._rules(clip))
        report = {"report": _digest(judgement, repr(self.reports))} if self.reports else {}
        return {**file, "poses": poses, "judgement": judgement, **report}

    def _rules(self, clip: Clip) -> tuple[str, ...]:
        from glutecam.core.trained import fingerprint
        from glutecam.core.verdict import RULESET
        from glutecam.core.version import VERSION

        # The exercise's own text changes with every edge and cue in it.
        known = clip.exercise in exercises.names()
        rules = _text_of(self.exercise(clip.exercise)) if known else clip.exercise
        how = (
            self.pelvis,
            fingerprint(),
            self.smoothing,
            str(self.strict),
            clip.side,
            clip.subject,
            clip.visit,
            clip.notes,
            clip.problem or "",
        )
        return (RULESET, VERSION, _code_of_judging(), rules, *how)


@functools.cache
def _code_of_judging() -> str:
    """Return a digest of the code that measures and judges.

    A standard deviation or a filter that was changed without a new ruleset moves numbers too;
    judging the kept landmarks again costs little.
    """
    package = Path(exercises.__file__).resolve().parents[1]
    sources = sorted([*package.glob("core/*.py"), *package.glob("exercises/*.py")])
    return _digest(*(source.read_text(encoding="utf-8") for source in sources))


def _dated(recording: StoredRecording, clip: Clip, keys: Keys) -> StoredRecording:
    """Let landmarks and results say which file was filmed and when, so that a history knows it again.

    Under pseudonyms they do not. Landmarks that were given know by themselves what they were made from.
    """
    origin = recording.about.origin
    if origin is None and clip.path.suffix.lower() != ".npz":
        filmed = places.written(keys["stat"])
        origin = Origin(keys["content"], filmed) if filmed and keys["content"] else None
    about = replace(recording.about, origin=None if clip.veil else origin)
    return replace(recording, about=about)


def _warned_of_its_date(recording: StoredRecording) -> StoredRecording:
    """Let results say that their date has not come yet; kept landmarks do not, as it will come."""
    origin = recording.about.origin
    if origin is None or not lies_ahead(origin.filmed, datetime.now().astimezone()):
        return recording
    told = (*recording.about.warnings, ahead_in_words(origin.filmed))
    return replace(recording, about=replace(recording.about, warnings=told))


def _length_s(times: FloatArray) -> float:
    return round(float(times[-1] - times[0]), 3) if len(times) else 0.0


def _fingerprint(clip: Clip, before: Record | None, footage: Footage) -> Keys:
    """Return size, time and content of the file; unread where size and time are as before."""
    stamp = _stamp(clip)
    if not stamp:
        return {"stat": "", "content": ""}
    known = (before or {}).get("keys", {})
    if known.get("stat") == stamp and known.get("content"):
        return {"stat": stamp, "content": known["content"]}
    return {"stat": stamp, "content": footage.content()}


def _footage(clip: Clip) -> Footage:
    return Footage(clip.path, clip.address, sign_of_life)


def _stamp(clip: Clip) -> str:
    return places.stamp(clip.path, clip.address)


def _model_stamp() -> str:
    from importlib.metadata import version

    return version("mediapipe")


def _text_of(exercise: Exercise) -> str:
    """Return all of its edges and texts; functions by name, as their address is never the same."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(exercise))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
