"""Deliberately bad recordings: what refuses each of them, and that none of them is judged.

Sample clips and real ones are spoiled with their own pixels, others are rendered with the camera in
a wrong place, and each goes through the whole program. None may be called fine or faulty; refused
for the right reason is the aim, *inconclusive* is bearable. The same clips unspoiled, and all sample
clips, must pass every gate. With ``--cache`` landmarks are kept, and rendered clips too.
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp

from benchmarks import bad_recordings, harness
from benchmarks.bad_recordings import Bad
from benchmarks.bad_rendered import RENDERED, render
from benchmarks.damage import Damaged
from benchmarks.harness import Figure, Report, Table
from glutecam import exercises, pipeline
from glutecam.core.assessment import Assessment, Verdict
from glutecam.records.posefile import Recording, load_poses, save_poses

AIM = 40
JUDGED = (Verdict.FINE, Verdict.FAULT)


@dataclass(frozen=True)
class Outcome:
    """What became of one recording."""

    bad: Bad
    assessment: Assessment

    @property
    def failed(self) -> tuple[str, ...]:
        """Gates that refused it."""
        return tuple(gate.code for gate in self.assessment.gates if not gate.passed)

    @property
    def is_judged(self) -> bool:
        """Whether it got a verdict on the movement; what was mended may get one."""
        return self.assessment.verdict in JUDGED and bool(self.bad.gates)

    @property
    def is_right(self) -> bool:
        """Whether it was refused for the right reason, or judged once it was mended."""
        if not self.bad.gates:
            return self.assessment.verdict in (Verdict.FINE, Verdict.INCONCLUSIVE)
        return bool(set(self.failed) & set(self.bad.gates))

    def row(self) -> tuple[str | float | int | None, ...]:
        """Return what the table shows."""
        first = next((gate for gate in self.assessment.gates if not gate.passed), None)
        return (
            self.bad.name, self.bad.exercise, self.assessment.verdict.value,
            ", ".join(self.failed), first.measured if first else "",
            " or ".join(self.bad.gates) or "mended", "yes" if self.is_right else "NO",
        )  # fmt: skip


COLUMNS = ("recording", "judged as", "verdict", "gates that refused it", "measured", "expected",
           "right reason")  # fmt: skip


def kept_path(bad: Bad, cache: Path, model: str) -> Path:
    """Return where the landmarks of a bad recording are kept: by its clip and its name."""
    what = f"{bad.name} {bad.length_s} {bad.follow} {model} {version('mediapipe')}"
    key = hashlib.sha256(bad.path.read_bytes() + what.encode())
    return cache / f"gate-{key.hexdigest()[:16]}.npz"


def landmarks(bad: Bad, cache: Path | None, model: str) -> Recording:
    """Return the landmarks of a bad recording, kept below ``cache`` where there is one."""
    kept = kept_path(bad, cache, model) if cache else None
    if kept is not None and kept.is_file():
        return load_poses(kept)
    source = Damaged(bad.path, bad.damage, bad.length_s)
    with source, pipeline.open_model(model, follow=bad.follow) as estimator:
        found = pipeline.record(source, estimator)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        save_poses(kept, found.poses, model_name=found.model_name, source_name=bad.name, fps=None)
    return found


def outcome(bad: Bad, cache: Path | None, model: str) -> Outcome:
    """Send one recording through the program."""
    recording = landmarks(bad, cache, model)
    judged = pipeline.judge(recording, exercises.get(bad.exercise), side=bad.side)
    return Outcome(bad, judged)


def rendered(folder: Path) -> tuple[list[Bad], list[str]]:
    """Return the rendered clips, and a note for what could not be made."""
    found, notes = [], []
    for one in RENDERED:
        try:
            path = render(one, folder)
        except ImportError as err:
            notes.append(f"Not rendered without the extra [training] ({err}): {one.name}.")
            continue
        found.append(Bad(f"rendered: {one.name}", path, one.exercise, one.gates, seconds=60.0))
    return found, notes


def figures(spoiled: list[Outcome], good: list[Outcome]) -> list[Figure]:
    """Return what is asked: none judged, the good ones not refused."""
    right = sum(one.is_right for one in spoiled) / max(len(spoiled), 1)
    wrong = [one for one in good if one.failed]
    note = "; ".join(f"{one.bad.name}: {', '.join(one.failed)}" for one in wrong)
    return [
        Figure("bad recordings", float(len(spoiled)), at_least=AIM),
        Figure("bad recordings called fine or faulty", float(sum(o.is_judged for o in spoiled)),
               at_most=0),
        Figure("refused for the right reason, or mended", right, at_least=0.95),
        Figure("good recordings", float(len(good))),
        Figure("good recordings refused", float(len(wrong)), at_most=0, note=note),
    ]  # fmt: skip


def gates(arguments: argparse.Namespace) -> Report:
    """Judge them all."""
    report = Report("gates", "is any bad recording judged, and is each refused for its reason?")
    folder = arguments.cache or Path(mkdtemp(prefix="glutecam-gates-"))
    cameras, report.notes = rendered(folder / "rendered")
    wanted = [*bad_recordings.made(), *cameras]
    if arguments.footage.is_dir():
        wanted += bad_recordings.real(arguments.footage)
    else:
        report.notes.append("The folder of real clips is not there; they were left out.")
    chosen = [bad for bad in wanted if arguments.only in bad.name]
    spoiled = [outcome(bad, arguments.cache, arguments.model) for bad in chosen]
    good = [outcome(bad, arguments.cache, arguments.model) for bad in bad_recordings.unspoiled()]
    good += [_sample(sample, arguments) for sample in harness.sample_clips(arguments.only)]
    report.figures += figures(spoiled, good)
    report.tables += [
        Table("bad recordings", COLUMNS, [one.row() for one in spoiled]),
        Table("good recordings", COLUMNS[:4], [one.row()[:4] for one in good]),
    ]
    report.notes.append(
        "The pose model gives hips that are covered full visibility, so something before them is not "
        "noticed; somebody so close beside that two bodies count as one is not either. What each "
        "is called then stands in the table: it may be a fault that is not theirs."
    )
    return report


def _sample(sample: harness.Sample, arguments: argparse.Namespace) -> Outcome:
    judged = pipeline.judge(sample.recording(arguments.cache, arguments.model), sample.exercise)
    return Outcome(Bad(sample.name, sample.path, sample.exercise.name, ()), judged)


if __name__ == "__main__":
    parser = harness.options(__doc__)
    parser.add_argument("--model", default="full", help="pose model")
    harness.add_footage(parser)
    raise SystemExit(harness.main(parser, gates))
