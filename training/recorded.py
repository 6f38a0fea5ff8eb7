"""Real people's single-leg poses as rows of clinical angles.

From UI-PRMD (Vakanski et al., "A Data Set of Human Body Movements for Physical Rehabilitation
Exercises", Data 2018, 3, 2; doi 10.3390/data3010002; public domain, ODC-PDDL): optical markers of
six people doing the hurdle step, the inline lunge and the side lunge, well and badly. Only
derived angles are kept, in `recorded_poses.npz`; `python -m training.recorded --footage DIR`
writes it again from the recording.

    rows = load_recorded()
    pose, footing = rows[i].fitted(body)
    posed = stand(body, pose, footing)

World axes and signs are those of `training.posing`. `stance` is the foot that stays (hurdle step),
the front one (inline lunge), the loaded one (side lunge). The heading is the laboratory's, in the
inline lunge the front foot's. How joint centres are estimated: `training.markers`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from training.bodies import Body
from training.limbs import LEG, OTHER, OUTWARD, limb
from training.markers import Markers, Measured, Standing, measured, pelvis_deg
from training.posing import WEIGHT_AHEAD_OF_ANKLE_M, Footing, StandingPose, centre_of_mass
from training.rotations import Array
from training.truth import fppa_deg, knee_flexion_deg, trunk_lean_deg

RECORDING = Path("mocap", "uiprmd_subjects_01_06.npz")
POSES = Path(__file__).with_name("recorded_poses.npz")
MOVEMENTS = {"m02": "hurdle_step", "m03": "inline_lunge", "m04": "side_lunge"}
STEP_S = 0.2
#: An ankle no further than this from where it stands is a foot on the ground, beside the other.
ON_GROUND_M = 0.012
BESIDE_M = 0.05
#: A pose is new when one of its angles differs by this much from every one kept before it.
NEW_DEG = {"pelvic_drop_deg": 1.5, "pelvic_tilt_deg": 3.0, "trunk_lean_deg": 3.0}
NEW_OTHER_DEG = 6.0
#: Share of the stance thigh's length seen from in front. Below it the thigh points at the viewer,
#: a projected knee angle has no meaning, and `stand` cannot follow it.
SEEN_THIGH = 0.4


@dataclass(frozen=True)
class RecordedPose:
    """One instant of a real person; angles as in `StandingPose`, lengths of that person.

    `sway_left_m`, `sway_back_m`: the centre of mass against the balance point of `stand`.
    `leg_m`: thigh and shank of the stance leg.
    """

    movement: str
    subject: int
    correct: bool
    stance: str
    pelvic_drop_deg: float
    pelvic_turn_deg: float
    pelvic_tilt_deg: float
    trunk_lean_deg: float
    trunk_flexion_deg: float
    stance_knee_deg: float
    fppa_deg: float
    free_hip_flexion_deg: float
    free_hip_abduction_deg: float
    free_knee_deg: float
    free_ankle_deg: float
    lift: float
    weight: float
    sway_left_m: float
    sway_back_m: float
    half_spread_m: float
    toe_out_deg: float
    leg_m: float

    def mirrored(self) -> RecordedPose:
        """Return the same pose on the other leg."""
        return replace(
            self,
            stance=OTHER[self.stance],
            pelvic_turn_deg=-self.pelvic_turn_deg,
            sway_left_m=-self.sway_left_m,
        )

    def fitted(self, body: Body) -> tuple[StandingPose, Footing]:
        """Return what `stand` takes, lengths scaled to the legs of `body`."""
        leg = limb(body, self.stance, LEG)
        scale = (leg.upper_m + leg.lower_m) / self.leg_m
        shared = {f.name for f in fields(StandingPose)} & {f.name for f in fields(self)}
        sway_m = (self.sway_left_m * scale, self.sway_back_m * scale)
        pose = StandingPose(**{name: getattr(self, name) for name in shared}, sway_m=sway_m)
        footing = Footing(half_spread_m=self.half_spread_m * scale, toe_out_deg=self.toe_out_deg)
        return pose, footing


LABELS = 4
NUMBERS = tuple(f.name for f in fields(RecordedPose))[LABELS:]


@dataclass(frozen=True)
class Trial:
    """One recording: markers (N, M, 3) in the laboratory (x forward, y left, z up), metres."""

    movement: str
    subject: int
    correct: bool
    names: tuple[str, ...]
    markers: Array

    def along(self, name: str) -> Array:
        """Path (N, 3) of one marker."""
        return self.markers[:, self.names.index(name)]

    def world(self, index: int, heading_deg: float = 0.0) -> Markers:
        """Markers of one instant in world axes, the person's heading made forward."""
        cosine, sine = np.cos(np.radians(heading_deg)), np.sin(np.radians(heading_deg))
        x, y, z = self.markers[index].T
        turned = np.stack([cosine * y - sine * x, -cosine * x - sine * y, z], axis=1)
        return dict(zip(self.names, turned, strict=True))

    def usable(self) -> Array:
        """Which instants (N,) have every marker; a lost one lies at the origin."""
        return (self.markers != 0.0).any(axis=2).all(axis=1)


