"""Keep the landmarks of a live session, also when it ends in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glutecam.closing import Closing
from glutecam.core.assessment import Update
from glutecam.core.poses import PoseSeries
from glutecam.errors import OutputError
from glutecam.records.posefile import About, part_path, parts_of, save_recording

__all__ = ["PoseRecorder"]

_CHECKPOINT_S = 10.0


class PoseRecorder(Closing):
    """A view that keeps every frame's landmarks, and writes them when it is closed.

    While it records, what is new goes every ten seconds into a part of its own beside the file,
    ``<name>.partial-0001.npz`` and so on, each written whole or not at all. So nothing that happens
    while one is written can harm those before it. After a crash ``load_poses`` reads them as one
    recording, short of the last ten seconds; after a regular end, also by Ctrl-C, they are gone.
    Parts that an earlier session left under the same name are removed when the first is written.

    Parameters
    ----------
    path : Path
        The recording to write; should end in ``.npz``.
    model_name, source_name : str
    fps : float or None
        Nominal frame rate in 1/s.
    warnings : sequence of str
        The source's own list: read when the file is written, so it may still grow.
    reduced_accuracy : bool
    faster : sequence of str
        What would help where this machine is too slow.
    """

    def __init__(
        self,
        path: Path,
        *,
        model_name: str,
        source_name: str,
        fps: float | None,
        warnings: Sequence[str] = (),
        reduced_accuracy: bool = False,
        faster: Sequence[str] = (),
    ) -> None:
        self._path = path
        self._model_name = model_name
        self._source_name = source_name
        self._fps = fps
        self._warnings = warnings
        self._reduced_accuracy = reduced_accuracy
        self._kept: list[PoseSeries] = []
        self._skipped, self._faster = 0.0, tuple(faster)
        self._written = 0
        self._parts = 0
        self._closed = False
        self.partial = part_path(path, 1)

    @property
    def wants_stop(self) -> bool:
        """Never: a recorder cannot be asked."""
        return False

    def show(
        self, image: NDArray[np.uint8], poses: PoseSeries, update: Update, time_s: float
    ) -> None:
        """Keep the landmarks of this frame; the picture is not kept."""
        self.append(poses)

    def append(self, poses: PoseSeries, skipped: float = 0.0) -> None:
        """Keep these frames.

        Parameters
        ----------
        poses : PoseSeries (T)
        skipped : float
            Share of the pictures that came until now and were not looked at, 0 to 1.

        Raises
        ------
        OutputError
            Where a checkpoint cannot be written: better now than at the end of the session.
        """
        if not len(poses):
            return
        self._kept.append(poses)
        self._skipped = skipped
        unwritten_from = self._kept[self._written].time_s[0]
        if poses.time_s[-1] - unwritten_from >= _CHECKPOINT_S:
            self._checkpoint()

    def close(self) -> None:
        """Write the recording; nothing where no frame came.

        Raises
        ------
        OutputError
            Where it cannot be written; what was kept so far stays in the parts.
        """
        if self._closed or not self._kept:
            return
        self._closed = True
        try:
            save_recording(self._path, PoseSeries.concatenate(self._kept), self._about())
        except OutputError as err:
            raise self._not_written(err) from err
        self._remove_parts()

    def _not_written(self, err: OutputError) -> OutputError:
        """Save the frames since the last part, where there is room for so few, and tell of it."""
        try:
            if self._written < len(self._kept):
                self._checkpoint()
        except OutputError:
            # The same disk; what is lost are the seconds since the last part.
            kept = self._written
        else:
            kept = len(self._kept)
        told = f"The recording {_failure(self._path, err)}."
        if not kept:
            return OutputError(f"{told} Nothing of it was kept. Free some space, or record again.")
        until_s = float(self._kept[kept - 1].time_s[-1])
        return OutputError(
            f"{told} Its frames up to {until_s:.1f} s are kept in parts beside it, and are read "
            f"together: give '{self.partial}' where you would give the recording."
        )

    def _about(self) -> About:
        return About(
            self._model_name,
            self._source_name,
            self._fps,
            tuple(self._warnings),
            self._reduced_accuracy,
            skipped=self._skipped,
            faster=self._faster,
        )

    def _checkpoint(self) -> None:
        """Write what is new as a part; its cost does not grow with the session."""
        if not self._parts:
            self._remove_parts()
        fresh = PoseSeries.concatenate(self._kept[self._written :])
        path = part_path(self._path, self._parts + 1)
        try:
            save_recording(path, fresh, self._about())
        except OutputError as err:
            raise OutputError(
                f"The recording cannot go on: {_failure(path, err)}. Free some space, or record "
                "to another place."
            ) from err
        self._written = len(self._kept)
        self._parts += 1

    def _remove_parts(self) -> None:
        """Remove the parts, the last first: at no time does one of the middle seem to be lost."""
        try:
            for part in reversed(parts_of(self._path)):
                part.unlink(missing_ok=True)
        except OSError as err:
            raise OutputError(
                f"The parts beside '{self._path}' cannot be removed: {err.strerror or err}. Remove "
                f"them yourself: {self.partial.name} and those after it."
            ) from err


def _failure(path: Path, err: OutputError) -> str:
    reason = getattr(err.__cause__, "strerror", None) or str(err)
    return f"'{path}' was not written: {reason}"
