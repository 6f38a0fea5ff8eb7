"""Render the sample clips: ``python -m training.render_samples [--only NAME] [--out FOLDER]``.

A finished clip is left alone, so the command can be stopped and started again.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from training.appearance import paint
from training.catalogue import Sample, samples
from training.clips import film, is_finished
from training.renderer import Actor, Renderer
from training.scene import room


def render(sample: Sample, folder: Path) -> None:
    """Render one clip into `folder`."""
    take = sample.make(sample)
    body = take.performance.body
    actor = Actor(body, paint(body, sample.look()))
    renderer = Renderer(room(sample.seed, take.performance.props), take.camera, sample.seed)
    film(take, actor, renderer, folder)


def main() -> None:
    """Read the command line and render what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="render clips whose name contains this")
    parser.add_argument("--out", type=Path, default=Path("sample_videos"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for sample in samples():
        if options.only and options.only not in sample.name:
            continue
        if is_finished(sample.name, options.out):
            print(f"{sample.name}: already there")
            continue
        start = time.monotonic()
        render(sample, options.out)
        print(f"{sample.name}: rendered in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
