"""The benchmark of exercises says what was planted, counts, and keeps "can't tell" apart."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import replace

import numpy as np
import pytest
from stick import stick_body

from benchmarks import exercises as benchmark
from benchmarks.planted import Said, beyond_edge, edges, is_planted, judgements
from benchmarks.planted_calibration import left_out
from benchmarks.planted_clean import (
    clean_repetitions,
    clean_table,
    faulty_repetitions,
    passed_figures,
)
from benchmarks.planted_sheets import compared
from benchmarks.planted_smallest import smallest_table, surely_from
from glutecam import exercises
from glutecam.core.assessment import Band
from glutecam.core.measures import Z90
from training.acts_one_leg import step_down
from training.exact import exact
from training.kept_clips import write_clip


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory):
    """One step-down seen by a pose model that makes no error."""
    folder = tmp_path_factory.mktemp("clips")
    clip = exact(step_down(stick_body(), "R", 62_000), 62_000)
    (folder / "step-down").mkdir()
    write_clip(folder / "step-down" / "000.npz", replace(clip, poses=clip.ideal()))
    return folder


@pytest.fixture(scope="module")
def found(kept):
    return list(judgements(kept))


def test_sizes_are_planted_absent_or_neither() -> None:
    squat = exercises.get("single-leg-squat")
    drop, valgus, depth = (squat.rule(code) for code in ("GC101", "GC104", "GC105"))
    tempo, touch = squat.rule("GC106"), squat.rule("GC107")
    assert edges(drop) == (16.5, 5.5)
    assert [is_planted(drop, v) for v in (17.0, 12.0, 5.0, math.nan)] == [True, None, False, None]
    assert [is_planted(valgus, v) for v in (17.0, 11.0, 5.0)] == [True, None, False]
    assert [is_planted(depth, v) for v in (96.0, 88.0, 70.0, 44.0)] == [True, None, False, True]
    assert [is_planted(tempo, v) for v in (0.34, 0.5, 1.2)] == [True, None, False]
    assert [is_planted(touch, v) for v in (-0.16, -0.1, 0.3)] == [True, None, False]
    assert beyond_edge(drop, 11.5) and not beyond_edge(drop, 10.5)
    assert beyond_edge(touch, -0.11) and not beyond_edge(touch, -0.09)


def test_without_errors_every_repetition_is_counted_and_every_value_right(found) -> None:
    (judgement,) = found
    assert judgement.side_found
    assert len(judgement.judged.reps) == judgement.true_count
    rows = benchmark.tallies(found)
    for code in ("GC102", "GC103", "GC104", "GC106", "GC107"):
        tally = rows["step-down", code]
        assert len(tally.of(True)) == 1
        assert tally.by_value(True) == tally.by_value(False) == 1.0
        assert tally.specificity == 1.0
    assert rows["step-down", "GC102"].sensitivity == 1.0


def test_what_cannot_be_told_is_neither_found_nor_a_false_alarm() -> None:
    said = [
        Said("squat", "GC1", 1, "drop", 17.0, planted, True, band)
        for planted, band in (
            (True, Band.FAULT), (True, Band.INCONCLUSIVE), (True, None), (True, Band.OK),
            (False, Band.INCONCLUSIVE), (False, Band.FAULT), (None, Band.FAULT),
        )
    ]  # fmt: skip
    tally = benchmark.Tally(said)
    assert tally.sensitivity == 0.25
    assert tally.share(True, Band.INCONCLUSIVE) == 0.25
    assert tally.share(True, None) == 0.25
    assert tally.specificity == 0.5
    assert benchmark.Tally([]).sensitivity is None


def test_the_smallest_sure_fault_lies_the_plus_minus_beyond_the_edge(found) -> None:
    squat = exercises.get("single-leg-squat")
    assert surely_from(squat.rule("GC101"), 4.0) == [15.0]
    assert surely_from(squat.rule("GC105"), 5.0) == [45.0, 95.0]
    assert surely_from(squat.rule("GC107"), 0.08) == pytest.approx([-0.18])
    rows = {row[1][:5]: row for row in smallest_table(found).rows}
    assert rows["GC102"][3:] == ("10", pytest.approx(Z90 * 1.8), "13", "15", "yes")


def test_a_plus_minus_is_tried_on_the_body_that_did_not_set_it() -> None:
    rng = np.random.default_rng(3)
    body = np.repeat(np.arange(30), 40)
    error, half_width = rng.normal(0.0, 2.0, len(body)), np.full(len(body), 2.0 * Z90 / 2.0)
    factor, held = left_out(error, half_width, body)
    # The stated ± is half of what it should be.
    assert factor == pytest.approx(2.0, rel=0.1)
    assert held == pytest.approx(0.9, abs=0.03)
    assert left_out(error[:80], half_width[:80], body[:80]) is None


def test_sheets_hold_the_truth(found) -> None:
    sets = list(compared(found[0]))
    assert {one.fault for one in sets} >= {"", "trunk_lean", "knee_valgus"}
    assert all(one.holds for one in sets)
    clean, lean = (next(s for s in sets if s.fault == fault) for fault in ("", "trunk_lean"))
    assert lean.true_total == clean.true_total + 1


def test_it_runs_and_keeps_its_tables(kept, tmp_path) -> None:
    arguments = argparse.Namespace(clips=kept, only="", bodies=None, first=0)
    report = benchmark.measure(arguments)
    written = json.loads(report.write(tmp_path).read_text("utf-8"))
    names = [figure["name"] for figure in written["figures"]]
    assert "clips counted exactly" in names
    assert [table["rows"] != [] for table in written["tables"]] == [True] * 7 + [False] * 3
    assert "step-down" in report.text()
    nothing = benchmark.measure(argparse.Namespace(clips=tmp_path, only="", bodies=None, first=0))
    assert "collect_exercises" in nothing.notes[0]


def test_what_truly_good_repetitions_are_told_is_counted_as_a_whole(found) -> None:
    (judgement,) = found
    clean = [true for true in judgement.clip.about["reps"] if not true["fault"]]
    good = list(clean_repetitions(judgement))
    assert 0 < len(good) <= len(clean) < judgement.true_count
    (row,) = clean_table(found).rows
    told = dict(zip(clean_table(found).columns, row, strict=True))
    assert (told["exercise"], told["bodies"], told["truly good"]) == ("step-down", 1, len(good))
    shares = [
        told[name]
        for name in (
            "told good",
            "told no fault",
            "can't tell",
            "told watch or fault",
            "not judged",
        )
    ]
    assert sum(shares) == pytest.approx(1.0)
    assert told["told good"] == np.mean([rep.band is Band.OK for rep in good])
    codes = {f.code for rep in good for f in rep.findings if f.band is Band.INCONCLUSIVE}
    assert codes >= {
        each.split()[0] for each in told["left open most often by"].split(", ") if each
    }


def test_only_bodies_from_a_number_on_are_judged(kept) -> None:
    assert not list(judgements(kept, first=1))
    assert len(list(judgements(kept, first=0, bodies=1))) == 1


def test_who_has_a_fault_by_the_exact_joints_does_not_pass(found) -> None:
    (judgement,) = found
    faulty = list(faulty_repetitions(judgement))
    planted = [true for true in judgement.clip.about["reps"] if true["fault"]]
    assert 0 < len(faulty) <= len(planted)
    assert all(rep.band in (Band.FAULT, Band.INCONCLUSIVE) for rep in faulty)
    good, number, passed = passed_figures(found)
    clean = [rep.band for rep in clean_repetitions(judgement)]
    assert good.value == np.mean([band in (Band.OK, Band.NO_FAULT) for band in clean])
    assert (number.value, passed.value, passed.at_most) == (len(faulty), 0.0, 0)
