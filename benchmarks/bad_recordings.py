"""The deliberately bad recordings: which clip, how it was spoiled, what should refuse it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import damage as d
from benchmarks import damage_people as people
from benchmarks.harness import SAMPLES

__all__ = ["STEP", "Bad", "made", "real", "unspoiled"]

STEP, SQUAT, CLAM = "step-down", "single-leg-squat", "clamshell"
POSTURE = "standing-posture"
_LONG_S = {STEP: 5.3, SQUAT: 5.3, CLAM: 6.8}
"""Long enough for the quiet posture and one repetition."""


@dataclass(frozen=True)
class Bad:
    """One recording.

    Attributes
    ----------
    name : str
    path : Path
    exercise : str
        What it is judged as.
    gates : tuple of str
        Any of them refuses it for the right reason; empty where it may be judged once the fault is
        taken out (a camera whose roll is known).
    damage : Damage
    follow, side : str
        As the options of ``score``.
    """

    name: str
    path: Path
    exercise: str
    gates: tuple[str, ...]
    damage: d.Damage = field(default_factory=d.nothing, repr=False)
    seconds: float = 0.0
    follow: str = "auto"
    side: str = "auto"

    @property
    def length_s(self) -> float:
        """How much of the clip is used."""
        return self.seconds or _LONG_S.get(self.exercise, 6.0)


def _clip(name: str) -> Path:
    return SAMPLES / f"{name}.mp4"


_STEP, _SQUAT, _CLAM = (
    _clip("step_down_clean_right"), _clip("single_leg_squat_clean_left"),
    _clip("clamshell_clean_right"),
)  # fmt: skip
_OTHER = _clip("step_down_drop_left")


def unspoiled() -> list[Bad]:
    """Return the clips as they are: they must pass."""
    return [
        Bad("step-down as it is", _STEP, STEP, ()),
        Bad("single-leg squat as it is", _SQUAT, SQUAT, ()),
        Bad("clamshell as it is", _CLAM, CLAM, ()),
    ]


def _crossing(start_s: float, length_s: float) -> Callable[[float], float | None]:
    return lambda t: (t - start_s) / length_s if start_s <= t < start_s + length_s else None


def made() -> list[Bad]:
    """Return the spoiled ones."""
    return [*_camera(), *_frame(), *_picture(), *_time(), *_people(), *_wrong()]


def _camera() -> list[Bad]:
    return [
        Bad("rolled 6°", _SQUAT, SQUAT, (), d.rolled(6.0)),
        Bad("rolled 10° the other way", _SQUAT, SQUAT, (), d.rolled(-10.0)),
        Bad("rolled 24°", _SQUAT, SQUAT, ("level", "visibility"), d.rolled(24.0)),
        Bad("rolled 10° before a bare wall", _SQUAT, SQUAT, ("level", "quiet start"),
            d.then(d.bare(), d.rolled(10.0))),
        Bad("rolled 8° within a letterbox", _SQUAT, SQUAT, (),
            d.then(d.rolled(8.0), d.letterboxed(0.75))),
        Bad("rolling slowly by 8°", _STEP, STEP, ("camera stands",), d.turning(lambda t: 1.5 * t)),
        Bad("held in the hand", _STEP, STEP, ("camera stands",), d.shaken(10.0, 0.6)),
        Bad("held in a calm hand", _SQUAT, SQUAT, ("camera stands",), d.shaken(4.0, 0.3, seed=9)),
        Bad("swinging to the side", _SQUAT, SQUAT, ("camera stands",), d.panned(20.0)),
        Bad("clamshell, held in the hand", _CLAM, CLAM, ("camera stands",), d.shaken(8.0, 0.5)),
        Bad("upside down", _STEP, STEP, ("posture", "person"), d.quarter_turns(2)),
        Bad("lying on its side", _SQUAT, SQUAT, ("posture", "person"), d.quarter_turns(1)),
        Bad("clamshell upside down", _CLAM, CLAM, ("upper leg",), d.quarter_turns(2)),
        Bad("clamshell standing on end", _CLAM, CLAM, ("posture", "person"), d.quarter_turns(1)),
    ]  # fmt: skip


def _frame() -> list[Bad]:
    return [
        Bad("feet cut off", _STEP, STEP, ("visibility",), d.cropped(bottom=0.78)),
        Bad("legs cut off", _SQUAT, SQUAT, ("visibility", "person"), d.cropped(bottom=0.6)),
        Bad("head cut off", _SQUAT, SQUAT, ("visibility",), d.cropped(top=0.22)),
        Bad("half of the body outside", _STEP, STEP, ("visibility", "view"), d.cropped(left=0.5)),
        Bad("clamshell, feet outside", _CLAM, CLAM, ("visibility",), d.cropped(left=0.36)),
        Bad("too far away", _STEP, STEP, ("distance", "person"), d.far(0.35)),
        Bad("far away in a letterbox", _SQUAT, SQUAT, ("distance", "person"), d.letterboxed(0.35)),
        Bad("squeezed to half its width", _STEP, STEP, ("view", "quiet start"), d.squeezed(0.5)),
        Bad("something before the hips", _STEP, STEP, ("visibility",),
            d.covered(0.48, 0.68, 0.38, 0.62)),
        Bad("a table before the legs", _SQUAT, SQUAT, ("visibility",),
            d.covered(0.6, 0.95, 0.3, 0.7, 120)),
    ]  # fmt: skip


def _picture() -> list[Bad]:
    return [
        Bad("dark", _STEP, STEP, ("light", "person"), d.lit(0.10, 3.0)),
        Bad("clamshell in the dark", _CLAM, CLAM, ("light", "person"), d.lit(0.10, 3.0)),
        Bad("far too bright", _SQUAT, SQUAT, ("light", "sharp", "person"), d.lit(2.5, 2.0, 160.0)),
        Bad("out of focus", _STEP, STEP, ("sharp",), d.blurred(9.0)),
        Bad("clamshell out of focus", _CLAM, CLAM, ("sharp",), d.blurred(10.0)),
        Bad("72 lines, enlarged", _SQUAT, SQUAT, ("sharp", "distance"), d.coarse(72)),
    ]


def _time() -> list[Bad]:
    return [
        Bad("10 pictures a second", _STEP, STEP, ("frame rate",), d.every(3)),
        Bad("15 pictures a second", _SQUAT, SQUAT, ("frame rate",), d.every(2)),
        Bad("10 pictures a second, each shown three times", _STEP, STEP, ("frame rate",),
            d.every(3, repeat=True)),
        Bad("frozen for a second", _SQUAT, SQUAT, ("pictures go on",), d.frozen(3.2, 1.0)),
        Bad("two seconds only", _STEP, STEP, ("length", "repetitions"), d.lasting(2.0, 2.6)),
        Bad("begins in motion", _STEP, STEP, ("quiet start",), d.lasting(6.0, 2.9), seconds=7.5),
        Bad("ends half-way", _SQUAT, SQUAT, ("repetitions",), d.lasting(3.9)),
        Bad("mirrored midway", _STEP, STEP, ("one shot", "same person"), d.mirrored_from(d.HALF_S)),
        Bad("cut to another clip", _STEP, STEP, ("one shot", "same person"),
            d.cut_to(_OTHER, d.HALF_S)),
    ]  # fmt: skip


def _people() -> list[Bad]:
    return [
        Bad("somebody beside", _STEP, STEP, ("alone",), people.with_person(_OTHER, lambda _: 0.75)),
        Bad("somebody close beside", _SQUAT, SQUAT, ("alone", "same person"),
            people.with_person(_OTHER, lambda _: 0.63)),
        Bad("somebody walks past in front", _STEP, STEP, ("alone", "same person", "one shot"),
            people.with_person(_OTHER, _crossing(2.0, 2.5), 1.25)),
        Bad("somebody stops in front", _SQUAT, SQUAT, ("alone", "same person"),
            people.with_person(_OTHER, lambda t: min(0.5, 0.2 * t - 0.2) if t > 1.0 else None, 1.2)),
        Bad("somebody beside, the one in the middle followed", _STEP, STEP, (),
            people.with_person(_OTHER, lambda _: 0.75), follow="640,330"),
        Bad("somebody walks past in front, the other followed", _STEP, STEP,
            ("one shot", "repetitions"),
            people.with_person(_OTHER, _crossing(2.0, 2.5), 1.25), follow="640,330"),
        Bad("another person from the middle on", _STEP, STEP, ("same person",),
            people.swapped_person(_clip("single_leg_squat_drop_valgus_left"), d.HALF_S)),
        Bad("the person leaves", _STEP, STEP, ("person", "repetitions"), people.leaving(3.0)),
        Bad("nobody there", _STEP, STEP, ("person",), people.leaving(0.0)),
    ]  # fmt: skip


def _wrong() -> list[Bad]:
    return [
        Bad("a clamshell as step-down", _CLAM, STEP, ("posture",)),
        Bad("a clamshell as squat", _clip("clamshell_roll_left"), SQUAT, ("posture",)),
        Bad("a step-down as clamshell", _STEP, CLAM, ("posture",)),
        Bad("a squat as clamshell", _SQUAT, CLAM, ("posture",)),
        Bad("a step-down as standing posture", _STEP, POSTURE, ("repetitions",)),
        Bad("a squat as standing posture", _SQUAT, POSTURE, ("repetitions",)),
        Bad("the other leg asked for", _STEP, STEP, ("side",), side="left"),
    ]


def real(folder: Path) -> list[Bad]:
    """Return the real clips, which are bad as they are, and some of them spoiled."""
    squats, lunge = folder / "squats_front.mp4", folder / "side_lunge_front.mp4"
    balance = [folder / f"single_leg_balance_cam0{n}.mp4" for n in (1, 2, 3, 4)]
    found = [
        Bad("real: squats on two legs", squats, SQUAT, ("one leg",)),
        Bad("real: side lunges as step-down", lunge, STEP, ("one leg",)),
        Bad("real: side lunges as standing posture", lunge, POSTURE, ("repetitions",)),
        Bad("real: a lunge from the side", folder / "lunge_side_view.mp4", STEP, ("view",)),
        Bad("real: a bridge as step-down", folder / "bridge_side_view.mp4", STEP, ("posture",)),
        Bad("real: two people from the side", folder / "two_people_side_view.mp4", STEP,
            ("alone", "view", "same person")),
        Bad("real: camera rolled 14°, 1.7 s", balance[0], SQUAT, ("length",), side="left"),
        Bad("real: left and right mixed up", balance[1], SQUAT, ("left and right",), side="left"),
        Bad("real: from behind, oblique, 1.7 s", balance[2], SQUAT, ("length",), side="left"),
        Bad("real: oblique and rolled", balance[3], SQUAT, ("view",), side="left"),
        Bad("real: squats, dark", squats, SQUAT, ("light", "person"), d.lit(0.08, 3.0)),
        Bad("real: squats, out of focus", squats, SQUAT, ("sharp",), d.blurred(9.0)),
        Bad("real: side lunges, held in the hand", lunge, STEP, ("camera stands",),
            d.shaken(10.0, 0.6)),
        Bad("real: squats mirrored midway", squats, SQUAT, ("one shot",), d.mirrored_from(2.6)),
        Bad("real: squats, feet cut off", squats, SQUAT, ("visibility",), d.cropped(bottom=0.8)),
    ]  # fmt: skip
    return [bad for bad in found if bad.path.is_file()]
