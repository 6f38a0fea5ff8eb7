"""Settings as lines of ``glutecam.toml``."""

from __future__ import annotations

import json

from pydantic import BaseModel

from glutecam.settings.values import Settings

__all__ = ["toml_lines", "toml_value"]


def toml_lines(settings: Settings) -> dict[str, str]:
    """Return each setting as a line of ``glutecam.toml``, by its key."""
    return {key: f"{key} = {toml_value(value)}" for key, value in settings.model_dump().items()}


def toml_value(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {toml_value(inside)}' for key, inside in value.items())}}}"
    # JSON writes a text as TOML reads it.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
