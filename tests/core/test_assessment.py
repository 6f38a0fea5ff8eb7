"""What a whole repetition reads, from what its rules read."""

from __future__ import annotations

import itertools

import pytest

from glutecam.core.assessment import Band, Finding, Rep, Side, may_hide_a_fault

OK, WATCH, FAULT, UNSURE = Band.OK, Band.WATCH, Band.FAULT, Band.INCONCLUSIVE
KINDS = {
    "good": (OK, (OK,)),
    "watch": (WATCH, (WATCH,)),
    "fault": (FAULT, (FAULT,)),
    "good or watch": (UNSURE, (OK, WATCH)),
    "watch or fault": (UNSURE, (WATCH, FAULT)),
    "any": (UNSURE, (OK, WATCH, FAULT)),
    "not seen": (UNSURE, ()),
}


def finding(kind: str) -> Finding:
    band, may_be = KINDS[kind]
    return Finding("GC101", 0.0, 1.0, band, 0, may_be)


def rep(*kinds: str) -> Rep:
    return Rep(1, 0, 30, 0.0, 1.0, Side.LEFT, tuple(finding(kind) for kind in kinds))


@pytest.mark.parametrize("kinds", list(itertools.product(KINDS, repeat=3)))
def test_a_repetition_reads_what_holds_whatever_the_truth_is(kinds):
    """Every truth that the intervals allow is made; what is read must hold in all of them."""
    allowed = [KINDS[kind][1] or (OK, WATCH, FAULT) for kind in kinds]
    truths = [set(truth) for truth in itertools.product(*allowed)]
    read = rep(*kinds).band
    holds = {
        FAULT: all(FAULT in truth for truth in truths),
        WATCH: all(FAULT not in truth and WATCH in truth for truth in truths),
        OK: all(truth == {OK} for truth in truths),
    }
    if any(holds.values()):
        assert holds[read]
    elif not any(FAULT in truth for truth in truths):
        assert read is Band.NO_FAULT
    else:
        assert read is UNSURE


@pytest.mark.parametrize("kinds", list(itertools.product(KINDS, repeat=2)))
def test_what_decides_is_as_bad_as_the_whole_and_its_absence_would_change_it(kinds):
    whole = rep(*kinds)
    assert {found.band for found in whole.deciding} <= {whole.band}
    others = [f for f in whole.findings if f not in whole.deciding]
    if whole.deciding and others:
        assert Rep(1, 0, 30, 0.0, 1.0, Side.LEFT, tuple(others)).band is not whole.band
    assert bool(whole.deciding) is (whole.band not in (OK, Band.NO_FAULT))


def test_what_was_not_judged_is_not_without_a_fault():
    assert rep().band is UNSURE
    assert may_hide_a_fault([rep()], ())


@pytest.mark.parametrize(("kind", "hides"), [
    ("good or watch", False), ("watch or fault", True), ("any", True), ("not seen", True),
])  # fmt: skip
def test_a_set_may_hide_a_fault_where_an_interval_reaches_into_one(kind, hides):
    assert may_hide_a_fault([rep("good", kind)], ()) is hides
    assert may_hide_a_fault([rep("good")], [finding(kind)]) is hides
