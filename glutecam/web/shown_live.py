"""One frame of a live session as JSON, small enough to be sent thirty times a second."""

from __future__ import annotations

from typing import Any

import numpy as np

from glutecam.core.coaching import SessionUpdate, Tick
from glutecam.core.poses import PoseSeries
from glutecam.core.session_wording import Message
from glutecam.core.sound import TONES
from glutecam.web.shown import number, rep_shown

__all__ = ["message_shown", "poses_shown", "update_shown"]


def poses_shown(poses: PoseSeries) -> list[list[float]] | None:
    """Return x, y (pixels) and visibility of each point; None where nobody is seen."""
    if not poses.seen[-1]:
        return None
    rows = np.column_stack((poses.image_px[-1], poses.visibility[-1]))
    points: list[list[float]] = np.round(np.nan_to_num(rows, nan=-1.0), 2).tolist()
    return points


def message_shown(message: Message | None) -> dict[str, Any] | None:
    """Return a text with its key, for the page's own catalogue."""
    if message is None:
        return None
    return {"key": message.key, "values": dict(message.values), "english": message.english}


def update_shown(update: SessionUpdate) -> dict[str, Any]:
    """Return all that the page shows, says or sounds at this frame."""
    rep = update.finished_rep
    # As feedback fades, there is nothing to look at but the count in some repetitions.
    values = {} if update.withheld else update.values
    bands = {} if update.withheld else update.bands
    return {
        "time_s": number(update.time_s, 3),
        "step": update.step.value,
        "phase": update.phase.value,
        "values": {name: (number(value), number(half)) for name, (value, half) in values.items()},
        "bands": {name: band.value for name, band in bands.items()},
        "active": list(update.active),
        "side": update.side.value if update.side else None,
        "side_known": update.side_known,
        "next_side": update.next_side.value if update.next_side else None,
        "reps": update.reps,
        "attempts": update.attempts,
        "reps_left": update.reps_left,
        "rep": rep_shown(rep) if rep else None,
        "set": update.set_number,
        "sets": update.sets,
        "ticks": [_tick(tick) for tick in update.ticks],
        "message": message_shown(update.message),
        "speak": message_shown(update.speak),
        "cue": message_shown(update.shown_cue),
        "tone": [list(note) for note in TONES[update.tone]] if update.tone else None,
        "pitch_hz": number(update.pitch_hz, 1),
        "countdown_s": number(update.countdown_s, 1),
        "hand": number(update.hand),
        "fading": update.fading.value,
        "withheld": update.withheld,
    }


def _tick(tick: Tick) -> dict[str, Any]:
    return {
        "code": tick.code,
        "name": message_shown(tick.name),
        "passed": tick.passed,
        "measured": tick.is_measured,
        "do": message_shown(tick.do),
    }
