"""What a second look at the pelvis is worth: ``python -m training.judge_look STATE --pictures FOLDER``.

Compares, on the same pictures, the model of the landmarks, the crop alone, crop and landmarks in one
network, and the model with either, weighted by their variances: on bodies that were held out, on
peaks of clips, on the other look, and on marked frames of real people.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks import harness
from benchmarks.accuracy import usual
from benchmarks.angle_errors import Errors
from glutecam.capture.video import VideoFile
from glutecam.core.assessment import Side
from glutecam.core.body_shape import shapes
from glutecam.core.measures import hip_line_deg
from glutecam.core.pelvis import PELVIS_MODEL, pelvic_obliquity
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Posture
from glutecam.core.smoothing import _filter_piece, zero_phase
from glutecam.core.stance import SwapCarry, find_swaps
from training.examples import KINDS, Examples, _as_series
from training.films import Film, films
from training.fit_look import LookNetwork, LookPlan, Sight, looked
from training.fit_pelvis import Ruler
from training.landmarks import PX_STEP, _stored, crop
from training.looks import Pictures, load_pictures
from training.rotations import Array

Z90 = 1.6449


class Judge:
    """A trained second look, its deviations calibrated on bodies of their own."""

    def __init__(self, network: LookNetwork, ruler: Ruler, calibration: Pictures) -> None:
        self._network, self._ruler, self._factors = network, ruler, (1.0, 1.0)
        glance, both = self._looks(calibration)
        truth = calibration.examples.target_deg
        self._factors = (_factor(glance, truth), _factor(both, truth))

    def _looks(self, pictures: Pictures) -> tuple[Sight, Sight]:
        found = looked(self._network, pictures, self._ruler, LookPlan())
        glance, both = (
            Sight(one.angle, one.sd * factor)
            for one, factor in zip(found, self._factors, strict=True)
        )
        return glance, both

    def methods(self, pictures: Pictures, poses: PoseSeries | None = None) -> dict[str, Sight]:
        """Return what every method finds; the landmarks may come smoothed."""
        found = pelvic_obliquity(pictures.examples.poses if poses is None else poses)
        model, (glance, both) = Sight(found.value, found.sd), self._looks(pictures)
        return {
            PELVIS_MODEL: model,
            "crop": glance,
            "crop and landmarks": both,
            f"{PELVIS_MODEL} + crop": fused(model, glance),
            f"{PELVIS_MODEL} + crop and landmarks": fused(model, both),
        }


def _factor(sight: Sight, truth: Array) -> float:
    return float(np.quantile(np.abs(sight.angle - truth) / sight.sd, 0.9)) / Z90


def fused(one: Sight, other: Sight) -> Sight:
    """Return the mean, weighted by inverse variances, with the deviation of independent errors."""
    a, b = one.sd**-2.0, other.sd**-2.0
    return Sight((a * one.angle + b * other.angle) / (a + b), (a + b) ** -0.5)


def _show(name: str, found: dict[str, Errors]) -> None:
    print(f"\n{name}")
    for method, errors in found.items():
        _, _, n, mae, bias, slope, r, limits, inside, _ = errors.row(name, method)
        inside = "" if inside is None else f", inside 90 %: {100 * float(inside):.0f} %"
        print(
            f"  {method:32s} n {n}, MAE {mae:.2f}, bias {bias:+.2f}, slope {slope:.2f}, r {r:.2f}, "
            f"limits {limits}{inside}",
            flush=True,
        )


def stills(judge: Judge, pictures: Pictures) -> dict[str, Errors]:
    """Errors on single pictures, as benchmarks.accuracy shows them."""
    chosen = pictures.where(usual(pictures.examples).astype(bool))
    truth = chosen.examples.target_deg
    found = {
        method: Errors(sight.angle, truth, Z90 * sight.sd)
        for method, sight in judge.methods(chosen).items()
    }
    return {"raw": Errors(hip_line_deg(chosen.examples.poses), truth)} | found


def clip_peaks(judge: Judge, folder: Path) -> dict[str, Errors]:
    """Errors of the peak drop of every repetition, from the quiet posture, of the test clips."""
    pictures = load_pictures(("clips",), folder)
    values: dict[str, list[float]] = {}
    truth: list[float] = []
    for film in films(folder=folder):
        if film.for_calibration:
            continue
        rows, part = _of_film(pictures, film)
        smooth = zero_phase(film.poses).image_px[rows]
        poses = _as_series(smooth, part.examples.poses.world_m)
        for method, sight in judge.methods(part, poses).items():
            values.setdefault(method, []).extend(_peaks(film, rows, sight.angle))
        truth += [
            float(film.change_deg()[film.rep == rep].max()) for rep in range(film.rep.max() + 1)
        ]
    return {method: Errors(np.array(found), np.array(truth)) for method, found in values.items()}


def _of_film(pictures: Pictures, film: Film) -> tuple[NDArray[np.intp], Pictures]:
    """Return which frames of a film have a picture, and those."""
    truth = pictures.examples.truth
    part = pictures.where(np.asarray(truth["body"] == film.truth["body"][0]))
    return np.searchsorted(film.truth["time_s"], part.examples.truth["time_s"]), part


def _peaks(film: Film, rows: NDArray[np.intp], angle: Array) -> Iterator[float]:
    """Yield the largest change of each repetition, smoothed as the landmarks are."""
    time_s = film.poses.time_s
    drop = np.interp(time_s, time_s[rows], angle if film.side is Side.RIGHT else -angle)
    _filter_piece(time_s, drop[None], slice(None))  # in place
    change = drop - np.median(drop[film.quiet])
    for rep in range(film.rep.max() + 1):
        yield float(change[film.rep == rep].max())


def real_frames(judge: Judge, footage: Path, cache: Path | None) -> dict[str, dict[str, Errors]]:
    """Errors on frames of real people in which two raters marked the pelvis, by clip."""
    marks = json.loads((footage / "annotations" / "pelvis_lines.json").read_text("utf-8"))["frames"]
    found = {}
    for clip in dict.fromkeys(mark["clip"] for mark in marks):
        path = footage / "video" / clip
        poses = harness.recording(path, cache).poses
        swapped, _ = find_swaps(poses, Posture.STANDING, SwapCarry())
        of = [m for m in marks if m["clip"] == clip and not swapped[m["frame"]]]
        rows = np.array([mark["frame"] for mark in of])
        truth = np.array([mark["obliquity_deg"] for mark in of])
        part = _marked(path, poses, rows, truth)
        raw = hip_line_deg(poses)[rows]
        found[clip] = {"raw": Errors(raw, truth)} | {
            method: Errors(sight.angle, truth, Z90 * sight.sd)
            for method, sight in judge.methods(part).items()
        }
    return found


def _marked(path: Path, poses: PoseSeries, rows: NDArray[np.intp], truth: Array) -> Pictures:
    """Crop the marked frames as those of training are cropped."""
    with VideoFile(path) as video:
        images = {frame.index: frame.image for frame in video if frame.index in set(rows.tolist())}
    crops = np.stack([crop(images[i], _stored(poses.image_px[i], PX_STEP)) for i in rows])
    turned = poses.facing[rows] < 0.0
    crops[turned] = crops[turned, :, ::-1]
    some = _as_series(poses.image_px[rows], poses.world_m[rows])
    examples = Examples(shapes(some), truth, np.zeros(len(rows), np.int64), {}, some)
    hips = np.zeros((len(rows), 2, 2))
    return Pictures(examples, crops, hips, pelvic_obliquity(some).value)


def restored(state: Path, known: Pictures) -> tuple[LookNetwork, Ruler]:
    """Return a network as it was kept."""
    ruler = Ruler.of(known.level_shape, 0.5)
    network = LookNetwork(ruler.turn.shape[1], LookPlan())
    network.load_state_dict(torch.load(state, weights_only=True)["network"])
    return network, ruler


def main() -> None:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path, help="what training.fit_look kept")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--at-most", type=int, help="as many as it was trained with")
    harness.add_footage(parser, inside="")
    parser.add_argument("--cache", type=Path, help="landmarks of clips kept by the benchmarks")
    parser.add_argument("--stills-only", action="store_true")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    pictures = load_pictures(KINDS, chosen.pictures)
    trained_on = load_pictures(KINDS, chosen.pictures, chosen.at_most)
    of = trained_on.examples
    known = trained_on.where(~of.held_out & ~of.for_calibration)
    every = pictures.examples
    judge = Judge(*restored(chosen.state, known), pictures.where(every.for_calibration))
    usual_kinds = load_pictures(("standing", "recorded"), chosen.pictures)
    test = usual_kinds.where(usual_kinds.examples.held_out)
    _show("held-out bodies", stills(judge, test))
    try:
        _show("other look", stills(judge, load_pictures(("other-standing",), chosen.pictures)))
    except FileNotFoundError as err:
        print(err)
    if chosen.stills_only:
        return
    _show("clips, peak drop", clip_peaks(judge, chosen.pictures))
    real = real_frames(judge, chosen.footage, chosen.cache)
    for clip, found in real.items():
        _show(clip, found)
    for method in next(iter(real.values())):
        errors = np.concatenate([found[method].error for found in real.values()])
        print(f"all real frames, {method}: n {len(errors)}, MAE {np.abs(errors).mean():.2f}")


if __name__ == "__main__":
    main()
