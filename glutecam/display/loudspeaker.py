"""Short tones, and a tone that follows the pelvis: made sample by sample, never in the way of a frame.

The sound card asks for samples in a thread of its own; what to sound is left for it in one place.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Update
from glutecam.core.coaching import SessionUpdate, Tone
from glutecam.core.poses import PoseSeries
from glutecam.core.sound import TONES
from glutecam.display.view import Image
from glutecam.errors import EnvironmentProblem, MissingExtraError

if TYPE_CHECKING:
    import miniaudio

__all__ = ["RATE_HZ", "Loudspeaker", "Synthesizer", "can_sound"]


RATE_HZ = 44_100
"""Samples a second."""

_LOUD, _SOFT = 0.30, 0.10
_RAMP_S = 0.008
"""A tone that begins or ends at once clicks."""
_GLIDE_S = 0.05
_BUFFER_MS = 40


@dataclass
class Synthesizer:
    """Makes samples; told from one thread what to sound, asked from another for what comes next."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _notes: list[NDArray[np.float32]] = field(default_factory=list)
    _pitch_hz: float | None = None
    _phase: float = 0.0
    _now_hz: float = 0.0
    _volume: float = 0.0

    def sound(self, tone: Tone) -> None:
        """Sound a tone next, in place of one that is still to be heard."""
        samples = np.concatenate([_note(hz, seconds) for hz, seconds in TONES[tone]])
        with self._lock:
            self._notes = [samples]

    def follow(self, pitch_hz: float | None) -> None:
        """Hold this pitch from now on, gliding to it; None falls silent."""
        with self._lock:
            self._pitch_hz = pitch_hz

    def render(self, count: int) -> NDArray[np.float32]:
        """Return the next samples, (count,) between -1 and 1."""
        with self._lock:
            pitch_hz, note = self._pitch_hz, self._notes.pop() if self._notes else None
            out = self._hum(count, pitch_hz)
            if note is not None:
                part = note[:count]
                out[: len(part)] += part
                if len(note) > count:
                    self._notes.append(note[count:])
        return out

    def _hum(self, count: int, pitch_hz: float | None) -> NDArray[np.float32]:
        """Glide in pitch and volume, one phase running through all of it."""
        wanted = 0.0 if pitch_hz is None else _SOFT
        if not wanted and not self._volume:
            self._now_hz = 0.0
            return np.zeros(count, dtype=np.float32)
        aim = pitch_hz or self._now_hz
        step = np.arange(1, count + 1) / RATE_HZ
        near = np.exp(-step / _GLIDE_S)
        hz = aim + ((self._now_hz or aim) - aim) * near
        volume = np.clip(
            self._volume + np.sign(wanted - self._volume) * step * (_SOFT / _RAMP_S),
            min(wanted, self._volume), max(wanted, self._volume),
        )  # fmt: skip
        phase = self._phase + np.cumsum(2.0 * np.pi * hz / RATE_HZ)
        self._phase = float(phase[-1] % (2.0 * np.pi))
        self._now_hz, self._volume = float(hz[-1]), float(volume[-1])
        return np.asarray(volume * np.sin(phase), dtype=np.float32)


class Loudspeaker:
    """A view that sounds what an update calls for.

    Parameters
    ----------
    hum : bool
        Sound the tone that follows the pelvis too.
    backends : list, optional
        Of miniaudio; by default what this machine has.

    Raises
    ------
    EnvironmentProblem
        On construction, where nothing on this machine can sound.
    """

    def __init__(self, hum: bool = False, backends: list[Any] | None = None) -> None:
        self._hum = hum
        self._synthesizer = Synthesizer()
        self._device = _opened(backends)
        samples = _stream(self._synthesizer)
        next(samples)
        self._device.start(samples)

    @property
    def wants_stop(self) -> bool:
        """Never: a loudspeaker cannot be asked."""
        return False

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Sound what this frame calls for."""
        if not isinstance(update, SessionUpdate):
            return
        if update.tone is not None:
            self._synthesizer.sound(update.tone)
        if self._hum:
            self._synthesizer.follow(update.pitch_hz)

    def close(self) -> None:
        """Fall silent."""
        self._device.close()


def can_sound() -> bool:
    """Say whether the library for sound is installed."""
    return importlib.util.find_spec("miniaudio") is not None


def _opened(backends: list[Any] | None) -> miniaudio.PlaybackDevice:
    try:
        import miniaudio
    except ImportError as err:
        raise MissingExtraError("Sounding tones", "sound") from err
    try:
        return miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.FLOAT32,
            nchannels=1,
            sample_rate=RATE_HZ,
            buffersize_msec=_BUFFER_MS,
            backends=backends,
        )
    except miniaudio.MiniaudioError as err:
        raise EnvironmentProblem(
            f"No loudspeaker can be opened: {err}. Connect one, or use --no-tones."
        ) from err


def _stream(synthesizer: Synthesizer) -> Generator[bytes, int, None]:
    count = yield b""
    while True:
        count = yield synthesizer.render(count).tobytes()


def _note(hz: float, seconds: float) -> NDArray[np.float32]:
    """Return one tone with soft ends."""
    times = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    ramp = np.clip(np.minimum(times, seconds - times) / _RAMP_S, 0.0, 1.0)
    return np.asarray(_LOUD * ramp * np.sin(2.0 * np.pi * hz * times), dtype=np.float32)
