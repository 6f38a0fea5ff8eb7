"""Write the pages that are made from the program itself, so that they cannot lie.

python docs/generate.py            writes what changed
python docs/generate.py --check    writes nothing; exit code 1 where a page is stale

Made whole are ``PAGES`` and the drawings of the exercises; made in part, between two comments, ``PARTS``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
from claims import claims_part, knees_part, marked_part, weak_part
from commandline import NOTE, cli_page, table
from measured import (
    accuracy_part,
    changes_part,
    clean_part,
    exercises_part,
    pelvis_part,
    refused_part,
    reported_part,
    sizing_part,
    speed_part,
)
from scales_page import all_scales, scale_links, scales_page

from glutecam import exercises
from glutecam.core.analyzer import analyze
from glutecam.core.assessment import Gate
from glutecam.core.exercise_wording import cycle_text, dosage_text
from glutecam.core.landmarks import LANDMARK_COUNT
from glutecam.core.measures import Measure
from glutecam.core.poses import PoseSeries
from glutecam.core.rules import Exercise, FrameRule, Rule
from glutecam.core.wording import INTENDED_USE_WHOLE, capital
from glutecam.records.limits import EDGE_WORDS, limits_in_words
from glutecam.records.sketch import sketch

DOCS = Path(__file__).resolve().parent
DRAWINGS = "images/exercises"
BEGIN = "<!-- begin {name}: made by docs/generate.py -->"
END = "<!-- end {name} -->"
FPS = 30


def number(value: float) -> str:
    """Return a number without needless zeros."""
    return f"{value:g}"


def edges_text(rule: Rule, strict: bool = False) -> str:
    """Return what a rule asks for, as a report says it."""
    return limits_in_words(rule, strict, EDGE_WORDS)


def anchor(code: str) -> str:
    """Return the link to a fault on its page."""
    return f"[{code}](fault-codes.md#{code.lower()})"


# exercises.md


def exercises_page() -> str:
    """Return the page of all exercises."""
    lines = [
        NOTE, "", "# Exercises", "",
        "How each exercise is done, filmed, counted and judged. `glutecam explain NAME` prints the",
        "same in a terminal. Every fault has a code; [fault codes](fault-codes.md) tells how each",
        "is measured and where its edges come from. Edges are of the whole interval: a value whose",
        "± reaches across an edge gets no band and reads *can't tell* ([validity](validity.md)); what",
        "lies between good and a fault reads *watch*.",
    ]  # fmt: skip
    for exercise in exercises.all_exercises():
        lines += ["", *exercise_section(exercise)]
    return "\n".join(lines) + "\n"


def exercise_section(exercise: Exercise) -> Iterator[str]:
    """Yield the section of one exercise."""
    yield f"## {exercise.title}"
    yield ""
    yield f"`{exercise.name}`. {exercise.summary}"
    yield ""
    if exercise.drawing:
        yield f"![{exercise.drawing.says}]({DRAWINGS}/{exercise.name}.svg)"
        yield ""
    yield f"- **Set-up.** {exercise.setup}"
    yield (
        f"- **Camera.** Sees the {exercise.view.value} of a person {exercise.posture.value}; at "
        f"least {number(exercise.min_fps)} pictures a second."
    )
    yield f"- **Counted from.** {capital(exercise.start.value)}."
    yield f"- **Worked leg** (`--side`). {capital(exercise.worked_leg)}."
    kind = "hold" if exercise.cycle.hold_s else "repetition"
    yield f"- **A {kind}.** {capital(cycle_text(exercise.cycle))}."
    if exercise.dosage:
        yield f"- **How much.** {capital(dosage_text(exercise.dosage))}. {exercise.dosage.evidence}"
    for label, names in (("Easier", exercise.easier), ("Harder", exercise.harder)):
        if names:
            yield f"- **{label}.** {' and '.join(map(neighbour, names))}."
    if exercise.also:
        named = " and ".join(measure.label for measure in exercise.also)
        yield f"- **Also reported**, and judged by no rule. {capital(named)}."
    yield f"- **Published scale.** {exercise.scale}.{scale_links(exercise)}"
    yield f"- **Cannot see.** {exercise.cannot_see}"
    if exercise.unjudged:
        yield f"- **Check it yourself.** {exercise.unjudged}"
    yield ""
    rows = [(anchor(r.code), r.name, edges_text(r), r.cue) for r in exercise.rules]
    rows += [
        (anchor(r.code), f"{r.name}, in the whole set", edges_text(r), r.cue)
        for r in exercise.of_set
    ]
    yield from table(("code", "fault", "bands", "cue"), rows)


def neighbour(name: str) -> str:
    """Return the link to another exercise on the same page."""
    title = exercises.get(name).title
    return f"[{title}](#{title.lower().replace(' ', '-')})"


# fault-codes.md


def rules_by_code() -> dict[str, list[tuple[Exercise, Rule]]]:
    """Return every rule with the exercises that judge it."""
    found: dict[str, list[tuple[Exercise, Rule]]] = {}
    for exercise in exercises.all_exercises():
        for rule in exercise.all_rules:
            found.setdefault(rule.code, []).append((exercise, rule))
    return dict(sorted(found.items()))


def fault_codes_page() -> str:
    """Return the page of all fault codes."""
    lines = [
        NOTE, "", "# Fault codes", "",
        "What each code means, how it is measured, and where its edges come from. The tags in",
        "brackets are explained under [evidence](evidence.md). An edge marked [P] is our own",
        "proposal, not a published cut-off.",
    ]  # fmt: skip
    for code, uses in rules_by_code().items():
        lines += ["", *fault_section(code, uses)]
    return "\n".join(lines) + "\n"


def fault_section(code: str, uses: list[tuple[Exercise, Rule]]) -> Iterator[str]:
    """Yield the section of one fault."""
    rule = uses[0][1]
    yield f"## {code}"
    yield ""
    yield f"**{capital(rule.name)}.** {rule.why}"
    yield ""
    yield f"- **Cue.** {rule.cue}"
    yield from measured(rule.needs)
    texts = {exercise.title: edges_text(each) for exercise, each in uses}
    if len(set(texts.values())) == 1:
        texts = {"Bands": next(iter(texts.values()))}
    for title, text in texts.items():
        yield f"- **{title}.** {capital(text)}."
    if isinstance(rule, FrameRule) and rule.strict:
        yield f"- **With `--strict`.** {capital(edges_text(rule, strict=True))}."
    yield from evidence_lines(uses)
    judged = [exercise.title.lower() for exercise, _ in uses if rule not in exercise.noted]
    noted = [exercise.title.lower() for exercise, _ in uses if rule in exercise.noted]
    if judged:
        yield "- **Judged in.** " + ", ".join(judged) + "."
    if noted:
        yield "- **Only noted,** and judged by nothing, **in.** " + ", ".join(noted) + "."


def evidence_lines(uses: list[tuple[Exercise, Rule]]) -> Iterator[str]:
    """Yield where the edges come from: once where all exercises have them from one place."""
    having: dict[str, list[str]] = {}
    for exercise, rule in uses:
        having.setdefault(rule.evidence, []).append(exercise.title)
    for evidence, titles in having.items():
        whose = f", {' and '.join(titles)}" if len(having) > 1 else ""
        yield f"- **Evidence{whose}.** {evidence}"


def measured(needs: tuple[Measure, ...]) -> Iterator[str]:
    """Yield how the quantities that a rule reads are obtained."""
    for measure in dict.fromkeys(needs):
        yield f"- **Measured.** {capital(measure.label)} (`{measure.name}`): {measure.method}."


# Parts of pages


def still_person() -> PoseSeries:
    """Return four seconds of points that do not move; what they show does not matter here."""
    frames = 4 * FPS
    grid = np.random.default_rng(7).uniform(0.2, 0.8, (LANDMARK_COUNT, 3))
    return PoseSeries(
        time_s=np.arange(frames) / FPS,
        image_px=np.tile(grid[:, :2] * 700, (frames, 1, 1)),
        world_m=np.tile(grid, (frames, 1, 1)),
        visibility=np.ones((frames, LANDMARK_COUNT)),
        people=np.ones(frames, dtype=np.int64),
        width_px=1280,
        height_px=720,
    )


def gates() -> list[Gate]:
    """Return every gate of every exercise, those of one code together, in the order of mending."""
    found = [
        gate
        for exercise in exercises.all_exercises()
        for gate in analyze(still_person(), exercise).gates
    ]
    place: dict[str, int] = {}
    for gate in found:
        place.setdefault(gate.code, len(place))
    unique = {(gate.code, gate.name, gate.needed): gate for gate in found}
    return sorted(unique.values(), key=lambda gate: place[gate.code])


def gates_part() -> str:
    """Return the table of gates."""
    rows = ((gate.code, capital(gate.name), gate.needed, gate.instruction) for gate in gates())
    return "\n".join(table(("gate", "what it asks", "limit", "what it says"), rows))


def cited() -> dict[str, list[str]]:
    """Return the source tags that rules and scales cite, each with links to them."""
    found: dict[str, list[str]] = {}
    for code, uses in rules_by_code().items():
        evidence = " ".join(rule.evidence for _, rule in uses)
        for tag in dict.fromkeys(re.findall(r"\[(F\d+)\]", evidence)):
            found.setdefault(tag, []).append(anchor(code))
    for scale in all_scales():
        for tag in dict.fromkeys(re.findall(r"\[(F\d+)\]", scale.evidence + scale.how)):
            found.setdefault(tag, []).append(f"[{scale.name}](scales.md#{scale.name})")
    return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))


def cited_part() -> str:
    """Return which source is cited by which rule or scale."""
    rows = ((f"[{tag}]", ", ".join(places)) for tag, places in cited().items())
    return "\n".join(table(("source", "cited by"), rows))


def ladder_part() -> str:
    """Return every step of the programme."""
    plan = exercises.programme()
    rows = []
    for rung in plan.rungs:
        level = plan.level(rung)
        names = ", ".join(choice.title for choice in level.exercises)
        dose = f"{rung.sets} x {rung.reps}{', ' if rung.with_ else ''}{rung.with_}"
        rows.append((rung.name, f"{level.number} {level.title}", names, dose, rung.source))
    return "\n".join(table(("step", "level", "exercises", "on each side", "source"), rows))


def limits_part() -> str:
    """Return every number of the programme with its source."""
    limits = exercises.programme().limits
    rows = (
        (f"{number(limit.value)} {limit.unit}".strip(), limit.means, limit.source)
        for limit in (getattr(limits, field.name) for field in fields(limits))
    )
    return "\n".join(table(("number", "what it is", "source"), rows))


PAGES: Mapping[str, Callable[[], str]] = {
    "exercises.md": exercises_page,
    "fault-codes.md": fault_codes_page,
    "scales.md": scales_page,
    "cli.md": cli_page,
}
PARTS: Mapping[tuple[str, str], Callable[[], str]] = {
    ("validity.md", "gates"): gates_part,
    ("validity.md", "refused"): refused_part,
    ("validity.md", "claims"): claims_part,
    ("validity.md", "pelvis"): pelvis_part,
    ("validity.md", "marked"): marked_part,
    ("validity.md", "exercises"): exercises_part,
    ("validity.md", "reported"): reported_part,
    ("validity.md", "knees"): knees_part,
    ("evidence.md", "cited"): cited_part,
    ("cluster.md", "sizing"): sizing_part,
    ("programme.md", "ladder"): ladder_part,
    ("programme.md", "limits"): limits_part,
    ("programme.md", "clean"): clean_part,
    ("programme.md", "changes"): changes_part,
    ("../README.md", "intended use"): lambda: INTENDED_USE_WHOLE,
    ("../README.md", "weak"): weak_part,
    ("../README.md", "accuracy"): accuracy_part,
    ("../README.md", "speed"): speed_part,
}


def with_part(page: str, name: str, text: str) -> str:
    """Return a page with one of its parts put in.

    Raises
    ------
    ValueError
        Where the page has no place for it.
    """
    begin, end = BEGIN.format(name=name), END.format(name=name)
    if begin not in page or end not in page:
        raise ValueError(f"the page has no lines '{begin}' and '{end}'")
    before, rest = page.split(begin, 1)
    return f"{before}{begin}\n\n{text}\n\n{end}{rest.split(end, 1)[1]}"


def wanted() -> dict[Path, str]:
    """Return every generated page as it should be."""
    pages = {DOCS / name: make() for name, make in PAGES.items()}
    for exercise in exercises.all_exercises():
        if exercise.drawing:
            drawn = sketch(exercise.drawing, alone=True) + "\n"
            pages[DOCS / DRAWINGS / f"{exercise.name}.svg"] = drawn
    for (name, part), make in PARTS.items():
        path = (DOCS / name).resolve()
        now = pages.get(path) or path.read_text(encoding="utf-8")
        pages[path] = with_part(now, part, make())
    return pages


def stale() -> dict[Path, str]:
    """Return the pages that are not as they should be, as they should be."""
    return {
        path: text
        for path, text in wanted().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    }


def main() -> int:
    """Write what is stale, or only tell."""
    old = stale()
    for path, text in old.items():
        sys.stdout.write(f"{'stale' if '--check' in sys.argv else 'written'}: {path.name}\n")
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if old and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
