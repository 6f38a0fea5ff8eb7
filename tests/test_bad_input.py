"""Bad input is normal: the verdict or the error that each kind must get, through the program."""

from __future__ import annotations

import html
import json
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from program import ran_here

from glutecam.capture.video import VideoFile
from glutecam.cli.terminal import REFUSED
from glutecam.core.poses import PoseSeries
from glutecam.errors import SourceError
from glutecam.records.posefile import save_poses

pytestmark = pytest.mark.slow

SAMPLE = "step_down_clean_right.mp4"
FIRST = 45
"""Frame of the clip at which these begin: two seconds of standing still are left."""
ONE_REP, TWO_REPS = 120, 180
"""Frames from there on until one and two of the four repetitions are over."""
SIZE = (640, 360)
"""Half of what the clip was rendered at: the pose model looks at less than that."""


@pytest.fixture(scope="module")
def frames(sample_videos):
    """(time, picture) of a clean step-down, every frame of eight seconds."""
    with VideoFile(sample_videos / SAMPLE, max_side_px=SIZE[0]) as source:
        found = [(frame.time_s, frame.image) for frame in islice(source, FIRST, FIRST + 240)]
    return [(time_s - found[0][0], image) for time_s, image in found]


def encode(path: Path, frames, codec="libx264", pix_fmt="yuv420p", options=None, **how) -> Path:
    """Write pictures with their own times; ``how`` goes to the container."""
    with av.open(str(path), "w", options=how) as container:
        stream = container.add_stream(codec, rate=30, options=options or {})
        height, width = frames[0][1].shape[:2]
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.codec_context.time_base = Fraction(1, 90000)
        for time_s, image in frames:
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            picture.pts, picture.time_base = round(time_s * 90000), Fraction(1, 90000)
            container.mux(stream.encode(picture.reformat(format=pix_fmt)))
        container.mux(stream.encode(None))
    return path


def judged(path: Path, tmp_path: Path, exercise="step-down", *options: str) -> dict:
    target = tmp_path / "out.json"
    code, out, err = ran_here("score", path, "--exercise", exercise, "--json", target, *options)
    assert "Traceback" not in out + err
    found = json.loads(target.read_text(encoding="utf-8"))["assessment"]
    assert code == (REFUSED if found["verdict"] == "not assessable" else 0), err
    return found


def failed(result):
    return [gate["code"] for gate in result["gates"] if not gate["passed"]]


FAST = {"preset": "ultrafast", "crf": "20"}


def test_a_variable_frame_rate_gives_the_same_repetitions(frames, tmp_path):
    # Leave out one frame in five, as a phone in poor light does.
    kept = [f for i, f in enumerate(frames[:ONE_REP]) if i % 5 != 3]
    result = judged(encode(tmp_path / "vfr.mp4", kept, options=FAST), tmp_path)
    (rep,) = result["reps"]
    assert rep["start_s"] == pytest.approx(1.87, abs=0.15)


def test_ten_bit_hevc_is_read(frames, tmp_path):
    clip = encode(
        tmp_path / "x.mkv", frames[:ONE_REP], codec="libx265", pix_fmt="yuv420p10le",
        options={"preset": "ultrafast", "x265-params": "log-level=none"},
    )  # fmt: skip
    assert len(judged(clip, tmp_path)["reps"]) == 1


def test_four_frames_a_second_are_too_few(frames, tmp_path):
    slow = frames[::8]
    result = judged(encode(tmp_path / "slow.mp4", slow, options=FAST), tmp_path)
    assert "frame rate" in failed(result)
    assert result["verdict"] == "not assessable"
    gate = next(g for g in result["gates"] if g["code"] == "frame rate")
    assert "light" in gate["instruction"]


def test_nobody_in_the_picture(tmp_path):
    wall = np.full((*SIZE[::-1], 3), 150, dtype=np.uint8)
    empty = [(i / 30, wall) for i in range(60)]
    result = judged(encode(tmp_path / "empty.mp4", empty, options=FAST), tmp_path)
    assert failed(result)[0] == "person"
    assert "Step into the picture" in result["instruction"]


def test_a_person_who_leaves_in_the_middle_of_a_repetition(frames, tmp_path):
    # From 4.5 s on, in the middle of the second repetition, only the wall is left.
    wall = np.full_like(frames[0][1], 150)
    gone = [(t, image if t < 4.5 else wall) for t, image in frames[: TWO_REPS + 15]]
    result = judged(encode(tmp_path / "gone.mp4", gone, options=FAST), tmp_path)
    assert len(result["reps"]) == 1
    assert len(result["attempts"]) == 1
    assert (
        "not seen" in result["attempts"][0]["reason"] or "ends" in result["attempts"][0]["reason"]
    )


