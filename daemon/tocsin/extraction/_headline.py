"""Headlines: "North Korea fires missile" is read by the tagger as nouns; in the past tense it is read right."""

from __future__ import annotations

import re

from tocsin.extraction.actors import load_names

_VERB = re.compile(
    r"\b(accus|announc|arm|arriv|befri|blam|condon|charg|denounc|deni|deplor|dismiss|endors|execut|fir|forc|impos|invad|"
    r"launch|mobilis|mobiliz|oppos|pledg|promis|rais|refus|releas|recognis|recogniz|repris|resum|sanction|seiz|stag|storm|"
    r"suspend|threaten|torch|urg|vow|welcom|strik|prais|escalat|evacuat|retaliat|criticis|criticiz|ambush|denounc|push|"
    r"reach|clash|slash|dispatch|unleash|pass|vot|sid|provid|donat|negotiat|mediat|propos|overrul|revers|reiterat)es\b"
)


_TITLED = re.compile(
    r"(?<=[a-z.,’'] )(?:Accuse|Arrest|Attack|Axe|Back|Ban|Bar|Blast|Block|Bomb|Call|Charge|Clash|Condemn|Confirm|Criticise|"
    r"Defend|Demand|Denie|Deploy|Deport|Detain|Eject|End|Expel|Fire|Free|Halt|Hail|Hit|Jail|Kill|Lash|Launche|Lift|Meet|Nab|"
    r"Name|Oust|Pledge|Praise|Probe|Protest|Quashe|Quit|Raid|Recall|Reject|Release|Resign|Resume|Say|Seek|Seize|Send|Shell|"
    r"Shoot|Shut|Sign|Slam|Slap|Strike|Sue|Suspend|Threaten|Urge|Veto|Visit|Vow|Warn|Welcome|Withdraw)s(?= [A-Za-z\d])"
)


def _plain_verbs(line: str) -> str:
    """“Greece Lifts Travel Ban” with a small-letter verb: the tagger takes a capital for a name."""
    words = [word for word in line.split() if len(word) > 3]
    if len(words) < 3 or sum(word[0].isupper() for word in words) < 0.8 * len(words):
        return line
    return _TITLED.sub(lambda found: found[0].lower(), line, count=1)


def in_past_tense(line: str) -> str:
    """A headline (a first line without a full stop) with "fires" made "fired", of the same length.

    Only after a name or a small-letter noun that is not a nationality: "Syrian forces" stays.
    """
    if line.rstrip()[-1:] in '.!?"”' or len(line) > 200:
        return line
    line = _plain_verbs(line)
    demonyms = {name.end for name in load_names().find(line) if name.kind == "demonym"}

    def past(found: re.Match[str]) -> str:
        if found.start() == 0 or found.start() - 1 in demonyms:
            return found[0]
        return f"{found[1]}ed"

    return _VERB.sub(past, line).replace(" says", " said")
