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
    """Return one exercise; ``-``, ``_`` and blanks are the same in its name.

    Raises
    ------
    UnknownExerciseError
        Naming the nearest one.

    Examples
    --------
    >>> get("single leg squat").name
    'single-leg-squat'
    >>> get("step-dwon")
    Traceback (most recent call last):
    glutecam.errors.UnknownExerciseError: ... Did you mean 'step-down'...
    """
    wanted = "-".join(name.lower().replace("_", " ").replace("-", " ").split())
    if wanted not in names():
        raise UnknownExerciseError(name, names())
    module = importlib.import_module(f"{__name__}.{wanted.replace('-', '_')}")
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
