"""Titles of events and claims for people: who does what to whom, where."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tocsin.model import ClaimKey, Party, Place

Phrases = Callable[[str], str]
"""From an event type to its verb phrase in the present tense: `statement.deny` gives "denies"."""


def join(names: Sequence[str]) -> str:
    """Give `A`, `A and B` or `A, B and C`; more than three are counted."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else list(names))


_PLURALS = {"is": "are", "has": "have", "goes": "go", "does": "do"}
_HISSING = ("ches", "shes", "sses", "xes", "oes", "zzes")


def plural(phrase: str) -> str:
    """A verb phrase for several subjects: `launches a missile` gives `launch a missile`."""
    verb, space, rest = phrase.partition(" ")
    if verb in _PLURALS:
        verb = _PLURALS[verb]
    elif verb.endswith("ies"):
        verb = verb[:-3] + "y"
    elif verb.endswith(_HISSING):
        verb = verb[:-2]
    elif verb.endswith("s") and not verb.endswith("ss"):
        verb = verb[:-1]
    return verb + space + rest


def names(parties: Sequence[Party]) -> list[str]:
    """Names to print, without repeats."""
    return list(
        dict.fromkeys(party.name or party.country or "" for party in parties if party.name or party.country)
    )


def event_title(
    event_type: str,
    source: Sequence[Party],
    target: Sequence[Party],
    place: Place | None,
    *,
    phrases: Phrases,
    claim: str | None = None,
) -> str:
    """Give `North Korea launches a missile (Wonsan)`; a statement about a claim says what it is about."""
    who = join(names(source))
    phrase = plural(phrases(event_type)) if _many(source) else phrases(event_type)
    if claim and event_type.startswith("statement."):
        words = [who, phrase] if who else [phrase]
        return _capital(f"{' '.join(words)}: {claim}")
    whom = join([name for name in names(target) if name not in names(source)])
    words = [part for part in (who, phrase, _preposition(event_type, whom)) if part]
    where = f" ({place.name})" if place is not None and place.name and place.name not in (who, whom) else ""
    return _capital(" ".join(words) + where)


def claim_text(key: ClaimKey, party_names: dict[str, str], phrases: Phrases) -> str:
    """Give `North Korea transfers arms to Russia`."""
    who = join([party_names.get(k, k) for k in key.source])
    whom = join([party_names.get(k, k) for k in key.target])
    phrase = phrases(key.type) if len(key.source) < 2 else plural(phrases(key.type))
    return _capital(" ".join(part for part in (who, phrase, _preposition(key.type, whom)) if part))


# What stands between the verb phrase and the other side, by type or family; "" for a plain object.
_PREPOSITIONS = {
    "aid": "to",
    "aid.peacekeeping": "to",
    "arms": "to",
    "coercion": "",
    "coercion.aid_cut": "to",
    "coercion.block": "on",
    "coercion.charge": "against",
    "coercion.ease": "on",
    "coercion.embargo": "on",
    "coercion.release": "of",
    "coercion.sanction": "on",
    "conflict": "",
    "conflict.airstrike": "in",
    "conflict.clash": "with",
    "conflict.drone_strike": "in",
    "conflict.ground_attack": "in",
    "conflict.hostage_release": "of",
    "conflict.incursion": "into",
    "conflict.ship_seizure": "of",
    "cyber": "of",
    "diplomacy": "with",
    "diplomacy.embassy": "in",
    "diplomacy.expulsion": "of",
    "diplomacy.mediation": "between",
    "diplomacy.recall": "from",
    "diplomacy.recognition": "",
    "diplomacy.visit": "",
    "disaster": "in",
    "politics": "in",
    "politics.appointment": "",
    "posture": "in",
    "posture.exercise": "with",
    "posture.withdrawal": "from",
    "protest": "against",
    "statement": "",
    "statement.apologise": "to",
    "statement.appeal": "to",
    "statement.claim_responsibility": "to",
    "statement.pledge": "to",
    "weapons": "towards",
    "weapons.interception": "of",
}


def _preposition(event_type: str, whom: str) -> str:
    if not whom:
        return ""
    family = event_type.split(".", 1)[0]
    word = _PREPOSITIONS.get(event_type, _PREPOSITIONS.get(family, "with"))
    return f"{word} {whom}" if word else whom


def _many(parties: Sequence[Party]) -> bool:
    """Several subjects, or one that is a plural noun ("fighter jets", not "United States")."""
    found = names(parties)
    last = found[0].rsplit(" ", 1)[-1] if found else ""
    return len(found) > 1 or (last.islower() and last.endswith("s") and not last.endswith("ss"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
