"""From a file and from ``key=value`` pairs to Settings."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from glutecam.errors import SettingsError
from glutecam.settings.values import TABLES, Settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["FILE_NAME", "assigned", "load_settings", "read_settings"]

FILE_NAME = "glutecam.toml"

_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def load_settings(path: Path | None = None, pairs: Sequence[str] | None = None) -> Settings:
    """Return the settings of a file; the defaults where the usual file is not there.

    Parameters
    ----------
    path : Path, optional
        A file that must exist; without it ``glutecam.toml`` in the current folder, if there is one.
    pairs : sequence of str, optional
        ``key=value``, which win over the file.

    Raises
    ------
    SettingsError
        Where the file cannot be read, or a key is unknown or has the wrong type.
    """
    found = read_settings(path)
    settings = Settings.checked(_beside(*found), str(found[0])) if found else Settings()
    if not pairs:
        return settings
    return Settings.checked(_merged(settings.model_dump(), assigned(pairs)), "--set")


def _beside(path: Path, values: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in a file, with the logo looked for beside it."""
    clinic = values.get("clinic")
    logo = clinic.get("logo") if isinstance(clinic, dict) else None
    if not (isinstance(clinic, dict) and isinstance(logo, str) and logo):
        return values
    return {**values, "clinic": {**clinic, "logo": str(path.parent / Path(logo).expanduser())}}


def read_settings(path: Path | None = None) -> tuple[Path, dict[str, Any]] | None:
    """Return the file that holds and what stands in it, unchecked; None where there is none.

    Raises
    ------
    SettingsError
        Where it cannot be read.
    """
    if path is None:
        path = Path(FILE_NAME)
        # A folder of that name is told and not passed over.
        if not path.exists():
            return None
    return path, _read(path)


def assigned(pairs: Sequence[str]) -> dict[str, Any]:
    """Return what ``key=value`` pairs say; quotes around a text may be left out.

    Raises
    ------
    SettingsError
        Where one has no ``=``.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        key, sign, value = (part.strip() for part in pair.partition("="))
        if not (key and sign):
            raise SettingsError(
                f"--set takes key=value, such as --set strict=true; '{pair}' is not. The keys: "
                f"{', '.join(Settings.model_fields)}."
            )
        found = _merged(found, _nested(key.split("."), _value(key, value)))
    return found


def _nested(keys: Sequence[str], value: object) -> dict[str, Any]:
    """Return ``{"bands": {"GC101": value}}`` for ``bands.GC101``, as TOML reads it."""
    inside = value if len(keys) == 1 else _nested(keys[1:], value)
    return {keys[0]: inside}


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with everything that ``over`` says, table by table."""
    both = {
        key: _merged(base[key], value)
        for key, value in over.items()
        if isinstance(value, dict) and isinstance(base.get(key), dict)
    }
    return {**base, **over, **both}


def _value(key: str, text: str) -> object:
    table, _, name = key.rpartition(".")
    known: Mapping[str, FieldInfo] = TABLES.get(table, {}) if table else Settings.model_fields
    field = known.get(name)
    bare = text.strip("\"'")
    if field is not None and field.annotation is str:
        return bare
    if field is not None and field.annotation is bool:
        return _SWITCH.get(text.lower(), bare)
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return bare


def _read(path: Path) -> dict[str, Any]:
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise SettingsError(
            f"The settings file {path} cannot be read: {err.strerror}. Give an existing file with "
            "--config, or leave the option out."
        ) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise SettingsError(
            f"The settings file {path} is not valid TOML: {err}. Each line reads: key = value"
        ) from err
    return values
