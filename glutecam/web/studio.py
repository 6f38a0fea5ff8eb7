"""What all requests share: settings, place, results of this run, and the seats."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import Request

from glutecam import exercises, pipeline
from glutecam.core.assessment import Assessment
from glutecam.core.programme import Programme, trained_now
from glutecam.core.rules import Exercise
from glutecam.core.sets import SourceKind, set_of
from glutecam.errors import EnvironmentProblem, InputError
from glutecam.records.history import History
from glutecam.settings import Settings
from glutecam.web.place import Place
from glutecam.web.seats import Seats

__all__ = ["Result", "Results", "Studio", "studio_of"]

if TYPE_CHECKING:
    from glutecam.capture.subject import SubjectPose

KEPT_RESULTS = 12
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """A set that was judged in this run of the server, for its report.

    Attributes
    ----------
    keyframes : mapping of int to bytes
        JPEGs for the report, in memory only.
    number : int or None
        In the history, None where it was not kept.
    key : str or None
        Of the recording, so that it is kept once.
    """

    assessment: Assessment
    exercise: Exercise
    name: str
    done: datetime
    source: SourceKind
    keyframes: Mapping[int, bytes] = field(default_factory=dict)
    number: int | None = None
    key: str | None = None


class Results:
    """The newest results, by a name that cannot be guessed; older ones are forgotten."""

    def __init__(self, most: int = KEPT_RESULTS) -> None:
        self._most = most
        self._found: OrderedDict[str, Result] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, result: Result) -> str:
        """Keep a result and return its name."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._found[name] = result
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return name

    def get(self, name: str) -> Result | None:
        """Return a result, None where it is forgotten."""
        with self._lock:
            return self._found.get(name)

    def put(self, name: str, result: Result) -> None:
        """Replace a result that is still there."""
        with self._lock:
            if name in self._found:
                self._found[name] = result


@dataclass(frozen=True)
class Studio:
    """Made once, handed to every request."""

    place: Place
    settings: Settings
    seats: Seats
    results: Results = field(default_factory=Results)

    def history(self) -> History:
        """Open the history; to be used with ``with``.

        Raises
        ------
        HistoryError, SettingsError
            Where it cannot be used.
        """
        return History.open(self.settings.history or None)

    def exercise(self, name: str) -> Exercise:
        """Return an exercise as the settings have it: how the pelvis is measured, edges, units.

        Raises
        ------
        UnknownExerciseError, SettingsError
        """
        return self.settings.exercise(name)

    def open_model(self) -> SubjectPose:
        """Return the pose model that the settings name; close it, or use it in a ``with``.

        Raises
        ------
        InputError, ModelError
        """
        settings = self.settings
        return pipeline.open_model(
            settings.model, count_people=settings.count_people, follow=settings.follow
        )

    def programme(self, exercise: str) -> Programme | None:
        """Return the programme, where this exercise is what the subject trains in it now.

        A history that cannot be used keeps nobody from exercising: that is told when the set is kept.
        """
        try:
            with self.history() as history:
                steps = history.steps(self.settings.subject)
        except EnvironmentProblem as err:
            _LOG.warning("The programme cannot be read: %s", err)
            return None
        return trained_now(exercises.programme(), steps, exercise)

    def keep(self, result: Result) -> Result:
        """Keep a set in the history, and return it with its number.

        Raises
        ------
        InputError
            Where there is no whole repetition, or it is kept already.
        HistoryError
        """
        if not result.assessment.reps:
            raise InputError("Not kept in the history: no whole repetition was seen.")
        record = set_of(
            result.assessment, result.exercise, done=result.done, source=result.source,
            subject=self.settings.subject, key=result.key,
        )  # fmt: skip
        with self.history() as history:
            return replace(result, number=history.add(record))


def studio_of(request: Request) -> Studio:
    """Return what all requests share."""
    studio: Studio = request.app.state.studio
    return studio
