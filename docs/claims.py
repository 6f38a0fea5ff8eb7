"""What may be claimed, and the limits of it: sentences whose numbers come from benchmarks/results/*.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from commandline import table
from measured import COUNTS, MISSING, NOTED, PLANTED, SMALLEST, result_of, titled

from glutecam import exercises
from glutecam.core.wording import in_a_row

ERRORS = "errors of the values that the rules read, all repetitions"
PEOPLE = "real people, marked by two raters"
STILLS = "stills, one picture at a time"
ANOTHER = "another look"
ODD = "odd look, and the same poses in the usual look"
CAMERAS, FRONTAL = "one real person before four cameras", "cam02, full"
HIP_LINE = "raw hip line"
BOTTOM, KNEE = "0.2 s about the bottom of each repetition (zero-phase filter)", "FPPA, as used"
READ_SMALL_DEG = 0.5
"""A mean error below this is no bias that one need know of."""

Row = dict[str, Any]


def rows_of(benchmark: str, title: str) -> list[Row]:
    """Return a table of a benchmark that has been run, by column; the second of one name has a 2 behind it."""
    found = titled(result_of(benchmark) or {}, title)
    names: list[str] = []
    for name in found["columns"]:
        names.append(f"{name} 2" if name in names else name)
    return [dict(zip(names, row, strict=True)) for row in found["rows"]]


def _range(values: Sequence[float], digits: int = 1) -> str:
    low, high = f"{min(values):.{digits}f}", f"{max(values):.{digits}f}"
    return low if low == high else f"{low} to {high}"


def _percent(value: float) -> str:
    return f"{value:.0%}".replace("%", " %")


def _half_widths(code: str, title: str = SMALLEST, column: str = "±") -> list[float]:
    """Return the ± of a rule in each exercise."""
    return [
        float(row[column])
        for row in rows_of("exercises", title)
        if str(row["rule"]).startswith(code)
    ]


def claims_part() -> str:
    """Return what this version can claim."""
    if result_of("exercises") is None:
        return MISSING
    knee, depth, drop = (_range(_half_widths(code), 0) for code in ("GC104", "GC105", "GC101"))
    drift, roll = (
        _range(_half_widths(code, NOTED, "± that is stated"), 0) for code in ("GC203", "GC201")
    )
    rows = [
        ("repetitions and attempts", "counted; compared with the truth of rendered clips and of counted real ones"),
        ("trunk lean, pelvic shift, tempo, steps down", "judged where the ± lets it, which is often"),
        (f"knee valgus (FPPA) ±{knee}°, depth ±{depth}°", 'a fault only when gross; "good" only well inside the band'),
        (f"clamshell: hips drift ±{drift}°", "noted, not judged: the ± is wider than the band"),
        ("level camera", "roll read off upright lines of the room, within 0.3° on rendered and 1.2° on real rooms, and "
         "taken out up to 20°; a body at rest that leans otherwise by more than 5° refuses it. Before a bare wall the "
         "body alone tells it, ±2°, and nothing is taken out"),
        ("**pelvic drop**", f"trained model `pelvis-3` minus the quiet posture, **± of {drop}° by exercise**, wider where "
         "a body is unlike the training; on rendered people who did not train it nine of ten truths lie inside the ±. "
         "Large drops can be told, many findings are *can't tell* ([0015](adr/0015-a-trained-pelvis.md))"),
        ("pelvic roll on the side", f"seen along the line of sight, ±{roll}°: noted, not judged "
         "([0017](adr/0017-what-cannot-be-told-is-noted.md))"),
        ("published clinical scales", "each exercise names the one it maps to; no total is computed from one camera"),
    ]  # fmt: skip
    return "\n".join(table(("quantity", "state"), rows))


def marked_part() -> str:
    """Return how near model and hip line are on frames of real people."""
    if result_of("accuracy") is None:
        return MISSING
    line, model, frames, held = _marked()
    return (
        f"On {frames} marked frames of real people, two men in four clips, the hip line is off by {_range(line)}° "
        f"in the mean of a clip and the model by {_range(model)}°; {held} of the {frames} true angles lie within its ±. "
        "These few frames depend on the processor, whose rounding moves the points that the pose model finds: on "
        "another one the model was off by 1.5 to 3.3°, and the ± held in all." + _cameras()
    )


def _cameras() -> str:
    """Return what the geometry of four cameras adds to the marks; nothing where it was not measured."""
    if result_of("four_cameras") is None:
        return ""
    rows = [row for row in rows_of("four_cameras", CAMERAS) if row["set"] == FRONTAL]
    line, model = rows
    return (
        " One of the two men leans far before four cameras (`python -m benchmarks.four_cameras`): in "
        f"{line['n']} frames of the one nearly in front of him, against his hips in space as the others find "
        f"them, the hip line is off by {line['MAE']:.1f}° and the model by {model['MAE']:.1f}°, with "
        f"{_percent(model['inside 90 %'])} inside its ±."
    )


def _marked() -> tuple[list[float], list[float], int, int]:
    """Return the error of each clip by hip line and by model, of how many frames, and how many ± held."""
    rows = rows_of("accuracy", PEOPLE)
    line = [row["MAE"] for row in rows if row["method"] == HIP_LINE]
    ours = [row for row in rows if row["method"] != HIP_LINE]
    held = round(sum(row["n"] * row["inside 90 %"] for row in ours))
    return line, [row["MAE"] for row in ours], sum(row["n"] for row in ours), held


def weak_part() -> str:
    """Return the limits that are numbers, for the README."""
    if result_of("accuracy") is None or result_of("exercises") is None:
        return MISSING
    lines = (_knee(), _people(), _drawing(), _planted(), _refused())
    return "\n".join(f"- {line}" for line in lines)


def knees_part() -> str:
    """Return how well a knee that falls inward is read, for the page on validity."""
    if result_of("exercises") is None or result_of("measures") is None:
        return MISSING
    rows = [row for row in rows_of("exercises", PLANTED) if row["rule"].startswith("GC104")]
    judged = [row["planted"] * (1 - row["not judged"]) for row in rows]
    beyond = sum(n * row["by value alone"] for n, row in zip(judged, rows, strict=True))
    found = sum(row["planted"] * row["sensitivity"] for row in rows)
    sizes = {
        row["planted at"]
        for row in rows_of("exercises", SMALLEST)
        if row["rule"] == rows[0]["rule"]
    }
    small = [-bias for bias in _knee_bias().values()]
    (slope,) = (row["slope"] for row in rows_of("measures", BOTTOM) if row["measure"] == KNEE)
    return (
        f"- What is left of that where the knee is judged ({in_a_row([_title(row['exercise']) for row in rows])}): it is "
        f"read {_range(small)}° too small in the mean of an exercise, with a ± of {_range(_half_widths('GC104'), 0)}°. Of "
        f"{sum(row['planted'] for row in rows)} knees that fall inward by {' or '.join(sorted(sizes))}° "
        f"{_percent(beyond / sum(judged))} of those that are judged read beyond the edge by their value, and {found:.0f} are "
        f"found for sure: that takes {_range(_half_widths('GC104', column='surely found beyond'), 0)}°. Of the way inward "
        f"{_percent(slope)} are read in the sample clips (slope {slope:.2f}, `python -m benchmarks.measures`)."
    )


def _title(name: str) -> str:
    return exercises.get(name).title.lower()


def _knee_bias() -> dict[str, float]:
    """Return the mean error of the knee, by exercise that judges it."""
    rows = rows_of("exercises", ERRORS)
    return {str(r["exercise"]): float(r["bias"]) for r in rows if r["rule"] == "GC104"}


def _knee() -> str:
    bias = _knee_bias()
    small = [-value for value in bias.values() if value < -READ_SMALL_DEG]
    return (
        f"Knee valgus is read too small in {len(small)} of {len(bias)} exercises, by {_range(small)}° in the mean "
        'of an exercise ([by exercise](docs/validity.md)): "good" for the knee is weak evidence.'
    )


def _people() -> str:
    line, model, frames, held = _marked()
    return (
        f"On the {frames} real frames that people have marked, the pelvis model is not nearer than the hip line: "
        f"{_range(model)}° off by clip, the hip line {_range(line)}°, and {held} truths lie within the ±. None of them "
        "shows a drop ([what may be claimed](docs/validity.md))."
    )


def _drawing() -> str:
    ours, other = (
        {str(row["method"]): row for row in rows_of("accuracy", title) if "lite" not in str(row["set"])
         and "heavy" not in str(row["set"])}
        for title in (STILLS, ANOTHER)
    )  # fmt: skip
    odd = {
        str(row["set"]): row
        for row in rows_of("accuracy", ODD)
        if row["method"] not in (HIP_LINE, "raw")
    }
    peaks, usual = (
        next(row["MAE"] for name, row in odd.items() if name == f"{look} look, peaks in clips")
        for look in ("odd", "usual")
    )
    model = next(name for name in ours if name.startswith("pelvis-"))
    strange = odd["odd look, full"]
    return (
        "The pelvis model owes something to the drawing it learned from: on people drawn by another renderer, in "
        f"hanging clothes, it is {other[model]['MAE']:.1f}° off ({ours[model]['MAE']:.1f}° on its own kind; the hip line "
        f"{other[HIP_LINE]['MAE']:.1f}°), and its ± held in {_percent(other[model]['inside 90 %'])}, not 90 %, of the "
        f"pictures. In prints, skirts and odd light by our own renderer {strange['MAE']:.1f}° and "
        f"{_percent(strange['inside 90 %'])}; of peaks from the quiet posture {peaks:.1f}° for {usual:.1f}°."
    )


def _planted() -> str:
    found = result_of("exercises") or {}
    share = {figure["name"]: figure["value"] for figure in found["figures"]}
    rows = [row for row in rows_of("exercises", PLANTED) if row["specificity"] is not None]
    absent = sum(row["absent"] for row in rows)
    raised = round(sum(row["absent"] * (1.0 - row["specificity"]) for row in rows))
    return (
        "It would rather say nothing than something wrong: of the faults planted in rendered clips of all "
        f"{len({row['exercise'] for row in rows_of('exercises', COUNTS)})} exercises, where a rule judges them, "
        f"{_percent(share['planted faults found'])} are reported and {_percent(share['planted faults called inconclusive'])} "
        f"*can't be told*; of {absent:,} that are not there {raised or 'none'} {'is' if raised < 2 else 'are'} reported "
        "([by exercise](docs/validity.md))."
    )


def _refused() -> str:
    rows = rows_of("exercises", COUNTS)
    refused, clips = (sum(row[name] for row in rows) for name in ("clips refused", "clips"))
    most = max(rows, key=lambda row: row["clips refused"] / row["clips"])
    return (
        f"Of {clips} rendered clips {refused} are refused, most often of the {_title(most['exercise'])} "
        f"({most['clips refused']} of {most['clips']})."
    )
