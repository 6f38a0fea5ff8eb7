"""The drawings of the exercises: places in a box of 100 x 100, y down, the floor at 96.

Seen as the camera sees the person, and from the front where it may be either; lying exercises and
the thrusts are drawn from the side, where a person knows them again.
"""

from __future__ import annotations

from dataclasses import replace

from glutecam.core.drawing import Drawing, Figure

FLOOR = ((4.0, 96.0), (96.0, 96.0))

STANDING = Figure(
    head=(50, 13),
    trunk=((50, 20), (50, 50)),
    shoulders=((41, 24), (59, 24)),
    hips=((44, 50), (56, 50)),
    legs=(((44, 50), (43, 71), (43, 92), (39, 95)), ((56, 50), (57, 71), (57, 92), (61, 95))),
    arms=(((41, 24), (36, 37), (36, 50)), ((59, 24), (64, 37), (64, 50))),
)
"""On both feet, from the front."""

WAIST = (((41, 24), (31, 37), (44, 47)), ((59, 24), (69, 37), (56, 47)))
"""Hands on the waist."""

CROSSED = (((41, 24), (37, 36), (56, 32)), ((59, 24), (63, 36), (44, 32)))
"""Arms crossed on the chest."""

ON_ONE_LEG = replace(
    STANDING,
    legs=(((44, 50), (44, 71), (44, 92), (40, 95)), ((56, 50), (58, 68), (57, 84), (60, 88))),
    arms=CROSSED,
)


