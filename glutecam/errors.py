"""Everything that glutecam raises on purpose.

::

    GlutecamError                       exit 1
    ├── InputError                      exit 2   the caller can fix the input
    │   ├── SourceError                     camera or video cannot be opened or decoded
    │   ├── PoseFileError                   not a glutecam recording, or a newer version
    │   ├── SettingsError                   unknown key, wrong type; names the key
    │   ├── OutputError                     a result cannot be written where it was asked for
    │   └── UnknownExerciseError            lists what exists and the nearest name
    └── EnvironmentProblem              exit 3   the machine can be fixed
        ├── ModelError                      model file missing, or its checksum differs
        │   └── UnknownModelError               exit 2   lists the names
        ├── ClusterError                    no scheduler, no worker, or one of another version
        ├── HistoryError                    history unreadable, locked, or of a newer schema
        ├── PrintError                      no browser that prints a PDF, or it failed
        └── MissingExtraError               says which extra to install

Every message says what happened, why, and what to do next. A badly visible person is not an
error: it is NaN, then coverage, then the verdict ``not assessable``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

__all__ = [
    "ClusterError",
    "EnvironmentProblem",
    "GlutecamError",
    "HistoryError",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "OutputError",
    "PoseFileError",
    "PrintError",
    "SettingsError",
    "SourceError",
    "UnknownExerciseError",
    "UnknownModelError",
    "either",
    "nearest",
    "nearest_few",
]


class GlutecamError(Exception):
    """Base of every error that glutecam raises on purpose."""

    exit_code = 1


class InputError(GlutecamError):
    """Something about the input that the caller can change."""

    exit_code = 2


class SourceError(InputError):
    """A camera or video cannot be opened or decoded."""


class PoseFileError(InputError):
    """A file is not a glutecam recording of landmarks, or comes from a newer version."""


class SettingsError(InputError):
    """A setting is unknown or has the wrong type."""


class OutputError(InputError):
    """A result cannot be written where it was asked for."""


class UnknownExerciseError(InputError):
    """No exercise has this name; or, where ``what`` says so, no fault."""

    def __init__(self, asked: str, known: Iterable[str], what: str = "exercise") -> None:
        names = sorted(known)
        near = [f"'{name}'" for name in nearest_few(asked, names)]
        if near:
            faults = "the exercises, and 'glutecam explain step-down' the faults of one"
            listed = "all" if what == "exercise" else faults
            hint = f"Did you mean {either(near)}? 'glutecam explain' lists {listed}."
        else:
            hint = f"Known: {', '.join(names)}."
        super().__init__(f"The {what} '{asked}' is not known. {hint}")


class EnvironmentProblem(GlutecamError):
    """Something about this machine that its owner can change."""

    exit_code = 3


class ModelError(EnvironmentProblem):
    """A pose model is missing, damaged or cannot be fetched."""


class UnknownModelError(ModelError):
    """No pose model has this name: the caller's mistake, and not the machine's."""

    exit_code = InputError.exit_code


class HistoryError(EnvironmentProblem):
    """The history cannot be read or written, or comes from a newer version."""


class PrintError(EnvironmentProblem):
    """A PDF cannot be printed on this machine."""


class ClusterError(EnvironmentProblem):
    """The cluster cannot be reached, has no workers, or workers of another version."""


class MissingExtraError(EnvironmentProblem):
    """An optional part, or several, is not installed."""

    def __init__(self, what: str, *extras: str) -> None:
        several = len(extras) > 1
        super().__init__(
            f"{what} needs {'optional parts' if several else 'an optional part'}. Install "
            f"{'them' if several else 'it'}: pip install 'glutecam[{','.join(extras)}]'"
        )


def either(words: Sequence[str]) -> str:
    """Return ``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(", ".join(words).rsplit(", ", 1))


def nearest(asked: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """Return the known name most like ``asked``, or None where nothing is near."""
    return next(iter(nearest_few(asked, known, most=1, cutoff=cutoff)), None)


def nearest_few(asked: str, known: Iterable[str], most: int = 3, cutoff: float = 0.5) -> list[str]:
    """Return the known names most like ``asked``, the nearest first; capitals do not count.

    ``cutoff`` is how like they must be, 0 to 1; among names that have little in common it is higher.
    """
    names = {name.lower(): name for name in known}
    wanted = asked.strip().lower().replace("_", "-")
    near = difflib.get_close_matches(wanted, names, max(len(names), 1), cutoff)
    # Of what begins like it the shortest, then the first: among equals difflib takes the last.
    begin = sorted((n for n in near if wanted and n.startswith(wanted)), key=lambda n: (len(n), n))
    # "squat" is too short to be like "single-leg-squat", but it is what somebody types first.
    hold = [n for n in names if len(wanted) > 3 and wanted in n]
    return [names[name] for name in dict.fromkeys([*begin, *near, *hold])][:most]
