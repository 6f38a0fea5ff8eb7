"""Bad recordings that only another camera position can give: rendered by the training renderer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

__all__ = ["RENDERED", "Rendered", "render"]


@dataclass(frozen=True)
class Rendered:
    """One clip: what is changed in the camera of a sample clip, in degrees and metres."""

    name: str
    of: str
    camera: dict[str, Any]
    exercise: str
    gates: tuple[str, ...]


RENDERED = (
    Rendered("camera 45° to the side", "step_down_clean_right", {"yaw_deg": 45.0}, "step-down",
             ("view",)),
    Rendered("camera 60° to the side", "step_down_clean_left", {"yaw_deg": -60.0}, "step-down",
             ("view",)),
    Rendered("camera at the side", "single_leg_squat_clean_right", {"yaw_deg": 90.0},
             "single-leg-squat", ("view",)),
    Rendered("camera rolled by 9° and looking down", "single_leg_squat_clean_left",
             {"roll_deg": 9.0, "height_m": 1.9, "pitch_deg": 16.0}, "single-leg-squat", ()),
    Rendered("camera rolled by 28°", "single_leg_squat_clean_right",
             {"roll_deg": 28.0, "distance_m": 3.6}, "single-leg-squat", ("level", "quiet start")),
    Rendered("clamshell from behind", "clamshell_clean_left", {"yaw_deg": 180.0}, "clamshell",
             ("view",)),
    Rendered("clamshell from the head's end", "clamshell_clean_right", {"yaw_deg": 90.0},
             "clamshell", ("posture", "view")),
)  # fmt: skip

SIZE = {"width_px": 960, "height_px": 540}


def render(wanted: Rendered, folder: Path) -> Path:
    """Return the clip, rendered unless it is there.

    Raises
    ------
    ImportError
        Where the extra [training] is not installed.
    """
    path = folder / f"{wanted.name.replace(' ', '_').replace('°', '')}.mp4"
    if path.is_file():
        return path
    from training.appearance import paint
    from training.catalogue import samples
    from training.clips import film
    from training.renderer import Actor, Renderer
    from training.scene import room

    sample = next(sample for sample in samples() if sample.name == wanted.of)
    take = sample.make(sample)
    who: Any = take.performance
    # One repetition is enough.
    script = replace(who.script, faults=who.script.faults[:1])
    take = replace(
        take,
        name=path.stem,
        performance=replace(who, script=script),
        camera=replace(take.camera, **SIZE, **wanted.camera),
    )
    body = take.performance.body
    actor = Actor(body, paint(body, sample.look()))
    turn = 180.0 if abs(take.camera.yaw_deg) > 90.0 else 0.0
    scene = room(sample.seed, take.performance.props, turn)
    folder.mkdir(parents=True, exist_ok=True)
    film(take, actor, Renderer(scene, take.camera, sample.seed), folder)
    return path
