"""Every text of the page in one catalogue for each language.

``ui`` are the words of the page itself. The English of exercises, rules, measures and of the session
is that of the core, worded there alone; other languages carry theirs by name, code, field and key.
``says`` maps whole English sentences, as the core words them, to the other language, and in English to
what fits a page where the core's name an option of the terminal; what differs from time to time stands
there as a {place}. What is missing stays English, and ``missing`` tells what that
is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from glutecam import exercises
from glutecam.core.rules import Exercise, Rule
from glutecam.core.session_wording import ENGLISH
from glutecam.core.units import converted

__all__ = [
    "LANGUAGES",
    "catalogue",
    "exercise_texts",
    "missing",
    "rule_texts",
    "translated",
    "untranslated",
]

LANGUAGES = ("en", "de")
_SECTIONS = ("ui", "exercises", "rules", "session", "measures", "says")
_EXERCISE = ("title", "summary", "setup", "worked_leg", "praise", "cannot_see", "unjudged")
_RULE = ("name", "cue", "why")

Texts = Mapping[str, Any]


def catalogue(language: str, units: str = "metric") -> dict[str, Any]:
    """Return all texts in a language, English where one is missing.

    Parameters
    ----------
    language : str
    units : str
        Of the lengths and weights in the texts of exercises and rules.

    Returns
    -------
    dict
        ``language``; ``ui`` and ``session`` by key; ``exercises`` by name and field; ``rules`` by
        code and field; ``measures`` by name; ``says`` by English sentence.
    """
    english, other = _read("en"), _read(language)
    return {
        "language": language,
        "ui": english["ui"] | other["ui"],
        "exercises": _in_units(_over(_english_exercises(), other["exercises"]), units),
        "rules": _in_units(_over(_english_rules(), other["rules"]), units),
        "session": dict(ENGLISH) | other["session"],
        "measures": _english_measures() | other["measures"],
        "says": _spoken(other),
    }


def missing(language: str) -> list[str]:
    """Return the keys that a language has no text for, such as ``rules.GC101.cue``."""
    english, other = _read("en"), _read(language)
    wanted = {"ui": english["ui"]}
    if language != LANGUAGES[0]:
        wanted |= {
            "exercises": _english_exercises(),
            "rules": _english_rules(),
            "session": dict(ENGLISH),
            "measures": _english_measures(),
        }
    return sorted(_keys(wanted) - _keys(other))


def untranslated(language: str, sentences: set[str]) -> list[str]:
    """Return the sentences of the core that a language has no text for, with {places} for numbers."""
    said = catalogue(language)["says"].keys()
    patterns = [_pattern(english) for english in said if "{" in english]
    missing = sentences - said
    return sorted(one for one in missing if not any(found.fullmatch(one) for found in patterns))


def translated(language: str, sentence: str) -> str:
    """Return a sentence of the core in another language, English where it has none."""
    said = catalogue(language)["says"]
    if sentence in said:
        return str(said[sentence])
    for english, other in said.items():
        found = _pattern(english).fullmatch(sentence) if "{" in english else None
        if found:
            places = re.findall(r"\{(\w+)\}", english)
            return _filled(str(other), dict(zip(places, found.groups(), strict=True)))
    return sentence


def _filled(words: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: values[place[1]], words)


def exercise_texts(exercise: Exercise) -> dict[str, str]:
    """Return the English texts of an exercise that a person reads, by field."""
    drawn = {"drawing": exercise.drawing.says} if exercise.drawing else {}
    said = {field: str(getattr(exercise, field)) for field in _EXERCISE}
    return {field: text for field, text in said.items() if text} | drawn


def rule_texts(rule: Rule) -> dict[str, str]:
    """Return the English texts of a rule that a person reads, by field."""
    return {field: str(getattr(rule, field)) for field in _RULE}


def _pattern(english: str) -> re.Pattern[str]:
    """Return what tells a sentence with {places}, as the page does."""
    literal = map(re.escape, re.split(r"\{\w+\}", english))
    return re.compile("(.+?)".join(literal), re.DOTALL)


def _english_exercises() -> dict[str, dict[str, str]]:
    return {exercise.name: exercise_texts(exercise) for exercise in exercises.all_exercises()}


def _english_rules() -> dict[str, dict[str, str]]:
    return {
        rule.code: rule_texts(rule)
        for exercise in exercises.all_exercises()
        for rule in (exercise.all_rules if exercise.unjudged else exercise.every_rule)
    }


def _english_measures() -> dict[str, str]:
    every = (measure for exercise in exercises.all_exercises() for measure in exercise.measures)
    return {measure.name: measure.label for measure in every}


def _spoken(other: Texts) -> dict[str, str]:
    """Return English sentence -> other language: its own list, then cues, praise and set-up."""
    said: dict[str, str] = {}
    for english, there in (
        (_english_exercises(), other["exercises"]),
        (_english_rules(), other["rules"]),
    ):
        for name, fields in english.items():
            for field, sentence in fields.items():
                if field in there.get(name, {}):
                    said[sentence] = there[name][field]
    said.update(other["says"])
    return said


def _over(english: Mapping[str, Texts], other: Mapping[str, Texts]) -> dict[str, dict[str, Any]]:
    return {name: dict(fields) | dict(other.get(name, {})) for name, fields in english.items()}


def _in_units(texts: dict[str, dict[str, Any]], units: str) -> dict[str, dict[str, Any]]:
    return {
        name: {field: converted(text, units) for field, text in fields.items()}
        for name, fields in texts.items()
    }


def _keys(texts: Texts, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in texts.items():
        found |= _keys(value, f"{before}{name}.") if isinstance(value, Mapping) else {before + name}
    return found


def _read(language: str) -> dict[str, Any]:
    text = (files("glutecam.web") / "texts" / f"{language}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return {section: {} for section in _SECTIONS} | found
