"""The tables of the history and of batches. What is in them, and never a picture or a landmark.

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
    "BATCH_CLIPS",
    "BATCH_FINDINGS",
    "BATCH_REPS",
    "BATCH_RUNS",
    "BATCH_SETS",
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

SCHEMA_VERSION = 6

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
    Column("sheets", Text, nullable=False, server_default=""),
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

``may_be`` are the bands that the interval reaches into; ``noted`` is what decides nothing.
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

BATCH_RUNS = Table(
    "glutecam_batch_runs",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("began_utc", DateTime, nullable=False),
    Column("ended_utc", DateTime),
    Column("glutecam", String(32), nullable=False),
    Column("ruleset", String(32), nullable=False),
    Column("settings", Text, nullable=False),
)
"""One row for each folder of results: when it was begun and last whole, and what judged it."""

BATCH_CLIPS = Table(
    "glutecam_batch_clips",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column(
        "run_id", String(32), ForeignKey("glutecam_batch_runs.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("clip", String(64), nullable=False),
    Column("file", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("visit", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("exercise", String(64), nullable=False),
    Column("side_asked", String(8), nullable=False),
    Column("status", String(16), nullable=False),
    Column("error", Text, nullable=False),
    Column("video_s", Float),
    Column("content", String(64), nullable=False),
    Index(None, "run_id", "clip", unique=True),
    sqlite_autoincrement=True,
)  # fmt: skip
"""One row for each clip of a run; ``content`` changes with whatever is kept of it."""

BATCH_SETS = Table(
    "glutecam_batch_sets",
    METADATA,
    Column(
        "clip_id", Integer, ForeignKey("glutecam_batch_clips.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("number", Integer, primary_key=True),
    Column("start_s", Float),
    Column("end_s", Float),
    Column("sides", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("instruction", Text, nullable=False),
    Column("score", Float),
    Column("coverage", Float),
    Column("reps", Integer),
    Column("attempts", Integer),
    Column("faults", Text, nullable=False),
    Column("scales", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("pose_model", Text, nullable=False),
    Column("reduced_accuracy", Boolean, nullable=False),
    Column("own_bands", Text, nullable=False),
)  # fmt: skip
"""One row for each set of a clip."""

BATCH_REPS = Table(
    "glutecam_batch_reps",
    METADATA,
    Column("clip_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("rep", Integer, nullable=False),
    Column("side", String(5), nullable=False),
    Column("start_s", Float),
    Column("end_s", Float),
    Column("complete", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("band", String(16), nullable=False),
    Column("pattern", String(16), nullable=False),
    Column("score", Float),
    ForeignKeyConstraint(
        ["clip_id", "number"],
        ["glutecam_batch_sets.clip_id", "glutecam_batch_sets.number"],
        ondelete="CASCADE",
    ),
)
"""One row for each repetition and each attempt of a set, in the order of time."""

BATCH_FINDINGS = Table(
    "glutecam_batch_findings",
    METADATA,
    Column("clip_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("value", Float),
    Column("half_width", Float),
    Column("band", String(16), nullable=False),
    ForeignKeyConstraint(
        ["clip_id", "number", "place"],
        [
            "glutecam_batch_reps.clip_id",
            "glutecam_batch_reps.number",
            "glutecam_batch_reps.place",
        ],
        ondelete="CASCADE",
    ),
)
"""One row for each repetition and rule: value ± half_width, which holds 90 %."""
