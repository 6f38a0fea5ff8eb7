"""A real PostgreSQL server for the length of a test run, in a folder that is thrown away."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER = "postgres"
PLACES = "/usr/lib/postgresql"


def binaries() -> Path | None:
    """Return the folder with initdb and pg_ctl, the newest version's; None where there is none."""
    debian = sorted(Path(PLACES).glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _as_owner() -> list[str]:
    """Return how to run a command that PostgreSQL refuses to root."""
    if os.geteuid() != 0:
        return []
    runuser = shutil.which("runuser")
    return [runuser, "-u", OWNER, "--"] if runuser else ["su", OWNER, "-s", "/bin/sh", "-c"]


@contextmanager
def server() -> Iterator[str]:
    """Start a server on a free port of this machine and give its address, without a database."""
    tools = binaries()
    assert tools is not None
    folder = Path(tempfile.mkdtemp(prefix="glutecam-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        data, log = folder / "data", folder / "log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        _run(tools / "initdb", "-D", data, "-U", OWNER, "--auth=trust", "--no-sync", "-E", "UTF8")
        how = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _run(tools / "pg_ctl", "-D", data, "-l", log, "-w", "-o", how, "start")
        try:
            yield f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}"
        finally:
            _run(tools / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*words: object) -> None:
    command = [*_as_owner(), *map(str, words)]
    # The server keeps what it inherits: with a pipe of ours this would wait for its end.
    done = subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}")
