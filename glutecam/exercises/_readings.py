"""Ways for a RepRule to read one number from a repetition: (value, standard deviation, frame)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from glutecam.core.events import find_runs, held_level, highest_at
from glutecam.core.leg_measures import FOOT_LIFT, STANCE_FOOT_RISE
from glutecam.core.measures import Estimate, Measure
from glutecam.core.poses import FloatArray
from glutecam.core.rep_signals import RepSignals

Reading = Callable[[RepSignals], tuple[float, float, int]]
UNKNOWN = (math.nan, math.nan, 0)

PEAK_S = 0.15
FRAME_S = 0.045
"""A frame of a slow camera: the deviation of a time however quick the movement."""

WITHIN_ONE = 0.4
"""What is wrong with a body stays wrong within one hold: the change of the pelvis in it erred by at most
1.2° on 17 holds of three rendered people, where its ± against the quiet posture was 3.8°."""

SUNK = 0.37
"""How far it sinks within one hold is read better than where it is: with this share of the deviation the ± holds 90 %
of the holds of fifteen rendered people."""

AT_LANDING = 1.1
"""A landing is quick: with this factor the ± of pelvis and trunk holds the errors of five rendered people, each
left out in turn in setting it."""


def lasting(sd_s: float) -> Reading:
    """Return a reading of how long the repetition took, with the deviation of finding its ends."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        return rep.duration_s, sd_s, len(rep.time_s) // 2

    return read


duration = lasting(0.16)
"""±0.26 s holds 90 % of the errors of holds of fifteen rendered people (benchmarks/exercises.py)."""


def at_half_height(measure: Measure, share: float) -> Reading:
    """Return a reading of how long a measure is above half of its own held height.

    However much of the way the pose model sees, half of it is passed at the same times; between frames
    they are interpolated. An error of the height moves them by the less the quicker they are passed:
    their deviation is this share of the time, and ``FRAME_S`` however quick.
    """

    def read(rep: RepSignals) -> tuple[float, float, int]:
        value = rep.of(measure).value
        seen = np.flatnonzero(np.isfinite(value))
        level = 0.5 * rep.held(value, PEAK_S)[0]
        if not len(seen) or not math.isfinite(level):
            return UNKNOWN
        time_s, height = rep.time_s[seen], value[seen]
        high = np.flatnonzero(height > level)
        begin = _crossing(time_s, height, level, int(high[0]) - 1)
        end = _crossing(time_s, height, level, int(high[-1]))
        sd_s = math.hypot(FRAME_S, share * (end - begin))
        return end - begin, sd_s, int(seen[int(height.argmax())])

    return read


def _crossing(time_s: FloatArray, height: FloatArray, level: float, before: int) -> float:
    """Return when a level is crossed after a frame; the first or the last time where it is not."""
    if before < 0 or before + 1 >= len(time_s):
        return float(time_s[0 if before < 0 else -1])
    pair = slice(before, before + 2)
    rising = height[before + 1] > height[before]
    order = slice(None) if rising else slice(None, None, -1)
    return float(np.interp(level, height[pair][order], time_s[pair][order]))


def _held(
    rep: RepSignals, values: FloatArray, estimate: Estimate, hold_s: float
) -> tuple[float, float, int]:
    level, at = rep.held(values, hold_s)
    return level, float(estimate.sd[at]), at


def highest(measure: Measure, hold_s: float, share: float = 1.0) -> Reading:
    """Return a reading of the highest level that is held so long.

    ``share`` of the measure's deviation is that of this reading.
    """

    def read(rep: RepSignals) -> tuple[float, float, int]:
        found = rep.of(measure)
        level, sd, at = _held(rep, found.value, found, hold_s)
        return level, share * sd, at

    return read


def lowest(measure: Measure, hold_s: float, share: float = 1.0) -> Reading:
    """Return a reading of the lowest level that is held so long, with its sign turned: + = lower.

    ``share`` of the measure's deviation is that of this reading.
    """

    def read(rep: RepSignals) -> tuple[float, float, int]:
        found = rep.of(measure)
        level, sd, at = _held(rep, -found.value, found, hold_s)
        return level, share * sd, at

    return read


