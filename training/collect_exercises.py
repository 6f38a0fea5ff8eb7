"""Film every exercise and keep what the pose model sees: ``python -m training.collect_exercises``.

One file for each exercise and body; a file that is there is left alone, so the command can be
stopped and started again. ``benchmarks/exercises.py`` judges what was kept.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from glutecam.capture.frames import Frame
from glutecam.capture.mediapipe_pose import MediaPipePose
from glutecam.capture.weights import model_path
from glutecam.core.poses import PoseSeries
from training.acts import Act
from training.all_acts import ACTS
from training.bodies import Body, build
from training.exact import about, columns, joints_of
from training.exercise_set import Studio, frames
from training.kept_clips import KeptClip, write_clip
from training.seeds import EXERCISES
from training.wardrobe import draw_body

KEPT = Path(__file__).resolve().parent / "landmarks" / "exercises"
VARIANT = "full"


def seed_of(number: int) -> int:
    """Return the seed of a body of this set."""
    return EXERCISES[number]


def act_of(make: Callable[[Body, str, int], Act], number: int, body: Body | None = None) -> Act:
    """Return what body `number` does: even ones with the right leg, odd ones with the left."""
    seed = seed_of(number)
    return make(body or build(draw_body(seed)), "LR"[number % 2 == 0], seed)


def _joined(parts: list[PoseSeries]) -> PoseSeries:
    return parts[0].with_arrays(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("time_s", "image_px", "world_m", "visibility", "people")
        }
    )


def filmed(studio: Studio, number: int, model: MediaPipePose) -> KeptClip:
    """Film one act, and look at it with the pose model as the product would."""
    model.start_anew()
    parts: list[PoseSeries] = []
    reps, moments = [], []
    for index, row in enumerate(frames(studio)):
        image = np.ascontiguousarray(row.image)
        parts.append(model.estimate(Frame(index, row.shown.time_s, image, 0.0)))
        reps.append(row.shown.rep)
        moments.append(row.drawn.number)
    known = studio.drawn
    return KeptClip(
        poses=_joined(parts),
        rep=np.array(reps, dtype=np.int64),
        moment=np.array(moments, dtype=np.int64),
        truth=columns([drawn.truth for drawn in known]),
        joints_m=np.stack([joints_of(drawn.posed) for drawn in known]),
        about=about(studio.act, seed_of(number), studio.camera.as_dict(), VARIANT),
    )


def collect(exercise: str, number: int, folder: Path, model: MediaPipePose) -> str:
    """Film one act and keep it; returns a line about it."""
    start = time.process_time()
    studio = Studio(act_of(ACTS[exercise], number), seed_of(number))
    clip = filmed(studio, number, model)
    path = folder / exercise / f"{number:03d}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_clip(path, clip)
    took = time.process_time() - start
    size = path.stat().st_size / 1024.0
    return (
        f"{len(clip.poses)} frames, {len(studio.drawn)} drawn, {took:.0f} s of CPU, {size:.0f} KiB"
    )


def main() -> None:
    """Read the command line and film what is missing, body by body."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exercise", action="append", choices=sorted(ACTS), help="only this one")
    parser.add_argument("--first", type=int, default=0, help="number of the first body")
    parser.add_argument("--bodies", type=int, default=20)
    parser.add_argument("--out", type=Path, default=KEPT)
    chosen = parser.parse_args()
    with MediaPipePose(model_path(VARIANT), VARIANT, count_people_every_s=None) as model:
        for number in range(chosen.first, chosen.first + chosen.bodies):
            for exercise in chosen.exercise or ACTS:
                if not (chosen.out / exercise / f"{number:03d}.npz").is_file():
                    line = collect(exercise, number, chosen.out, model)
                    print(f"{exercise} {number:03d}: {line}", flush=True)


if __name__ == "__main__":
    main()
