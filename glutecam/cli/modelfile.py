"""The pose model, fetched the first time it is needed."""

from __future__ import annotations

from glutecam.cli.terminal import note

__all__ = ["ensure_model"]


def ensure_model(name: str, offline: bool) -> None:
    """Fetch the model if it is missing, saying so; never where ``offline`` is asked for.

    Raises
    ------
    ModelError
        Where it is unknown, missing and offline, or cannot be fetched.
    """
    from glutecam.capture import weights

    known = {model.name: model for model in weights.list_models()}
    if offline or (name in known and known[name].present):
        weights.model_path(name)
        return
    if name in known:
        note(
            f"The pose model '{name}' is fetched now, once ({known[name].size / 1e6:.0f} MB kept "
            f"in {known[name].path.parent})."
        )
    weights.pull(name, note)
