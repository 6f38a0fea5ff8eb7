"""What no rule judges stands in every record all the same."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import figures
import numpy as np
import pytest

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.measures import FEMORAL_ADDUCTION, HIP_LINE
from glutecam.core.measures import RAW_HIP_ADDUCTION as HIP_ADDUCTION
from glutecam.core.pelvis import measured_by
from glutecam.records.charts import charts
from glutecam.records.export import csv_rows, csv_text, json_text
from glutecam.records.report import html_report

SQUAT = measured_by(exercises.get("single-leg-squat"), "raw")


@pytest.fixture(scope="module")
def result():
    poses = figures.squat_set(depths=[66.0, 20.0, 45.0, 70.0], drops=[6.0, 0.0, 0.0, 9.0])
    return analyze(poses, SQUAT)


def rows_of(assessment):
    return list(csv.DictReader(io.StringIO(csv_text(SQUAT, csv_rows(assessment, SQUAT)))))


def test_json_holds_it_over_time_and_the_sum_is_right(result):
    signals = json.loads(json_text(result, SQUAT))["assessment"]["signals"]
    hip, femur, line = (
        np.array(signals[m.name]["value"]) for m in (HIP_ADDUCTION, FEMORAL_ADDUCTION, HIP_LINE)
    )
    np.testing.assert_allclose(hip, femur + line, atol=2e-4)
    assert signals[HIP_ADDUCTION.name]["method"] == HIP_ADDUCTION.method


def test_csv_holds_its_peak_in_every_judged_repetition(result):
    rows = rows_of(result)
    assert [row["complete"] for row in rows] == ["yes", "no", "yes"]
    for row, rep in zip((rows[0], rows[2]), result.reps, strict=True):
        for measure in SQUAT.also:
            estimate = result.signals[measure.name].estimate[rep.start : rep.end]
            assert float(row[f"{measure.name}_peak"]) == pytest.approx(
                np.max(estimate.value), abs=1e-4
            )
            assert float(row[f"{measure.name}_pm"]) == pytest.approx(estimate.half_width[0], 1e-3)
    assert rows[1]["hip_adduction_deg_peak"] == ""
    refused = replace(result, reps=tuple(replace(rep, findings=()) for rep in result.reps))
    assert {row["hip_adduction_deg_peak"] for row in rows_of(refused)} == {""}


def test_the_report_draws_it_and_says_that_it_is_not_judged(result):
    drawn = {chart.title: chart for chart in charts(result, SQUAT)}
    for measure in SQUAT.also:
        assert drawn[f"{measure.label} (°)".capitalize()].note == "Not judged by itself."
    page = html_report(result, SQUAT, source_name="a.mp4")
    assert HIP_ADDUCTION.method in page
    assert f"±{result.signals[HIP_ADDUCTION.name].estimate.half_width[0]:.0f}°" in page
    assert "adduction are assumed" in " ".join(page.split())