def trials(footage: Path) -> list[Trial]:
    """Read the recordings."""
    with np.load(footage / RECORDING) as data:
        points = data["markers_0p2mm"].astype(np.float64) * 2e-4
        names = tuple(map(str, data["marker_names"]))
        starts, ends = data["offsets"][:-1], data["offsets"][1:]
        labels = zip(data["movement"], data["subject"], data["condition"], strict=True)
        return [
            Trial(str(movement), int(subject), condition == "correct", names, points[start:end])
            for (movement, subject, condition), start, end in zip(labels, starts, ends, strict=True)
        ]


@dataclass(frozen=True)
class Person:
    """How one person stands: what the markers read, ankle height by side, ankle spread."""

    standing: Standing
    ankle_z_m: dict[str, float]
    half_spread_m: float

    def on_both_feet(self, markers: Markers) -> bool:
        """Whether both feet are on the ground, side by side."""
        left, right = markers["LANK"], markers["RANK"]
        high = max(left[2] - self.ankle_z_m["L"], right[2] - self.ankle_z_m["R"])
        return bool(high < ON_GROUND_M and abs(left[1] - right[1]) < BESIDE_M)


def _reading(markers: Markers) -> Array:
    """Obliquity, tilt, thorax, both foot angles, half the ankle spread, as the markers read."""
    _, obliquity, tilt = pelvis_deg(markers)
    person = measured(markers, Standing())
    feet = [person.ankle_deg(side) + 90.0 for side in "LR"]
    spread = person.joint("foot.L")[0] - person.joint("foot.R")[0]
    return np.array([obliquity, tilt, person.thorax_deg, *feet, spread / 2.0])


def person_of(recordings: list[Trial]) -> Person:
    """How someone stands, from the hurdle steps: between steps both feet are on the ground."""
    heights = {
        side: float(
            np.percentile(np.concatenate([t.along(f"{side}ANK")[:, 2] for t in recordings]), 5)
        )
        for side in "LR"
    }
    unknown = Person(Standing(), heights, 0.0)
    instants = (trial.world(i) for trial in recordings for i in np.flatnonzero(trial.usable())[::5])
    seen = [_reading(markers) for markers in instants if unknown.on_both_feet(markers)]
    obliquity, tilt, thorax, left, right, half = np.median(seen, axis=0)
    standing = Standing(obliquity, tilt, thorax, {"L": left, "R": right})
    return Person(standing, heights, float(half))


