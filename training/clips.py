"""A movement of one person, filmed: H.264 video and the truth beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import av
import numpy as np

from training.bodies import Body
from training.renderer import Actor, Frame, Renderer
from training.scene import Camera, Props
from training.scripts import Repetition
from training.skeleton import Posed

FPS = 30


class Performance(Protocol):
    """Someone doing an exercise."""

    body: Body
    exercise: str

    @property
    def side(self) -> str:
        """``"L"`` or ``"R"``: the stance leg, or the upper one when lying."""

    @property
    def props(self) -> Props:
        """What stands in the room."""

    @property
    def reps(self) -> tuple[Repetition, ...]:
        """Repetitions with their faults."""

    @property
    def duration_s(self) -> float:
        """Length in seconds."""

    def posed(self, time_s: float) -> Posed:
        """Body at `time_s`."""

    def measure(self, posed: Posed) -> dict[str, float | None]:
        """Exact angles of one pose; None where an angle has no meaning."""


@dataclass(frozen=True)
class Take:
    """What is filmed, and from where."""

    name: str
    performance: Performance
    camera: Camera
    view: str = "front"


def times_s(take: Take) -> np.ndarray:
    """Time of every frame."""
    return np.arange(round(take.performance.duration_s * FPS)) / FPS


def _rounded(value: float | None) -> float | None:
    """Round for the file; -0.0 becomes 0.0."""
    return None if value is None else round(float(value), 3) + 0.0


def _hips_px(take: Take, poses: list[Posed]) -> dict[str, list[list[float]]]:
    """Where the hip-joint centres are in the picture."""
    found = {}
    for key, bone in (("left_hip_px", "upperleg01.L"), ("right_hip_px", "upperleg01.R")):
        points = take.camera.project(np.stack([posed.joint(bone) for posed in poses]))
        found[key] = np.round(points, 1).tolist()
    return found


def truth(take: Take, poses: list[Posed]) -> dict[str, Any]:
    """Everything that is known about the clip, for its JSON file."""
    who = take.performance
    side = {"L": "left", "R": "right"}[who.side]
    rows = [who.measure(posed) for posed in poses]
    stance = [side] * len(rows) if take.performance.exercise != "clamshell" else [None] * len(rows)
    return {
        "clip": f"{take.name}.mp4",
        "exercise": who.exercise,
        "side": side,
        "view": take.view,
        "body_seed": who.body.spec.seed,
        "body_sex": who.body.spec.sex,
        "body_height_m": round(who.body.height_m, 3),
        "camera": take.camera.as_dict(),
        "fps": FPS,
        "reps": [
            {"start_s": round(r.start_s, 3), "end_s": round(r.end_s, 3), "faults": list(r.faults)}
            for r in who.reps
        ],
        "time_s": [round(float(t), 5) for t in times_s(take)],
        **{key: [_rounded(row[key]) for row in rows] for key in rows[0]},
        "stance_side": stance,
        **_hips_px(take, poses),
    }


class VideoFile:
    """H.264 that browsers play; nothing is left behind if the writing fails."""

    def __init__(self, path: Path, camera: Camera) -> None:
        self._path, self._part = path, path.with_name(f".{path.stem}.part.mp4")
        self._file = av.open(str(self._part), "w", options={"movflags": "+faststart"})
        self._stream = self._file.add_stream("libx264", rate=FPS)
        self._stream.width, self._stream.height = camera.width_px, camera.height_px
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": "21", "preset": "medium", "threads": "1"}

    def __enter__(self) -> VideoFile:
        return self

    def write(self, frame: Frame) -> None:
        """Append one picture."""
        self._file.mux(self._stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure is None:
            self._file.mux(self._stream.encode(None))
        self._file.close()
        if failure is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)


def film(take: Take, actor: Actor, renderer: Renderer, folder: Path) -> None:
    """Render `take` into `folder`; the truth is written last and marks the clip as finished."""
    poses = [take.performance.posed(float(t)) for t in times_s(take)]
    renderer.focus([actor.surface(posed) for posed in poses[::5]])
    with VideoFile(folder / f"{take.name}.mp4", take.camera) as video:
        for posed in poses:
            video.write(renderer.draw(actor.mesh(posed)))
    target = truth_path(take.name, folder)
    part = target.with_name(f".{target.name}.part")
    part.write_text(_compact_json(truth(take, poses)), encoding="utf-8")
    part.replace(target)


def _compact_json(record: dict[str, Any]) -> str:
    """JSON with one line per key: readable heads, long arrays that stay out of the way."""
    lines = (f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in record.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def truth_path(name: str, folder: Path) -> Path:
    """Where the truth of clip `name` lies."""
    return folder / f"{name}.truth.json"


def is_finished(name: str, folder: Path) -> bool:
    """Whether video and truth are both there."""
    return truth_path(name, folder).is_file() and (folder / f"{name}.mp4").is_file()
