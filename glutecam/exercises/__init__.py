"""The exercises: one file each, found by listing this folder; data only."""

from __future__ import annotations

import importlib
import pkgutil

from glutecam.core.programme import Programme
from glutecam.core.rules import Exercise
from glutecam.errors import UnknownExerciseError

__all__ = ["all_exercises", "get", "names", "programme", "title_of"]


def names() -> list[str]:
    """Return the names of all exercises, sorted."""
    return sorted(
        module.name.replace("_", "-")
        for module in pkgutil.iter_modules(__path__)
        if not module.name.startswith("_")
    )


def get(name: str) -> Exercise:
    """Return one exercise by its name or title; ``-``, ``_`` and blanks are the same in it.

    Raises
    ------
    UnknownExerciseError
        Naming the nearest one.

    Examples
    --------
    >>> get("single leg squat").name
    'single-leg-squat'
    >>> get("Lateral step-down").name
    'step-down'
    >>> get("step-dwon")
    Traceback (most recent call last):
    glutecam.errors.UnknownExerciseError: ... Did you mean 'step-down'...
    """
    wanted = _plain(name)
    if wanted in names():
        return _of_file(wanted)
    titled = [one for one in map(_of_file, names()) if _plain(one.title) == wanted]
    if not titled:
        raise UnknownExerciseError(name, names())
    return titled[0]


def _plain(name: str) -> str:
    return "-".join(name.lower().replace("_", " ").replace("-", " ").split())


def _of_file(name: str) -> Exercise:
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    exercise: Exercise = module.EXERCISE
    return exercise


def title_of(name: str) -> str:
    """Return an exercise's title; its name where this version does not know it."""
    return get(name).title if name in names() else name


def all_exercises() -> list[Exercise]:
    """Return every exercise, sorted by name."""
    return [get(name) for name in names()]


def programme() -> Programme:
    """Return the training programme: levels, steps and limits."""
    from glutecam.exercises._programme import PROGRAMME

    return PROGRAMME