def _moved(figure: Figure, x: float, y: float) -> Figure:
    """Return the figure somewhere else."""

    def line(places: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        return tuple((a + x, b + y) for a, b in places)

    return Figure(
        head=line((figure.head,))[0],
        trunk=line(figure.trunk),
        shoulders=line(figure.shoulders),
        hips=line(figure.hips),
        legs=tuple(line(leg) for leg in figure.legs),
        arms=tuple(line(arm) for arm in figure.arms),
    )


# On a step

STEP = ((6.0, 96.0), (6.0, 82.0), (50.0, 82.0), (50.0, 96.0))

LATERAL_STEP_DOWN = Drawing(
    start=replace(
        _moved(STANDING, -4, -14),
        head=(46, 6),
        trunk=((46, 12), (46, 38)),
        shoulders=((37, 16), (55, 16)),
        hips=((40, 38), (52, 38)),
        legs=(((40, 38), (39, 58), (39, 78), (35, 81)), ((52, 38), (56, 58), (59, 77), (63, 80))),
        arms=(((37, 16), (27, 27), (40, 35)), ((55, 16), (65, 27), (52, 35))),
    ),
    end=Figure(
        head=(45, 18),
        trunk=((46, 24), (46, 49)),
        shoulders=((37, 28), (55, 28)),
        hips=((40, 49), (52, 49)),
        legs=(((40, 49), (36, 64), (39, 78), (35, 81)), ((52, 49), (57, 71), (60, 92), (64, 95))),
        arms=(((37, 28), (27, 39), (40, 46)), ((55, 28), (65, 39), (52, 46))),
    ),
    says="A person stands on a step on one leg, hands on the waist, the other leg free beside the step; "
    "then the knee bends until the free heel touches the floor, hip bones level.",
    props=(STEP, FLOOR),
    arrows=(((76, 62), (76, 84)),),
)

FORWARD_STEP_DOWN = Drawing(
    start=Figure(
        head=(36, 7),
        trunk=((36, 13), (35, 40)),
        legs=(((35, 40), (36, 60), (35, 79), (42, 81)), ((35, 40), (42, 59), (49, 75), (55, 73))),
        arms=(((36, 17), (40, 28), (33, 25)),),
    ),
    end=Figure(
        head=(38, 18),
        trunk=((37, 24), (33, 50)),
        legs=(((33, 50), (46, 62), (38, 79), (45, 81)), ((33, 50), (48, 70), (62, 90), (67, 85))),
        arms=(((37, 28), (42, 38), (35, 36)),),
    ),
    says="From the side: a person stands on a step on one leg, arms crossed, the other leg reaching "
    "forward; then the knee bends until the free heel touches the floor in front of the step.",
    props=(((6, 96), (6, 82), (46, 82), (46, 96)), FLOOR),
    arrows=(((80, 62), (80, 84)),),
)

SINGLE_LEG_SQUAT = Drawing(
    start=ON_ONE_LEG,
    end=Figure(
        head=(46, 30),
        trunk=((46, 37), (47, 63)),
        shoulders=((37, 41), (55, 41)),
        hips=((41, 63), (53, 63)),
        legs=(((41, 63), (36, 78), (43, 92), (39, 95)), ((53, 63), (60, 73), (61, 87), (65, 90))),
        arms=(((37, 41), (33, 53), (52, 49)), ((55, 41), (59, 53), (40, 49))),
    ),
    says="A person stands on one leg, the other foot lifted a little to the front, arms crossed; then "
    "squats on that leg until the knee bends by about seventy degrees, hip bones level.",
    props=(FLOOR,),
    arrows=(((80, 36), (80, 60)),),
)

BULGARIAN_SPLIT_SQUAT = Drawing(
    start=Figure(
        head=(44, 16),
        trunk=((44, 22), (43, 50)),
        legs=(((43, 50), (57, 69), (63, 92), (70, 95)), ((43, 50), (37, 71), (17, 73), (12, 77))),
        arms=(((44, 26), (42, 38), (45, 50)),),
    ),
    end=Figure(
        head=(46, 32),
        trunk=((45, 38), (41, 65)),
        legs=(((41, 65), (64, 68), (63, 92), (70, 95)), ((41, 65), (37, 87), (18, 74), (12, 77))),
        arms=(((45, 42), (42, 54), (45, 66)),),
    ),
    says="From the side: the rear foot on a bench, the front foot a long step ahead; then the hips sink "
    "until the front thigh is about level.",
    props=(((4, 96), (4, 79), (24, 79), (24, 96)), FLOOR),
    arrows=(((86, 44), (86, 66)),),
)

# Standing

SINGLE_LEG_STANCE = Drawing(
    start=STANDING,
    end=Figure(
        head=(45, 13),
        trunk=((45, 20), (46, 49)),
        shoulders=((36, 24), (54, 24)),
        hips=((40, 51), (52, 46)),
        legs=(((40, 51), (43, 72), (43, 92), (39, 95)), ((52, 46), (54, 66), (56, 77), (59, 79))),
        arms=(((36, 24), (31, 37), (31, 50)), ((54, 24), (59, 37), (60, 50))),
    ),
    says="A person stands on both feet; then lifts one foot and raises the hip bone of that side as high "
    "as it goes, for thirty seconds, breastbone over the standing foot.",
    props=(FLOOR,),
    arrows=(((70, 56), (70, 40)),),
)

SINGLE_LEG_HOP_LANDING = Drawing(
    start=_moved(
        replace(
            STANDING,
            legs=(((44, 50), (44, 68), (44, 85), (42, 90)), ((56, 50), (59, 65), (57, 78), (60, 81))),
            arms=(((41, 24), (33, 33), (28, 26)), ((59, 24), (67, 33), (72, 26))),
        ),
        0, -8,
    ),
    end=replace(SINGLE_LEG_SQUAT.end, arms=(((37, 41), (28, 50), (22, 44)), ((55, 41), (64, 50), (70, 44)))),
    says="A person hops straight up on one leg, lands on the same leg with a bent knee, hip bones level, "
    "and holds it for two seconds.",
    props=(FLOOR,),
    arrows=(((86, 30), (86, 58)),),
)  # fmt: skip

STANDING_HIP_ABDUCTION = Drawing(
    start=STANDING,
    end=Figure(
        head=(45, 13),
        trunk=((45, 20), (45, 50)),
        shoulders=((36, 24), (54, 24)),
        hips=((39, 50), (51, 50)),
        legs=(((39, 50), (41, 71), (42, 92), (38, 95)), ((51, 50), (63, 68), (75, 86), (80, 87))),
        arms=(((36, 24), (26, 34), (20, 40)), ((54, 24), (64, 36), (51, 46))),
    ),
    says="A person stands on both feet; then lifts one straight leg out to the side, hip bones level, a "
    "hand on something firm.",
    props=(FLOOR,),
    end_props=(((19, 41), (19, 96)),),
    arrows=(((68, 92), (80, 79)),),
)

LATERAL_BAND_WALK = Drawing(
    start=replace(
        _moved(STANDING, -14, 3),
        legs=(((30, 53), (28, 72), (28, 92), (24, 95)), ((42, 53), (44, 72), (44, 92), (48, 95))),
    ),
    end=replace(
        _moved(STANDING, 0, 6),
        legs=(((44, 56), (35, 74), (28, 92), (24, 95)), ((56, 56), (66, 73), (74, 89), (79, 91))),
    ),
    says="Feet hip-width apart, a band around the legs; then a wide step to the side against the band, "
    "hip bones level, before the other foot follows.",
    props=(FLOOR,),
    end_props=(((29, 88), (72, 84)),),
    arrows=(((66, 62), (88, 62)),),
)

WALKING = Drawing(
    start=replace(
        STANDING,
        legs=(((44, 50), (44, 71), (45, 92), (41, 95)), ((56, 50), (58, 67), (57, 82), (59, 88))),
        arms=(((41, 24), (37, 37), (40, 47)), ((59, 24), (63, 37), (65, 50))),
    ),
    end=replace(
        STANDING,
        legs=(((44, 50), (42, 67), (43, 82), (41, 88)), ((56, 50), (56, 71), (55, 92), (59, 95))),
        arms=(((41, 24), (37, 37), (35, 50)), ((59, 24), (63, 37), (60, 47))),
    ),
    says="A person walks straight towards the camera: first one leg carries the body, then the other, hip "
    "bones level.",
    props=(FLOOR, ((26, 96), (40, 60)), ((74, 96), (60, 60))),
)

STANDING_POSTURE = Drawing(
    start=STANDING,
    end=Figure(
        head=(50, 13),
        trunk=((49, 20), (43, 50)),
        shoulders=((40, 25), (58, 23)),
        hips=((37, 48), (49, 52)),
        legs=(((37, 48), (41, 71), (43, 92), (39, 95)), ((49, 52), (58, 71), (60, 92), (65, 94))),
        arms=(((40, 25), (33, 36), (37, 46)), ((58, 23), (63, 37), (62, 51))),
    ),
    says="On the left a person stands evenly on both feet; on the right the weight hangs on one leg, the "
    "pelvis is pushed out to that side and the other hip bone is lower: what is looked for.",
    props=(FLOOR,),
    arrows=(((22, 50), (33, 49)),),
)

# Lying on the side, from the front

_LYING_HEAD = (12.0, 84.0)
_LYING_TRUNK = ((20.0, 86.0), (48.0, 88.0))
_LYING_ARMS = (((21, 86), (17, 93), (10, 92)), ((21, 86), (31, 83), (34, 92)))

SIDE_LYING_HIP_ABDUCTION = Drawing(
    start=Figure(
        head=_LYING_HEAD,
        trunk=_LYING_TRUNK,
        legs=(((48, 86), (68, 87), (89, 88), (90, 84)), ((48, 90), (68, 92), (89, 93), (90, 89))),
        arms=_LYING_ARMS,
    ),
    end=Figure(
        head=_LYING_HEAD,
        trunk=_LYING_TRUNK,
        legs=(((48, 86), (65, 75), (83, 64), (81, 60)), ((48, 90), (68, 92), (89, 93), (90, 89))),
        arms=_LYING_ARMS,
    ),
    says="A person lies on the side with straight legs; then lifts the straight top leg towards the "
    "ceiling, hips stacked.",
    props=(FLOOR,),
    arrows=(((91, 82), (89, 67)),),
)

CLAMSHELL = Drawing(
    start=Figure(
        head=_LYING_HEAD,
        trunk=_LYING_TRUNK,
        legs=(((48, 86), (72, 82), (57, 90), (63, 92)), ((48, 90), (74, 90), (58, 94), (64, 95))),
        arms=_LYING_ARMS,
    ),
    end=Figure(
        head=_LYING_HEAD,
        trunk=_LYING_TRUNK,
        legs=(((48, 86), (66, 66), (57, 90), (63, 92)), ((48, 90), (74, 90), (58, 94), (64, 95))),
        arms=_LYING_ARMS,
    ),
    says="A person lies on the side with bent knees and heels together; then lifts the top knee while the "
    "heels stay together and the hips stay stacked.",
    props=(FLOOR,),
    arrows=(((84, 84), (79, 66)),),
)

# Lying on the back, from the side

_BENCH = ((4, 96), (4, 77), (24, 77), (24, 96))

HIP_THRUST = Drawing(
    start=Figure(
        head=(11, 67),
        trunk=((20, 73), (42, 90)),
        legs=(((42, 90), (62, 70), (68, 93), (76, 95)),),
        arms=(((20, 73), (28, 86), (36, 84)),),
    ),
    end=Figure(
        head=(11, 68),
        trunk=((20, 73), (46, 72)),
        legs=(((46, 72), (68, 70), (68, 93), (76, 95)),),
        arms=(((20, 73), (32, 78), (41, 75)),),
    ),
    says="From the side: shoulder blades on a bench, feet flat on the floor, hips down; then the hips are "
    "lifted until thighs and trunk are in line.",
    props=(_BENCH, FLOOR),
    arrows=(((48, 92), (48, 78)),),
)

SINGLE_LEG_HIP_THRUST = Drawing(
    start=replace(
        HIP_THRUST.start,
        legs=(((42, 90), (62, 70), (68, 93), (76, 95)), ((42, 90), (63, 74), (84, 62), (83, 56))),
    ),
    end=replace(
        HIP_THRUST.end,
        legs=(((46, 72), (68, 70), (68, 93), (76, 95)), ((46, 72), (69, 64), (92, 58), (92, 52))),
    ),
    says="From the side: shoulder blades on a bench, one foot flat on the floor, the other leg stretched "
    "in the air, hips down; then the hips are lifted until thigh and trunk are in line.",
    props=(_BENCH, FLOOR),
    arrows=(((48, 92), (48, 78)),),
)
