"""A body, a script and a place to stand or lie: what `clips` films."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from training import truth
from training.bodies import Body
from training.limbs import LEG
from training.lying import lie
from training.posing import Footing, stand
from training.props import SOLE_M
from training.rotations import Array, unit
from training.scene import MAT_HEIGHT_M, STEP_HEIGHT_M, Props
from training.scripts import ClamshellScript, Repetition, StandingScript
from training.skeleton import Posed


@dataclass(frozen=True)
class Standing:
    """Someone on one leg."""

    body: Body
    exercise: str
    script: StandingScript

    @property
    def side(self) -> str:
        """Stance leg."""
        return self.script.stance

    @property
    def reps(self) -> tuple[Repetition, ...]:
        """Repetitions with their faults."""
        return self.script.reps

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.script.duration_s

    @property
    def ground_m(self) -> float:
        """Height of what the stance foot stands on."""
        return STEP_HEIGHT_M if self.script.style.on_step else 0.0

    @property
    def props(self) -> Props:
        """The step, with its edge just outside the free foot."""
        if not self.script.style.on_step:
            return Props()
        toward_free = 1.0 if self.side == "R" else -1.0
        edge = self.script.style.half_spread_m + 0.06
        return Props(step_edges_x_m=(toward_free * edge, toward_free * (edge - 0.5)))

    def posed(self, time_s: float) -> Posed:
        """Body at `time_s`."""
        footing = Footing(self.ground_m, self.script.style.half_spread_m, sole_m=SOLE_M)
        return stand(self.body, self.script.at(time_s), footing)

    def measure(self, posed: Posed) -> dict[str, float | None]:
        """Exact angles of one pose."""
        hip, knee, ankle = (posed.joint(f"{bone}.{self.side}") for bone in LEG)
        return {
            "obliquity_deg": truth.obliquity_deg(posed),
            "pelvic_drop_deg": truth.pelvic_drop_deg(posed, self.side),
            "roll_deg": None,
            "trunk_lean_deg": truth.trunk_lean_deg(posed, self.side),
            "knee_flexion_deg": truth.knee_flexion_deg(posed, self.side),
            "fppa_deg": truth.fppa_deg(hip, knee, ankle, self.side),
            "knee_opening_deg": None,
        }


@dataclass(frozen=True)
class Clamshell:
    """Someone on their side on the mat."""

    body: Body
    script: ClamshellScript
    exercise: str = "clamshell"

    @property
    def side(self) -> str:
        """Upper leg, the one that works."""
        return self.script.top

    @property
    def reps(self) -> tuple[Repetition, ...]:
        """Repetitions with their faults."""
        return self.script.reps

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.script.duration_s

    @property
    def props(self) -> Props:
        """The mat."""
        return Props(mat=True)

    @cached_property
    def _long_axis(self) -> Array:
        """Line of the trunk, hips to shoulders, before the first repetition."""
        quiet = self.posed(0.0)
        return unit(quiet.mid_shoulder - quiet.mid_hip)

    def posed(self, time_s: float) -> Posed:
        """Body at `time_s`."""
        return lie(self.body, self.script.at(time_s), MAT_HEIGHT_M)

    def measure(self, posed: Posed) -> dict[str, float | None]:
        """Exact angles of one pose; what needs an upright body is None."""
        return {
            "obliquity_deg": None,
            "pelvic_drop_deg": None,
            "roll_deg": truth.roll_deg(posed, self.side, self._long_axis),
            "trunk_lean_deg": None,
            "knee_flexion_deg": truth.knee_flexion_deg(posed, self.side),
            "fppa_deg": None,
            "knee_opening_deg": truth.knee_opening_deg(posed),
        }
