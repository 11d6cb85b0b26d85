"""Arguments of verbs over the dependency parse: who did what to whom, whatever the construction.

Labels are those of the English spaCy pipelines (ClearNLP): nsubj, nsubjpass, dobj, dative, agent, prep, pobj,
pcomp, xcomp, ccomp, advcl, acl, relcl, conj, prt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

_RELATIVE = frozenset({"which", "that", "who", "whom", "whose"})
# verbs whose object does what the infinitive says: "urged Iran to stop"
OBJECT_CONTROL = frozenset(
    [
        "ask",
        "urge",
        "order",
        "tell",
        "force",
        "allow",
        "permit",
        "let",
        "want",
        "call",
        "invite",
        "warn",
        "press",
        "push",
        "persuade",
        "beg",
        "instruct",
        "command",
        "require",
        "expect",
        "help",
        "encourage",
        "compel",
        "convince",
        "enable",
        "advise",
        "request",
        "direct",
        "authorise",
        "authorize",
        "lead",
        "cause",
        "get",
        "appoint",
        "implore",
        "exhort",
        "pressure",
        "pressurise",
        "forbid",
        "leave",
        "prepare",
        "believe",
        "train",
        "send",
        "use",
        "accuse",
        "suspect",
        "blame",
    ]
)
_TIMES = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "week",
        "month",
        "year",
        "day",
        "morning",
        "afternoon",
        "evening",
        "night",
        "midnight",
        "noon",
        "dawn",
        "weekend",
        "today",
        "yesterday",
        "tomorrow",
        "tonight",
        "hour",
        "minute",
        "decade",
        "century",
        "dusk",
        "midday",
        "quarter",
    ]
)
# verbs that take a gerund as their object
GERUND_VERBS = frozenset(
    [
        "deny",
        "admit",
        "confirm",
        "acknowledge",
        "stop",
        "start",
        "begin",
        "continue",
        "consider",
        "avoid",
        "resume",
        "risk",
        "recall",
        "suggest",
        "halt",
        "keep",
        "cease",
    ]
)
_BELOW = frozenset({"to", "with", "into", "against"})
_DEPTH = 6  # how far control is followed


@dataclass(slots=True)
class Frame:
    """The arguments of one verb. Lists hold head tokens, coordinated ones included."""

    verb: Token
    subject: list[Token] = field(default_factory=list)
    object: list[Token] = field(default_factory=list)
    dative: list[Token] = field(default_factory=list)
    attribute: list[Token] = field(default_factory=list)
    to: list[Token] = field(default_factory=list)
    clause: list[Token] = field(default_factory=list)
    preps: dict[str, list[Token]] = field(default_factory=dict)
    passive: bool = False
    shared_subject: bool = False  # taken from a verb above, not its own

    def role(self, name: str) -> list[Token]:
        """Tokens in a role: subject, object, dative, attribute, to, clause, or prep_WORD."""
        if name.startswith("prep_"):
            return self.preps.get(name[5:], [])
        found: list[Token] = getattr(self, name, [])
        return found


def coordinated(token: Token) -> list[Token]:
    """The token and what is joined to it by "and", in order."""
    found = [token]
    for child in token.children:
        if child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "X", "VERB", "SYM"):
            found += coordinated(child)
    return found


def frame_of(verb: Token, depth: int = 0) -> Frame:
    """The arguments of a verb, with those it shares with other verbs."""
    frame = Frame(verb)
    if is_hidden_gerund(verb):
        return _gerund_frame(frame, depth)
    for child in verb.children:
        _take(frame, child)
    if frame.passive and verb.tag_ != "VBN":
        frame.passive = frame.passive and bool(frame.object)
    if verb.tag_ == "VBN" and any(child.dep_ == "auxpass" for child in verb.children):
        frame.passive = True
    for argument in list(frame.object):
        _take_preps(frame, argument)
    if depth < _DEPTH:
        _share(frame, depth)
    _relative(frame)
    return frame


def is_hidden_gerund(token: Token) -> bool:
    """“Accused of covertly shipping shells”, where the parser reads "shipping" as a modifier of "shells"."""
    noun = token.head
    if (
        token.tag_ != "VBG"
        or token.dep_ not in ("compound", "amod")
        or noun.i < token.i
        or noun.pos_ not in ("NOUN", "PROPN")
    ):
        return False
    if any(child.dep_ in ("det", "poss") and child.i < token.i for child in noun.children):
        return False
    if noun.dep_ == "pobj":
        return noun.head.lower_ in (
            "of",
            "for",
            "from",
            "by",
            "about",
            "in",
            "against",
        ) and noun.head.head.pos_ in ("VERB", "NOUN")
    return noun.dep_ == "dobj" and noun.head.lemma_.lower() in GERUND_VERBS


def _gerund_frame(frame: Frame, depth: int) -> Frame:
    noun = frame.verb.head
    frame.object = coordinated(noun)
    for child in noun.children:
        if child.dep_ == "prep":
            _take_prep(frame, child)
    governor = noun.head.head if noun.dep_ == "pobj" else noun.head
    for child in governor.children:  # the parser may hang "to Russia" on the verb above
        if child.dep_ in ("prep", "dative") and child.i > noun.i and child.lower_ in _BELOW:
            _take_prep(frame, child)
    if depth < _DEPTH:
        _control(frame, governor, depth)
    return frame


def _take(frame: Frame, child: Token) -> None:
    taker = _TAKERS.get(child.dep_)
    if taker is not None:
        taker(frame, child)


def _take_subject(frame: Frame, child: Token) -> None:
    frame.subject += _referents(child)


def _take_passive(frame: Frame, child: Token) -> None:
    frame.object += _referents(child)
    frame.passive = True


def _take_object(frame: Frame, child: Token) -> None:
    frame.object += _referents(child)


def _take_dative(frame: Frame, child: Token) -> None:
    if child.pos_ not in ("ADP", "SCONJ", "PART"):
        frame.dative += coordinated(child)
        return
    goods = _prep_objects(child)
    frame.dative += goods
    frame.preps.setdefault(child.lower_, []).extend(goods)


def _take_agent(frame: Frame, child: Token) -> None:
    goods = _prep_objects(child)
    frame.subject += goods
    frame.preps.setdefault("by", []).extend(goods)


def _take_attribute(frame: Frame, child: Token) -> None:
    frame.attribute += coordinated(child)
    _take_preps(frame, child)


def _take_xcomp(frame: Frame, child: Token) -> None:
    if child.pos_ in ("VERB", "AUX"):
        frame.to.append(child)
    else:
        frame.attribute.append(child)
        _take_preps(frame, child)


def _take_clause(frame: Frame, child: Token) -> None:
    frame.clause.append(child)


def _take_adverb(frame: Frame, child: Token) -> None:
    """Particles that carry a phrase: "out of", "back to"."""
    if child.pos_ not in ("ADP", "ADV", "SCONJ"):
        return
    for below in child.children:
        if below.dep_ == "prep":
            _take_prep(frame, below)
        elif below.dep_ == "pobj":
            frame.preps.setdefault(child.lower_, []).extend(coordinated(below))


def _take_preps(frame: Frame, noun: Token) -> None:
    for child in noun.children:
        if child.dep_ == "prep":
            _take_prep(frame, child)


def _take_prep(frame: Frame, prep: Token) -> None:
    frame.preps.setdefault(prep.lower_, []).extend(_prep_objects(prep))
    for child in prep.children:
        if child.dep_ == "prep":  # "out of", "from within"
            frame.preps.setdefault(child.lower_, []).extend(_prep_objects(child))
            frame.preps.setdefault(prep.lower_, []).extend(_prep_objects(child))
    for noun in _prep_objects(prep):
        if noun.pos_ in ("NOUN", "PROPN") and prep.lower_ != "of":
            for child in noun.children:
                if child.dep_ == "prep" and child.lower_ in ("to", "from", "against", "with", "on", "at"):
                    frame.preps.setdefault(child.lower_, []).extend(_prep_objects(child))


_TAKERS: dict[str, Callable[[Frame, Token], None]] = {
    "nsubj": _take_subject,
    "csubj": _take_subject,
    "expl": _take_subject,
    "nsubjpass": _take_passive,
    "csubjpass": _take_passive,
    "dobj": _take_object,
    "dative": _take_dative,
    "agent": _take_agent,
    "attr": _take_attribute,
    "acomp": _take_attribute,
    "oprd": _take_attribute,
    "xcomp": _take_xcomp,
    "ccomp": _take_clause,
    "prep": _take_prep,
    "advmod": _take_adverb,
    "prt": _take_adverb,
}


def _prep_objects(prep: Token) -> list[Token]:
    found: list[Token] = []
    for child in prep.children:
        if child.dep_ in ("pobj", "pcomp") and not is_time(child):
            found += coordinated(child)
    return found


def is_time(token: Token) -> bool:
    """Months, weekdays, years and parts of the day: never an argument."""
    return token.lower_ in _TIMES or (token.like_num and len(token.text) == 4 and token.text.isdigit())


def _referents(token: Token) -> list[Token]:
    """The noun a relative pronoun stands for, else the token; with what is joined to it."""
    if token.lower_ in _RELATIVE and not token.is_upper and token.pos_ in ("PRON", "DET", "SCONJ"):
        head = token.head
        for _ in range(4):
            if head.dep_ == "relcl":
                return [head.head]
            if head.dep_ in ("conj", "xcomp", "ccomp") and head.head != head:
                head = head.head
            else:
                break
    return coordinated(token)


def _share(frame: Frame, depth: int) -> None:
    """Arguments that the grammar leaves unsaid: control, coordination, participles."""
    verb = frame.verb
    head = verb.head
    missing = not frame.subject
    if verb.dep_ == "conj" and head.pos_ in ("VERB", "AUX") and head != verb:
        above = frame_of(head, depth + 1)
        if missing and not frame.passive and not (frame.object and verb.tag_ == "VBN"):
            frame.subject, frame.shared_subject = (
                above.subject or (above.object if above.passive else []),
                True,
            )
        elif frame.passive and not frame.object:
            frame.object = above.object if above.passive else above.subject
        return
    if not missing and not (frame.passive and not frame.object):
        return
    if verb.dep_ in ("xcomp", "pcomp", "advcl", "ccomp") and head != verb:
        governor = head.head if verb.dep_ == "pcomp" else head
        _control(frame, governor, depth)
    elif verb.dep_ == "acl":
        _noun_control(frame, head, depth)


def _control(frame: Frame, governor: Token, depth: int) -> None:
    if governor.pos_ in ("NOUN", "PROPN", "ADJ") and governor.head != governor:
        if governor.dep_ in ("acomp", "attr", "oprd", "xcomp"):
            governor = governor.head
        elif governor.pos_ == "NOUN":
            _noun_control(frame, governor, depth)
            return
    if governor.pos_ not in ("VERB", "AUX"):
        return
    above = frame_of(governor, depth + 1)
    controlled = above.object if governor.lemma_.lower() in OBJECT_CONTROL and above.object else above.subject
    if not controlled and frame.verb.dep_ != "advcl":
        controlled = above.object
    if not controlled and above.passive:
        controlled = above.object
    if frame.verb.tag_ == "VBN" and not any(
        child.dep_ in ("aux", "auxpass") for child in frame.verb.children
    ):
        if not frame.object:
            frame.object, frame.passive = list(controlled), True
        return
    if frame.passive:
        frame.object = frame.object or list(controlled)
    else:
        frame.subject, frame.shared_subject = list(controlled), True


def _noun_control(frame: Frame, noun: Token, depth: int) -> None:
    tag = frame.verb.tag_
    if tag == "VBN" and not any(child.dep_ == "aux" for child in frame.verb.children):
        frame.object = frame.object or coordinated(noun)
        frame.passive = True
        return
    if tag == "VBG" and frame.verb.dep_ == "acl":
        frame.subject, frame.shared_subject = coordinated(noun), True
        return
    owners = [child for child in noun.children if child.dep_ == "poss"]
    if owners:
        frame.subject, frame.shared_subject = coordinated(owners[0]), True
    elif noun.dep_ in ("dobj", "attr", "pobj", "nsubjpass") and noun.head != noun:
        governor = noun.head.head if noun.dep_ == "pobj" else noun.head
        if governor.pos_ in ("VERB", "AUX"):
            frame.subject, frame.shared_subject = list(frame_of(governor, depth + 1).subject), True


def _relative(frame: Frame) -> None:
    """A relative clause without a pronoun, or whose pronoun is the object: "the shells it fired"."""
    verb = frame.verb
    if verb.dep_ == "relcl" and not frame.passive:
        own = any(word.lower_ in _RELATIVE for token in frame.subject for word in token.subtree)
        if not frame.object and frame.subject and verb.head not in frame.subject and not own:
            frame.object = [verb.head]
        elif not frame.subject:
            frame.subject = coordinated(verb.head)


def chain_up(token: Token) -> Iterator[Token]:
    """The heads above a token, nearest first."""
    while token.head != token:
        token = token.head
        yield token
