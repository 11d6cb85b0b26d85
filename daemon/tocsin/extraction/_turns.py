"""What each kind of frame makes of the status of what stands below it, see frames.tsv.

The effect hangs on the frame's own status as well: implicative signatures (Karttunen 1971; Nairn, Condoravdi and
Karttunen 2006).
"""

from __future__ import annotations

from tocsin.extraction._bearing import Kind
from tocsin.extraction._modality import S, weaker
from tocsin.model import MentionStatus

TOLD = frozenset({S.HAPPENED, S.ONGOING, S.HISTORICAL})
NOT = frozenset({S.NEGATED, S.DENIED})
OPEN = frozenset({S.PLANNED, S.ALLEGED, S.HYPOTHETICAL})


def turn(kind: Kind, below: MentionStatus, above: MentionStatus) -> MentionStatus:
    """The status of what stands below a frame of a kind, from its own and the frame's."""
    return _TURNS[kind](below, above)


def _say(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    if above in NOT and below in TOLD:
        return S.HYPOTHETICAL  # "did not say that", "could not confirm that"
    return S.ALLEGED if above is S.ALLEGED and below in TOLD else below


def _deny(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    if above in NOT:
        return S.HAPPENED if below in TOLD else below
    return S.HAPPENED if below in NOT else S.DENIED


def _allege(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    if above is S.DENIED:
        return S.DENIED
    if below not in TOLD:
        return below
    return S.HYPOTHETICAL if above is S.NEGATED else S.ALLEGED  # "no evidence that"


def _plan(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    if above in NOT:
        return above
    return S.PLANNED if below in TOLD else below


def _wish(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    if above is S.DENIED:
        return S.DENIED
    return S.HYPOTHETICAL if below in TOLD or below is S.PLANNED or above is S.HYPOTHETICAL else below


def _doubt(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    return below if above in NOT else S.HYPOTHETICAL


def manage(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    """The event is so far as the word above is: "managed to", "held talks"."""
    if above in TOLD:
        return below
    if below in NOT and above in NOT:
        return S.HAPPENED
    return weaker(below, above) if below not in TOLD else above


def _fail(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    if above in NOT:
        return S.HAPPENED
    return _refuse(below, above)


def _refuse(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    if above in (S.HYPOTHETICAL, S.ALLEGED):
        return above
    if above in NOT:
        return S.HYPOTHETICAL
    return S.HAPPENED if below in NOT else S.NEGATED


def _delay(below: MentionStatus, above: MentionStatus) -> MentionStatus:
    del above  # a launch whose day is not set is as much to come as one that is put off
    return weaker(below, S.PLANNED)


_TURNS = {
    Kind.SAY: _say,
    Kind.DENY: _deny,
    Kind.ALLEGE: _allege,
    Kind.PLAN: _plan,
    Kind.WISH: _wish,
    Kind.DOUBT: _doubt,
    Kind.MANAGE: manage,
    Kind.FAIL: _fail,
    Kind.REFUSE: _refuse,
    Kind.DELAY: _delay,
}
