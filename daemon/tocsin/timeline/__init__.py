"""Mentions to events: linking, claims, corroboration, revisions, queries, exports."""

from tocsin.timeline._folding import fold, is_correction, voices
from tocsin.timeline._ledger import Ledger, decide_claims, derive_claim_status
from tocsin.timeline._linker import Linked, Linker, LinkStore, decide_revisions
from tocsin.timeline._linking import Choice, choose, off_timeline, wanted
from tocsin.timeline._matching import LinkReason, Match, distance_km, match, same_claim
from tocsin.timeline._revising import revise
from tocsin.timeline._status import derive_phase, derive_status
from tocsin.timeline._titles import Phrases, claim_text, event_title

__all__ = [
    "Choice",
    "Ledger",
    "LinkReason",
    "LinkStore",
    "Linked",
    "Linker",
    "Match",
    "Phrases",
    "choose",
    "claim_text",
    "decide_claims",
    "decide_revisions",
    "derive_claim_status",
    "derive_phase",
    "derive_status",
    "distance_km",
    "event_title",
    "fold",
    "is_correction",
    "match",
    "off_timeline",
    "revise",
    "same_claim",
    "voices",
    "wanted",
]
