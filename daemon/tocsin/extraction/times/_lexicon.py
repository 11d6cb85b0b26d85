"""Words of time: word -> (kind, value). Kinds are the vocabulary of the patterns, see `_grammar`."""

from __future__ import annotations

Entry = tuple[str, object]


def word_set(words: str) -> frozenset[str]:
    """The words of a text, separated by spaces."""
    return frozenset(words.split())


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip

# kind -> words that carry nothing but their kind
PLAIN_WORDS = {
    "the": "the", "a": "a an", "of": "of", "in": "in", "on": "on", "at": "at", "to": "to through thru", "and": "and",
    "or": "or", "from": "from", "between": "between", "until": "until till", "by": "by", "during": "during",
    "per": "per", "since": "since", "for": "for", "within": "within",
    "last": "last", "past": "past", "previous": "previous preceding", "prior": "prior", "next": "next",
    "coming": "coming upcoming", "following": "following", "this": "this", "these": "these", "that": "that",
    "those": "those", "same": "same", "current": "current", "latest": "latest", "recent": "recent",
    "each": "each every", "another": "other", "poss_pron": "its his her their our my your",
    "more": "more", "less": "less fewer", "than": "than", "least": "least", "most": "most", "up": "up", "no": "no",
    "as": "as", "long": "long", "well": "well",
    "ago": "ago", "earlier": "earlier", "later": "later hence", "before": "before", "after": "after",
    "early": "early", "late": "late", "mid": "mid", "edge": "middle beginning start end close outset turn",
    "very": "very", "quarter": "quarter", "quarters": "quarters", "half": "half", "final": "final",
    "fiscal": "fiscal financial", "calendar": "calendar", "oclock": "o'clock o’clock",
    "noon": "noon midday", "midnight": "midnight", "today": "today", "tonight": "tonight", "tomorrow": "tomorrow",
    "yesterday": "yesterday", "overnight": "overnight", "once": "once", "twice": "twice thrice",
    "time": "time", "times": "times", "dozen": "dozen", "dozens": "dozens hundreds thousands",
    "old": "old", "future": "future", "term": "term", "near": "near short foreseeable medium", "far": "distant",
    "moment": "moment", "present": "present", "period": "period", "whole": "entire whole full",
    "adj": "trading business working additional light solid extra further mere", "serial": "consecutive straight successive",
    "row": "row running", "playing": "season", "ending": "ending", "ended": "ended", "bc": "bc bce", "ad": "ad ce", "alike": "corresponding comparable", "sometime": "sometime", "ahead": "ahead", "local": "local", "weekday": "weekday", "so": "so", "now": "now",
}  # fmt: skip

# unit -> the letter of ISO 8601 durations as TimeML writes them; "T" in front of those below a day
UNITS = {
    "sec": "TS", "minute": "TM", "min": "TM", "hour": "TH", "hr": "TH", "day": "D", "week": "W", "fortnight": "F",
    "month": "M", "year": "Y", "yr": "Y", "decade": "DE", "century": "CE", "weekend": "WE", "millennium": "ML",
}  # fmt: skip
UNIT_PLURALS = {
    "seconds": "TS", "secs": "TS", "minutes": "TM", "mins": "TM", "hours": "TH", "hrs": "TH", "days": "D",
    "nights": "N", "weeks": "W", "fortnights": "F", "months": "M", "years": "Y", "yrs": "Y", "decades": "DE",
    "centuries": "CE", "weekends": "WE", "millennia": "ML",
}  # fmt: skip
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
PARTS = {
    "morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "dawn": "MO", "daybreak": "MO",
    "sunrise": "MO", "dusk": "EV", "sunset": "EV", "nightfall": "EV", "lunchtime": "MI",
}  # fmt: skip
DAILY = {
    "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "biweekly": "P2W", "fortnightly": "P2W", "monthly": "P1M",
    "bimonthly": "P2M", "quarterly": "P1Q", "yearly": "P1Y", "annual": "P1Y", "annually": "P1Y", "hourly": "PT1H",
    "biannual": "P6M", "semiannual": "P6M", "biennial": "P2Y",
}  # fmt: skip
REFS = {
    "currently": "PRESENT_REF", "nowadays": "PRESENT_REF", "presently": "PRESENT_REF", "recently": "PAST_REF",
    "lately": "PAST_REF", "previously": "PAST_REF", "soon": "FUTURE_REF",
}  # fmt: skip
APPROX = {
    "about": "APPROX", "around": "APPROX", "roughly": "APPROX", "approximately": "APPROX", "some": "APPROX",
    "nearly": "LESS_THAN", "almost": "LESS_THAN", "under": "LESS_THAN", "over": "MORE_THAN", "exactly": None,
    "just": None, "only": None, "barely": None, "circa": "APPROX",
}  # fmt: skip
QUANTS = {
    "several": None, "few": None, "many": None, "numerous": None, "countless": None, "couple": 2, "pair": 2,
}  # fmt: skip

