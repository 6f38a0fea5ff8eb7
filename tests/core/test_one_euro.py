"""The causal filter: a long recording is filtered in stretches abreast, and nobody can tell."""

from __future__ import annotations

import numpy as np
import pytest

from glutecam.core import one_euro
from glutecam.core.one_euro import FilterCarry, follow

ROWS, COLUMNS = 2500, 5


def movement(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Walks with jitter, on an uneven clock with a long gap in one stretch."""
    rng = np.random.default_rng(7)
    time_s = np.cumsum(rng.uniform(0.02, 0.05, rows))
    time_s[rows // 3 :] += 1.0
    return np.cumsum(rng.normal(0.0, 0.02, (rows, COLUMNS)), axis=0), time_s


def piecewise(
    points: np.ndarray, time_s: np.ndarray, carry: FilterCarry | None = None
) -> tuple[np.ndarray, FilterCarry | None]:
    """Filter in pieces too short to be filtered abreast."""
    parts = []
    for start in range(0, len(points), 100):
        rows = slice(start, start + 100)
        part, carry = follow(points[rows], time_s[rows], carry)
        parts.append(part)
    return np.concatenate(parts), carry


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows were filtered again, a number for every stretch."""
    rows: list[int] = []
    one_by_one = one_euro._one_by_one

    def counted(points, time_s, carry):
        rows.append(len(points))
        return one_by_one(points, time_s, carry)

    monkeypatch.setattr(one_euro, "_one_by_one", counted)
    return rows


def same(one: FilterCarry | None, other: FilterCarry | None) -> bool:
    assert one is not None and other is not None
    return (
        np.array_equal(one.points, other.points, equal_nan=True)
        and np.array_equal(one.speed, other.speed, equal_nan=True)
        and one.time_s == other.time_s
    )


@pytest.mark.parametrize("rows", [640, 641, ROWS])
@pytest.mark.parametrize("begun", [False, True])
def test_stretches_abreast_give_the_bits_of_one_pass(rows, begun, mended):
    points, time_s = movement(rows + 10)
    carry = follow(points[:10], time_s[:10], None)[1] if begun else None
    expected, left = piecewise(points[10:], time_s[10:], carry)
    mended.clear()
    found, last = follow(points[10:], time_s[10:], carry)
    assert sum(mended) < 32, "only the odd rows at the end are filtered one by one"
    assert np.array_equal(found, expected)
    assert same(last, left)


@pytest.mark.parametrize("harm", ["still", "a column lost"])
def test_a_stretch_that_does_not_forget_is_filtered_again(harm, mended):
    points, time_s = movement()
    if harm == "still":
        # The speed dies away for thousands of frames, and is never quite nothing.
        points[200:] = points[200]
    else:
        points[150, 2] = np.nan
        time_s = np.arange(ROWS) / 30.0
    expected, left = piecewise(points, time_s)
    mended.clear()
    found, last = follow(points, time_s, None)
    assert max(mended) > 300
    assert np.array_equal(found, expected, equal_nan=True)
    assert same(last, left)


def test_the_memory_does_not_hold_on_to_the_recording():
    _, carry = follow(*movement(), None)
    assert carry is not None
    assert carry.points.base is None
