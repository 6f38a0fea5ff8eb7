"""Rows of a batch as they are put into a database."""

from __future__ import annotations

from typing import Any

from glutecam.records.batch_store import StoredSet


def clip_cells(clip: str) -> dict[str, Any]:
    return {
        "clip": clip, "file": f"{clip}.mp4", "subject": "P07", "visit": "1", "notes": "",
        "exercise": "step-down", "side_asked": "auto", "status": "done", "error": "",
        "video_s": 12.5, "content": clip,
    }  # fmt: skip


def stored_sets(number: int) -> list[StoredSet]:
    """Sets of three repetitions, on which two rules were judged."""
    cells = {
        "start_s": 0.0, "end_s": 12.5, "sides": "left", "verdict": "fine", "instruction": "",
        "score": 98.0, "coverage": 1.0, "reps": 3, "attempts": 0, "faults": "", "scales": "",
        "warnings": "", "pose_model": "full", "reduced_accuracy": False, "own_bands": "",
    }  # fmt: skip
    rep = {
        "rep": 1, "side": "left", "start_s": 3.0, "end_s": 5.0, "complete": True, "reason": "",
        "band": "ok", "pattern": "none", "score": 98.0,
    }  # fmt: skip
    found = [
        {"code": code, "value": 1.5, "half_width": None, "band": "ok"}
        for code in ("GC101", "GC102")
    ]
    return [StoredSet(cells, [rep] * 3, [found] * 3) for _ in range(number)]
