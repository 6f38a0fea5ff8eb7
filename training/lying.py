"""Side-lying poses on a mat: the clamshell and the straight-leg abduction.

The lower hip stays where it is; the pelvis rolls about it. In a clamshell the heels stay together
and the upper knee turns about the line from hip to heel; in an abduction the upper leg is straight
and rises in line with the trunk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.bodies import Body
from training.limbs import ARM, LEG, OTHER, OUTWARD, Limb, bend_arm, bend_leg, limb, turn_hand
from training.rotations import BACK, FORWARD, LEFT, UP, Array, about, unit
from training.skeleton import Posed, Rotations, at_rest, place, rest_offset, vertex_bones
from training.truth import knee_opening_deg

HIP_FLEXION_DEG = 45.0
KNEE_FLEXION_DEG = 80.0
#: Half the thickness of knee and ankle, and how deep soft tissue gives way on the mat, metres.
KNEE_HALF_M, ANKLE_HALF_M, GIVE_M = 0.058, 0.045, 0.012


@dataclass(frozen=True)
class LyingPose:
    """One instant; degrees.

    `opening_deg` is the angle between the thighs, None = knees closed. `raise_deg` is the angle of
    the straight upper leg above the horizontal; None = the leg is folded, as in a clamshell, else
    `raised_flexion_deg` is how far it points forward of the trunk's line. `hitch_deg` + = the upper
    side of the pelvis moves towards the ribs; `feet_apart_m` lifts the upper foot off the lower one.
    """

    top: str
    roll_deg: float = 0.0
    trunk_roll_deg: float = 0.0
    opening_deg: float | None = None
    hip_flexion_deg: float = HIP_FLEXION_DEG
    knee_flexion_deg: float = KNEE_FLEXION_DEG
    raise_deg: float | None = None
    raised_flexion_deg: float = 0.0
    raised_knee_deg: float = 3.0
    hitch_deg: float = 0.0
    feet_apart_m: float = 0.0


def _lay_down(top: str) -> Array:
    """Rotation (3, 3) from standing to lying with `top` up, still facing -y."""
    return about(BACK, -90.0 * OUTWARD[top])


def _rolled(top: str, roll_deg: float) -> Array:
    """Rotation about the body's long axis, in its own frame; + = top side backward."""
    return about(UP, OUTWARD[top] * roll_deg)


def _pelvis(pose: LyingPose) -> Array:
    """Rotation (3, 3) of the pelvis: laid down, rolled, hitched."""
    headward = -float(np.sign(_footward(pose.top)[0]))
    hitch = about(BACK, headward * pose.hitch_deg)
    return hitch @ _lay_down(pose.top) @ _rolled(pose.top, pose.roll_deg)


def _footward(top: str) -> Array:
    """World direction from head to feet."""
    return -_lay_down(top) @ UP


def lower_hip_height(body: Body) -> float:
    """Height of the lower hip joint above the mat: the flesh beside it, a little squeezed."""
    bones = vertex_bones(body)
    flank = np.array([bone.startswith(("upperleg01", "pelvis", "root")) for bone in bones])
    wide = float(np.percentile(np.abs(body.vertices[flank, 0]), 99.5))
    return wide - float(abs(body.head("upperleg01.L")[0])) - GIVE_M


def _reach_level(start: Array, length: float, heading: Array, height: float) -> Array:
    """Point at `length` from `start` along the horizontal `heading`, at `height`."""
    rise = np.clip((height - start[2]) / length, -0.95, 0.95)
    return start + length * (np.sqrt(1.0 - rise**2) * unit(heading) + rise * UP)


def _folded(top: str, flexion_deg: float) -> Array:
    """Horizontal direction of a thigh or shank, `flexion_deg` forward of the trunk's line."""
    angle = np.radians(flexion_deg)
    return np.sin(angle) * FORWARD + np.cos(angle) * _footward(top)


def _resting_leg(
    hip: Array, lengths: Limb, pose: LyingPose, levels_m: tuple[float, float]
) -> tuple[Array, Array]:
    """Knee and ankle of a folded leg, at the given heights."""
    top = pose.top
    knee = _reach_level(hip, lengths.upper_m, _folded(top, pose.hip_flexion_deg), levels_m[0])
    heading = _folded(top, pose.hip_flexion_deg - pose.knee_flexion_deg)
    return knee, _reach_level(knee, lengths.lower_m, heading, levels_m[1])


def _raised_leg(hip: Array, lengths: Limb, pose: LyingPose, rise_deg: float) -> tuple[Array, Array]:
    """Knee and ankle of the straight upper leg."""
    rise = np.radians(rise_deg)
    thigh = np.cos(rise) * _folded(pose.top, pose.raised_flexion_deg) + np.sin(rise) * UP
    back = _folded(pose.top, pose.raised_flexion_deg - pose.raised_knee_deg)
    shank = np.cos(rise) * back + np.sin(rise) * UP
    knee = hip + lengths.upper_m * thigh
    return knee, knee + lengths.lower_m * shank


def _open_knee(hip: Array, closed: Array, ankle: Array, turn_deg: float) -> Array:
    """Turn the knee about the line from hip to ankle; + = up."""
    axis = unit(ankle - hip)
    side = np.cross(axis, closed - hip)
    return hip + about(axis, float(np.sign(side[2])) * turn_deg) @ (closed - hip)


