"""Fetching a model takes long enough that people want to know how far it is."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from glutecam.capture import fetching
from glutecam.capture.manifest import BundleSource, Part, read_manifest
from glutecam.cli import modelfile
from glutecam.errors import ModelError

CHUNK = bytes(1000)
CHUNKS = 20
WHOLE = CHUNK * CHUNKS
SOURCE = BundleSource("http://nowhere/x", len(WHOLE), hashlib.sha256(WHOLE).hexdigest())


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty pieces that come as fast as they are taken."""

    def chunks(url: str) -> Iterator[bytes]:
        yield from [CHUNK] * CHUNKS

    monkeypatch.setattr(fetching, "_connect", lambda url: None)
    monkeypatch.setattr(fetching, "_chunks", chunks)


@pytest.mark.usefixtures("network")
def test_without_a_terminal_there_is_a_line_for_each_tenth(tmp_path: Path) -> None:
    lines: list[str] = []
    fetching.fetch(SOURCE, tmp_path, lines.append)
    assert lines == [f"{10 * n} % of 0.0 MB" for n in range(1, 11)]


@pytest.mark.usefixtures("network")
def test_a_bar_is_told_every_piece_and_no_lines_come_between(tmp_path: Path) -> None:
    lines: list[str] = []
    told: list[tuple[int, int | None]] = []
    fetching.fetch(SOURCE, tmp_path, lines.append, lambda *now: told.append(now))
    assert lines == []
    assert told == [(1000 * n, 20_000) for n in range(1, 21)]


@pytest.mark.realtime
def test_a_package_is_followed_by_what_its_client_has_put_down(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    part = Part("pypi", "a", "b", 1, "c", package_size=4000)
    look = partial(
        fetching._look, tmp_path, part, fetching._Told(print, lambda *now: told.append(now))
    )
    write = (
        "import time; from pathlib import Path\n"
        "for n in range(5): Path(f'{n}').write_bytes(bytes(1000)); time.sleep(0.1)"
    )
    fetching._run([sys.executable, "-c", write], tmp_path, look)
    assert len(told) >= 2
    assert told == sorted(told)
    # It is moved into place, and for a moment there twice: no more than all of it is ever told.
    assert all(0 <= here <= 4000 == total for here, total in told)
    assert told[-1][0] > 0


def test_a_client_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "CLIENT_S", 0.5)
    begun: list[subprocess.Popen[str]] = []
    genuine = subprocess.Popen

    def popen(*words: object, **more: object) -> subprocess.Popen[str]:
        begun.append(genuine(*words, **more))  # type: ignore[call-overload]
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(ModelError, match="took longer than"):
        fetching._run(
            [sys.executable, "-c", "import time; time.sleep(600)"], tmp_path, lambda: None
        )
    assert begun[0].returncode is not None


def test_the_size_of_every_package_is_known() -> None:
    parts = [
        part
        for spec in read_manifest().values()
        for source in spec.sources
        if not isinstance(source, BundleSource)
        for part in (source.detector, source.landmarks)
    ]
    assert all(part.package_size and part.package_size > part.size for part in parts)


def test_a_terminal_gets_a_bar_with_time_left_and_what_is_tried_above_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A dumb terminal gets no moving bar, and the tests may well be run from one.
    monkeypatch.setenv("TERM", "xterm")
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=80)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    bar = Progress(*columns, TextColumn("{task.fields[more]}"), console=console)
    monkeypatch.setattr(modelfile, "progress_bar", lambda: bar)
    with modelfile._Transfer() as transfer:
        assert transfer.has_bar
        transfer.say("full: trying one")
        transfer.show(2_000_000, 9_000_000)
        bar.refresh()
        transfer.say("full: no connection; trying [another]")
        transfer.show(1_000_000, None)
    said = shown.getvalue()
    for words in ("full: trying one", "trying [another]", "2 of 9 MB", "1 MB", "-:--:--"):
        assert words in said


def test_elsewhere_it_is_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with modelfile._Transfer() as transfer:
        assert not transfer.has_bar
        transfer.say("full: 10 % of 9.4 MB")
    assert capsys.readouterr().err == "full: 10 % of 9.4 MB\n"
