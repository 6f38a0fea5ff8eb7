"""Keeping a set in the history at the end of ``live`` and ``score``."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli.kept import ahead_of, done_at, felt_of, twice_of
from glutecam.cli.terminal import note
from glutecam.errors import EnvironmentProblem, InputError

if TYPE_CHECKING:
    from glutecam.core.assessment import Assessment
    from glutecam.core.programme import Programme
    from glutecam.core.rules import Exercise
    from glutecam.core.sets import Felt, SetRecord
    from glutecam.records.origin import Origin
    from glutecam.settings import Settings

__all__ = ["SaveLive", "SaveScore", "Saving"]

SaveLive = Annotated[
    bool | None,
    typer.Option(
        "--save/--no-save",
        help="Keep the numbers in the history. Default: save; what --source plays from a file only with --save.",
    ),
]
SaveScore = Annotated[
    bool, typer.Option("--save/--no-save", help="Keep the numbers in the history.")
]


@dataclass
class Saving:
    """Whether a set is kept, for whom, and how it felt.

    Attributes
    ----------
    wanted : bool
    must : bool
        It was asked for: then a history that cannot be used is an error, not a remark.
    at : datetime or None
        When it was done, where that was said.
    """

    settings: Settings
    wanted: bool
    must: bool
    felt: Felt
    at: datetime | None = None

    @classmethod
    def asked(
        cls,
        settings: Settings,
        save: bool | None,
        said: tuple[int | None, int | None, str | None, str | None],
        at: str | None = None,
    ) -> Saving:
        """Read the options, and make sure that the history can be used before anybody moves.

        Parameters
        ----------
        settings : Settings
        save : bool or None
            None where the settings decide.
        said : tuple
            Pain before and after, load, note; each None where it was left out.
        at : str or None
            When it was done; None where the recording tells it.
        """
        wanted = settings.save if save is None else save
        if not wanted and any(part is not None for part in (*said, at)):
            raise InputError("Pain, load, note and date are kept with the set: add --save.")
        moment = done_at(at) if at else None
        saving = cls(settings, wanted, bool(save), felt_of(*said), moment)
        saving._make_ready()
        return saving

    def keep(
        self,
        assessment: Assessment,
        exercise: Exercise,
        file: Path | None = None,
        *,
        ago_s: float = 0.0,
        ask: bool = True,
        number: int = 1,
        origin: Origin | None = None,
    ) -> None:
        """Keep the set, and say so.

        Parameters
        ----------
        assessment : Assessment
        exercise : Exercise
        file : Path, optional
            What was judged; None for a live set. The same recording is kept once.
        ago_s : float
            How long ago a live set ended, in seconds.
        ask : bool
            Ask how it felt, where somebody is there.
        number : int
            Which set of the recording it is.
        origin : Origin, optional
            What was filmed, which dates the set; the file itself where it is left out.
        """
        if not self.wanted:
            return
        if not assessment.reps:
            note(_why_not(assessment))
            return
        from glutecam.records.history import History

        record = self.record(assessment, exercise, file, ago_s, number, origin)
        with History.open(self.settings.history or None) as history:
            if file is None and ask:
                record = replace(record, felt=_asked_afterwards(record.felt))
            kept = history.add(record)
            twice = "" if file is None else twice_of(history, record, kept)
        refused = "" if record.counts else ", not assessable, so it counts as no session"
        typer.echo(f"Kept as set {kept} of {record.subject}{refused}: glutecam history show {kept}")
        if twice:
            note(twice)
        ahead = None if file is None or self.at else ahead_of(record)
        if ahead:
            note(ahead)

    def programme(self, exercise: Exercise) -> Programme | None:
        """Return the programme, where this exercise is what the subject trains in it now."""
        if not self.wanted:
            return None
        from glutecam.core.programme import trained_now
        from glutecam.exercises import programme
        from glutecam.records.history import History

        with History.open(self.settings.history or None) as history:
            steps = history.steps(self.settings.subject)
        return trained_now(programme(), steps, exercise.name)

    def _make_ready(self) -> None:
        if not self.wanted:
            return
        from glutecam.core.sets import subject_of
        from glutecam.records.history import History

        subject_of(self.settings.subject)
        try:
            with History.open(self.settings.history or None):
                return
        except EnvironmentProblem as err:
            if self.must:
                raise
            self.wanted = False
            note(f"{err} This set will not be kept; --no-save says so without asking.")

    def record(
        self,
        assessment: Assessment,
        exercise: Exercise,
        file: Path | None = None,
        ago_s: float = 0.0,
        number: int = 1,
        origin: Origin | None = None,
    ) -> SetRecord:
        """Return what would be kept of a set; the parameters are those of ``keep``."""
        from glutecam.core.sets import SourceKind, set_of
        from glutecam.records.origin import Origin, earlier_keys, key_of_set

        now, key, source = datetime.now() - timedelta(seconds=ago_s), None, SourceKind.LIVE
        before: list[str] = []
        recording: tuple[str, int] | None = None
        if file is not None:
            origin = origin or Origin.of(file)
            recording = (origin.sha256, number)
            now = self.at or origin.filmed
            key = key_of_set(origin.sha256, self.settings.subject, exercise.name, number)
            before = earlier_keys(file, self.settings.subject, exercise.name, [number])
            landmarks = file.suffix.lower() == ".npz"
            source = SourceKind.LANDMARKS if landmarks else SourceKind.VIDEO
        kept = set_of(
            assessment,
            exercise,
            done=now.astimezone(),
            source=source,
            subject=self.settings.subject,
            felt=self.felt,
            key=key,
        )
        kept = replace(kept, consent=self.settings.consent)
        return replace(kept, also_known_as=tuple(before), recording=recording)


def _why_not(assessment: Assessment) -> str:
    """Return why a set without repetitions is not kept: what refused it, where that is known."""
    failed = [gate.name for gate in assessment.gates if not gate.passed]
    if failed:
        return f"Not kept in the history: nothing was judged (needed: {failed[0]})."
    return "Not kept in the history: no whole repetition was seen."


def _asked_afterwards(felt: Felt) -> Felt:
    """Ask how it felt, where somebody is there to answer and has not said so yet."""
    if felt.pain_after is not None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return felt
    question = "Pain now, 0 (none) to 10? Enter leaves it open"
    try:
        answer = typer.prompt(question, default="", show_default=False).strip()
        return felt if not answer else felt_of(None, int(answer), None, None, felt)
    except typer.Abort:
        return felt
    except (ValueError, InputError):
        note("That was no number from 0 to 10; it can be said later with 'glutecam history edit'.")
        return felt
