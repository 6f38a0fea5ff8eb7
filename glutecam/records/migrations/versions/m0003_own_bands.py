"""The limits that a user set in place of the rules' own. Older sets were judged by the rules' own."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the text, empty."""
    op.add_column("glutecam_sets", Column("own_bands", Text, nullable=False, server_default=""))
