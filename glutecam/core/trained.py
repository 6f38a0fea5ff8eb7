"""Reads the trained models that are part of glutecam: weights and a card, checked."""

from __future__ import annotations

import json
from functools import cache

from glutecam.core.pelvis_net import PelvisNet
from glutecam.errors import ModelError
from glutecam.shipped import shipped_model

__all__ = ["fingerprint", "trained"]

MODELS = ("pelvis-3",)


@cache
def trained(name: str) -> PelvisNet:
    """Return one of our own models, read once.

    Parameters
    ----------
    name : str
        ``"pelvis-3"``: files ``NAME.npz`` and ``NAME.json`` in ``models/``.

    Raises
    ------
    ModelError
        Where the files are missing, damaged, or do not belong together.
    """
    try:
        card = json.loads(shipped_model(f"{name}.json"))
        return PelvisNet.from_bytes(shipped_model(f"{name}.npz"), card["sha256"])
    except (OSError, ValueError, KeyError) as err:
        raise ModelError(
            f"The model {name}, a part of glutecam, cannot be read: {err}. Reinstall glutecam, or "
            "measure without it: --pelvis raw"
        ) from err


@cache
def fingerprint() -> str:
    """Return what changes when one of the models does."""
    return " ".join(json.loads(shipped_model(f"{name}.json"))["sha256"] for name in MODELS)
