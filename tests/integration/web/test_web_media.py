"""Media and tagged places of articles, as links and as JSON; nothing remote is loaded."""

from __future__ import annotations

from fastapi import FastAPI

from helpers_store import NOON, draft, poll, spec
from helpers_web import PageClient, page, text_of
from tocsin.model import GeoTag, Media, MediaRole
from tocsin.ports import Store

PICTURE = Media(
    "https://pictures.example/a.jpg?s=1",
    type="image/jpeg",
    medium="image",
    width=640,
    description="An <old> boat",
    credit="Ann Lee",
)


def an_article(store: Store) -> str:
    store.add_feeds([spec("pictures")], NOON)
    feed = store.feed("https://pictures.example/rss")
    assert feed is not None
    sound = Media("https://pictures.example/a.mp3", MediaRole.ENCLOSURE)
    tagged = draft("b", media=(PICTURE, sound), geo=GeoTag(50.45, 30.52, "box", "Kyiv"))
    (row,) = store.record_poll(poll(store, feed.id, tagged))  # type: ignore[arg-type]
    return str(row)


def test_the_page_of_an_article_links_to_its_media(store: Store, app: FastAPI) -> None:
    """With caption and credit, escaped; no picture is loaded from another site."""
    html = page(PageClient(app), f"/articles/{an_article(store)}")
    assert 'href="https://pictures.example/a.jpg?s=1"' in html
    assert 'src="https:' not in html
    words = text_of(html)
    assert "An <old> boat" in words
    assert "Ann Lee" in words
    assert "Kyiv 50.45, 30.52 by the publisher, the middle of a box" in words


def test_articles_without_media_say_nothing_about_them(store: Store, app: FastAPI) -> None:
    """No empty heading."""
    store.add_feeds([spec("plain")], NOON)
    feed = store.feed("https://plain.example/rss")
    assert feed is not None
    (row,) = store.record_poll(poll(store, feed.id, draft("b")))  # type: ignore[arg-type]
    words = text_of(page(PageClient(app), f"/articles/{row}"))
    assert "Media" not in words
    assert "Tagged place" not in words


def test_the_json_of_an_article_has_its_media(store: Store, app: FastAPI) -> None:
    """What is known of each file and no more; the place is the publisher's word."""
    form = PageClient(app).get(f"/articles/{an_article(store)}.json").json()
    assert form["media"] == [
        {
            "url": "https://pictures.example/a.jpg?s=1",
            "role": "content",
            "type": "image/jpeg",
            "medium": "image",
            "width": 640,
            "description": "An <old> boat",
            "credit": "Ann Lee",
        },
        {"url": "https://pictures.example/a.mp3", "role": "enclosure"},
    ]
    assert form["geo"] == {"lat": 50.45, "lon": 30.52, "shape": "box", "name": "Kyiv"}
