"""Rows of a batch's table."""

from __future__ import annotations


def row(file: str = "a.mp4", **more: str) -> dict[str, str]:
    cells = {
        "file": file, "subject": "P1", "exercise": "step-down", "side_asked": "auto",
        "status": "done", "verdict": "fine", "instruction": "", "error": "", "reps": "5",
        "attempts": "0", "score": "91.4", "sides": "left", "faults": "", "coverage": "0.987",
        "pose_model": "full", "reduced_accuracy": "no", "ruleset": "3", "own_bands": "",
        "scales": "", "warnings": "", "results": f"clips/{file}",
    }  # fmt: skip
    return cells | more
