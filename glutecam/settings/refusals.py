"""Settings that cannot be: what is wrong with them, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from pydantic import ValidationError

from glutecam.errors import SettingsError, either, nearest
from glutecam.settings.values import MOST_DAYS, TABLES, Settings
from glutecam.settings.written import toml_value

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from glutecam.core.rules import Exercise, Rule

__all__ = ["check_bands", "refusal"]

# 'strct' is 'strict'; 'nonsense' is not 'consent' (0.67).
_NEAR = 0.7
_OF_A_VERB = " What one verb alone takes is its option: glutecam batch --workers 2."


def check_bands(bands: Mapping[str, Mapping[str, float]], origin: str) -> None:
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


def refusal(err: ValidationError, origin: str) -> str:
    """Return in words all that was not understood, and what would be."""
    # What may be of two types gives an error for each.
    problems = {_key(problem): problem for problem in reversed(err.errors())}
    return "\n".join(_refused(problem, origin) for problem in reversed(problems.values()))


def _key(problem: ErrorDetails) -> tuple[int | str, ...]:
    """Return which setting it is."""
    place = problem["loc"]
    return place if place[0] == "bands" else place[: 1 + (place[0] in TABLES)]


def _refused(problem: ErrorDetails, origin: str) -> str:
    place = [str(part) for part in problem["loc"]]
    table = f"{place[0]}." if len(place) > 1 and place[0] in TABLES else ""
    known = TABLES[place[0]] if table else Settings.model_fields
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
        example = f", for instance: {where} = {toml_value(default)}"
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
