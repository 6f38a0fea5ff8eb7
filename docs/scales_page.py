"""The page of published scales, made from the scales themselves."""

from __future__ import annotations

from collections.abc import Iterator

from commandline import NOTE, table

from glutecam import exercises
from glutecam.core.rules import Exercise
from glutecam.core.scales import Item, Kind, Scale, Sign
from glutecam.core.wording import capital

KINDS = {
    Kind.SUM: "Points add up, up to {most}; 0 is best.",
    Kind.DOMAINS: "Each item is a domain that is met, broken or failed; there is no total.",
    Kind.READINGS: "Measured values, each beside its sign; there is no total.",
}


def all_scales() -> list[Scale]:
    """Return every scale that an exercise fills in, once, by name."""
    found = {scale.name: scale for e in exercises.all_exercises() for scale in e.scales}
    return [found[name] for name in sorted(found)]


def scale_links(exercise: Exercise) -> str:
    """Return links to the scales of an exercise; nothing where it has none."""
    links = ", ".join(f"[{scale.name}](scales.md#{scale.name})" for scale in exercise.scales)
    return f" Item by item: {links}." if links else ""


def scales_page() -> str:
    """Return the page of all published scales."""
    lines = [
        NOTE, "", "# Published scales", "",
        "Scales that physiotherapists rate these exercises by, filled in from what was measured.",
        "Every sign is answered by the faults in its last column: *yes* where one of them is found",
        "beyond its ±, *no* where all are ruled out beyond it, and *open* in between. What one camera",
        "cannot tell stays open as well. The score is then a range, such as 2 to 3 of 6, never a guess.",
        "A rater's eye has no published limit in degrees: that a sign counts where the fault does, and",
        "loss of a level where good ends, is our proposal [P]. The tags in brackets are explained under [evidence](evidence.md).",
        "", "`score --audience clinician --report sheet.html` prints the sheet.",
    ]  # fmt: skip
    for scale in all_scales():
        lines += ["", *_section(scale)]
    return "\n".join(lines) + "\n"


def _section(scale: Scale) -> Iterator[str]:
    used = [e.title.lower() for e in exercises.all_exercises() if scale in e.scales]
    yield f"## {scale.name}"
    yield ""
    yield f"**{scale.title}.** {KINDS[scale.kind].format(most=scale.most)} Filled in for: {', '.join(used)}."
    yield ""
    head = ("item", "sign", "points", "decided by", "what one camera cannot tell")
    yield from table(head, (_row(item, sign) for item in scale.items for sign in item.signs))
    yield ""
    if scale.kind is Kind.SUM and scale.grades:
        words = ", ".join(f"up to {grade.up_to} {grade.word}" for grade in scale.grades)
        yield f"- **Grades.** {capital(words)}."
    if scale.trials:
        yield f"- **Repetitions.** The test asks for {scale.trials}; the sheet says how many there were."
    yield f"- **From repetitions to one answer.** {scale.how}"
    yield f"- **Evidence.** {scale.evidence}"


def _row(item: Item, sign: Sign) -> tuple[str, ...]:
    codes = ", ".join(f"[{code}](fault-codes.md#{code.lower()})" for code in sign.rules)
    ends = (" (too little)" if sign.below else "") + (
        " (from the end of good on)" if sign.from_good else ""
    )
    by = codes + ends + ("" if sign.whole else ", in part")
    unseen = item.unseen if not sign.rules or not sign.whole or len(item.signs) == 1 else ""
    return item.name, sign.text, str(sign.points), by if codes else "nothing", unseen
