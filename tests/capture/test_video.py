"""The right picture at the right time, upright, from whatever a phone or a broken disk produces."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from glutecam.capture.picture import Turn, square_size
from glutecam.capture.video import VideoFile
from glutecam.errors import SourceError


def read(path, **options):
    with VideoFile(path, **options) as video:
        frames = list(video)
    return video, frames


def times(frames):
    return [frame.time_s for frame in frames]


# --- time ---------------------------------------------------------------------------------------

VARIABLE = [0, 20, 60, 61, 100, 300, 310, 400]


@pytest.mark.parametrize("name", ["v.mp4", "v.mov", "v.mkv", "v.ts"])
def test_variable_rate_keeps_every_time(clip, read_number, name):
    path = clip(name, [90 + tick for tick in VARIABLE], Fraction(1, 600))
    video, frames = read(path)
    assert times(frames) == pytest.approx([t / 600 for t in VARIABLE], abs=0.0011)
    assert [read_number(f.image) for f in frames] == list(range(len(VARIABLE)))
    assert [f.index for f in frames] == list(range(len(VARIABLE)))
    assert video.warnings == []


def test_ntsc_rate_does_not_drift(clip):
    path = clip(ticks=[1001 * i for i in range(200)], base=Fraction(1, 30000), size=(64, 48))
    video, frames = read(path)
    assert times(frames)[-1] == pytest.approx(199 * 1001 / 30000, abs=1e-9)
    assert video.info.fps == pytest.approx(29.97, abs=0.001)
    assert video.info.frame_count == 200


def test_a_late_start_counts_from_the_first_shown_frame(clip):
    _, frames = read(clip(ticks=range(300, 330)))
    assert times(frames) == pytest.approx([i / 30 for i in range(30)], abs=1e-9)


@pytest.mark.parametrize("name", ["b.mp4", "b.avi", "b.ts"])
def test_reordered_frames_come_in_order(clip, read_number, name):
    """B-frames give MP4 an edit list, and AVI times that are out of order."""
    video, frames = read(clip(name, options={"bf": "3"}))
    assert times(frames) == pytest.approx([i / 30 for i in range(30)], abs=1e-9)
    assert [read_number(f.image) for f in frames] == list(range(30))
    assert video.warnings == []


def test_an_edit_list_that_cuts_the_start_is_obeyed(clip, read_number, tmp_path):
    whole, cut = clip(options={"g": "100", "bf": "0"}), tmp_path / "cut.mp4"
    with av.open(str(whole)) as source, av.open(str(cut), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        base = source.streams.video[0].time_base
        for packet in source.demux(video=0):
            if packet.dts is None:
                continue
            shift = int(Fraction(10, 30) / base)
            packet.pts, packet.dts, packet.stream = packet.pts - shift, packet.dts - shift, stream
            out.mux(packet)
    _, frames = read(cut)
    assert read_number(frames[0].image) == 10
    assert times(frames) == pytest.approx([i / 30 for i in range(20)], abs=1e-9)


def test_frames_that_do_not_advance_are_dropped_with_one_warning(clip, monkeypatch):
    path = clip(ticks=range(6))
    video = VideoFile(path)
    with video:
        decoder = video._decoder
        original = list(decoder.frames())
        for frame, ticks in zip(original, [1, 1, 0, None, 5], strict=True):
            frame.pts = frame.dts = None if ticks is None else ticks * 512
        monkeypatch.setattr(decoder, "frames", lambda: iter(original))
        frames = list(video._read(decoder))
    assert times(frames) == pytest.approx([0, 4 / 30])
    assert len(video.warnings) == 1
    assert "3 frames" in video.warnings[0]


def test_a_raw_stream_has_no_clock(clip):
    with pytest.raises(SourceError, match="no times"):
        VideoFile(clip("raw.h264")).info  # noqa: B018


# --- geometry -----------------------------------------------------------------------------------


def corners(width, height):
    """Red, green, blue and white corners, in reading order."""
    image = np.zeros((height, width, 3), dtype=np.uint8)
    y, x = height // 2, width // 2
    image[:y, :x], image[:y, x:] = (255, 0, 0), (0, 255, 0)
    image[y:, :x], image[y:, x:] = (0, 0, 255), (255, 255, 255)
    return image


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_rotation_is_applied(clip, degrees):
    stored = corners(96, 64)
    path = clip(images=[stored] * 3, ticks=range(3), size=(96, 64), rotate_deg=degrees)
    video, frames = read(path)
    expected = np.rot90(stored, degrees // 90)
    for frame in frames:
        assert frame.image.shape == expected.shape
        assert frame.image.flags.c_contiguous
        assert frame.image.dtype == np.uint8
        assert np.abs(frame.image.astype(int) - expected).mean() < 12
    assert (video.info.width_px, video.info.height_px) == expected.shape[1::-1]
    assert video.warnings == []


@pytest.mark.parametrize("transpose", [False, True])
@pytest.mark.parametrize("flip_x", [False, True])
@pytest.mark.parametrize("flip_y", [False, True])
def test_all_eight_matrices(transpose, flip_x, flip_y):
    x, y = (-1 if flip_x else 1), (-1 if flip_y else 1)
    matrix = np.array([[0, y, 0], [x, 0, 0], [0, 0, 1]] if transpose else np.diag([x, y, 1]))
    turn = Turn.from_matrix((matrix * 65536).astype(np.int32))
    assert turn == Turn(transpose, flip_x, flip_y)
    assert turn.mirrors == (np.linalg.det(matrix[:2, :2]) < 0)
    image = corners(6, 4)
    shown = image.transpose(1, 0, 2) if transpose else image
    shown = shown[:: -1 if flip_y else 1, :: -1 if flip_x else 1]
    np.testing.assert_array_equal(turn(image), shown)


def test_a_mirrored_file_is_shown_as_it_asks_with_a_warning(clip, tmp_path):
    path = tmp_path / "mirror.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.set_display_rotation(0, hflip=True)
        for _ in range(3):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(corners(96, 64), format="rgb24")))
        out.mux(stream.encode(None))
    video, frames = read(path)
    assert np.abs(frames[0].image.astype(int) - corners(96, 64)[:, ::-1]).mean() < 12
    assert [w for w in video.warnings if "mirrored" in w] == video.warnings[:1] != []


def test_pixels_that_are_not_square(clip):
    _, frames = read(clip(size=(72, 48), aspect=Fraction(4, 3), ticks=range(3)))
    assert frames[0].image.shape == (48, 96, 3)


@pytest.mark.parametrize(
    ("size", "aspect", "limit", "expected"),
    [
        ((720, 576), Fraction(16, 15), None, (768, 576)),
        ((720, 480), Fraction(8, 9), None, (720, 540)),
        ((7680, 4320), None, 1920, (1920, 1080)),
        ((4320, 7680), Fraction(1), 1920, (1080, 1920)),
        ((640, 480), Fraction(1, 900), 1920, (640, 480)),
        ((100, 1), None, 10, (10, 1)),
    ],
)
def test_square_size(size, aspect, limit, expected):
    assert square_size(*size, aspect, limit) == expected


def test_eight_k_is_scaled_down(clip):
    image = cv2.resize(corners(96, 54), (7680, 4320), interpolation=cv2.INTER_NEAREST)
    path = clip("8k.avi", [0], codec="mjpeg", size=(7680, 4320), pix_fmt="yuvj420p", images=[image])
    video, frames = read(path)
    assert [f.image.shape for f in frames] == [(1080, 1920, 3)]
    assert frames[0].image[10, 10].tolist() == pytest.approx([255, 0, 0], abs=6)
    assert video.info.width_px == 1920


def test_a_size_that_changes_is_fitted_without_distortion(tmp_path, clip):
    one = clip("one.ts", range(5), codec="mpeg2video", size=(160, 120))
    two = clip("two.ts", range(100, 105), codec="mpeg2video", size=(96, 96))
    both = tmp_path / "both.ts"
    both.write_bytes(one.read_bytes() + two.read_bytes())
    video, frames = read(both)
    assert {f.image.shape for f in frames} == {(120, 160, 3)}
    assert len(frames) >= 8  # the decoder and the seam may swallow one each
    assert not frames[-1].image[:, :18].any()
    assert sum("changes from 160x120 to 96x96" in w for w in video.warnings) == 1


# --- codecs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt", "options"),
    [
        ("a.mp4", "libx264", "yuv420p", {}),
        ("full.mp4", "libx264", "yuvj420p", {}),
        ("444.mp4", "libx264", "yuv444p", {}),
        ("hevc.mp4", "libx265", "yuv420p10le", {"x265-params": "log-level=none"}),
        ("vp9.webm", "libvpx-vp9", "yuv420p", {"deadline": "realtime", "cpu-used": "8"}),
        ("av1.mkv", "libsvtav1", "yuv420p", {"preset": "12"}),
        ("mjpeg.avi", "mjpeg", "yuvj420p", {}),
    ],
)
def test_codecs(clip, read_number, capfd, name, codec, pix_fmt, options):
    path = clip(name, range(20), codec=codec, pix_fmt=pix_fmt, options=options)
    video, frames = read(path)
    assert [read_number(f.image) for f in frames] == list(range(20))
    assert times(frames) == pytest.approx([i / 30 for i in range(20)], abs=0.0011)
    dark, bright = frames[1].image[90, -5], frames[1].image[90, 5]
    assert np.abs(dark.astype(int) - 20).max() < 8
    assert np.abs(bright.astype(int) - 235).max() < 8
    assert video.warnings == []


def test_sound_is_left_aside(tmp_path, clip, read_number):
    """A phone's file: pictures and sound in turns, the sound beginning first."""
    path = tmp_path / "phone.mp4"
    with av.open(str(clip("silent.mp4"))) as silent, av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=48000)
        film = out.add_stream_from_template(silent.streams.video[0])
        for number in range(48):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts = 48000, number * 1024
            out.mux(sound.encode(frame))
        for packet in silent.demux(video=0):
            if packet.size:
                packet.stream = film
                out.mux(packet)
        out.mux(sound.encode(None))
    video, frames = read(path)
    assert [read_number(frame.image) for frame in frames] == list(range(30))
    assert times(frames) == pytest.approx([n / 30 for n in range(30)])
    assert video.warnings == []


