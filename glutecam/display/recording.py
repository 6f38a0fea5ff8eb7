"""The annotated video: H.264 in MP4 that plays in a browser, published whole or not at all."""

from __future__ import annotations

import secrets
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import cv2
import numpy as np
from av.codec.context import ThreadType
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from glutecam.errors import OutputError

__all__ = ["VideoWriter"]

# The clock of broadcast video: fine enough for any camera, and every player knows it.
_TICKS_PER_S = 90_000
# A live pose model needs the processor more: a third cheaper than "superfast", a quarter larger.
_OPTIONS = {"preset": "ultrafast", "tune": "zerolatency", "crf": "23", "g": "60"}
# What OpenCV's conversion makes (ISO/IEC 23001-8): BT.601 matrix, limited range, sRGB-like rest.
_MATRIX_601, _LIMITED, _BT709 = 6, 1, 1


class VideoWriter:
    """Writes pictures with their own times; the file appears under its name when all is well.

    Until then it lives under a temporary name in the same folder. After an error, a full disk or
    Ctrl-C nothing is left behind, and a file that was there before is untouched.

    Parameters
    ----------
    path : str or Path
        Where the video goes, ``.mp4``.
    width, height : int
        Size of the pictures in pixels; an odd last column or row is left out, as H.264 has none.
    fps : float
        Nominal rate, a hint for players; the times given to ``write`` are what counts.

    Raises
    ------
    OutputError
        At once, where the file could not be written later on.
    """

    def __init__(self, path: str | Path, width: int, height: int, fps: float = 30.0) -> None:
        if width < 2 or height < 2:
            raise ValueError(f"a video of {width}x{height} pixels is too small for H.264")
        self.path = Path(path)
        self._shape = (height, width, 3)
        self._first_s: float | None = None
        self._last_ticks = -1
        self._temporary = _reserved(self.path)
        self._container: OutputContainer | None = None
        try:
            self._container, self._stream = self._started(fps)
        except (av.FFmpegError, ValueError) as err:
            self.discard()
            raise OutputError(_message(self.path, err)) from err

    def __enter__(self) -> VideoWriter:
        """Give the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Publish the video, or remove what there is of it after an exception."""
        if kind is None:
            self.close()
        else:
            self.discard()

    def write(self, image_rgb: NDArray[np.uint8], time_s: float) -> None:
        """Add one picture.

        Parameters
        ----------
        image_rgb : (H, W, 3) uint8
            The picture, not changed.
        time_s : float
            When it is shown, in seconds; the first one begins the video.

        Raises
        ------
        OutputError
            Where the disk is full or the video was closed.
        ValueError
            Where the shape is wrong or time does not increase.
        """
        if self._container is None:
            raise OutputError(f"{self.path} is closed already. Open a new VideoWriter.")
        frame = self._converted(image_rgb)
        frame.pts = self._ticks(time_s)
        frame.time_base = Fraction(1, _TICKS_PER_S)
        self._encode(frame)

    def close(self) -> None:
        """Finish the file and publish it under its name; twice does no harm.

        Raises
        ------
        OutputError
            Where the end cannot be written, or there was not one picture.
        """
        if self._container is None:
            return
        try:
            if self._first_s is None:
                raise OutputError(f"{self.path} was not written: not one picture came.")
            self._encode(None)
            self._container.close()
            self._temporary.replace(self.path)
            self._container = None
        except (av.FFmpegError, OSError) as err:
            raise OutputError(_message(self.path, err)) from err
        finally:
            self.discard()

    def discard(self) -> None:
        """Give up: close and remove the temporary file."""
        container, self._container = self._container, None
        try:
            if container is not None:
                container.close()
        except av.FFmpegError:
            # The disk that is full is full for the last bytes too; the file goes anyway.
            return
        finally:
            self._temporary.unlink(missing_ok=True)

    def _started(self, fps: float) -> tuple[OutputContainer, VideoStream]:
        options = {"movflags": "+faststart"}
        container = av.open(str(self._temporary), "w", format="mp4", options=options)
        rate = Fraction(fps).limit_denominator(1001)
        stream = container.add_stream("libx264", rate=rate, options=_OPTIONS)
        stream.width, stream.height = self._shape[1] // 2 * 2, self._shape[0] // 2 * 2
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, _TICKS_PER_S)
        stream.thread_type = ThreadType.AUTO
        context = stream.codec_context
        context.time_base = Fraction(1, _TICKS_PER_S)
        context.colorspace, context.color_range = _MATRIX_601, _LIMITED
        context.color_primaries = context.color_trc = _BT709
        return container, stream

    def _converted(self, image: NDArray[np.uint8]) -> VideoFrame:
        if image.shape != self._shape or image.dtype != np.uint8:
            raise ValueError(
                f"picture is {image.dtype} {image.shape}, expected uint8 {self._shape}"
            )
        even = image[: self._stream.height, : self._stream.width]
        # OpenCV converts in a third of the time that swscale takes.
        planes = cv2.cvtColor(np.ascontiguousarray(even), cv2.COLOR_RGB2YUV_I420)
        return VideoFrame.from_ndarray(np.asarray(planes, dtype=np.uint8), format="yuv420p")

    def _ticks(self, time_s: float) -> int:
        if self._first_s is None:
            self._first_s = time_s
        ticks = round((time_s - self._first_s) * _TICKS_PER_S)
        if ticks <= self._last_ticks:
            raise ValueError(f"time must increase from picture to picture, got {time_s} s")
        self._last_ticks = ticks
        return ticks

    def _encode(self, frame: VideoFrame | None) -> None:
        assert self._container is not None
        try:
            self._container.mux(self._stream.encode(frame))
        except av.FFmpegError as err:
            self.discard()
            raise OutputError(_message(self.path, err)) from err


def _reserved(path: Path) -> Path:
    """Create the temporary file, which proves that the folder can be written to."""
    if path.suffix.lower() not in {".mp4", ".m4v"}:
        raise OutputError(
            f"{path} would be an MP4 file under another name. Call it {path.stem}.mp4."
        )
    if path.is_dir():
        raise OutputError(f"{path} is a folder. Give the video a name of its own.")
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part")
    try:
        temporary.open("xb").close()
    except OSError as err:
        raise OutputError(_message(path, err)) from err
    return temporary


def _message(path: Path, err: Exception) -> str:
    why = getattr(err, "strerror", None) or str(err)
    return (
        f"The video {path} cannot be written: {why}. Nothing of it was kept; everything computed "
        "so far is. Free some space or choose a folder that exists and may be written to."
    )
