"""How Alembic runs our migrations: on the connection it is handed, in that connection's transaction."""

from __future__ import annotations

from alembic import context

from tocsin.store._migrate import configured

with configured(context):
    context.run_migrations()
