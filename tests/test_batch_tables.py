"""The tables of a batch, made from the clips' own records."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from glutecam.batch.plan import plan
from glutecam.batch.record import FORMAT, folder_of
from glutecam.batch.tables import write_tables
from glutecam.core.scoring import score_in_words


def written(folder: Path, summary: dict[str, str], reps: list[dict[str, str]]) -> dict[str, dict]:
    """Return the last row of each table of a clip with one set, of which this was kept."""
    (folder / "in").mkdir()
    (folder / "in" / "step_down_left.mp4").write_bytes(b"x")
    clips = plan(folder / "in", None).clips
    place = {"set": 1, "sets": 1, "start_s": 0.0, "end_s": 9.0, "assessment": "assessment.json"}
    record = {
        "format": FORMAT, "keys": {}, "error": "",
        "sets": [{**place, "summary": summary, "reps": reps}],
    }  # fmt: skip
    kept = folder_of(folder, clips[0])
    kept.mkdir(parents=True)
    (kept / "clip.json").write_text(json.dumps(record), encoding="utf-8")
    write_tables(folder, clips, lambda _: True)
    tables = {}
    for name in ("reps.csv", "summary.csv"):
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            *_, tables[name] = csv.DictReader(stream)
    return tables


@pytest.mark.parametrize("row", [{"rep": "1"}, {"rep": "1", "reduced_accuracy": "yes"}])
def test_every_repetition_says_which_model_it_comes_from(tmp_path: Path, row: dict) -> None:
    """Also where the record was kept by a version whose rows did not yet say so."""
    summary = {"pose_model": "lite", "reduced_accuracy": "yes", "verdict": "fine"}
    for read in written(tmp_path, summary, [row]).values():
        assert (read["pose_model"], read["reduced_accuracy"]) == ("lite", "yes")


@pytest.mark.parametrize(
    ("score", "of_reps", "ends"),
    [
        # As terminal and report say it: 45 to 70, 60 alone, and no score at all.
        ("60.0", ["50.0", "70.0", "60.0", ""], ("45.0", "70.0")),
        ("60.0", ["50.0", "70.0"], ("60.0", "60.0")),
        ("", ["50.0", "", ""], ("", "")),
    ],
)
def test_a_score_has_its_lowest_and_highest_beside_it(
    tmp_path: Path, score: str, of_reps: list[str], ends: tuple[str, str]
) -> None:
    reps = [{"rep": "1", "complete": "yes", "score": one} for one in of_reps]
    reps.append({"rep": "1", "complete": "no", "score": ""})
    row = written(tmp_path, {"verdict": "fault", "score": score}, reps)["summary.csv"]
    assert (row["score"], row["score_low"], row["score_high"]) == (score, *ends)
    known = [float(one) if one else None for one in of_reps]
    told = score_in_words(float(score) if score else None, known)
    assert told == " to ".join(dict.fromkeys(f"{float(end):.0f}" for end in ends if end))
