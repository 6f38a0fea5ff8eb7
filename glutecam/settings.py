"""``glutecam.toml`` -> typed values: behind this door there is no dict of settings.

Options on the command line win over the file, the file wins over the defaults.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from glutecam.errors import SettingsError, either, nearest

if TYPE_CHECKING:
    from glutecam.core.rules import Exercise, Rule

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = [
    "FILE_NAME",
    "Clinic",
    "Settings",
    "assigned",
    "load_settings",
    "read_settings",
    "toml_lines",
]

FILE_NAME = "glutecam.toml"

MOST_DAYS = 36500
# 'strct' is 'strict'; 'nonsense' is not 'consent' (0.67).
_NEAR = 0.7
_OF_A_VERB = " What one verb alone takes is its option: glutecam batch --workers 2."
_SWITCH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Clinic(BaseModel):
    """Whose reports these are.

    Attributes
    ----------
    name : str
    logo : str
        A PNG, JPEG or SVG; in a settings file relative to that file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = ""
    logo: str = ""


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
    tones, hum : bool
        Live: short tones, and a tone whose pitch falls with the pelvis.
    full_screen : bool
        Live: begin with the whole screen; a file is played in a window.
    fade : bool
        Live: cues become rarer as repetitions become clean.
    camera : int or str
        Number of the webcam, or the address of a network camera.
    filter : str
        For recordings: ``zero-phase`` or ``causal``. Live there is no choice but ``causal``.
    pelvis : str
        How the pelvis is measured: by the trained ``model``, or ``raw`` from the two hip points.
    count_people : bool
        Look for further people, at the price of speed.
    follow : str
        Whom to keep to among several people: ``auto``, ``largest``, ``left``, ``right``, ``moving``
        or a place in pixels such as ``640,300``.
    save : bool
        Live: keep the numbers of each set in the history.
    history : str
        Where that is: a file or the address of a database; empty for the user's data folder.
    subject : str
        Whose sets they are, a pseudonym.
    faces : str
        In every picture that is written: ``hide``, or ``keep`` where everybody agreed.
    consent : bool
        The subject agreed that sets are kept; noted with each of them.
    retention_days : int
        Sets older than this are deleted by ``history purge``, to 36500; 0: none by itself.
    audience : str
        In whose words: ``coach`` for whoever exercises, ``clinician`` for measurements and the
        published sheet.
    units : str
        Of lengths and weights in texts: ``metric`` or ``imperial``. Angles are degrees.
    database : str
        Batch: a file or the address of a database that takes the results too; empty for none.
    clinic : Clinic
        Name and logo on reports and dashboards.
    bands : dict of str to dict of str to float
        Edges of one's own by the code of a rule: ``ok`` and ``fault`` of a fault that lasts,
        ``low``, ``high`` and ``margin`` of one of a whole repetition.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, protected_namespaces=())

    model: str = "full"
    side: Literal["auto", "left", "right"] = "auto"
    strict: bool = False
    voice: bool = True
    mirror: bool = True
    window: bool = True
    tones: bool = True
    hum: bool = False
    full_screen: bool = True
    fade: bool = True
    camera: int | str = 0
    filter: Literal["zero-phase", "causal"] = "zero-phase"
    pelvis: Literal["model", "raw"] = "model"
    count_people: bool = True
    follow: str = "auto"
    save: bool = True
    history: str = ""
    subject: str = "me"
    faces: Literal["hide", "keep"] = "hide"
    consent: bool = False
    retention_days: int = Field(default=0, ge=0, le=MOST_DAYS)
    audience: Literal["coach", "clinician"] = "coach"
    units: Literal["metric", "imperial"] = "metric"
    database: str = ""
    clinic: Clinic = Clinic()
    bands: dict[str, dict[str, float]] = Field(default_factory=dict)

    def exercise(self, name: str) -> Exercise:
        """Return an exercise as these settings have it: how the pelvis is measured, edges, units.

        Raises
        ------
        UnknownExerciseError, SettingsError
            Naming the nearest exercise, or the edge that cannot be.
        """
        from glutecam import exercises
        from glutecam.core.own_bands import with_own_bands
        from glutecam.core.pelvis import measured_by
        from glutecam.core.units import in_units

        plain = in_units(exercises.get(name), self.units)
        return with_own_bands(measured_by(plain, self.pelvis), self.bands)

    @property
    def named_subject(self) -> str | None:
        """Whose the sets are; None where nobody was named."""
        nobody = type(self).model_fields["subject"].default
        return None if self.subject == nobody else self.subject

    def over(self, **options: object) -> Settings:
        """Return the settings with every option that was given, that is, is not None.

        Raises
        ------
        SettingsError
            Naming the option and what it may be.
        """
        given = {name: value for name, value in options.items() if value is not None}
        return _checked({**self.model_dump(), **given}, "the command line")


