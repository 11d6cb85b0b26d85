"""Verbs of denying, alleging, planning, wishing and saying: words of speech whose own date is not that of its content.

How each turns the status of what stands below it is told in frames.tsv, see `_bearing`.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DENYING = _words("deny refute rebut disavow dismiss")
ALLEGING = _words(
    "accuse allege claim suspect believe blame suggest speculate think charge contend purport estimate assess appear seem presume"
)
PLANNING = _words(
    "plan intend vow pledge promise agree prepare expect schedule threaten decide pend arrange mean aim hope consent commit "
    "undertake swear offer resolve slate volunteer set poise determine order instruct"
)
WISHING = _words(
    "urge call demand ask want seek consider fear warn propose beg request wish suggest recommend invite allow permit let "
    "encourage require authorise authorize force need deserve dare implore advise oppose worry discuss debate discourage "
    "support push press mull weigh ponder advocate insist enable negotiate appeal caution risk hope"
)
SAYING = _words(
    "say report state tell announce add note confirm acknowledge admit explain write stress insist declare reveal recall "
    "disclose maintain remark quote cite assert describe show indicate reiterate claim concede emphasise emphasize comment "
    "observe testify argue allege post tweet detect warn assess"
)
