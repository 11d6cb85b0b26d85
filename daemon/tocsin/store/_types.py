"""Column types: what a row may hold, on either database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UNSTORABLE = dict.fromkeys((0, *range(55296, 57344)), _REPLACEMENT)


def storable(text: str) -> str:
    """The text with NUL and lone surrogates replaced one for one, so that offsets stay right.

    Neither database keeps both of these: UTF-8 has no lone surrogates, PostgreSQL no NUL.
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.translate(_UNSTORABLE)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Naive values are refused; what comes back is always UTC-aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite keeps no zone, so everything is stored as UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} names no time zone; pass an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Attach or convert to UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class FreeText(TypeDecorator[str]):
    """Words that came from outside: any string can be stored, at the same length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what no database can hold."""
        del dialect
        return None if value is None else storable(value)


# Names with an order of their own ("weapons.launch" < "weapons/"), whatever the database's locale is.
Code = String().with_variant(String(collation="C"), "postgresql")
Json: Any = JSON().with_variant(JSONB(), "postgresql")
RowId = BigInteger().with_variant(Integer, "sqlite")
