"""What happens to the picture is asked back: moved, turned, cut, frozen, dark, blurred, repainted."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from builders import make_poses

from glutecam.capture.frames import Frame
from glutecam.capture.scene import LOOK_S, SceneWatcher, colours_of
from glutecam.capture.video import VideoFile
from glutecam.core.likeness import ANOTHER, colour_distance
from glutecam.core.sights import ALIKE, COLOURS, Sight
from glutecam.display.recording import VideoWriter

WIDTH, HEIGHT = 640, 480


def wallpaper(seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    image = np.full((HEIGHT, WIDTH, 3), 150, np.uint8)
    for _ in range(120):
        x, y, w, h = rng.integers(0, [WIDTH, HEIGHT, 90, 90])
        colour = rng.integers(30, 230, 3).tolist()
        cv2.rectangle(image, (int(x), int(y)), (int(x + w + 8), int(y + h + 8)), colour, -1)
    return image


def watched(images: list[np.ndarray], seen: bool = True) -> np.ndarray:
    """Return the scene's rows; one look at each picture."""
    watcher, rows = SceneWatcher(), []
    for index, image in enumerate(images):
        poses = make_poses(1, width=image.shape[1], height=image.shape[0])
        poses = poses if seen else poses.without(np.array([True]))
        watcher.watch(Frame(index, index * LOOK_S, np.ascontiguousarray(image), 0.0), poses)
        rows.append(poses.scene[0].copy())
    return np.array(rows)


def moved(image: np.ndarray, x: float, y: float, turn: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), -turn, 1.0)
    matrix[:, 2] += (x, y)
    return cv2.warpAffine(image, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize(("x", "y", "turn"), [(0, 0, 0), (6, -4, 0), (0, 0, 1.0), (-8, 3, -0.7)])
def test_a_motion_of_the_camera_is_told(x, y, turn):
    image = wallpaper()
    row = watched([image, moved(image, x, y, turn)])[1]
    assert row[Sight.MOVED_X] * HEIGHT == pytest.approx(x, abs=0.6)
    assert row[Sight.MOVED_Y] * HEIGHT == pytest.approx(y, abs=0.6)
    assert row[Sight.TURNED_DEG] == pytest.approx(turn, abs=0.15)
    assert row[Sight.KEPT] > 0.6


def test_another_picture_is_not_found_again():
    assert watched([wallpaper(1), wallpaper(2)])[1][Sight.KEPT] < 0.25


def test_a_bare_wall_says_nothing_of_its_motion():
    bare = np.full((HEIGHT, WIDTH, 3), 150, np.uint8)
    row = watched([bare, bare])[1]
    assert np.isnan(row[[Sight.MOVED_X, Sight.KEPT]]).all()


def test_a_repeated_picture_is_told_and_one_other_pixel_is_enough():
    image = wallpaper()
    other = image.copy()
    other[101, 103] += 1
    assert watched([image, image, other, other])[:, Sight.STILL].tolist()[1:] == [1.0, ALIKE, 1.0]


def h264(images: list[np.ndarray], folder: Path) -> list[np.ndarray]:
    with VideoWriter(folder / "clip.mp4", WIDTH, HEIGHT) as writer:
        for number, image in enumerate(images):
            writer.write(image, number * LOOK_S)
    with VideoFile(folder / "clip.mp4") as video:
        return [frame.image for frame in video]


def test_a_frozen_picture_is_told_though_a_codec_changes_it_a_little(tmp_path):
    image = wallpaper()
    frozen = h264([image] * 12, tmp_path)
    assert any((one != frozen[0]).any() for one in frozen)
    assert (watched(frozen)[2:, Sight.STILL] >= ALIKE).all()


def test_somebody_who_stands_still_is_not_taken_for_a_frozen_picture(tmp_path):
    # A tenth of a degree of sway is what no one can do without.
    swaying = [moved(wallpaper(), 0.5 * np.sin(n), 0, 0) for n in range(12)]
    assert (watched(h264(swaying, tmp_path))[1:, Sight.STILL] == 0.0).mean() > 0.7


def test_light_and_sharpness():
    image = wallpaper()
    dark, blurred = (image * 0.1).astype(np.uint8), cv2.GaussianBlur(image, (0, 0), 9)
    good = watched([image])[0]
    assert watched([dark])[0][Sight.LIGHT] == pytest.approx(0.1 * good[Sight.LIGHT], abs=0.02)
    assert watched([blurred])[0][Sight.SHARPNESS] < 0.2 < good[Sight.SHARPNESS]


def test_without_a_person_the_whole_picture_tells_how_bright_it_is():
    row = watched([np.full((HEIGHT, WIDTH, 3), 51, np.uint8)], seen=False)[0]
    assert row[Sight.LIGHT] == pytest.approx(0.2, abs=0.01)
    assert np.isnan(row[COLOURS]).all()


def test_looks_are_three_a_second_and_the_roll_is_told_at_each():
    image, watcher, told = wallpaper(), SceneWatcher(), []
    for index in range(61):
        poses = make_poses(1, width=WIDTH, height=HEIGHT)
        watcher.watch(Frame(index, index / 30, image, 0.0), poses)
        told.append(np.isfinite(poses.scene[0, Sight.LIGHT]))
        assert np.isnan(poses.scene[0, Sight.ROLL_SD_DEG]) != told[-1]
    assert np.flatnonzero(told).tolist() == [0, 10, 20, 30, 40, 50, 60]


def test_colours_are_those_of_the_parts():
    poses = make_poses(1, width=WIDTH, height=HEIGHT)
    image = np.full((HEIGHT, WIDTH, 3), (200, 30, 30), np.uint8)
    red = colours_of(image, poses.image_px[0])
    blue = colours_of(image[..., ::-1].copy(), poses.image_px[0])
    dim = colours_of((image * 0.8).astype(np.uint8), poses.image_px[0])
    assert colour_distance(red[None], red)[0] == 0.0
    assert colour_distance(blue[None], red)[0] > ANOTHER > colour_distance(dim[None], red)[0]


def test_two_parts_of_five_may_be_hidden_by_something():
    poses = make_poses(1, width=WIDTH, height=HEIGHT)
    own = colours_of(wallpaper(), poses.image_px[0])
    hidden = own.copy()
    hidden[:6] = 255.0
    assert colour_distance(hidden[None], own)[0] == 0.0
    hidden[:9] = np.nan
    assert np.isnan(colour_distance(hidden[None], own)[0])


def test_somebody_who_walks_by_does_not_move_the_camera():
    bare = np.full((HEIGHT, WIDTH, 3), 150, np.uint8)
    passing = bare.copy()
    passing[100:400, 20:140] = wallpaper()[100:400, 20:140]
    row = watched([passing, np.roll(passing, 12, axis=1)])[1]
    assert np.isnan(row[Sight.MOVED_X])
