"""Articles whose pages say that they are one.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SAME = sa.text("same_as IS NOT NULL")
_NAMED = sa.text("canonical IS NOT NULL")


def upgrade() -> None:
    op.add_column("article", sa.Column("same_as", sa.Uuid(), nullable=True))
    op.create_index("ix_article_same_as", "article", ["same_as"], sqlite_where=_SAME, postgresql_where=_SAME)
    op.create_index(
        "ix_article_page_canonical",
        "article_page",
        ["canonical"],
        sqlite_where=_NAMED,
        postgresql_where=_NAMED,
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup made before the upgrade instead")
