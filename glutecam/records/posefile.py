"""Recorded landmarks: the seam between filming and judging, and the evidence afterwards.

A recording is a NumPy ``.npz`` without pickles: the arrays of a PoseSeries by their own names, in
float64 so that judging it again gives the same bits as judging it live, and ``about``, a JSON text
that names the format, its version, the model and the source. A recording that is still being made
is a row of such files of about ten seconds each, ``<name>.partial-0001.npz`` and so on.
"""

from __future__ import annotations

import errno
import json
import lzma
import re
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import LongPoses, PoseSeries
from glutecam.errors import PoseFileError
from glutecam.records.about import About
from glutecam.records.files import whole_file
from glutecam.records.npz_members import member_of, write_array
from glutecam.records.origin import Origin

__all__ = [
    "FORMAT",
    "VERSION",
    "About",
    "Recording",
    "arrays_of",
    "is_part",
    "load_poses",
    "opened",
    "part_path",
    "parts_of",
    "save_poses",
    "save_recording",
    "write_poses",
]

FORMAT = "glutecam-poses"
VERSION = 2
"""2: ``scene``, what the pictures told beside the person. 1 is read, as if nobody had looked."""

_ARRAYS = ("time_s", "image_px", "world_m", "visibility", "people", "scene")
_SINCE_2 = ("scene",)
_PART = re.compile(r"(?P<stem>.+)\.partial-(?P<number>\d{4,})\.npz")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    tokenize.TokenError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    SyntaxError,
    # A flipped bit says that the archive is encrypted, or packed in a way nobody knows.
    RuntimeError,
    # A flipped bit in the shape of an array asks for more than any machine has.
    MemoryError,
    OverflowError,
)


class _NotOurs(ValueError):
    """Why a file is none of ours, in words for its user."""


@dataclass(frozen=True, eq=False)
class Recording:
    """A recording that was read back."""

    poses: PoseSeries
    about: About

    @property
    def model_name(self) -> str:
        """Name of the pose model that found the landmarks."""
        return self.about.model_name

    @property
    def source_name(self) -> str:
        """Name of the camera or file that was filmed."""
        return self.about.source_name

    @property
    def fps(self) -> float | None:
        """Nominal frame rate in 1/s, None where it is not known."""
        return self.about.fps

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the source complained about."""
        return self.about.warnings

    @property
    def reduced_accuracy(self) -> bool:
        """True where the model is one of less accuracy."""
        return self.about.reduced_accuracy

    @property
    def origin(self) -> Origin | None:
        """The file that was filmed, None where it is not known."""
        return self.about.origin


def save_poses(
    path: Path,
    poses: LongPoses,
    *,
    model_name: str,
    source_name: str,
    fps: float | None,
    warnings: Sequence[str] = (),
    reduced_accuracy: bool = False,
    origin: Origin | None = None,
) -> None:
    """Write a recording, whole or not at all.

    Parameters
    ----------
    path : Path
        Should end in ``.npz``.
    poses : LongPoses
        A PoseSeries, or what lies on a disk.
    model_name, source_name : str
    fps : float or None
        Nominal frame rate in 1/s.
    warnings : sequence of str
    reduced_accuracy : bool
    origin : Origin or None
        The file that was filmed.

    Raises
    ------
    OutputError
        Where it cannot be written; a file that was there is left as it was.
    """
    about = About(model_name, source_name, fps, tuple(warnings), reduced_accuracy, origin)
    save_recording(path, poses, about)


def save_recording(path: Path, poses: LongPoses, about: About) -> None:
    """Write landmarks and what is known beside them, as ``save_poses`` does."""
    with whole_file(path) as stream:
        write_poses(stream, poses, about)


def write_poses(stream: BinaryIO, poses: LongPoses, about: About) -> None:
    """Write the whole archive to a stream.

    Raises
    ------
    OSError
        Where the stream cannot take it.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        with member_of(archive, "about") as member:
            text = np.array(_about_text(poses, about))
            np.lib.format.write_array(member, text, allow_pickle=False)
        for name in _ARRAYS:
            with member_of(archive, name) as member:
                write_array(member, len(poses), poses.pieces(name))


def part_path(path: Path, number: int) -> Path:
    """Return where a session that records to ``path`` keeps its part of this number, from 1."""
    return path.with_name(f"{path.stem}.partial-{number:04d}.npz")


def parts_of(path: Path) -> list[Path]:
    """Return the parts that a session recording to ``path`` has left beside it, in order."""
    try:
        beside = list(path.parent.iterdir())
    except OSError:
        # No folder, so no parts in it; who wants to read or write there is told elsewhere.
        return []
    named = [(match, part) for part in beside if (match := _PART.fullmatch(part.name))]
    own = [(int(match["number"]), part) for match, part in named if match["stem"] == path.stem]
    return [part for _, part in sorted(own)]


def load_poses(path: str | Path) -> Recording:
    """Read a recording, also one that was cut short: any of its parts stands for all of them.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    PoseFileError
        Where there is no such file, it is not a recording, is damaged, or comes from a newer
        version of glutecam.

    Examples
    --------
    >>> recording = load_poses("clip.npz")
    >>> recording.poses.image_px.shape, recording.model_name
    ((424, 33, 2), 'full')
    """
    path = Path(path)
    part = _PART.fullmatch(path.name)
    return _load_parts(path.with_name(f"{part['stem']}.npz")) if part else _read(path)