# minutes from UTC; names used by several zones mean what news agencies mean by them, None: varies in the year
ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "sast": 120, "eest": 180,
    "msk": 180, "trt": 180, "irst": 210, "ist": 330, "pkt": 300, "npt": 345, "ict": 420, "wib": 420, "sgt": 480,
    "hkt": 480, "pht": 480, "awst": 480, "kst": 540, "jst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "et": None, "pt": None, "ct": None,
}  # fmt: skip

# words of several tokens -> (kind, value), looked up by their first word; kind "name" is no time at all
HOLIDAYS = {
    "new year 's eve": "12-31", "new year 's day": "01-01", "new years eve": "12-31", "new years day": "01-01",
    "new year 's": "01-01", "christmas day": "12-25", "christmas eve": "12-24", "christmas": "12-25", "xmas": "12-25",
    "boxing day": "12-26", "valentine 's day": "02-14", "halloween": "10-31", "st . patrick 's day": "03-17",
    "st patrick 's day": "03-17", "armistice day": "11-11", "veterans day": "11-11", "may day": "05-01",
    "bastille day": "07-14", "thanksgiving day": "nth:11-3-4", "thanksgiving": "nth:11-3-4",
    "labor day": "nth:09-0-1", "memorial day": "nth:05-0--1", "good friday": "easter-2", "easter monday": "easter+1",
    "easter sunday": "easter+0", "easter": "easter+0", "palm sunday": "easter-7", "ash wednesday": "easter-46",
    "shrove tuesday": "easter-47", "maundy thursday": "easter-3", "fat tuesday": "easter-47", "mardi gras": "easter-47",
    "holy saturday": "easter-1", "ascension day": "easter+39", "pentecost": "easter+49", "whit sunday": "easter+49",
    "whit monday": "easter+50", "epiphany": "01-06", "groundhog day": "02-02", "international women 's day": "03-08",
    "april fools day": "04-01", "april fool 's day": "04-01", "earth day": "04-22", "anzac day": "04-25",
    "australia day": "01-26", "canada day": "07-01", "cinco de mayo": "05-05", "juneteenth": "06-19",
    "guy fawkes night": "11-05", "bonfire night": "11-05", "remembrance day": "11-11", "all saints ' day": "11-01",
    "all souls ' day": "11-02", "saint patrick 's day": "03-17", "valentines day": "02-14", "world aids day": "12-01",
    "st . george 's day": "04-23", "st . andrew 's day": "11-30", "martin luther king day": "nth:01-0-3",
    "martin luther king jr . day": "nth:01-0-3", "mlk day": "nth:01-0-3", "presidents ' day": "nth:02-0-3",
    "presidents day": "nth:02-0-3", "mother 's day": "nth:05-6-2", "mothers day": "nth:05-6-2",
    "father 's day": "nth:06-6-3", "fathers day": "nth:06-6-3", "columbus day": "nth:10-0-2",
    "black friday": "nth:11-3-4+1", "cyber monday": "nth:11-3-4+4",
}  # fmt: skip
FIXED = {
    "9 / 11": "2001-09-11", "black monday": "1987-10-19", "black tuesday": "1929-10-29",
    "bloody sunday": "1972-01-30", "d - day": "1944-06-06",
}  # fmt: skip
NAMES = (
    "super tuesday", "super sunday", "man friday", "sunday times", "sunday telegraph",
    "financial times", "new york times", "last - ditch", "last - minute", "day - to - day", "second - hand",
    "per cent", "full - time", "part - time", "half - time", "first - hand", "at first", "at last", "first of all",
    "in the first place", "minutes of the meeting", "fall apart", "second - largest",
)  # fmt: skip
PHRASE_REFS = {
    "right now": "PRESENT_REF", "just now": "PRESENT_REF", "at present": "PRESENT_REF", "these days": "PRESENT_REF",
    "the time being": "PRESENT_REF", "at the moment": "PRESENT_REF", "at that time": "PAST_REF",
    "at the time": "PAST_REF", "not long ago": "PAST_REF", "long ago": "PAST_REF",
    "as soon as possible": "FUTURE_REF", "more recently": "PAST_REF",
    "most recently": "PAST_REF", "very recently": "PAST_REF", "very soon": "FUTURE_REF", "once again": "",
}  # fmt: skip
# words of a phrase that stand before the time expression proper
LEADERS = frozenset({"at"})


