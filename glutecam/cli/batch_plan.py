"""What ``glutecam batch --dry-run`` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.batch import Clip, Job

__all__ = ["tell_plan"]


def tell_plan(clips: Sequence[Clip], job: Job) -> int:
    """Say what would be done with each clip, and return how many would fail.

    Of a file only its beginning is read.
    """
    counts: Counter[str] = Counter()
    for clip in clips:
        fate, why = _fate(clip, job)
        counts[fate] += 1
        said = (clip.exercise or "which exercise?", clip.side, clip.subject, clip.visit)
        what = ", ".join(filter(None, said))
        typer.echo(f"{fate:<9}  {clip.file}  ({what}){': ' if why else ''}{why}")
    told = ", ".join(f"{counts[fate]} {fate}" for fate in sorted(counts))
    of = "1 clip" if len(clips) == 1 else f"{len(clips)} clips"
    typer.echo(f"{of}: {told}. Nothing was done; leave --dry-run out to do it.")
    return counts["error"]


def _fate(clip: Clip, job: Job) -> tuple[str, str]:
    """Return ``judge``, ``unchanged`` or ``error``, and why."""
    if clip.problem:
        return "error", clip.problem
    if job.is_done(clip):
        failed = job.error_before(clip)
        return ("error", failed) if failed else ("unchanged", "")
    trouble = _trouble_opening(clip)
    return ("error", clip.public(trouble)) if trouble else ("judge", "")


def _trouble_opening(clip: Clip) -> str:
    """Open a file up to its first picture; what lies elsewhere would have to be fetched whole."""
    if clip.address:
        return ""
    from glutecam.capture.video import VideoFile
    from glutecam.records.posefile import load_poses

    try:
        if clip.path.suffix.lower() == ".npz":
            load_poses(clip.path)
        else:
            with VideoFile(clip.path, threads=False):
                pass
    except InputError as err:
        return str(err)
    return ""
