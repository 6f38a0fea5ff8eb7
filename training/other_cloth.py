"""Cloth that hangs: a mesh pulled down by its weight, held by its seams, stopped by the body.

Position-based: threads keep their length, the body and the ground push out, a little smoothing
stands for stiffness. Only the state of rest is wanted, so motion is damped away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from training.other_parts import Faces
from training.rotations import Array

#: How far a thread falls in one step, and what is left of its speed in the next.
FALL_M, KEPT = 0.0012, 0.9
#: A thread that is too short pushes back a little: cloth folds rather than shrinks.
PUSH = 0.15
#: Corrections of neighbouring threads are averaged and then taken this far.
OVERDONE = 1.5
#: How much of a step along the body the body's friction takes away.
FRICTION = 0.6


@dataclass(frozen=True)
class Cloth:
    """Cut of a garment: shape at rest (V, 3), triangles, and what holds it.

    `held` (V,) is 1 where it is sewn tight to the body, `on_arm` (V,) where it lies on an arm,
    `stiff` the share of smoothing in each step.
    """

    rest: Array
    faces: Faces
    held: Array
    on_arm: NDArray[np.bool_]
    stiff: float = 0.03

    @property
    def threads(self) -> Faces:
        """Edges (E, 2), each once."""
        pairs = np.concatenate(
            [self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]]
        )
        return np.unique(np.sort(pairs, axis=1), axis=0)


@dataclass(frozen=True)
class Obstacle:
    """Surface that cloth cannot enter: points and outward normals (P, 3)."""

    points: Array
    normals: Array

    def joined(self, other: Obstacle) -> Obstacle:
        """Both surfaces together."""
        return Obstacle(
            np.concatenate([self.points, other.points]),
            np.concatenate([self.normals, other.normals]),
        )


def _spread(index: NDArray[np.int64], values: Array, count: int) -> Array:
    """Sum (count, 3) of the values that belong to each vertex."""
    return np.stack([np.bincount(index, values[:, k], count) for k in range(3)], axis=1)


class _Threads:
    """The edges of one cloth, ready to be kept at their length."""

    def __init__(self, cloth: Cloth) -> None:
        self._count, ends = len(cloth.rest), cloth.threads
        self._ends, self._both = ends, ends.T.ravel()
        self._length = np.linalg.norm(cloth.rest[ends[:, 1]] - cloth.rest[ends[:, 0]], axis=1)
        self._degree = np.maximum(np.bincount(self._both, minlength=self._count), 1)[:, None]

    def correction(self, points: Array) -> Array:
        """Mean correction (V, 3) that gives the threads their length."""
        along = points[self._ends[:, 1]] - points[self._ends[:, 0]]
        now = np.maximum(np.linalg.norm(along, axis=1), 1e-9)
        wrong = (now - self._length) / now
        half = 0.5 * (np.where(wrong > 0.0, wrong, PUSH * wrong))[:, None] * along
        moved = _spread(self._both, np.concatenate([half, -half]), self._count)
        return OVERDONE * moved / self._degree

    def smoothing(self, points: Array) -> Array:
        """Way (V, 3) to the middle of the neighbours."""
        other = points[self._ends[:, ::-1].T.ravel()]
        return _spread(self._both, other, self._count) / self._degree - points


class _Wall:
    """An obstacle that is asked again and again."""

    def __init__(self, obstacle: Obstacle, gap_m: float) -> None:
        self._obstacle, self._gap_m = obstacle, gap_m
        self._tree = cKDTree(obstacle.points)

    def outside(self, points: Array, before: Array) -> Array:
        """Points (N, 3) moved out of the body, slowed where they touch it."""
        if len(points) == 0:
            return points
        _, near = self._tree.query(points)
        normal = self._obstacle.normals[near]
        deep = self._gap_m - ((points - self._obstacle.points[near]) * normal).sum(axis=1)
        touching = deep > 0.0
        step = points - before
        along = step - (step * normal).sum(axis=1, keepdims=True) * normal
        pushed = points + deep[:, None] * normal - FRICTION * along
        return np.where(touching[:, None], pushed, points)


def hang(
    cloth: Cloth,
    start: Array,
    body: Obstacle,
    arms: Obstacle,
    gap_m: float,
    floor_m: float,
    steps: int = 36,
) -> Array:
    """Vertices (V, 3) of the cloth at rest on the body, from its place `start` around it."""
    threads, points, last = _Threads(cloth), start.copy(), start.copy()
    walls = ((_Wall(body, gap_m), ~cloth.on_arm), (_Wall(arms, gap_m), cloth.on_arm))
    held = cloth.held[:, None]
    for _ in range(steps):
        speed, last = KEPT * (points - last), points
        points = points + speed - np.array([0.0, 0.0, FALL_M])
        for _ in range(6):
            points = points + threads.correction(points)
            points = points + held * (start - points)
        points = points + cloth.stiff * threads.smoothing(points)
        for wall, where in walls:
            points[where] = wall.outside(points[where], last[where])
        points[:, 2] = np.maximum(points[:, 2], floor_m + 0.003)
        points = points + held * (start - points)
    return points
