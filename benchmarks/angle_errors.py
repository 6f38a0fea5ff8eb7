"""Angles and their truth: what the errors come to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.harness import FloatArray

COLUMNS = (
    "set", "method", "n", "MAE", "bias", "slope", "r", "95 % limits", "inside 90 %", "median ±",
)  # fmt: skip


@dataclass(frozen=True)
class Errors:
    """Estimates and truths in degrees, (n,), and the half-width of the 90 % interval if there is one."""

    value: FloatArray
    truth: FloatArray
    half: FloatArray | None = None

    @property
    def error(self) -> FloatArray:
        """Estimate minus truth, where there is an estimate."""
        error = self.value - self.truth
        return error[np.isfinite(error)]

    @property
    def signed(self) -> FloatArray:
        """Estimate minus truth, (n,), NaN where there is no estimate."""
        return self.value - self.truth

    def each(self) -> list[Errors]:
        """Return every one by itself."""
        return [self.where(np.array([row])) for row in range(len(self.value))]

    @property
    def mae(self) -> float:
        """Mean absolute error."""
        return float(np.abs(self.error).mean()) if len(self.error) else float("nan")

    @property
    def slope(self) -> float:
        """Of the estimate against the truth."""
        seen = np.isfinite(self.value)
        return float(np.polyfit(self.truth[seen], self.value[seen], 1)[0])

    @property
    def coverage(self) -> float | None:
        """Share of the truths inside the 90 % interval."""
        if self.half is None:
            return None
        seen = np.isfinite(self.value)
        return float(np.mean(np.abs(self.value - self.truth)[seen] <= self.half[seen]))

    @property
    def limits(self) -> tuple[float, float]:
        """95 % limits of agreement (Bland and Altman)."""
        middle, spread = float(self.error.mean()), 1.96 * float(self.error.std())
        return middle - spread, middle + spread

    def where(self, rows: FloatArray) -> Errors:
        """Return some of them."""
        half = None if self.half is None else self.half[rows]
        return Errors(self.value[rows], self.truth[rows], half)

    def row(self, name: str, method: str) -> tuple[str | float | int | None, ...]:
        """Return it as a line of a table."""
        seen = np.isfinite(self.value)
        low, high = self.limits
        return (
            name, method, int(seen.sum()), self.mae, float(self.error.mean()), self.slope,
            float(np.corrcoef(self.truth[seen], self.value[seen])[0, 1]),
            f"{low:.1f} to {high:.1f}", self.coverage,
            None if self.half is None else float(np.median(self.half[seen])),
        )  # fmt: skip
