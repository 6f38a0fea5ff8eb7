"""Twice as many frames are not twice as much Python: loops over frames stand in few places."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from figures import clamshell_set, squat_set

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.poses import PoseSeries

CORE = Path(sys.modules["glutecam.core.analyzer"].__file__ or "").parent
MAY_LOOP = {"smoothing.py", "one_euro.py", "stance.py", "pelvis_net.py"}
"""Filters, networks that look at eighty shapes at a time, and the leg that is kept until the evidence for the other one is clear."""


def lines_run(poses: PoseSeries, name: str) -> Counter[str]:
    """Count the lines of Python that judging a recording runs, by file of the core."""
    counts: Counter[str] = Counter()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        path = Path(frame.f_code.co_filename)
        if path.parent != CORE:
            return None
        counts[path.name] += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        analyze(poses, exercises.get(name))
    finally:
        sys.settrace(before)
    return counts


@pytest.mark.parametrize(("make", "name"), [(squat_set, "step-down"), (clamshell_set, "clamshell")])
def test_judging_a_recording_has_no_loop_over_its_frames(make, name) -> None:
    usual, twice = (lines_run(make(fps=fps), name) for fps in (30.0, 60.0))
    grew = {
        file: (usual[file], count)
        for file, count in twice.items()
        if count > 1.2 * usual[file] + 100 and file not in MAY_LOOP
    }
    assert sum(usual.values()) > 1000
    assert grew == {}
