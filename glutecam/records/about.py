"""What is known of a recording beside its landmarks, and how a file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glutecam.records.origin import Origin

__all__ = ["About"]


@dataclass(frozen=True)
class About:
    """What is known of a recording beside its landmarks.

    ``fps`` is nominal, and None where the source did not say. ``origin`` is the file that was
    filmed; None where it is not known, as of a camera. ``skipped`` is the share of the pictures that
    came live and were not looked at, 0 to 1, and ``faster`` what would have helped.
    """

    model_name: str
    source_name: str
    fps: float | None
    warnings: tuple[str, ...]
    reduced_accuracy: bool
    origin: Origin | None = None
    skipped: float = 0.0
    faster: tuple[str, ...] = ()

    @property
    def slowness(self) -> tuple[float, tuple[str, ...]]:
        """What ``judged_by_a_slow_machine`` asks for."""
        return self.skipped, self.faster

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> About:
        """Return it from what a file says."""
        return cls(
            model_name=str(facts["model_name"]),
            source_name=str(facts["source_name"]),
            fps=None if facts["fps"] is None else float(facts["fps"]),
            warnings=tuple(str(warning) for warning in facts["warnings"]),
            reduced_accuracy=bool(facts["reduced_accuracy"]),
            origin=Origin.said(facts),
            # Not there in files, and in recordings by earlier versions.
            skipped=float(facts.get("skipped", 0.0)),
            faster=tuple(str(way) for way in facts.get("faster", ())),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What a file says."""
        facts = {
            "model_name": self.model_name,
            "source_name": self.source_name,
            "fps": self.fps,
            "warnings": list(self.warnings),
            "reduced_accuracy": self.reduced_accuracy,
        }
        facts |= self.origin.facts if self.origin else {}
        return facts | (
            {"skipped": self.skipped, "faster": list(self.faster)} if self.skipped else {}
        )
