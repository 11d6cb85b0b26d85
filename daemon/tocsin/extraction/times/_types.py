"""What goes in and what comes out: the anchor and the time expression."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Timex:
    """One time expression; `text[start:end] == timex.text`, offsets in code points.

    `type` is DATE, TIME, DURATION or SET and `value` a TIMEX3 value (TimeML 1.2.1, ISO 8601): `2022-11-08`,
    `2022-W45`, `2022-11`, `2022-Q3`, `2022-WI`, `199`, `P3D`, `2022-11-08TEV`, `XXXX-WXX-2`, `PRESENT_REF`.
    What cannot be resolved keeps its X places; nothing is guessed. `mod` is a TIMEX3 modifier (START, MID,
    END, APPROX, MORE_THAN, LESS_THAN, EQUAL_OR_MORE, EQUAL_OR_LESS). Both ends of a range ("from Monday to
    Thursday") are expressions of their own and carry the values of the two ends in `begin` and `until`.
    """

    start: int
    end: int
    text: str
    type: str
    value: str
    mod: str | None = None
    begin: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """From where relative expressions are counted: publication time, in the publisher's zone and country.

    `timezone` is an IANA name or an offset such as `+09:00`; an unknown one is ignored. `country` (ISO 3166-1
    alpha-3 or alpha-2) decides 03/04/2022: month first for the few countries that write it so.
    """

    published: datetime | None = None
    timezone: str | None = None
    country: str | None = None

    @property
    def moment(self) -> datetime | None:
        """Publication time on the publisher's clock; None when unknown."""
        if self.published is None:
            return None
        zone = zone_of(self.timezone)
        if zone is None or self.published.tzinfo is None:
            return self.published
        try:
            return self.published.astimezone(zone)
        except (OverflowError, ValueError):  # year 1 or 9999 at the edge of what datetime holds
            return self.published

    @property
    def day(self) -> date | None:
        """The publisher's calendar day of publication; None when unknown."""
        moment = self.moment
        return None if moment is None else moment.date()


def zone_of(name: str | None) -> tzinfo | None:
    """The zone of an IANA name or an offset `+HH:MM`; None when there is no such zone."""
    if not name:
        return None
    if name[0] in "+-" and name[1:].replace(":", "").isdigit():
        digits = name[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:4])
        return (
            timezone(timedelta(minutes=minutes if name[0] == "+" else -minutes)) if minutes < 1440 else None
        )
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None
