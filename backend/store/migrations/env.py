"""Alembic runs here. The connection is handed in by backend.store.schema; there is no ini file."""

from __future__ import annotations

from alembic import context

from backend.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
