"""The cheap test: does a sentence hold a word that some pattern begins with?"""

from __future__ import annotations

import re

from tocsin.extraction.ontology import Ontology

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_VOWELS = "aeiou"
_IRREGULAR = {
    "accede": (), "arise": ("arose", "arisen"), "beat": ("beaten",), "begin": ("began", "begun"),
    "blow": ("blew", "blown"), "break": ("broke", "broken"), "bring": ("brought",), "buy": ("bought",),
    "cast": (), "come": ("came",), "cut": (), "deny": ("denied",), "draw": ("drew", "drawn"), "fall": ("fell", "fallen"),
    "fight": ("fought",), "find": ("found",), "flee": ("fled",), "fly": ("flew", "flown", "flies"), "forbid": ("forbade", "forbidden"),
    "forgive": ("forgave", "forgiven"), "freeze": ("froze", "frozen"), "get": ("got", "gotten"), "give": ("gave", "given"),
    "go": ("went", "gone", "goes"), "have": ("had", "has", "having"), "hide": ("hid", "hidden"), "hit": (), "hold": ("held",),
    "keep": ("kept",), "lay": ("laid",), "lead": ("led",), "leave": ("left",), "lend": ("lent",), "let": (), "lose": ("lost",),
    "make": ("made",), "meet": ("met",), "oversee": ("oversaw",), "overthrow": ("overthrew", "overthrown"), "pay": ("paid",),
    "put": (), "quit": (), "ring": ("rang", "rung"), "rise": ("rose", "risen"), "say": ("said",), "see": ("saw", "seen"),
    "seek": ("sought",), "sell": ("sold",), "send": ("sent",), "set": (), "shake": ("shook", "shaken"), "shoot": ("shot",),
    "retake": ("retook", "retaken"), "rebuild": ("rebuilt",), "catch": ("caught",), "tell": ("told",), "hang": ("hung",),
    "drive": ("drove", "driven"), "feed": ("fed",), "teach": ("taught",), "write": ("wrote", "written"), "hurt": (),
    "stick": ("stuck",), "sing": ("sang", "sung"), "ride": ("rode", "ridden"), "think": ("thought",), "mow": ("mown",),
    "become": ("became",), "build": ("built",), "burn": ("burnt",), "burst": (), "lean": ("leant",), "plead": ("pled",),
    "run": ("ran",), "spill": ("spilt",), "swell": ("swollen",), "thrust": (), "wind": ("wound",), "undo": ("undid", "undone"),
    "bind": ("bound",), "wear": ("wore", "worn"), "choose": ("chose", "chosen"),
    "mislead": ("misled",), "resend": ("resent",), "rerun": ("reran",), "forgo": ("forwent", "forgone"),
    "grow": ("grew", "grown"), "wring": ("wrung",), "swim": ("swam",), "bear": ("bore", "borne"),
    "shut": (), "sink": ("sank", "sunk"), "sit": ("sat",), "slay": ("slew", "slain"), "speak": ("spoke", "spoken"),
    "spend": ("spent",), "spread": (), "spurn": (), "stand": ("stood",), "steal": ("stole", "stolen"), "step": (),
    "strike": ("struck", "stricken"), "swear": ("swore", "sworn"), "sweep": ("swept",), "take": ("took", "taken"),
    "tear": ("tore", "torn"), "throw": ("threw", "thrown"), "undertake": ("undertook", "undertaken"), "uphold": ("upheld",),
    "wage": (), "win": ("won",), "withdraw": ("withdrew", "withdrawn"), "withhold": ("withheld",), "be": ("is", "are", "was", "were", "been", "being", "am"),
    "overrun": ("overran",), "take in": (), "behead": (), "rebut": (), "grind": (), "man": ("men",), "shutdown": (),
}  # fmt: skip


def forms(word: str) -> set[str]:
    """All forms of a dictionary word, verb or noun; more than exist, never fewer that matter."""
    out = {word, f"{word}s", f"{word}ed", f"{word}ing", f"{word}es", *_IRREGULAR.get(word, ())}
    if word.endswith("e"):
        out |= {f"{word}d", f"{word[:-1]}ing"}
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        out |= {f"{word[:-1]}ies", f"{word[:-1]}ied"}
    if len(word) > 2 and word[-1] not in _VOWELS + "wxy" and word[-2] in _VOWELS:
        out |= {f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
    return out


_QUIET = frozenset({"be", "have", "go", "come", "remain", "make", "put", "get", "keep", "seem", "become"})
_EVERYWHERE = frozenset(
    {"is", "are", "was", "were", "be", "it", "s", "to", "on", "two", "three", "four", "five"}
)


class Triggers:
    """The first words of every pattern in all forms.

    A verb as common as `be` or `have` wakes nobody alone, only together with a word that its pattern needs.
    """

    def __init__(self, ontology: Ontology) -> None:
        known: set[str] = {"strike", "alert"}
        beside: dict[str, set[str]] = {}
        for pattern in (each for kind in ontology.types.values() for each in kind.patterns):
            for words in pattern.words:
                first = words.split()[0] if not pattern.noun else words.split()[-1]
                if first not in _QUIET:
                    known |= forms(first)
                    continue
                needed = {lemma for need in pattern.needs.values() for lemma in need.lemmas}
                for word in (form for lemma in needed for form in forms(lemma)):
                    beside.setdefault(word, set()).update(forms(first))
        self._known = frozenset(known) - _EVERYWHERE
        self._beside = {word: frozenset(verbs) for word, verbs in beside.items() if word not in self._known}

    def find(self, sentence: str) -> list[str]:
        """The trigger words of a sentence, as written; empty when nothing in it can be an event."""
        words = _WORD.findall(sentence)
        return [word for word in words if self._wakes(word.lower())] or self._found_beside(words)

    def _wakes(self, low: str) -> bool:
        return low in self._known or (
            "-" in low and (low.rpartition("-")[2] in self._known or low.replace("-", " ") in self._known)
        )

    def _found_beside(self, words: list[str]) -> list[str]:
        """Words that a common verb of the same sentence makes an event with: "came under fire"."""
        lows = {word.lower() for word in words}
        return [word for word in words if not lows.isdisjoint(self._beside.get(word.lower(), ()))]
