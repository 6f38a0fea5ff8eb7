"""Recorded video as a source of frames: true timestamps, upright, as far as the file goes."""

from __future__ import annotations

import gc
import time
from collections.abc import Generator, Iterator
from fractions import Fraction
from inspect import GEN_RUNNING, getgeneratorstate
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from glutecam.address import is_address
from glutecam.capture.decode import Decoder
from glutecam.capture.frames import Frame, SourceInfo
from glutecam.capture.picture import Upright
from glutecam.closing import Closing
from glutecam.core.incomplete import incomplete_sentence
from glutecam.errors import SourceError

__all__ = ["VideoFile"]

_DAMAGED = (
    "{count} damaged pictures or pieces of data in {path} could not be decoded and were left out. "
    "Copy the file again if the original is intact."
)
_DAMAGED_ONE = (
    "1 damaged picture or piece of data in {path} could not be decoded and was left out. "
    "Copy the file again if the original is intact."
)
_UNTIMED = (
    "{count} frames of {path} carry no time, or one that does not come after that of the frame "
    "before, and were left out. Export the clip again if many are missing."
)
_UNTIMED_ONE = (
    "1 frame of {path} carries no time, or one that does not come after that of the frame before, "
    "and was left out. Export the clip again if more are missing."
)
_LIVE_SCHEMES = ("rtsp://", "rtmp://", "rtp://", "udp://", "srt://")


