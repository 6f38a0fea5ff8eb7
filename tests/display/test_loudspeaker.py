"""What is heard, from the samples themselves; the real sound library plays them to no device."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from glutecam.core.assessment import Phase
from glutecam.core.coaching import SessionUpdate, Tone
from glutecam.core.sound import LEVEL_HZ, TONES, pitch_of
from glutecam.display.loudspeaker import RATE_HZ, Loudspeaker, Synthesizer
from glutecam.errors import EnvironmentProblem

pytestmark = pytest.mark.realtime


def heard_hz(samples: np.ndarray) -> float:
    window = samples * np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(window, 8 * len(samples)))
    return float(np.argmax(spectrum) * RATE_HZ / (8 * len(samples)))


def blocks(synthesizer: Synthesizer, seconds: float, size: int = 512) -> np.ndarray:
    count = round(seconds * RATE_HZ / size)
    return np.concatenate([synthesizer.render(size) for _ in range(count)])


@pytest.mark.parametrize("drop", [0.0, 6.0, 12.0, -6.0])
def test_the_pitch_that_is_heard_is_that_of_the_drop(drop):
    synthesizer = Synthesizer()
    synthesizer.follow(pitch_of(drop))
    blocks(synthesizer, 0.5)
    assert heard_hz(blocks(synthesizer, 0.5)) == pytest.approx(LEVEL_HZ * 2 ** (-drop / 12), abs=2)


def test_the_deeper_the_pelvis_the_lower_the_pitch_and_it_has_ends():
    pitches = [pitch_of(drop) for drop in np.linspace(-40, 40, 81)]
    assert all(a >= b for a, b in itertools.pairwise(pitches))
    assert (pitches[0], pitches[-1]) == (2 * LEVEL_HZ, LEVEL_HZ / 2)
    assert pitch_of(float("nan")) is None


def test_no_click_when_the_pitch_moves_begins_or_ends():
    synthesizer = Synthesizer()
    parts = []
    for pitch in (None, 440.0, 220.0, 880.0, None, None):
        synthesizer.follow(pitch)
        parts.append(blocks(synthesizer, 0.1, 441))
    samples = np.concatenate(parts)
    steepest = 0.10 * 2 * np.pi * 880 / RATE_HZ
    assert np.abs(np.diff(samples)).max() < 1.3 * steepest
    assert (samples[: len(parts[0])] == 0).all()
    assert (parts[-1] == 0).all()


@pytest.mark.parametrize("tone", list(Tone))
def test_every_tone_has_its_pitches_and_ends_by_itself(tone):
    synthesizer = Synthesizer()
    synthesizer.sound(tone)
    length_s = sum(seconds for _, seconds in TONES[tone])
    samples = blocks(synthesizer, length_s + 0.1, 128)
    first = round(TONES[tone][0][1] * RATE_HZ)
    assert heard_hz(samples[:first]) == pytest.approx(TONES[tone][0][0], rel=0.03)
    assert 0.25 < np.abs(samples).max() <= 1.0
    assert (samples[round(length_s * RATE_HZ) + 128 :] == 0).all()


def test_tones_differ_from_each_other():
    assert len(set(TONES.values())) == len(Tone)


def update(**changes) -> SessionUpdate:
    return SessionUpdate(0.0, Phase.MOVING, {}, {}, 0, 0, **changes)


def test_the_real_library_asks_for_the_samples_and_is_closed():
    miniaudio = pytest.importorskip("miniaudio")
    speaker = Loudspeaker(hum=True, backends=[miniaudio.Backend.NULL])
    try:
        speaker.show(None, None, update(tone=Tone.GO, pitch_hz=440.0), 0.0)
        deadline = time.monotonic() + 60
        while speaker._synthesizer._phase == 0.0 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert speaker._synthesizer._phase > 0.0
        assert not speaker.wants_stop
    finally:
        speaker.close()


def test_without_the_hum_the_pelvis_is_not_heard():
    miniaudio = pytest.importorskip("miniaudio")
    speaker = Loudspeaker(backends=[miniaudio.Backend.NULL])
    speaker.show(None, None, update(pitch_hz=440.0), 0.0)
    speaker.close()
    assert speaker._synthesizer._pitch_hz is None


def test_nothing_to_sound_with_is_said(monkeypatch):
    def refused(**_):
        import miniaudio

        raise miniaudio.MiniaudioError("failed to init device", -401)

    miniaudio = pytest.importorskip("miniaudio")
    monkeypatch.setattr(miniaudio, "PlaybackDevice", refused)
    with pytest.raises(EnvironmentProblem, match="--no-tones"):
        Loudspeaker()


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "miniaudio", None)
    with pytest.raises(EnvironmentProblem, match=r"glutecam\[sound\]"):
        Loudspeaker()
