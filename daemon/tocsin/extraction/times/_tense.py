"""Which side of the publication date a bare weekday, month or day is on, told from the verbs around it.

A cheap reading of tense: the nearest verb group to the left in the sentence decides, then the one to the right.
Prepositions that look ahead ("until", "by", "ahead of") or back ("since") come first.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from tocsin.extraction.times._grammar import KINDS
from tocsin.extraction.times._lexicon import word_set
from tocsin.extraction.times._tokens import Tokens


class Side(Enum):
    """Before or after publication, or not told."""

    PAST = -1
    UNKNOWN = 0
    FUTURE = 1


_REACH = 25  # tokens to either side
_STOP = 9  # in the memo of cues: the sentence ends here
_MODALS = word_set("will would shall wo 'll may might could should must ll can")
_PAST_AUX = word_set("was were had did been has have having")
_PRESENT_AUX = word_set("is are am 's 're 'm")
_AHEAD = word_set("until till by before pending")
_BACK = word_set("since")
# participles and adjectives that look ahead: "scheduled for Friday", "expected in March", "due Monday"
_PROSPECTIVE = word_set(
    "scheduled planned expected due set slated likely poised tipped bound upcoming forthcoming planning expects plans"
    " expecting hopes hoping intends aims wants vows vowed promised pledged agreed decided intend hope plan expect"
    " prepares preparing preparing ready looming awaited anticipated projected forecast threatens threatened"
)
_SCHEDULED = word_set("due scheduled expected set slated")
_TIMETABLE = word_set("begins starts expires resumes")
_GOING = word_set("takes comes goes go come")
_SKIP = word_set(
    "not n't also then only just be later now already reportedly currently formally officially either still"
    " probably possibly likely and again together soon"
)
_PAST_IRREGULAR = word_set(
    "said told met fell rose came went took gave made saw won lost began broke brought built bought caught chose dealt"
    " drew drove felt fought found flew froze got grew held hit kept knew led left lay let meant paid put quit ran"
    " read sent set shot shut sat slid sold spent spoke spread stood stole struck swept swore taught thought threw"
    " understood woke wore wrote withdrew overthrew became fled hung heard hurt laid overcame rang shook shrank"
    " sank sprang sought stuck swung tore upheld undertook warned cut cost blew burst beat dug fed forbade forgot"
    " forgave hid overtook reset bore bent bound bred dived dove drank ate lent lit rode sang slept split swam"
    " done given taken seen gone come known shown written spoken driven broken chosen stolen frozen grown drawn"
)
# end in -ed, say nothing of the past
_NOT_VERBS = word_set(
    "united red wounded armed need indeed speed feed seed bed shed sacred hundred exceed proceed succeed breed weed"
    " so-called unmanned alleged based sophisticated limited related embed"
)


def side(tokens: Tokens, start: int, end: int) -> Side:
    """The side for the expression at tokens `start` to `end`."""
    before = _word(tokens, start - 1)
    if before in ("the", "a", "this", "that"):
        before = _word(tokens, start - 2)
    if before in _AHEAD or (before == "of" and _word(tokens, start - 2) == "ahead"):
        return Side.FUTURE
    if before in _BACK:
        return Side.PAST
    left = _scan(tokens, range(start - 1, max(-1, start - 1 - _REACH), -1))
    if left is not Side.UNKNOWN:
        return left
    return _scan(tokens, range(end, min(len(tokens), end + _REACH)))


def _word(tokens: Tokens, at: int) -> str:
    return tokens.words[at] if 0 <= at < len(tokens) else ""


def ends_sentence(tokens: Tokens, at: int) -> bool:
    """Whether the token closes a sentence; a full stop after an abbreviation or an initial does not."""
    mark = tokens.marks[at]
    if mark == KINDS["brk"] or mark == KINDS["stop"]:
        return True
    if mark != KINDS["dot"]:
        return False
    if at + 1 >= len(tokens):
        return True
    word = _word(tokens, at - 1)
    if (len(word) == 1 and word.isalpha()) or word in _ABBREVIATIONS:
        return False
    following = tokens.text[tokens.starts[at + 1]]
    return not following.islower() and tokens.starts[at + 1] > tokens.ends[at]


_ABBREVIATIONS = word_set(
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun mr mrs ms dr gen lt"
    " col sgt capt sen rep gov st no vs u.s jr sr prof rev maj adm cmdr inc corp co ltd"
)


def _scan(tokens: Tokens, steps: range) -> Side:
    """The first cue on the way, up to the end of the sentence."""
    cues = tokens.cues
    for at in steps:
        found = cues.get(at)
        if found is None:
            found = cues[at] = _STOP if ends_sentence(tokens, at) else _cue(tokens, at).value
        if found == _STOP:
            break
        if found:
            return Side(found)
    return Side.UNKNOWN


def _cue(tokens: Tokens, at: int) -> Side:
    """What the word says alone, with its auxiliaries read to its left."""
    word = tokens.words[at]
    for words, reading in _READINGS:
        if word in words:
            return reading(tokens, at)
    if (word.endswith("ed") and len(word) > 4 and word not in _NOT_VERBS) or word in _PAST_IRREGULAR:
        return _past_form(tokens, at)
    return Side.UNKNOWN


def _past_auxiliary(tokens: Tokens, at: int) -> Side:
    follow = _word(tokens, at + 1)
    return Side.FUTURE if follow == "to" or follow in _SCHEDULED else Side.PAST


def _timetable(tokens: Tokens, at: int) -> Side:
    """Read the present tense of timetables: "the trial begins on Monday", "takes effect"."""
    word = tokens.words[at]
    idiom = tuple(tokens.words[at + 1 : at + 4])
    effect = word in _GOING and (idiom[:1] in {("effect",), ("into",)} or idiom == ("to", "the", "polls"))
    return Side.FUTURE if effect or word in _TIMETABLE else Side.UNKNOWN


def _present_auxiliary(tokens: Tokens, at: int) -> Side:
    return Side.FUTURE if _progressive(tokens, at) else Side.UNKNOWN


def _modal(tokens: Tokens, at: int) -> Side:
    word = tokens.words[at]
    if word == "may" and tokens.raw(at) != "may":
        return Side.UNKNOWN
    follow = _word(tokens, at + 1)
    if follow == "have" and word != "will":
        return Side.PAST
    if word in ("can", "could", "might", "may"):
        return Side.FUTURE if word != "can" and follow else Side.UNKNOWN
    return Side.FUTURE


def _prospective(tokens: Tokens, at: int) -> Side:
    """Read "scheduled for", "agreed to meet", "plans to" as ahead, "agreed on Monday" as over."""
    word = tokens.words[at]
    follow = _word(tokens, at + 1)
    if tokens.words[max(0, at - 2) : at] == ["had", "been"]:
        return Side.PAST
    if follow == "to" or word in (
        "scheduled",
        "due",
        "slated",
        "upcoming",
        "forthcoming",
        "expected",
        "planned",
    ):
        return Side.FUTURE
    if word in ("plans", "expects", "intends", "aims", "hopes", "vows", "set", "ready", "likely"):
        return Side.FUTURE if follow in ("to", "for") else Side.UNKNOWN
    return _past_form(tokens, at) if word.endswith("ed") else Side.UNKNOWN


def _progressive(tokens: Tokens, at: int) -> bool:
    """Whether "is to", "are due", "is going to" follow: present forms used of what comes."""
    for step in range(1, 4):
        word = _word(tokens, at + step)
        if word == "to" or word in _SCHEDULED:
            return True
        if word == "going" and _word(tokens, at + step + 1) == "to":
            return True
        if word not in _SKIP:
            return False
    return False


def _infinitive(tokens: Tokens, at: int) -> Side:
    """A headline's "Xi to visit Moscow on Monday", or an infinitive under a verb that looks ahead."""
    follow = at + 1
    if follow >= len(tokens) or not tokens.raw(follow).isalpha() or not tokens.raw(follow).islower():
        return Side.UNKNOWN
    if tokens.words[follow] in ("the", "a", "an", "its", "his", "their", "her", "this", "that"):
        return Side.UNKNOWN
    before = _word(tokens, at - 1)
    if before in _PROSPECTIVE or before in _PRESENT_AUX:
        return Side.FUTURE
    if at and tokens.raw(at - 1)[:1].isupper() and _heads_line(tokens, at):
        return Side.FUTURE
    return Side.UNKNOWN


