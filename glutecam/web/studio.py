"""What all requests share: settings, place, results of this run, and the seats."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from fastapi import Request

from glutecam import exercises, pipeline
from glutecam.core.assessment import Assessment
from glutecam.core.programme import Programme, trained_now
from glutecam.core.rules import Exercise
from glutecam.core.sets import Felt, SourceKind, set_of
from glutecam.errors import EnvironmentProblem, InputError
from glutecam.records.history import History
from glutecam.settings import Settings
from glutecam.web.place import Place
from glutecam.web.seats import Seats
from glutecam.web.shelf import Shelf

__all__ = ["Result", "Results", "Studio", "studio_of"]

if TYPE_CHECKING:
    from glutecam.capture.subject import SubjectPose
    from glutecam.core.cutting import Cut
    from glutecam.core.set_by_set import JudgedSet

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
    keys : tuple of str
        Of a recorded set, so that it is kept once: today's, then those of earlier versions.
    judged : JudgedSet or None
        Which part of a recording it is; None for a live set.
    felt : Felt
        What is known of it when it is kept.
    """

    assessment: Assessment
    exercise: Exercise
    name: str
    done: datetime
    source: SourceKind
    keyframes: Mapping[int, bytes] = field(default_factory=dict)
    number: int | None = None
    keys: tuple[str, ...] = ()
    judged: JudgedSet | None = None
    felt: Felt = field(default_factory=Felt)

    @property
    def title(self) -> str:
        """What it is called in a report: with its place where it is one set of several."""
        return self.judged.name_in(self.name) if self.judged else self.name

    @property
    def part(self) -> Cut | None:
        """Which part of a recording it is, where it is not all of it."""
        return self.judged.part if self.judged else None


class Results:
    """The newest results, by names that cannot be guessed; older ones are forgotten.

    Parameters
    ----------
    most : int
        So many recordings or live sets are kept; all sets of a recording come and go together.
    """

    def __init__(self, most: int = KEPT_RESULTS) -> None:
        self.most = most
        self._found: dict[str, Result] = {}
        self._together: deque[tuple[str, ...]] = deque()
        self._lock = threading.Lock()

    def add(self, *results: Result) -> tuple[str, ...]:
        """Keep the results of one recording and return their names."""
        names = tuple(secrets.token_urlsafe(12) for _ in results)
        with self._lock:
            self._found.update(zip(names, results, strict=True))
            self._together.append(names)
            while len(self._together) > self.most:
                for old in self._together.popleft():
                    del self._found[old]
        return names

    @property
    def count(self) -> int:
        """How many recordings or live sets are here now."""
        with self._lock:
            return len(self._together)

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
    """Made once, handed to every request; closed when the server ends.

    Attributes
    ----------
    models : Shelf
        Open pose models that nobody uses now: as many as may exercise at once.
    """

    place: Place
    settings: Settings
    seats: Seats
    results: Results = field(default_factory=Results)
    models: Shelf[SubjectPose] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "models", Shelf(self.seats.count))

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

    def model(self, *, live: bool = False) -> AbstractContextManager[SubjectPose]:
        """Lend the pose model that the settings name, for a ``with``.

        It is opened where none waits, and kept for whoever comes next unless something is raised.

        Raises
        ------
        InputError, ModelError
        """
        name, count, follow = self.settings.model, self.settings.count_people, self.settings.follow
        make = partial(pipeline.open_model, name, count_people=count, follow=follow, live=live)
        return self.models.lent((name, count, follow, live), make)

    def close(self) -> None:
        """Free the pose models."""
        self.models.close()

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
            subject=self.settings.subject, felt=result.felt, key=next(iter(result.keys), None),
        )  # fmt: skip
        record = replace(record, also_known_as=result.keys[1:])
        with self.history() as history:
            return replace(result, number=history.add(record))


def studio_of(request: Request) -> Studio:
    """Return what all requests share."""
    studio: Studio = request.app.state.studio
    return studio
