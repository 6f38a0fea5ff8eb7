"""Pictures as messages: what comes back is what was sent, and what is broken is refused."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glutecam.errors import SourceError
from glutecam.web.picture import HEADER, LONGEST_SIDE_PX, Format, decoded, jpeg_size, unpacked

WIDTH, HEIGHT = 96, 64


def colours() -> np.ndarray:
    """A picture of smooth colour, which every coding keeps."""
    x, y = np.meshgrid(np.linspace(40, 200, WIDTH), np.linspace(40, 200, HEIGHT))
    return np.stack([x, y, 240 - x], axis=-1).astype(np.uint8)


def message(kind: int, pixels: bytes, size=(WIDTH, HEIGHT), time_ms=12.5, magic=b"GC1") -> bytes:
    return HEADER.pack(magic, kind, 7, *size, 0, time_ms) + pixels


def pixels(kind: Format) -> bytes:
    rgb = colours()
    if kind is Format.JPEG:
        return cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [1, 95])[1].tobytes()
    if kind is Format.RGBA:
        return cv2.cvtColor(rgb, cv2.COLOR_RGB2RGBA).tobytes()
    if kind is Format.BGRA:
        return cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA).tobytes()
    i420 = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420)
    if kind is Format.I420:
        return i420.tobytes()
    u, v = i420[HEIGHT:].reshape(2, -1)
    return i420[:HEIGHT].tobytes() + np.stack([u, v], axis=-1).tobytes()


@pytest.mark.parametrize("kind", list(Format), ids=lambda kind: kind.name)
def test_every_format_gives_the_picture_back(kind: Format):
    packet = unpacked(message(kind, pixels(kind)))
    image = decoded(packet)
    assert (packet.number, packet.time_s) == (7, 0.0125)
    assert image.shape == (HEIGHT, WIDTH, 3) and image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert np.abs(image.astype(int) - colours()).mean() < 3


@pytest.mark.parametrize(
    "broken",
    [
        message(1, b""),
        message(1, pixels(Format.I420)[:-1]),
        message(1, pixels(Format.I420), size=(WIDTH + 1, HEIGHT)),
        message(1, pixels(Format.I420), size=(LONGEST_SIDE_PX + 2, HEIGHT)),
        message(1, pixels(Format.I420), size=(2, 2)),
        message(9, pixels(Format.I420)),
        message(1, pixels(Format.I420), magic=b"XYZ"),
        message(1, pixels(Format.I420), time_ms=float("nan")),
        message(1, pixels(Format.I420), time_ms=float("inf")),
        message(0, b"not a picture"),
        message(0, pixels(Format.JPEG)[:200]),
        message(0, pixels(Format.JPEG), size=(WIDTH, HEIGHT + 8)),
    ],
)
def test_what_is_broken_is_refused(broken: bytes):
    with pytest.raises(SourceError):
        decoded(unpacked(broken))


def test_a_small_file_that_claims_to_be_huge_is_not_unpacked():
    bomb = cv2.imencode(".jpg", np.zeros((4096, 4096, 3), np.uint8), [1, 1])[1].tobytes()
    assert jpeg_size(bomb) == (4096, 4096)
    with pytest.raises(SourceError, match="not of the size"):
        decoded(unpacked(message(0, bomb)))


@given(st.binary(max_size=400), st.integers(0, 255), st.booleans())
def test_no_bytes_do_anything_but_be_refused(data: bytes, kind: int, framed: bool):
    """Or, by the rarest chance, be a picture."""
    try:
        image = decoded(unpacked(message(kind, data) if framed else data))
    except SourceError:
        return
    assert image.ndim == 3 and image.dtype == np.uint8