@pytest.mark.parametrize("size", [(161, 121), (33, 17), (161, 120)])
def test_odd_sizes(clip, size):
    _, frames = read(clip("odd.mkv", range(3), codec="ffv1", size=size))
    assert frames[0].image.shape == (size[1], size[0], 3)
    assert frames[0].image.flags.c_contiguous


def test_one_frame(clip):
    video, frames = read(clip(ticks=[0]))
    assert times(frames) == [0.0]
    assert video.warnings == []


def test_threads_change_nothing(clip):
    path = clip(noise=255, options={"bf": "3"})
    plain, fast = read(path, threads=False)[1], read(path)[1]
    assert times(plain) == times(fast)
    assert all(np.array_equal(a.image, b.image) for a, b in zip(plain, fast, strict=True))


# --- manners ------------------------------------------------------------------------------------


def test_frames_come_once_and_closing_twice_is_harmless(clip):
    with VideoFile(clip(ticks=range(5))) as video:
        assert len(list(video)) == 5
        assert list(video) == []
    video.close()
    assert list(video) == []


def test_memory_does_not_grow(clip):
    resource = pytest.importorskip("resource", reason="memory is measured on Unix only")
    path = clip(ticks=range(250), size=(640, 360), options={"preset": "ultrafast"})
    with VideoFile(path) as video:
        frames = iter(video)
        for _ in range(50):
            next(frames)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in frames:
            pass
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_memory_does_not_grow_over_many_files(clip):
    resource = pytest.importorskip("resource", reason="memory is measured on Unix only")
    path = clip(ticks=range(4), size=(1280, 720), options={"preset": "ultrafast"})
    for _ in range(5):
        read(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(30):
        read(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


COUNTS = {
    "bridge_side_view.mp4": (91, 30),
    "lunge_side_view.mp4": (961, 30),
    "side_lunge_front.mp4": (964, 30),
    "single_leg_balance_cam01.mp4": (100, 60),
    "single_leg_balance_cam02.mp4": (100, 60),
    "single_leg_balance_cam03.mp4": (100, 60),
    "single_leg_balance_cam04.mp4": (100, 60),
    "squats_front.mp4": (365, 30),
    "two_people_side_view.mp4": (230, 30),
}


READ = {"lunge_side_view.mp4": 120}
"""The other long one, by the same camera, is read to its end."""


@pytest.mark.parametrize("name", COUNTS)
def test_real_clips(footage: Path, name: str):
    count, fps = COUNTS[name]
    first = READ.get(name, count + 1)
    with VideoFile(footage / name) as video:
        stamps = times(islice(video, first))
        assert video.info.frame_count == count
        assert video.info.fps == pytest.approx(fps)
    assert stamps == pytest.approx([i / fps for i in range(min(first, count))], abs=1e-6)
    assert video.warnings == []
