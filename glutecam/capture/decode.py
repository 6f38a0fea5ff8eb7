"""Frames out of a container, whatever state the container is in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.codec.context import ThreadType
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from glutecam.address import is_address
from glutecam.errors import SourceError

__all__ = ["Decoder"]

_GIVE_UP_AFTER = 10
_OPEN_TIMEOUT_S = 10.0
_READ_TIMEOUT_S = 5.0
_END_TOLERANCE_S = 0.25
_SANE_FPS = (1.0, 480.0)
_WITHOUT_TIMES = ("mpjpeg", "mjpeg", "jpeg_pipe")
_TRANSPORT_PACKETS = (188, 192, 204)
_DRAWN_TEXT = ("tty", "bin", "xbin", "adf", "idf")
"""Readers of FFmpeg that draw letters: they take any text by its ending (.txt, .nfo, .asc, .bin)."""


class Decoder:
    """One video stream of one container, opened; damaged packets are skipped and counted.

    Parameters
    ----------
    path : str
        File or address.
    live : bool
        A broken live stream is an error, a broken file is read as far as it goes.
    threads : bool
        Decode in several threads.

    Raises
    ------
    SourceError
        Where there is no such file, or no video in it that can be decoded.
    """

    def __init__(self, path: str, live: bool = False, threads: bool = True) -> None:
        self.path = path
        self.live = live
        self.damaged = 0
        self.cut_short = False
        self.packets = 0
        self.untimed = False
        self._incomplete: set[int] = set()
        if not is_address(path):
            _check_file(Path(path))
        self.container = _open(path, live)
        try:
            self.stream = _video_stream(self.container, path)
        except SourceError:
            self.container.close()
            raise
        # Decoding times come out wrong at the end of a file when whole frames are decoded ahead.
        threading = ThreadType.SLICE if self.uses_dts else ThreadType.AUTO
        self.stream.thread_type = threading if threads else ThreadType.NONE
        if not threads:
            self.stream.thread_count = 1

    @property
    def uses_dts(self) -> bool:
        """AVI stores decoding times only; what FFmpeg makes of them as pts is out of order."""
        return self.container.format.name == "avi"

    @property
    def has_invented_times(self) -> bool:
        """A camera's JPEGs over HTTP carry no times; FFmpeg invents some, at 25 a second."""
        return is_address(self.path) and self.container.format.name in _WITHOUT_TIMES

    @property
    def end_s(self) -> float | None:
        """Where the stream says it ends, in seconds of its own clock; None where it does not."""
        stream = self.stream
        if stream.duration and stream.time_base:
            return float(((stream.start_time or 0) + stream.duration) * stream.time_base)
        return _tagged_duration_s(stream.metadata.get("DURATION"))

    @property
    def length_s(self) -> float | None:
        """How long the container says it is, in seconds; None where it does not."""
        start = float((self.stream.start_time or 0) * (self.stream.time_base or Fraction(0)))
        return None if self.end_s is None else self.end_s - start

    @property
    def fps(self) -> float | None:
        """Nominal rate in frames per second; None where what is written makes no sense."""
        rate = float(self.stream.average_rate or 0)
        return rate if _SANE_FPS[0] <= rate <= _SANE_FPS[1] else None

    @property
    def frame_count(self) -> int | None:
        """How many frames the container promises; an estimate where it only gives a length."""
        if self.stream.frames:
            return self.stream.frames
        if self.length_s is None or self.fps is None:
            return None
        return max(1, round(self.length_s * self.fps))

    def ends_early(self, end_s: float | None) -> bool:
        """Tell a file that was cut from one that is whole; ask after the last frame.

        Parameters
        ----------
        end_s : float or None
            End of the last frame that was read, in seconds of the stream's own clock.
        """
        if self.cut_short or self._half_a_packet():
            return True
        if self.uses_dts:
            return self.packets < self.stream.frames
        if self.end_s is None or end_s is None:
            return False
        return self.end_s - end_s > max(_END_TOLERANCE_S, 3 / (self.fps or 30))

    def _half_a_packet(self) -> bool:
        """Look for half a packet; a transport stream has no other sign of its end."""
        if self.container.format.name != "mpegts" or is_address(self.path):
            return False
        size = Path(self.path).stat().st_size
        return all(size % packet for packet in _TRANSPORT_PACKETS)

    def frames(self) -> Iterator[VideoFrame]:
        """Give every frame that can be decoded.

        Raises
        ------
        SourceError
            Where a live stream breaks off.
        """
        for packet in self._packets():
            try:
                decoded = self.stream.decode(packet)
            except av.FFmpegError:
                self.damaged += 1
                continue
            for frame in decoded:
                # A picture made from half of its data looks decoded and is partly gray.
                if frame.is_corrupt or frame.pts in self._incomplete:
                    self.damaged += 1
                    continue
                self.untimed = frame.pts is None and frame.dts is None
                yield frame

    def close(self) -> None:
        """Close the file; twice does no harm."""
        self.container.close()

    def _packets(self) -> Iterator[Packet[VideoStream] | None]:
        failures = 0
        while failures < _GIVE_UP_AFTER:
            try:
                for packet in self._whole(self.container.demux(self.stream)):
                    failures = 0
                    self._count(packet)
                    yield packet
            except av.FFmpegError as err:
                if self.live:
                    raise SourceError(_STOPPED.format(path=self.path, why=err.strerror)) from err
                failures += 1
                continue
            if self.live:
                # A camera has no last picture: whoever closes the connection has gone.
                raise SourceError(_STOPPED.format(path=self.path, why="its connection was closed"))
            return
        # The demuxer gave up before it could ask the decoder for the frames it still holds.
        self.cut_short = True
        yield None

    def _whole(self, packets: Iterable[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
        """Leave out the half packet with which a cut file ends.

        Where FFmpeg decodes several pictures at once, its error would take those with it that the
        decoder still holds, and one clip would end sooner in ``score`` than in ``batch``.
        """
        half: Packet[VideoStream] | None = None
        for packet in packets:
            if half is not None and packet.size:
                yield half
            elif half is not None:
                self._count(half)
            half = packet if packet.is_corrupt and packet.size and not self.live else None
            if half is None:
                yield packet

    def _count(self, packet: Packet[VideoStream]) -> None:
        if packet.size:
            self.packets += 1
            # Only the last packet can tell that the file ends within it.
            self.cut_short = packet.is_corrupt
            if packet.is_corrupt and packet.pts is not None:
                self._incomplete.add(packet.pts)


_STOPPED = (
    "The stream {path} stopped: {why}. What was computed so far is kept. Check the camera and "
    "the network, then start again."
)

_NOT_A_VIDEO = (
    "{path} is not a video, whatever its name says: no known container was recognised. "
    "Export it as MP4 (H.264)."
)


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise SourceError(
            f"{path} is a folder, not a video. Name one file in it, or judge every video in it: "
            "glutecam batch."
        )
    try:
        size = path.stat().st_size
    except FileNotFoundError as err:
        raise SourceError(
            f"There is no file {path}. Check the spelling and the folder you are in."
        ) from err
    except OSError as err:
        raise SourceError(f"{path} cannot be read: {err.strerror}. Check the path.") from err
    if not path.is_file():
        raise SourceError(
            f"{path} is a pipe or a device, not a video. Record it to a file first; live sources "
            "are for: glutecam live --source."
        )
    if size == 0:
        raise SourceError(
            f"{path} is empty (0 bytes): the copy or the recording failed. Copy it again."
        )


def _open(path: str, live: bool) -> InputContainer:
    options = {"rtsp_transport": "tcp"} if live else {}
    timeout = (_OPEN_TIMEOUT_S, _READ_TIMEOUT_S) if is_address(path) else None
    try:
        # Names in the encoding of some camera, or in none, must not stand in the way of the picture.
        opened = av.open(path, "r", options=options, timeout=timeout, metadata_errors="replace")
    except av.FFmpegError as err:
        raise SourceError(_why_not_opened(path, err)) from err
    if opened.format.name in _DRAWN_TEXT:
        opened.close()
        raise SourceError(_NOT_A_VIDEO.format(path=path))
    if opened.format.name.endswith("_pipe") or (opened.format.name == "image2" and "%" not in path):
        opened.close()
        raise SourceError(
            f"{path} is a still picture. Posture and movement are judged from a video: record the whole "
            "set, beginning with two seconds of standing still."
        )
    return opened


def _why_not_opened(path: str, err: av.FFmpegError) -> str:
    if isinstance(err, PermissionError):
        return f"{path} may not be read by this user. Change its permissions or copy it."
    if is_address(path):
        return (
            f"{path} cannot be opened: {err.strerror}. Check the address, the password and "
            "that the camera is on the same network."
        )
    if not isinstance(err, av.InvalidDataError):
        return f"{path} cannot be opened: {err.strerror}. Copy it to a local folder and try again."
    with Path(path).open("rb") as file:
        head = file.read(12)
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free"}:
        return (
            f"{path} begins like an MP4 but has no index (the 'moov' part is missing): the "
            "recording or the copy was interrupted. Copy it again from the camera; a repair tool "
            "such as untrunc may rescue it."
        )
    return _NOT_A_VIDEO.format(path=path)


def _video_stream(container: InputContainer, path: str) -> VideoStream:
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        kinds = ", ".join(sorted({s.type for s in container.streams}))
        beside = f"only {kinds}" if kinds else "nor any other"
        raise SourceError(
            f"{path} holds no video stream, {beside}. Choose the file with the picture."
        )
    best = container.streams.best("video")
    stream = next((s for s in streams if best is not None and s.index == best.index), streams[0])
    # PyAV leaves the context out where its FFmpeg lacks the decoder.
    if getattr(stream, "codec_context", None) is None:
        raise SourceError(
            f"{path} uses a codec that this installation cannot decode. "
            "Convert it: ffmpeg -i input -c:v libx264 output.mp4"
        )
    return stream


def _tagged_duration_s(tag: str | None) -> float | None:
    """Read Matroska's ``00:01:02.500``; None where it is absent or something else."""
    if tag is None:
        return None
    try:
        hours, minutes, seconds = tag.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None