class VideoFile(Closing):
    """A file or address, read once from beginning to end.

    Time is the container's, in seconds from the first frame shown; that of this machine's steady
    clock for a network camera that sends pictures without times (JPEGs over HTTP). Memory does not grow with the
    length of the file. Damaged parts are left out and named in ``warnings``.

    Parameters
    ----------
    path : str or Path
        File, or an address (``http://``, ``rtsp://``).
    max_side_px : int or None
        Larger pictures are scaled down to this longest side while they are converted.
    live : bool, optional
        The address is a camera: no length is expected and a break is an error. By default
        true for ``rtsp://`` and its like, and for JPEGs over HTTP.
    threads : bool
        Decode in several threads.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        max_side_px: int | None = 1920,
        live: bool | None = None,
        threads: bool = True,
    ) -> None:
        self.path = str(path)
        self.live = self.path.startswith(_LIVE_SCHEMES) if live is None else live
        self._may_find_live = live is None
        self.warnings: list[str] = []
        self._threads = threads
        self._convert = Upright(max_side_px, self._warn)
        self._decoder: Decoder | None = None
        self._frames: Iterator[Frame] = iter(())
        self._reading: Generator[Frame, None, None] | None = None
        self._info: SourceInfo | None = None

    @property
    def info(self) -> SourceInfo:
        """What is known before reading; the size is that of the frames given out.

        Raises
        ------
        SourceError
            Where the source is not open and cannot be opened.
        """
        if self._info is None:
            self._open()
        assert self._info is not None
        return self._info

    def __enter__(self) -> VideoFile:
        """Open the file and decode its first frame.

        Raises
        ------
        SourceError
            Where there is no such file, or nothing in it can be decoded.
        """
        if self._decoder is None:
            self._open()
        return self

    def __iter__(self) -> Iterator[Frame]:
        """Give the frames in order, once.

        Raises
        ------
        SourceError
            Where a live stream breaks off.
        """
        if self._decoder is None:
            self._open()
        return self._frames

    def close(self) -> None:
        """Close the file; twice does no harm.

        Where another thread is still within a read, it stays open: to close it there is a crash.
        """
        self._frames = iter(())
        reading, self._reading = self._reading, None
        if self._decoder is None or (
            reading is not None and getgeneratorstate(reading) == GEN_RUNNING
        ):
            return
        self._decoder.close()
        if reading is not None:
            reading.close()
            del reading
            # PyAV's objects refer to each other in circles; 20 MB of each file would wait.
            gc.collect()

    def _open(self) -> None:
        self._decoder = decoder = Decoder(self.path, self.live, self._threads)
        if self._may_find_live and decoder.has_invented_times:
            self.live = decoder.live = True
        frames = self._read(decoder)
        try:
            # Rotation is written on the frames, so the size is known only with the first one.
            first = next(frames, None)
        except SourceError:
            decoder.close()
            raise
        if first is None:
            decoder.close()
            raise SourceError(_nothing(self.path, decoder))
        self._reading = frames
        self._frames = chain([first], frames)
        self._info = _info(self.path, self.live, decoder, first.image)

    def _warn(self, sentence: str) -> None:
        self.warnings.append(sentence)

    def _read(self, decoder: Decoder) -> Generator[Frame, None, None]:
        clock = _Arrival() if decoder.has_invented_times else _Clock(decoder.uses_dts)
        index = 0
        for frame in decoder.frames():
            time_s = clock.seconds(frame)
            image = None if time_s is None else self._image(decoder, frame)
            if time_s is None or image is None:
                continue
            yield Frame(index, time_s, image, time.monotonic())
            index += 1
        self._report(decoder, clock)

    def _image(self, decoder: Decoder, frame: VideoFrame) -> NDArray[np.uint8] | None:
        try:
            return self._convert(frame, decoder.stream.sample_aspect_ratio)
        except av.FFmpegError:
            decoder.damaged += 1
            return None

    def _report(self, decoder: Decoder, clock: _Clock) -> None:
        """Say at the end, once each, what could not be read."""
        if decoder.damaged:
            self._warn(
                (_DAMAGED_ONE if decoder.damaged == 1 else _DAMAGED).format(
                    count=decoder.damaged, path=self.path
                )
            )
        if clock.dropped:
            self._warn(
                (_UNTIMED_ONE if clock.dropped == 1 else _UNTIMED).format(
                    count=clock.dropped, path=self.path
                )
            )
        broken = None if self.live else _broken_off(decoder, clock)
        if broken:
            # It explains the damage, and lists of clips have room for one sentence only.
            self.warnings.insert(0, broken)


class _Clock:
    """Container timestamps as seconds from the first frame, strictly increasing.

    Parameters
    ----------
    uses_dts : bool
        Read decoding times, in a container that has no others.
    """

    def __init__(self, uses_dts: bool) -> None:
        self.dropped = 0
        self.end_s: float | None = None
        self._uses_dts = uses_dts
        self._first: Fraction | None = None
        self._last: Fraction | None = None

    def seconds(self, frame: VideoFrame) -> float | None:
        """Return the time of a frame; None where the frame must be dropped."""
        now = self._container_time(frame)
        if now is None or (self._last is not None and now <= self._last):
            self.dropped += 1
            return None
        self._last = now
        self._first = now if self._first is None else self._first
        self.end_s = float(now + (frame.duration or 0) * (frame.time_base or 0))
        return float(now - self._first)

    def _container_time(self, frame: VideoFrame) -> Fraction | None:
        ticks = frame.dts if self._uses_dts or frame.pts is None else frame.pts
        base = frame.time_base or Fraction(0)
        now = None if ticks is None else ticks * base
        if self._uses_dts and self._last is not None and (now is None or now <= self._last):
            # The decoder has no times left while it empties itself; AVI has a fixed step.
            return self._last + (frame.duration or 1) * base
        return now

    @property
    def span_s(self) -> float:
        """Seconds from the first frame to the last."""
        return float((self._last or Fraction(0)) - (self._first or Fraction(0)))


class _Arrival(_Clock):
    """When a frame arrived, where the times in the stream are made up."""

    def __init__(self) -> None:
        super().__init__(uses_dts=False)

    def _container_time(self, frame: VideoFrame) -> Fraction | None:
        # Steady like time.monotonic, but fine enough on Windows, where that steps by 16 ms.
        return Fraction(time.perf_counter_ns(), 1_000_000_000)


def _info(path: str, live: bool, decoder: Decoder, image: NDArray[np.uint8]) -> SourceInfo:
    return SourceInfo(
        name=_name(path),
        width_px=image.shape[1],
        height_px=image.shape[0],
        fps=decoder.fps,
        frame_count=None if live else decoder.frame_count,
        live=live,
    )


def _name(path: str) -> str:
    return path if is_address(path) else Path(path).name


def _nothing(path: str, decoder: Decoder) -> str:
    if decoder.untimed:
        return (
            f"{path} holds pictures but no times (a raw stream), so no speed can be measured. "
            "Put it into a container: ffmpeg -framerate 30 -i input -c copy output.mp4, with "
            "the true rate."
        )
    return (
        f"Not one picture in {path} could be decoded ({decoder.packets} pieces of data, "
        f"{decoder.damaged} damaged). Play it in a video player; if that fails too, copy it "
        "again, else convert it: ffmpeg -i input -c:v libx264 output.mp4"
    )


def _broken_off(decoder: Decoder, clock: _Clock) -> str | None:
    """Return the warning for a file that ends before its own index says."""
    if not decoder.ends_early(clock.end_s):
        return None
    length_s = decoder.length_s or 0.0
    # Some containers have no length of their own, only that of what is left of them.
    promised = length_s if length_s > clock.span_s + 0.25 else None
    return incomplete_sentence(_name(decoder.path), clock.span_s, promised)
