"""Killed and injured with counts: "killing 12 people", "left three dead", "the death toll rose to 45", "no casualties"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tocsin.extraction._amounts import VAGUE, count_of, number, read_amount
from tocsin.extraction._frame import coordinated
from tocsin.extraction._phrases import core, lemma_of, phrase_span
from tocsin.model import Thing

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tocsin.extraction._reading import Reading

_VERBS = {
    "kill": "killed", "die": "killed", "perish": "killed", "murder": "killed", "slay": "killed", "massacre": "killed",
    "execute": "killed", "wound": "injured", "injure": "injured", "hurt": "injured", "maim": "injured",
}  # fmt: skip
_NOUNS = {"death": "killed", "fatality": "killed", "injury": "injured", "casualty": "casualties"}
_OWN_SUBJECT = frozenset({"die", "perish"})
_NOBODY = frozenset({"nobody", "none", "no"})
_LEFT = re.compile(
    r"\bl(?:eft|eav(?:es|ing)) (?:at least |about |some |around |up to |more than |nearly )?"
    r"(?P<number>(?:an? )?[\w,-]+(?: (?:hundred|thousand|dozen))?)(?: \w+){0,2}? (?P<state>dead|injured|wounded|hurt)"
    r"(?: and (?:at least |about |some |more than )?(?P<more>(?:an? )?[\w,-]+(?: (?:hundred|thousand|dozen))?)(?: \w+)?"
    r" (?P<other>dead|injured|wounded|hurt))?"
)
_TOLL = re.compile(
    r"\bdeath toll\b[^.;]{0,50}?\b(?:to|at|of|is|was|reached|hit|passed|topped) (?:at least |about |more than |over )?"
    r"(?P<number>\d[\d,]*|[a-z]+(?:-[a-z]+)?(?: hundred| thousand)?)\b"
)
_STATES = {"dead": "killed", "injured": "injured", "wounded": "injured", "hurt": "injured"}


def casualties(reading: Reading) -> list[Thing]:
    """All in a sentence, in the order of their kinds; each place in the text once."""
    found: list[Thing] = []
    for token in reading.doc:
        found += _of_verb(reading, token)
        found += _of_noun(reading, token)
    found += _by_words(reading)
    out: list[Thing] = []
    for thing in found:
        if not any(thing.start < other.end and other.start < thing.end for other in out):
            out.append(thing)
    return out


def _of_verb(reading: Reading, verb: Token) -> list[Thing]:
    kind = _VERBS.get(verb.lemma_.lower())
    if kind is None or verb.pos_ != "VERB":
        return []
    roles = ("nsubj",) if verb.lemma_.lower() in _OWN_SUBJECT else ("dobj", "nsubjpass")
    heads = [child for child in verb.children if child.dep_ in roles]
    if not heads and verb.dep_ == "acl" and verb.tag_ == "VBN" and verb.head.pos_ in ("NOUN", "NUM"):
        heads = [verb.head]
    if (
        not heads and verb.dep_ == "conj" and verb.tag_ == "VBN"
    ):  # "were killed and wounded" tells no number of wounded
        return []
    return [thing for head in heads for thing in _counted(reading, kind, head)]


def _of_noun(reading: Reading, noun: Token) -> list[Thing]:
    kind = _NOUNS.get(noun.lemma_.lower())
    if kind is None or noun.pos_ != "NOUN":
        return []
    if any(child.dep_ == "det" and child.lower_ == "no" for child in noun.children):
        return [_thing(reading, kind, (noun, noun), 0)]
    count = count_of(noun) if noun.tag_ == "NNS" else None
    return [] if count is None else [_thing(reading, kind, (noun, noun), count)]


def _counted(reading: Reading, kind: str, head: Token) -> list[Thing]:
    """The people under a head and those joined to it, added up when each has a number."""
    if head.lower_ in _NOBODY or any(child.dep_ == "det" and child.lower_ == "no" for child in head.children):
        return [_thing(reading, kind, (head, head), 0)]
    heads = coordinated(head)
    counts = [_number(each) for each in heads]
    if any(count is None for count in counts[:1]):
        vague = next((each.lower_ for each in (head, *head.children) if each.lower_ in VAGUE), None)
        return [] if vague is None else [_thing(reading, kind, (head, head), None, vague)]
    known = [count for count in counts if count is not None]
    last = heads[len(known) - 1] if len(known) == len(counts) else head
    return [_thing(reading, kind, (head, last), sum(known) if len(known) == len(counts) else known[0])]


def _number(head: Token) -> int | None:
    if head.pos_ == "NUM" or lemma_of(head) in ("dozen", "hundred", "thousand"):
        own = number(head) if head.tag_ != "NNS" else None
        if own is not None:
            return own
    for each in core(head):
        count = count_of(each)
        if count is not None:
            return count
    return None


def _by_words(reading: Reading) -> list[Thing]:
    text, base = reading.text, reading.sentence.start
    found: list[Thing] = []
    for match in _LEFT.finditer(text):
        for group, state in (("number", "state"), ("more", "other")):
            value = _spelt(match[group])
            if value is not None:
                found.append(
                    Thing(
                        _STATES[match[state]],
                        match[group],
                        base + match.start(group),
                        base + match.end(group),
                        None,
                        value,
                    )
                )
    for match in _TOLL.finditer(text):
        value = _spelt(match["number"])
        if value is not None:
            at = base + match.start("number")
            found.append(Thing("killed", match["number"], at, at + len(match["number"]), None, value))
    return found


def _spelt(text: str | None) -> int | None:
    if text is None:
        return None
    words = [part for part in re.split(r"(-)|\s+", text.lower()) if part]
    used, value = read_amount(words, 0)
    return int(value) if used and value is not None else None


def _thing(
    reading: Reading, kind: str, heads: tuple[Token, Token], count: int | None, name: str | None = None
) -> Thing:
    head, last = heads
    first, _ = phrase_span(head)
    end_token = max(phrase_span(last)[1], phrase_span(head)[1])
    start, end, text = reading.span_text(first, end_token)
    base = reading.sentence.start
    return Thing(kind, text, base + start, base + end, name, count)
