"""The programme as data: what is trained, in which order, and every number that decides.

[S]: the coaching texts on the gluteus medius that the project began with; [F n]: a source that was
read; [R]: recalled, to be verified; [P]: our own proposal (docs/evidence.md).
"""

from __future__ import annotations

from glutecam.core.programme import Choice, Level, Limit, Limits, Programme, Rung

LIMITS = Limits(
    rest_h=Limit(24, "h", "rest between two sessions, at least", "[S]"),
    fewest_a_week=Limit(3, "sessions", "in seven days, at least", "[S]"),
    most_a_week=Limit(4, "sessions", "in seven days, at most", "[S]"),
    fewest_weeks=Limit(8, "weeks", "the programme lasts at least", "[S]; 8 weeks in LEAP [F35]"),
    most_weeks=Limit(12, "weeks", "the programme lasts at most", "[S]"),
    faults_end_set=Limit(
        2, "repetitions", "in a row with a fault end the set", "[S]: ten clean are worth more than twenty"
    ),
    sessions_to_progress=Limit(
        2, "sessions", "in a row without anything to correct, to go a step on", "[P]; that all "
        "repetitions of all sets must be free of it: [S]",
    ),
    most_watch=Limit(0.10, "", "share of repetitions that may read “watch” then", "[P]"),
    faulty_share=Limit(0.30, "", "share of repetitions with a fault that is too many", "[P]"),
    faulty_sessions=Limit(2, "sessions", "in a row with too many, to go a step back", "[P]"),
    pain_to_progress=Limit(2, "of 10", "pain up to which a step on is possible", "[R], [P]"),
    pain_to_stop=Limit(5, "of 10", "pain above which training stops and goes a step back", "[R], [P]"),
    pain_rise=Limit(
        2, "of 10", "more pain before a session than before the last one, to go a step back", "[R], [P]"
    ),
)  # fmt: skip
"""Shares count repetitions. The pain limits follow the pain-monitoring model as recalled."""

LEVELS = (
    Level(
        1,
        "Lying down",
        (
            Choice("clamshell", "clamshell"),
            Choice("side-lying-hip-abduction", "side-lying leg raise"),
        ),
        "hips stacked, no roll",
        "[S]",
    ),
    Level(
        2,
        "Standing, small steps",
        (
            Choice("step-down", "lateral step-down"),
            Choice("lateral-band-walk", "sideways walk with a band"),
        ),
        "hip bones level all the way",
        "[S]",
    ),
    Level(
        3,
        "One leg",
        (
            Choice("single-leg-squat", "single-leg squat"),
            Choice("bulgarian-split-squat", "split squat, rear foot raised"),
            Choice("hip-thrust", "hip thrust"),
            Choice("standing-hip-abduction", "leg raise to the side, cable or machine"),
        ),
        "60 to 80° of knee bend, hip bones level",
        "[S]",
    ),
)

RUNGS = (
    Rung("1.1", 1, 3, 15, "", "3 x 15-20 [S]"),
    Rung("1.2", 1, 3, 20, "", "3 x 15-20 [S]"),
    Rung("1.3", 1, 3, 15, "with a band around the thighs", "band after 20 clean repetitions [S]"),
    Rung("1.4", 1, 3, 20, "with a band around the thighs", "[P], in the order of [S]"),
    # A step of 10 cm bends the knee to about 42°, where counting only begins.
    Rung("2.1", 2, 3, 15, "step-down from 15 cm", "[P]; step height comes last in [S]"),
    Rung("2.2", 2, 3, 20, "step-down from 15 cm", "[P], in the order of [S]"),
    Rung("2.3", 2, 3, 15, "step-down from 20 cm", "10, 15, 20 cm [S]"),
    Rung("2.4", 2, 3, 20, "step-down from 20 cm", "[P], in the order of [S]"),
    Rung("3.1", 3, 3, 15, "", "[P]; 60-80° of knee bend [S]"),
    Rung("3.2", 3, 3, 20, "", "[P], in the order of [S]"),
    Rung("3.3", 3, 3, 15, "with a weight in the hands", "load after repetitions and band [S]"),
    Rung("3.4", 3, 3, 20, "with a weight in the hands", "[P], in the order of [S]"),
)
"""Repetitions first, then band, then load or step height. What wobbles is left out: nobody stands by."""

PROGRAMME = Programme(LEVELS, RUNGS, LIMITS)
