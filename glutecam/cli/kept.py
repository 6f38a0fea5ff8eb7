"""What the verbs about history and programme share: options, opening, dates, questions."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.cli import options
from glutecam.cli.terminal import note
from glutecam.errors import InputError

if TYPE_CHECKING:
    from glutecam.core.sets import Felt, SetRecord
    from glutecam.records.history import History
    from glutecam.settings import Settings

__all__ = [
    "At",
    "Db",
    "Load",
    "NoteText",
    "PainAfter",
    "PainBefore",
    "Subject",
    "Yes",
    "ahead_of",
    "confirmed",
    "counted",
    "done_at",
    "felt_of",
    "moment_of",
    "opened",
    "pain_in_words",
    "side_words",
    "twice_of",
]

OLDEST = 1970
"""Films of movement that a clinic has from before this year are fewer than slips of the pen [P]."""

Db = Annotated[
    str | None,
    typer.Option(
        "--db",
        help="The history: a file, or the address of a database. Default: in your user folder.",
    ),
]
Subject = Annotated[
    str | None, typer.Option("--subject", help="Whose, as a pseudonym. Default: me.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
PainBefore = Annotated[
    int | None, typer.Option("--pain-before", help="Pain before the set, 0 (none) to 10.")
]
PainAfter = Annotated[
    int | None, typer.Option("--pain-after", help="Pain after the set, 0 (none) to 10.")
]
Load = Annotated[
    str | None, typer.Option("--load", help="What made it harder, such as '5 kg' or 'red band'.")
]
At = Annotated[
    str | None,
    typer.Option(
        "--at", help="When it was done, such as 2026-11-20. Default: the date of the file filmed."
    ),
]
NoteText = Annotated[str | None, typer.Option("--note", help="Anything to remember.")]


def opened(
    db: str | None,
    config: Path | None,
    subject: str | None,
    set_: list[str] | None = None,
    audience: options.AudienceName | None = None,
) -> tuple[History, Settings]:
    """Return the history, to be used with ``with``, and the settings it was found by."""
    from glutecam.records.history import History
    from glutecam.settings import load_settings

    told = audience and audience.value
    settings = load_settings(config, set_).over(history=db, subject=subject, audience=told)
    return History.open(settings.history or None), settings


def confirmed(question: str, yes: bool) -> bool:
    """Ask, unless ``yes`` was given.

    Raises
    ------
    InputError
        Where nobody is there to answer.
    KeyboardInterrupt
        Where the answer is Ctrl-C.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise InputError(f"{question} Nobody is there to answer: add --yes if so.")
    try:
        return typer.confirm(question)
    except typer.Abort as err:
        raise KeyboardInterrupt from err


def felt_of(
    before: int | None,
    after: int | None,
    load: str | None,
    note: str | None,
    old: Felt | None = None,
) -> Felt:
    """Return what was said about a set; what is left out stays as it was."""
    from glutecam.core.sets import Felt
    from glutecam.core.sets import Load as SetLoad

    old = old or Felt()
    return Felt(
        old.pain_before if before is None else before,
        old.pain_after if after is None else after,
        old.load if load is None else SetLoad.parse(load),
        old.note if note is None else note,
    )


def moment_of(text: str) -> datetime:
    """Read ``2026-11-20 18:30`` or ``2026-11-20``, in this machine's time.

    Raises
    ------
    InputError
        Where it is neither.
    """
    try:
        return datetime.fromisoformat(text.strip()).astimezone()
    except ValueError as err:
        raise InputError(
            f"'{text}' is no date. Write it as 2026-11-20, or with the time: '2026-11-20 18:30'."
        ) from err


def done_at(text: str) -> datetime:
    """Read when a set was done, as ``moment_of`` does; never later than now.

    Raises
    ------
    InputError
        Where it is no date, or has not come yet.
    """
    from glutecam.core.dates import lies_ahead

    done, now = moment_of(text), datetime.now().astimezone()
    if lies_ahead(done, now):
        raise InputError(
            f"--at '{text}' has not come yet: it is {now:%Y-%m-%d %H:%M} ({now:%z}) here. Give the time "
            "at which the set was done; one of another time zone with its offset: "
            "'2026-11-20 18:30+13:00'."
        )
    if done.year < OLDEST:
        note(
            f"--at '{text}' lies before {OLDEST}: is the year right? It is taken as it is; a set with a "
            "wrong date is deleted with 'glutecam history delete' and kept anew."
        )
    return min(done, now)


def ahead_of(record: SetRecord) -> str:
    """Return what to say of a set whose file is dated later than now; empty where it is not."""
    from glutecam.core.dates import ahead_in_words, lies_ahead

    ahead = lies_ahead(record.done, datetime.now().astimezone())
    return ahead_in_words(record.done) if ahead else ""


def twice_of(history: History, record: SetRecord, number: int) -> str:
    """Return what to say of a set that seems to be kept under another number, too; empty where none is.

    Parameters
    ----------
    history : History
    record : SetRecord
    number : int
        Under which it was kept now.
    """
    others = history.same_as(record)
    if not others:
        return ""
    which = " and ".join(f"set {other.number} of {other.subject}" for other in others[:3])
    more = f" and {len(others) - 3} more" if len(others) > 3 else ""
    return (
        f"This set seems to be kept already, as {which}{more}: it is of the same recording, or has the same "
        "repetitions at the same moments. Two people in one picture are two sets; else delete the wrong "
        f"one, such as this: glutecam history delete {number}"
    )


def pain_in_words(felt: Felt) -> str:
    """Return ``2 → 3``, with a dash for what was not said."""
    said = ("–" if pain is None else str(pain) for pain in (felt.pain_before, felt.pain_after))
    return "" if felt.worst_pain is None else " → ".join(said)


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``1 set`` or ``2 sets``; ``many`` where that is more than an s behind it."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def side_words(record: SetRecord) -> str:
    """Return the side or sides of a set."""
    return ", ".join(side.value for side in record.sides)
