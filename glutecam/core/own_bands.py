"""Edges of one's own in place of a rule's, and what they were: kept in every Assessment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TypeVar

from glutecam.core.rules import Bands, Exercise, FrameRule, OwnBands, RepRule, Rule
from glutecam.errors import SettingsError

__all__ = ["edge_names", "edges_example", "edges_in_words", "with_own_bands"]

LASTING = ("ok", "fault")
REPETITION = ("low", "high", "margin")

_AnyRule = TypeVar("_AnyRule", bound=Rule)


def edge_names(rule: Rule) -> tuple[str, ...]:
    """Return what may be set: ``ok, fault`` of what lasts, ``low, high, margin`` of a repetition."""
    return LASTING if isinstance(rule, FrameRule) else REPETITION


def with_own_bands(exercise: Exercise, bands: Mapping[str, Mapping[str, float]]) -> Exercise:
    """Return the exercise with other edges; codes that it does not have are passed over.

    So is a rule of the other kind: one code may be a fault that lasts in a squat and a mean over
    the strides in walking. Own edges hold with and without ``strict``; one that is left out stays
    what it is there, so under ``strict`` the strict one.

    Parameters
    ----------
    exercise : Exercise
    bands : mapping of str to mapping of str to float
        By the rule's code: some of ``edge_names``, in the rule's unit.

    Raises
    ------
    SettingsError
        Where an edge has another name, the edges do not rise, or 0 would no longer be good where it is
        without settings.
    """
    own = [
        _own(rule, bands[rule.code])
        for rule in exercise.all_rules
        if bands.get(rule.code) and not _of_other_kind(rule, bands[rule.code])
    ]
    if not own:
        return exercise
    wanted = {one.code: one for one in own}
    return replace(
        exercise,
        rules=tuple(_changed(rule, wanted) for rule in exercise.rules),
        of_set=tuple(_changed(rule, wanted) for rule in exercise.of_set),
        noted=tuple(_changed(rule, wanted) for rule in exercise.noted),
        own_bands=tuple(own),
    )


def edges_in_words(edges: tuple[tuple[str, float], ...]) -> str:
    """Return ``ok 5, fault 9``."""
    return ", ".join(f"{name} {value:g}" for name, value in edges)


def _of_other_kind(rule: Rule, asked: Mapping[str, float]) -> bool:
    other = REPETITION if isinstance(rule, FrameRule) else LASTING
    return set(asked) <= set(other)


def _own(rule: Rule, asked: Mapping[str, float]) -> OwnBands:
    names = edge_names(rule)
    strange = next((name for name in asked if name not in names), None)
    if strange is not None:
        raise SettingsError(
            f"bands.{rule.code} has no edge '{strange}'. It takes {', '.join(names)}, for instance: "
            f"{edges_example(rule)}"
        )
    before = _edges(rule)
    endless = [name for name, value in asked.items() if math.isinf(value) and value != before[name]]
    if endless:
        raise SettingsError(
            f"bands.{rule.code}: '{endless[0]}' is endless, so nothing could ever be told by it. Give a "
            f"number in the rule's unit, for instance: {edges_example(rule)}"
        )
    if isinstance(rule, FrameRule) and asked.get("ok", 0.0) < 0.0 <= before["ok"]:
        raise SettingsError(
            f"bands.{rule.code}: with ok {asked['ok']:g} not even 0 would be good, and 0 is where nothing "
            f"deviates. Give 0 or more, for instance: {edges_example(rule)}"
        )
    after = {**before, **{name: float(value) for name, value in asked.items()}}
    strict = _named(rule.strict) if isinstance(rule, FrameRule) and rule.strict else {}
    kept = _rising({**strict, **{name: after[name] for name in asked}}, after) if strict else {}
    sets = (tuple(edges.items()) for edges in (after, before, strict, kept))
    return OwnBands(rule.code, *sets)


def _rising(edges: dict[str, float], otherwise: dict[str, float]) -> dict[str, float]:
    """Return the edges; where an own ``ok`` lies beyond the strict ``fault``, those without ``strict``."""
    return edges if edges["ok"] <= edges["fault"] else otherwise


def _named(bands: Bands) -> dict[str, float]:
    return {field.name: getattr(bands, field.name) for field in fields(Bands)}


def _edges(rule: Rule) -> dict[str, float]:
    if isinstance(rule, FrameRule):
        return _named(rule.bands)
    low, high = rule.bounds
    return {"low": low, "high": high, "margin": rule.margin}


def edges_example(rule: Rule) -> str:
    """Return the edges of a rule as a line of settings: ``GC101 = {ok = 7.5, fault = 11}``."""
    known = {name: value for name, value in _edges(rule).items() if abs(value) < float("inf")}
    inside = ", ".join(f"{name} = {value:g}" for name, value in known.items())
    return f"{rule.code} = {{{inside}}}"


def _changed(rule: _AnyRule, wanted: Mapping[str, OwnBands]) -> _AnyRule:
    own = wanted.get(rule.code)
    if own is None:
        return rule
    edges, strict = dict(own.edges), dict(own.strict_edges)
    try:
        if isinstance(rule, RepRule):
            bounds = (edges["low"], edges["high"])
            return replace(rule, bounds=bounds, margin=edges["margin"])
        kept = Bands(**strict) if strict and strict != edges else None
        return replace(rule, bands=Bands(edges["ok"], edges["fault"]), strict=kept)
    except ValueError as err:
        raise SettingsError(
            f"bands.{rule.code}: {err}. As it is without settings: {edges_example(rule)}"
        ) from err
