"""Coordinates of an OpenSim motion (``.mot``): only those that were measured.

The signs are OpenSim's: ``pelvis_list`` + = the subject's right side down, so minus the obliquity
[F10][D]; ``hip_adduction`` + = adduction on either side; ``lumbar_bending`` + = to the right, of the
trunk against the pelvis; ``knee_angle`` + = flexion, as in the models of Rajagopal and LaiUhlrich (in
gait2392 flexion is negative). A coordinate that was not measured is not in the file: an OpenSim
model keeps its default for it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from glutecam.core.assessment import Side
from glutecam.core.measures import KNEE_FLEXION, TRUNK_LEAN
from glutecam.core.pelvis import HIP_ADDUCTION, PELVIC_DROP
from glutecam.core.poses import FloatArray
from glutecam.core.wording import reduced_accuracy_of
from glutecam.errors import InputError
from glutecam.records.files import write_whole
from glutecam.records.schema import AssessmentDocument

__all__ = ["coordinates", "write_mot"]

_OF_THE_LEG = {HIP_ADDUCTION.name: "hip_adduction", KNEE_FLEXION.name: "knee_angle"}
_LETTER = {Side.RIGHT: "r", Side.LEFT: "l"}


def write_mot(path: Path, document: AssessmentDocument) -> list[str]:
    """Write the motion, and return what its reader should know.

    Frames in which one of the coordinates was not seen are left out, so the times need not be evenly
    spaced.

    Raises
    ------
    InputError
        Where nothing that was measured is a coordinate of an OpenSim model, or nothing was seen.
    OutputError
        Where it cannot be written.
    """
    found = coordinates(document)
    if not found:
        raise InputError(
            f"Nothing that {document.exercise.title.lower()} measures is a coordinate of an OpenSim "
            "model. Export the frames (--to frames) instead."
        )
    time_s = np.asarray(document.assessment.time_s, dtype=np.float64)
    table = np.column_stack([time_s, *found.values()])
    whole = table[np.isfinite(table).all(axis=1)]
    if not len(whole):
        raise InputError(f"In no frame were all of {', '.join(found)} seen: nothing was written.")
    made_by = document.assessment.provenance
    reduced = [reduced_accuracy_of(made_by.pose_model)] if made_by.reduced_accuracy else []
    write_whole(path, _text(path, ["time", *found], whole, reduced).encode())
    left_out = len(table) - len(whole)
    notes = [f"{left_out} of {len(table)} frames were not seen in full and are left out."]
    return (notes if left_out else []) + _note_on_sides(document)


def coordinates(document: AssessmentDocument) -> dict[str, FloatArray]:
    """Return the measured coordinates of an OpenSim model in degrees, (T,) each, by name.

    Where both legs were worked, those of the legs are left out, and the rest is there within the
    repetitions only: elsewhere nobody can say to which leg a frame belongs.
    """
    right = _right_is_plus(document)
    drop, lean = (_signal(document, each.name) for each in (PELVIC_DROP, TRUNK_LEAN))
    found: dict[str, FloatArray] = {}
    if drop is not None:
        found["pelvis_list"] = -right * drop
    if drop is not None and lean is not None:
        # The trunk against the pelvis: both turn about the same forward axis.
        found["lumbar_bending"] = right * lean - found["pelvis_list"]
    if len(document.assessment.sides) == 1:
        letter = _LETTER[document.assessment.sides[0]]
        for name, joint in _OF_THE_LEG.items():
            signal = _signal(document, name)
            if signal is not None:
                found[f"{joint}_{letter}"] = signal
    return found


def _signal(document: AssessmentDocument, name: str) -> FloatArray | None:
    entry = document.assessment.signals.get(name)
    return None if entry is None else np.array(entry.value, dtype=np.float64)


def _right_is_plus(document: AssessmentDocument) -> FloatArray:
    """Return +1 where the right leg is worked, -1 for the left, NaN where that is not known, (T,)."""
    judged = document.assessment
    frames = len(judged.time_s)
    if len(judged.sides) == 1:
        return np.full(frames, 1.0 if judged.sides[0] is Side.RIGHT else -1.0)
    sign = np.full(frames, np.nan)
    for rep in judged.reps:
        sign[rep.start : rep.end] = 1.0 if rep.side is Side.RIGHT else -1.0
    return sign


def _note_on_sides(document: AssessmentDocument) -> list[str]:
    if len(document.assessment.sides) == 1:
        return []
    return [
        "Both legs were worked, so the coordinates of the legs are left out. Judge each leg by "
        "itself (--side left, --side right) to have them."
    ]


def _text(path: Path, names: list[str], rows: FloatArray, reduced: list[str]) -> str:
    head = [
        path.stem,
        "version=1",
        f"nRows={len(rows)}",
        f"nColumns={len(names)}",
        "inDegrees=yes",
        "",
        "Made by glutecam from one camera: frontal plane, estimates. Pelvis, trunk and knee are changes",
        "from quiet standing. Frames that were not seen are left out, never filled.",
        *reduced,
        "Movement measurement, not a diagnosis.",
        "",
        "endheader",
        "\t".join(names),
    ]
    # Adding zero takes the sign from a negative zero.
    values = np.round(rows, 4) + 0.0
    body = [
        "\t".join([f"{time:.6f}", *(f"{value:.4f}" for value in row[1:])])
        for time, row in zip(rows[:, 0], values, strict=True)
    ]
    return "\n".join([*head, *body]) + "\n"
