"""A clinic's name and logo: carried inside, and nothing that could run or fetch."""

from __future__ import annotations

import base64
from pathlib import Path

import cv2
import numpy as np
import pytest
from builders import make_assessment
from reports import Page, report

from glutecam.errors import SettingsError
from glutecam.records.letterhead import MOST_BYTES, letterhead_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
PLAIN = SVG.format('<defs><path id="a" d="M0 0"/></defs><use xlink:href="#a" fill="url( #b)"/>')


def raster(ending: str) -> bytes:
    done, data = cv2.imencode(ending, np.full((40, 90, 3), 128, np.uint8))
    assert done
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("logo.png", raster(".png"), "image/png"),
        ("logo.jpg", raster(".jpg"), "image/jpeg"),
        ("logo.svg", PLAIN.encode(), "image/svg+xml"),
        # What it is decides, not what it is called.
        ("logo.txt", b"<?xml version='1.0'?>\n" + PLAIN.encode(), "image/svg+xml"),
    ],
)
def test_the_logo_is_carried_inside(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(content)
    head = letterhead_of(" Praxis am See ", tmp_path / name)
    assert head.name == "Praxis am See"
    start, data = head.logo.split(",")
    assert start == f"data:{kind};base64"
    assert base64.b64decode(data) == content


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<g onload="alert(1)"/>', "onload"),
        ('<a xlink:href="javascript:alert(1)"><path/></a>', "href"),
        ('<image href="https://example.org/x.png"/>', "href"),
        ("<foreignObject><p>x</p></foreignObject>", "<foreignobject>"),
        ('<path style="fill: url(https://example.org/x)"/>', "style"),
        ("<style>@import 'https://example.org/x.css';</style>", "<style>"),
        ("<style>a{background:url( 'https://example.org/x')}</style>", "<style>"),
    ],
)
def test_an_svg_that_could_run_or_fetch_is_refused(tmp_path: Path, inside: str, what: str) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format(inside), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        letterhead_of(logo=tmp_path / "logo.svg")
    assert what in str(caught.value) and "clinic.logo" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"", "no PNG, JPEG or SVG"),
        (b"GIF89a....", "no PNG, JPEG or SVG"),
        (raster(".png")[:60], "is damaged"),
        (b"<html><body/></html>", "XML, but of 'html'"),
        (b"<svg", "no PNG, JPEG or SVG"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", "entities"),
        (PLAIN.encode() + b" " * MOST_BYTES, "more than 300 kB"),
    ],
)
def test_a_logo_that_is_none_is_told(tmp_path: Path, content: bytes | None, words: str) -> None:
    place = tmp_path / "logo.png"
    if content is not None:
        place.write_bytes(content)
    with pytest.raises(SettingsError, match=words):
        letterhead_of(logo=place)


def test_a_report_shows_whose_it_is(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(raster(".png"))
    head = letterhead_of("Praxis <See>", tmp_path / "logo.png")
    page = Page(report(make_assessment(), letterhead=head))
    assert "Praxis <See>" in page.words
    assert ("img", {"src": head.logo, "alt": ""}) in page.tags
    assert "letterhead" not in report(make_assessment()).partition("<body>")[2]
