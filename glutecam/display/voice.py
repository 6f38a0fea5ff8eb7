"""Spoken cues: seldom, short, and never in the way of a frame.

Each utterance is its own short-lived process, so that neither a slow speech engine nor one that
crashes can hold up the camera.
"""

from __future__ import annotations

import importlib.util
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass

from glutecam.core.assessment import Band, Update
from glutecam.core.coaching import SessionUpdate
from glutecam.core.feedback import GAP_S, RateLimit
from glutecam.core.poses import PoseSeries
from glutecam.display.view import Image

__all__ = ["Speaker", "Voice", "find_speaker"]

_LOG = logging.getLogger(__name__)

OLD_S = 3.0
"""Words that had to wait longer than this would speak of what is over."""

END_S = 1.0
"""How long an utterance may take to end when it is told to."""

_PYTTSX3 = (
    "import sys, pyttsx3; engine = pyttsx3.init(); "
    "engine.say(sys.stdin.read()); engine.runAndWait()"
)
_WINDOWS = (
    "Add-Type -AssemblyName System.Speech; "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)


@dataclass(frozen=True)
class Speaker:
    """A command that speaks the text on its standard input, or as its last argument."""

    command: tuple[str, ...]
    takes_argument: bool = False

    def start(self, words: str) -> subprocess.Popen[bytes]:
        """Start to speak, without waiting.

        Raises
        ------
        OSError
            Where the command cannot be started.
        """
        # After "--" a text that begins with a dash is not taken for an option.
        command = [*self.command, "--", words] if self.takes_argument else list(self.command)
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            bufsize=0,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # An engine that has ended already does not read; being silent is all it can do.
        with suppress(BrokenPipeError), process.stdin or nullcontext() as pipe:
            if pipe is not None and not self.takes_argument:
                pipe.write(words.encode())
        return process


def find_speaker(
    which: Callable[[str], str | None] = shutil.which, platform: str = sys.platform
) -> Speaker | None:
    """Return pyttsx3 where it is installed, else what the system speaks with, else None."""
    if importlib.util.find_spec("pyttsx3") is not None:
        return Speaker((sys.executable, "-c", _PYTTSX3))
    if platform == "darwin" and (say := which("say")):
        return Speaker((say, "-f", "-"))
    if platform == "win32" and (shell := which("powershell")):
        return Speaker((shell, "-NoProfile", "-NonInteractive", "-Command", _WINDOWS))
    if espeak := which("espeak-ng"):
        return Speaker((espeak, "--stdin"))
    if spd := which("spd-say"):
        return Speaker((spd, "--wait"), takes_argument=True)
    return None


class Voice:
    """Speaks what a session asks for, or the cue of an analyzer alone.

    A session knows what is to be said when. Without one it is the analyzer's cue, or praise after a
    repetition in which every rule is kept, at most every ``gap_s`` seconds.

    Parameters
    ----------
    praise : str
        What to say after a clean repetition; ``exercise.praise``.
    speaker : Speaker or None
        None stays silent and says so once in the log.
    gap_s : float
        Least time between two utterances in seconds.
    """

    def __init__(self, praise: str, speaker: Speaker | None, gap_s: float = GAP_S) -> None:
        self._praise = praise
        self._speaker = speaker
        self._limit = RateLimit(gap_s)
        self._speaking: subprocess.Popen[bytes] | None = None
        self._next: tuple[str, float] | None = None
        if speaker is None:
            _LOG.warning(
                "Nothing on this machine can speak, so cues are shown only. To hear them: "
                "pip install 'glutecam[voice]', or on Linux install espeak-ng."
            )

    @property
    def wants_stop(self) -> bool:
        """Never: a voice cannot be asked."""
        return False

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Say what this frame calls for, unless something was said a moment ago."""
        if isinstance(update, SessionUpdate):
            self._take_turns(update, time_s)
            return
        words = self._words(update)
        if not words or self._speaker is None or self._busy():
            return
        if self._limit.allow(time_s):
            self._speak(self._speaker, words)

    def _take_turns(self, update: SessionUpdate, time_s: float) -> None:
        """Speak as soon as the last words are over; what is old by then is not said any more."""
        if update.speak is not None:
            self._next = (update.speak.english, time_s)
        if self._next is None or self._speaker is None or self._busy():
            return
        (words, since_s), self._next = self._next, None
        if time_s - since_s <= OLD_S:
            self._speak(self._speaker, words)

    def close(self) -> None:
        """Stop speaking."""
        if self._speaking is not None:
            self._speaking.terminate()
            try:
                self._speaking.wait(END_S)
            except subprocess.TimeoutExpired:
                # It hangs in the sound system; being killed is the only thing it still obeys.
                self._speaking.kill()
                with suppress(subprocess.TimeoutExpired):
                    self._speaking.wait(END_S)
            self._speaking = None

    def _words(self, update: Update) -> str | None:
        if update.cue:
            return update.cue
        rep = update.finished_rep
        clean = rep is not None and rep.complete and bool(rep.findings) and rep.band is Band.OK
        return self._praise if clean else None

    def _busy(self) -> bool:
        return self._speaking is not None and self._speaking.poll() is None

    def _speak(self, speaker: Speaker, words: str) -> None:
        try:
            self._speaking = speaker.start(words)
        except OSError as err:
            _LOG.warning("The voice has stopped: %s. Cues are still shown.", err)
            self._speaker = None
