"""The trained part of the pelvis estimator: shapes -> angle, standard deviation, strangeness.

A handful of small networks trained on different people. Their disagreement, and how unlike anything
in training a shape is, widen the deviation. Each looks at a shape and at its mirror image and
returns half the difference, so that mirroring the person exactly turns the sign.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from glutecam.core.poses import FloatArray

__all__ = ["BLOCK", "PelvisNet"]

BLOCK = 16
"""Shapes are looked at in blocks of this many: a matrix product of another size may round
differently, and a frame must give the same number in a webcam's trickle and in a file."""

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
            NaN gives NaN.
        """
        looked_at = np.concatenate([shape, shape[:, self.order] * self.sign])
        seen = np.asarray(np.isfinite(looked_at).all(axis=1))
        # One value for the absent keeps them out of the arithmetic without a second code path; what
        # is farther out than any body is nonsense, and as strange there as it need be.
        ready = np.where(seen[:, None], (looked_at - self.centre) / self.scale, 0.0)
        ready = np.clip(ready, -FARTHEST, FARTHEST)
        out = _in_blocks(ready.astype(np.float32), self._networks)
        out[~seen] = np.nan
        return self._combined(out[: len(shape)], out[len(shape) :])

    def _networks(self, blocks: Weights) -> Weights:
        """(B, BLOCK, F) -> (B, BLOCK, 2 K + 1): angles, log deviations, mean square strangeness."""
        count, units = self.second.shape[0], self.second.shape[1]
        hidden = np.maximum(blocks @ self.first + self.first_bias, 0.0)
        # To (B, K, BLOCK, H): each network goes on alone.
        split = hidden.reshape(*blocks.shape[:2], count, units).swapaxes(1, 2)
        hidden = np.maximum(np.ascontiguousarray(split) @ self.second + self.second_bias, 0.0)
        ends = (hidden @ self.last + self.last_bias).transpose(3, 0, 2, 1)
        strange = np.square(blocks @ self.whiten).mean(axis=2, keepdims=True)
        return np.concatenate([ends[0] + blocks @ self.straight, ends[1], strange], axis=2)

    def _combined(
        self, one: FloatArray, other: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Bring the networks, and each with its mirror image, together."""
        count = self.second.shape[0]
        angles = (one[:, :count] - other[:, :count]) / 2.0
        spread = one[:, count : 2 * count] + other[:, count : 2 * count]
        factor, usual, growth = (float(value) for value in self.widen[:3])
        strange = np.sqrt((one[:, -1] + other[:, -1]) / 2.0)
        sd = np.sqrt(np.exp(np.clip(spread, *LOG_VARIANCE)).mean(axis=1) + angles.var(axis=1))
        widened = factor * (1.0 + growth * np.maximum(strange / usual - 1.0, 0.0))
        return angles.mean(axis=1), sd * widened, strange


def _in_blocks(rows: Weights, work: Callable[[Weights], Weights]) -> FloatArray:
    """Apply `work` to whole blocks of rows, the last one filled up with zeros."""
    count = -(-len(rows) // BLOCK)
    filled = np.zeros((count * BLOCK, rows.shape[1]), dtype=np.float32)
    filled[: len(rows)] = rows
    done = work(filled.reshape(count, BLOCK, rows.shape[1]))
    return done.reshape(count * BLOCK, -1)[: len(rows)].astype(np.float64)