def test_two_people_side_by_side(sample_videos, frames, tmp_path):
    with VideoFile(sample_videos / "step_down_clean_left.mp4", max_side_px=SIZE[0]) as source:
        other = [frame.image for frame in islice(source, FIRST, FIRST + 75)]
    both = [
        (t, np.concatenate([image[:, 160:480], second[:, 160:480]], axis=1))
        for (t, image), second in zip(frames[:75], other, strict=True)
    ]
    result = judged(encode(tmp_path / "two.mp4", both, options=FAST), tmp_path)
    assert "alone" in failed(result)
    assert "one person" in result["instruction"]


def test_a_person_cut_at_the_knees(frames, tmp_path):
    # The picture ends above the knees; what is below is not there, not black.
    cut = [(t, image[: 2 * int(SIZE[1] * 0.31)]) for t, image in frames[:90]]
    result = judged(encode(tmp_path / "cut.mp4", cut, options=FAST), tmp_path)
    assert result["verdict"] == "not assessable"
    assert {"visibility"} & set(failed(result))
    assert result["reps"] == []


def test_a_clip_turned_by_ninety_degrees_without_saying_so_is_not_standing(frames, tmp_path):
    turned = [(t, np.rot90(image)) for t, image in frames[:45]]
    result = judged(encode(tmp_path / "turned.mp4", turned, options=FAST), tmp_path)
    assert failed(result)[0] in {"posture", "person"}


def test_a_clip_turned_by_ninety_degrees_that_says_so_is_judged_upright(frames, tmp_path):
    # A phone held upright stores the picture lying and notes how to turn it. The first repetition.
    path = tmp_path / "phone.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options=FAST)
        stream.width, stream.height, stream.pix_fmt = *SIZE[::-1], "yuv420p"
        stream.set_display_rotation(90)
        for number, (_, image) in enumerate(frames[:ONE_REP]):
            picture = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(np.rot90(image, -1)), format="rgb24"
            )
            picture.pts, picture.time_base = number, Fraction(1, 30)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    with VideoFile(path) as source:
        assert (source.info.width_px, source.info.height_px) == SIZE
    result = judged(path, tmp_path)
    assert len(result["reps"]) == 1
    assert "posture" not in failed(result)


def test_one_frame_is_not_enough(frames, tmp_path):
    result = judged(encode(tmp_path / "one.mp4", frames[:1], options=FAST), tmp_path)
    assert result["verdict"] == "not assessable"
    assert "length" in failed(result)


def test_an_mp4_whose_tail_is_lost_is_judged_up_to_there_and_says_so(frames, tmp_path):
    # Phones and editors put the index first ("faststart"): it survives a copy that breaks off.
    options = {**FAST, "g": "15"}
    frames = frames[:TWO_REPS]
    whole = encode(tmp_path / "whole.mp4", frames, options=options, movflags="+faststart")
    part = first_part(whole, tmp_path / "part.mp4", 0.85)
    target, report = tmp_path / "out.json", tmp_path / "out.html"
    code, said, err = ran_here(
        "score", part, "--exercise", "step-down", "--json", target, "--report", report
    )
    assert "Traceback" not in said + err
    result = json.loads(target.read_text(encoding="utf-8"))["assessment"]
    assert code == (REFUSED if result["verdict"] == "not assessable" else 0), err
    assert len(result["reps"]) == 1
    assert 0.7 < len(result["time_s"]) / len(frames) < 0.95
    (warning,) = (text for text in result["warnings"] if "breaks off at" in text)
    # Terminal and report say it too, broken into lines where they are narrow.
    assert "breaks off at" in " ".join(said.split())
    assert warning in html.unescape(report.read_text(encoding="utf-8"))