def _phrases() -> dict[tuple[str, ...], Entry]:
    table: dict[tuple[str, ...], Entry] = {tuple(name.split()): ("name", None) for name in NAMES}
    table |= {tuple(name.split()): ("holiday", value) for name, value in HOLIDAYS.items()}
    table |= {tuple(name.split()): ("fixed", value) for name, value in FIXED.items()}
    table |= {tuple(name.split()): ("ref", value) for name, value in PHRASE_REFS.items() if value}
    table["o", "'", "clock"] = table["o", "’", "clock"] = ("oclock", None)
    for words in ("year - end", "year 's end", "year end", "end - of - year"):
        table[tuple(words.split())] = ("yearend", None)
    for plural in ("hours", "days", "weeks", "months", "years", "decades", "centuries"):
        table[plural, "-", "long"] = ("unitslong", UNIT_PLURALS[plural])
    for unit in ("hour", "day", "week", "month", "year", "decade", "century"):
        table[unit, "-", "long"] = ("unitlong", UNITS[unit])
    for unit in ("minute", "hour", "day", "week", "month", "year", "decade", "century"):
        table[unit, "-", "old"] = ("unitold", UNITS[unit])
    table |= {
        tuple(word.replace("'", "’") for word in words): entry
        for words, entry in table.items()
        if "'" in "".join(words)
    }
    table["a", "while"] = table["some", "time"] = ("while", None)
    return table


def _words() -> dict[str, Entry]:
    table: dict[str, Entry] = {
        word: (kind, None) for kind, words in PLAIN_WORDS.items() for word in words.split()
    }
    for number, day in enumerate(WEEKDAYS):
        table |= {day: ("wd", number), day + "s": ("wds", number), day[:3]: ("wdab", number)}
    table |= {"tues": ("wdab", 1), "thur": ("wdab", 3), "thurs": ("wdab", 3), "sept": ("mo", 9)}
    for number, month in enumerate(MONTHS, 1):
        table |= {month: ("mo", number), month[:3]: ("mo", number)}
    for kind, values in (
        ("unit", UNITS), ("units", UNIT_PLURALS), ("season", SEASONS), ("part", PARTS), ("daily", DAILY),
        ("ref", REFS), ("approx", APPROX), ("quant", QUANTS), ("zone", ZONES),
    ):  # fmt: skip
        table |= {word: (kind, value) for word, value in values.items()}
    table |= {word + "s": ("parts", PARTS[word]) for word in ("morning", "afternoon", "evening")}
    table |= {f"q{number}": ("qnum", number) for number in range(1, 5)} | {
        "h1": ("hnum", 1),
        "h2": ("hnum", 2),
    }
    table |= {f"fy{year}": ("fyear", year) for year in range(1980, 2051)}
    table |= {f"fy{year - 2000:02d}": ("fyear", year) for year in range(2000, 2051)}
    table["single"] = ("spell", 1)
    table |= {
        unit + "long": ("unitlong", UNITS[unit])
        for unit in ("hour", "day", "week", "month", "year", "decade")
    }
    table |= {"summers": ("seasons", "SU"), "winters": ("seasons", "WI"), "autumns": ("seasons", "FA")} | {
        "springs": ("seasons", "SP")
    }
    return table


WORDS = _words()
PHRASES = _phrases()
PHRASE_HEADS: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(PHRASES, key=len, reverse=True):
    PHRASE_HEADS.setdefault(_phrase[0], []).append(_phrase)

EDGES = {
    "beginning": "START", "start": "START", "outset": "START", "turn": "START", "early": "START", "earlier": "BEFORE",
    "middle": "MID", "mid": "MID", "end": "END", "close": "END", "late": "END", "later": "AFTER",
}  # fmt: skip
# month names that are also words or given names: only beside a number or after a preposition of time
WEAK_MONTHS = frozenset({"may", "march", "mar", "jan", "jun", "dec", "august", "april", "june", "sep", "apr"})
BEFORE_MONTH = word_set(
    "in since until till by last next this early late mid of from to between through during for before after every"
    " each and past previous following coming least"
)
OPENS_NOUN = word_set("the a its his her their our my that 's ’s")
NO_NOUN = word_set(
    "on of to for in at by from with against through over into across and or but is was has had will would may might can"
    " could who which that as after before during said says"
)
SURE_BEFORE_MONTH = word_set("in since until till last next this early late mid during through every")
