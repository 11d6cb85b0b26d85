"""Cutting a text into sentences, with offsets kept, and making each fit for the parser.

Every step replaces characters one for one or cuts, so that offsets into the parser's text are offsets into
the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

MAX_WORDS = 110  # of one piece given to the parser; longer ones are cut at punctuation or spaces
MAX_CHARACTERS = 1500

_TAG = re.compile(
    r"<(?:/?([A-Za-z][A-Za-z0-9]{0,20})(?:[\s/][^<>]{0,2000})?|!--[^>]{0,400}--|![A-Za-z][^<>]{0,200})>"
)
_BLOCK = re.compile(
    r"address|article|aside|blockquote|br|dd|div|dl|dt|fig(?:ure|caption)|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|"
    r"section|table|t[dhr]|ul",
    re.IGNORECASE,
)
_UNSEEN = ("script", "style")  # elements whose content is no text
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ODD = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_ACRONYM = re.compile(
    r"(?<=[\w.] )\((?:[A-Z][A-Za-z0-9.&-]{1,11}|local time[^()]{0,20}|GMT|UTC)\)"
)  # "the World Health Organization (WHO)"
_BREAK = re.compile(r"\n[ \t\r]*\n\s*|(?<=[.!?:;\"”’»)])[ \t\r]*\n\s*|\n(?=[ \t]*[-•*–][ \t])")
# possessive, and begun at the first stop only: a line of a million dots is read once
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+\s++(?=[\"'“‘«(\[]*[A-Z0-9À-Þ\"“‘«(])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Capt|Sgt|Cpl|Adm|Rear|Brig|Cmdr|Sen|Rep|Gov|Pres|Rev|Hon|St|Jr|Sr|Inc|"
    r"Ltd|Co|Corp|No|Nos|vs|approx|ca|Art|Fig|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Tues|Wed|"
    r"Thu|Thurs|Fri|Sat|Sun|Mt|Ft|Messrs|Msgr|Amb|Min|Supt|Insp|Dept|Univ|e\.g|i\.e|a\.m|p\.m|N|S)|"
    r"(?:^|[\s(\"“.])[A-Z])\.$"
)
_COUNTRYLIKE = re.compile(r"\b(?:U\.S|U\.K|U\.N|E\.U|D\.C|U\.A\.E|a\.m|p\.m)\.$")
_WORD = re.compile(r"[^\W_]+")
_STARTERS = re.compile(
    r"[\"“‘(]*(?:The|A|An|In|On|At|It|He|She|They|We|But|And|However|Its|His|Her|Their|This|That|These|Those|There|"
    r"After|Before|Meanwhile|Since|While|As|If|When|Officials|Earlier|Later|Last|Both|Some|Many|Two)\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of the text: `text[start:end]`; `clean` has the same length and is what the parser reads."""

    start: int
    end: int
    clean: str
    paragraph: int
    number: int


def sentences(text: str, skip: tuple[int, int] | None = None, *, markup: bool = True) -> Iterator[Sentence]:
    """The sentences of a text. `skip` is a stretch left out (a dateline); no sentence crosses it.

    `markup=False` for a text that went through `blank_markup` already.
    """
    cleaned = _clean(blank_markup(text) if markup else text)
    number = paragraph = 0
    for start, end in _paragraphs(cleaned, skip):
        before = number
        for first, last in _split(cleaned, start, end):
            for begin, stop in _pieces(cleaned, first, last):
                yield Sentence(begin, stop, _readable(cleaned[begin:stop]), paragraph, number)
                number += 1
        paragraph += number > before


def blank_markup(text: str) -> str:
    """HTML left in a text made blank or plain, one for one: tags are spaces or line ends, entities their character.

    Offsets stay what they were: an entity's character stands at its end, after spaces.
    """
    if "<" in text:
        text = _TAG.sub(_blank_tag, _without_unseen(text))
    return _ENTITY.sub(_plain_entity, text) if "&" in text else text


def _without_unseen(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):
        return text  # letters that grow when made small would shift everything
    for name in _UNSEEN:
        at, parts = 0, list[str]()
        while (start := lowered.find(f"<{name}", at)) >= 0:
            end = lowered.find(f"</{name}", start)
            if end < 0:
                break
            parts += [text[at:start], " " * (end - start)]
            at = end
        text = "".join([*parts, text[at:]])
    return text


def _blank_tag(found: re.Match[str]) -> str:
    size = len(found[0])
    if found[1] is not None and _BLOCK.fullmatch(found[1]):
        return "\n\n" + " " * (size - 2)
    return " " * size


def _plain_entity(found: re.Match[str]) -> str:
    plain = unescape(found[0])
    if plain == "\xa0" or len(plain) > 1 or not plain.isprintable():
        plain = " "
    return plain.rjust(len(found[0]))


def _clean(text: str) -> str:
    """Control and invisible characters become spaces, one for one."""
    text = _ODD.sub(" ", text)
    return _ACRONYM.sub(lambda found: " " * len(found[0]), text) if "(" in text else text


def _paragraphs(text: str, skip: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
    at = 0
    for found in _BREAK.finditer(text):
        yield from _without(at, found.start(), skip)
        at = found.end()
    yield from _without(at, len(text), skip)


def _without(start: int, end: int, skip: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
    if skip is None or skip[1] <= start or end <= skip[0]:
        yield start, end
        return
    if start < skip[0]:
        yield start, skip[0]
    if skip[1] < end:
        yield skip[1], end


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for found in _END.finditer(text, start, end):
        stop = found.start() + len(found[0].rstrip())
        head = text[max(at, stop - 24) : stop]
        if head.endswith(".") and found[0].startswith("."):
            if _COUNTRYLIKE.search(head):
                if not _STARTERS.match(text, found.end()):
                    continue
            elif _ABBREVIATED.search(head):
                continue
        yield at, stop
        at = found.end()
    if at < end:
        yield at, end


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Trim, then cut what is too long at the best place before the limit."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end:
        stop = _limit(text, start, end)
        if stop < end:
            window = text[start:stop]
            cut = max(window.rfind("; "), window.rfind(", "), window.rfind(" — "))
            if cut < len(window) // 3:
                cut = max(window.rfind(" "), window.rfind("\n"))
            stop = start + cut + 1 if cut > 0 else stop
        yield start, stop
        start = stop
        while start < end and text[start].isspace():
            start += 1


def _limit(text: str, start: int, end: int) -> int:
    if end - start <= MAX_WORDS:  # fewer characters than words allowed
        return end
    stop = min(end, start + MAX_CHARACTERS)
    for count, word in enumerate(_WORD.finditer(text, start, stop)):
        if count >= MAX_WORDS:
            return word.start()
    return stop


def _readable(piece: str) -> str:
    """Line ends become spaces; a sentence in capitals is brought to small letters with capitals on names."""
    piece = piece.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    letters = [character for character in piece if character.isalpha()]
    if len(letters) > 12 and sum(map(str.isupper, letters)) > 0.8 * len(letters):
        from tocsin.extraction._casing import lower_capitals  # noqa: PLC0415  rare path, larger tables

        return lower_capitals(piece)
    return piece
