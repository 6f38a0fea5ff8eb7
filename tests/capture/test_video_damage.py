"""Files that are cut, damaged, or not videos at all: read as far as they go, or refused in words."""

from __future__ import annotations

import os
import wave
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from glutecam.capture.video import VideoFile
from glutecam.errors import SourceError


def read(path, **options):
    with VideoFile(path, **options) as video:
        frames = list(video)
    return video, frames


def shortened(path, share):
    data = path.read_bytes()
    short = path.with_name(f"short{path.suffix}")
    short.write_bytes(data[: int(len(data) * share)])
    return short


@pytest.mark.parametrize("name", ["t.mp4", "t.mkv", "t.ts", "t.avi"])
def test_a_truncated_file_is_read_to_its_last_good_frame(clip, read_number, name):
    codec, pix_fmt = ("mjpeg", "yuvj420p") if name.endswith("avi") else ("libx264", "yuv420p")
    path = clip(
        name, range(90), codec=codec, pix_fmt=pix_fmt, options={"g": "15"}, noise=255,
        movflags="+faststart" if name.endswith("mp4") else "",
    )  # fmt: skip
    video, frames = read(shortened(path, 0.6))
    assert 40 <= len(frames) <= 60
    assert [read_number(f.image) for f in frames] == list(range(len(frames)))
    broken = [w for w in video.warnings if "breaks off at" in w]
    assert len(broken) == 1
    assert broken == video.warnings[:1]
    assert f"{frames[-1].time_s:.2f} s" in broken[0]


def test_a_cut_file_ends_at_the_same_frame_however_many_threads_decode(clip):
    """FFmpeg's error about the half picture took those with it that other threads had at work."""
    path = clip(
        "cut.mp4", range(90), options={"g": "30", "bf": "2"}, noise=255, movflags="+faststart"
    )
    short = shortened(path, 0.6)
    many, one = (read(short, threads=threads) for threads in (True, False))
    assert [f.time_s for f in many[1]] == [f.time_s for f in one[1]]
    assert many[0].warnings == one[0].warnings
    (said,) = one[0].warnings
    assert "breaks off at" in said


def test_one_damaged_picture_is_told_as_one(clip):
    path = clip("one.mp4", range(60), options={"g": "15"}, noise=255)
    with VideoFile(path) as video:
        video._decoder.damaged = 1
        list(video)
    assert video.warnings == [
        f"1 damaged picture or piece of data in {path} could not be decoded and was left out. "
        "Copy the file again if the original is intact."
    ]


def test_a_missing_index_is_explained(clip):
    short = shortened(clip(noise=255), 0.8)
    with pytest.raises(SourceError, match="moov"), VideoFile(short):
        pass


@pytest.mark.parametrize("threads", [True, False])
@pytest.mark.parametrize("name", ["c.mp4", "c.ts"])
def test_damage_in_the_middle_is_skipped_and_counted(clip, name, threads):
    path = clip(name, range(90), options={"g": "15"}, noise=255)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    junk = np.random.default_rng(0).integers(0, 255, len(data) // 20, dtype=np.uint8)
    data[middle : middle + len(junk)] = junk.tobytes()
    path.write_bytes(data)
    video, frames = read(path, threads=threads)
    assert 75 <= len(frames) < 90
    assert frames[-1].time_s == pytest.approx(89 / 30)
    assert all(b.time_s > a.time_s for a, b in pairwise(frames))
    assert sum("damaged" in w for w in video.warnings) == 1


def test_a_demuxer_that_only_fails_is_given_up(clip):
    with VideoFile(clip()) as video:
        calls = []

        class Broken:
            def demux(self, stream):
                calls.append(stream)
                raise av.InvalidDataError(1, "junk")
                yield

        video._decoder.container, container = Broken(), video._decoder.container
        assert list(video._decoder.frames()) != []  # those that the decoder still held
        assert len(calls) == 10
        assert video._decoder.cut_short
        video._decoder.container = container


def test_a_live_stream_that_fails_is_an_error(clip):
    with VideoFile(clip(), live=True) as video:

        class Broken:
            def demux(self, stream):
                raise av.InvalidDataError(1, "junk")
                yield

        video._decoder.container, container = Broken(), video._decoder.container
        with pytest.raises(SourceError, match="stopped"):
            list(video._decoder.frames())
        video._decoder.container = container
        assert video.info.live
        assert video.info.frame_count is None


def audio_only(path):
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(8000))


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        ("missing.mp4", lambda p: None, "no file"),
        ("folder.mp4", lambda p: p.mkdir(), "folder"),
        ("empty.mp4", lambda p: p.touch(), "empty"),
        ("text.mp4", lambda p: p.write_text("squats\n" * 500), "not a video"),
        # FFmpeg draws the letters of these, and somebody was to switch on a light in front of them.
        ("text.txt", lambda p: p.write_text("squats\n" * 500), "not a video"),
        ("text.nfo", lambda p: p.write_text("squats\n" * 500), "not a video"),
        ("text.bin", lambda p: p.write_text("squats\n" * 500), "not a video"),
        ("sound.wav", audio_only, "no video stream, only audio"),
    ],
)
def test_what_is_not_a_video_is_refused_with_advice(tmp_path, name, make, says):
    path = tmp_path / name
    make(path)
    with pytest.raises(SourceError, match=says) as caught, VideoFile(path):
        pass
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith(".")


def test_no_decodable_frame_at_all(clip):
    path = clip(ticks=range(5), options={"g": "1"}, noise=255)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4
    data[start:end] = b"\xff" * (end - start)
    path.write_bytes(data)
    with pytest.raises(SourceError, match="Not one picture"), VideoFile(path):
        pass


def test_an_unreachable_address_is_refused():
    with pytest.raises(SourceError, match="address"):
        VideoFile("http://127.0.0.1:9/clip.mp4").info  # noqa: B018


def test_a_pipe_is_refused_at_once_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(SourceError, match="pipe or a device"), VideoFile(tmp_path / "pipe.mp4"):
        pass


def test_names_inside_that_are_no_utf_8_do_not_stand_in_the_way(clip):
    path = clip()
    data = path.read_bytes()
    assert data.count(b"VideoHandler") == 1
    path.write_bytes(data.replace(b"VideoHandler", "Vidéo-Gerät.".encode("latin-1")))
    with pytest.raises(UnicodeDecodeError), av.open(str(path)) as container:
        container.streams.video[0].metadata  # noqa: B018
    video, frames = read(path)
    assert len(frames) == 30
    assert video.warnings == []
