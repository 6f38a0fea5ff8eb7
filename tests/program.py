"""Runs the program as a user does, and cuts short clips for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

if TYPE_CHECKING:
    from glutecam.batch import Clip, Done, Job

ROOT = Path(__file__).resolve().parents[1]


def environment(**more: str) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "80", "NO_COLOR": "1", **more}


def started(*words: object, cwd: Path | None = None, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "glutecam", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment(**more),
    )


def ran(
    *words: object, cwd: Path | None = None, timeout: float = 600, **more: str
) -> tuple[int, str, str]:
    """Return exit code, stdout and stderr."""
    process = started(*words, cwd=cwd, **more)
    out, err = process.communicate(timeout=timeout)
    return process.returncode, out, err


def interrupted(process: subprocess.Popen[str], sign: str) -> tuple[str, str]:
    """Press Ctrl-C once a remark of the program holds a sign; return what it says from then on."""
    assert process.stderr is not None
    for line in process.stderr:
        if sign in line:
            process.send_signal(signal.SIGINT)
            break
    return process.communicate(timeout=600)


def ran_here(*words: object, cwd: Path | None = None, **more: str) -> tuple[int, str, str]:
    """Do the same in this process, where a process of its own is not what is tested.

    To begin one costs seconds: Python, and all that a verb imports.
    """
    from glutecam.cli import app

    before = Path.cwd()
    os.chdir(cwd or before)
    try:
        env = {"COLUMNS": "80", "NO_COLOR": "1", **more}
        result = CliRunner().invoke(app, [str(word) for word in words], env=env)
    finally:
        os.chdir(before)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def one_by_one(clips: tuple[Clip, ...], job: Job, logs: Path) -> Iterator[tuple[Clip, Done]]:
    """Judge the clips of a batch in this process, where no worker of its own is what is tested."""
    return ((clip, job(clip)) for clip in clips)


def cut(video: Path, target: Path, frames: int, first: int = 0) -> Path:
    """Write so many frames of a video, from one on."""
    from glutecam.capture.video import VideoFile
    from glutecam.display.recording import VideoWriter

    with VideoFile(video) as source:
        info = source.info
        with VideoWriter(target, info.width_px, info.height_px) as writer:
            film = islice(source, first, first + frames)
            begun = next(film)
            for frame in chain([begun], film):
                writer.write(frame.image, frame.time_s - begun.time_s)
    return target


def touched(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
