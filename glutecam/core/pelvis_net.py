"""The trained part of the pelvis estimator: shapes -> angle, standard deviation, strangeness.

A handful of small networks trained on different people. Their disagreement, and how unlike anything
in training a shape is, widen the deviation. Each looks at a shape and at its mirror image and
returns half the difference, so that mirroring the person exactly turns the sign.

Both looks are worked out together: a shape is the sum of a part that a mirror leaves alone and one
that it turns round, and the first layer, being linear, is applied to either part once.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glutecam.core.columns import Column, positive, root
from glutecam.core.poses import FloatArray

__all__ = ["BLOCK", "PelvisNet"]


class Rows(NamedTuple):
    """Rows of one matrix product: of the first layer, and of those behind it."""

    first: int
    later: int


BLOCK = 8
"""Shapes are looked at in blocks of this many: a matrix product of another size may round
differently, and a frame must give the same number in a webcam's trickle and in a file. Nor may its
place in the block matter: in blocks of 16 it does for some processors (OpenBLAS for Haswell and Zen)."""

_TOGETHER = Rows(BLOCK, BLOCK)
_ALONE = (Rows(2, 4), Rows(4, 8))
"""Blocks that cost less where a shape comes alone, as live. Whether they round as ``BLOCK`` does is up
to the processor and the library it multiplies with, and tried out when a model is first used."""
_TRIED = 192
"""Made-up shapes with which that is tried."""

AT_ONCE = 32 * BLOCK
"""So many shapes at a time: what lies between the layers then stays in the processor's own cache, which
makes a recording ten times as fast."""

FARTHEST = 30.0
"""Deviations of the training set."""
LOG_VARIANCE = (-1.0, 6.0)
"""As in training: deviations of 0.6 to 20 degrees, before they are widened."""

Weights = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class PelvisNet:
    """Weights of K networks with two hidden layers of H units, on F numbers a shape.

    Attributes
    ----------
    order, sign : (F,)
        How a shape is mirrored.
    centre, scale : (F,)
        What is subtracted from a shape, and by what it is divided.
    first, first_bias : (F, K H), (K H,)
    second, second_bias : (K, H, H), (K, 1, H)
    last, last_bias : (K, H, 2), (K, 1, 2)
        To an angle in degrees and the logarithm of its deviation.
    straight : (F, K)
        What goes to the angle past the hidden layers.
    whiten : (F, R)
        Directions in which shapes vary, scaled so that each is 1 in training.
    widen : (4,)
        Factor on the deviation; strangeness that is still usual; growth beyond it; factor on the
        deviation of a change from the quiet posture.
    """

    order: NDArray[np.int64]
    sign: Weights
    centre: Weights
    scale: Weights
    first: Weights
    first_bias: Weights
    second: Weights
    second_bias: Weights
    last: Weights
    last_bias: Weights
    straight: Weights
    whiten: Weights
    widen: Weights

    @classmethod
    def from_bytes(cls, data: bytes, sha256: str | None = None) -> PelvisNet:
        """Read weights.

        Raises
        ------
        ValueError
            Where the checksum differs or an array is missing.
        """
        if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError("the checksum of the pelvis model differs")
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            missing = [f.name for f in fields(cls) if f.name not in file.files]
            if missing:
                raise ValueError(f"the pelvis model lacks {', '.join(missing)}")
            return cls(**{field.name: file[field.name] for field in fields(cls)})

    @property
    def change_factor(self) -> float:
        """Deviation of a change from the quiet posture, in deviations of a single frame."""
        return float(self.widen[3])

    def estimate(self, shape: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return angle in degrees, its standard deviation and the strangeness of each shape, (T,).

        Parameters
        ----------
        shape : (T, F)
            NaN gives NaN; what is farther out than any body is nonsense, and as strange there as
            it need be.
        """
        if len(shape) == 1:
            room = _Room.of(self._folded, 1, self._folded.alone)
            angles, variances, strange = self._folded.look(shape, room)
            (far,) = strange.tolist()
            found = self._combined(angles.ravel().tolist(), variances.ravel().tolist(), far)
            angle, sd, how = np.array(found).reshape(3, 1)
            return angle, sd, how
        out = np.empty((3, len(shape)))
        room = _Room.of(self._folded, AT_ONCE, _TOGETHER)
        for start in range(0, len(shape), AT_ONCE):
            rows = slice(start, start + AT_ONCE)
            if len(shape) - start < AT_ONCE:
                room = _Room.of(self._folded, len(shape) - start, _TOGETHER)
            angles, variances, strange = self._folded.look(shape[rows], room)
            out[:, rows] = self._combined([*angles], [*variances], strange)
        return out[0], out[1], out[2]

    @cached_property
    def _folded(self) -> _Folded:
        return _Folded.of(self)

    def _combined(
        self, angles: Sequence[Column], variances: Sequence[Column], strangeness: Column
    ) -> tuple[Column, Column, Column]:
        """Bring the networks together: K angles and variances, and the mean square strangeness."""
        count = len(angles)
        factor, usual, growth = self._widen
        angle = _total(angles) / count
        between = _total([(one - angle) * (one - angle) for one in angles]) / count
        sd, strange = root(_total(variances) / count + between), root(strangeness)
        return angle, sd * (factor * (1.0 + growth * positive(strange / usual - 1.0))), strange

    @cached_property
    def _widen(self) -> tuple[float, ...]:
        return tuple(self.widen[:3].tolist())


