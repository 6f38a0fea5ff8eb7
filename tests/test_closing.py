"""The end of a ``with`` closes what it began, whatever happened in it."""

from __future__ import annotations

import pytest

from glutecam.closing import Closing


class Tap(Closing):
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_it_gives_itself_and_is_closed_once():
    tap = Tap()
    with tap as given:
        assert given is tap
        assert tap.closed == 0
    assert tap.closed == 1


def test_what_goes_wrong_inside_goes_on_after_it_is_closed():
    tap = Tap()
    with pytest.raises(RuntimeError, match="the pipe burst"), tap:
        raise RuntimeError("the pipe burst")
    assert tap.closed == 1


def test_nobody_forgets_to_say_how_it_is_closed():
    class Leaking(Closing):
        pass

    with pytest.raises(TypeError, match="close"):
        Leaking()
