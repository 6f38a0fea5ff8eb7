"""What only published scales ask for, what a finding may be, and what the whole set showed.

Older sets keep none of it: it was left out when they were written.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, String, Text, false

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns, empty."""
    op.add_column("glutecam_sets", Column("of_set", Text, nullable=False, server_default=""))
    may_be = Column("may_be", String(64), nullable=False, server_default="")
    op.add_column("glutecam_findings", may_be)
    noted = Column("noted", Boolean, nullable=False, server_default=false())
    op.add_column("glutecam_findings", noted)
    kind = Column("kind", String(8), nullable=False, server_default="rep")
    op.add_column("glutecam_rules", kind)
