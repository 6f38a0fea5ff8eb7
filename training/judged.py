"""Everything an exercise is judged by, of one posed body: the truth of `exercise_set`.

Angles in degrees, lengths in metres or in the ratios that glutecam uses, all from joint centres and
in the subject's frontal plane. The worked leg is the stance leg, or the upper one when lying.
"""

from __future__ import annotations

import numpy as np

from training import truth
from training.limbs import LEG, OTHER, OUTWARD
from training.rotations import FORWARD, UP, Array, unit
from training.skeleton import Posed

Measured = dict[str, float]


def _frontal(vector: Array) -> Array:
    """Return (right-to-left, up): what a camera straight in front sees."""
    return vector[[0, 2]]


def _trunk_m(posed: Posed) -> float:
    return float(np.linalg.norm(_frontal(posed.mid_shoulder - posed.mid_hip)))


def thigh_abduction_deg(posed: Posed, side: str) -> float:
    """Thigh outward of straight down, frontal plane; + = abducted."""
    thigh = posed.joint(f"lowerleg01.{side}") - posed.joint(f"upperleg01.{side}")
    return float(np.degrees(np.arctan2(OUTWARD[side] * thigh[0], -thigh[2])))


def pelvic_shift_norm(posed: Posed, side: str) -> float:
    """Mid-hip outward of the ankle of `side`, in distances between the hip centres."""
    wide = np.linalg.norm(posed.joint("upperleg01.L") - posed.joint("upperleg01.R"))
    return float(OUTWARD[side] * (posed.mid_hip - posed.joint(f"foot.{side}"))[0] / wide)


def weight_on_stance_norm(posed: Posed, side: str) -> float:
    """How much nearer mid-hip is to the worked ankle than to the other, in trunk lengths."""
    away = [abs((posed.mid_hip - posed.joint(f"foot.{s}"))[0]) for s in (side, OTHER[side])]
    return float((away[1] - away[0]) / _trunk_m(posed))


def _apart(posed: Posed, bone: str) -> float:
    line = posed.joint(f"{bone}.L") - posed.joint(f"{bone}.R")
    return float(np.linalg.norm(_frontal(line)) / _trunk_m(posed))


def _between_deg(first: Array, second: Array) -> float:
    return float(np.degrees(np.arccos(np.clip(unit(first) @ unit(second), -1.0, 1.0))))


def hip_flexion_deg(posed: Posed, side: str) -> float:
    """Thigh against the trunk, 0 = in line."""
    thigh = posed.joint(f"lowerleg01.{side}") - posed.joint(f"upperleg01.{side}")
    return _between_deg(posed.mid_hip - posed.mid_shoulder, thigh)


def knee_over_toe_m(posed: Posed, side: str) -> float:
    """Knee centre medial of the line from the ankle along the foot, sideways; + = medial."""
    knee, ankle = posed.joint(f"lowerleg01.{side}"), posed.joint(f"foot.{side}")
    foot = posed.rotations[posed.body.bone_names.index(f"foot.{side}")] @ FORWARD
    ahead = (knee - ankle) @ FORWARD / max(float(foot @ FORWARD), 0.2)
    return float(OUTWARD[side] * (ankle + ahead * foot - knee)[0])


def of_legs(posed: Posed, side: str) -> Measured:
    """Angles and places of both legs."""
    found: Measured = {}
    for name, leg in (("", side), ("free_", OTHER[side])):
        points = tuple(posed.joint(f"{bone}.{leg}") for bone in LEG)
        found[f"{name}knee_flexion_deg"] = truth.knee_flexion_deg(posed, leg)
        found[f"{name}fppa_deg"] = truth.fppa_deg(*points, leg)
        found[f"{name}thigh_abduction_deg"] = thigh_abduction_deg(posed, leg)
        found[f"{name}hip_flexion_deg"] = hip_flexion_deg(posed, leg)
        found[f"{name}knee_over_toe_m"] = knee_over_toe_m(posed, leg)
        found[f"{name}ankle_out_m"] = float(OUTWARD[leg] * points[2][0])
        found[f"{name}ankle_up_m"] = float(points[2][2])
    return found


def of_trunk(posed: Posed, side: str) -> Measured:
    """Pelvis, trunk, and where the body is over the feet."""
    trunk = posed.mid_shoulder - posed.mid_hip
    return {
        "obliquity_deg": truth.obliquity_deg(posed),
        "pelvic_drop_deg": truth.pelvic_drop_deg(posed, side),
        "trunk_lean_deg": truth.trunk_lean_deg(posed, side),
        "trunk_flexion_deg": float(np.degrees(np.arctan2(-trunk[1], trunk[2]))),
        "pelvic_shift_norm": pelvic_shift_norm(posed, side),
        "weight_on_stance_norm": weight_on_stance_norm(posed, side),
        "knee_separation_norm": _apart(posed, "lowerleg01"),
        "foot_separation_norm": _apart(posed, "foot"),
        "mid_hip_out_m": float(OUTWARD[side] * posed.mid_hip[0]),
        "mid_hip_up_m": float(posed.mid_hip[2]),
    }


def of_lying(posed: Posed, top: str, long_axis: Array) -> Measured:
    """Pelvis of someone on their side, against the trunk's `long_axis` (3,) at the start.

    `pelvic_hitch_deg` + = the upper hip moves towards the ribs; `thigh_raise_deg` is the upper
    thigh above the line of the trunk continued, `thigh_forward_deg` forward of it.
    """
    hips = posed.joint(f"upperleg01.{top}") - posed.joint(f"upperleg01.{OTHER[top]}")
    across = unit(UP - long_axis * (UP @ long_axis))
    thigh = posed.joint(f"lowerleg01.{top}") - posed.joint(f"upperleg01.{top}")
    down = -(thigh @ long_axis)
    return {
        "pelvic_roll_deg": truth.roll_deg(posed, top, long_axis),
        "pelvic_hitch_deg": float(np.degrees(np.arctan2(hips @ long_axis, hips @ across))),
        "knee_opening_deg": truth.knee_opening_deg(posed),
        "thigh_raise_deg": float(np.degrees(np.arctan2(thigh @ across, down))),
        "thigh_forward_deg": float(np.degrees(np.arctan2(thigh @ FORWARD, down))),
    }


def measured(posed: Posed, side: str, long_axis: Array | None = None) -> Measured:
    """Everything; what needs a lying body only with its `long_axis`."""
    found = of_trunk(posed, side) | of_legs(posed, side)
    return found if long_axis is None else found | of_lying(posed, side, long_axis)
