"""What Alembic runs: the steps, on the connection that it was given."""

from __future__ import annotations

from alembic import context

from glutecam.records.tables import METADATA, VERSION

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION.name,
    # The transaction is the caller's; SQLite, too, takes changes of tables back with it.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