_TABLES: Mapping[str, Mapping[str, FieldInfo]] = {"clinic": Clinic.model_fields}
"""Settings that are tables, and what stands in each."""


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
    settings = _checked(_beside(*found), str(found[0])) if found else Settings()
    if not pairs:
        return settings
    return _checked(_merged(settings.model_dump(), assigned(pairs)), "--set")


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


def toml_lines(settings: Settings) -> dict[str, str]:
    """Return each setting as a line of ``glutecam.toml``, by its key."""
    return {key: f"{key} = {_toml(value)}" for key, value in settings.model_dump().items()}


def _value(key: str, text: str) -> object:
    table, _, name = key.rpartition(".")
    known: Mapping[str, FieldInfo] = _TABLES.get(table, {}) if table else Settings.model_fields
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


def _checked(values: Mapping[str, Any], origin: str) -> Settings:
    try:
        settings = Settings.model_validate(values)
    except ValidationError as err:
        raise SettingsError(_message(err, origin)) from err
    _check_bands(settings.bands, origin)
    return settings


def _check_bands(bands: Mapping[str, Mapping[str, float]], origin: str) -> None:
    """Refuse a code that no exercise has, and edges that cannot be, before anything is read."""
    if not bands:
        return
    from glutecam import exercises
    from glutecam.core.own_bands import edge_names, edges_example, with_own_bands

    rules: dict[str, list[tuple[Exercise, Rule]]] = {}
    for exercise in exercises.all_exercises():
        for rule in exercise.all_rules:
            rules.setdefault(rule.code, []).append((exercise, rule))
    for code, edges in bands.items():
        if code not in rules:
            near = nearest(code, sorted(rules))
            hint = f" Did you mean '{near}'?" if near else ""
            raise SettingsError(
                f"{origin}: bands knows no fault '{code}'.{hint} 'glutecam explain EXERCISE' lists "
                "the codes of an exercise."
            )
        try:
            changed = [with_own_bands(exercise, {code: edges}) for exercise, _ in rules[code]]
        except SettingsError as err:
            raise SettingsError(f"{origin}: {err}") from err
        if not any(exercise.own_bands for exercise in changed):
            one = rules[code][0][1]
            raise SettingsError(
                f"{origin}: bands.{code} takes {', '.join(edge_names(one))}, for instance: "
                f"{edges_example(one)}"
            )


def _message(err: ValidationError, origin: str) -> str:
    problem = err.errors()[0]
    place = [str(part) for part in problem["loc"]]
    table = f"{place[0]}." if len(place) > 1 and place[0] in _TABLES else ""
    known = _TABLES[place[0]] if table else Settings.model_fields
    key = place[1] if table else place[0]
    if problem["type"] == "extra_forbidden":
        near = nearest(key, [name.replace("_", "-") for name in known], cutoff=_NEAR)
        if near:
            meant = f"{table}{near.replace('-', '_')}"
            hint = f"Did you mean '{meant}'? 'glutecam settings show' lists all."
        else:
            hint = f"Known: {', '.join(f'{table}{name}' for name in known)}."
            hint += "" if table else _OF_A_VERB
        return f"{origin}: there is no setting '{table}{key}'. {hint}"
    where, example = f"{table}{key}", ""
    if key == "bands":  # its default is empty, and no example
        where = ".".join(place)
    else:
        default = known[key].get_default(call_default_factory=True)
        example = f", for instance: {where} = {_toml(default)}"
    return (
        f"{origin}: '{where}' is {problem['input']!r}, which it cannot be. It takes "
        f"{_takes(table + key)}{example}"
    )


def _takes(key: str) -> str:
    """Return what a setting may be; of a few words which they are, as its type has them."""
    words = {
        "model": "a name in quotes ('glutecam models list' shows them)",
        "camera": "a number, or an address in quotes",
        "follow": 'such as "largest", "moving" or "640,300"',
        "retention_days": f"a number of days from 1 to {MOST_DAYS}, or 0 to keep sets for ever",
        "history": "a file or an address in quotes",
        "database": "a file or an address in quotes",
        "subject": "a pseudonym in quotes",
        "clinic": 'a table, such as {name = "Praxis am See", logo = "logo.svg"}',
        "clinic.name": "a name in quotes",
        "clinic.logo": "a PNG, JPEG or SVG in quotes",
        "bands": "a table of edges by the code of a fault (glutecam explain GC101), such as "
        "bands.GC101 = {ok = 5, fault = 9}",
    }
    if key in words:
        return words[key]
    choices = get_args(Settings.model_fields[key].annotation)
    return either([f'"{choice}"' for choice in choices]) or "true or false"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_toml(inside)}' for key, inside in value.items())}}}"
    # JSON writes a text as TOML reads it.
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
