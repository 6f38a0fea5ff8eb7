"""Film somebody who holds a hand up: ``python -m training.raised_hand [--out FOLDER]``.

The gesture that starts a live session, for its test: no exercise, so not among the sample clips.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.appearance import paint, sample_look
from training.bodies import Body, build, sample_spec
from training.clips import Take, film
from training.posing import Footing, StandingPose, stand
from training.props import EMPTY, SOLE_M, Props
from training.renderer import Actor, Renderer
from training.scene import Camera, room
from training.scripts import Repetition
from training.skeleton import Posed

NAME = "raised_hand"
SEED = 71
#: Up for 2.8 s: longer than the two seconds that are asked for.
KEYS_S = (3.5, 4.0, 4.5, 7.3, 7.8, 8.3)
#: 0 hanging, 1 out to the side, 2 above the head.
HEIGHTS = (0.0, 1.0, 2.0, 2.0, 1.0, 0.0)
LASTS_S = 9.5


@dataclass(frozen=True)
class RaisedHand:
    """Someone who stands still and raises the right hand once."""

    body: Body
    exercise: str = NAME
    side: str = "R"
    props: Props = EMPTY
    reps: tuple[Repetition, ...] = ()
    duration_s: float = LASTS_S

    def posed(self, time_s: float) -> Posed:
        """Body at `time_s`."""
        way = float(np.interp(time_s, KEYS_S, HEIGHTS))
        arms = ("down", "aside", way) if way <= 1.0 else ("aside", "raised", way - 1.0)
        return stand(self.body, StandingPose("R", arms=arms), Footing(sole_m=SOLE_M))

    def measure(self, posed: Posed) -> dict[str, float | None]:
        """How far the right wrist is above the crown of somebody who stands upright."""
        crown = self.body.height_m + SOLE_M
        return {"wrist_above_crown_m": float(posed.joint("wrist.R")[2]) - crown}


def main() -> None:
    """Read the command line and render."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("tests/clips"))
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    body = build(sample_spec(SEED, "female"))
    performance = RaisedHand(body)
    camera = Camera(
        800, 450, horizontal_fov_deg=72.0, distance_m=2.8, height_m=0.57 * body.height_m
    )
    actor = Actor(body, paint(body, sample_look(SEED, "female")))
    film(Take(NAME, performance, camera), actor, Renderer(room(SEED, EMPTY), camera, SEED), out)


if __name__ == "__main__":
    main()
