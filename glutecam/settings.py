"""``glutecam.toml`` -> typed values: behind this door there is no dict of settings.

Options on the command line win over the file, the file wins over the defaults.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from glutecam.errors import SettingsError, nearest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["FILE_NAME", "Settings", "load_settings"]

FILE_NAME = "glutecam.toml"


class Settings(BaseModel):
    """What may be set once for all sessions.

    Attributes
    ----------
    model : str
        Pose model: ``full``, ``heavy`` or ``lite``.
    side : str
        The worked leg: ``auto``, ``left`` or ``right``.
    strict : bool
        Judge with the narrower bands.
    voice, mirror, window : bool
        Live: speak cues, show the picture as a mirror, open a window.
    camera : int or str
        Number of the webcam, or the address of a network camera.
    filter : str
        For recordings: ``zero-phase`` or ``causal``. Live there is no choice but ``causal``.
    count_people : bool
        Look for further people, at the price of speed.
    save : bool
        Live: keep the numbers of each set in the history.
    history : str
        Where that is: a file or the address of a database; empty for the user's data folder.
    subject : str
        Whose sets they are, a pseudonym.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, protected_namespaces=())

    model: str = "full"
    side: Literal["auto", "left", "right"] = "auto"
    strict: bool = False
    voice: bool = True
    mirror: bool = True
    window: bool = True
    camera: int | str = 0
    filter: Literal["zero-phase", "causal"] = "zero-phase"
    count_people: bool = True
    save: bool = True
    history: str = ""
    subject: str = "me"

    def over(self, **options: object) -> Settings:
        """Return the settings with every option that was given, that is, is not None.

        Raises
        ------
        SettingsError
            Naming the option and what it may be.
        """
        given = {name: value for name, value in options.items() if value is not None}
        return _checked({**self.model_dump(), **given}, "the command line")


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of a file; the defaults where the usual file is not there.

    Parameters
    ----------
    path : Path, optional
        A file that must exist; without it ``glutecam.toml`` in the current folder, if there is one.

    Raises
    ------
    SettingsError
        Where the file cannot be read, or a key is unknown or has the wrong type.
    """
    if path is None:
        path = Path(FILE_NAME)
        if not path.is_file():
            return Settings()
    return _checked(_read(path), str(path))


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


def _checked(values: Mapping[str, Any], origin: str) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as err:
        raise SettingsError(_message(err, origin)) from err


def _message(err: ValidationError, origin: str) -> str:
    problem = err.errors()[0]
    key = str(problem["loc"][0])
    known = Settings.model_fields
    if problem["type"] == "extra_forbidden":
        near = nearest(key.replace("-", "_"), [name.replace("_", "-") for name in known])
        hint = f" Did you mean '{near.replace('-', '_')}'?" if near else ""
        return f"{origin}: there is no setting '{key}'.{hint} Known: {', '.join(known)}."
    return (
        f"{origin}: '{key}' is {problem['input']!r}, which it cannot be. It takes {_takes(key)}, "
        f"for instance: {key} = {_toml(known[key].default)}"
    )


def _takes(key: str) -> str:
    words = {
        "model": "a name in quotes ('glutecam models list' shows them)",
        "camera": "a number, or an address in quotes",
        "side": '"auto", "left" or "right"',
        "filter": '"zero-phase" or "causal"',
        "history": "a file or an address in quotes",
        "subject": "a pseudonym in quotes",
    }
    return words.get(key, "true or false")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
