"""Time expressions as TimeML 1.2.1 inline annotation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from tocsin.extraction.times._types import Anchor, Timex

# what XML 1.0 cannot hold
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_timeml(text: str, found: Iterable[Timex], anchor: Anchor, doc_id: str = "") -> str:
    """A `<TimeML>` element: DOCID, DCT (empty when the publication date is unknown) and TEXT with TIMEX3 inside.

    Characters that XML cannot hold are replaced by U+FFFD.
    """
    pieces: list[str] = []
    at = 0
    for number, timex in enumerate(found, 1):
        pieces.append(_clean(text[at : timex.start]))
        mod = "" if timex.mod is None else f" mod={quoteattr(timex.mod)}"
        pieces.append(
            f'<TIMEX3 tid="t{number}" type={quoteattr(timex.type)} value={quoteattr(timex.value)}{mod}>'
            f"{_clean(timex.text)}</TIMEX3>"
        )
        at = timex.end
    pieces.append(_clean(text[at:]))
    day = anchor.day
    creation = (
        ""
        if day is None
        else f'<TIMEX3 tid="t0" type="DATE" value="{day}" functionInDocument="CREATION_TIME">{day}</TIMEX3>'
    )
    head = f"<DOCID>{_clean(doc_id)}</DOCID><DCT>{creation}</DCT>"
    return f"<TimeML>{head}<TEXT>{''.join(pieces)}</TEXT></TimeML>"


def _clean(text: str) -> str:
    return escape(_ILLEGAL.sub("\ufffd", text))