def stance_of(trial: Trial) -> str:
    """Name the side that stays, is in front or is loaded."""
    left, right = trial.along("LANK"), trial.along("RANK")
    if trial.movement == "m02":
        return "L" if np.ptp(left[:, 2]) < np.ptp(right[:, 2]) else "R"
    pelvis = (trial.along("LASI") + trial.along("RASI")) / 2.0
    if trial.movement == "m03":
        back = (trial.along("LPSI") + trial.along("RPSI")) / 2.0
        ahead = ((left - right) * (pelvis - back))[:, :2].sum(axis=1)
        return "L" if np.median(ahead) > 0.0 else "R"
    deep = int(np.argmin(pelvis[:, 2]))
    near = [np.hypot(*(ankle - pelvis)[deep, :2]) for ankle in (left, right)]
    return "L" if near[0] < near[1] else "R"


def heading_deg(trial: Trial, stance: str) -> float:
    """Where the person faces in the laboratory; inline lunges go off at an angle."""
    if trial.movement != "m03":
        return 0.0
    foot = np.median((trial.along(f"{stance}TOE") - trial.along(f"{stance}HEE")), axis=0)
    return float(np.degrees(np.arctan2(foot[1], foot[0])))


def free_leg_deg(person: Measured, side: str) -> tuple[float, float, float]:
    """Hip flexion, hip abduction and knee flexion with which `free_ankle` finds the ankle."""
    hip, knee, ankle = (person.joint(f"{bone}.{side}") for bone in LEG)
    upper, lower = np.linalg.norm(knee - hip), np.linalg.norm(ankle - knee)
    flexion = knee_flexion_deg(person, side)
    bend = np.radians(flexion)
    outward, forward, down = (ankle - hip) * [OUTWARD[side], -1.0, -1.0]
    behind = np.arctan2(lower * np.sin(bend), upper + lower * np.cos(bend))
    swing = np.arctan2(forward, np.hypot(outward, down)) + behind
    return float(np.degrees(swing)), float(np.degrees(np.arctan2(outward, down))), flexion


def _support(person: Measured, stance: str, lifted: bool, half_m: float) -> dict[str, float]:
    """Where the centre of mass is, in the terms of `stand`."""
    at, other = person.joint(f"foot.{stance}"), person.joint(f"foot.{OTHER[stance]}")
    aside, behind = (centre_of_mass(person) - at)[:2]
    found = {"lift": float(lifted), "sway_back_m": behind + WEIGHT_AHEAD_OF_ANKLE_M}
    if lifted:
        return found | {"weight": 1.0, "sway_left_m": aside, "half_spread_m": half_m}
    half = (other - at)[0] / 2.0
    return found | {"weight": 1.0 - aside / half, "sway_left_m": 0.0, "half_spread_m": abs(half)}


def _stance_leg(person: Measured, stance: str) -> dict[str, float]:
    """Angles and length of the leg that stands."""
    hip, knee, ankle = (person.joint(f"{bone}.{stance}") for bone in LEG)
    foot = person.foot(stance)
    return {
        "stance_knee_deg": knee_flexion_deg(person, stance),
        "fppa_deg": fppa_deg(hip, knee, ankle, stance),
        "toe_out_deg": OUTWARD[stance] * float(np.degrees(np.arctan2(foot[0], -foot[1]))),
        "leg_m": float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee)),
    }


def angles(person: Measured, stance: str, lifted: bool, half_m: float) -> dict[str, float]:
    """Every number of a `RecordedPose`; `half_m` is half the ankle spread with both feet down."""
    turn, obliquity, tilt = person.pelvis_deg
    flexion, abduction, knee = free_leg_deg(person, OTHER[stance])
    return {
        "pelvic_drop_deg": -OUTWARD[stance] * obliquity,
        "pelvic_turn_deg": turn,
        "pelvic_tilt_deg": tilt,
        "trunk_lean_deg": trunk_lean_deg(person, stance),
        "trunk_flexion_deg": person.thorax_deg,
        "free_hip_flexion_deg": flexion,
        "free_hip_abduction_deg": abduction,
        "free_knee_deg": knee,
        "free_ankle_deg": person.ankle_deg(OTHER[stance]),
        **_stance_leg(person, stance),
        **_support(person, stance, lifted, half_m),
    }


