"""Published scales for exercises on one leg. [F n], [R], [D], [P] are tags of docs/evidence.md.

Which degrees a rater's "yes" means is published for none of them: a sign counts where the rule's
fault does, "loss of the horizontal plane" where its good ends, and that link is ours [P].
"""

from __future__ import annotations

from glutecam.core.scales import Grade, Item, Kind, Scale, Sign

ANY_REPETITION = (
    "A fault counts once it is seen in any repetition: the test is scored as a whole [F15]; that one "
    "repetition is enough is our proposal [P]."
)
LINK = "Which measured limit stands for a rater's yes is our proposal [P]."

_TURNING = "Turning of the pelvis about the upright axis cannot be told by one camera."
_BENDING = "Leaning forward or backward cannot be told from the front or the back."
_WAVERING = "Wavering of the foot or the leg is not measured."
_REACHING = (
    "Arms that balance cannot be told from arms that reach forward, as the exercise may have it."
)

_LEANS = Sign("leans in any direction", ("GC102", "GC183"))
_PLANE = Sign("loss of the horizontal plane", ("GC101", "GC184"), from_good=True)
_STEPS = Sign(
    "steps down on the free leg, or the standing foot or leg wavers", ("GC107",), whole=False
)

LATERAL_STEP_DOWN = Scale(
    name="lateral-step-down",
    title="Lateral step-down test, 0 to 6 (Piva 2006, Rabin)",
    plain="Lateral step-down scale, 0 to 6",
    kind=Kind.SUM,
    most=6,
    items=(
        Item("Arm strategy", (Sign("removes a hand from the waist", ("GC181",)),)),
        Item("Trunk alignment", (_LEANS,), unseen=_BENDING),
        Item("Pelvis plane", (_PLANE,), unseen=_TURNING),
        Item(
            "Knee position",
            (
                Sign("tibial tuberosity medial to the second toe", ("GC104",)),
                Sign("tibial tuberosity medial to the medial border of the foot", ("GC182",), points=2),
            ),
        ),
        Item("Steady stance", (_STEPS,), unseen=_WAVERING),
    ),
    grades=(Grade(1, "good"), Grade(3, "medium"), Grade(6, "poor")),
    trials=5,
    how=ANY_REPETITION,
    evidence="Items, points and grades as in the lateral step-down test of Piva 2006 and Rabin [F15]. "
    + LINK,
)  # fmt: skip

FORWARD_STEP_DOWN = Scale(
    name="forward-step-down",
    title="Forward step-down test, 0 to 5 (after Piva 2006)",
    plain="Forward step-down scale, 0 to 5",
    kind=Kind.SUM,
    most=5,
    items=(
        Item(
            "Arm strategy",
            (Sign("uncrosses the arms from the chest"),),
            unseen="Whether the arms stay crossed is not measured.",
        ),
        Item("Trunk alignment", (_LEANS,), unseen=_BENDING),
        Item("Pelvis plane", (_PLANE,), unseen=_TURNING),
        Item("Knee position", (Sign("knee medial to the second toe", ("GC104",)),)),
        Item("Steady stance", (_STEPS,), unseen=_WAVERING),
    ),
    trials=5,
    how=ANY_REPETITION,
    evidence="The lateral test's items with crossed arms and a knee item of one point [F19]; the "
    "range follows from them [D], no grades are given. " + LINK,
)

CROSSLEY = Scale(
    name="crossley",
    title="Single-leg squat: good, fair or poor (Crossley 2011)",
    plain="Single-leg squat grade",
    kind=Kind.DOMAINS,
    items=(
        Item(
            "Overall impression",
            (
                Sign("loses balance"),
                Sign("perturbations of the body"),
                Sign("not deep enough", ("GC105",), below=True),
                Sign("too fast", ("GC106",)),
            ),
            unseen="Balance and small perturbations are not measured.",
        ),
        Item(
            "Trunk posture",
            (
                Sign("leans or shifts sideways", ("GC102", "GC183")),
                Sign("rotates"),
                Sign("bends forward"),
            ),
            unseen="Rotation and bending forward cannot be told from the front or the back.",
        ),
        Item(
            "Pelvis in space",
            (
                Sign("shifts sideways", ("GC103",)),
                Sign("rotates"),
                Sign("tilts to the side", ("GC101", "GC184")),
            ),
            unseen=_TURNING,
        ),
        Item(
            "Hip joint",
            (Sign("adducts", ("GC185",)), Sign("turns inward")),
            unseen="Turning of the thigh about its own axis cannot be told by one camera.",
        ),
        Item(
            "Knee joint",
            (Sign("apparent valgus", ("GC104",)), Sign("knee not over the foot", ("GC182",))),
        ),
    ),
    grades=(Grade(0, "good"), Grade(0, "fair"), Grade(0, "poor")),
    trials=5,
    how="Good: at least four of five domains free of every sign in all repetitions. Poor: every sign "
    "of at least one domain in all repetitions. Fair: between [R].",
    evidence="Domains and grades of Crossley 2011 as recalled, to be verified [R]. " + LINK,
)

