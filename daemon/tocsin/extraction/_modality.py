"""What a clause or noun says of its own event: negation, modality, condition, question, command, tense, adjectives.

Nothing above the clause is looked at here; see `_status`. Labels are those of `MentionStatus`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.model import MentionStatus

if TYPE_CHECKING:
    from spacy.tokens import Token

S = MentionStatus


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SAID = _words(
    "say report state tell announce add note confirm acknowledge admit explain write stress insist declare reveal "
    "disclose maintain remark reiterate claim concede emphasise emphasize comment argue allege warn believe think know "
    "hope expect promise vow pledge predict hear learn agree suggest indicate signal assure reassure"
)
_NO = _words("no neither")
_NOBODY = _words("nobody none neither nothing no-one")
_NOT = _words("not n't never nor neither hardly scarcely barely almost nearly")
_OPEN_ADVERBS = _words(
    "perhaps maybe possibly probably presumably potentially conceivably likely arguably hopefully"
)
_REPORTED = _words("reportedly allegedly apparently purportedly supposedly seemingly ostensibly rumoredly")
_CONDITION = _words("if unless whether should lest provided assuming supposing")
_PROVIDED = (
    "in case ",
    "in the event ",
    "provided that ",
    "providing that ",
    "as long as ",
    "on condition that ",
    "on the condition that ",
    "assuming that ",
    "supposing ",
    "so long as ",
)
_LATER = _words("tomorrow tonight")
_ASKING = _words("why how when where who whom whose what which")
_MAY = _words("may might could can should must ought")
_WILL = _words("will wo 'll shall")

_PLANNED_ADJ = _words(
    "planned upcoming scheduled future looming forthcoming proposed imminent expected next impending intended "
    "anticipated prospective threatened eventual draft pending envisaged coming approaching promised postponed delayed"
)
_UNSURE_ADJ = _words(
    "alleged suspected apparent supposed purported reported claimed rumoured rumored unconfirmed unverified presumed "
    "so-called putative"
)
_OPEN_ADJ = _words(
    "possible potential hypothetical likely feared further conceivable would-be theoretical probable unlikely desired "
    "hoped-for long-awaited"
)
_UNDONE_ADJ = _words(
    "foiled thwarted averted aborted cancelled canceled prevented scrapped abandoned non-existent nonexistent shelved "
    "called-off would-be unrealised fictitious imaginary"
)
_OPENERS = _words("had should were")
_FAR_DETERMINERS = _words("every each any")


def own_status(verb: Token, *, bare: bool = False) -> MentionStatus:
    """Status from the clause of a verb alone. `bare`: leave out what a to-infinitive would say by itself."""
    word = modal(verb)
    if _against_fact(verb, word):
        return S.NEGATED
    no = negated(verb)
    if is_conditional(verb) and _is_unreal(verb):
        return S.HAPPENED if no else S.NEGATED
    if no:
        return S.HYPOTHETICAL if word in ("may", "might") else S.NEGATED
    if is_conditional(verb) or is_asked(verb):
        return S.HYPOTHETICAL
    return _of_form(verb, bare=bare) if word is None else _of_modal(verb, word)


def _of_modal(verb: Token, word: str) -> MentionStatus:
    if word in ("could", "can") and any(child.lower_ == "before" for child in verb.children):
        return S.NEGATED  # "caught before they could fire"
    if word in _MAY or _has_condition(verb):
        return S.HYPOTHETICAL
    if word in _WILL or word == "going":
        return S.PLANNED
    if word in ("would", "'d"):
        return S.PLANNED if _is_reported(verb) else S.HYPOTHETICAL
    return S.HAPPENED


def _of_form(verb: Token, *, bare: bool) -> MentionStatus:
    words = {child.lower_ for child in verb.children if child.dep_ in ("advmod", "amod", "npadvmod", "dep")}
    if words & _REPORTED:
        return S.ALLEGED
    if words & _OPEN_ADVERBS or is_command(verb):
        return S.HYPOTHETICAL
    progressive = verb.tag_ == "VBG" and any(
        child.dep_ == "aux" and child.lemma_.lower() == "be" for child in verb.children
    )
    present = verb.tag_ in ("VBZ", "VBP")
    if (present or progressive) and _is_later(verb):
        return S.PLANNED
    if has_to(verb) and verb.tag_ == "VB":
        return S.HAPPENED if bare else S.PLANNED
    if progressive and not any(child.lower_ in ("was", "were", "been") for child in verb.children):
        return S.ONGOING
    return S.HAPPENED


def _against_fact(verb: Token, word: str | None) -> bool:
    """“Would have attacked”, "should have signed", "could not have fired": it was not so."""
    perfect = any(child.dep_ == "aux" and child.lower_ in ("have", "'ve") for child in verb.children)
    return perfect and word in ("would", "'d", "should", "ought")


def _is_unreal(verb: Token) -> bool:
    """“If they had won, he would have fled”: a condition that was not met."""
    if _under_opening(verb):
        return verb.head.lower_ == "had" and _against_fact(verb.head.head, modal(verb.head.head))
    had = any(child.dep_ == "aux" and child.lower_ in ("had", "'d") for child in verb.children)
    return had and _against_fact(verb.head, modal(verb.head))


def _under_opening(verb: Token) -> bool:
    """Whether the parser reads "had they attacked," as a clause below "had"."""
    head = verb.head
    return (
        verb.dep_ in ("ccomp", "xcomp")
        and head.dep_ == "advcl"
        and head.left_edge == head
        and head.lower_ in _OPENERS
    )


def _has_condition(verb: Token) -> bool:
    """A main clause with an "if" clause of its own: "if they attack, we will respond"."""
    return any(
        child.dep_ == "advcl" and (is_conditional(child) or _inverted(child)) for child in verb.children
    )


def is_conditional(verb: Token) -> bool:
    """“If”, "unless", "whether", "in case", and inverted "had he", "should they", "were it to"."""
    for child in verb.children:
        if child.dep_ in ("mark", "advmod") and child.lower_ in _CONDITION and child.i < verb.i:
            return True
    if _under_opening(verb):
        return True
    if verb.dep_ in ("ROOT", "xcomp"):
        return False
    edge = verb.left_edge.i
    opening = " ".join(token.lower_ for token in verb.doc[max(0, edge - 3) : edge + 4])
    return any(phrase in opening for phrase in _PROVIDED) or (verb.dep_ == "advcl" and _inverted(verb))


def _inverted(verb: Token) -> bool:
    """Whether an auxiliary opens the clause: "had it lost", "should the rebels attack"."""
    first = verb.left_edge
    if first == verb:
        return verb.lower_ == "were"
    return first.head == verb and first.dep_ in ("aux", "auxpass") and first.lower_ in _OPENERS


def is_asked(verb: Token) -> bool:
    """A question whether: the clause ends the sentence with "?" and opens with its auxiliary."""
    last = verb.doc[-1]
    if last.text not in ("?", '"', "”", "'") or "?" not in (last.text, last.nbor(-1).text if last.i else ""):
        return False
    if any(token.lower_ in _ASKING for token in verb.lefts):
        return False
    subjects = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass", "expl")]
    auxes = [child for child in verb.children if child.dep_ in ("aux", "auxpass")] or [verb]
    return bool(subjects) and auxes[0].i < subjects[0].i


def is_command(verb: Token) -> bool:
    """“Release them”: a bare form at the head of a sentence or quote, with no subject."""
    if verb.tag_ not in ("VB", "VBP") or verb.dep_ not in ("ROOT", "ccomp", "conj", "parataxis"):
        return False
    if any(child.dep_ in ("nsubj", "nsubjpass", "aux", "mark", "expl", "csubj") for child in verb.children):
        return False
    if verb.dep_ == "conj":
        return is_command(verb.head)
    edge = verb.left_edge.i
    return (
        edge == 0 or verb.doc[edge - 1].text in ('"', "“", ":", "'", "‘", ",") or verb.doc[edge].text in '"“'
    )


def _is_later(verb: Token) -> bool:
    """A day to come in the clause: "is meeting them tomorrow", "starts next week"."""
    for child in verb.children:
        if child.dep_ in ("npadvmod", "advmod") and (
            child.lower_ in _LATER or any(below.lower_ == "next" for below in child.children)
        ):
            return True
    return False


def _is_reported(verb: Token) -> bool:
    return any(head.lemma_.lower() in SAID for head in verb.ancestors)


def has_to(verb: Token) -> bool:
    """Whether a verb is a to-infinitive."""
    return any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)


def negated(verb: Token) -> bool:
    """Whether the clause says no: not, never, hardly, nearly, no longer, yet to, "nobody", "no attack was ..."."""
    for child in verb.children:
        word = child.lower_
        if child.dep_ == "neg" or (word in _NOT and child.dep_ in ("advmod", "neg", "preconj", "cc")):
            if word != "not" or not _only(child):
                return True
        elif child.dep_ in ("nsubj", "nsubjpass", "dobj", "attr", "expl", "dative") and says_no(child):
            return True
    if verb.dep_ == "xcomp" and _yet_to(verb):
        return True
    if verb.dep_ == "conj" and (_rather(verb) or _shares_no(verb)):
        return True
    return verb.dep_ == "pcomp" and _is_without(verb.head)


def _only(word: Token) -> bool:
    """“Not only”, "not just": no negation."""
    return word.i + 1 < len(word.doc) and word.nbor(1).lower_ in ("only", "just", "merely", "simply")


def _yet_to(verb: Token) -> bool:
    head = verb.head
    return head.lemma_.lower() in ("have", "be") and any(
        child.lower_ == "yet" and child.i < verb.i for child in (*head.children, *verb.children)
    )


def _rather(verb: Token) -> bool:
    return any(child.dep_ == "cc" and child.lower_ == "than" for child in verb.head.children)


def _shares_no(verb: Token) -> bool:
    """“Did not grant or renew”."""
    head = verb.head
    if head.pos_ not in ("VERB", "AUX") or verb.tag_ not in ("VB", "VBN", "VBD"):
        return False
    if any(child.dep_ in ("aux", "nsubj", "auxpass") for child in verb.children):
        return False
    joined = any(child.dep_ == "cc" and child.lower_ in ("or", "nor", "and") for child in head.children)
    alike = verb.tag_ == head.tag_ or {verb.tag_, head.tag_} == {"VBN", "VBD"}
    return joined and alike and negated(head)


def _is_without(prep: Token) -> bool:
    return prep.lower_ == "without" or is_instead(prep)


def is_instead(prep: Token) -> bool:
    """“Instead of”, "rather than"."""
    return prep.lower_ in ("of", "than") and prep.i > 0 and prep.nbor(-1).lower_ in ("instead", "rather")


def says_no(noun: Token) -> bool:
    """“No attack”, "nobody", "none of them", "not a single shot", "neither side", "few" stays."""
    if noun.lower_ in _NOBODY:
        return True
    if noun.lower_ == "one" and noun.i > 0 and noun.nbor(-1).lower_ == "no":
        return True
    for child in noun.children:
        if child.i > noun.i:
            break
        if child.lower_ in _NO and child.dep_ in ("det", "preconj", "advmod", "neg", "amod", "cc"):
            return True
        if child.lower_ in ("not", "hardly", "barely") and child.dep_ in ("neg", "advmod", "preconj", "det"):
            return True
    first = noun.left_edge
    return first.lower_ in ("no", "not", "hardly") and first.i < noun.i and _reaches(first, noun)


def _reaches(word: Token, noun: Token) -> bool:
    """Whether a word stands in the modifiers of a noun ("not a single rocket", "hardly any prisoners")."""
    return word.head == noun or (
        word.head.head == noun
        and word.head.i < noun.i
        and word.head.pos_ != "VERB"
        and word.head.dep_ in ("det", "amod", "nummod", "quantmod", "preconj")
    )


def modal(verb: Token) -> str | None:
    """The modal of a verb in small letters; "going" for "is going to"; shared by bare verbs joined to it."""
    for child in verb.children:
        if child.dep_ == "aux" and child.tag_ == "MD":
            return child.lower_
    if verb.dep_ == "xcomp" and verb.head.lower_ == "going" and has_to(verb):
        return "going"
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX") and verb.tag_ in ("VB", "VBP"):
        own = any(child.dep_ in ("aux", "nsubj", "nsubjpass") for child in verb.children)
        return None if own else modal(verb.head)
    return None


def noun_status(noun: Token) -> MentionStatus:
    """Status from the determiners and adjectives of an event noun."""
    if says_no(noun):
        return S.NEGATED
    hyphened = noun.doc[max(0, noun.left_edge.i) : noun.i].text.lower()
    if "would-be" in hyphened:
        return S.NEGATED
    if "so-called" in hyphened:
        return S.ALLEGED
    found = _as_verb(noun)
    for child in noun.children:
        word = child.lower_
        if child.i > noun.i or child.dep_ not in ("amod", "compound", "det", "advmod", "nmod"):
            continue
        for words, status in _ADJECTIVES:
            if word in words:
                found = weaker(found, status)
        if word in _FAR_DETERMINERS:
            found = weaker(found, S.HYPOTHETICAL if word == "any" else S.HAPPENED)
        if any(below.lower_ in _REPORTED for below in child.children):
            found = weaker(found, S.ALLEGED)
    return found


def _as_verb(noun: Token) -> MentionStatus:
    """A verb that the tagger took for a noun keeps its modal: "will the army attack?"."""
    word = modal(noun) if noun.dep_ in ("ROOT", "ccomp", "conj") else None
    if word is None:
        return S.HAPPENED
    return S.PLANNED if word in _WILL and not noun.doc.text.rstrip().endswith("?") else S.HYPOTHETICAL


_ADJECTIVES = (
    (_PLANNED_ADJ, S.PLANNED),
    (_UNSURE_ADJ, S.ALLEGED),
    (_OPEN_ADJ, S.HYPOTHETICAL),
    (_UNDONE_ADJ, S.NEGATED),
)
_STRENGTH = [S.HAPPENED, S.HISTORICAL, S.ONGOING, S.ALLEGED, S.PLANNED, S.HYPOTHETICAL, S.NEGATED, S.DENIED]


def weaker(one: MentionStatus, other: MentionStatus) -> MentionStatus:
    """The one that asserts less."""
    return max(one, other, key=_STRENGTH.index)
