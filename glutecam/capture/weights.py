"""The pose models in the user's cache: which are there, where, and how to get one.

When a model is present, nothing here touches the network.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from glutecam.capture.fetching import Progress, Report, UnusableSourceError, fetch, has_checksum
from glutecam.capture.manifest import ModelSpec, find_model, read_manifest
from glutecam.errors import ModelError

__all__ = ["ModelInfo", "cache_folder", "list_models", "model_path", "pull"]

CACHE_VARIABLE = "GLUTECAM_CACHE"
WORK_PREFIX = ".pull-"
ABANDONED_S = 3600.0
"""Seconds after which the work folder of a pull that was killed is removed by the next one."""


@dataclass(frozen=True)
class ModelInfo:
    """A known pose model.

    Attributes
    ----------
    name, summary, licence : str
        Name to ask for, a few words, SPDX licence.
    size : int
        Bytes.
    present : bool
        True where the file is in the cache and has the right checksum.
    path : Path
        Where the file is, or would be.
    reduced_accuracy : bool
        True where results must be marked as less accurate.
    """

    name: str
    summary: str
    licence: str
    size: int
    present: bool
    path: Path
    reduced_accuracy: bool


def cache_folder() -> Path:
    """Return glutecam's cache: ``GLUTECAM_CACHE`` where it is set, else the system's place."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("glutecam")


def list_models(cache: Path | None = None, manifest: Path | None = None) -> list[ModelInfo]:
    """Return every known model, present or not.

    Parameters
    ----------
    cache, manifest : Path, optional
        Cache folder and list of models, where not the usual ones.

    Raises
    ------
    ModelError
        Where the list of models cannot be read.
    """
    return [_info(spec, cache) for spec in read_manifest(manifest).values()]


def model_path(name: str, cache: Path | None = None, manifest: Path | None = None) -> Path:
    """Return the checked file of a model that is present; never uses the network.

    Raises
    ------
    ModelError
        Where the name is unknown, the model is missing, or its checksum differs.
    """
    spec = find_model(name, manifest)
    path = _target(spec, cache)
    if not path.is_file():
        raise ModelError(
            f"The pose model '{name}' is not on this machine ({path}). "
            f"Fetch it once: glutecam models pull {name}"
        )
    if not _is_good(spec, path):
        raise ModelError(
            f"The pose model '{name}' is damaged: the checksum of {path} is none of those in the "
            f"list of models. Fetch it again: glutecam models pull {name}"
        )
    return path


def pull(
    name: str,
    report: Report | None = None,
    cache: Path | None = None,
    manifest: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Return the file of a model, fetching it first where it is missing or damaged.

    Two processes may pull at once: each works in a folder of its own and the last step is atomic.

    Parameters
    ----------
    name : str
        One of the names that ``list_models`` gives.
    report : callable, optional
        Called with a line for each step; without ``progress`` also for each tenth of a transfer.
    cache, manifest : Path, optional
        Cache folder and list of models, where not the usual ones.
    progress : callable, optional
        Called with the bytes that are here, and with all that there will be where that is known.

    Raises
    ------
    ModelError
        Where the name is unknown, no source works (all are listed with the reason), or the file
        cannot be stored. Nothing half-written stays.
    """
    spec = find_model(name, manifest)
    target = _target(spec, cache)
    if target.is_file() and _is_good(spec, target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        with tempfile.TemporaryDirectory(prefix=WORK_PREFIX, dir=target.parent) as work:
            say = report or _silent
            bundle = _first_that_works(spec, Path(work), target, say, progress)
            _publish(spec, bundle, target)
    except OSError as err:
        raise _storage_error(spec, target, err) from err
    return target


def _target(spec: ModelSpec, cache: Path | None) -> Path:
    return (cache or cache_folder()) / "models" / spec.filename


def _is_good(spec: ModelSpec, path: Path) -> bool:
    size = path.stat().st_size
    return any(s.size == size and has_checksum(path, s.sha256) for s in spec.sources)


def _info(spec: ModelSpec, cache: Path | None) -> ModelInfo:
    path = _target(spec, cache)
    present = path.is_file() and _is_good(spec, path)
    return ModelInfo(
        name=spec.name,
        summary=spec.summary,
        licence=spec.licence,
        size=path.stat().st_size if present else spec.sources[0].size,
        present=present,
        path=path,
        reduced_accuracy=spec.reduced_accuracy,
    )


def _first_that_works(
    spec: ModelSpec, work: Path, target: Path, say: Report, progress: Progress | None
) -> Path:
    failures = []
    for number, source in enumerate(spec.sources):
        folder = work / str(number)
        folder.mkdir()
        say(f"{spec.name}: trying {source}")
        try:
            return fetch(source, folder, lambda line: say(f"{spec.name}: {line}"), progress)
        except UnusableSourceError as err:
            failures.append(f"  {number + 1}. {source}: {err}")
            say(f"{spec.name}: {err}")
    raise ModelError(
        f"The pose model '{spec.name}' could not be fetched. Tried:\n"
        + "\n".join(failures)
        + f"\nConnect to the internet and run: glutecam models pull {spec.name}\n"
        f"Or copy {spec.filename} from a machine that has it to {target}"
    )


def _publish(spec: ModelSpec, bundle: Path, target: Path) -> None:
    try:
        bundle.replace(target)
    except PermissionError:
        # Windows refuses while another process has the file open: it then got there first.
        if not (target.is_file() and _is_good(spec, target)):
            raise


def _sweep(folder: Path) -> None:
    """Remove work folders of pulls that were killed."""
    for work in folder.glob(f"{WORK_PREFIX}*"):
        try:
            abandoned = time.time() - work.stat().st_mtime > ABANDONED_S
        except FileNotFoundError:
            continue
        if abandoned:
            shutil.rmtree(work, ignore_errors=True)


def _storage_error(spec: ModelSpec, target: Path, err: OSError) -> ModelError:
    if err.errno == errno.ENOSPC:
        # The archives, what they unpack to, and the bundle are on the disk together.
        return ModelError(
            f"The pose model '{spec.name}' could not be stored: the disk of {target.parent} is "
            "full. Free about 200 MB, or set GLUTECAM_CACHE to a folder on another disk, and run: "
            f"glutecam models pull {spec.name}"
        )
    return ModelError(
        f"The pose model '{spec.name}' could not be stored in {target.parent}: {err}. Make the "
        "folder writable, or set GLUTECAM_CACHE to another one, and run: "
        f"glutecam models pull {spec.name}"
    )


def _silent(line: str) -> None:
    """Report to nobody."""
