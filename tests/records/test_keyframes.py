from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from builders import make_assessment, make_rep

from glutecam.core.assessment import Band, Pattern
from glutecam.records.keyframes import KeyFrames, deciding


def picture(value: int = 90) -> np.ndarray:
    return np.full((720, 1280, 3), value, np.uint8)


def test_the_worst_moments_are_wanted() -> None:
    assessment = make_assessment()
    expected = {assessment.reps[index].findings[0].at for index in (1, 2, 3)}
    assert KeyFrames(assessment).wanted == expected


def test_the_deciding_finding_is_the_first_of_the_band() -> None:
    rep = make_assessment().reps[3]
    finding = deciding(rep)
    assert finding is not None
    assert (finding.code, finding.band) == ("trunk-lean", Band.FAULT)


def test_only_wanted_frames_are_kept_small_and_in_their_colours() -> None:
    assessment = make_assessment()
    red = picture()
    red[:, :, 0] = 255
    kept = KeyFrames(assessment)
    for index in range(len(assessment.time_s)):
        kept.show(index, red)
    assert kept.complete
    assert set(kept.jpegs) == set(kept.wanted)
    back = cv2.imdecode(np.frombuffer(next(iter(kept.jpegs.values())), np.uint8), 1)
    assert back.shape == (480, 853, 3)
    assert back[200, 200, 2] > 240
    assert back[200, 200, 0] < 120


def test_faults_come_before_what_cannot_be_told_and_twelve_are_enough() -> None:
    ok, fault, unsure = Band.OK, Band.FAULT, Band.INCONCLUSIVE
    reps = [
        make_rep(n, ((unsure if n < 10 else fault), ok, ok, ok), Pattern.NONE, 4.0 * n)
        for n in range(20)
    ]
    wanted = KeyFrames(replace(make_assessment(), reps=tuple(reps))).wanted
    assert len(wanted) == 12
    assert {rep.findings[0].at for rep in reps[10:]} <= wanted


def test_a_small_picture_is_not_blown_up() -> None:
    kept = KeyFrames(make_assessment())
    index = next(iter(kept.wanted))
    kept.show(index, np.zeros((120, 160, 3), np.uint8))
    assert cv2.imdecode(np.frombuffer(kept.jpegs[index], np.uint8), 1).shape == (120, 160, 3)


def kept_shape(points: np.ndarray) -> tuple[int, ...]:
    kept = KeyFrames(make_assessment(), around=lambda index: points)
    index = next(iter(kept.wanted))
    kept.show(index, picture())
    return cv2.imdecode(np.frombuffer(kept.jpegs[index], np.uint8), 1).shape


def test_the_picture_is_cut_to_the_person() -> None:
    points = np.array([[600.0, 300.0], [700.0, 500.0], [np.nan, np.nan]])
    height, width, _ = kept_shape(points)
    assert height == pytest.approx(260, abs=1)
    assert width == pytest.approx(195, abs=1)


def test_a_person_who_is_not_there_leaves_the_picture_whole() -> None:
    assert kept_shape(np.full((3, 2), np.nan)) == (480, 853, 3)
    assert kept_shape(np.array([[5000.0, 100.0], [5100.0, 200.0]])) == (480, 853, 3)