def is_part(path: Path) -> bool:
    """Tell a part of a session that was cut short from a whole recording, by its name."""
    return _PART.fullmatch(path.name) is not None


@contextmanager
def opened(path: Path) -> Iterator[tuple[np.lib.npyio.NpzFile, dict[str, Any]]]:
    """Give the arrays of a recording and what it says of itself.

    Raises
    ------
    PoseFileError
        Where it is not a recording, or comes from a newer version; also where that comes to light
        while its arrays are read.
    """
    try:
        with path.open("rb") as stream, _archive(stream) as archive:
            facts = _facts(archive)
            _check_version(path, facts)
            yield archive, facts
    except OSError as err:
        # Offsets and packed bytes that make no sense end as these, and not as an error of the disk.
        if err.errno in (None, errno.EINVAL):
            raise _damaged(path, err) from err
        raise PoseFileError(
            f"'{path}' cannot be read: {err.strerror or err}. Check the path and that you may read "
            f"the file.{_hint(path)}"
        ) from err
    except _DAMAGED as err:
        raise _damaged(path, err) from err


def _archive(stream: BinaryIO) -> np.lib.npyio.NpzFile:
    head = stream.read(2)
    stream.seek(0)
    if head not in (b"PK", b"\x93N"):
        # NumPy would propose to load it in a way that runs what stands in it.
        raise _NotOurs("it is no archive of arrays" if head else "it is empty")
    archive = np.load(stream, allow_pickle=False)
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise _NotOurs("it is a single array")
    return archive


def _facts(archive: np.lib.npyio.NpzFile) -> dict[str, Any]:
    if "about" not in archive:
        raise _NotOurs("it does not say that it is one")
    try:
        facts: dict[str, Any] = json.loads(str(archive["about"]))
    except json.JSONDecodeError as err:
        raise _NotOurs("what it says about itself is another program's, or cut off") from err
    return facts


def _load_parts(target: Path) -> Recording:
    """Join the parts of a session that was cut short, up to the last that can be read."""
    whole: list[Recording] = []
    for number, path in enumerate(parts_of(target) or [part_path(target, 1)], start=1):
        try:
            if path != part_path(target, number):
                break
            whole.append(_read(path))
        except PoseFileError:
            if not whole:
                raise
            break
    if not whole:
        return _read(part_path(target, 1))
    try:
        poses = PoseSeries.concatenate([part.poses for part in whole])
    except _DAMAGED as err:
        raise _damaged(part_path(target, 1), err) from err
    warning = f"The recording was cut short: it ends at {float(poses.time_s[-1]):.1f} s."
    about = whole[-1].about
    return Recording(poses, replace(about, warnings=(*about.warnings, warning)))


def _hint(path: Path) -> str:
    parts = parts_of(path)
    if not parts or path.exists():
        return ""
    return f" What a session left that was cut short can be read: give {parts[0]} instead."


def _damaged(path: Path, err: Exception) -> PoseFileError:
    # Only our own words: what a parser says is of no use to whoever gave the file.
    why = str(err) if isinstance(err, _NotOurs) else "its parts cannot be unpacked"
    return PoseFileError(
        f"'{path}' is not a glutecam recording, or it is damaged ({why}). Record it again with "
        "--record, or give the video itself instead."
    )


def _about_text(poses: LongPoses, about: About) -> str:
    facts = {
        "format": FORMAT,
        "version": VERSION,
        **about.facts,
        "width_px": poses.width_px,
        "height_px": poses.height_px,
        "camera_roll_deg": poses.camera_roll_deg,
    }
    return json.dumps(facts)


def _read(path: Path) -> Recording:
    with opened(path) as (archive, facts):
        return Recording(_poses(archive, facts), About.of(facts))


def arrays_of(facts: Mapping[str, Any]) -> list[str]:
    """Return the names of the arrays that a file of this version holds."""
    return [name for name in _ARRAYS if int(facts["version"]) >= 2 or name not in _SINCE_2]


def _check_version(path: Path, facts: Mapping[str, Any]) -> None:
    if facts["format"] != FORMAT:
        raise _NotOurs(f"its format is {facts['format']!r}")
    if int(facts["version"]) > VERSION:
        raise PoseFileError(
            f"'{path}' was recorded by a newer glutecam (format {facts['version']}, this one reads "
            f"up to {VERSION}). Update glutecam: pip install --upgrade glutecam"
        )


def _poses(archive: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> PoseSeries:
    names = arrays_of(facts)
    arrays = {name: archive[name] for name in names}
    kinds = {name: array.dtype.kind for name, array in arrays.items()}
    if kinds != {name: "i" if name == "people" else "f" for name in names}:
        raise _NotOurs("its arrays do not hold numbers of the expected kind")
    return PoseSeries(
        time_s=arrays["time_s"].astype(np.float64, copy=False),
        image_px=arrays["image_px"].astype(np.float64, copy=False),
        world_m=arrays["world_m"].astype(np.float64, copy=False),
        visibility=arrays["visibility"].astype(np.float64, copy=False),
        people=arrays["people"].astype(np.int64, copy=False),
        width_px=int(facts["width_px"]),
        height_px=int(facts["height_px"]),
        camera_roll_deg=float(facts["camera_roll_deg"]),
        **{name: arrays[name].astype(np.float64, copy=False) for name in names if name in _SINCE_2},
    )
