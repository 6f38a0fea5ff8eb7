from __future__ import annotations

import importlib.util
import subprocess
import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest
from builders import make_poses

from glutecam.core.landmarks import Landmark
from glutecam.core.poses import PoseSeries
from glutecam.errors import InputError
from glutecam.records.exports import Export, Source
from glutecam.records.exports.c3d import places
from glutecam.records.exports.markers import markers_mm, rate_hz
from glutecam.records.posefile import About, Recording

HIP, WRIST = Landmark.LEFT_HIP, Landmark.RIGHT_WRIST


def recording(poses: PoseSeries, fps: float | None = 30.0) -> Recording:
    return Recording(poses, About("full", "a.mp4", fps, (), False))


def hidden() -> Recording:
    """Sixty frames: nobody in frame 10, the right wrist hidden from 20 on."""
    poses = make_poses(60, 8.0)
    poses.world_m[:, HIP, 2] = -0.07
    for array in (poses.image_px, poses.world_m, poses.visibility):
        array[10] = np.nan
    poses.visibility[20:, WRIST] = 0.1
    return recording(poses)


def written(tmp_path, name: str, source: Recording):
    path = tmp_path / name
    Export.to(path).write(Source(recording=source))
    return path


def test_axes_are_right_handed_with_y_up():
    source = hidden()
    points = markers_mm(source.poses)[0]
    # Facing the camera, the subject's left is on the picture's right; the nose is above the hips.
    assert points[HIP, 0] > points[Landmark.RIGHT_HIP, 0]
    assert points[Landmark.NOSE, 1] > points[HIP, 1] > points[Landmark.LEFT_ANKLE, 1]
    # 7 cm nearer to the camera than the middle of the hips: + z.
    assert points[HIP, 2] == pytest.approx(70.0)
    right, up = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    np.testing.assert_array_equal(np.cross(right, up), [0, 0, 1.0])


def test_a_tilted_camera_is_turned_upright():
    straight = make_poses(2)
    turned = replace(straight, camera_roll_deg=90.0)
    one, other = markers_mm(straight)[0], markers_mm(turned)[0]
    np.testing.assert_allclose(np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1))
    assert abs(other[Landmark.NOSE, 0]) == pytest.approx(abs(one[Landmark.NOSE, 1]), abs=1e-6)


def test_trc_comes_back_with_times_units_and_gaps(tmp_path):
    trc = pytest.importorskip("trc")
    source = hidden()
    path = written(tmp_path, "a.trc", source)
    data = trc.TRCData()
    data.load(str(path))
    assert data["Units"] == "mm" and data["NumFrames"] == 60 and data["DataRate"] == 30
    assert data["Markers"] == [landmark.name for landmark in Landmark]
    np.testing.assert_allclose(data["Time"], source.poses.time_s, atol=1e-6)
    hip = np.array(data["LEFT_HIP"], dtype=float)
    np.testing.assert_allclose(hip, markers_mm(source.poses)[:, HIP], atol=1e-3)
    wrist = np.array(data["RIGHT_WRIST"], dtype=float)
    assert np.isnan(wrist[20:]).all() and np.isnan(wrist[10]).all()
    assert np.isfinite(wrist[11:20]).all()


def test_c3d_comes_back_through_another_library(tmp_path):
    c3d = pytest.importorskip("c3d")
    source = hidden()
    path = written(tmp_path, "a.c3d", source)
    with path.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "No analog data found": there is none
        reader = c3d.Reader(stream)
        frames = [points for _, points, _ in reader.read_frames()]
        labels = [label.strip() for label in reader.point_labels]
        units = reader.get("POINT:UNITS").string_array
    assert labels == [landmark.name for landmark in Landmark]
    assert reader.point_rate == 30.0 and [unit.strip() for unit in units] == ["mm"]
    assert len(frames) == 60
    truth = markers_mm(source.poses)
    np.testing.assert_allclose(frames[5][HIP, :3], truth[5, HIP], atol=1e-3)
    assert frames[5][HIP, 3] >= 0 and frames[10][HIP, 3] == -1
    assert frames[30][WRIST, 3] == -1 and frames[15][WRIST, 3] >= 0


def test_c3d_leaves_a_place_for_a_frame_that_was_never_filmed(tmp_path):
    ezc3d = pytest.importorskip("ezc3d")
    poses = make_poses(10)
    jitter = 0.004 * (np.arange(10) % 2)
    times = np.delete(np.arange(12) / 30.0, [4, 5]) + jitter
    path = tmp_path / "a.c3d"
    notes = Export.to(path).write(Source(recording=recording(replace(poses, time_s=times))))
    points = ezc3d.c3d(str(path))["data"]["points"]
    assert points.shape[2] == 12
    empty = np.isnan(points[0, HIP])
    assert np.flatnonzero(empty).tolist() == [4, 5]
    assert "2 places are empty and 0 frames" in notes[1]


def test_the_rate_is_the_nominal_one_only_where_the_times_keep_to_it():
    steps = np.round(np.arange(60) / 30.0, 3)
    poses = replace(make_poses(60), time_s=steps)
    assert rate_hz(recording(poses, fps=30.0)) == 30.0
    slow = replace(poses, time_s=np.arange(60) / 14.0)
    assert rate_hz(recording(slow, fps=30.0)) == pytest.approx(14.0)
    halved = replace(poses, time_s=np.arange(60) / 15.0)
    assert rate_hz(recording(halved, fps=30.0)) == pytest.approx(15.0)
    assert rate_hz(recording(make_poses(1), fps=None)) == 30.0
    assert len(np.unique(places(steps, 30.0))) == 60


@pytest.mark.parametrize("name", ["a.trc", "a.c3d"])
def test_an_empty_recording_is_refused(tmp_path, name):
    empty = recording(PoseSeries.unseen(np.empty(0), 640, 480))
    with pytest.raises(InputError, match="frame"):
        written(tmp_path, name, empty)
    assert not list(tmp_path.iterdir())


OPENSIM = """
import opensim, sys
opensim.Logger.setLevelString("error")
table = opensim.TimeSeriesTableVec3(sys.argv[1])
print(table.getNumRows(), table.getNumColumns(), table.getTableMetaDataString("Units"))
print(*table.getDependentColumn("LEFT_HIP")[5].to_numpy())
print(*table.getDependentColumn("RIGHT_WRIST")[30].to_numpy())
"""


def test_opensim_itself_reads_the_trc(tmp_path):
    if importlib.util.find_spec("opensim") is None:
        pytest.skip("opensim is not installed")
    source = hidden()
    path = written(tmp_path, "a.trc", source)
    done = subprocess.run(
        [sys.executable, "-c", OPENSIM, str(path)], capture_output=True, text=True, check=True
    )
    size, hip, wrist = done.stdout.splitlines()[-3:]
    assert size == "60 33 mm"
    truth = markers_mm(source.poses)[5, HIP]
    np.testing.assert_allclose([float(v) for v in hip.split()], truth, atol=1e-3)
    assert all(np.isnan(float(v)) for v in wrist.split())