def furthest(measure: Measure, hold_s: float) -> Reading:
    """Return a reading of the level furthest from zero, to either side, that is held so long."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        found = rep.of(measure)
        return _held(rep, np.abs(found.value), found, hold_s)

    return read


def at_peak(measure: Measure, of: Measure) -> Reading:
    """Return a reading of one measure where another one is highest."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        found, at = rep.of(measure), highest_at(rep.of(of).value)
        if at is None:
            return UNKNOWN
        return float(found.value[at]), float(found.sd[at]), at

    return read


def while_above(
    measure: Measure, of: Measure, share: float, hold_s: float, *, either_way: bool = False
) -> Reading:
    """Return a reading of the highest held level while another measure is above a share of its peak."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        leading, found = rep.of(of).value, rep.of(measure)
        if not np.isfinite(leading).any():
            return UNKNOWN
        high = leading > share * np.nanmax(leading)
        value = np.abs(found.value) if either_way else found.value
        return _held(rep, np.where(high, value, np.nan), found, hold_s)

    return read


def in_single_support(measure: Measure, lifted: float, hold_s: float) -> Reading:
    """Return a reading of the highest held level while one foot is lifted by so much."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        found = rep.of(measure)
        single = rep.of(FOOT_LIFT).value > lifted
        return _held(rep, np.where(single, found.value, np.nan), found, hold_s)

    return read


# Holds


def _windows(
    rep: RepSignals, measure: Measure, hold_s: float
) -> tuple[NDArray[np.intp], FloatArray]:
    """Return the frames in which the measure was seen, and its values in windows of ``hold_s``."""
    value = rep.of(measure).value
    seen = np.flatnonzero(np.isfinite(value))
    if len(seen) < 2:
        return seen, np.empty((0, 1))
    frames = max(1, round(hold_s / float(np.median(np.diff(rep.time_s)))))
    return (
        (seen, sliding_window_view(value[seen], frames))
        if len(seen) >= frames
        else (seen, np.empty((0, 1)))
    )


def rise_after_least(measure: Measure, hold_s: float) -> Reading:
    """Return a reading of how far the measure comes back up after its lowest held level."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        seen, windows = _windows(rep, measure, hold_s)
        if not len(windows):
            return UNKNOWN
        risen = windows.min(axis=1) - np.minimum.accumulate(windows.max(axis=1))
        at = int(seen[int(np.argmax(risen))])
        return float(max(risen.max(), 0.0)), SUNK * float(rep.of(measure).sd[at]), at

    return read


def time_until_risen(measure: Measure, by: float, hold_s: float) -> Reading:
    """Return a reading of how long it takes until the measure has come back up by so much.

    The length of the repetition where it never does. The deviation is that of the time when the
    limit is moved by one deviation of the measure, either way.
    """

    def when(rep: RepSignals, limit: float) -> tuple[float, int]:
        seen, windows = _windows(rep, measure, hold_s)
        risen = windows.min(axis=1) - np.minimum.accumulate(windows.max(axis=1))
        beyond = np.flatnonzero(risen > limit)
        at = int(seen[beyond[0]]) if len(beyond) else len(rep.time_s) - 1
        return float(rep.time_s[at] - rep.time_s[0]), at

    def read(rep: RepSignals) -> tuple[float, float, int]:
        if not len(_windows(rep, measure, hold_s)[1]):
            return UNKNOWN
        deviation = WITHIN_ONE * float(np.nanmedian(rep.of(measure).sd))
        value, at = when(rep, by)
        early, late = (when(rep, max(by + way * deviation, 0.0))[0] for way in (-1, 1))
        return value, max(0.18, value - early, late - value), at

    return read


# Landings


def contact(rep: RepSignals) -> int | None:
    """Return the frame in which the foot is back on the floor after the last hop; None without one."""
    rise = rep.of(STANCE_FOOT_RISE).value
    runs = find_runs(rise, rep.time_s, enter=0.16, leave=0.10)
    return runs[-1].end if runs and runs[-1].end < len(rise) else None


def after_contact(
    measure: Measure, within_s: float, hold_s: float = 0.0, share: float = AT_LANDING
) -> Reading:
    """Return a reading of the highest (held) level within so many seconds after the landing."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        start = contact(rep)
        if start is None:
            return UNKNOWN
        end = int(np.searchsorted(rep.time_s, rep.time_s[start] + within_s))
        found = rep.of(measure)[slice(start, end)]
        if end <= start:
            return UNKNOWN[0], UNKNOWN[1], start
        level, at = held_level(found.value, rep.time_s[start:end], hold_s)
        return level, share * float(found.sd[at]), start + at

    return read


