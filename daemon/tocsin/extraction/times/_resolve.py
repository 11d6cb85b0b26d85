"""Filling in what an expression leaves out: the year of a month, the week of a weekday."""

from __future__ import annotations

import re
from datetime import date

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times._state import State
from tocsin.extraction.times._tense import Side

# a month named without a verb to tell: the coming three months are ahead, the others behind
_MONTHS_AHEAD = 3
_DAYS_AHEAD = 100
_JUST_GONE = 45
_NTH = re.compile(r"nth:(\d\d)-(\d)-(-?\d)(\+\d+)?")
_TURN = -5  # so many months back is the year after: "in December ... in February"
_NEAR = 20  # days within which one reading of 7/8/2007 is likelier than the other, when no country is known


def weekday(now: date | None, number: int, direction: Side, *, elsewhere: bool = False) -> date | None:
    """The day of a bare weekday: today counts for both sides; untold goes to the past, as news does.

    `elsewhere` says that it is told in another place's time ("early Tuesday local time"): there it may be
    tomorrow already.
    """
    if now is None:
        return None
    if elsewhere and (number - now.weekday()) % 7 == 1:
        return cal.add_days(now, 1)
    if direction is Side.FUTURE:
        return cal.add_days(now, (number - now.weekday()) % 7)
    return cal.add_days(now, -((now.weekday() - number) % 7))


def relative_weekday(now: date | None, number: int, word: str) -> date | None:
    """The day of "last Friday" (before today), "next Friday" (after today), "this Friday" (today or after)."""
    if now is None:
        return None
    if word in ("last", "past", "previous"):
        return cal.add_days(now, -((now.weekday() - number - 1) % 7 + 1))
    if word in ("next", "coming", "following"):
        return cal.add_days(now, (number - now.weekday() - 1) % 7 + 1)
    return cal.add_days(now, (number - now.weekday()) % 7)


def month_year(state: State, month: int, direction: Side, at: int) -> int | None:
    """The year of a bare month."""
    now = state.now
    if state.past is not None:
        return story_year(state, month)
    near = state.near_year(at)
    if near is not None and direction is not Side.FUTURE:
        year = _after_story(state, near, month)
        state.note_year(year, cal.make_date(year, month, 1), at)
        return year
    if now is None:
        return None
    behind, ahead = (now.month - month) % 12, (month - now.month) % 12
    if direction is Side.PAST or (direction is Side.UNKNOWN and ahead > _MONTHS_AHEAD):
        return now.year - (1 if month > now.month else 0)
    if behind == 0:
        return now.year
    return now.year + (1 if month < now.month else 0)


def story_year(state: State, month: int) -> int | None:
    """The year of a month in a history: the one it has come to, or the next when the winter is behind it."""
    past = state.past
    if past is None:
        return None
    turned = state.past_unit != "Y" and month - past.month <= _TURN and past.year < 9999
    return past.year + turned


def _after_story(state: State, year: int, month: int) -> int:
    """The month that follows a date of a past year: "in June 2007 ... in September"."""
    told = state.year_day
    if told is None or told.year != year or month >= told.month:
        return year
    now = state.now
    following = date(year + 1, month, 1) if year < 9999 else None
    return year + 1 if following is not None and now is not None and following <= now else year


def day_date(state: State, month: int, day: int, direction: Side, at: int) -> date | None:
    """The date of a month and day without a year."""
    now = state.now
    if state.past is not None:
        return cal.make_date(story_year(state, month) or 0, month, day)
    near = state.near_year(at)
    if near is not None and direction is not Side.FUTURE:
        found = cal.make_date(_after_story(state, near, month), month, day)
        if found is not None:
            state.note_year(found.year, found, at)
        return found
    if now is None:
        return None
    choices = [d for y in (now.year - 1, now.year, now.year + 1) if (d := cal.make_date(y, month, day))]
    if not choices:
        return next(
            (d for y in range(now.year - 2, now.year - 5, -1) if (d := cal.make_date(y, month, day))), None
        )
    if direction is Side.UNKNOWN:
        return min(
            choices, key=lambda d: (d - now).days if 0 <= (d - now).days <= _DAYS_AHEAD else _behind(d, now)
        )
    return _on_side(choices, now, direction)


def _on_side(choices: list[date], now: date, direction: Side) -> date | None:
    """The latest day behind, or the earliest ahead."""
    if direction is Side.PAST:
        # a day ahead may be the other side of the date line
        return max((d for d in choices if (d - now).days <= 1), default=None)
    ahead = min((d for d in choices if d >= now), default=None)
    recent = max((d for d in choices if 0 < (now - d).days <= _JUST_GONE), default=None)
    far = ahead is None or (ahead - now).days > 365 - _JUST_GONE - 1
    return recent if recent is not None and far else ahead  # "had until Oct. 10 to answer"


def _behind(day: date, now: date) -> int:
    gap = (now - day).days
    return gap if gap >= 0 else 10_000 - gap


def weekday_agrees(  # noqa: PLR0917
    state: State, month: int, day: int, number: int, direction: Side, at: int
) -> date | None:
    """The date of "Tuesday, Nov. 8": the weekday settles the year when only one near year fits."""
    likely = day_date(state, month, day, direction, at)
    if likely is None or likely.weekday() == number or state.now is None:
        return likely
    for year in (state.now.year, state.now.year - 1, state.now.year + 1):
        candidate = cal.make_date(year, month, day)
        if candidate is not None and candidate.weekday() == number:
            return candidate
    return likely


def full_year(value: int) -> int:
    """Two digits to four: up to 39 is this century."""
    if value >= 100:
        return value
    return value + (2000 if value < 40 else 1900)


def numeric_date(state: State, first: int, second: int, year: int, separator: str) -> date | None:
    """03/04/2022 by the publisher's habit; dots are always day first; the only possible order wins.

    Without a country the reading close to publication is taken, else day first.
    """
    year = full_year(year)
    day_first, month_first = cal.make_date(year, second, first), cal.make_date(year, first, second)
    if day_first is None or month_first is None:
        return day_first or month_first
    if separator == "." or state.anchor.country:
        return month_first if state.month_first and separator != "." else day_first
    now = state.now
    if now is not None and abs((month_first - now).days) <= _NEAR < abs((day_first - now).days):
        return month_first
    return day_first


def holiday(year: int, spec: str) -> date | None:
    """The day of a holiday in a year; `spec` is MM-DD, easter±N days or nth:MM-weekday-nth[+days]."""
    if spec.startswith("easter"):
        return cal.add_days(cal.easter(year), int(spec[6:]))
    rule = _NTH.fullmatch(spec)
    if rule is not None:
        return cal.add_days(
            cal.nth_weekday(year, int(rule[1]), int(rule[2]), int(rule[3])), int(rule[4] or 0)
        )
    return cal.make_date(year, int(spec[:2]), int(spec[3:]))


def holiday_near(state: State, spec: str, direction: Side) -> date | None:
    """The holiday on the side the words tell, else the nearest one."""
    now = state.past or state.now
    if now is None:
        return None
    if state.past is not None:
        direction = Side.UNKNOWN
    days = [d for y in (now.year - 1, now.year, now.year + 1) if (d := holiday(y, spec))]
    if direction is Side.PAST:
        days = [d for d in days if d <= now]
    elif direction is Side.FUTURE:
        days = [d for d in days if d >= now]
    return min(days, key=lambda d: abs((d - now).days)) if days else None
