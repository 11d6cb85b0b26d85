"""Times of day, deictic days ("today", "tonight"), and references to past, present and future."""

from __future__ import annotations

import re
from datetime import date

from tocsin.extraction.times import _calendar as cal
from tocsin.extraction.times import _resolve as resolve
from tocsin.extraction.times._grammar import KINDS, RuleBook
from tocsin.extraction.times._lexicon import word_set
from tocsin.extraction.times._reading import edge
from tocsin.extraction.times._state import Draft, Match

BOOK = RuleBook()
rule = BOOK.rule

# after "the night before": another time or event is meant, and not the story's last day
_GOES_ON = frozenset(
    KINDS[name] for name in ("the", "a", "other", "poss_pron", "this", "that", "mo", "wd", "last")
)
_DIGITS = re.compile(r"(\d{1,2})(?: ?[:.] ?(\d\d))?(?:[:.](\d\d))?")


@rule(
    "approx=approx? at=(clock ampm? | clockap | num2 ampm | num ampm | num2 oclock | spell oclock | spell ampm)"
    " (in the part=part | at part=part | local time)? zone=ZONED?",
    "approx=approx? at=(num2 | num | year4) units? zone=ZONED",
    "approx=approx? (num2)? at=(noon | midnight) zone=ZONED?",
    "past=(half | quarter) past at=(num2 | spell)",
    "a? to=quarter to at=(num2 | spell)",
)
def clock(m: Match) -> list[Draft]:
    """Read "10:30", "9 p.m.", "1430 GMT", "noon", "8 o'clock in the morning"."""
    hour, minute, second = _hands(m)
    if hour is None:
        return []
    zone = _zone(m)
    if (
        m.tokens.kinds[slice(*m.span("at"))] == KINDS["clock"]
        and not m.has("zone")
        and not _reads_as_clock(m)
    ):
        return []
    if m.has("past"):
        minute = 30 if m.word("past") == "half" else 15
    elif m.has("to"):
        hour, minute = (hour - 1) % 24, 45
    value = f"T{hour:02d}:{minute:02d}" + (f":{second:02d}" if second is not None else "")
    draft = m.draft(value + zone, "TIME", "APPROX" if m.has("approx") else None)
    draft.clock, draft.bare = value + zone, True
    return [draft]


def _reads_as_clock(m: Match) -> bool:
    """Whether a bare "10:30" is a time and no score or verse: a preposition or a date stands beside it."""
    before = m.before()
    return before in (
        "at",
        "by",
        "until",
        "from",
        "around",
        "about",
        "before",
        "after",
        "since",
        "to",
        "between",
        ",",
        "and",
        "-",
        "–",
        "on",
        "(",
    ) or m.kind(m.end) in (KINDS["wd"], KINDS["on"], KINDS["today"], KINDS["yesterday"], KINDS["local"])


def _hands(m: Match) -> tuple[int | None, int, int | None]:
    start, _ = m.span("at")
    raw, kind = m.tokens.raw(start), m.kind(start)
    if kind in (KINDS["noon"], KINDS["midnight"]):
        return (12 if kind == KINDS["noon"] else 24), 0, None
    if (
        kind in (KINDS["num2"], KINDS["num"], KINDS["year4"])
        and len(raw) in (3, 4)
        and raw.isdigit()
        and raw.isascii()
    ):
        hour, minute, second = int(raw[:-2]), int(raw[-2:]), None
    elif kind == KINDS["spell"]:
        number = m.number("at") or 0
        hour, minute, second = number, 0, None
    else:
        found = _DIGITS.match(raw)
        if found is None:
            return None, 0, None
        hour, minute = int(found[1]), int(found[2] or 0)
        second = int(found[3]) if found[3] else None
    hour = _twelve(m, hour)
    if hour > 24 or minute > 59 or (second or 0) > 59:
        return None, 0, None
    return hour, minute, second


def _twelve(m: Match, hour: int) -> int:
    """Hour of 24 from a.m., p.m. or the part of the day."""
    words = "".join(m.words("at")).replace(" ", "")
    late = "p.m" in words or "pm" in words or m.value("part") in ("AF", "EV", "NI")
    early = "a.m" in words or "am" in words or m.value("part") == "MO"
    if hour > 12:
        return hour
    if late:
        return hour + 12 if hour < 12 else 12
    return 0 if early and hour == 12 else hour


def _zone(m: Match) -> str:
    """Z for UTC and GMT, ±HH:MM for other zones, empty when not told or not fixed."""
    if not m.has("zone"):
        return ""
    start, end = m.span("zone")
    at = next((k for k in range(start, end) if m.kind(k) == KINDS["zone"]), start)
    offset = m.tokens.values[at]
    if not isinstance(offset, int):
        return ""
    for k in range(at + 1, end):
        shift = m.tokens.values[k]
        if m.kind(k) == KINDS["num2"] and isinstance(shift, int):
            offset += 60 * shift * (1 if m.tokens.words[k - 1] == "+" else -1)
    if offset == 0:
        return "Z"
    return f"{'+' if offset > 0 else '-'}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"


