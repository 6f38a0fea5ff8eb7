"""The live picture in a window of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Protocol

import cv2
import numpy as np

from glutecam.core.assessment import Update
from glutecam.core.poses import PoseSeries
from glutecam.display.view import Image
from glutecam.errors import EnvironmentProblem

__all__ = ["KEYS", "Drawer", "Window", "check_screen"]

KEYS = "f: full screen   q: quit"
"""Shown in the title of the window."""

_QUIT = (ord("q"), ord("Q"), 27)
_FULL_SCREEN = (ord("f"), ord("F"))
_PROBE = "import cv2; cv2.namedWindow('glutecam', cv2.WINDOW_NORMAL)"
_PROBE_TIMEOUT_S = 30.0


class Drawer(Protocol):
    """Draws on frames: an ``Overlay`` or a ``CoachOverlay``."""

    def draw(self, image: Image, poses: PoseSeries, update: Update) -> Image:
        """Return a new picture with everything drawn on it."""


class Window:
    """Shows every frame with its overlay; f switches to full screen, q or Esc ends.

    Parameters
    ----------
    overlay : Drawer
        Construct it with ``mirror=True`` for a person who watches themselves.
    title : str
    keys : mapping of str to callable, optional
        What further keys do, by their letter.
    full_screen : bool
        Begin with the whole screen.

    Raises
    ------
    EnvironmentProblem
        On construction or while showing, where this machine cannot open a window.
    """

    def __init__(
        self,
        overlay: Drawer,
        title: str = "glutecam",
        *,
        keys: Mapping[str, Callable[[], None]] | None = None,
        full_screen: bool = False,
    ) -> None:
        check_screen()
        self._overlay = overlay
        self._name = title
        self._keys = {ord(key): do for key, do in (keys or {}).items()}
        self._full_screen = False
        self._wants_full_screen = full_screen
        self._open = False
        self._wants_stop = False
        # OpenCV's wheel brings Qt without fonts, and Qt would complain again and again; it draws no text here.
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
        try:
            cv2.namedWindow(self._name, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO)
            cv2.setWindowTitle(self._name, f"{title}   {KEYS}")
        except cv2.error as err:
            raise _no_window(str(err)) from err
        self._open = True
        self._sized = False

    @property
    def wants_stop(self) -> bool:
        """True once the user pressed q or Esc, or closed the window."""
        return self._wants_stop

    def show(self, image: Image, poses: PoseSeries, update: Update, time_s: float) -> None:
        """Draw and show one frame, then answer keys; ``time_s`` is not needed here."""
        if not self._open or self._wants_stop:
            return
        drawn = self._overlay.draw(image, poses, update)
        try:
            self._present(cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR).view())
            self._answer(cv2.waitKey(1) & 0xFF)
            shown = cv2.getWindowProperty(self._name, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error as err:
            raise _no_window(str(err)) from err
        if not shown:
            self._open, self._wants_stop = False, True

    def close(self) -> None:
        """Close the window; harmless where the user has closed it already."""
        if not self._open:
            return
        self._open = False
        try:
            cv2.destroyWindow(self._name)
            cv2.waitKey(1)
        except cv2.error:
            # Closed with the mouse a moment ago: what was wanted has happened.
            return

    def _present(self, picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> None:
        if not self._sized:
            cv2.resizeWindow(self._name, picture.shape[1], picture.shape[0])
            self._sized = True
            if self._wants_full_screen:
                self._switch_full_screen()
        cv2.imshow(self._name, picture)

    def _answer(self, key: int) -> None:
        if key in _QUIT:
            self._wants_stop = True
        elif key in _FULL_SCREEN:
            self._switch_full_screen()
        elif key in self._keys:
            self._keys[key]()

    def _switch_full_screen(self) -> None:
        self._full_screen = not self._full_screen
        mode = cv2.WINDOW_FULLSCREEN if self._full_screen else cv2.WINDOW_NORMAL
        cv2.setWindowProperty(self._name, cv2.WND_PROP_FULLSCREEN, mode)


def check_screen() -> None:
    """Make sure that a window can be opened at all.

    On Linux OpenCV's window toolkit ends the whole process, uncatchably, where no screen answers;
    so another process tries first. Elsewhere OpenCV raises, which ``Window`` translates.

    Raises
    ------
    EnvironmentProblem
        Where no window can be opened.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _PROBE],
            capture_output=True,
            timeout=_PROBE_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as err:
        raise _no_window("the screen does not answer") from err
    if tried.returncode != 0:
        last = tried.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise _no_window(last[0])


def _no_window(reason: str) -> EnvironmentProblem:
    return EnvironmentProblem(
        f"No window can be opened on this machine: {reason.strip()}. Either no screen is connected "
        "(a server, a container, a session over SSH) or OpenCV was built without windows. Run "
        "again with --no-window, or on the machine's own screen."
    )
