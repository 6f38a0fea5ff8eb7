"""The set-up check: live ticks, and the one thing to do first.

The gates of the judging, asked while the person finds the place, so that what passes here is not
refused afterwards; and what a finished recording cannot be helped with any more: feet cut off,
too little light. Limits are our own proposals [P].
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from glutecam.core.assessment import Gate, GateCode
from glutecam.core.coaching import NOT_MEASURED, PictureFacts, Tick
from glutecam.core.identity import COUNTED_S
from glutecam.core.keeping_up import Slowed
from glutecam.core.landmarks import LANDMARK_COUNT, Landmark
from glutecam.core.level import LEVEL_DEG, level_gate, lines_roll_deg
from glutecam.core.pictures import BRIGHT, DARK, picture_gates
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise, Posture
from glutecam.core.session_wording import Message, do, named, say, slow
from glutecam.core.sights import Sight
from glutecam.core.validity import pose_gates, recording_gates
from glutecam.core.verdict import needs_of

__all__ = ["SetupCheck", "frame_tick", "light_tick"]

WINDOW_S = 2.0
EVERY_S = 0.25
HELD_S = 1.0
"""How long every tick must be there, so that walking through the right place does not count."""
SETTLED_S = 5.0
"""A machine that has just begun takes its first pictures slowly: until then it is not called slow."""

_CAMERA = (GateCode.LEVEL, GateCode.CAMERA_STANDS, GateCode.SHARP)
_LATELY = 15
_MOSTLY = 0.7
_L = Landmark
_FEET = [_L.LEFT_HEEL, _L.RIGHT_HEEL, _L.LEFT_FOOT_INDEX, _L.RIGHT_FOOT_INDEX]
_BODY = [
    _L.NOSE, _L.LEFT_SHOULDER, _L.RIGHT_SHOULDER, _L.LEFT_HIP, _L.RIGHT_HIP,
    _L.LEFT_KNEE, _L.RIGHT_KNEE, _L.LEFT_ANKLE, _L.RIGHT_ANKLE, *_FEET,
]  # fmt: skip


def light_tick(facts: PictureFacts | None) -> Tick:
    """Return whether there is enough light, and not too much."""
    name = say("tick.light")
    if facts is None or facts.brightness is None:
        return Tick(GateCode.LIGHT, name, None)
    level = facts.brightness
    advice = say("do.light.dark" if level < DARK else "do.light.bright")
    passed = DARK <= level <= BRIGHT
    return Tick(GateCode.LIGHT, name, passed, f"{level:.0%} bright", None if passed else advice)


def height_tick() -> Tick:
    """Return the height of the camera, which landmarks do not tell well enough: docs/validity.md."""
    return Tick("height", say("tick.height"), None, NOT_MEASURED)


def frame_tick(poses: PoseSeries, posture: Posture) -> Tick:
    """Return whether the whole body is inside the picture, and else where to go.

    Parameters
    ----------
    poses : PoseSeries (T)
        The last moments; the median place of each point counts.
    posture : Posture
    """
    lying = posture is not Posture.STANDING
    name = say("tick.frame.lying" if lying else "tick.frame")
    seen = poses[-_LATELY:]
    if not len(seen) or np.mean(seen.seen) < _MOSTLY:
        return Tick("frame", name, None)
    points = np.nanmedian(seen.image_px[seen.seen], axis=0)
    out = _beyond(points, poses.width_px, poses.height_px)
    advice = _where_to_go(out, lying, bool(np.median(seen.facing[seen.seen]) > 0))
    return Tick("frame", name, advice is None, ", ".join(sorted(out)) or "inside", advice)


def _beyond(points: np.ndarray[tuple[int, ...], np.dtype[np.float64]], w: int, h: int) -> set[str]:
    """Return the edges of the picture that the body reaches beyond."""
    x, y = points[_BODY, 0], points[_BODY, 1]
    edges = {"left": x.min() < 0, "right": x.max() > w, "above": y.min() < 0, "below": y.max() > h}
    return {edge for edge, crossed in edges.items() if crossed}


def _where_to_go(out: set[str], lying: bool, faces: bool) -> Message | None:
    """Return one instruction; left and right are the subject's, who faces the camera or not."""
    if not out:
        return None
    if lying or {"left", "right"} <= out:
        return say("do.frame.wide")
    if {"above", "below"} <= out:
        return say("do.frame.both")
    for edge in ("below", "above"):
        if edge in out:
            return say(f"do.frame.{edge}")
    # Who faces the camera and is cut off at the picture's left must go to their own left.
    return say("do.frame.left" if ("left" in out) == faces else "do.frame.right")


