from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from builders import make_assessment, make_exercise

from glutecam.core.assessment import Verdict
from glutecam.core.measures import Z90
from glutecam.records.export import document_of
from glutecam.records.exports import Export, Source

observations = pytest.importorskip("fhirclient.models.observation")
bundles = pytest.importorskip("fhirclient.models.bundle")
pytest.importorskip("fhir.resources")

DOCUMENT = document_of(make_assessment(), make_exercise(), file="a.mp4", subject="P07")
WHEN = datetime(2026, 11, 3, 10, 30, tzinfo=timezone(timedelta(hours=1)))


def exported(tmp_path, document=DOCUMENT, when=WHEN):
    path = tmp_path / "o.json"
    Export.to(path).write(Source(document, recorded=when))
    return json.loads(path.read_text(encoding="utf-8"))


def read(bundle):
    """Return set and repetitions as the other library of FHIR R4 understands them."""
    entries = bundles.Bundle(bundle, strict=True).entry
    found = [e.resource for e in entries if isinstance(e.resource, observations.Observation)]
    return found[0], found[1:]


def part(observation, code):
    return next(p for p in observation.component if p.code.coding[0].code == code)


def test_another_library_reads_every_observation(tmp_path):
    whole, reps = read(exported(tmp_path))
    assert len(reps) == 5
    third = reps[2]
    assert third.code.coding[0].system == "urn:glutecam:codes:1"
    assert third.valueQuantity.value == 24.0 and third.valueQuantity.code == "deg"
    assert third.subject.identifier.value == "P07"
    assert third.effectiveDateTime.date.utcoffset() is not None
    assert third.effectiveDateTime.date == WHEN
    assert part(third, "worked-leg").valueCodeableConcept.text == "right"
    sem = part(third, "sem").valueQuantity.value
    assert sem == pytest.approx(11.8 / Z90, abs=1e-3)
    assert part(third, "mdc95").valueQuantity.value == pytest.approx(2.772 * sem, abs=0.01)
    assert part(third, "depth").valueQuantity.value == 68.0
    assert part(whole, "repetitions").valueInteger == 5
    assert {c.code for c in part(whole, "repetitions").code.coding} >= {"100298-9"}


def test_the_set_points_to_its_repetitions(tmp_path):
    bundle = exported(tmp_path)
    whole, _ = read(bundle)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert [member.reference for member in whole.hasMember] == urls[2:]
    assert whole.device.reference == urls[0]
    assert len(set(urls)) == len(urls)


def test_nothing_is_interpreted(tmp_path):
    bundle = exported(tmp_path)
    kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert kinds == {"Device", "Observation"}
    for entry in bundle["entry"][1:]:
        resource = entry["resource"]
        assert resource["status"] == "preliminary"
        assert "interpretation" not in resource and "derivedFrom" not in resource
        assert any("Not a diagnosis" in note["text"] for note in resource["note"])
    words = json.dumps(bundle).lower()
    assert "trendelenburg" not in words and '"fault"' not in words


def test_what_was_not_seen_says_so(tmp_path):
    rep = DOCUMENT.assessment.reps[0]
    unseen = rep.findings[0].model_copy(update={"value": None, "half_width": None})
    rep = rep.model_copy(update={"findings": [unseen, *rep.findings[2:]]})
    judged = DOCUMENT.assessment.model_copy(update={"reps": [rep]})
    _, [read_back] = read(exported(tmp_path, DOCUMENT.model_copy(update={"assessment": judged})))
    assert read_back.valueQuantity is None
    assert read_back.dataAbsentReason.text == "not seen"
    assert part(read_back, "trunk-lean").dataAbsentReason.coding[0].code == "unknown"


def test_a_clip_that_could_not_be_judged_has_no_members(tmp_path):
    judged = DOCUMENT.assessment.model_copy(
        update={"verdict": Verdict.NOT_ASSESSABLE, "instruction": "Step back."}
    )
    assert judged.reps
    nameless = DOCUMENT.model_copy(update={"assessment": judged, "subject": None})
    whole, reps = read(exported(tmp_path, nameless, None))
    assert reps == [] and whole.hasMember is None
    # Neither five nor none: nobody knows.
    assert part(whole, "repetitions").valueInteger is None
    assert part(whole, "repetitions").dataAbsentReason.text == "not counted"
    assert whole.subject is None and whole.effectiveDateTime is None
    assert whole.note[-1].text == "Not assessed: Step back."


def test_a_small_pose_model_is_noted_with_every_observation(tmp_path):
    made_by = DOCUMENT.assessment.provenance.model_copy(update={"reduced_accuracy": True})
    judged = DOCUMENT.assessment.model_copy(update={"provenance": made_by})
    whole, reps = read(exported(tmp_path, DOCUMENT.model_copy(update={"assessment": judged})))
    for observation in (whole, *reps):
        assert any("Reduced accuracy" in note.text for note in observation.note)
    whole, reps = read(exported(tmp_path))
    assert not any("Reduced" in note.text for one in (whole, *reps) for note in one.note)


def test_the_same_result_gives_the_same_bytes(tmp_path):
    exported(tmp_path)
    first = (tmp_path / "o.json").read_bytes()
    exported(tmp_path)
    assert (tmp_path / "o.json").read_bytes() == first
