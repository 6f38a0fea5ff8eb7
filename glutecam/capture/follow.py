"""Whom to follow among several people, told by their points alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from glutecam.core.landmarks import Landmark
from glutecam.core.poses import FloatArray
from glutecam.errors import InputError

__all__ = ["AUTO", "Follow", "Whom", "beside", "middle_of_hips", "mover", "nearest", "trunk_of"]

SIZE_STEP = 1.5
"""Bodies that differ by more than this factor in size are not the same one."""
_NEAR_TRUNKS = 1.0
_L = Landmark
_PLACE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*")


class Whom(str, Enum):
    """By what somebody is chosen; of the words of ``--follow`` all but ``at``, which is a place."""

    AUTO = "auto"
    LARGEST = "largest"
    LEFT = "left"
    RIGHT = "right"
    MOVING = "moving"
    AT = "at"


@dataclass(frozen=True)
class Follow:
    """Whom to follow: by what they are chosen, ``AT`` with a place."""

    kind: Whom = Whom.AUTO
    place_px: tuple[float, float] | None = None

    @classmethod
    def of(cls, words: str) -> Follow:
        """Read ``largest``, ``left``, ``right``, ``moving``, ``auto`` or ``640,300``.

        Raises
        ------
        InputError
            Where it is none of these.
        """
        named = words.strip().lower()
        if named in {whom.value for whom in Whom if whom is not Whom.AT}:
            return cls(Whom(named))
        if match := _PLACE.fullmatch(named):
            return cls(Whom.AT, (float(match[1]), float(match[2])))
        raise InputError(
            f"'{words}' does not say whom to follow. Say largest, left, right (as seen in the "
            "picture), moving, a place in pixels such as 640,300, or auto."
        )

    def __str__(self) -> str:
        """Return the words that ``of`` reads."""
        return self.kind.value if self.place_px is None else "{:g},{:g}".format(*self.place_px)

    def check(self, width_px: int, height_px: int) -> None:
        """Refuse a place outside a picture of this size.

        Raises
        ------
        InputError
            Where nobody can stand there.
        """
        if self.place_px is None:
            return
        x, y = self.place_px
        if x > width_px or y > height_px:
            raise InputError(
                f"There is nobody to follow at {self}: the picture is {width_px} x {height_px} "
                "pixels, counted from its upper left corner. Give a place within it, or say "
                "largest, left, right or moving."
            )

    def pick(self, bodies: Sequence[FloatArray]) -> FloatArray:
        """Return the body (33, 2) that is meant among these, at least one."""
        if self.kind is Whom.LEFT:
            return min(bodies, key=lambda body: float(middle_of_hips(body)[0]))
        if self.kind is Whom.RIGHT:
            return max(bodies, key=lambda body: float(middle_of_hips(body)[0]))
        if self.place_px is not None:
            return nearest(bodies, np.array(self.place_px))
        return max(bodies, key=_size)


AUTO = Follow()


def mover(looks: Sequence[Sequence[FloatArray]]) -> Sequence[FloatArray]:
    """Return the one who moved most, from the first look to the last; nothing where nobody was seen.

    Parameters
    ----------
    looks : sequence of sequence of (33, 2)
        Everybody, a few times a second.
    """
    tracks: list[list[FloatArray]] = []
    for bodies in looks:
        for body in bodies:
            own = [track for track in tracks if beside(body, track[-1])]
            if own:
                min(own, key=lambda track: _away(body, track[-1])).append(body)
            else:
                tracks.append([body])
    if not tracks:
        return ()
    # Who walks through is gone soon; who exercises is there in most looks.
    stayed = [track for track in tracks if len(track) >= 0.5 * len(looks)] or tracks
    return max(stayed, key=_motion)


def nearest(bodies: Sequence[FloatArray], place_px: FloatArray) -> FloatArray:
    """Return the body whose trunk is nearest to a place."""
    return min(bodies, key=lambda body: float(np.linalg.norm(_middle(body) - place_px)))


def middle_of_hips(body: FloatArray) -> FloatArray:
    """Return the point half-way between the hips, (2,)."""
    return np.asarray(0.5 * (body[_L.LEFT_HIP] + body[_L.RIGHT_HIP]))


def _middle(body: FloatArray) -> FloatArray:
    shoulders = 0.5 * (body[_L.LEFT_SHOULDER] + body[_L.RIGHT_SHOULDER])
    return np.asarray(0.5 * (middle_of_hips(body) + shoulders))


def trunk_of(body: FloatArray) -> float:
    """Return the length of the trunk in pixels."""
    return 2.0 * float(np.linalg.norm(_middle(body) - middle_of_hips(body)))


def _size(body: FloatArray) -> float:
    return float(np.prod(body.max(axis=0) - body.min(axis=0)))


def _away(body: FloatArray, other: FloatArray) -> float:
    return float(np.linalg.norm(middle_of_hips(body) - middle_of_hips(other))) / max(
        trunk_of(other), 1.0
    )


def beside(body: FloatArray, other: FloatArray) -> bool:
    """Return whether two bodies are about as large and in the same place: one and the same."""
    alike = 1 / SIZE_STEP < trunk_of(body) / max(trunk_of(other), 1.0) < SIZE_STEP
    return alike and _away(body, other) < _NEAR_TRUNKS


def _motion(track: Sequence[FloatArray]) -> float:
    """Return how far the points of a body went, in trunk lengths a look."""
    if len(track) < 2:
        return 0.0
    steps = np.linalg.norm(np.diff(np.array(track), axis=0), axis=2).mean(axis=1)
    return float(np.mean(steps)) / max(trunk_of(track[-1]), 1.0)