class SetupCheck:
    """Looks at the last two seconds, four times a second.

    Parameters
    ----------
    exercise : Exercise

    Attributes
    ----------
    ticks : tuple of Tick
        In the order in which they are to be mended.
    roll_deg : float
        Roll of the camera, as upright lines of the room told it last; 0 where they did not, or where
        it is too little to matter. + = the picture must be turned clockwise to be upright.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._needs = needs_of(exercise)
        self._recent: deque[PoseSeries] = deque()
        self._looked_s = -np.inf
        self._good_since_s: float | None = None
        self._now_s = 0.0
        self._began_s: float | None = None
        self._slowed = Slowed()
        self.roll_deg = 0.0
        self.ticks: tuple[Tick, ...] = self._unknown()

    @property
    def good_for_s(self) -> float:
        """Seconds for which every tick has been there."""
        return 0.0 if self._good_since_s is None else self._now_s - self._good_since_s

    @property
    def good(self) -> bool:
        """Whether that is long enough."""
        return self._good_since_s is not None and self.good_for_s >= HELD_S

    @property
    def instruction(self) -> Message | None:
        """The first thing to do; None where every tick is there."""
        return next((tick.do for tick in self.ticks if tick.do is not None), None)

    def push(self, poses: PoseSeries, facts: PictureFacts | None = None) -> None:
        """Take the newest frame (T = 1)."""
        self._now_s = float(poses.time_s[-1])
        self._began_s = self._now_s if self._began_s is None else self._began_s
        self._recent.append(poses)
        while self._recent[0].time_s[-1] < self._now_s - COUNTED_S:
            self._recent.popleft()
        if self._now_s - self._looked_s < EVERY_S:
            return
        self._looked_s = self._now_s
        self.ticks = self._look(facts)
        if not all(tick.passed is not False for tick in self.ticks) or self._blind:
            self._good_since_s = None
        elif self._good_since_s is None:
            self._good_since_s = self._now_s

    @property
    def _blind(self) -> bool:
        """Nothing that is asked of the body is known yet; light need not be."""
        waited = [tick for tick in self.ticks if tick.is_measured and tick.code != GateCode.LIGHT]
        return any(tick.passed is None for tick in waited)

    def _look(self, facts: PictureFacts | None) -> tuple[Tick, ...]:
        counted = PoseSeries.concatenate(list(self._recent))
        poses = counted.since(self._now_s - WINDOW_S)
        found: dict[str, Tick] = {gate.code: _tick(gate) for gate in self._gates(poses, counted)}
        self._note_roll(poses, found)
        found["frame"] = frame_tick(poses, self._exercise.posture)
        found[GateCode.LIGHT] = light_tick(
            facts if facts and facts.brightness is not None else _lit(poses)
        )
        found[GateCode.FRAME_RATE] = self._frame_rate(poses, facts)
        found["height"] = height_tick()
        return tuple(found.get(old.code, _unknown_yet(old)) for old in self.ticks)

    def _gates(self, poses: PoseSeries, counted: PoseSeries | None = None) -> list[Gate]:
        """Return the gates that can be asked while the person finds the place."""
        camera = [level_gate(poses, self._exercise), *picture_gates(poses)]
        return [
            *pose_gates(poses, self._exercise, self._needs, counted),
            *(gate for gate in camera if gate.code in _CAMERA),
        ]

    def _note_roll(self, poses: PoseSeries, found: Mapping[str, Tick]) -> None:
        """Keep the newest roll that lines told, until the camera is moved."""
        stands = found.get(GateCode.CAMERA_STANDS)
        if stands is not None and stands.passed is False:
            self.roll_deg = 0.0
            return
        roll = lines_roll_deg(poses)
        if roll is not None:
            self.roll_deg = roll if abs(roll) >= LEVEL_DEG else 0.0

    def _frame_rate(self, poses: PoseSeries, facts: PictureFacts | None = None) -> Tick:
        gates = recording_gates(poses, self._exercise, np.zeros(len(poses), dtype=bool))
        tick = next(_tick(gate) for gate in gates if gate.code is GateCode.FRAME_RATE)
        if poses.time_s[-1] - poses.time_s[0] < 0.5 * WINDOW_S:
            return _unknown_yet(tick)
        known = facts or PictureFacts()
        if not self._slowed.look(known.skipped) or tick.passed:
            return tick
        if self._began_s is None or self._now_s - self._began_s < SETTLED_S:
            return _unknown_yet(tick)
        return replace(tick, do=slow(known.faster))

    def _unknown(self) -> tuple[Tick, ...]:
        """Return the list before anybody was seen: a made-up body asks every gate for its name."""
        points = np.arange(LANDMARK_COUNT * 2, dtype=np.float64).reshape(1, LANDMARK_COUNT, 2)
        one = PoseSeries.unseen(np.zeros(1), 640, 480).with_arrays(
            image_px=points**1.1,
            world_m=np.repeat(points, 2, axis=2)[..., :3],
            visibility=np.ones((1, LANDMARK_COUNT)),
        )
        gates = [_unknown_yet(_tick(gate)) for gate in self._gates(one)]
        body = frame_tick(one[:0], self._exercise.posture)
        rest = (height_tick(), light_tick(None), self._frame_rate(one))
        return (*gates[:1], body, *gates[1:], *rest)


def _lit(poses: PoseSeries) -> PictureFacts | None:
    """Return what the pictures told of the light about the person, a few times a second."""
    light = poses.sight(Sight.LIGHT)
    known = light[np.isfinite(light)]
    return PictureFacts(brightness=float(np.median(known))) if len(known) else None


def _tick(gate: Gate) -> Tick:
    advice = None if gate.passed else do(gate)
    return Tick(gate.code, named(gate), gate.passed, gate.measured, advice)


def _unknown_yet(tick: Tick) -> Tick:
    """Return the tick as not known yet."""
    return Tick(tick.code, tick.name, None)
