"""Whether it is one person, and the same one all the time.

Three signals: how many people were counted, the colours of the body's parts, and whether the body
went from one place to another faster than anybody can.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glutecam.core import columns
from glutecam.core.assessment import Gate, GateCode
from glutecam.core.geometry import length
from glutecam.core.landmarks import Landmark
from glutecam.core.likeness import ANOTHER, colour_distance
from glutecam.core.poses import FloatArray, PoseSeries
from glutecam.core.sights import COLOURS

__all__ = ["COUNTED_S", "alone_gate", "jumps_s", "others", "same_person_gate"]

COUNTED_S = 2.5
"""How far back a count of the people is looked for live, where one is made every 2 s."""

_L = Landmark
_CROWD_SHARE = 0.25
_OTHERS_SHARE = 0.10
_FASTEST = 8.0
"""Trunk lengths a second, 4 m/s: no exercise here moves the hips as fast."""
_FAR = 0.4
"""Trunk lengths: the place must also be another one, and be so for a while."""
_LATER_S = 0.3
_CANDIDATES = 60


def alone_gate(poses: PoseSeries) -> Gate:
    """Return whether one person is in the picture; of a followed one, in their surroundings."""
    counted = poses.people[poses.people >= 0]
    share = float(np.mean(counted > 1)) if len(counted) else 0.0
    return Gate(
        GateCode.ALONE, "one person in the picture", share <= _CROWD_SHARE,
        f"{share:.0%} of the frames looked at show two or more" if len(counted) else "not counted",
        f"at most {_CROWD_SHARE:.0%}",
        "Let only one person be in the picture, or choose whom to follow with --follow.",
    )  # fmt: skip


def others(poses: PoseSeries) -> NDArray[np.bool_]:
    """Return for every look at the person's colours whether they are somebody else's, (N,).

    The person is whoever most looks agree on, so it does not matter who came first.
    """
    colours = poses.scene[:, COLOURS]
    # Most frames were not looked at: only those that were are copied.
    known = np.isfinite(colours.T).sum(axis=0) >= 9
    colours = colours[known & poses.seen]
    if len(colours) < 3:
        return np.zeros(len(colours), dtype=bool)
    step = max(1, len(colours) // _CANDIDATES)
    best, most = np.empty(0), -1
    for reference in colours[::step]:
        away = colour_distance(colours, reference)
        followers = int(np.sum(away <= ANOTHER))
        if followers > most:
            best, most = away, followers
        if most == len(colours):
            break
    return np.asarray(best > ANOTHER)


def jumps_s(poses: PoseSeries) -> FloatArray:
    """Return the times at which the body went elsewhere faster than a body can, and stayed there.

    Hips and shoulders at once where the trunk points at the camera: there a raised leg hides the hips, and
    the pose model's guess of them jumps while the shoulders stay.
    """
    seen = poses.seen
    time_s, hips, shoulders = poses.time_s[seen], poses.mid_hip[seen], poses.mid_shoulder[seen]
    # Of somebody who lies towards the camera the trunk looks short, and the shoulders do not.
    broad = poses.each(lambda body: columns.length(body.shoulders))
    ruler = np.maximum(poses.trunk_px, broad)[seen]
    if len(time_s) < 3:
        return np.empty(0)
    short = poses.trunk_px[seen] < broad[seen]
    towards = short[1:] | short[:-1]
    moved, carried = (length(np.diff(place, axis=0)) for place in (hips, shoulders))
    way = np.where(towards, np.minimum(moved, carried), moved)
    step = way / np.maximum(np.minimum(ruler[1:], ruler[:-1]), 1.0)
    quick = np.flatnonzero((step > _FAR) & (step > _FASTEST * np.diff(time_s))).tolist()
    both = (hips, shoulders)
    return np.array([
        time_s[i + 1] for i in quick
        if all(_stays(i, time_s, place, ruler) for place in (both if towards[i] else both[:1]))
    ])  # fmt: skip


def _stays(i: int, time_s: FloatArray, place: FloatArray, ruler: FloatArray) -> bool:
    """Return whether the body was in one place for a while and then in another: no wild frame."""
    first = int(np.searchsorted(time_s, time_s[i] - _LATER_S))
    last = int(np.searchsorted(time_s, time_s[i + 1] + _LATER_S))
    before, after = (
        np.median(part, axis=0) for part in (place[first : i + 1], place[i + 1 : last + 1])
    )
    return bool(np.linalg.norm(after - before) > _FAR * max(float(ruler[i]), 1.0))


def same_person_gate(poses: PoseSeries) -> Gate:
    """Return whether the pose model stayed with one person."""
    strange, jumps = others(poses), jumps_s(poses)
    share = float(np.mean(strange)) if len(strange) else 0.0
    looked = f"another person's colours in {share:.0%} of {len(strange)} looks"
    words = [looked if len(strange) else "colours not looked at"]
    if len(jumps):
        words.append(f"{len(jumps)} jumps to another place, the first at {jumps[0]:.1f} s")
    return Gate(
        GateCode.SAME_PERSON, "it is the same person all the time",
        share <= _OTHERS_SHARE and not len(jumps), ", ".join(words),
        f"at most {_OTHERS_SHARE:.0%}, no jump",
        "Let nobody come near while you exercise, or choose whom to follow with --follow. If you "
        "were alone, stay in the picture and record again without a cut.",
    )  # fmt: skip
