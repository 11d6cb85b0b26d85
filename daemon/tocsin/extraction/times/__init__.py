"""Time expressions of English news: finding them, and resolving them to TIMEX3 values and calendar days.

    find_times("They met late on Tuesday.", Anchor(published))  ->  [Timex(14, 21, "Tuesday", "DATE", ...)]

Pure: no clock, no model, no files. Time and memory grow with the length of the text.
"""

from tocsin.extraction.times._dateline import Dateline, dateline
from tocsin.extraction.times._find import find_times
from tocsin.extraction.times._timeml import to_timeml
from tocsin.extraction.times._types import Anchor, Timex, zone_of
from tocsin.extraction.times._when import to_when, value_days

__all__ = [
    "Anchor",
    "Dateline",
    "Timex",
    "dateline",
    "find_times",
    "to_timeml",
    "to_when",
    "value_days",
    "zone_of",
]
