"""The tables of the history. What is in them, and never a picture or a landmark.

A change of the tables is a new number and a file in ``migrations/versions``: a test compares what
the migrations make with what stands here.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)

__all__ = [
    "FAULTS",
    "FINDINGS",
    "METADATA",
    "REPS",
    "RULES",
    "SCHEMA_VERSION",
    "SETS",
    "STEPS",
    "VERSION",
]

SCHEMA_VERSION = 4

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

VERSION = Table(
    "glutecam_version", METADATA, Column("version_num", String(32), primary_key=True)
)  # fmt: skip
"""One row: the schema's number with four digits, ``0001``."""


def _part_of_a_set() -> Column[int]:
    """Return the column that goes with its set."""
    return Column(
        "set_id", ForeignKey("glutecam_sets.id", ondelete="CASCADE"), primary_key=True
    )  # fmt: skip


SETS = Table(
    "glutecam_sets",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("subject", String(64), nullable=False),
    Column("done_utc", DateTime, nullable=False),
    Column("offset_min", Integer, nullable=False),
    Column("source", String(16), nullable=False),
    Column("exercise", String(64), nullable=False),
    Column("sides", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("instruction", Text),
    Column("score", Float),
    Column("coverage", Float),
    Column("pain_before", Integer),
    Column("pain_after", Integer),
    Column("load_kg", Float),
    Column("load_band", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("glutecam", String(32), nullable=False),
    Column("ruleset", String(32), nullable=False),
    Column("pose_model", Text, nullable=False),
    Column("reduced_accuracy", Boolean, nullable=False),
    Column("pelvis_method", Text, nullable=False),
    Column("filter_name", Text, nullable=False),
    Column("filter_gain", Float),
    Column("filter_lag_s", Float),
    Column("strict", Boolean, nullable=False),
    Column("consent", Boolean, nullable=False, server_default=false()),
    Column("own_bands", Text, nullable=False, server_default=""),
    Column("of_set", Text, nullable=False, server_default=""),
    Index(None, "subject", "done_utc"),
    sqlite_autoincrement=True,
)
"""One row for each set. A number is not given twice, even after its set was deleted."""

REPS = Table(
    "glutecam_reps",
    METADATA,
    _part_of_a_set(),
    Column("place", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Column("side", String(5), nullable=False),
    Column("band", String(16)),
    Column("pattern", String(16), nullable=False),
    Column("score", Float),
    Column("reason", Text),
)
"""One row for each repetition, then for each attempt, which has a reason and no band."""

FINDINGS = Table(
    "glutecam_findings",
    METADATA,
    Column("set_id", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("value", Float),
    Column("half_width", Float),
    Column("band", String(16), nullable=False),
    Column("at", Integer, nullable=False),
    Column("may_be", String(64), nullable=False, server_default=""),
    Column("noted", Boolean, nullable=False, server_default=false()),
    ForeignKeyConstraint(
        ["set_id", "place"], ["glutecam_reps.set_id", "glutecam_reps.place"], ondelete="CASCADE"
    ),
)
"""One row for each repetition and rule: value ± half_width, which holds 90 %.

``may_be`` are the bands that the interval reaches into; ``noted`` is what only a published scale asks for.
"""

FAULTS = Table(
    "glutecam_faults",
    METADATA,
    _part_of_a_set(),
    Column("place", Integer, primary_key=True),
    Column("code", String(64), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("start_s", Float, nullable=False),
    Column("end_s", Float, nullable=False),
    Column("rep", Integer, nullable=False),
    Column("peak", Float),
    Column("half_width", Float),
)
"""One row for each run of frames in which a rule was broken."""

RULES = Table(
    "glutecam_rules",
    METADATA,
    _part_of_a_set(),
    Column("code", String(64), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("kind", String(8), nullable=False, server_default="rep"),
)
"""What each code meant when the set was judged."""

STEPS = Table(
    "glutecam_steps",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("at_utc", DateTime, nullable=False),
    Column("offset_min", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("rung", String(16), nullable=False),
    Column("note", Text, nullable=False),
)
"""One row for each step in the programme that the user confirmed."""
