"""A clinic's batch needs no network: it runs where there is none, and makes no call where there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import figures
import pytest

from glutecam.capture import weights
from glutecam.records.posefile import save_poses
from tests.program import cut, environment, ran_here
from tests.served import CHROMIUM

FRAMES = 8
UNSHARED = ["unshare", "--user", "--map-root-user", "--net"]
"""A network namespace of its own, in which even the loopback is down."""


@pytest.fixture(scope="module")
def clips(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clinic")
    for name in ("step_down_clean_left", "clamshell_clean_left"):
        cut(sample_videos / f"{name}.mp4", folder / f"{name}.mp4", FRAMES)
    return folder


def batch(clips: Path, out: Path, *before: str) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-m", "glutecam", "batch", clips, "-o", out, "--workers", 2]
    # The home stays: the pose model is in its cache, where the user's first run has put it.
    return subprocess.run(
        [str(part) for part in command],
        env=environment(GLUTECAM_CACHE=str(weights.cache_folder())),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def alone() -> list[str]:
    """How to start a program where there is no network at all."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not on this system")
    probe = "import socket; socket.create_connection(('127.0.0.1', 9), 2)"
    lonely = subprocess.run(
        [*UNSHARED, sys.executable, "-c", probe], capture_output=True, text=True, check=False
    )
    if "unshare" in lonely.stderr:
        pytest.skip(f"no namespace may be made here: {lonely.stderr.strip()}")
    assert "unreachable" in lonely.stderr  # not even this machine can be reached from there
    return UNSHARED


@pytest.mark.usefixtures("no_workers")
def test_a_batch_runs_in_a_network_namespace_without_interfaces(
    clips: Path, tmp_path: Path, alone: list[str]
):
    done = batch(clips, tmp_path / "alone", *alone)
    assert done.returncode == 0, done.stderr
    assert "2 of 2 clips judged" in done.stdout
    assert ran_here("batch", clips, "-o", tmp_path / "usual")[0] == 0
    for table in ("summary.csv", "reps.csv"):
        lonely, usual = (tmp_path / where / table for where in ("alone", "usual"))
        assert lonely.read_bytes() == usual.read_bytes()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_a_report_is_printed_in_a_network_namespace_without_interfaces(
    tmp_path: Path, alone: list[str]
):
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    film = figures.squat_set(depths=[70.0] * 3)
    kept, report = tmp_path / "a.npz", tmp_path / "a.pdf"
    save_poses(kept, film, model_name="exact", source_name="a.mp4", fps=30.0)
    words = ("score", kept, "-x", "single-leg-squat", "--pdf", report)
    command = [*alone, sys.executable, "-m", "glutecam", *words]
    done = subprocess.run(
        [str(part) for part in command], env=environment(),
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    text = " ".join(
        " ".join(sheet.get_textpage().get_text_range().split())
        for sheet in pdfium.PdfDocument(report)
    )
    # The curves, which the page's own script draws, are on paper too.
    for heading in ("Each repetition", "Over time", "What was looked for"):
        assert heading in text


def test_no_process_of_a_batch_opens_a_socket_to_a_network(clips: Path, tmp_path: Path):
    if shutil.which("strace") is None:
        pytest.skip("strace is not on this system")
    log = tmp_path / "calls"
    done = batch(
        clips, tmp_path / "out",
        "strace", "--follow-forks", "-qq", "--trace=%network", "-o", str(log),
    )  # fmt: skip
    if "ptrace" in done.stderr.lower():
        pytest.skip(f"strace may not trace here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    calls = log.read_text().splitlines()
    assert len({line.split()[0] for line in calls}) >= 3  # the parent and two workers were watched
    assert [line for line in calls if re.search(r"AF_INET|AF_NETLINK|sin_addr", line)] == []
