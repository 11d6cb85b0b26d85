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
_UPON = word_set("after when as following")
_NO_VERB = word_set(
    "the a an its his their her our my this that these those all some any no each both us him them it"
)
# participles and adjectives that look ahead: "scheduled for Friday", "expected in March", "due Monday"
_PROSPECTIVE = word_set(
    "scheduled planned expected due set slated likely poised tipped bound upcoming forthcoming planning expects plans"
    " expecting hopes hoping intends aims wants vows vowed promised pledged agreed decided intend hope plan expect"
    " prepares preparing preparing ready looming awaited anticipated projected forecast threatens threatened"
)
_SCHEDULED = word_set("due scheduled expected set slated")
_TIMETABLE = word_set(
    "begins starts expires resumes ends opens closes concludes airs premieres reopens flies travels departs"
)
_TIMETABLE_PLURAL = word_set("begin start expire resume end open close conclude reopen return")
_MANY = word_set("they we you i both which that")
_GOING = word_set("takes comes goes go come")
_SINGULAR = word_set("he she it")
_PRONOUNS = word_set("they we he she it")
# verbs of saying, thinking and being place nothing ahead; what is no verb after a pronoun
_NO_ACT = word_set(
    "say says think thinks know knows believe believes feel feels want wants hear hears see sees mean means seem seems"
    " look looks like likes love loves need needs remember remembers call calls insist insists argue argues add adds"
    " note notes recall recalls claim claims admit admits deny denies live lives do does don was is has as this us its"
    " never ever always all both who that when where what how why if because while though although despite across"
    " with against about among into onto over under upon without within amid besides unless whether ve re d ll"
)
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
    if before in _AHEAD and _when_it_was(tokens, end):
        return Side.PAST
    if before in _AHEAD or (before == "of" and _word(tokens, start - 2) == "ahead"):
        return Side.FUTURE
    if before in _BACK or tokens.words[max(0, start - 3) : start] == ["as", "recently", "as"]:
        return Side.PAST
    left, cue = _scan(tokens, range(start - 1, max(-1, start - 1 - _REACH), -1))
    if left is Side.UNKNOWN:
        return _scan(tokens, range(end, min(len(tokens), end + _REACH)))[0]
    if left is Side.FUTURE and _word(tokens, end) in _UPON and not _commands(tokens, cue):
        right, _ = _scan(tokens, range(end + 1, min(len(tokens), end + _REACH)))
        return right if right is Side.PAST else left  # "agreed to resign on Friday after he lost a vote"
    return left


def _when_it_was(tokens: Tokens, end: int) -> bool:
    """Whether "until Dec. 7, when he was found" goes on in the past."""
    at = end + (_word(tokens, end) == ",")
    if _word(tokens, at) != "when":
        return False
    return _scan(tokens, range(at + 1, min(len(tokens), at + _REACH)))[0] is Side.PAST


def _commands(tokens: Tokens, at: int) -> bool:
    """Whether the cue is a modal, a present form or a participle of plans: no later clause changes its side."""
    word = tokens.words[at]
    return word in _MODALS or word in _PRESENT_AUX or word in _SCHEDULED


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


def _scan(tokens: Tokens, steps: range) -> tuple[Side, int]:
    """The first cue on the way, up to the end of the sentence, and where it stands."""
    cues = tokens.cues
    for at in steps:
        found = cues.get(at)
        if found is None:
            found = cues[at] = _STOP if ends_sentence(tokens, at) else _cue(tokens, at).value
        if found == _STOP:
            break
        if found:
            return Side(found), at
    return Side.UNKNOWN, -1


def _cue(tokens: Tokens, at: int) -> Side:
    """What the word says alone, with its auxiliaries read to its left."""
    word = tokens.words[at]
    for words, reading in _READINGS:
        if word in words:
            return reading(tokens, at)
    if (word.endswith("ed") and len(word) > 4 and word not in _NOT_VERBS) or word in _PAST_IRREGULAR:
        return _past_form(tokens, at)
    return Side.FUTURE if _acts_now(tokens, at) else Side.UNKNOWN


def _acts_now(tokens: Tokens, at: int) -> bool:
    """Whether a pronoun and a verb in the present stand here: "they play on Thursday", "she flies out Friday"."""
    before, word = _word(tokens, at - 1), tokens.words[at]
    if before not in _PRONOUNS or word in _NO_ACT or not tokens.raw(at).isalpha() or word.endswith("ly"):
        return False
    return word.endswith("s") == (before in _SINGULAR) and tokens.marks[at] == KINDS["other"]


def _past_auxiliary(tokens: Tokens, at: int) -> Side:
    follow = _word(tokens, at + 1)
    if follow == "set":  # "was set for Friday", but "the fire was set on Friday"
        follow = _word(tokens, at + 2)
        return Side.FUTURE if follow in ("to", "for") else Side.PAST
    return Side.FUTURE if follow == "to" or follow in _SCHEDULED else Side.PAST


def _timetable(tokens: Tokens, at: int) -> Side:
    """Read the present tense of timetables: "the trial begins on Monday", "takes effect"."""
    word = tokens.words[at]
    idiom = tuple(tokens.words[at + 1 : at + 4])
    if word in _TIMETABLE_PLURAL:
        before = _word(tokens, at - 1)
        many = (
            before == ","
            or (before.endswith("s") and before not in ("'s", "’s", "its", "his"))
            or before in _MANY
        )
        return Side.FUTURE if many and tokens.raw(at).islower() else Side.UNKNOWN
    effect = word in _GOING and (
        idiom[:1] in {("effect",), ("into",)}
        or idiom == ("to", "the", "polls")
        or idiom[:2] == ("on", "sale")
    )
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
    if (follow == "to" and _verb_at(tokens, at + 2)) or word in (
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
    if not _verb_at(tokens, follow):
        return Side.UNKNOWN
    before = _word(tokens, at - 1)
    if before in _PROSPECTIVE or before in _PRESENT_AUX:
        return Side.FUTURE
    if at and tokens.raw(at - 1)[:1].isupper() and _heads_line(tokens, at):
        return Side.FUTURE
    return Side.UNKNOWN


def _verb_at(tokens: Tokens, at: int) -> bool:
    """Whether the word after "to" can be an infinitive: in small letters, no article, no number."""
    if at >= len(tokens):
        return False
    raw = tokens.raw(at)
    return raw.isalpha() and raw.islower() and raw not in _NO_VERB and tokens.marks[at] != KINDS["spell"]


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
    were_to = aux == "have" and _word(tokens, back - 1) == "to"  # "were to have ended"
    if were_to or aux == "be" or (aux in _MODALS and tokens.raw(back).islower()):
        return Side.FUTURE
    if aux in ("is", "are", "being", "am", "the", "a", "an", "to"):
        return Side.UNKNOWN
    return Side.PAST


_READINGS: tuple[tuple[frozenset[str], Callable[[Tokens, int], Side]], ...] = (
    (_MODALS, _modal),
    (_PROSPECTIVE, _prospective),
    (word_set("was were did had"), _past_auxiliary),
    (word_set("to"), _infinitive),
    (_TIMETABLE | _TIMETABLE_PLURAL | _GOING, _timetable),
    (_PRESENT_AUX - {"'s"}, _present_auxiliary),
)
