"""``glutecam doctor``: does everything work on this machine? Each line says what to do if not."""

from __future__ import annotations

import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.errors import EnvironmentProblem, GlutecamError

if TYPE_CHECKING:
    from glutecam.capture.frames import Frame
    from glutecam.capture.subject import SubjectPose

__all__ = ["doctor"]

OK, WARN, FAIL = "ok", "warn", "FAIL"
COLOURS = {OK: typer.colors.GREEN, WARN: typer.colors.YELLOW, FAIL: typer.colors.RED}
PACKAGES = ("mediapipe", "opencv-contrib-python", "av", "numpy", "scipy")
EXTRAS = ("web", "sound", "voice", "pdf", "parquet", "c3d", "fhir", "cluster", "s3", "postgres")
"""What may be added for those who use the program; the others are for who works on it."""
PYTHONS = ((3, 10), (3, 13))
LIMITS = {
    "python": "this version of Python is not tested",
    "packages": "pictures may be read wrongly",
    "disk": "little room for videos and results",
    "model": "nothing can be judged before the pose model is fetched",
    "camera": "no live session with this camera; recordings can be judged",
    "screen": "live without a window (--no-window), or in the browser (glutecam serve)",
    "voice": "cues are not spoken",
    "speed": "live may be refused for too few pictures a second; recordings only take longer",
}
"""What a warning comes to for whoever uses the program."""

TIMED_S = 3.0
FREE_MB = 500
INDENT = 15


@dataclass(frozen=True)
class Line:
    """One finding."""

    state: str
    what: str
    found: str


def doctor(
    sample: Annotated[
        Path | None, typer.Option(help="A video with a person, to time the pose model on.")
    ] = None,
    camera: Annotated[str, typer.Option(help="Number of the camera, or its address.")] = "0",
    model: Annotated[str, typer.Option(help="Pose model to check and to time.")] = "full",
) -> None:
    """Check this machine: versions, model, codecs, camera, screen, voice, speed.

    Lines that begin with FAIL must be mended, those with warn only if you need what they name.
    The exit code is 3 where something failed.

    \b
    Examples:
      glutecam doctor
      glutecam doctor --sample clip.mp4        (times the model on a real person)
    """
    if sample is not None:
        _openable(sample)
    lines = []
    for line in _findings(sample, camera, model):
        typer.secho(f"{line.state:<5}", fg=COLOURS[line.state], nl=False)
        typer.echo(_beside(line))
        lines.append(line)
    for summed in _summed_up(lines):
        typer.echo(textwrap.fill(summed, _columns(), subsequent_indent="  "))
    if any(line.state == FAIL for line in lines):
        raise typer.Exit(EnvironmentProblem.exit_code)


def _summed_up(lines: Sequence[Line]) -> Iterator[str]:
    """Yield what works, what is limited and by what."""
    if any(line.state == FAIL for line in lines):
        yield "Something essential does not work; the lines above say what to do."
        return
    limited = [line.what for line in lines if line.state == WARN and line.what in LIMITS]
    if not limited:
        yield "Everything works."
        return
    yield "What is essential works, with limits, for which the lines above say what to do:"
    yield from (f"- {what}: {LIMITS[what]}" for what in limited)


def _columns() -> int:
    return shutil.get_terminal_size().columns


def _openable(sample: Path) -> None:
    """Refuse a clip that is not there before anything else: no finding is about this machine then.

    Raises
    ------
    SourceError
        Where it is no video.
    """
    from glutecam.capture.video import VideoFile

    with VideoFile(sample):
        return


def _beside(line: Line) -> str:
    """Set a long finding in a column of its own."""
    width = max(_columns() - INDENT, 40)
    found = textwrap.wrap(line.found, width, break_long_words=False, break_on_hyphens=False)
    return f"{line.what:<9} " + ("\n" + " " * INDENT).join(found)


def _findings(sample: Path | None, camera: str, model: str) -> Iterator[Line]:
    yield _python()
    yield from _packages()
    yield _extras()
    yield _disk()
    model_line = _model(model)
    yield model_line
    yield _tried(FAIL, "codecs", _codecs)
    yield _tried(WARN, "camera", lambda: _camera(camera))
    yield _tried(WARN, "screen", _screen)
    yield _tried(WARN, "voice", _voice)
    if model_line.state == OK:
        yield _tried(FAIL, "speed", lambda: _speed(sample, model))
    else:
        # The line of the model says what is the matter.
        yield Line(OK, "speed", "not timed: the pose model is not here")