def deepest_after_contact(rep: RepSignals, of: Measure, within_s: float) -> int | None:
    """Return the frame in which a measure is highest within seconds after the landing; None without one."""
    start = contact(rep)
    if start is None:
        return None
    end = int(np.searchsorted(rep.time_s, rep.time_s[start] + within_s))
    at = highest_at(rep.of(of).value[start:end])
    return None if at is None else start + at


def held_after_contact(lifted: float) -> Reading:
    """Return a reading of how long the free foot stays up after the landing."""

    def read(rep: RepSignals) -> tuple[float, float, int]:
        start = contact(rep)
        if start is None:
            return UNKNOWN
        down = np.flatnonzero(rep.of(FOOT_LIFT).value[start:] < lifted)
        end = start + int(down[0]) if len(down) else len(rep.time_s) - 1
        return float(rep.time_s[end] - rep.time_s[start]), 0.1, start

    return read


# Whole sets


def _peaks(rep: RepSignals, measure: Measure, hold_s: float) -> FloatArray:
    levels = [one.held(one.of(measure).value, hold_s)[0] for one in rep.reps]
    return np.array([level for level in levels if math.isfinite(level)])


def variation(measure: Measure, hold_s: float, sd: float, fewest: int) -> Reading:
    """Return a reading of how much the peaks of the repetitions vary: deviation over mean."""

    def read(whole: RepSignals) -> tuple[float, float, int]:
        peaks = _peaks(whole, measure, hold_s)
        if len(peaks) < fewest:
            return UNKNOWN
        return float(np.std(peaks, ddof=1) / np.mean(peaks)), sd, len(whole.time_s) // 2

    return read


def _leg_means(whole: RepSignals, measure: Measure, fewest: int) -> tuple[FloatArray, float]:
    """Return the mean over the steps on the right leg and on the left one, and the deviation."""
    means = []
    for right in (True, False):
        steps = [one for one in whole.reps if bool(np.mean(one.right) >= 0.5) is right]
        of_steps = [
            float(np.nanmean(one.of(measure).value)) for one in steps if _is_seen(one, measure)
        ]
        means.append(np.mean(of_steps) if len(of_steps) >= fewest else math.nan)
    return np.array(means), float(np.nanmedian(whole.of(measure).sd))


def _is_seen(rep: RepSignals, measure: Measure) -> bool:
    return bool(np.isfinite(rep.of(measure).value).any())


OVER_STEPS = 0.78
"""What is wrong with a body stays wrong in a mean over its steps, what is wrong with a step does not: this share
of a frame's deviation holds 90 % of 28 walks of seven rendered people, one left out each time."""


def worse_leg_mean(measure: Measure, fewest: int) -> Reading:
    """Return a reading of the mean over all steps of the leg for which it is higher."""

    def read(whole: RepSignals) -> tuple[float, float, int]:
        means, sd = _leg_means(whole, measure, fewest)
        return float(np.max(means)), OVER_STEPS * sd, len(whole.time_s) // 2

    return read


def leg_difference(measure: Measure, fewest: int) -> Reading:
    """Return a reading of how far the means of the two legs are apart."""

    def read(whole: RepSignals) -> tuple[float, float, int]:
        means, sd = _leg_means(whole, measure, fewest)
        apart = float(abs(means[0] - means[1]))
        return apart, math.sqrt(2.0) * OVER_STEPS * sd, len(whole.time_s) // 2

    return read
