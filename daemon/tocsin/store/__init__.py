"""SQLModel tables, engine, Alembic migrations, full-text search."""
