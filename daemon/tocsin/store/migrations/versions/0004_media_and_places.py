"""Media and places that feeds name in their entries.

Revision: 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("media", "geo"):
        kept = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
        op.add_column("article", sa.Column(name, kept, nullable=True))
    op.add_column("carrier", sa.Column("tags", sa.String(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("restore a backup made before the upgrade instead")
