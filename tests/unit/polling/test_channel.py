"""What a document asks of those who poll it, and which hubs it names."""

from __future__ import annotations

import pytest

from tocsin.polling._channel import Channel, header_links, read_channel, read_json_channel

URL = "https://news.example/feed"


def rss(*inside: str) -> bytes:
    return f"<rss><channel><title>N</title>{''.join(inside)}<item><title>A</title></item></channel></rss>".encode()


@pytest.mark.parametrize(
    ("inside", "seconds"),
    [
        ("", None),
        ("<ttl>60</ttl>", 3600),
        ("<ttl> 5 </ttl>", 300),
        ("<ttl>soon</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>99999999999999</ttl>", None),
        ("<ttl>999999999999</ttl>", 60_000_000),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21_600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3600),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<ttl>15</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<!-- <ttl>60</ttl> -->", None),
        ("<description><![CDATA[<ttl>60</ttl>]]></description>", None),
    ],
)
def test_interval(inside, seconds):
    """The larger of ttl (minutes) and the syndication module; comments and quoted text say nothing."""
    assert read_channel(rss(inside), URL).interval == seconds


def test_what_an_entry_says_means_nothing():
    """Only the frame of the document speaks for it, before the first entry and after the last."""
    body = b"<rss><channel><item><ttl>60</ttl></item><item><ttl>90</ttl></item><ttl>30</ttl></channel></rss>"
    assert read_channel(body, URL).interval == 1800


@pytest.mark.parametrize(
    ("inside", "hours", "days"),
    [
        ("<skipHours><hour>0</hour><hour>23</hour></skipHours>", (0, 23), ()),
        ("<skipHours><hour>24</hour><hour>25</hour></skipHours>", (0,), ()),
        ("<skipDays><day>Saturday</day><day>SUNDAY</day><day>Someday</day></skipDays>", (), (5, 6)),
        ("<skipHours>" + "".join(f"<hour>{h}</hour>" for h in range(24)) + "</skipHours>", (), ()),
        ("<hour>5</hour><day>Monday</day>", (), ()),
    ],
)
def test_skips(inside, hours, days):
    """Hours of GMT and days of the week; a document that skips all is not obeyed."""
    found = read_channel(rss(inside), URL)
    assert (found.skip_hours, found.skip_days) == (hours, days)


def test_hubs_of_a_document():
    """Links with rel hub and self, resolved; what is no web address is left out."""
    found = read_channel(
        rss(
            '<atom:link rel="hub" href="/hub"/>',
            "<atom:link href='https://hub.example/?a=1&amp;b=2' rel='hub'/>",
            '<link rel="hub" href="javascript:alert(1)"/>',
            '<atom:link rel="self" href="https://news.example/self"/>',
        ),
        URL,
    )
    assert found.hubs == ("https://news.example/hub", "https://hub.example/?a=1&b=2")
    assert found.topic == "https://news.example/self"


def test_hubs_of_a_json_feed():
    """Hubs of type WebSub; other kinds and other types of value are left out."""
    hubs = [
        {"type": "WebSub", "url": "https://hub.example/"},
        {"type": "rssCloud", "url": "https://c.example"},
        5,
    ]
    found = read_json_channel({"hubs": hubs, "feed_url": "https://news.example/f.json"}, URL)
    assert found == Channel(hubs=("https://hub.example/",), topic="https://news.example/f.json")
    assert read_json_channel({"hubs": "no", "feed_url": 7}, URL) == Channel()


@pytest.mark.parametrize(
    ("value", "hubs", "topic"),
    [
        ("", (), None),
        (
            '<https://hub.example/>; rel="hub", <https://news.example/s>; rel="self"',
            1,
            "https://news.example/s",
        ),
        ("</hub>;rel=hub", 1, None),
        ('<https://x.example/>; title="a"; rel="next hub"', 1, None),
        ("<https://x.example/>; rel=hubs", (), None),
    ],
)
def test_hubs_of_a_header(value, hubs, topic):
    """Link headers (RFC 8288)."""
    found, self_link = header_links(value, URL)
    assert (len(found), self_link) == (hubs or 0, topic)
