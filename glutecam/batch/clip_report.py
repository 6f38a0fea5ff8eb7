"""The report of one clip of a batch, beside its assessment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from glutecam.batch import places
from glutecam.batch.plan import Clip
from glutecam.batch.pool import sign_of_life
from glutecam.core.rules import Exercise
from glutecam.errors import SourceError
from glutecam.records.letterhead import NO_LETTERHEAD, Letterhead
from glutecam.records.posefile import Recording

if TYPE_CHECKING:
    from glutecam.core.set_by_set import JudgedSet

__all__ = ["Reports", "report_name", "write_clip_report"]


@dataclass(frozen=True)
class Reports:
    """How the reports of a batch look.

    Attributes
    ----------
    audience : str
        In whose words.
    letterhead : Letterhead
    hide_faces : bool
        In their pictures.
    """

    audience: str = "coach"
    letterhead: Letterhead = NO_LETTERHEAD
    hide_faces: bool = True


def report_name(number: int) -> str:
    """Return the name of the report of a set, which is numbered from 1."""
    return "report.html" if number == 1 else f"report-{number}.html"


def write_clip_report(
    path: Path,
    clip: Clip,
    recording: Recording,
    judged: JudgedSet,
    exercise: Exercise,
    look: Reports,
) -> None:
    """Write the report of a set with the pictures that decided.

    Without pictures where there is no video, and for one set of several in a clip.

    It says no time at which it was made: the same clip gives the same bytes.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    from glutecam.records.page import write_page
    from glutecam.records.report import html_report

    page = html_report(
        judged.assessment,
        exercise,
        source_name=clip.file if judged.whole else f"{clip.file}, set {judged.cut.number}",
        subject=clip.subject or None,
        keyframes=_pictures(clip, recording, judged, exercise, look),
        audience=look.audience,
        letterhead=look.letterhead,
    )
    write_page(path, page)


def _pictures(
    clip: Clip, recording: Recording, judged: JudgedSet, exercise: Exercise, look: Reports
) -> dict[int, bytes]:
    from glutecam.moments import pictures_of

    if clip.path.suffix.lower() == ".npz" or not judged.whole:
        return {}
    try:
        with places.as_file(clip.path, clip.address, sign_of_life) as path:
            return pictures_of(
                path, recording, judged.assessment, exercise,
                hide_faces=look.hide_faces, alive=sign_of_life,
            )  # fmt: skip
    except SourceError:
        # It was readable a moment ago; what was measured then is worth a report all the same.
        return {}
