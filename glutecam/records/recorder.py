"""Keep the landmarks of a live session, also when it ends in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from glutecam.core.assessment import Update
from glutecam.core.poses import PoseSeries
from glutecam.records.files import not_written, whole_file
from glutecam.records.posefile import About, write_part

__all__ = ["PoseRecorder"]

_CHECKPOINT_S = 10.0


class PoseRecorder:
    """A view that keeps every frame's landmarks, and writes them when it is closed.

    While it records, what it has is added every ten seconds to ``<name>.partial.npz`` beside the
    file. After a crash that is a recording like any other, short of the last ten seconds; after a
    regular end, also by Ctrl-C, it is gone.

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
    ) -> None:
        self._path = path
        self._model_name = model_name
        self._source_name = source_name
        self._fps = fps
        self._warnings = warnings
        self._reduced_accuracy = reduced_accuracy
        self._kept: list[PoseSeries] = []
        self._written = 0
        self._parts = 0
        self._closed = False
        self.partial = path.with_name(f"{path.stem}.partial.npz")

    def __enter__(self) -> PoseRecorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def wants_stop(self) -> bool:
        """Never: a recorder cannot be asked."""
        return False

    def show(
        self, image: NDArray[np.uint8], poses: PoseSeries, update: Update, time_s: float
    ) -> None:
        """Keep the landmarks of this frame; the picture is not kept."""
        self.append(poses)

    def append(self, poses: PoseSeries) -> None:
        """Keep these frames.

        Raises
        ------
        OutputError
            Where a checkpoint cannot be written: better now than at the end of the session.
        """
        if not len(poses):
            return
        self._kept.append(poses)
        unwritten_from = self._kept[self._written].time_s[0]
        if poses.time_s[-1] - unwritten_from >= _CHECKPOINT_S:
            self._checkpoint()

    def close(self) -> None:
        """Write the recording; nothing where no frame came.

        Raises
        ------
        OutputError
            Where it cannot be written; what was kept so far stays in the partial file.
        """
        if self._closed or not self._kept:
            return
        self._closed = True
        with whole_file(self._path) as stream:
            write_part(stream, PoseSeries.concatenate(self._kept), self._about())
        self.partial.unlink(missing_ok=True)

    def _about(self) -> About:
        return About(
            self._model_name,
            self._source_name,
            self._fps,
            tuple(self._warnings),
            self._reduced_accuracy,
        )

    def _checkpoint(self) -> None:
        """Add what is new to the partial file; its cost does not grow with the session."""
        fresh = PoseSeries.concatenate(self._kept[self._written :])
        try:
            if not self._parts:
                self.partial.write_bytes(b"")
            with self.partial.open("r+b") as stream:
                write_part(stream, fresh, self._about(), prefix=f"part-{self._parts:05d}/")
        except OSError as err:
            raise not_written(self.partial, err) from err
        self._written = len(self._kept)
        self._parts += 1
