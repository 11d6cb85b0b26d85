"""The claim ledger, today and as it stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from helpers_store import ACCUSED, HOUR, NOON, claim, first, put_events, revision, stance
from tocsin.model import ClaimKey, ClaimQuery, ClaimStatus, LinkWrite, Party, Stance

ARMS, STRIKE = UUID(int=71), UUID(int=72)
STATEMENT, DENIAL = first(1, type="statement.accuse").id, first(2, type="statement.deny").id
KIM = Party("Kim Yo Jong", "PRK", "GOV")
STRUCK = ClaimKey("conflict.attack", ("Wagner Group",), ("UKR",))


@pytest.fixture
def article_id(store):
    """An article with two statements."""
    return put_events(store, first(1, type="statement.accuse"), first(2, type="statement.deny"))


def _write(store, article_id, *claims):
    store.write_links(LinkWrite(article_id, (), (), claims))


@pytest.fixture
def ledger(store, article_id):
    """An accusation of arms supplies at noon, denied an hour later; and a strike somebody claims."""
    accusation = stance(ARMS, STATEMENT, article_id)
    denial = stance(ARMS, DENIAL, article_id, stance=Stance.DENY, party=KIM, on=None, known_at=NOON + HOUR)
    _write(store, article_id, claim(ARMS, accusation))
    _write(store, article_id, claim(ARMS, accusation, denial, status=ClaimStatus.DISPUTED))
    struck = stance(STRIKE, STATEMENT, article_id, party=Party("Anonymous", None), on=date(2022, 11, 1))
    _write(store, article_id, claim(STRIKE, struck, key=STRUCK, text="Wagner struck", about_event_id=DENIAL))
    return store


def _ids(store, **filters):
    return [found.id for found in store.claims(ClaimQuery(**filters))]


def test_a_claim_comes_back_with_its_stances(ledger, article_id):
    """Whole, and in the order in which the stances became known."""
    (found,) = ledger.claims(ClaimQuery(type="arms"))
    assert found == claim(
        ARMS,
        stance(ARMS, STATEMENT, article_id),
        stance(ARMS, DENIAL, article_id, stance=Stance.DENY, party=KIM, on=None, known_at=NOON + HOUR),
        status=ClaimStatus.DISPUTED,
    )


def test_stances_are_only_ever_added(ledger, article_id):
    """A write that names fewer, or the same ones again, takes nothing away and doubles nothing."""
    before = ledger.claims_of(DENIAL)
    _write(
        ledger,
        article_id,
        replace(claim(ARMS, stance(ARMS, STATEMENT, article_id)), status=ClaimStatus.DISPUTED),
    )
    after = {found.id: found.stances for found in ledger.claims_of(DENIAL)}
    assert after == {found.id: found.stances for found in before}


def test_a_stance_of_somebody_unnamed_is_kept_once(store, article_id):
    """Uniqueness holds where a party has neither name nor country."""
    nobody = stance(ARMS, STATEMENT, article_id, party=Party(None, None))
    for _ in range(2):
        _write(store, article_id, claim(ARMS, nobody))
    assert store.claims(ClaimQuery())[0].stances == (nobody,)


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, [ARMS, STRIKE]),
        ({"limit": 1}, [ARMS]),
        ({"offset": 1}, [STRIKE]),
        ({"limit": -1}, []),
        ({"type": "arms.transfer"}, [ARMS]),
        ({"type": "conflict"}, [STRIKE]),
        ({"type": "arm"}, []),
        ({"party": "USA"}, [ARMS]),
        ({"party": "RUS"}, [ARMS]),
        ({"party": "rus"}, [ARMS]),
        ({"party": "yo jong"}, [ARMS]),
        ({"party": "wagner"}, [STRIKE]),
        ({"party": "anonymous"}, [STRIKE]),
        ({"party": "wag"}, []),
        ({"status": "disputed"}, [ARMS]),
        ({"status": "confirmed"}, []),
        ({"since": date(2022, 11, 9)}, [ARMS]),
        ({"until": date(2022, 11, 1)}, [STRIKE]),
        ({"since": date(2022, 11, 2), "until": date(2022, 11, 7)}, []),
    ],
)
@pytest.mark.parametrize("as_of", [None, NOON + 9 * HOUR])
def test_each_filter_finds_its_claims(ledger, filters, wanted, as_of):
    """A party is found whether it takes a stance or is named by the claim."""
    assert _ids(ledger, as_of=as_of, **filters) == wanted


def test_the_ledger_as_it_stood(ledger):
    """Before the denial was known the claim was asserted; before that it was not there."""
    early = NOON + timedelta(minutes=30)
    found = {c.id: c for c in ledger.claims(ClaimQuery(as_of=early))}
    assert found[ARMS].status is ClaimStatus.ASSERTED
    assert (found[ARMS].last_known, len(found[ARMS].stances)) == (NOON, 1)
    assert _ids(ledger, as_of=early, status="disputed") == []
    assert _ids(ledger, as_of=early, status="asserted", limit=1) == [STRIKE]
    assert _ids(ledger, as_of=early, party="yo jong") == []
    assert _ids(ledger, as_of=early, since=date(2022, 11, 9)) == []
    assert _ids(ledger, as_of=NOON - HOUR) == []


def test_one_claim_is_found_by_its_id(ledger):
    """With its stances, or None."""
    found = ledger.claim(ARMS)
    assert (found.id, len(found.stances)) == (ARMS, 2)
    assert ledger.claim(UUID(int=5)) is None


def test_claims_are_found_by_key(ledger):
    """Exactly; sides and order count."""
    assert [c.id for c in ledger.claims_by_key([ACCUSED])] == [ARMS]
    assert [c.id for c in ledger.claims_by_key([STRUCK, ACCUSED, ACCUSED])] == [ARMS, STRIKE]
    assert ledger.claims_by_key([ClaimKey("arms.transfer", ("RUS",), ("PRK",))]) == []
    assert ledger.claims_by_key([]) == []


def test_claims_of_an_event(ledger):
    """Those about it, and those in which it is the statement."""
    assert {c.id for c in ledger.claims_of(DENIAL)} == {ARMS, STRIKE}
    assert {c.id for c in ledger.claims_of(UUID(int=5))} == set()


def test_recent_claims_name_a_country_and_had_a_stance_since(ledger):
    """What a bare denial may point back to."""
    assert [c.id for c in ledger.recent_claims(NOON - HOUR, ["RUS", "UKR"])] == [ARMS, STRIKE]
    assert [c.id for c in ledger.recent_claims(NOON, ["RUS", "UKR"])] == [ARMS]
    assert ledger.recent_claims(NOON + HOUR, ["RUS"]) == []
    assert ledger.recent_claims(NOON - HOUR, ["USA"]) == []
    assert ledger.recent_claims(NOON - HOUR, []) == []


def test_a_claim_can_be_told_with_the_event_it_is_about(store, article_id):
    """Events and claims of one write may name each other."""
    event = first(5)
    found = claim(ARMS, stance(ARMS, event.id, article_id), about_event_id=event.id)
    store.write_links(LinkWrite(article_id, (), (revision(event),), (found,)))
    assert store.claims_of(event.id) == [found]
