"""``glutecam track``: keep the landmarks of a video."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from glutecam.cli import options
from glutecam.cli.outputs import Outputs
from glutecam.cli.score import tracked
from glutecam.cli.terminal import INTERRUPTED, note
from glutecam.errors import InputError

__all__ = ["track"]


def track(
    file: Annotated[Path, typer.Argument(help="Video.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where the landmarks go, .npz.")
    ] = None,
    model: options.Model = None,
    follow: options.FollowOption = None,
    force: options.Force = False,
    offline: options.Offline = False,
    config: options.Config = None,
) -> None:
    """Keep the landmarks of a video, which score judges without the pose model or the pictures.

    \b
    Examples:
      glutecam track clip.mp4 -o clip.npz
      glutecam track clip.mp4 --model heavy          (writes clip.npz beside the video)
    """
    from glutecam.settings import load_settings

    settings = load_settings(config).over(model=model, follow=follow)
    target = out or file.with_suffix(".npz")
    if file.suffix.lower() == ".npz":
        raise InputError(f"{file} holds landmarks already. Judge them: glutecam score {file}")
    Outputs(poses=target).check(force, file)
    recording, stopped = tracked(file, settings, offline)
    Outputs(poses=target).write_poses(recording)
    poses = recording.poses
    seen = float(poses.seen.mean()) if len(poses) else 0.0
    typer.echo(f"{len(poses)} frames, a person in {seen:.0%} of them. Written: {target}")
    for warning in recording.warnings:
        note(f"Note: {warning}")
    if stopped:
        note("Stopped early: this is what was read until then.")
        raise typer.Exit(INTERRUPTED)
