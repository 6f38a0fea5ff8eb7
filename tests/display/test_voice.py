from __future__ import annotations

import logging
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from builders import make_assessment, make_poses, make_update
from hypothesis import given
from hypothesis import strategies as st

from glutecam.core.assessment import Update
from glutecam.core.coaching import SessionUpdate
from glutecam.core.feedback import RateLimit
from glutecam.core.session_wording import say
from glutecam.display.voice import Speaker, Voice, find_speaker

pytestmark = pytest.mark.realtime
POSES = make_poses()
WRITES_DOWN = (
    "import sys, pathlib, time; path = pathlib.Path(sys.argv[1]); "
    "said = sys.stdin.read(); "
    "path.open('a', encoding='utf-8').write(said + chr(10))\n"
    "while path.with_suffix('.goes-on').exists(): time.sleep(0.01)"
)


def note_taker(path: Path) -> Speaker:
    return Speaker((sys.executable, "-X", "utf8", "-c", WRITES_DOWN, str(path)))


def show(voice: Voice, update: Update, time_s: float) -> None:
    voice.show(None, POSES, update, time_s)  # type: ignore[arg-type]


def settle(voice: Voice) -> None:
    if voice._speaking is not None:
        voice._speaking.wait(timeout=120)


def test_the_first_is_let_through_and_then_there_is_a_gap() -> None:
    limit = RateLimit(4.0)
    assert [limit.allow(t) for t in (0.0, 1.0, 3.99, 4.0, 5.0, 8.0)] == [
        True, False, False, True, False, True,
    ]  # fmt: skip


@given(st.lists(st.floats(0, 1e4), max_size=60), st.floats(0.1, 10))
def test_never_twice_within_the_gap(times: list[float], gap_s: float) -> None:
    limit = RateLimit(gap_s)
    passed = [t for t in sorted(times) if limit.allow(t)]
    assert all(b >= a + gap_s for a, b in pairwise(passed))


def test_cues_are_spoken_seldom(tmp_path: Path) -> None:
    voice = Voice("Well held.", note_taker(tmp_path / "said"))
    for index, time_s in enumerate((0.0, 0.1, 2.0, 4.5, 4.6)):
        show(voice, make_update(cue=f"Höhe {index}"), time_s)
        settle(voice)
    voice.close()
    assert (tmp_path / "said").read_text(encoding="utf-8").split("\n") == ["Höhe 0", "Höhe 3", ""]


def test_praise_only_for_a_clean_repetition(tmp_path: Path) -> None:
    voice = Voice("Well held.", note_taker(tmp_path / "said"), gap_s=0.0)
    whole = make_assessment()
    for time_s, rep in enumerate([*whole.reps, *whole.attempts]):
        show(voice, make_update(finished_rep=rep), float(time_s))
        settle(voice)
    show(voice, make_update(), 99.0)
    settle(voice)
    assert (tmp_path / "said").read_text().splitlines() == ["Well held."]


def test_a_frame_never_waits_for_the_voice() -> None:
    slow = Speaker((sys.executable, "-c", "import time; time.sleep(600)"))
    voice = Voice("Good.", slow, gap_s=0.0)
    begin = time.monotonic()
    for index in range(20):
        show(voice, make_update(cue="Keep level."), float(index))
    assert time.monotonic() - begin < 60
    voice.close()
    voice.close()
    assert time.monotonic() - begin < 120


def test_nothing_to_speak_with_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        voice = Voice("Good.", None)
        for index in range(5):
            show(voice, make_update(cue="Keep level."), 10.0 * index)
    assert len(caplog.records) == 1
    assert "glutecam[voice]" in caplog.text


def test_a_voice_that_breaks_falls_silent(caplog: pytest.LogCaptureFixture) -> None:
    voice = Voice("Good.", Speaker(("no-such-program-anywhere",)), gap_s=0.0)
    for index in range(3):
        show(voice, make_update(cue="Keep level."), float(index))
    assert len(caplog.records) == 1


def test_an_engine_that_ends_at_once_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    voice = Voice("Good.", Speaker((sys.executable, "-c", "")), gap_s=0.0)
    for index in range(3):
        show(voice, make_update(cue="Keep level." * 50_000), float(index))
        settle(voice)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("platform", "installed", "first"),
    [
        ("darwin", {"say"}, "say"),
        ("win32", {"powershell"}, "powershell"),
        ("linux", {"espeak-ng", "spd-say"}, "espeak-ng"),
        ("linux", {"spd-say"}, "spd-say"),
    ],
)
def test_each_system_has_its_own_voice(
    monkeypatch: pytest.MonkeyPatch, platform: str, installed: set[str], first: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    speaker = find_speaker(lambda name: name if name in installed else None, platform)
    assert speaker is not None
    assert speaker.command[0] == first


def test_without_any_voice_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert find_speaker(lambda name: None, "linux") is None


def test_a_cue_is_never_taken_for_an_option(tmp_path: Path) -> None:
    path = tmp_path / "said"
    code = f"import sys, pathlib; pathlib.Path({str(path)!r}).write_text(repr(sys.argv[1:]))"
    Speaker((sys.executable, "-c", code), takes_argument=True).start("-rf /").wait(timeout=120)
    assert path.read_text() == "['--', '-rf /']"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_voice_that_does_not_want_to_end_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal, sys, time, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
    )
    voice = Voice("Well held.", Speaker((sys.executable, "-c", deaf, str(tmp_path / "up"))))
    show(voice, make_update(cue="Up"), 0.0)
    until_s = time.monotonic() + 120
    while not (tmp_path / "up").exists():
        assert time.monotonic() < until_s, "it did not begin"
        time.sleep(0.02)
    process = voice._speaking
    start_s = time.monotonic()
    voice.close()
    assert time.monotonic() - start_s < 120
    assert process is not None
    assert process.poll() is not None


def asks(words: str | None, time_s: float) -> SessionUpdate:
    speak = None if words is None else replace(say("begin"), english=words)
    return SessionUpdate(**vars(make_update(time_s=time_s)), speak=speak)


@pytest.fixture
def goes_on(tmp_path: Path) -> Path:
    """A file; for as long as it is there, words are being spoken."""
    path = tmp_path / "said.goes-on"
    path.touch()
    return path


def test_a_session_says_when_and_its_words_wait_for_the_last_ones(
    tmp_path: Path, goes_on: Path
) -> None:
    voice = Voice("Well held.", note_taker(tmp_path / "said"))
    show(voice, asks("Stand still.", 0.0), 0.0)
    # Spoken words are a process: the next ones come while it still runs.
    show(voice, asks("Begin.", 0.1), 0.1)
    goes_on.unlink()
    settle(voice)
    show(voice, asks(None, 0.5), 0.5)
    settle(voice)
    voice.close()
    assert (tmp_path / "said").read_text().splitlines() == ["Stand still.", "Begin."]


def test_words_that_waited_too_long_are_not_said(tmp_path: Path, goes_on: Path) -> None:
    voice = Voice("Well held.", note_taker(tmp_path / "said"))
    show(voice, asks("Stand still.", 0.0), 0.0)
    show(voice, asks("Begin.", 0.1), 0.1)
    goes_on.unlink()
    settle(voice)
    show(voice, asks(None, 9.0), 9.0)
    settle(voice)
    voice.close()
    assert (tmp_path / "said").read_text().splitlines() == ["Stand still."]
