"""Pages on paper: sheets are numbered, nothing is cut, and no browser is a clear error."""

from __future__ import annotations

from pathlib import Path

import pytest
from dashboards import row
from reports import refused, report
from stored import kept_step_down

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.errors import OutputError, PrintError
from glutecam.records.dashboard import dashboard_page
from glutecam.records.page import rendered
from glutecam.records.pdf import BROWSER_VARIABLE, Printed, check_printing, pdf_of, write_pdf
from glutecam.records.plot import PALETTE
from glutecam.records.report import html_report
from tests.records.test_subject_page import page as subject_page
from tests.served import CHROMIUM

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is installed (Debian: apt-get install chromium)"
)
pytestmark = pytest.mark.slow
A4_PT = (595, 842)


def sheets(data: bytes) -> list[tuple[tuple[int, int], str]]:
    """Return size and words of every sheet."""
    document = pdfium.PdfDocument(data)
    return [
        (
            tuple(map(round, sheet.get_size())),
            " ".join(sheet.get_textpage().get_text_range().split()),
        )
        for sheet in document
    ]


@needs_browser
def test_a_refused_recording_is_one_or_two_sheets() -> None:
    assert len(sheets(pdf_of(report(refused()), Printed()))) <= 2


@needs_browser
@pytest.mark.parametrize(
    ("audience", "frames", "most"),
    [("coach", 270, 4), ("clinician", 270, 5), ("clinician", 999, 6)],
)
def test_a_report_is_printed_whole_on_few_numbered_sheets(
    audience: str, frames: int, most: int
) -> None:
    exercise = exercises.get("step-down")
    judged = analyze(kept_step_down().poses[:frames], exercise)
    page = html_report(judged, exercise, source_name="a.mp4", audience=audience)
    found = sheets(pdf_of(page, Printed("Praxis am See", "Step-down: a.mp4", "no diagnosis")))
    assert len(judged.reps) >= 4 and 1 < len(found) <= most, len(judged.reps)
    assert {size for size, _ in found} == {A4_PT}
    for number, (_, words) in enumerate(found, start=1):
        assert f"{number} / {len(found)}" in words
        assert "Praxis am See" in words and "no diagnosis" in words
    everything = " ".join(words for _, words in found)
    for heading in ("Each repetition", "Over time", "What was looked for", "How sure this is"):
        assert heading in everything
    # The curves are drawn by the page's script; their axes are words.
    assert "5 s" in everything
    # Every sheet but the last is well filled with words, or holds the curves.
    assert all(len(words) > 1000 or "Over time" in words for _, words in found[:-1])


@needs_browser
def test_a_subject_over_time_is_printed() -> None:
    found = sheets(pdf_of(subject_page(audience="clinician"), Printed(right="P07")))
    everything = " ".join(words for _, words in found)
    assert "The last 12 sets" in everything and "Smallest detectable" in everything


@needs_browser
def test_a_heading_never_stands_alone_at_the_foot_of_a_sheet() -> None:
    rows = "".join(f"<tr><td>row{row}</td></tr>" for row in range(9))
    table = f'<div class="scroll"><table><thead><tr><th>head</th></tr></thead><tbody>{rows}</tbody></table></div>'
    # Each begins a little lower on its sheet than the one before, and so somewhere at every foot.
    blocks = [
        f'<p style="height: {30 + number / 2}pt"></p><h2>Heading</h2><p>In a line.</p>{table}'
        for number in range(120)
    ]
    style = rendered("page_style.css.j2", palette=PALETTE)
    page = f"<style>{style}</style><main>{''.join(blocks)}</main>"
    found = [words.replace(" ", "") for _, words in sheets(pdf_of(page, Printed()))]
    last = [words.rpartition("Heading")[2] for words in found if "Heading" in words]
    assert len(last) > 20 and sum("row8" not in words for words in last) > 5
    assert [words for words in last if "row0" not in words] == []


@needs_browser
def test_every_row_of_a_dashboard_is_on_paper_and_every_sheet_has_the_heads() -> None:
    rows = [row(f"clip-{number:03d}.mp4", verdict="fault", faults="GC101") for number in range(120)]
    found = sheets(pdf_of(dashboard_page(rows, links=[()] * 120), Printed(across=True)))
    # Long words are broken where a column ends.
    everything = "".join(words for _, words in found).replace(" ", "")
    assert {size for size, _ in found} == {A4_PT[::-1]}
    assert all(f"clip-{number:03d}.mp4" in everything for number in range(120))
    assert all("What to know" in words for _, words in found if ".mp4" in words)


def test_a_browser_that_is_not_there_is_told_with_what_to_do(monkeypatch) -> None:
    monkeypatch.setenv(BROWSER_VARIABLE, "/nowhere/chromium")
    for tried in (check_printing, lambda: pdf_of("<p>x</p>", Printed())):
        with pytest.raises(PrintError) as caught:
            tried()
        for words in ("apt-get install chromium", BROWSER_VARIABLE, "print it there"):
            assert words in str(caught.value)
        assert caught.value.exit_code == 3


@needs_browser
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_pdf(tmp_path / "none" / "a.pdf", "<p>x</p>", Printed())
