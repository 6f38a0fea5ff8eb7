"""Train a second look at the pelvis: ``python -m training.fit_look --pictures FOLDER --out FOLDER``.

A small convolutional network on the crops of `training.looks`. It says what the crop alone tells
(*glance*), and what crop and landmarks tell together (*both*). A crop is first turned back by what the
model of the landmarks says, so that only what that model missed is looked for, however far somebody
leans. Bodies are split as in
`training.fit_pelvis`. The state of every epoch is kept: a stopped training goes on where it was.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.examples import KINDS, rotated
from training.fit_pelvis import LOG_SD, Ruler
from training.looks import SEEN_PX, Move, Pictures, Shaking, disguised, load_pictures
from training.rotations import Array

#: Where the hips lie, in widths of the view, counts this much beside the angle.
HIPS_WEIGHT = 300.0


@dataclass(frozen=True)
class LookPlan:
    """How to train. ``odd``: a mirror turns the sign of the angle, a roll of the camera adds to it."""

    epochs: int = 12
    batch: int = 32
    rate: float = 2e-3
    decay: float = 1e-2
    dropout: float = 0.1
    units: int = 64
    points: int = 20
    noise: float = 0.003
    odd: bool = True


class LookNetwork(torch.nn.Module):
    """Crop -> angle and log deviation; crop and shape -> the same; crop -> both hips.

    The crop is searched for points: each map says where one lies (the mean place under its softmax).
    The first two are taught to be the hip-joint centres, the others are free. Points turn with the
    picture, which plain layers on top of the convolutions learned much more slowly.
    """

    def __init__(self, inputs: int, plan: LookPlan) -> None:
        super().__init__()
        n = torch.nn
        self.fine = n.Sequential(_layer(3, 16, 5, 2), _layer(16, 32, 3, 2))
        self.middle = _layer(32, 64, 3, 2)
        self.coarse = n.Sequential(_layer(64, 64, 3, 2), _layer(64, 64, 3, 1))
        self.up, self.side = _layer(64, 48, 3, 1), n.Conv2d(32, 48, 1)
        self.maps = n.Conv2d(48, plan.points, 3, padding=1)
        side = (torch.arange(SEEN_PX // 4) + 0.5) / (SEEN_PX // 4) - 0.5
        self.register_buffer(
            "grid", torch.stack([side.repeat(len(side)), side.repeat_interleave(len(side))], 1)
        )
        found = 2 * plan.points
        self.seen = n.Linear(found + 64, plan.units)
        self.glance, self.line = n.Linear(plan.units, 2), n.Linear(found, 1)
        self.shape = n.Linear(inputs, plan.units)
        self.both = n.Linear(2 * plan.units + found, plan.units)
        self.last, self.straight = n.Linear(plan.units, 2), n.Linear(inputs, 1, bias=False)
        self.dropout = n.Dropout(plan.dropout)
        for end in (self.last, self.glance):
            n.init.zeros_(end.weight)

    def points(self, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return x and y (N, 2 P) of the points, in widths from the middle, and a summary (N, 64)."""
        # Half the bits make training twice as fast; places need them all.
        with torch.autocast("cpu", torch.bfloat16, enabled=self.training):
            fine = self.fine(picture)
            middle = self.middle(fine)
            coarse = self.coarse(middle)
            up = self.up(middle + _twice(coarse))
            maps = self.maps(torch.relu(self.side(fine) + _twice(up))).flatten(2)
        place = torch.softmax(maps.float(), dim=2) @ self.grid
        return place.flatten(1), coarse.float().mean(dim=(2, 3))

    def forward(
        self, picture: torch.Tensor, shape: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Glance (N, 2), both (N, 2): degrees and log deviation; hips (N, 4)."""
        points, summary = self.points(picture)
        seen = torch.relu(self.seen(self.dropout(torch.cat([5.0 * points, summary], dim=1))))
        known = torch.relu(self.shape(shape))
        hidden = self.dropout(torch.cat([seen, known, 5.0 * points], dim=1))
        scale = torch.tensor([10.0, 1.0])
        glance = self.glance(seen) * scale
        both = self.last(torch.relu(self.both(hidden))) * scale
        straight = 50.0 * self.line(points)
        glance = torch.cat([glance[:, :1] + straight, glance[:, 1:]], dim=1)
        both = torch.cat([both[:, :1] + straight + self.straight(shape), both[:, 1:]], dim=1)
        return glance, both, points[:, :4]


def _layer(before: int, after: int, width: int, stride: int) -> torch.nn.Module:
    n = torch.nn
    conv = n.Conv2d(before, after, width, stride=stride, padding=width // 2, bias=False)
    return n.Sequential(conv, n.BatchNorm2d(after), n.ReLU())


def _twice(maps: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.interpolate(maps, scale_factor=2, mode="nearest")


def as_input(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """Return (N, 3, H, W), each picture with mean 0 and deviation about 1."""
    seen = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255.0
    middle = seen.mean(dim=(2, 3), keepdim=True)
    seen = (seen - middle) / (seen.std(dim=(1, 2, 3), keepdim=True) + 0.05)
    return seen.contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True)
class Batch:
    """Pictures, shapes, angles (N,) and hips (N, 4), all shaken and some mirrored."""

    picture: torch.Tensor
    shape: torch.Tensor
    wanted: torch.Tensor
    hips: torch.Tensor


def _batches(
    known: Pictures, ruler: Ruler, plan: LookPlan, rng: np.random.Generator
) -> Iterator[Batch]:
    """One epoch: every picture once."""
    shaking = Shaking()
    order = rng.permutation(len(known))
    for rows in np.split(order, np.arange(plan.batch, len(order), plan.batch)):
        if len(rows) > 1:
            yield _batch(known, rows, ruler, plan, shaking, rng)


def _batch(
    known: Pictures,
    rows: NDArray[np.intp],
    ruler: Ruler,
    plan: LookPlan,
    shaking: Shaking,
    rng: np.random.Generator,
) -> Batch:
    moves = [Move.drawn(rng, shaking, plan.odd) for _ in rows]
    roll = np.array([move.roll_deg for move in moves])
    flip = np.array([move.mirrored for move in moves])
    pairs = [(i, m.turned_back(known.turn_deg[i])) for i, m in zip(rows, moves, strict=True)]
    pictures = np.stack([disguised(m.picture(known.crops[i]), rng, shaking) for i, m in pairs])
    hips = np.stack([m.points(known.hips[i]) for i, m in pairs])
    shape, target = known.level_shape[rows], known.residual_deg[rows]
    # A mirror comes first, then the roll, in the picture as in the shape.
    shape = np.where(flip[:, None], shape[:, ruler.order] * ruler.sign, shape)
    shape = rotated(shape, roll) + rng.normal(0.0, plan.noise, shape.shape)
    if plan.odd:
        target = np.where(flip, -target, target) + roll
    return Batch(
        as_input(pictures),
        ruler.pair(shape)[0],
        torch.from_numpy(target.astype(np.float32)),
        torch.from_numpy(hips.reshape(len(rows), 4).astype(np.float32)),
    )


def _loss(found: torch.Tensor, wanted: torch.Tensor, early: bool) -> torch.Tensor:
    """Squares first; then the negative log likelihood of a Student-t, as in `fit_pelvis`."""
    error, spread = wanted - found[:, 0], found[:, 1].clamp(*LOG_SD)
    if early:
        return (error**2).mean() / 20.0
    return (spread + 3.0 * torch.log1p((error * torch.exp(-spread)) ** 2 / 5.0)).mean()


@dataclass(frozen=True)
class Sight:
    """Angles and deviations (N,) in degrees."""

    angle: Array
    sd: Array


def looked(
    network: LookNetwork, pictures: Pictures, ruler: Ruler, plan: LookPlan
) -> tuple[Sight, Sight]:
    """Return glance and both; with ``plan.odd`` a mirrored picture has exactly the other sign."""
    network.eval()
    one, other = ruler.pair(pictures.level_shape)
    ends = [_ends(network, pictures, one, Move())]
    if plan.odd:
        mirrored = _ends(network, pictures, other, Move(mirrored=True))
        ends.append(mirrored * [-1.0, 1.0])
    mean, turn = np.mean(ends, axis=0), pictures.turn_deg
    glance, both = (Sight(turn + one[:, 0], np.exp(np.clip(one[:, 1], *LOG_SD))) for one in mean)
    return glance, both


def _ends(network: LookNetwork, pictures: Pictures, shape: torch.Tensor, move: Move) -> Array:
    """Return (2, N, 2): glance and both, angle and log deviation."""
    found = []
    moves = [move.turned_back(turn) for turn in pictures.turn_deg]
    with torch.no_grad():
        for start in range(0, len(pictures), 128):
            rows = slice(start, start + 128)
            pairs = zip(moves[rows], pictures.crops[rows], strict=True)
            seen = np.stack([one.picture(crop) for one, crop in pairs])
            glance, both, _ = network(as_input(seen), shape[rows])
            found.append(torch.stack([glance, both]).numpy().astype(np.float64))
    return np.concatenate(found, axis=1)


def mae(sight: Sight, pictures: Pictures) -> float:
    """Mean absolute error in degrees."""
    return float(np.abs(sight.angle - pictures.examples.target_deg).mean())


def fit(
    known: Pictures, watched: Pictures, plan: LookPlan, kept: Path, begin: Path | None = None
) -> tuple[LookNetwork, Ruler]:
    """Train, keeping the state after every epoch in `kept`; `watched` is only printed.

    ``begin`` is a state whose weights are better than none.
    """
    torch.manual_seed(7)
    ruler = Ruler.of(known.level_shape, 0.5)
    network = LookNetwork(ruler.turn.shape[1], plan).to(memory_format=torch.channels_last)
    if begin is not None:
        network.load_state_dict(torch.load(begin, weights_only=True)["network"])
    best = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=plan.decay)
    steps = plan.epochs * -(-len(known) // plan.batch) + 1
    schedule = torch.optim.lr_scheduler.OneCycleLR(best, plan.rate, total_steps=steps)
    parts = {"network": network, "best": best, "schedule": schedule}
    first = _resumed(kept, parts)
    for epoch in range(first, plan.epochs):
        start, losses = time.process_time(), []
        network.train()
        for batch in _batches(known, ruler, plan, np.random.default_rng([7, epoch])):
            glance, both, hips = network(batch.picture, batch.shape)
            early = epoch < max(plan.epochs // 4, 1)
            loss = _loss(glance, batch.wanted, early) + _loss(both, batch.wanted, early)
            loss = loss + HIPS_WEIGHT * torch.nn.functional.mse_loss(hips, batch.hips)
            best.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            best.step()
            schedule.step()
            losses.append(float(loss.detach()))
        torch.save({"epoch": epoch + 1, **{k: p.state_dict() for k, p in parts.items()}}, kept)
        glance_of, both_of = looked(network, watched, ruler, plan)
        print(
            f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, watched bodies: glance "
            f"{mae(glance_of, watched):.2f}°, both {mae(both_of, watched):.2f}°, "
            f"{time.process_time() - start:.0f} s of processor",
            flush=True,
        )
    return network, ruler


def _resumed(kept: Path, parts: dict[str, torch.nn.Module | torch.optim.Optimizer]) -> int:
    """Bring everything to the state that was kept, if there is one; return the next epoch."""
    if not kept.is_file():
        return 0
    state = torch.load(kept, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return int(state["epoch"])


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True, help="landmarks with their crops")
    parser.add_argument("--out", type=Path, required=True, help="folder for what is kept")
    parser.add_argument("--epochs", type=int, default=LookPlan.epochs)
    parser.add_argument("--at-most", type=int, help="so many pictures")
    parser.add_argument("--begin", type=Path, help="state whose weights to begin with")
    parser.add_argument("--lying", action="store_true", help="pelvic roll of people on their side")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    chosen.out.mkdir(parents=True, exist_ok=True)
    plan = LookPlan(epochs=chosen.epochs, odd=not chosen.lying)
    kinds = ("lying",) if chosen.lying else KINDS
    pictures = load_pictures(kinds, chosen.pictures, chosen.at_most)
    of = pictures.examples
    known = pictures.where(~of.held_out & ~of.for_calibration)
    print(len(pictures), "pictures,", len(known), "to learn from,", asdict(plan), flush=True)
    name = f"{'lying' if chosen.lying else 'level'}-{len(known)}-{plan.epochs}.pt"
    watched = pictures.where(of.for_calibration)
    fit(known, watched, plan, chosen.out / name, chosen.begin)


if __name__ == "__main__":
    main()
