"""The annotated video plays, keeps its times, and is there whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import av
import numpy as np
import pytest

from glutecam.display.recording import VideoWriter
from glutecam.errors import OutputError


def picture(level, width=160, height=120):
    return np.full((height, width, 3), level, dtype=np.uint8)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write(path, times_s, width=160, height=120):
    with VideoWriter(path, width, height) as writer:
        for number, time_s in enumerate(times_s):
            writer.write(picture(20 + 5 * number, width, height), time_s)


def read(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [
            (f.pts * f.time_base, f.to_ndarray(format="rgb24")) for f in container.decode(stream)
        ]
        return stream.codec_context, frames


def test_every_picture_at_its_own_time(tmp_path):
    path, times_s = tmp_path / "out.mp4", [0.0, 1 / 30, 0.1, 0.1017, 0.9, 2.0]
    write(path, times_s)
    context, frames = read(path)
    assert [float(t) for t, _ in frames] == pytest.approx(times_s, abs=1 / 90_000)
    assert [round(float(image.mean()) / 5) - 4 for _, image in frames] == list(range(6))
    assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
    assert names(tmp_path) == ["out.mp4"]


def test_the_first_picture_begins_the_video(tmp_path):
    write(tmp_path / "out.mp4", [12.5, 12.6])
    assert [float(t) for t, _ in read(tmp_path / "out.mp4")[1]] == pytest.approx([0, 0.1], abs=1e-5)


def test_a_browser_can_start_before_the_end_arrives(tmp_path):
    write(tmp_path / "out.mp4", np.arange(30) / 30)
    data = (tmp_path / "out.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert data[4:8] == b"ftyp"


def test_colours_come_back(tmp_path):
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (200, 120, 60)]
    with VideoWriter(tmp_path / "out.mp4", 160, 120) as writer:
        for number, colour in enumerate(colours):
            writer.write(np.full((120, 160, 3), colour, dtype=np.uint8), number / 30)
    for colour, (_, image) in zip(colours, read(tmp_path / "out.mp4")[1], strict=True):
        assert np.abs(image[60, 80].astype(int) - colour).max() <= 6


@pytest.mark.parametrize("size", [(161, 121), (160, 121), (3, 2)])
def test_odd_sizes_lose_their_last_line(tmp_path, size):
    write(tmp_path / "out.mp4", [0, 0.1], *size)
    image = read(tmp_path / "out.mp4")[1][0][1]
    assert image.shape == (size[1] // 2 * 2, size[0] // 2 * 2, 3)


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "out.mp4"
    path.write_text("yesterday")
    with VideoWriter(path, 160, 120) as writer:
        writer.write(picture(50), 0)
        assert path.read_text() == "yesterday"
    assert len(read(path)[1]) == 1


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("count", [0, 5])
def test_an_exception_leaves_nothing_behind(tmp_path, error, count):
    path = tmp_path / "out.mp4"
    path.write_text("yesterday")

    def interrupted():
        with VideoWriter(path, 160, 120) as writer:
            for number in range(count):
                writer.write(picture(50), number / 30)
            raise error

    with pytest.raises(error):
        interrupted()
    assert names(tmp_path) == ["out.mp4"]
    assert path.read_text() == "yesterday"


def test_no_picture_no_file(tmp_path):
    with pytest.raises(OutputError, match="not one picture"):
        VideoWriter(tmp_path / "out.mp4", 160, 120).close()
    assert names(tmp_path) == []


def test_closing_twice_is_harmless_and_writing_afterwards_is_not(tmp_path):
    writer = VideoWriter(tmp_path / "out.mp4", 160, 120)
    writer.write(picture(1), 0)
    writer.close()
    writer.close()
    writer.discard()
    with pytest.raises(OutputError, match="closed"):
        writer.write(picture(1), 1)
    assert len(read(tmp_path / "out.mp4")[1]) == 1


def test_wrong_pictures_and_times_are_refused(tmp_path):
    with VideoWriter(tmp_path / "out.mp4", 160, 120) as writer:
        writer.write(picture(1), 0.5)
        for bad in (picture(1, 120, 160), picture(1).astype(float), picture(1)[..., 0]):
            with pytest.raises(ValueError, match="expected uint8"):
                writer.write(bad, 1)
        with pytest.raises(ValueError, match="increase"):
            writer.write(picture(1), 0.5)
    with pytest.raises(ValueError, match="too small"):
        VideoWriter(tmp_path / "tiny.mp4", 1, 1)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no/such/folder/out.mp4", "folder that exists"),
        ("out.avi", "out.mp4"),
        ("taken.mp4", "folder"),
    ],
)
def test_what_cannot_be_written_is_said_before_the_work(tmp_path, name, says):
    (tmp_path / "taken.mp4").mkdir()
    with pytest.raises(OutputError, match=says):
        VideoWriter(tmp_path / name, 160, 120)
    assert names(tmp_path) == ["taken.mp4"]


def test_a_read_only_folder_is_said_before_the_work(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            folder = Path("/proc")  # root may write anywhere but there
            if not folder.is_dir():
                pytest.skip("no folder here that refuses root")
        with pytest.raises(OutputError, match="may be written"):
            VideoWriter(folder / "out.mp4", 160, 120)
    finally:
        (tmp_path / "locked").chmod(0o700)


FILL = """
    import resource, signal, sys
    import numpy as np
    from glutecam.display.recording import VideoWriter
    from glutecam.errors import OutputError

    path, limit, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    noise = np.random.default_rng(0)
    try:
        with VideoWriter(path, 320, 240) as writer:
            for number in range(count):
                image = noise.integers(0, 255, (240, 320, 3), dtype=np.uint8)
                writer.write(image, number / 30)
    except OutputError as err:
        sys.exit(f"OutputError: {err}")
"""


def fill(path, limit=0, count=60):
    command = [sys.executable, "-c", textwrap.dedent(FILL), str(path), str(limit), str(count)]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=root, timeout=240, check=False
    )


@pytest.mark.parametrize("count", [3, 60])
def test_a_file_that_may_not_grow_is_given_up(tmp_path, count):
    """Three frames fit into the encoder's and the muxer's buffers, so closing fails."""
    done = fill(tmp_path / "out.mp4", 60_000, count)
    assert "OutputError" in done.stderr
    assert "Traceback" not in done.stderr
    assert names(tmp_path) == []


def test_a_full_disk(small_disk):
    done = fill(small_disk / "out.mp4")
    assert "OutputError" in done.stderr
    assert "No space left" in done.stderr
    assert names(small_disk) == []
