"""Alerts as text, HTML and JSON."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers_alerts import (
    JAPAN,
    NOON,
    SENTENCE,
    TEXT,
    a_mention,
    a_message,
    an_alert,
    an_event,
)
from tocsin.alerting import Payload, payload, payload_schema, render_html, render_text
from tocsin.alerting._text import safe_url
from tocsin.alerting._view import quote_of
from tocsin.model import AlertKind, Span
from tocsin.testing import numbered_id

QUOTE = "Pyongyang fired a missile on Tuesday, Seoul said."


def test_text_has_everything_one_needs_to_judge():
    """Severity, reason, when with its words, who, status, the exact sentence, its source, the rule, the link."""
    assert render_text(a_message()) == (
        "[critical] North Korea launches a missile\n"
        "\n"
        "An event of type weapons.launch.missile by PRK matched.\n"
        "\n"
        "1. North Korea launches a missile\n"
        "   When: 8 November 2022 (day; from “on Tuesday”)\n"
        "   Where: Pyongyang (PRK)\n"
        "   Who: North Korea\n"
        "   Status: reported, told by 1 owner in 1 article\n"
        f"   > {QUOTE}\n"
        "     Harbour Post: Missile over the sea\n"
        "     https://harbour.example/1\n"
        "\n"
        "Rule: korea-missile-launch desk=korea\n"
        "https://tocsin.example/alerts/1\n"
    )


def test_what_is_not_known_is_left_out_or_said():
    """No link, no place, no date, no url, no quote."""
    event = an_event(when=None, place=None, source=(), target=(JAPAN,))
    text = render_text(a_message(events=(event,), evidence=(a_mention(url=None),), quotes={}, link=None))
    assert "When: date not known" in text
    assert "Where" not in text
    assert "Who" not in text
    assert "To whom: Japan" in text
    assert "> fired\n" in text
    assert "http" not in text


def test_a_follow_up_says_why_one_gets_it():
    """It goes to those who got the first alert."""
    message = a_message(alert=an_alert(kind=AlertKind.DENIED, follows=numbered_id(1)))
    assert "because you got the first alert" in render_text(message)
    assert "because you got the first alert" in render_html(message)
    assert "because you got the first alert" not in render_text(a_message())


def test_many_quotes_are_cut_with_one_of_each_article_first():
    """Many voices before many words; the rest is counted."""
    same = numbered_id(301)
    many = [a_mention(n, article=same, publisher="Wordy") for n in range(1, 7)]
    other = a_mention(9, publisher="Other")
    message = a_message(evidence=(*many, other), quotes={})
    text = render_text(message)
    assert text.count("Wordy") == 4
    assert text.count("Other") == 1
    assert "and 2 more on the page" in text
    assert "and 2 more on the page" in render_html(message)


def test_evidence_stands_under_its_own_event():
    """Two events, one quote each."""
    second = an_event(2, title="Japan protests")
    message = a_message(
        events=(an_event(), second),
        evidence=(a_mention(1), a_mention(2, event=second, publisher="Second Post")),
        quotes={},
    )
    first, rest = render_text(message).split("2. Japan protests")
    assert "Harbour Post" in first
    assert "Second Post" in rest
    assert "Harbour Post" not in rest


def test_a_quote_is_parted_at_its_trigger_to_the_character():
    """Put together again it is the article's sentence."""
    quote = quote_of(a_mention(), Span(TEXT[slice(*SENTENCE)], *SENTENCE))
    assert (quote.before, quote.trigger) == ("Pyongyang ", "fired")
    assert quote.sentence == QUOTE


def test_a_sentence_that_does_not_hold_its_trigger_is_not_used():
    """The trigger alone stands."""
    assert quote_of(a_mention(), Span("Tokyo protested.", 72, 88)).sentence == "fired"


def test_html_escapes_what_newspapers_print():
    """Titles are text, never markup; javascript: is never a link."""
    message = a_message(
        alert=an_alert(title="<script>alert(1)</script>"),
        evidence=(a_mention(url="javascript:alert(1)", publisher="<b>Post</b>"),),
    )
    html = render_html(message)
    assert "<script>" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "javascript:" not in html
    assert "<strong>fired</strong>" in html


def test_html_is_readable_in_the_dark():
    """Both schemes are declared, and no colour of text or ground is set."""
    html = render_html(a_message())
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "background" not in html
    assert "color:#" not in html