def _trunk(segments: Rotations, pose: LyingPose, bend_deg: float) -> None:
    """Set pelvis, thorax, clavicles and head; the trunk sags by `bend_deg` towards the mat."""
    lying = _lay_down(pose.top)
    segments["pelvis"] = _pelvis(pose)
    chest = lying @ _rolled(pose.top, pose.trunk_roll_deg) @ about(LEFT, 6.0)
    segments["thorax"] = about(BACK, bend_deg) @ chest
    # The head sinks onto the hand.
    sink = -5.0 * float(np.sign(_footward(pose.top)[0]))
    segments["head"] = about(BACK, sink) @ lying @ about(LEFT, 8.0)
    for side in ("L", "R"):
        segments[f"clavicle.{side}"] = segments["thorax"]


def _arms(posed: Posed, segments: Rotations, top: str, mat_m: float) -> None:
    """Head on the lower hand, upper hand on the mat in front of the chest."""
    low, down = OTHER[top], _footward(top)
    head, chest = posed.joint("head"), posed.mid_shoulder
    wrist = head - 0.01 * down + 0.035 * FORWARD
    # The hand carries the head, the elbow lies on the mat.
    wrist[2] = max(head[2] - 0.09, mat_m + 0.045)
    _place_hand(posed, segments, low, wrist, FORWARD - 0.5 * UP, unit(0.3 * BACK - down))
    reach = limb(posed.body, top, ARM).reach(55.0)
    wrist = chest + 0.14 * down
    wrist[2] = mat_m + 0.06
    drop = posed.joint(f"upperarm01.{top}")[2] - wrist[2]
    wrist = wrist + FORWARD * np.sqrt(max(reach**2 - drop**2 - 0.14**2, 0.04))
    _place_hand(posed, segments, top, wrist, down + 0.8 * UP, unit(0.6 * FORWARD - down))


def _place_hand(
    posed: Posed, segments: Rotations, side: str, wrist: Array, pole: Array, fingers: Array
) -> None:
    """Lay a hand flat on the mat, palm down."""
    bend_arm(posed, segments, side, wrist, pole)
    # Seen from above, the thumb of a right hand lies to the left of its fingers.
    turn_hand(posed.body, segments, side, fingers, -OUTWARD[side] * np.cross(UP, fingers))


def _legs(
    posed: Posed, segments: Rotations, pose: LyingPose, mat_m: float, turn_deg: float
) -> None:
    """Lower leg on the mat, upper leg on it, its knee turned up by `turn_deg`."""
    body, top, low = posed.body, pose.top, OTHER[pose.top]
    knee_m, ankle_m = mat_m + KNEE_HALF_M, mat_m + ANKLE_HALF_M
    hip = posed.joint(f"upperleg01.{low}")
    knee, ankle = _resting_leg(hip, limb(body, low, LEG), pose, (knee_m, ankle_m))
    bend_leg(body, segments, low, (hip, knee, ankle))
    lengths, upper_hip = limb(body, top, LEG), posed.joint(f"upperleg01.{top}")
    if pose.raise_deg is not None:
        raised = _raised_leg(upper_hip, lengths, pose, pose.raise_deg)
        bend_leg(body, segments, top, (upper_hip, *raised))
        _feet(segments)
        return
    on_top = ankle + (2.0 * ANKLE_HALF_M - 0.01 + pose.feet_apart_m) * UP
    stacked = knee + 2.0 * KNEE_HALF_M * UP
    closed = lengths.middle(upper_hip, on_top, stacked - upper_hip)
    opened = _open_knee(upper_hip, closed, on_top, turn_deg)
    bend_leg(body, segments, top, (upper_hip, opened, on_top))
    _feet(segments)


def _feet(segments: Rotations) -> None:
    """Feet at nearly a right angle to the shanks."""
    for side in ("L", "R"):
        segments[f"foot.{side}"] = segments[f"shank.{side}"] @ about(LEFT, 12.0)


def _sag(body: Body, segments: Rotations, pose: LyingPose, mid_hip: Array, mat_m: float) -> None:
    """Bend the trunk sideways until the lower shoulder lies on the mat."""
    half = abs(rest_offset(body, "upperarm01.L", "upperarm01.R")[0]) / 2.0
    bend = 0.0
    for _ in range(4):
        _trunk(segments, pose, bend)
        posed = place(body, segments, mid_hip)
        missing = posed.mid_shoulder[2] - (mat_m + half + 0.03)
        arm = float(np.linalg.norm(posed.mid_shoulder - posed.mid_hip))
        # Turning towards -y's left hand lowers a head on the +x side, raises it on the other.
        bend += np.degrees(missing / arm) * float(np.sign(-_footward(pose.top)[0]))


def lie(body: Body, pose: LyingPose, mat_m: float) -> Posed:
    """Pose `body` on its side on a mat of height `mat_m`, mid-body in front of the camera."""
    segments, low = at_rest(), OTHER[pose.top]
    lower_hip = 0.12 * _footward(pose.top) + UP * (mat_m + lower_hip_height(body))
    across = rest_offset(body, f"upperleg01.{low}", f"upperleg01.{pose.top}")
    mid_hip = lower_hip + _pelvis(pose) @ across / 2.0
    _sag(body, segments, pose, mid_hip, mat_m)
    _arms(place(body, segments, mid_hip), segments, pose.top, mat_m)
    turn = 0.0
    for _ in range(8 if pose.opening_deg is not None else 1):
        _legs(place(body, segments, mid_hip), segments, pose, mat_m, turn)
        posed = place(body, segments, mid_hip)
        if pose.opening_deg is not None:
            turn = float(np.clip(turn + pose.opening_deg - knee_opening_deg(posed), 0.0, 110.0))
    return posed
