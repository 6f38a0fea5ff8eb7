"""When something was done: in words, and a date that has not come yet. No clock in here.

A date that lies ahead is a typing error, or a clock that was wrong.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

__all__ = ["CLOCK_SLACK", "ahead_in_words", "lies_ahead", "when_in_words"]

CLOCK_SLACK = timedelta(minutes=5)
"""So far may two clocks, or a rounded minute, lie apart: our proposal [P]."""


def lies_ahead(done: datetime, now: datetime) -> bool:
    """Say whether a set cannot have been done by now; both times with their offset from UTC."""
    return done > now + CLOCK_SLACK


def when_in_words(done: datetime) -> str:
    """Return ``2026-11-20 18:30``; the day alone at midnight to the microsecond.

    That is how a date is kept that was given without a time.
    """
    return f"{done:%Y-%m-%d}" if done.time() == time.min else f"{done:%Y-%m-%d %H:%M}"


def ahead_in_words(done: datetime) -> str:
    """Return what is wrong with a file's own date that lies ahead, and what to do."""
    return (
        f"The file is dated {done:%Y-%m-%d %H:%M}, which has not come yet: a clock was wrong. Until "
        "then the set, and pain said with it, count for nothing in the programme. Keep it with the "
        "right date: --at, such as --at '2026-11-20 18:30' (delete it first where it is kept)."
    )
