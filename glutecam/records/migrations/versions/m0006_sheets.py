"""The published scales, filled in, as JSON. Of older sets they were not kept."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the text, empty."""
    op.add_column("glutecam_sets", Column("sheets", Text, nullable=False, server_default=""))
