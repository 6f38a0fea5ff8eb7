"""The results of batches: runs, clips, sets, repetitions, and what each rule found in them."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Text,
)

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables, empty."""
    _make_runs_and_clips()
    _make_sets()
    _make_reps()


def _make_runs_and_clips() -> None:
    op.create_table(
        "glutecam_batch_runs",
        Column("id", String(32), primary_key=True),
        Column("began_utc", DateTime, nullable=False),
        Column("ended_utc", DateTime),
        Column("glutecam", String(32), nullable=False),
        Column("ruleset", String(32), nullable=False),
        Column("settings", Text, nullable=False),
    )
    op.create_table(
        "glutecam_batch_clips",
        Column("id", Integer, primary_key=True),
        Column(
            "run_id", String(32), ForeignKey("glutecam_batch_runs.id", ondelete="CASCADE"),
            nullable=False,
        ),
        Column("clip", String(64), nullable=False),
        Column("file", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("visit", Text, nullable=False),
        Column("notes", Text, nullable=False),
        Column("exercise", String(64), nullable=False),
        Column("side_asked", String(8), nullable=False),
        Column("status", String(16), nullable=False),
        Column("error", Text, nullable=False),
        Column("video_s", Float),
        Column("content", String(64), nullable=False),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index(
        "ix_glutecam_batch_clips_run_id", "glutecam_batch_clips", ["run_id", "clip"], unique=True
    )
    op.create_index("ix_glutecam_batch_clips_subject", "glutecam_batch_clips", ["subject"])


def _make_sets() -> None:
    op.create_table(
        "glutecam_batch_sets",
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


def _make_reps() -> None:
    op.create_table(
        "glutecam_batch_reps",
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
    op.create_table(
        "glutecam_batch_findings",
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