def _tried(bad: str, what: str, check: Callable[[], str | Line]) -> Line:
    try:
        found = check()
    except GlutecamError as err:
        return Line(bad, what, str(err))
    return found if isinstance(found, Line) else Line(OK, what, found)


def _python() -> Line:
    low, high = PYTHONS
    tested = " to ".join(f"{major}.{minor}" for major, minor in PYTHONS)
    here = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if low <= sys.version_info[:2] <= high:
        return Line(OK, "python", here)
    return Line(WARN, "python", f"{here}: glutecam is tested on {tested}")


def _packages() -> Iterator[Line]:
    found = {name: _version(name) for name in PACKAGES}
    missing = [name for name, number in found.items() if number is None]
    listed = ", ".join(f"{name} {number}" for name, number in found.items() if number)
    if missing:
        yield Line(FAIL, "packages", f"missing: {', '.join(missing)}. Run: pip install glutecam")
    yield Line(OK, "packages", listed)
    doubles = [name for name in ("opencv-python", "opencv-python-headless") if _version(name)]
    if doubles:
        yield Line(
            WARN, "packages",
            f"{doubles[0]} overwrites parts of opencv-contrib-python. Run: pip uninstall "
            f"{' '.join(doubles)}, then pip install --force-reinstall opencv-contrib-python",
        )  # fmt: skip


def _extras() -> Line:
    """Return which extras are here; one is where all its packages are.

    Nothing is said of one that the installed package does not know: it was installed before that extra was.
    """
    needed = {extra: names for extra in EXTRAS if (names := _packages_of(extra))}
    here = [extra for extra, names in needed.items() if all(map(_version, names))]
    missing = [extra for extra in needed if extra not in here]
    found = [f"here: {', '.join(here)}"] if here else []
    if missing:
        found.append(
            f"not here, and needed only for what they name: {', '.join(missing)}. Run: pip install "
            f"'glutecam[{','.join(missing)}]', or some of them"
        )
    if len(needed) < len(EXTRAS):
        unknown = ", ".join(extra for extra in EXTRAS if extra not in needed)
        found.append(f"unknown to the version that is installed: {unknown}. Install glutecam again")
    return Line(OK, "extras", "; ".join(found))


def _packages_of(extra: str) -> list[str]:
    """Return the names of an extra's packages, from what the installed package says of itself."""
    wanted = re.compile(rf"""extra\s*==\s*['"]{extra}['"]""")
    named = re.compile(r"[A-Za-z0-9._-]+")
    needed = (line for line in requires("glutecam") or () if wanted.search(line))
    return [found[0] for line in needed if (found := named.match(line))]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _disk() -> Line:
    from glutecam.capture.weights import cache_folder

    folder = cache_folder()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    free_mb = usage.free / 1e6
    if not folder.exists() and not (usage.total and os.access(there, os.W_OK)):
        return Line(
            FAIL,
            "disk",
            f"the folder {folder} cannot be made in {there}. Set HOME to your own folder, or "
            "GLUTECAM_CACHE to one that may be written to",
        )
    if free_mb < FREE_MB:
        return Line(WARN, "disk", f"{free_mb:.0f} MB free at {folder}: free some space")
    return Line(OK, "disk", f"{free_mb / 1e3:.0f} GB free at {folder}")


def _model(name: str) -> Line:
    from glutecam.capture.weights import model_path
    from glutecam.errors import ModelError

    try:
        path = model_path(name)
    except ModelError as err:
        return Line(WARN, "model", str(err))
    return Line(OK, "model", f"{name}: {path}, checksum right")


def _codecs() -> str:
    """Write an H.264 video and read it back."""
    import numpy as np

    from glutecam.capture.video import VideoFile
    from glutecam.display.recording import VideoWriter

    frames = 15
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test.mp4"
        with VideoWriter(path, 320, 240) as writer:
            for n in range(frames):
                writer.write(np.full((240, 320, 3), n * 10, dtype=np.uint8), n / 30)
        with VideoFile(path) as source:
            back = sum(1 for _ in source)
    if back != frames:
        raise EnvironmentProblem(
            f"H.264: {frames} frames were written and {back} came back. Run: pip install "
            "--force-reinstall av"
        )
    return "H.264 is written and read"


