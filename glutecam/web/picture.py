"""One binary message -> one picture. What does not look right is refused before it is decoded.

Layout, little-endian: magic ``GC1`` and a format byte, the frame's number (u32), width and height
(u16), how many pictures the page has left out so far (u32), time of capture in milliseconds on the
page's clock (f64), then pixels.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from glutecam.errors import SourceError

__all__ = [
    "HEADER",
    "LARGEST_MESSAGE",
    "LONGEST_SIDE_PX",
    "Format",
    "Packet",
    "decoded",
    "unpacked",
]

HEADER = struct.Struct("<3sBIHHId")
MAGIC = b"GC1"
LONGEST_SIDE_PX = 1280
SHORTEST_SIDE_PX = 64
LARGEST_MESSAGE = HEADER.size + LONGEST_SIDE_PX * LONGEST_SIDE_PX * 4
_SHORTEST_SEGMENT = 2


class Format(IntEnum):
    """How the pixels are laid out."""

    JPEG = 0
    I420 = 1
    NV12 = 2
    RGBA = 3
    BGRA = 4


_TO_RGB = {
    Format.I420: cv2.COLOR_YUV2RGB_I420,
    Format.NV12: cv2.COLOR_YUV2RGB_NV12,
    Format.RGBA: cv2.COLOR_RGBA2RGB,
    Format.BGRA: cv2.COLOR_BGRA2RGB,
}


@dataclass(frozen=True)
class Packet:
    """A picture as it came: number, time on the page's clock, size, pixels.

    ``left_out`` are the pictures that the page could not send, from its first one on.
    """

    number: int
    time_s: float
    width_px: int
    height_px: int
    format: Format
    pixels: memoryview
    left_out: int = 0


def unpacked(message: bytes) -> Packet:
    """Return what a message holds, checked against what it says of itself.

    Raises
    ------
    SourceError
        Where it is no picture of ours.
    """
    if len(message) <= HEADER.size:
        raise SourceError("A message from the page is too short to be a picture.")
    magic, kind, number, width, height, left_out, time_ms = HEADER.unpack_from(message)
    if magic != MAGIC or kind not in set(Format) or not math.isfinite(time_ms):
        raise SourceError("A message from the page is no picture: reload the page.")
    sides = (width, height)
    if min(sides) < SHORTEST_SIDE_PX or max(sides) > LONGEST_SIDE_PX:
        raise SourceError(
            f"A picture of {width}x{height} cannot be used: {SHORTEST_SIDE_PX} to "
            f"{LONGEST_SIDE_PX} pixels a side are."
        )
    pixels = memoryview(message)[HEADER.size :]
    packet = Packet(number, time_ms / 1e3, width, height, Format(kind), pixels, left_out)
    _check_length(packet)
    return packet


def decoded(packet: Packet) -> NDArray[np.uint8]:
    """Return the picture, (H, W, 3) RGB and C-contiguous.

    Raises
    ------
    SourceError
        Where the pixels cannot be decoded, or have another size than was said.
    """
    raw = np.frombuffer(packet.pixels, dtype=np.uint8)
    height, width = packet.height_px, packet.width_px
    if packet.format is Format.JPEG:
        return _from_jpeg(raw, packet)
    planar = packet.format in (Format.I420, Format.NV12)
    planes = raw.reshape((height * 3 // 2, width) if planar else (height, width, 4))
    rgb: NDArray[np.uint8] = np.asarray(cv2.cvtColor(planes, _TO_RGB[packet.format]), np.uint8)
    return rgb


def _check_length(packet: Packet) -> None:
    area = packet.width_px * packet.height_px
    if packet.format is Format.JPEG:
        return
    planar = packet.format in (Format.I420, Format.NV12)
    if planar and (packet.width_px % 2 or packet.height_px % 2):
        raise SourceError("The sides of a picture in YUV must be even.")
    needed = area * 3 // 2 if planar else area * 4
    if len(packet.pixels) != needed:
        raise SourceError(
            f"A picture of {packet.width_px}x{packet.height_px} came with {len(packet.pixels)} bytes "
            f"instead of {needed}."
        )


def _from_jpeg(raw: NDArray[np.uint8], packet: Packet) -> NDArray[np.uint8]:
    # A small file may unpack to gigabytes: its own header must agree before it is unpacked.
    if jpeg_size(bytes(packet.pixels)) != (packet.width_px, packet.height_px):
        raise SourceError("A picture is no JPEG, or not of the size that was said.")
    bgr = cv2.imdecode(raw, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if bgr is None or bgr.shape[:2] != (packet.height_px, packet.width_px):
        raise SourceError("A picture from the page cannot be decoded.")
    rgb: NDArray[np.uint8] = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
    return rgb


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels as the file's header says; None where there is none."""
    if data[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        # Start of frame, but not the tables (C4, C8, CC) that share its numbers.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + max(length, _SHORTEST_SEGMENT)
    return None
