"""What polling learns: rhythm, moves, certificates, hubs, cool-downs and pages to be fetched.

Revision: 0002, after 0001.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from tocsin.network import lane_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WANTED = sa.text("page = 'wanted'")
_LEASED = sa.text("claimed_until IS NOT NULL")


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _row_id() -> Any:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment() -> Any:
    return sa.DateTime(timezone=True)


def upgrade() -> None:
    _feed()
    _page()
    _request()
    _cooldown()
    _subscription()
    _hosts()


def _hosts() -> None:
    """Politeness counts by registrable domain from here on."""
    feed = sa.table("feed", sa.column("id"), sa.column("url"), sa.column("host"))
    connection = op.get_bind()
    rows = connection.execute(sa.select(feed.c.id, feed.c.url, feed.c.host)).all()
    new = [{"row": row.id, "lane": lane_of(row.url)} for row in rows if lane_of(row.url) != row.host]
    if new:
        change = sa.update(feed).where(feed.c.id == sa.bindparam("row")).values(host=sa.bindparam("lane"))
        connection.execute(change, new)


def _feed() -> None:
    op.add_column("feed", sa.Column("headers", _json(), nullable=False, server_default="[]"))
    for name in ("proxy", "moved_to"):
        op.add_column("feed", sa.Column(name, sa.Text(), nullable=True))
    for name in ("asked", "rhythm", "certificate"):
        op.add_column("feed", sa.Column(name, _json(), nullable=True))
    for name in ("moved_at", "whole_at", "lied_at", "quiet_since", "pushed_until"):
        op.add_column("feed", sa.Column(name, _moment(), nullable=True))
    op.drop_index("ix_feed_due", "feed")
    op.drop_index("ix_feed_host_lease", "feed")
    op.create_index(
        "ix_feed_due",
        "feed",
        ["next_due_at", "id"],
        sqlite_where=sa.text("enabled = 1 AND muted_reason IS NULL"),
        postgresql_where=sa.text("enabled AND muted_reason IS NULL"),
    )
    op.create_index(
        "ix_feed_lease", "feed", ["claimed_until"], sqlite_where=_LEASED, postgresql_where=_LEASED
    )


def _page() -> None:
    op.add_column("article", sa.Column("page", sa.String(), nullable=True))
    op.add_column("article", sa.Column("page_note", sa.Text(), nullable=True))
    op.add_column("article", sa.Column("page_tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("article", sa.Column("page_due_at", _moment(), nullable=True))
    op.create_index(
        "ix_article_page_wanted",
        "article",
        ["page_due_at", "id"],
        sqlite_where=_WANTED,
        postgresql_where=_WANTED,
    )
    op.create_table(
        "article_page",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("fetched_at", _moment(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("canonical", "title", "author", "language")),
        *(sa.Column(name, _moment(), nullable=True) for name in ("published", "modified")),
        sa.Column("free", sa.Boolean(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_page_article_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_page")),
    )


def _request() -> None:
    op.add_column("fetch", sa.Column("requests", _json(), nullable=True))
    op.create_table(
        "request",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("started", _moment(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("waited_ms", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("conditional", sa.Boolean(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index("ix_request_host", "request", ["host", "started"])
    op.create_index("ix_request_started", "request", ["started"])


def _cooldown() -> None:
    op.create_table(
        "cooldown",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("until", _moment(), nullable=False),
        sa.Column("since", _moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_cooldown")),
    )


def _subscription() -> None:
    op.create_table(
        "hub_subscription",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", _moment(), nullable=True),
        sa.Column("lease_until", _moment(), nullable=True),
        sa.Column("last_push_at", _moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_hub_subscription_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_hub_subscription")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup made before the upgrade instead")
