"""The first schema.

Revision: 0001, after None.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SEARCH = """
CREATE VIRTUAL TABLE article_search USING fts5(
    title, text, content='article_revision', content_rowid='id',
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER article_search_insert AFTER INSERT ON article_revision BEGIN
    INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text)~
END;
CREATE TRIGGER article_search_delete AFTER DELETE ON article_revision BEGIN
    INSERT INTO article_search (article_search, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text)~
END;
CREATE TRIGGER article_search_update AFTER UPDATE OF title, text ON article_revision BEGIN
    INSERT INTO article_search (article_search, rowid, title, text)
    VALUES ('delete', old.id, old.title, old.text)~
    INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text)~
END;
"""


def _json() -> Any:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _code() -> Any:
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def _row_id() -> Any:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("group", _json(), nullable=False),
        sa.Column("labels", _json(), nullable=False),
        sa.Column("roles", _json(), nullable=False),
        sa.Column("explanation", _json(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("follows", sa.Uuid(), nullable=True),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["follows"], ["alert.id"], name=op.f("fk_alert_follows")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("rule", "fingerprint", name=op.f("uq_alert_rule_fingerprint")),
    )
    op.create_index("ix_alert_fired_at", "alert", ["fired_at", "id"])
    op.create_index("ix_alert_rule_fired_at", "alert", ["rule", "fired_at"])


def _article() -> None:
    op.create_table(
        "article",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("origin_key", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("extracted_revision", sa.Integer(), nullable=False),
        sa.Column("linked_revision", sa.Integer(), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("date_refused", sa.Text(), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("backfilled", sa.Boolean(), nullable=False),
        sa.Column("skipped", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("origin", "origin_key", name=op.f("uq_article_origin_origin_key")),
        sa.UniqueConstraint("url", name=op.f("uq_article_url")),
    )
    op.create_index("ix_article_known_at", "article", ["known_at", "id"])
    op.create_index(op.f("ix_article_publisher"), "article", ["publisher"])
    op.create_index(
        "ix_article_unlinked", "article", ["known_at", "id"], **_where("linked_revision < extracted_revision")
    )
    op.create_index(
        "ix_article_unread", "article", ["known_at", "id"], **_where("extracted_revision < revision")
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("type", _code(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("when_start", sa.Date(), nullable=True),
        sa.Column("when_end", sa.Date(), nullable=True),
        sa.Column("place_key", sa.Text(), nullable=True),
        sa.Column("place_country", sa.String(), nullable=True),
        sa.Column("owner_count", sa.Integer(), nullable=False),
        sa.Column("first_known", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", _json(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("last_known", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("shelf", sa.String(), nullable=False),
        sa.Column("shelf_day", sa.Date(), nullable=False),
        sa.Column("matched_revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_day", "event", ["when_start", "first_known", "id"])
    op.create_index("ix_event_first_known", "event", ["first_known"])
    op.create_index("ix_event_shelf", "event", ["shelf", "shelf_day"])
    op.create_index("ix_event_type_day", "event", ["type", "when_start"])
    op.create_index(
        "ix_event_unmatched", "event", ["last_known", "id"], **_where("matched_revision < revision")
    )


def _feed() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("folder", sa.Text(), nullable=True),
        sa.Column("topics", _json(), nullable=False),
        sa.Column("catalog", sa.Text(), nullable=True),
        sa.Column("interval", sa.Integer(), nullable=True),
        sa.Column("full_text", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.String(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_polled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("last_failure", sa.String(), nullable=True),
        sa.Column("last_detail", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("muted_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("url", name=op.f("uq_feed_url")),
    )
    op.create_index("ix_feed_due", "feed", ["next_due_at", "enabled"])
    op.create_index("ix_feed_host_lease", "feed", ["host", "claimed_until"])


def _rule() -> None:
    op.create_table(
        "rule",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.String(), nullable=False),
        sa.Column("labels", _json(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rule")),
    )


def _silence() -> None:
    op.create_table(
        "silence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matchers", _json(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index(op.f("ix_silence_ends"), "silence", ["ends"])


def _state() -> None:
    op.create_table(
        "state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_state")),
    )


def _subscriber() -> None:
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("old_secret", sa.Text(), nullable=True),
        sa.Column("old_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("min_severity", sa.String(), nullable=False),
        sa.Column("rules", _json(), nullable=False),
        sa.Column("labels", _json(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
    )
    op.create_index("uq_subscriber_name", "subscriber", ["name"], unique=True, **_where("removed_at IS NULL"))


def _alert_event() -> None:
    op.create_table(
        "alert_event",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_event_alert_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_alert_event_event_id")),
        sa.PrimaryKeyConstraint("alert_id", "ordinal", name=op.f("pk_alert_event")),
    )
    op.create_index("ix_alert_event_event_id", "alert_event", ["event_id"])


def _article_revision() -> None:
    op.create_table(
        "article_revision",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=True),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("pruned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_revision_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_revision")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_article_revision_article_id_number")),
    )
    op.create_index("ix_article_revision_known_at", "article_revision", ["known_at"])


def _carrier() -> None:
    op.create_table(
        "carrier",
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_carrier_article_id")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_carrier_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", "key", name=op.f("pk_carrier")),
    )
    op.create_index(op.f("ix_carrier_article_id"), "carrier", ["article_id"])


def _claim() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("type", _code(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("first_known", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_known", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about_event_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["about_event_id"], ["event.id"], name=op.f("fk_claim_about_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_about_event_id"), "claim", ["about_event_id"])
    op.create_index(op.f("ix_claim_key"), "claim", ["key"])
    op.create_index("ix_claim_last_known", "claim", ["last_known", "id"])
    op.create_index("ix_claim_type", "claim", ["type", "last_known"])


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("subscriber_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_delivery_alert_id")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_delivery_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("alert_id", "subscriber_id", name=op.f("uq_delivery_alert_id_subscriber_id")),
    )
    op.create_index("ix_delivery_created_at", "delivery", ["created_at", "id"])
    op.create_index("ix_delivery_due", "delivery", ["state", "next_attempt_at"])
    op.create_index("ix_delivery_subscriber_id", "delivery", ["subscriber_id", "state"])


def _event_party() -> None:
    op.create_table(
        "event_party",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("sector", sa.String(), nullable=True),
        sa.Column("since_revision", sa.Integer(), nullable=False),
        sa.Column("until_revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_party_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_party")),
        sa.UniqueConstraint(
            "event_id",
            "since_revision",
            "role",
            "ordinal",
            name=op.f("uq_event_party_event_id_since_revision_role_ordinal"),
        ),
    )
    op.create_index("ix_event_party_country", "event_party", ["country", "event_id"])
    op.create_index("ix_event_party_key", "event_party", ["key", "event_id"])
    op.create_index("ix_event_party_open", "event_party", ["event_id"], **_where("until_revision IS NULL"))


def _event_revision() -> None:
    op.create_table(
        "event_revision",
        sa.Column("type", _code(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("when_start", sa.Date(), nullable=True),
        sa.Column("when_end", sa.Date(), nullable=True),
        sa.Column("place_key", sa.Text(), nullable=True),
        sa.Column("place_country", sa.String(), nullable=True),
        sa.Column("owner_count", sa.Integer(), nullable=False),
        sa.Column("first_known", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", _json(), nullable=False),
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("changes", _json(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_event_revision_article_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_revision_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_revision")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_event_revision_event_id_number")),
    )
    op.create_index("ix_event_revision_day", "event_revision", ["when_start", "first_known", "event_id"])
    op.create_index("ix_event_revision_known_at", "event_revision", ["known_at"])
    op.create_index("ix_event_revision_type_day", "event_revision", ["type", "when_start"])


def _fetch() -> None:
    op.create_table(
        "fetch",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("feed_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_fetch_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetch")),
        sa.UniqueConstraint("feed_id", "at", name=op.f("uq_fetch_feed_id_at")),
    )
    op.create_index("ix_fetch_at", "fetch", ["at"])


def _mention() -> None:
    op.create_table(
        "mention",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("type", _code(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("when_start", sa.Date(), nullable=True),
        sa.Column("when_end", sa.Date(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("link_reason", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("body", _json(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_mention_article_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_mention_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mention")),
        sa.UniqueConstraint(
            "article_id", "revision", "ordinal", name=op.f("uq_mention_article_id_revision_ordinal")
        ),
    )
    op.create_index("ix_mention_event_id", "mention", ["event_id", "active"])


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_attempt_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_at", "attempt", ["at"])


def _claim_party() -> None:
    op.create_table(
        "claim_party",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_party_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", "role", "party", name=op.f("pk_claim_party")),
    )
    op.create_index("ix_claim_party_key", "claim_party", ["key", "claim_id"])
    op.create_index("ix_claim_party_party", "claim_party", ["party", "claim_id"])


def _claim_stance() -> None:
    op.create_table(
        "claim_stance",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("party_name", sa.Text(), nullable=True),
        sa.Column("party_key", sa.Text(), nullable=True),
        sa.Column("party_country", sa.String(), nullable=True),
        sa.Column("party_sector", sa.String(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_after", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_claim_stance_article_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_stance_claim_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_claim_stance_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_stance")),
        sa.UniqueConstraint(
            "claim_id",
            "stance",
            "party",
            "event_id",
            "article_id",
            name=op.f("uq_claim_stance_claim_id_stance_party_event_id_article_id"),
        ),
    )
    op.create_index("ix_claim_stance_event_id", "claim_stance", ["event_id"])
    op.create_index("ix_claim_stance_known_at", "claim_stance", ["known_at"])
    op.create_index("ix_claim_stance_party_country", "claim_stance", ["party_country", "claim_id"])
    op.create_index("ix_claim_stance_party_key", "claim_stance", ["party_key", "claim_id"])


def _span() -> None:
    op.create_table(
        "span",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("mention_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("sector", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name=op.f("fk_span_mention_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_span")),
        sa.UniqueConstraint("mention_id", "role", "ordinal", name=op.f("uq_span_mention_id_role_ordinal")),
    )


def _search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SEARCH.split(";"):
            if statement.strip():
                op.execute(statement.replace("~", ";"))


_TABLES = (
    _alert,
    _article,
    _event,
    _feed,
    _rule,
    _silence,
    _state,
    _subscriber,
    _alert_event,
    _article_revision,
    _carrier,
    _claim,
    _delivery,
    _event_party,
    _event_revision,
    _fetch,
    _mention,
    _attempt,
    _claim_party,
    _claim_stance,
    _span,
)


def upgrade() -> None:
    for create in _TABLES:
        create()
    _search()


def downgrade() -> None:
    raise NotImplementedError("the first schema has nothing before it; restore a backup instead")
