"""Numbered changes of the history's tables, by Alembic, within the caller's transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

__all__ = ["migrate"]


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision: all of its steps, or none.

    Parameters
    ----------
    connection : Connection
        In a transaction, which the caller commits; nobody else may be migrating.
    revision : str
        Four digits, ``"head"`` for the newest.
    """
    # Only a history that is new or old needs Alembic; the others are opened without it.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, revision)
