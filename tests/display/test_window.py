from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from builders import make_exercise, make_poses, make_update

from glutecam.display import window
from glutecam.display.overlay import Overlay
from glutecam.display.window import Window, check_screen
from glutecam.errors import EnvironmentProblem


class Screen:
    """Stands in for OpenCV's windows."""

    def __init__(self) -> None:
        self.keys: list[int] = []
        self.visible = 1.0
        self.full: list[float] = []
        self.shown: list[np.ndarray] = []
        self.destroyed = 0


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    fake = Screen()

    def destroy(name: str) -> None:
        fake.destroyed += 1

    replaced = {
        "namedWindow": lambda *a: None,
        "setWindowTitle": lambda *a: None,
        "resizeWindow": lambda *a: None,
        "imshow": lambda name, picture: fake.shown.append(picture),
        "waitKey": lambda delay: fake.keys.pop(0) if fake.keys else -1,
        "getWindowProperty": lambda *a: fake.visible,
        "setWindowProperty": lambda name, prop, value: fake.full.append(value),
        "destroyWindow": destroy,
    }
    for name, function in replaced.items():
        monkeypatch.setattr(cv2, name, function)
    monkeypatch.setattr(window, "check_screen", lambda: None)
    return fake


def open_window() -> Window:
    return Window(Overlay(make_exercise(), mirror=True))


def show(view: Window) -> None:
    image = np.zeros((240, 320, 3), np.uint8)
    image[..., 0] = 200
    view.show(image, make_poses(1, 0.0, 320, 240), make_update(), 0.0)


@pytest.mark.parametrize("key", [ord("q"), ord("Q"), 27])
def test_q_and_escape_end_the_session(screen: Screen, key: int) -> None:
    view = open_window()
    show(view)
    assert not view.wants_stop
    screen.keys = [key]
    show(view)
    assert view.wants_stop


def test_f_switches_to_full_screen_and_back(screen: Screen) -> None:
    view = open_window()
    screen.keys = [ord("f"), ord("f")]
    show(view)
    show(view)
    assert screen.full == [cv2.WINDOW_FULLSCREEN, cv2.WINDOW_NORMAL]


def test_a_window_closed_by_the_mouse_ends_the_session(screen: Screen) -> None:
    view = open_window()
    screen.visible = 0.0
    show(view)
    assert view.wants_stop
    show(view)
    assert len(screen.shown) == 1
    view.close()
    assert screen.destroyed == 0


def test_closing_twice_is_harmless(screen: Screen) -> None:
    view = open_window()
    view.close()
    view.close()
    assert screen.destroyed == 1


def test_colours_reach_the_screen_as_opencv_wants_them(screen: Screen) -> None:
    view = open_window()
    show(view)
    assert screen.shown[0][150, 300].tolist() == [0, 0, 200]


def test_opencv_without_windows_is_an_environment_problem(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise cv2.error("The function is not implemented")

    monkeypatch.setattr(cv2, "namedWindow", fail)
    with pytest.raises(EnvironmentProblem, match="--no-window"):
        open_window()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt aborts on Linux only")
def test_no_screen_is_an_environment_problem_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(EnvironmentProblem, match=r"No window can be opened.*--no-window"):
        check_screen()


REAL = """
import sys
sys.path.insert(0, {tests!r})
import numpy as np
from builders import make_exercise, make_poses, make_update
from glutecam.display.overlay import Overlay
from glutecam.display.window import Window
view = Window(Overlay(make_exercise()))
for _ in range(3):
    view.show(np.zeros((240, 320, 3), np.uint8), make_poses(1, 0.0, 320, 240), make_update(), 0.0)
assert not view.wants_stop
view.close()
"""


def test_a_real_window_opens(tmp_path) -> None:
    if not os.environ.get("DISPLAY"):
        pytest.skip("there is no screen here; xvfb-run pytest makes one")
    code = REAL.format(tests=str(Path(__file__).parents[1]))
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=240, stderr=-1)
    assert done.returncode == 0
    # Qt tells four times over that the wheel of OpenCV holds no fonts.
    assert done.stderr == b""


def test_letters_do_what_they_were_given_and_the_whole_screen_can_be_the_beginning(
    screen: Screen,
) -> None:
    pressed: list[str] = []
    overlay = Overlay(make_exercise())
    keys = {" ": lambda: pressed.append("space"), "n": lambda: pressed.append("next")}
    view = Window(overlay, keys=keys, full_screen=True)
    screen.keys = [ord(" "), ord("n"), ord("?"), ord("f")]
    for _ in range(4):
        show(view)
    assert pressed == ["space", "next"]
    assert screen.full == [cv2.WINDOW_FULLSCREEN, cv2.WINDOW_NORMAL]
    assert not view.wants_stop