@dataclass(frozen=True, eq=False)
class _Folded:
    """The same weights, for the two parts of a shape: what a mirror leaves alone, what it turns round.

    Attributes
    ----------
    low, high : (F, 1)
        What lies beyond is taken to lie there.
    one, other, sign : (P,), (P,), (P, 1)
        Number ``one`` of a shape plus or minus ``sign`` times number ``other`` are its two parts.
    middle : (P, 1)
        Twice the centre; of the part that is turned round it is 0.
    first, bias : (2, 1, P, K H + K + P), (K H,)
        From either part to the hidden units, to the angles past them, and to the strangeness.
    second, second_bias, last, last_bias : (K, 1, H, H), (K, 1, 1, H), (K, 1, H, 2), (K, 1)
        Of ``last_bias`` that of the deviation, twice; that of the angle goes away.
    directions : int
        By which the square of the strangeness is divided.
    """

    low: FloatArray
    high: FloatArray
    one: NDArray[np.intp]
    other: NDArray[np.intp]
    sign: FloatArray
    middle: FloatArray
    first: Weights
    bias: Weights
    second: Weights
    second_bias: Weights
    last: Weights
    last_bias: FloatArray
    directions: int

    @classmethod
    def of(cls, net: PelvisNet) -> _Folded:
        """Fold, in double precision."""
        place = np.arange(len(net.order))
        one = place[place <= net.order]
        other, sign = net.order[one], net.sign[one].astype(np.float64)
        scale, centre = net.scale.astype(np.float64), net.centre.astype(np.float64)
        # A number that is its own partner is counted twice in its part.
        share = np.where(one == other, 0.25, 0.5) / scale[one]

        def parts(weights: Weights) -> list[FloatArray]:
            mine, partner = weights[one].astype(np.float64), weights[other] * sign[:, None]
            return [share[:, None] * (mine + partner), share[:, None] * (mine - partner)]

        hidden, straight, far = (
            parts(net.first),
            parts(net.straight),
            map(_root_of, parts(net.whiten)),
        )
        straight[0] = np.zeros_like(straight[0])
        columns = [np.concatenate(part, axis=1) for part in zip(hidden, straight, far, strict=True)]
        return cls(
            low=(centre - FARTHEST * scale)[:, None],
            high=(centre + FARTHEST * scale)[:, None],
            one=one,
            other=other,
            sign=sign[:, None],
            middle=(centre[one] + sign * centre[other])[:, None],
            first=np.stack(columns).astype(np.float32)[:, None],
            bias=net.first_bias,
            second=net.second[:, None],
            second_bias=net.second_bias[:, None],
            last=net.last[:, None],
            last_bias=2.0 * net.last_bias[:, :, 1].astype(np.float64),
            directions=net.whiten.shape[1],
        )

    @cached_property
    def alone(self) -> Rows:
        """The blocks for a shape alone: the first that give the same bits as ``BLOCK``, in any place."""
        rng = np.random.default_rng(0)
        low, high = self.low[:, 0] / FARTHEST, self.high[:, 0] / FARTHEST
        probe = rng.uniform(low, high, (_TRIED, len(low)))
        wanted = self.look(probe, _Room.of(self, _TRIED, _TOGETHER))
        for rows in _ALONE:
            found = self.look(probe, _Room.of(self, _TRIED, rows))
            if all(np.array_equal(one, other) for one, other in zip(wanted, found, strict=True)):
                return rows
        return _TOGETHER

    def look(self, shape: FloatArray, room: _Room) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return K angles (K, T), their variances (K, T) and the mean square strangeness (T,).

        They must be read before the next look with the same room.
        """
        count, units = self.second.shape[0], self.second.shape[2]
        inner, frames, hidden = count * units, len(shape), room.hidden
        same, turned = self._first_layer(shape, room)
        same[..., :inner] += self.bias
        np.add(same[..., :inner], turned[..., :inner], out=hidden[:, 0])
        np.subtract(same[..., :inner], turned[..., :inner], out=hidden[:, 1])
        np.maximum(hidden, 0.0, out=hidden)
        # To (K, B, later rows, H): each network goes on alone.
        split = hidden.reshape(-1, room.rows.later, count, units).transpose(2, 0, 1, 3)
        deep = np.matmul(split, self.second, out=room.deep)
        deep += self.second_bias
        np.maximum(deep, 0.0, out=deep)
        ends = (deep @ self.last).astype(np.float64).reshape(count, *hidden.shape[:3], 2)
        past = turned[..., inner : inner + count].transpose(2, 0, 1)
        angles = (ends[:, :, 0, :, 0] - ends[:, :, 1, :, 0]) * 0.5 + past
        spread = ends[:, :, 0, :, 1] + ends[:, :, 1, :, 1] + self.last_bias[:, None]
        far = np.square(same[..., inner + count :]) + np.square(turned[..., inner + count :])
        strange = far.sum(axis=2).astype(np.float64) / self.directions
        variances = np.exp(np.minimum(np.maximum(spread, LOG_VARIANCE[0]), LOG_VARIANCE[1]))
        return (
            angles.reshape(count, -1)[:, :frames],
            variances.reshape(count, -1)[:, :frames],
            strange.reshape(-1)[:frames],
        )

    def _first_layer(self, shape: FloatArray, room: _Room) -> tuple[Weights, Weights]:
        """Return (B, rows, N) of either part; of the last block what is beyond the shapes is of zeros."""
        # A number of all shapes at a time: they come in columns, and lie side by side that way.
        seen = np.maximum(shape.T, self.low)
        np.minimum(seen, self.high, out=seen)
        mine, partner = seen.take(self.one, axis=0), seen.take(self.other, axis=0)
        partner *= self.sign
        rows = room.parts.reshape(2, -1, len(self.one))
        rows[0, : len(shape)] = (mine + partner - self.middle).T
        rows[1, : len(shape)] = (mine - partner).T
        same, turned = np.matmul(room.parts, self.first, out=room.first)
        return same, turned


class _Room(NamedTuple):
    """Where the large numbers between the layers lie: memory that is used again costs less than new.

    Attributes
    ----------
    rows : Rows
    parts : (2, B, rows, P)
        Both parts of the shapes, in B blocks.
    first : (2, B, rows, N)
    hidden : (B, 2, rows, K H)
    deep : (K, 2 B rows / later rows, later rows, H)
    """

    rows: Rows
    parts: Weights
    first: Weights
    hidden: Weights
    deep: Weights

    @classmethod
    def of(cls, folded: _Folded, frames: int, rows: Rows) -> _Room:
        """Make room for so many shapes."""
        blocks = -(-frames // rows.first)
        numbers, columns = folded.first.shape[2:]
        count, units = folded.second.shape[0], folded.second.shape[2]
        later = 2 * blocks * rows.first // rows.later
        return cls(
            rows=rows,
            parts=np.zeros((2, blocks, rows.first, numbers), np.float32),
            first=np.empty((2, blocks, rows.first, columns), np.float32),
            hidden=np.empty((blocks, 2, rows.first, count * units), np.float32),
            deep=np.empty((count, later, rows.later, units), np.float32),
        )


def _root_of(weights: FloatArray) -> FloatArray:
    """Return weights (P, at most P) that make vectors of the same lengths."""
    return np.asarray(np.linalg.qr(weights.T)[1].T)


def _total(parts: Sequence[Column]) -> Column:
    """Add up in order; ``sum`` compensates the rounding of numbers, but not of arrays."""
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