def thigh_seen(person: Measured, side: str) -> bool:
    """Whether the thigh is long enough from in front for a projected knee angle."""
    hip, knee = (person.joint(f"{bone}.{side}") for bone in LEG[:2])
    seen = np.linalg.norm((knee - hip)[[0, 2]])
    return bool(seen > SEEN_THIGH * np.linalg.norm(knee - hip))


def rows_of(trial: Trial, who: Person, step: int) -> Iterator[RecordedPose]:
    """Every `step`-th instant of a recording."""
    stance = stance_of(trial)
    heading = heading_deg(trial, stance)
    labels: Any = (MOVEMENTS[trial.movement], trial.subject, trial.correct, stance)
    usable = trial.usable()
    for index in range(0, len(usable), step):
        if usable[index]:
            markers = trial.world(index, heading)
            lifted = trial.movement != "m04" and not who.on_both_feet(markers)
            person = measured(markers, who.standing)
            if thigh_seen(person, stance):
                yield RecordedPose(*labels, **angles(person, stance, lifted, who.half_spread_m))


def different(rows: list[RecordedPose]) -> list[RecordedPose]:
    """Leave out what has been seen: poses close to an earlier one of the same person's movement."""
    by_degrees = [name for name in NUMBERS if name.endswith("_deg")]
    scale = np.array([NEW_DEG.get(name, NEW_OTHER_DEG) for name in by_degrees])
    kept: dict[tuple[str, int], list[Array]] = {}
    new = []
    for row in rows:
        at = np.array([getattr(row, name) for name in by_degrees]) / scale
        before = kept.setdefault((row.movement, row.subject), [])
        if not before or np.abs(np.stack(before) - at).max(axis=1).min() > 1.0:
            before.append(at)
            new.append(row)
    return new


def read_recording(footage: Path) -> list[RecordedPose]:
    """All different poses of all people."""
    recordings = trials(footage)
    rows: list[RecordedPose] = []
    for subject in sorted({trial.subject for trial in recordings}):
        own = [trial for trial in recordings if trial.subject == subject]
        who = person_of([trial for trial in own if trial.movement == "m02"])
        for trial in own:
            rows.extend(rows_of(trial, who, round(STEP_S * 50)))
    return different(rows)


def save(rows: list[RecordedPose], path: Path = POSES) -> None:
    """Write the rows, numbers rounded to half precision."""
    labels = [astuple(row)[:LABELS] for row in rows]
    movement, subject, correct, stance = map(np.array, zip(*labels, strict=True))
    numbers = np.array([astuple(row)[LABELS:] for row in rows], dtype=np.float16)
    np.savez_compressed(
        path,
        source=np.array("UI-PRMD, doi 10.3390/data3010002, public domain (ODC-PDDL)"),
        movement=movement,
        subject=subject.astype(np.uint8),
        correct=correct,
        stance=stance,
        columns=np.array(NUMBERS),
        numbers=numbers,
    )


@cache
def load_recorded(path: Path = POSES) -> tuple[RecordedPose, ...]:
    """Read the rows that come with the project; no recording is needed."""
    with np.load(path) as data:
        columns = tuple(map(str, data["columns"]))
        labels = zip(
            data["movement"], data["subject"], data["correct"], data["stance"], strict=True
        )
        return tuple(
            RecordedPose(
                str(movement),
                int(subject),
                bool(correct),
                str(stance),
                **dict(zip(columns, map(float, row), strict=True)),
            )
            for (movement, subject, correct, stance), row in zip(
                labels, data["numbers"], strict=True
            )
        )


def main() -> None:
    """Write `recorded_poses.npz` from the recording."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--footage", type=Path, required=True, help="folder that holds mocap/")
    rows = read_recording(parser.parse_args().footage)
    save(rows)
    print(f"{POSES}: {len(rows)} poses, {POSES.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
