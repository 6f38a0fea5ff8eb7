"""A small drawing of an exercise, as data: two stick figures and what they stand or lie on.

Places are in a box 100 wide and 100 high, x to the right, y **down**, the floor at 96. Which of two
places is which side is told by the exercise's drawing alone: the worked leg comes first.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Drawing", "Figure", "Line", "Place"]

Place = tuple[float, float]
"""x and y."""

Line = tuple[Place, ...]
"""Places that are joined, in order."""


@dataclass(frozen=True)
class Figure:
    """One posture. Legs and arms go from the trunk outwards; the worked leg is the first.

    Attributes
    ----------
    head : Place
        Middle of the head.
    trunk : Line
        From the neck to the pelvis.
    legs : tuple of Line
        Hip, knee, ankle, toe; the worked leg first.
    arms : tuple of Line
        Shoulder, elbow, hand.
    shoulders, hips : Line
        The lines across, where both sides are seen.
    """

    head: Place
    trunk: Line
    legs: tuple[Line, ...]
    arms: tuple[Line, ...] = ()
    shoulders: Line = ()
    hips: Line = ()


@dataclass(frozen=True)
class Drawing:
    """The first posture, the second one, and the things beside them.

    Attributes
    ----------
    start, end : Figure
    says : str
        What the drawing shows, in words, for those who cannot see it.
    props, end_props : tuple of Line
        Floor, step, bench, band: of both postures, and of the second alone.
    arrows : tuple of Line
        How the body moves, drawn on the second posture; the last place is the tip.
    """

    start: Figure
    end: Figure
    says: str
    props: tuple[Line, ...] = ()
    end_props: tuple[Line, ...] = ()
    arrows: tuple[Line, ...] = ()
