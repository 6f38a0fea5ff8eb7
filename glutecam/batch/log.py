"""``batch.log.jsonl``: what happened when, one JSON object a line, appended to by every run.

Only the process that the user started writes to it.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from glutecam.errors import OutputError

__all__ = ["LOG", "BatchLog", "opened"]

LOG = "batch.log.jsonl"


class BatchLog:
    """Writes events; a line that cannot be written costs the line and not the batch."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def tell(
        self, event: str, *, clip: str | None = None, seconds: float | None = None, error: str = "",
        **more: object,
    ) -> None:  # fmt: skip
        """Write one line; with an error it is of the level ``ERROR``.

        Parameters
        ----------
        event : str
            What happened: ``begin``, ``new``, ``rescored``, ``kept``, ``failed``, ``interrupted``,
            ``end``.
        clip : str, optional
            As the tables name it.
        seconds : float, optional
            How long it took.
        error : str
        **more
            Anything else that JSON knows.
        """
        level = logging.ERROR if error else logging.INFO
        fields = {"clip": clip, "event": event, "seconds": seconds, "error": error or None, **more}
        self._logger.log(level, event, extra={"fields": fields})


class _AsJson(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, timezone.utc)
        first = {"time": when.isoformat(timespec="milliseconds"), "level": record.levelname}
        return json.dumps({**first, **vars(record)["fields"]}, ensure_ascii=False)


class _Patient(logging.FileHandler):
    """Says nothing where a line cannot be written: the disk is full, which the results will tell."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Let the line go."""


@contextmanager
def opened(out: Path) -> Iterator[BatchLog]:
    """Append to the log of a folder of results.

    Raises
    ------
    OutputError
        Where it cannot be opened.
    """
    path = out / LOG
    try:
        _end_last_line(path)
        handler = _Patient(path, encoding="utf-8", errors="backslashreplace")
    except OSError as err:
        raise OutputError(
            f"The log {path} cannot be written: {err.strerror}. Choose another folder with --out."
        ) from err
    handler.setFormatter(_AsJson())
    # A logger of its own and not one of the program's: nothing else shall end up in it.
    logger = logging.Logger("glutecam.batch", logging.INFO)
    logger.addHandler(handler)
    try:
        yield BatchLog(logger)
    finally:
        handler.close()


def _end_last_line(path: Path) -> None:
    """Begin a new line where a run that was killed left half of one."""
    if not path.exists() or not path.stat().st_size:
        return
    with path.open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        if stream.read(1) != b"\n":
            stream.write(b"\n")
