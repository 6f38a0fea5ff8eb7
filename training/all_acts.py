"""Every exercise as acts: who plays it, and in which variants where a fault is one of the whole set."""

from __future__ import annotations

from collections.abc import Callable

from training import (
    acts_holding,
    acts_hopping,
    acts_lying,
    acts_one_leg,
    acts_sideways,
    acts_supine,
    acts_walking,
)
from training.acts import Act
from training.bodies import Body

ACTS: dict[str, Callable[[Body, str, int], Act]] = {
    "step-down": acts_one_leg.step_down,
    "forward-step-down": acts_one_leg.forward_step_down,
    "single-leg-squat": acts_one_leg.single_leg_squat,
    "standing-hip-abduction": acts_one_leg.standing_abduction,
    "bulgarian-split-squat": acts_one_leg.split_squat,
    "clamshell": acts_lying.clamshell,
    "side-lying-hip-abduction": acts_lying.side_lying_abduction,
    "hip-thrust": acts_supine.hip_thrust,
    "single-leg-hip-thrust": acts_supine.single_leg_hip_thrust,
    "single-leg-stance": acts_holding.short_stances,
    "single-leg-stance--long": acts_holding.long_stance,
    "single-leg-hop-landing": acts_hopping.hop_landing,
    "lateral-band-walk": acts_sideways.band_walk,
    "lateral-band-walk--uneven": acts_sideways.uneven_band_walk,
    "lateral-band-walk--shuffle": acts_sideways.shuffling_band_walk,
    "walking": acts_walking.walking,
    "walking--single-steps": acts_walking.walking_badly,
    "walking--dropping": acts_walking.walking_dropping,
    "walking--uneven": acts_walking.walking_unevenly,
    "standing-posture": acts_holding.standing,
    "standing-posture--weight": acts_holding.standing_on_one,
    "standing-posture--level": acts_holding.standing_crooked,
    "standing-posture--sway": acts_holding.standing_swayed,
    "standing-posture--lean": acts_holding.standing_leaning,
}
"""By the name of the exercise in glutecam, and of the variant behind two dashes."""