def _heads_line(tokens: Tokens, at: int) -> bool:
    """No finite verb between the beginning of the sentence and `at`: a headline."""
    for back in range(at - 1, max(-1, at - 9), -1):
        if ends_sentence(tokens, back):
            return True
        word = tokens.words[back]
        if word.endswith("ed") or word in _PAST_IRREGULAR or word in _PAST_AUX or word in _PRESENT_AUX:
            return False
    return at < 9


def _past_form(tokens: Tokens, at: int) -> Side:
    """A past form or participle: its auxiliaries say whether it is over."""
    if (
        tokens.raw(at)[:1].isupper()
        and at
        and not ends_sentence(tokens, at - 1)
        and not tokens.raw(at).isupper()
    ):
        return Side.UNKNOWN
    back = at - 1
    while back >= max(0, at - 4) and (tokens.words[back] in _SKIP or tokens.words[back].endswith("ly")):
        if tokens.words[back] == "be":
            before = _word(tokens, back - 1)
            return Side.FUTURE if before in _MODALS or before in ("to", "not") else Side.UNKNOWN
        back -= 1
    aux = _word(tokens, back)
    if aux == "be" or (aux in _MODALS and tokens.raw(back).islower()):
        return Side.FUTURE
    if aux in ("is", "are", "being", "am"):
        return Side.UNKNOWN
    if aux in ("the", "a", "an", "to"):
        return Side.UNKNOWN
    return Side.PAST


_READINGS: tuple[tuple[frozenset[str], Callable[[Tokens, int], Side]], ...] = (
    (_MODALS, _modal),
    (_PROSPECTIVE, _prospective),
    (word_set("was were did had"), _past_auxiliary),
    (word_set("to"), _infinitive),
    (_TIMETABLE | _GOING, _timetable),
    (_PRESENT_AUX - {"'s"}, _present_auxiliary),
)
