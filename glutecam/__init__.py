"""glutecam: a form checker for the muscle that keeps the pelvis level.

    >>> import glutecam
    >>> assessment = glutecam.score_file("clip.npz", "step-down")
    >>> assessment.verdict, len(assessment.reps)
    (<Verdict.FAULT: 'fault'>, 8)
    >>> {fault.code for fault in assessment.faults} >= {"GC101", "GC102"}
    True

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glutecam.api import analyze, score_file
    from glutecam.core.analyzer import Analyzer
    from glutecam.core.assessment import Assessment, Rep, Side, Update, Verdict
    from glutecam.core.poses import PoseSeries
    from glutecam.core.rules import Exercise
    from glutecam.errors import GlutecamError
    from glutecam.exercises import get as get_exercise
    from glutecam.pipeline import run
    from glutecam.records.posefile import load_poses

    __version__: str

__all__ = [
    "Analyzer",
    "Assessment",
    "Exercise",
    "GlutecamError",
    "PoseSeries",
    "Rep",
    "Side",
    "Update",
    "Verdict",
    "__version__",
    "analyze",
    "get_exercise",
    "load_poses",
    "run",
    "score_file",
]

_HOMES = {
    "Analyzer": "glutecam.core.analyzer",
    "Assessment": "glutecam.core.assessment",
    "Exercise": "glutecam.core.rules",
    "GlutecamError": "glutecam.errors",
    "PoseSeries": "glutecam.core.poses",
    "Rep": "glutecam.core.assessment",
    "Side": "glutecam.core.assessment",
    "Update": "glutecam.core.assessment",
    "Verdict": "glutecam.core.assessment",
    "__version__": "glutecam.core.version",
    "analyze": "glutecam.api",
    "get_exercise": "glutecam.exercises",
    "load_poses": "glutecam.records.posefile",
    "run": "glutecam.pipeline",
    "score_file": "glutecam.api",
}
_CALLED_THERE = {"__version__": "VERSION", "get_exercise": "get"}


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module 'glutecam' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), _CALLED_THERE.get(name, name))


def __dir__() -> list[str]:
    return __all__
