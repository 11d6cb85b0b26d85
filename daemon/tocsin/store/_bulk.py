"""Statements about many rows at once: their values travel as one JSON text, which SQLite takes apart.

One parameter instead of thousands keeps a statement in the caches, and the taking apart happens in C, where
it holds up no other thread. https://sqlite.org/json1.html#jeach

CROSS JOIN fixes the order of loops: from the few rows asked for to the index of the many that are there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Uuid, bindparam, func, select, text
from sqlalchemy.sql.elements import KeyedColumnElement

from tocsin.store._tables_feeds import article, carrier
from tocsin.store._types import storable

# What feeds say otherwise than before, or for the first time (then without hash and article).
# :seen holds [key, content hash, tags] by feed.
NEWS = text(
    """
    SELECT seen.key AS feed_id, json_extract(entry.value, '$[0]') AS key, c.content_hash, c.tags,
        c.article_id
    FROM json_each(:seen) AS seen
    CROSS JOIN json_each(seen.value) AS entry
    LEFT JOIN carrier AS c ON c.feed_id = seen.key AND c.key = json_extract(entry.value, '$[0]')
    WHERE c.content_hash IS NOT json_extract(entry.value, '$[1]')
        OR c.tags IS NOT json_extract(entry.value, '$[2]')
    """
).columns(
    feed_id=Uuid,
    key=carrier.c.key.type,
    content_hash=carrier.c.content_hash.type,
    tags=carrier.c.tags.type,
    article_id=Uuid,
)

# Articles that feeds carry, and whether what the feed said was ever the article's text. :seen holds keys by feed.
CARRIED = text(
    """
    SELECT seen.key AS feed_id, c.key, c.content_hash AS said, a.id, a.revision, a.content_hash, a.page,
        EXISTS (
            SELECT 1 FROM article_revision AS r WHERE r.article_id = a.id AND r.content_hash = c.content_hash
        ) AS speaks
    FROM json_each(:seen) AS seen
    CROSS JOIN json_each(seen.value) AS entry
    CROSS JOIN carrier AS c ON c.feed_id = seen.key AND c.key = entry.value
    CROSS JOIN article AS a ON a.id = c.article_id
    """
).columns(
    feed_id=Uuid,
    key=carrier.c.key.type,
    said=carrier.c.content_hash.type,
    id=Uuid,
    revision=article.c.revision.type,
    content_hash=article.c.content_hash.type,
    page=article.c.page.type,
    speaks=Boolean,
)


def seen(items: Mapping[UUID, Sequence[object]]) -> dict[str, str]:
    """The parameter of the statements above; texts in it must be storable."""
    return {"seen": json.dumps({feed.hex: list(some) for feed, some in items.items()}, ensure_ascii=False)}


def any_of(column: KeyedColumnElement[Any], values: Iterable[str | UUID]) -> ColumnElement[bool]:
    """`column IN (values)` for any number of texts or ids; an index on the column serves it."""
    plain = [value.hex if isinstance(value, UUID) else storable(value) for value in values]
    listed = func.json_each(bindparam(None, json.dumps(plain, ensure_ascii=False))).table_valued("value")
    return column.in_(select(listed.c.value))
