"""What ``glutecam batch --dry-run`` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from glutecam.batch import Clip, Job

__all__ = ["tell_plan"]


def tell_plan(clips: Sequence[Clip], job: Job) -> None:
    """Say what would be done with each clip; nothing is opened, fetched or written."""
    fates = [_fate(clip, job) for clip in clips]
    for clip, fate in zip(clips, fates, strict=True):
        whom = f", {clip.subject}" if clip.subject else ""
        why = f": {clip.problem}" if clip.problem else ""
        what = f"{clip.exercise or 'which exercise?'}, {clip.side}{whom}"
        typer.echo(f"{fate:<9}  {clip.file}  ({what}){why}")
    counts = Counter(fates)
    told = ", ".join(f"{counts[fate]} {fate}" for fate in sorted(counts))
    typer.echo(f"{len(clips)} clips: {told}. Nothing was done; leave --dry-run out to do it.")


def _fate(clip: Clip, job: Job) -> str:
    """Return ``judge``, ``unchanged`` or ``error``, as far as it shows without opening the file."""
    if clip.problem:
        return "error"
    return "unchanged" if job.is_done(clip) else "judge"
