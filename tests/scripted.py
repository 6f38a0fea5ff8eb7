"""Scripts of live sessions: what a person does in front of a camera, one act after another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from figures import L, PoseSeries, film, squat_set, stand_on_right

from glutecam.core.coaching import PictureFacts, SessionUpdate, Step
from glutecam.core.session import Session

FPS = 30.0
LIT = PictureFacts(brightness=0.45)


def _frames(seconds: float) -> int:
    return round(seconds * FPS)


def standing(seconds: float, **film_options: object) -> PoseSeries:
    """Stand still on both feet, alone, from head to feet in the picture."""
    body = stand_on_right(_frames(seconds), both_feet=True)
    poses = film(body, **film_options)  # type: ignore[arg-type]
    return replace(poses, people=np.ones(len(poses), dtype=np.int64))


def raised(seconds: float, poses: PoseSeries | None = None) -> PoseSeries:
    """Hold the right hand up."""
    poses = standing(seconds) if poses is None else poses[: _frames(seconds)]
    image = poses.image_px.copy()
    image[:, L.RIGHT_WRIST] = image[:, L.NOSE] - [60.0, 90.0]
    return replace(poses, image_px=image)


def nobody(seconds: float) -> PoseSeries:
    return PoseSeries.unseen(np.arange(_frames(seconds)) / FPS, 1280, 720)


def squats(count: int = 3, **options: object) -> PoseSeries:
    """Stand quietly, then do so many repetitions on the right leg."""
    options.setdefault("depths", [68.0] * count)
    return squat_set(**options)  # type: ignore[arg-type]


def story(*acts: PoseSeries) -> PoseSeries:
    """Join acts, one after another in time."""
    parts, start_s = [], 0.0
    for act in acts:
        parts.append(replace(act, time_s=act.time_s - act.time_s[0] + start_s))
        start_s = float(parts[-1].time_s[-1]) + 1 / FPS
    return PoseSeries.concatenate(parts)


def later(poses: PoseSeries, after_s: float) -> PoseSeries:
    """Return the act as what comes after a moment."""
    return replace(poses, time_s=poses.time_s - poses.time_s[0] + after_s + 1 / FPS)


def played(session: Session, poses: PoseSeries, facts: PictureFacts = LIT) -> list[SessionUpdate]:
    """Push a story frame by frame, and return every update."""
    return [session.push(poses[i : i + 1], facts) for i in range(len(poses))]


def steps(updates: list[SessionUpdate]) -> list[Step]:
    """Return the steps in the order in which they came."""
    found: list[Step] = []
    for update in updates:
        if not found or update.step is not found[-1]:
            found.append(update.step)
    return found


def spoken(updates: list[SessionUpdate]) -> list[str]:
    return [update.speak.key for update in updates if update.speak is not None]