def _camera(camera: str) -> str:
    from glutecam.capture.webcam import Webcam

    with Webcam(camera) as source:
        info = source.info
        return f"{info.name}: {info.width_px}x{info.height_px}"


def _screen() -> str:
    from glutecam.display.window import check_screen

    check_screen()
    return "a window can be opened"


def _voice() -> str:
    from glutecam.display.voice import find_speaker

    speaker = find_speaker()
    if speaker is None:
        raise EnvironmentProblem(
            "nothing here can speak; cues are shown only. pip install 'glutecam[voice]', or on "
            "Linux install espeak-ng"
        )
    return "cues can be spoken"


def _speed(sample: Path | None, model: str) -> Line:
    """Run the model on a video, or on an empty picture where there is none."""
    from glutecam import pipeline

    what = f"on {sample.name}" if sample else "on an empty picture (give a clip: --sample clip.mp4)"
    with pipeline.open_model(model, count_people=False) as estimator:
        times_s = list(_worked(estimator, _for_a_while(sample)))
    found, whole = zip(*(times_s[1:] or times_s), strict=True)
    return _held_against_live(found, whole, model, what)


def _worked(estimator: SubjectPose, frames: Iterator[Frame]) -> Iterator[tuple[float, float]]:
    """Yield of each picture how long the model takes, and how long it is until it is judged and drawn, in s."""
    from glutecam import exercises
    from glutecam.core.coaching import SessionPlan, Start
    from glutecam.core.session import Session
    from glutecam.display.coach import CoachOverlay

    exercise = exercises.all_exercises()[0]
    session, overlay = Session(exercise, SessionPlan(start=Start.NOW)), CoachOverlay(exercise)
    for frame in frames:
        start_s = time.perf_counter()
        poses = estimator.estimate(frame)
        found_s = time.perf_counter() - start_s
        overlay.draw(frame.image, poses, session.push(poses))
        yield found_s, time.perf_counter() - start_s


def _held_against_live(
    found_s: Sequence[float], whole_s: Sequence[float], model: str, what: str
) -> Line:
    """Say whether a live set keeps up with a camera.

    Live, the model works beside what judges and draws: at best it alone counts, at worst all of it does.
    """
    from glutecam.core.keeping_up import CAMERA_FPS, EASED, FASTER, SKIPPED, SMALLER, left_out, ways

    fps, least = (1.0 / statistics.median(times) for times in (found_s, whole_s))
    words = f"{fps:.0f} pictures a second with '{model}' {what}"
    do = ways([way for way in FASTER if way != SMALLER or model != "lite"])
    lost = left_out(found_s)
    if lost >= SKIPPED:
        words = (
            f"slow: {words}. Of a camera's {CAMERA_FPS:.0f} live would leave out {lost:.0%}. {do}"
        )
        return Line(WARN, "speed", words)
    words = f"{words}, {least:.0f} with judging and drawing"
    if left_out(whole_s) < EASED:
        return Line(OK, "speed", f"{words}: live keeps up with a camera's {CAMERA_FPS:.0f}")
    words = f"{words}: live keeps up with a camera's {CAMERA_FPS:.0f} only while nothing else is busy. {do}"
    return Line(WARN, "speed", words)


def _for_a_while(sample: Path | None) -> Iterator[Frame]:
    until_s = time.monotonic() + TIMED_S
    frames = _frames_of(sample) if sample else _empty_frames()
    for n, frame in enumerate(frames):
        if n > 1 and time.monotonic() > until_s:
            return
        yield frame


def _frames_of(sample: Path) -> Iterator[Frame]:
    from glutecam.capture.video import VideoFile

    with VideoFile(sample) as source:
        yield from source


def _empty_frames() -> Iterator[Frame]:
    import numpy as np

    from glutecam.capture.frames import Frame

    picture = np.full((720, 1280, 3), 127, dtype=np.uint8)
    yield from (Frame(n, n / 30, picture, time.monotonic()) for n in count())
