"""Who is left alone, for how long, and who else knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.errors import CoolingDownError, StoreBusyError
from tocsin.model import Cooldown
from tocsin.polling._challenges import challenge_in
from tocsin.polling._cooldown import Cooldowns, decide_cooldown

URL = "https://news.example.com/feed"
MINUTE = timedelta(minutes=1)


class Shelf:
    """The cool-downs of a store."""

    def __init__(self):
        self.kept, self.busy = {}, False

    def cooldowns(self, _now):
        self._try()
        return list(self.kept.values())

    def save_cooldown(self, told):
        self._try()
        self.kept[told.scope] = told

    def end_cooldown(self, scope):
        self._try()
        return self.kept.pop(scope, None) is not None

    def _try(self):
        if self.busy:
            raise StoreBusyError("locked")


def decide(make, status, challenge=None, previous=None, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return decide_cooldown("x", status, names, challenge, previous, now=make.now, usual=900)


@pytest.mark.parametrize(
    ("status", "retry", "rest"),
    [
        (429, "120", 2 * MINUTE),
        (503, "Wed, 09 Nov 2022 12:10:00 GMT", 10 * MINUTE),
        (429, "9999999", timedelta(hours=24)),
        (429, "soon", 15 * MINUTE),
        (429, None, 15 * MINUTE),
        (503, None, 15 * MINUTE),
    ],
)
def test_rest(make, status, retry, rest):
    """Retry-After in seconds or as a date, a day at most; else the usual rest."""
    told = decide(make, status, **({"retry_after": retry} if retry else {}))
    assert (told.since, told.until) == (make.now, make.now + rest)
    assert str(status) in told.reason


@pytest.mark.parametrize("status", [200, 301, 304, 401, 403, 404, 500, 502])
def test_no_rest(make, status):
    """Other answers are about one feed, even with Retry-After."""
    assert decide(make, status, retry_after="60") is None


def test_rests_double_when_they_recur(make):
    """Told so again soon after, twice as long; after a long peace the usual again."""
    before = Cooldown("x", make.now - 31 * MINUTE, make.now - MINUTE, "429")
    assert decide(make, 429, previous=before).until == make.now + 60 * MINUTE
    long_ago = Cooldown("x", make.now - timedelta(hours=9), make.now - timedelta(hours=8), "429")
    assert decide(make, 429, previous=long_ago).until == make.now + 15 * MINUTE
    huge = Cooldown("x", make.now - timedelta(hours=23), make.now - MINUTE, "429")
    assert decide(make, 403, "a Cloudflare challenge", huge).until == make.now + timedelta(hours=24)


async def test_shared_through_the_store(make):
    """Another process with the same store keeps the rest, too; a good answer ends what is over."""
    shelf = Shelf()
    first, second = Cooldowns("domain", 900, shelf), Cooldowns("domain", 900, shelf)
    await first.heard(URL, 429, {"retry-after": "60"}, None, make.now)
    with pytest.raises(CoolingDownError, match=r"example\.com is left alone until 2022-11-09 12:01:00 UTC"):
        await second.check("https://other.example.com/x", make.now)
    await second.check("https://example.net/", make.now)
    later = make.now + 2 * MINUTE
    await second.check(URL, later)
    await second.heard(URL, 200, {}, None, later)
    assert shelf.kept == {}


async def test_a_locked_store_makes_nobody_less_polite(make):
    """What could not be written is kept in memory and written later."""
    shelf = Shelf()
    cooldowns = Cooldowns("host", 900, shelf)
    shelf.busy = True
    await cooldowns.heard(URL, 429, {}, None, make.now)
    with pytest.raises(CoolingDownError):
        await cooldowns.check(URL, make.now + MINUTE)
    shelf.busy = False
    with pytest.raises(CoolingDownError):
        await cooldowns.check(URL, make.now + 2 * MINUTE)
    assert list(shelf.kept) == ["news.example.com"]


async def test_a_shorter_rest_does_not_shorten_a_longer_one(make):
    """Requests under way when the first was told may bring other times."""
    cooldowns = Cooldowns("domain", 900)
    await cooldowns.heard(URL, 429, {"retry-after": "600"}, None, make.now)
    await cooldowns.heard(URL, 429, {"retry-after": "5"}, None, make.now)
    with pytest.raises(CoolingDownError):
        await cooldowns.check(URL, make.now + 9 * MINUTE)


async def test_scopes(make):
    """By domain all names below it rest, by host one, by feed nobody else."""
    for scope, other_rests in (("domain", True), ("host", False), ("feed", False)):
        cooldowns = Cooldowns(scope, 900)
        await cooldowns.heard(URL, 503, {}, None, make.now)
        if other_rests:
            with pytest.raises(CoolingDownError):
                await cooldowns.check("https://www.example.com/", make.now)
        else:
            await cooldowns.check("https://www.example.com/", make.now)


@pytest.mark.parametrize(
    ("status", "headers", "body", "words"),
    [
        (403, {"cf-mitigated": "challenge"}, b"", "a Cloudflare challenge"),
        (503, {}, b"<script src=/cdn-cgi/challenge-platform/x>", "a Cloudflare challenge"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", "an AWS WAF challenge"),
        (403, {}, b"https://geo.captcha-delivery.com/", "a DataDome challenge"),
        (403, {}, b"Forbidden", None),
        (403, {"server": "cloudflare"}, b"error 1020", None),
        (200, {}, b"An article about /cdn-cgi/challenge-platform/", None),
        (404, {"cf-mitigated": "challenge"}, b"", None),
    ],
)
def test_challenges_are_named(status, headers, body, words):
    """Pages for browsers are named by whose they are; a feed that speaks of them is none."""
    assert challenge_in(status, headers, body) == words
