"""An act without a camera: its exact joints over time, which no pose model has seen.

Quick to make, and enough to ask whether a rule finds what was planted when nothing is measured wrong.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import PoseSeries
from training.acts import Act
from training.judged import Measured
from training.kept_clips import JOINTS, KeptClip
from training.moments import Moment
from training.skeleton import Posed

WIDTH_PX, HEIGHT_PX = 768, 432


def about(act: Act, seed: int, camera: dict[str, float], model: str) -> dict[str, Any]:
    """Return what does not change in a clip."""
    routine = act.routine
    return {
        "exercise": act.exercise,
        "side": {"L": "left", "R": "right"}[act.side],
        "body": seed,
        "fps": routine.fps,
        "look_down_deg": act.look_down_deg,
        "camera": camera,
        "model": model,
        "reps": [asdict(rep) for rep in routine.reps()],
    }


def joints_of(posed: Posed) -> NDArray[np.float64]:
    """Return the joint centres (J, 3) that are kept."""
    return np.stack([posed.joint(bone) for bone in JOINTS])


def columns(rows: list[Measured]) -> dict[str, NDArray[np.float64]]:
    """Return the truth of M moments by name, (M,) each."""
    return {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}


def exact(act: Act, seed: int = 0) -> KeptClip:
    """Return the act as a clip in which nobody was seen; `KeptClip.ideal` has the joints."""
    shown = act.routine.frames()
    moments = list(dict.fromkeys(frame.moment for frame in shown))
    number: dict[Moment, int] = {moment: i for i, moment in enumerate(moments)}
    posed = [act.posed(moment) for moment in moments]
    time_s = np.array([frame.time_s for frame in shown])
    return KeptClip(
        poses=PoseSeries.unseen(time_s, WIDTH_PX, HEIGHT_PX),
        rep=np.array([frame.rep for frame in shown], dtype=np.int64),
        moment=np.array([number[frame.moment] for frame in shown], dtype=np.int64),
        truth=columns([act.measure(one) for one in posed]),
        joints_m=np.stack([joints_of(one) for one in posed]),
        about=about(act, seed, {"yaw_deg": act.yaw_deg}, "none"),
    )
