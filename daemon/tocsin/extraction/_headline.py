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


def in_past_tense(line: str) -> str:
    """A headline (a first line without a full stop) with "fires" made "fired", of the same length.

    Only after a name or a small-letter noun that is not a nationality: "Syrian forces" stays.
    """
    if line.rstrip()[-1:] in '.!?"”' or len(line) > 200:
        return line
    demonyms = {name.end for name in load_names().find(line) if name.kind == "demonym"}

    def past(found: re.Match[str]) -> str:
        if found.start() == 0 or found.start() - 1 in demonyms:
            return found[0]
        return f"{found[1]}ed"

    return _VERB.sub(past, line).replace(" says", " said")
