"""Text to tokens, each of one kind; HTML tags and addresses are passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tocsin.extraction.times import _lexicon as lex
from tocsin.extraction.times import _numbers as numbers
from tocsin.extraction.times._grammar import KINDS
from tocsin.extraction.times._lexicon import word_set

_TOKEN = re.compile(
    r"""
    (?P<url>https?://\S{1,2000}|www\.\S{1,2000})
  | (?P<ampm>[ap]\.\ ?m\b\.?|[ap]\ \.\ m\b(?:\ \.)?|[ap]m\b)
  | (?P<word>[^\W\d_]\w*)
  | (?P<iso>[0-9]{4}-[0-9][0-9]-[0-9][0-9](?:T[0-9][0-9]:?[0-9][0-9](?::?[0-9][0-9](?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9][0-9]:?[0-9][0-9])?)?(?![\w-])|[0-9]{4}/[0-9][0-9]/[0-9][0-9](?![\w/])
      |[0-9]{4}-W[0-9][0-9](?:-[0-9])?(?!\w)|[0-9]{4}-?Q[1-4](?!\w))
  | (?P<clockap>[0-9]{1,2}(?:[:.][0-9][0-9]){0,2}(?:[ap]\.m\.|[ap]m\b))
  | (?P<ndate>[0-9]{1,2}(?:\ ?/\ ?[0-9]{1,2}\ ?/\ ?|\.[0-9]{1,2}\.|-[0-9]{1,2}-)[0-9]{2}(?:[0-9][0-9])?(?![\w/]|\.[0-9]))
  | (?P<clock>[0-9]{1,2}(?::[0-9][0-9](?::[0-9][0-9])?|\ :\ [0-9][0-9](?=\ [ap]\ ?\.?\ ?m\b|\ [A-Z]{3}\b))(?![\w:]))
  | (?P<decade>['’‘`]?[0-9]{1,3}0['’]?s(?!\w))
  | (?P<yy>['’‘][0-9][0-9](?!\w))
  | (?P<ord>[0-9]{1,3}(?:st|nd|rd|th)(?!\w))
  | (?P<num>(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,30})(?:\.[0-9]{1,9})?(?!\w))
  | (?P<junk>[0-9]\w{0,200})
  | (?P<poss>['’]s(?!\w))
  | (?P<tag><[a-zA-Z/!][^<>]{0,400}>)
  | (?P<entity>&(?:[a-z]{2,8}|\#[0-9]{1,6});)
  | (?P<newline>\n[ \t\r\n]*)
  | (?P<dash>--+|[–—―])
  | (?P<punct>[^\w\s])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PUNCT = {
    ",": "comma", ".": "dot", "-": "hyphen", "‐": "hyphen", "‑": "hyphen", "/": "slash", ":": "colon", "(": "lpar",
    ")": "rpar", "'": "apos", "’": "apos", "+": "plusminus", "−": "plusminus", "!": "stop", "?": "stop", ";": "semi",
    "$": "money", "€": "money", "£": "money", "%": "percent", "#": "money",
}  # fmt: skip
_INLINE = re.compile(r"</?(?:b|i|a|em|strong|span|time|u|abbr|small|sup|sub|font)\b", re.IGNORECASE)
_OTHER = KINDS["other"]
_BREAK = KINDS["brk"]
_SOFT_BEFORE = word_set("last next this the of on in early late past previous at and to from between until")
_CHAR = {name: KINDS[name] for name in {kind for kind, _ in lex.WORDS.values()} | set(_PUNCT.values())}


@dataclass(slots=True)
class Tokens:
    """Parallel lists; `kinds` is a string with one character a token once the reader is done."""

    text: str
    words: list[str] = field(default_factory=list)  # lower case
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    kinds: str = ""
    cues: dict[int, int] = field(default_factory=dict)  # memo of the reading of tense

    def __len__(self) -> int:
        return len(self.words)

    def raw(self, at: int) -> str:
        """The token as written."""
        return self.text[self.starts[at] : self.ends[at]]

    def add(self, start: int, end: int, word: str, kind: str, value: object = None) -> None:
        """Append a token."""
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)
        self.marks.append(KINDS[kind])
        self.values.append(value)


def tokenise(text: str, start: int, end: int) -> Tokens:
    """The tokens of `text[start:end]` with offsets into `text`."""
    tokens = Tokens(text)
    words, starts, ends, values, marks = (
        tokens.words, tokens.starts, tokens.ends, tokens.values, tokens.marks,
    )  # fmt: skip
    lookup, other = lex.WORDS.get, _OTHER
    for found in _TOKEN.finditer(text, start, end):
        group = found.lastgroup
        if group == "word":
            word = found.group().lower()
            entry = lookup(word)
            words.append(word)
            begin, stop = found.span()
            starts.append(begin)
            ends.append(stop)
            if entry is None:
                marks.append(other)
                values.append(None)
            else:
                marks.append(_CHAR[entry[0]])
                values.append(entry[1])
        elif group == "punct":
            char = found.group()
            tokens.add(found.start(), found.end(), char, _PUNCT.get(char, "other"))
        else:
            _add_rare(tokens, group or "", found)
    _merge(tokens)
    _weaken_months(tokens)
    tokens.kinds = "".join(tokens.marks)
    return tokens


def _add_rare(tokens: Tokens, group: str, found: re.Match[str]) -> None:
    start, end, raw = found.start(), found.end(), found.group()
    if group in ("newline", "tag"):
        inside = _joins(tokens, found) if group == "newline" else _INLINE.match(raw) is not None
        if not inside:
            tokens.add(start, end, "\n", "brk")
    elif group == "num":
        tokens.add(start, end, raw, *_number(raw))
    elif group == "ord":
        tokens.add(start, end, raw.lower(), "ord", int(raw[:-2]))
    elif group == "yy":
        tokens.add(start, end, raw, "yy", _short_year(raw[1:]))
    elif group == "junk" and len(raw) == 2 and raw[0] in "1234" and raw[1] in "Qq":
        tokens.add(start, end, raw.lower(), "qnum", int(raw[0]))
    elif group in ("url", "junk", "entity"):
        if raw != "&nbsp;":
            tokens.add(start, end, raw.lower(), "other")
    else:
        tokens.add(start, end, raw.lower(), group)


def _joins(tokens: Tokens, found: re.Match[str]) -> bool:
    """Whether a single line break stands inside a sentence (text wrapped at a width)."""
    after = found.string[found.end() : found.end() + 1]
    if not tokens.words or found.group().count("\n") > 1:
        return False
    word = tokens.words[-1]
    return after.islower() or (after.isdigit() and word != ".") or word == "," or word in _SOFT_BEFORE


def _number(raw: str) -> tuple[str, object]:
    plain = raw.replace(",", "")
    if "." in plain:
        return "num", float(plain)
    value = int(plain)
    if len(raw) <= 2:
        return "num2", value
    if len(raw) == 4 and 1000 <= value < 3000:
        return "year4", value
    return "num", value


def _short_year(digits: str) -> int:
    """'98 is 1998, '14 is 2014."""
    value = int(digits)
    return value + (2000 if value < 40 else 1900)


def _merge(tokens: Tokens) -> None:
    """Join the tokens of phrases ("New Year's Eve") and of numbers in words ("twenty-five")."""
    words = tokens.words
    heads, spelled, ordinals = lex.PHRASE_HEADS, numbers.NUMBER_WORDS, numbers.ORDINALS
    keep: list[tuple[int, int, str, object]] = []
    at = 0
    size = len(words)
    while at < size:
        word = words[at]
        if word in heads:
            phrase = next((p for p in heads[word] if tuple(words[at : at + len(p)]) == p), None)
            if phrase is not None:
                kind, value = lex.PHRASES[phrase]
                lead = 1 if kind == "ref" and word in lex.LEADERS else 0
                keep.append((at + lead, len(phrase) - lead, kind, value))
                at += len(phrase)
                continue
        if word in spelled or word in ordinals or word in numbers.DECADES:
            used, value, kind = numbers.read_number(words, at)
            if used:
                if word == "second" and used == 1:
                    kind = "second"
                keep.append((at, used, kind, value))
                at += used
                continue
        at += 1
    if keep:
        _splice(tokens, keep)


def _splice(tokens: Tokens, keep: list[tuple[int, int, str, object]]) -> None:
    words, starts, ends, values, marks = (
        tokens.words, tokens.starts, tokens.ends, tokens.values, tokens.marks,
    )  # fmt: skip
    new = Tokens(tokens.text)
    last = 0
    for at, used, kind, value in keep:
        for target, source in (
            (new.words, words), (new.starts, starts), (new.ends, ends), (new.marks, marks),
        ):  # fmt: skip
            target.extend(source[last:at])  # type: ignore[arg-type]
        new.values.extend(values[last:at])
        new.add(starts[at], ends[at + used - 1], " ".join(words[at : at + used]), kind, value)
        last = at + used
    tokens.words, tokens.starts = new.words + words[last:], new.starts + starts[last:]
    tokens.ends, tokens.marks = new.ends + ends[last:], new.marks + marks[last:]
    tokens.values = new.values + values[last:]


def _weaken_months(tokens: Tokens) -> None:
    """Read "May", "march", "Jan": a month alone only where the words before and after allow it."""
    month, weak, other = KINDS["mo"], KINDS["mow"], KINDS["other"]
    short, dot, stop = KINDS["wdab"], KINDS["dot"], KINDS["stop"]
    for at, mark in enumerate(tokens.marks):
        if mark == month and tokens.words[at] in lex.MONTHS and tokens.marks[at + 1 : at + 2] == [dot]:
            tokens.marks[at + 1] = stop  # no abbreviation: the sentence ends here
        if mark == month and tokens.words[at] in lex.WEAK_MONTHS:
            if not _month_alone(tokens, at):
                tokens.marks[at] = weak
        elif mark == short and not tokens.raw(at)[0].isupper():
            tokens.marks[at] = other


def _modifies(tokens: Tokens, at: int) -> bool:
    """Whether a noun in small letters follows: "the March report", not "the March on Rome"."""
    if at + 1 >= len(tokens):
        return False
    after = tokens.raw(at + 1)
    return after.isalpha() and after.islower() and after not in lex.NO_NOUN


def _month_alone(tokens: Tokens, at: int) -> bool:
    raw = tokens.raw(at)
    before = tokens.words[at - 1] if at else ""
    if not raw[0].isupper():
        return False
    strict = raw.lower() in ("may", "march", "mar", "jan", "jun", "dec", "sep", "apr")
    if at + 1 < len(tokens):
        after = tokens.raw(at + 1)
        possessive = tokens.words[at + 1] in ("'s", "’s")
        if strict and before in ("by", "of", "for", "from", "to", "and") and possessive:
            return False
        name = after[:1].isupper() and after.lower() not in lex.WORDS and not raw.isupper()
        if name and before not in lex.SURE_BEFORE_MONTH:
            return False
    return (
        not strict
        or before in lex.BEFORE_MONTH
        or (before in lex.OPENS_NOUN and _modifies(tokens, at))
        or (before == "-" and at > 1 and tokens.words[at - 2] == "mid")
    )