class Balance(HTMLParser):
    """Checks that every tag is closed in order."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_balanced_with_and_without_everything():
    """No message breaks the document."""
    bare = a_message(alert=an_alert(labels={}), events=(), evidence=(), link=None)
    for message in (a_message(), bare):
        parser = Balance()
        parser.feed(render_html(message))
        assert parser.open == []


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/", True),
        ("http://a.example/", True),
        ("data:text/html,x", False),
        (None, False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url, safe):
    """Everything else stays text."""
    assert (safe_url(url) is not None) is safe


def test_the_payload_is_what_the_reference_says():
    """Type, timestamp, versioned data; spans with offsets; ids as text."""
    body = json.loads(payload(a_message()))
    assert body["type"] == "alert.first"
    assert body["timestamp"] == "2022-11-09T12:00:00Z"
    alert, (event,) = body["data"]["alert"], body["data"]["events"]
    assert body["data"]["version"] == 1
    assert alert["link"] == "https://tocsin.example/alerts/1"
    assert alert["group"] == {"country": "PRK"}
    assert event["role"] == "launch"
    assert event["when"] == {
        "start": "2022-11-08",
        "end": "2022-11-08",
        "precision": "day",
        "text": "on Tuesday",
        "basis": "expression",
    }
    assert event["source"] == [{"name": "North Korea", "country": "PRK", "sector": "GOV"}]
    assert event["objects"] == [
        {"kind": "weapon", "text": "a missile", "name": "ballistic missile", "count": 1}
    ]
    assert event["claim"] == {"type": "arms.transfer", "source": ["PRK"], "target": ["RUS"]}
    assert event["confidence"] == 0.832
    (evidence,) = event["evidence"]
    assert evidence["quote"] == {"text": QUOTE, "start": 22, "end": 71}
    assert evidence["trigger"] == {"text": "fired", "start": 32, "end": 37}
    assert evidence["article"]["url"] == "https://harbour.example/1"
    assert TEXT[evidence["quote"]["start"] : evidence["quote"]["end"]] == evidence["quote"]["text"]


def test_the_payload_of_a_bare_event_has_nulls():
    """What is not known is null, never left out or invented."""
    event = an_event(2, when=None, place=None, claim=None)
    linked = replace(a_mention(event=event), published=None)
    body = json.loads(payload(a_message(events=(event,), evidence=(linked,), quotes={})))
    (told,) = body["data"]["events"]
    assert (told["when"], told["place"], told["claim"], told["role"]) == (None, None, None, None)
    assert told["evidence"][0]["quote"] is None
    assert told["evidence"][0]["article"]["published"] is None


def test_the_payload_is_bounded():
    """Fifty pieces of evidence for an event, and their whole number."""
    many = tuple(a_mention(n) for n in range(1, 80))
    (event,) = json.loads(payload(a_message(evidence=many, quotes={})))["data"]["events"]
    assert len(event["evidence"]) == 50
    assert event["evidence_total"] == 79


@pytest.mark.parametrize("kind", list(AlertKind))
def test_every_kind_fits_the_schema(kind):
    """The models the schema is made from read back what was written."""
    message = a_message(alert=an_alert(kind=kind))
    model = Payload.model_validate_json(payload(message))
    assert model.type == f"alert.{kind.value}"
    assert model.model_dump_json().encode() == payload(message)


def test_the_schema_names_its_draft_and_leaves_room_for_new_fields():
    """All present fields are required; a receiver that checks it survives a later version."""
    schema = payload_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    parts = [schema, *schema["$defs"].values()]
    assert not any("additionalProperties" in part for part in parts)
    assert all(set(part["required"]) == set(part["properties"]) for part in parts)


@given(st.text(), st.text(), st.text())
def test_any_words_can_be_rendered(title, reason, publisher):
    """Control characters, right-to-left marks, emoji, nothing at all."""
    message = a_message(
        alert=an_alert(title=title, reason=reason),
        events=(an_event(title=title),),
        evidence=(a_mention(publisher=publisher),),
    )
    assert render_text(message).endswith("\n")
    assert "</html>" in render_html(message)
    assert json.loads(payload(message))["data"]["alert"]["fired_at"] == NOON.isoformat().replace(
        "+00:00", "Z"
    )