QASLS = Scale(
    name="qasls",
    title="QASLS, 0 to 10 (qualitative analysis of single leg loading)",
    plain="Single-leg loading, 0 to 10",
    kind=Kind.SUM,
    most=10,
    items=(
        Item("Arm", (Sign("excessive movement to balance"),), unseen=_REACHING),
        Item("Trunk", (_LEANS,), unseen=_BENDING),
        Item("Pelvis", (_PLANE,)),
        Item("Pelvis", (Sign("excessive tilt or rotation"),), unseen=_TURNING),
        Item("Thigh", (Sign("moves into hip adduction", ("GC185",)),)),
        Item(
            "Thigh",
            (Sign("not held in neutral (turns inward)"),),
            unseen="Turning of the thigh about its own axis cannot be told by one camera.",
        ),
        Item("Knee", (Sign("not towards the second toe (noticeable valgus)", ("GC104",)),)),
        Item(
            "Knee",
            (Sign("past the inside of the foot (significant valgus)", ("GC182",)),),
        ),
        Item("Steady stance", (Sign("touches down with the free foot", ("GC107",), whole=False),),
             unseen="A light touch looks like hovering."),
        Item("Steady stance", (Sign("standing leg wobbles noticeably"),), unseen=_WAVERING),
    ),
    trials=0,
    how="A fault counts once it is seen in any repetition; that this is enough is our proposal [P].",
    evidence="Ten items answered yes or no [F31]; their wording is recalled and to be verified [R]. "
    + LINK,
)  # fmt: skip

TRENDELENBURG = Scale(
    name="trendelenburg",
    title="Trendelenburg test, 30 s on one leg (Hardcastle and Nade 1985)",
    plain="Standing on one leg for half a minute",
    kind=Kind.READINGS,
    items=(
        Item(
            "Highest elevation",
            (
                Sign("the free side is not raised", ("GC603",), from_good=True),
                Sign("raised, but not as high as the hip allows"),
            ),
            unseen="How high the hip could rise is not known.",
        ),
        Item(
            "Time to fall",
            (Sign("falls before 30 s are over", ("GC602",), from_good=True),),
        ),
        Item("C7 over hip and foot", (Sign("the body is not balanced over the foot", ("GC604",)),)),
        Item(
            "Validity",
            (Sign("pain, a deformity, or balance make the test void"),),
            unseen="Pain and deformity are not seen; the examiner decides whether the test counts.",
        ),
    ),
    trials=1,
    how="The values are those of the hold; of several holds the worst counts, our proposal [P].",
    evidence="Elevation as high as the hip allows, held for 30 s with the seventh neck vertebra over "
    "hip and foot, is the answer that the test looks for [F1]. Two seconds are left for lifting and "
    "lowering the foot, our proposal [P].",
)

ACTIVE_HIP_ABDUCTION = Scale(
    name="active-hip-abduction",
    title="Active hip abduction test, 0 to 3 (Nelson-Wong 2009)",
    plain="Lifting the leg while lying on the side, 0 to 3",
    kind=Kind.SUM,
    most=3,
    items=(
        Item("Wobble", (Sign("noticeable wobble"),), unseen="Wobbling of the leg is not measured."),
        Item(
            "Tipping",
            (
                Sign(
                    "the pelvis tips, or trunk or shoulders rotate", ("GC205", "GC201"), whole=False
                ),
            ),
            unseen="Rotation of trunk and shoulders is not measured.",
        ),
        Item(
            "Moving leg",
            (Sign("increased hip flexion or rotation", ("GC206",), whole=False),),
            unseen="Rotation of the leg about its own axis cannot be told by one camera.",
        ),
        Item(
            "Control",
            (
                Sign("rapid or uncontrolled", ("GC204",), whole=False),
                Sign("cannot regain control, or puts the hand down", points=3),
            ),
            unseen="Of control, the speed alone is measured.",
        ),
    ),
    trials=0,
    how="One point for each sign seen in any repetition, three at most: two signs are 2, three or more "
    "3 [F40]; that one repetition is enough is our proposal [P].",
    evidence="Signs and scores of the active hip abduction test [F40]; that a single sign is the "
    "“minimal loss” of score 1 is our proposal [P]. " + LINK,
)
