"""The reports of one clip of a batch, beside its assessments."""

from __future__ import annotations

import pickle
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from glutecam.batch.places import Footage
from glutecam.batch.plan import Clip
from glutecam.batch.pool import sign_of_life
from glutecam.closing import Closing
from glutecam.core.assessment import Rep
from glutecam.core.rules import Exercise
from glutecam.core.side_difference import BothSides, counted_reps
from glutecam.errors import SourceError
from glutecam.records.files import not_written
from glutecam.records.letterhead import NO_LETTERHEAD, Letterhead

if TYPE_CHECKING:
    from glutecam.core.set_by_set import JudgedSet
    from glutecam.moments import Moments
    from glutecam.records.stored_recording import StoredRecording

__all__ = ["MOMENTS", "ClipReports", "Reports", "report_name", "shows_moments"]

MOMENTS = "moments"
"""Where a report has its pictures."""


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


def shows_moments(report: Path) -> bool:
    """Say whether a report has pictures: none where nothing had to be decided, or no video was there."""
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            if f'id="{MOMENTS}"' in line:
                return True
            if "<h2>What was looked for</h2>" in line:
                # Pictures stand above; what follows is long, as charts are.
                return False
    return False


class ClipReports(Closing):
    """The reports of a clip's sets, with the pictures that decided, and left against right.

    A set's report compares it with sets that come after it, so all are written at the end: until then
    they wait on the disk. The video is read once for all of them, no further than to the last picture,
    and only one set and its pictures are in memory. They say no time at which they were made: the same clip gives the same
    bytes.

    Parameters
    ----------
    folder : Path
        Of the clip's results.
    clip : Clip
    footage : Footage
        Its file.
    recording : StoredRecording
        Its landmarks.
    exercise : Exercise
    look : Reports or None
        How they look; None where none are wanted.
    """

    def __init__(
        self,
        folder: Path,
        clip: Clip,
        footage: Footage,
        recording: StoredRecording,
        exercise: Exercise,
        look: Reports | None,
    ) -> None:
        self._folder = folder
        self._clip = clip
        self._footage = footage
        self._recording = recording
        self._exercise = exercise
        self._look = look
        self._has_pictures = clip.path.suffix.lower() != ".npz"
        self._open = ExitStack()
        self._moments: Moments | None = None
        self._waiting: IO[bytes] | None = None
        self._sets = 0
        self._reps: tuple[Rep, ...] = ()

    def close(self) -> None:
        """Close the video, and forget what was not written."""
        self._open.close()

    def add(self, judged: JudgedSet) -> None:
        """Take the next set, where reports are wanted.

        Raises
        ------
        OutputError
            Where it cannot be laid aside.
        """
        if self._look is None:
            return
        try:
            if self._waiting is None:
                room = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed with the rest
                self._waiting = self._open.enter_context(room)
            pickle.dump(judged, self._waiting)
            self._waiting.flush()
        except OSError as err:
            raise not_written(self._folder / report_name(judged.cut.number), err) from err
        self._sets += 1
        self._reps += counted_reps(judged.assessment)

    def write(self) -> None:
        """Write the reports of all sets.

        Raises
        ------
        OutputError
            Where one cannot be written.
        """
        if self._look is None or self._waiting is None:
            return
        self._waiting.seek(0)
        for _ in range(self._sets):
            sign_of_life()
            self._write(pickle.load(self._waiting), self._look)

    def _write(self, judged: JudgedSet, look: Reports) -> None:
        from glutecam.records.page import write_page
        from glutecam.records.report import html_report

        page = html_report(
            judged.assessment,
            self._exercise,
            source_name=self._name(judged),
            subject=self._whom(),
            keyframes=self._pictures(judged, look),
            audience=look.audience,
            letterhead=look.letterhead,
            both_sides=BothSides(self._reps),
        )
        write_page(self._folder / report_name(judged.cut.number), page)

    def _name(self, judged: JudgedSet) -> str:
        file = self._clip.file
        # Where a disk begins, or a store, says nothing on paper; folders of the clinic's own do.
        from_root = self._clip.address or Path(file).is_absolute()
        return judged.name_in(file.rpartition("/")[2] if from_root else file)

    def _whom(self) -> str | None:
        said = (self._clip.subject, self._clip.visit and f"visit {self._clip.visit}")
        return " · ".join(filter(None, said)) or None

    def _pictures(self, judged: JudgedSet, look: Reports) -> dict[int, bytes]:
        from glutecam.records.keyframes import KeyFrames

        if not (self._has_pictures and KeyFrames(judged.assessment).wanted):
            return {}
        try:
            part = self._recording.part(judged.cut.start, judged.cut.end)
            return self._opened(look).of(part, judged.assessment, start=judged.cut.start)
        except SourceError:
            # It was readable a moment ago; what was measured then is worth a report all the same.
            self._has_pictures = False
            return {}

    def _opened(self, look: Reports) -> Moments:
        from glutecam.moments import Moments

        if self._moments is None:
            path = self._footage.file()
            self._moments = self._open.enter_context(
                Moments(path, self._exercise, hide_faces=look.hide_faces, alive=sign_of_life)
            )
        return self._moments
