"""``glutecam explain``: an exercise, or a fault by its code, printed from the rules themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from glutecam.errors import InputError, UnknownExerciseError, nearest, nearest_few

if TYPE_CHECKING:
    from rich.console import Console

    from glutecam.core.rules import Exercise, Rule

__all__ = ["explain"]

LABEL_WIDTH = 13


def explain(
    name: Annotated[
        str | None,
        typer.Argument(
            help="An exercise, or the code of a fault such as GC101; without it, all exercises."
        ),
    ] = None,
) -> None:
    """Explain an exercise or a fault: how it is filmed and measured, its edges and evidence.

    \b
    Examples:
      glutecam explain
      glutecam explain step-down
      glutecam explain GC101
    """
    from glutecam import exercises
    from glutecam.cli.terminal import stdout_console
    from glutecam.core.units import in_units
    from glutecam.settings import load_settings

    out = stdout_console()
    if name is None:
        _all(out, exercises.all_exercises())
        return
    wanted = name.strip().upper()
    units = load_settings().units
    everything = [in_units(exercise, units) for exercise in exercises.all_exercises()]
    having = [e for e in everything if wanted in {rule.code for rule in e.all_rules}]
    if having:
        _fault(out, wanted, having)
        return
    try:
        found = exercises.get(name)
    except UnknownExerciseError as err:
        codes = sorted({rule.code for e in everything for rule in e.all_rules})
        raise _unknown(name, codes) from err
    _exercise(out, in_units(found, units))


def _unknown(name: str, codes: list[str]) -> InputError:
    if name.strip().upper().startswith("GC"):
        return _unknown_code(name, codes)
    from glutecam import exercises

    known = exercises.names()
    # Where nothing is near, the list would be a wall: the exercises are enough.
    near = nearest(name, [*known, *codes])
    if near not in codes:
        return UnknownExerciseError(name, known)
    return UnknownExerciseError(name, [*known, *codes], "exercise or fault")


def _unknown_code(name: str, codes: list[str]) -> InputError:
    """Return what to say of a code that is none; those that share no more than two letters are not near."""
    near = nearest_few(name, codes, cutoff=0.7)
    if near:
        return UnknownExerciseError(name, codes, "fault")
    return InputError(
        f"'{name}' is no code of a fault; these lie between {codes[0]} and {codes[-1]}. Each exercise lists "
        "its own: glutecam explain step-down"
    )


def _all(out: Console, everything: list[Exercise]) -> None:
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for exercise in everything:
        table.add_row(exercise.name, exercise.summary)
    out.print(table)
    out.print()
    out.print(
        "How one of them is filmed, measured and judged: glutecam explain step-down", style="dim"
    )


def _exercise(out: Console, exercise: Exercise) -> None:
    from glutecam.core.exercise_wording import cycle_text, dosage_text

    _title(out, exercise.title, exercise.name)
    out.print(exercise.summary)
    out.print()
    _fields(
        out,
        {
            "Set-up": exercise.setup,
            "Camera sees": f"the {exercise.view.value} of a person {exercise.posture.value}; "
            f"at least {exercise.min_fps:.0f} pictures a second",
            "Worked leg": exercise.worked_leg,
            "Counted from": exercise.start.value,
            "Hold" if exercise.cycle.hold_s else "Repetition": cycle_text(exercise.cycle),
            "How much": dosage_text(exercise.dosage) if exercise.dosage else "as you like",
            "Easier": ", ".join(exercise.easier) or "none",
            "Harder": ", ".join(exercise.harder) or "none",
            "Also reported": ", ".join(measure.label for measure in exercise.also)
            or "nothing beside what is judged",
            "Scale": exercise.scale,
            "Only noted": ", ".join(f"{rule.name} ({rule.code})" for rule in exercise.noted)
            or "nothing beside what is judged",
            "Cannot see": exercise.cannot_see,
            **({"Check it": exercise.unjudged} if exercise.unjudged else {}),
        },
    )
    out.print()
    out.print("What is judged", style="bold")
    for rule in exercise.every_rule:
        out.print()
        _title(
            out, rule.name + (", in the whole set" if rule in exercise.of_set else ""), rule.code
        )
        _fields(out, {"Edges": _edges(rule), "Cue": rule.cue, "Evidence": rule.evidence})
    out.print()
    out.print(
        "How one of them is measured: glutecam explain " + exercise.rules[0].code, style="dim"
    )


def _fault(out: Console, code: str, having: list[Exercise]) -> None:
    rule = having[0].rule(code)
    _title(out, rule.name, code)
    out.print(rule.why)
    out.print()
    _fields(out, {"Cue": rule.cue})
    for evidence, titles in _by_evidence(code, having).items():
        whose = "" if len(titles) == len(having) else f"{', '.join(titles)}: "
        _fields(out, {"Evidence": whose + evidence})
    for measure in dict.fromkeys(rule.needs):
        _fields(out, {"Measured": f"{measure.label}: {measure.method}"})
    out.print()
    edges = {exercise.title: _edges(exercise.rule(code)) for exercise in having}
    out.print("Edges", style="bold")
    if len(set(edges.values())) == 1:
        edges = {"": next(iter(edges.values()))}
    for title, words in edges.items():
        out.print(f"{title}: {words}" if title else words)
    out.print()
    judging = [e.name for e in having if rule.code in {r.code for r in e.every_rule}]
    noting = [e.name for e in having if e.name not in judging]
    if judging:
        out.print("Judged in: " + ", ".join(judging), style="dim")
    if noting:
        out.print("Only noted, and judged by nothing, in: " + ", ".join(noting), style="dim")


def _by_evidence(code: str, having: list[Exercise]) -> dict[str, list[str]]:
    """Return the titles of the exercises by what their edges of this fault rest on."""
    found: dict[str, list[str]] = {}
    for exercise in having:
        found.setdefault(exercise.rule(code).evidence, []).append(exercise.title)
    return found


def _title(out: Console, name: str, code: str) -> None:
    from rich.text import Text

    from glutecam.core.wording import capital

    out.print(Text.assemble((capital(name), "bold"), f"  {code}"))


def _fields(out: Console, fields: dict[str, str]) -> None:
    """Print labels with their text set beside them, however long it is."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", width=LABEL_WIDTH, no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in fields.items():
        table.add_row(label, text)
    out.print(table)


def _edges(rule: Rule) -> str:
    from glutecam.core.rules import FrameRule
    from glutecam.records.limits import EDGE_WORDS, limits_in_words

    usual = limits_in_words(rule, False, EDGE_WORDS)
    if not isinstance(rule, FrameRule) or rule.strict is None:
        return usual
    return f"{usual}. Strict: {limits_in_words(rule, True, EDGE_WORDS)}"