@pytest.mark.usefixtures("no_workers")
def test_where_too_little_is_left_the_file_is_to_be_copied_again_and_nothing_filmed(
    frames, tmp_path
):
    whole = encode(tmp_path / "whole.mp4", frames[:ONE_REP], options=FAST, movflags="+faststart")
    (tmp_path / "clips").mkdir()
    part = first_part(whole, tmp_path / "clips" / "part.mp4", 0.3)
    code, said, err = ran_here("score", part, "--exercise", "step-down")
    said = " ".join(said.split())
    assert code == REFUSED, err
    assert "What to do: part.mp4 breaks off at" in said
    assert "the file is incomplete; copy it again" in said
    assert "Record the whole set" not in said
    assert said.count("breaks off at") == 1
    out = tmp_path / "results"
    code, said, err = ran_here("batch", part.parent, "--exercise", "step-down", "--out", out)
    said = " ".join((said + err).split())
    assert code == 0, said
    assert "part.mp4 breaks off at" in said and "copy it again" in said


def test_an_mp4_without_its_index_is_one_clear_error(frames, tmp_path):
    whole = encode(tmp_path / "whole.mp4", frames[:90], options=FAST)
    part = first_part(whole, tmp_path / "part.mp4", 0.8)
    target = tmp_path / "out.json"
    code, out, err = ran_here("score", part, "--exercise", "step-down", "--json", target)
    assert code == 2
    assert "Traceback" not in out + err
    assert "part.mp4" in err
    assert "'moov'" in err
    assert not target.exists()


def first_part(path: Path, target: Path, share: float) -> Path:
    data = path.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])
    return target


def test_an_eight_k_still_is_told_from_a_video(tmp_path):
    still = tmp_path / "still.jpg"
    picture = np.zeros((4320, 7680, 3), dtype=np.uint8)
    picture[1000:3000, 3000:4000] = 180
    with av.open(str(still), "w", format="image2") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 7680, 4320, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuvj420p")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with (
        pytest.raises(SourceError, match=r"still picture.*record the whole set"),
        VideoFile(still),
    ):
        pass


def test_landmarks_that_are_all_nan(tmp_path):
    path = tmp_path / "nobody.npz"
    poses = PoseSeries.unseen(np.arange(300) / 30, *SIZE)
    save_poses(path, poses, model_name="m", source_name="s", fps=30.0)
    result = judged(path, tmp_path)
    assert failed(result)[0] == "person"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p / "missing.mp4", "missing.mp4"),
        (lambda p: p, "folder"),
        (lambda p: _written(p / "empty.mp4", b""), "empty"),
        (lambda p: _written(p / "text.mp4", b"hello, this is no video\n" * 50), "text.mp4"),
        (lambda p: _written(p / "ours.npz", b"PK\x03\x04 no"), "ours.npz"),
        (lambda p: _sound(p / "sound.mp4"), "no video"),
        (lambda p: _somebody_elses(p / "theirs.npz"), "theirs.npz"),
        (lambda p: _of_tomorrow(p / "newer.npz"), "pip install --upgrade"),
    ],
)
def test_what_is_no_video_gets_one_clear_error_and_the_exit_code_of_bad_input(make, says, tmp_path):
    path = make(tmp_path)
    code, out, err = ran_here("score", path, "--exercise", "step-down")
    assert code == 2
    assert "Traceback" not in out + err
    assert says in err.replace("\n", " ")


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _sound(path: Path) -> Path:
    """A second of a tone, without a picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        tone = np.sin(np.arange(48000) * 0.05).astype(np.float32)
        for start in range(0, 48000, 1024):
            part = np.ascontiguousarray(tone[None, start : start + 1024])
            sound = av.AudioFrame.from_ndarray(part, format="fltp", layout="mono")
            sound.sample_rate, sound.pts = 48000, start
            container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    return path


def _somebody_elses(path: Path) -> Path:
    np.savez(path, keypoints=np.zeros((300, 17, 3)), fps=30)
    return path


def _of_tomorrow(path: Path) -> Path:
    """A recording of ours that says it was written by a later version."""
    poses = PoseSeries.unseen(np.arange(30) / 30, *SIZE)
    save_poses(path, poses, model_name="m", source_name="s", fps=30.0)
    with np.load(path) as archive:
        arrays = dict(archive)
    about = json.loads(str(arrays["about"])) | {"version": 99}
    np.savez(path, **(arrays | {"about": np.array(json.dumps(about))}))
    return path


def test_an_unknown_exercise_names_the_nearest(sample_videos):
    code, _, err = ran_here("score", sample_videos / SAMPLE, "--exercise", "step-dwon")
    assert code == 2
    assert "step-down" in err


def test_a_camera_that_does_not_exist(tmp_path):
    code, out, err = ran_here("live", "step-down", "--camera", "97", "--no-window", "--no-voice")
    assert code == 2
    assert "97" in err
    assert "Traceback" not in out + err
