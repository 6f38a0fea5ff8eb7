"""Whether the subject agreed that the set is kept. Of older ones nobody was asked here."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, false

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the flag, not set."""
    consent = Column("consent", Boolean, nullable=False, server_default=false())
    op.add_column("glutecam_sets", consent)
