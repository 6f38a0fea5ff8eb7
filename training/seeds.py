"""Which bodies belong to which set: a seed is a person, and nobody may be in two sets.

A set draws its number ``n`` as ``SET[n]``, which fails beyond the set's last body.
"""

from __future__ import annotations

STANDING = range(20_000)
RECORDED = range(20_000, 30_000)
PAIRED = range(30_000, 40_000)
#: Those who test and calibrate.
CLIPS = range(40_000, 40_060)
LEANING = range(40_060, 45_000)
PLANTED = range(45_000, 50_000)
#: On the side.
LYING = range(50_000, 60_000)
EXERCISES = range(60_000, 90_000)
#: In the other look, of another renderer.
OTHER_STANDING = range(90_000, 95_000)
OTHER_LYING = range(95_000, 100_000)
#: Before cameras of many lines; nobody learns from these.
MANY_LINES = range(100_000, 101_000)

SETS = (
    STANDING, RECORDED, PAIRED, CLIPS, LEANING, PLANTED, LYING, EXERCISES, OTHER_STANDING, OTHER_LYING,
    MANY_LINES,
)  # fmt: skip
