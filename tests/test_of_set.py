"""What only a whole set shows reaches everybody who reads a result."""

from __future__ import annotations

import json

import acts
import pytest
from figures import certain

from glutecam import exercises
from glutecam.cli.summary import print_summary
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Band, Verdict
from glutecam.records.export import json_text
from glutecam.records.report import html_report

WALK = certain(exercises.get("lateral-band-walk"))


@pytest.fixture(scope="module")
def shuffled():
    return analyze(acts.band_walk("GC502").poses, WALK)


def test_it_decides_the_verdict_though_every_repetition_is_good(shuffled):
    assert {rep.band for rep in shuffled.reps} == {Band.OK}
    assert shuffled.verdict is Verdict.FAULT
    assert "GC502" in {f.code for f in shuffled.findings if f.band is Band.FAULT}


def test_the_summary_says_it(shuffled, capsys):
    print_summary(shuffled, WALK, "clip.mp4")
    said = " ".join(capsys.readouterr().out.split())
    assert "Keep your feet apart" in said and "GC502, over the whole set" in said


def test_the_report_says_it_first_and_in_a_table(shuffled):
    page = html_report(shuffled, WALK, source_name="clip.mp4")
    assert "over the whole set" in page and "Over the whole set" in page


def test_the_json_has_it_and_says_of_what_it_is(shuffled):
    document = json.loads(json_text(shuffled, WALK))
    assert {f["code"] for f in document["assessment"]["findings"]} == {"GC501", "GC502"}
    kinds = {rule["code"]: rule["kind"] for rule in document["exercise"]["rules"]}
    assert kinds["GC502"] == "set" and kinds["GC101"] == "repetition"


def test_nothing_is_said_of_a_set_that_was_not_judged():
    poses = acts.band_walk("GC502").poses
    moving = poses[80:]
    result = analyze(moving, WALK)
    assert result.verdict is Verdict.NOT_ASSESSABLE and result.findings == ()
