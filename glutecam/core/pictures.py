"""Whether the pictures can be trusted: a camera that stands, light, sharpness, no frozen picture.

Measured on 23 clips that are good in this respect and on deliberately damaged ones
(benchmarks/gates.py). Limits are our own proposals [P] between the two.
"""

from __future__ import annotations

import numpy as np

from glutecam.core.assessment import Gate, GateCode
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.sights import ALIKE, Sight

__all__ = ["BRIGHT", "DARK", "frames_per_s", "goes_on_gate", "light_gate", "picture_gates"]

_STEP = 0.004
"""Picture heights between two looks, 3 of 720 pixels; cameras that stood came to 0.0005 at most."""
_TURN_DEG = 0.25
_MOVING_SHARE = 0.10
_DRIFT = 0.03
_DRIFT_DEG = 1.0
_CUT = 0.25
"""Share of the background that is found again after a third of a second; cameras that stood came
to 0.8 and more."""
DARK, BRIGHT = 0.10, 0.93
"""Brightness within which a person is seen well enough, 0 black to 1 white."""
_BLURRED = 0.20
_FROZEN_S = 0.5
_FROZEN = 12
"""Pictures on end that are the same before they are called frozen: half a second at the 24 a second that
are asked for. Where fewer come, a machine that leaves most of them out or a dark room is the reason, and
what to do about that is told by the number of pictures a second."""
_ALIKE_S = 3.0
_ALIKE_SHARE = 0.8
"""Least seconds, and share of the recording, that may not differ by more than a codec's noise. Of the
sample clips no more than 1.0 s on end are so much alike, in a rest on the floor, and 0.3 s where
somebody stands; but who lies may rest for longer, so only what is alike nearly all along is frozen."""


def _known(values: FloatArray) -> FloatArray:
    return values[np.isfinite(values)]


def picture_gates(poses: PoseSeries) -> list[Gate]:
    """Return the gates about the pictures but for light, and whether they go on.

    What was not looked at passes, and says so.
    """
    return [_steady(poses), _cut(poses), _sharp(poses)]


def _steady(poses: PoseSeries) -> Gate:
    x, y, turn = (
        _known(poses.sight(sight)) for sight in (Sight.MOVED_X, Sight.MOVED_Y, Sight.TURNED_DEG)
    )
    share = drift = turned = 0.0
    if len(x):
        share = float(np.mean((np.hypot(x, y) > _STEP) | (np.abs(turn) > _TURN_DEG)))
        drift = float(max(np.ptp(np.cumsum([0.0, *x])), np.ptp(np.cumsum([0.0, *y]))))
        turned = float(np.ptp(np.cumsum([0.0, *turn])))
    return Gate(
        GateCode.CAMERA_STANDS, "the camera stands still",
        share <= _MOVING_SHARE and drift <= _DRIFT and turned <= _DRIFT_DEG,
        f"moves {share:.0%} of the time, by {drift:.1%} of the picture's height and {turned:.1f}°"
        if len(x) else "not to be told",
        f"at most {_MOVING_SHARE:.0%}, {_DRIFT:.0%} and {_DRIFT_DEG:.0f}°",
        "Put the camera on something that does not move; do not hold it in the hand.",
    )  # fmt: skip


def _cut(poses: PoseSeries) -> Gate:
    kept = _known(poses.sight(Sight.KEPT))
    least = float(kept.min()) if len(kept) else 1.0
    return Gate(
        GateCode.ONE_SHOT, "one shot without a cut", least >= _CUT,
        f"at least {least:.0%} of the background is found again" if len(kept) else "not to be told",
        f"at least {_CUT:.0%}",
        "Record the set in one go, and give the recording uncut; nothing may pass close to the "
        "camera.",
    )  # fmt: skip


def light_gate(poses: PoseSeries) -> Gate:
    """Return whether there is light enough, and not too much; the first to be mended."""
    light = _known(poses.sight(Sight.LIGHT))
    level = float(np.median(light)) if len(light) else float("nan")
    passed = not len(light) or DARK <= level <= BRIGHT
    dark = not len(light) or level < DARK
    return Gate(
        GateCode.LIGHT, "enough light, and not too much", passed,
        f"{level:.0%} bright" if len(light) else "not looked at",
        f"{DARK:.0%} to {BRIGHT:.0%}",
        "Switch on a light in front of you." if dark
        else "Too bright: turn away from the window, or lower the light.",
    )  # fmt: skip


def _sharp(poses: PoseSeries) -> Gate:
    sharp = _known(poses.sight(Sight.SHARPNESS))
    steep = float(np.median(sharp)) if len(sharp) else float("nan")
    return Gate(
        GateCode.SHARP, "the person is in focus", not len(sharp) or steep >= _BLURRED,
        f"edges {steep:.2f} steep" if len(sharp) else "not looked at",
        f"at least {_BLURRED:.2f}",
        "The picture is blurred: clean the lens, let it focus on you, and add light.",
    )  # fmt: skip


def goes_on_gate(poses: PoseSeries) -> Gate:
    """Return whether the pictures go on; of a frozen one little else is worth telling.

    The same picture may come again for a moment. A frozen one that went through a codec comes back
    a little different every time: the sway of somebody who stands is more than that.
    """
    same_s, alike_s = _longest_s(poses, 1.0), _longest_s(poses, ALIKE)
    whole_s = float(poses.time_s[-1] - poses.time_s[0]) if len(poses) else 0.0
    frozen = (same_s > _FROZEN_S and _most_same(poses) >= _FROZEN) or alike_s > max(
        _ALIKE_S, _ALIKE_SHARE * whole_s
    )
    return Gate(
        GateCode.PICTURES_GO_ON, "the pictures go on", not frozen,
        f"the same picture for up to {max(same_s, alike_s if frozen else 0.0):.1f} s",
        f"at most {_FROZEN_S:.1f} s the very same one, {_ALIKE_SHARE:.0%} of the recording nearly the same",
        "The picture was frozen: check the connection of the camera and record again.",
    )  # fmt: skip


def _most_same(poses: PoseSeries) -> int:
    """Return how many pictures on end were the same as the one before."""
    same = poses.sight(Sight.STILL) == 1.0
    at = np.arange(1, len(poses) + 1)
    return int((at - np.maximum.accumulate(np.where(same, 0, at))).max(initial=0))


def _longest_s(poses: PoseSeries, least: float) -> float:
    """Return for how long the picture was at least so much the same on end."""
    still = poses.sight(Sight.STILL) >= least
    if not still.any():
        return 0.0
    # Counted from the last new picture.
    new = np.maximum.accumulate(np.where(still, 0, np.arange(len(poses))))
    return float((poses.time_s - poses.time_s[new]).max())


def frames_per_s(poses: PoseSeries) -> float:
    """Return how many new pictures there are in a second: repeated ones do not count."""
    if len(poses) < 2:
        return 0.0
    new = int(np.sum(poses.sight(Sight.STILL)[1:] != 1.0))
    return new / float(poses.time_s[-1] - poses.time_s[0])