@rule(
    "mod=EARLY? day=(today | yesterday | tomorrow | tonight | overnight) part=part?",
    "mod=EARLY? this part=part",
    "mod=EARLY? mod2=EARLY? rel=(last | next) part=part",
    "mod=EARLY? rel=that same? part=part",
    "mod=EARLY? (mid hyphen)? wd=WEEKDAY part=part",
    "(last | this | next)? wd=WEEKDAY part=part",
    "the day=unit way=(before | after) base=(yesterday | tomorrow)",
    "the rel=(previous | following | next | same) part=part",
    "the part=part rel=(before | previous)",
)
def deictic(m: Match) -> list[Draft]:
    """Read "today", "late yesterday", "this morning", "Friday night", "the day before yesterday"."""
    now = m.state.now
    part = str(m.value("part")) if m.has("part") else ""
    word = m.word("day")
    if m.has("base"):
        day = cal.add_days(now, -2 if m.word("way") == "before" else 2)
        return [
            m.draft(
                cal.day_value(day) if day else ("PAST_REF" if m.word("way") == "before" else "FUTURE_REF"),
                day=day,
            )
        ]
    if m.has("wd"):
        day, value = _weekday_part(m)
    elif m.has("rel"):
        day = _told_part(m)
        value = cal.day_value(day)
    else:
        step = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
        day = cal.add_days(now, step)
        value = cal.day_value(day)
    if word in ("tonight", "overnight"):
        part = "NI"
    if m.word("rel") == "before" and (m.kind(m.end) in _GOES_ON or m.state.narrative(m.start) is None):
        return []
    told = (
        m.word("rel") in ("that", "same", "previous", "following", "before")
        or m.tokens.words[m.start] == "the"
    )
    if now is None and not m.has("wd") and not told:
        early = word == "yesterday" or m.word("rel") == "last"
        value = (
            "PAST_REF"
            if early
            else "FUTURE_REF"
            if word == "tomorrow" or m.word("rel") == "next"
            else "PRESENT_REF"
        )
        return [m.draft(value)]
    draft = m.draft(value + (f"T{part}" if part else ""), "TIME" if part else "DATE", edge(m), day)
    draft.clock = f"T{part}" if part else ""
    return [draft]


def _weekday_part(m: Match) -> tuple[date | None, str]:
    number = m.number("wd") or 0
    word = m.tokens.words[m.start]
    if word in ("last", "next"):
        day = resolve.relative_weekday(m.state.now, number, word)
    else:
        day = resolve.weekday(m.state.now, number, m.side(), elsewhere=m.local_time())
    return day, cal.day_value(day) if day else f"XXXX-WXX-{number + 1}"


def _told_part(m: Match) -> date | None:
    word = m.word("rel")
    if word in ("last", "next") and m.tokens.words[m.start] != "the":
        night = m.value("part") in ("NI", "EV")
        return cal.add_days(m.state.now, 1 if word == "next" else -1 if night else 0)
    base = m.state.narrative(m.start)
    return cal.add_days(base, {"previous": -1, "before": -1, "following": 1, "next": 1}.get(word, 0))


_SOON_AFTER = word_set("after as afterward afterwards thereafter enough")
_BEFORE_PART = word_set("at by until till before after since from toward towards around")


@rule("(the | early | late)? part=part (of | on)?", "(mid | early | late) hyphen? part=part")
def part_of_day(m: Match) -> list[Draft]:
    """Read "in the morning", "at night", "the evening of": looks for its date."""
    at = m.span("part")[0]
    bare = m.tokens.words[m.start] not in ("the", "early", "late", "mid")
    before = m.before()
    traded = (
        before in ("in", "during") and m.tokens.raw(m.end)[:1].islower() if m.end < len(m.tokens) else False
    )
    if bare and not traded and before not in _BEFORE_PART:
        return []
    if (
        m.tokens.words[at] == "night"
        and m.tokens.words[m.end - 1] not in ("of", "on")
        and not bare
        and before not in ("in", "during", "on", "through", "over", "of", "for")
    ):
        return []
    code = str(m.tokens.values[at])
    linked = m.tokens.words[m.end - 1] in ("of", "on")
    draft = Draft(m.start, at + 1, "TIME", f"T{code}", clock=f"T{code}", bare=True)
    draft.dated = not (bare and not linked and m.tokens.words[at] == "night")
    return [draft]


@rule("ref", "mod=approx? now", "recent")
def reference(m: Match) -> list[Draft]:
    """Read "now", "recently", "currently"."""
    kind = m.kind(m.start)
    if kind == KINDS["recent"]:
        return [] if m.before() in ("most", "more", "'s") else [m.draft("PAST_REF")]
    if kind == KINDS["ref"]:
        value = str(m.tokens.values[m.start])
        if value == "FUTURE_REF" and (m.before() == "too" or m.after() in _SOON_AFTER):
            return []
        return [m.draft(value)]
    return [] if m.after() == "-" else [m.draft("PRESENT_REF")]


@rule(
    "current",
    "the? past",
    "the? near? future",
    "the (near | far) term",
    "the near hyphen? term",
    "the long hyphen? term",
    "the far past",
    "the far? future",
)
def vague(m: Match) -> list[Draft]:
    """Read "the current crisis", "in the near future", "the past"."""
    words = m.tokens.words[m.start : m.end]
    if words[-1] == "current":
        return [] if m.after() in ("and", "account") else [m.draft("PRESENT_REF")]
    if words[-1] == "past":
        follows = m.kind(m.end) in (
            "",
            KINDS["comma"],
            KINDS["dot"],
            KINDS["brk"],
            KINDS["and"],
            KINDS["stop"],
        )
        return [m.draft("PAST_REF")] if words[0] == "the" and follows else []
    if words[0] != "the" and words[-1] == "future" and len(words) == 1:
        return (
            [m.draft("FUTURE_REF")] if m.kind(m.end) in (KINDS["other"], KINDS["comma"], KINDS["dot"]) else []
        )
    return [m.draft("FUTURE_REF")]
