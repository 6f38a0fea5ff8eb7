"""How fast a batch gets on, in words: time left, clips an hour, minutes of video a minute."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Pace"]

_SOON_S = 90.0


@dataclass(frozen=True)
class Pace:
    """What a batch has done so far.

    Attributes
    ----------
    clips, finished, kept, failed : int
        All clips; those that need nothing more; of them what was there before and needed no work;
        and those that failed.
    video_s, took_s : float
        Seconds of video that were computed, and seconds since the start.
    """

    clips: int
    finished: int
    kept: int
    failed: int
    video_s: float
    took_s: float

    @property
    def clips_per_h(self) -> float:
        """Clips that were judged in an hour; 0 before the first.

        One that could not be read took no time, and would promise an end that does not come.
        """
        return 3600.0 * self.judged / self.took_s if self.took_s else 0.0

    @property
    def judged(self) -> int:
        """Clips that were computed now: neither unchanged nor failed."""
        return self.finished - self.kept - self.failed

    @property
    def video_min_per_min(self) -> float:
        """Minutes of video that were computed in a minute."""
        return self.video_s / self.took_s if self.took_s else 0.0

    @property
    def left_s(self) -> float:
        """Seconds that the rest will take, as if all of it had to be computed; NaN at the beginning."""
        rate = self.clips_per_h
        if self.finished >= self.clips:
            return 0.0
        return 3600.0 * (self.clips - self.finished) / rate if rate else math.nan

    def __str__(self) -> str:
        """``1 failed, 120 clips/h, 2.4 min of video a minute, about 25 min left``."""
        words = [f"{self.failed} failed"] if self.failed else []
        if self.judged:
            words.append(f"{self.clips_per_h:.0f} clips/h")
        if self.video_s:
            words.append(f"{self.video_min_per_min:.1f} min of video a minute")
        if self.finished < self.clips and math.isfinite(self.left_s):
            words.append(f"about {_in_words(self.left_s)} left")
        return ", ".join(words)


def _in_words(seconds: float) -> str:
    if seconds < _SOON_S:
        return f"{seconds:.0f} s"
    minutes = seconds / 60.0
    return f"{minutes:.0f} min" if minutes < 120.0 else f"{minutes / 60.0:.1f} h"
