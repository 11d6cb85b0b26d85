"""What is polled: feeds with their health and log, and the articles they brought."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from tocsin.model import Article, ArticleQuery, Event, Feed, FeedHealth
from tocsin.polling import quiet_event_id
from tocsin.web._entries import article_entry, feed_entry
from tocsin.web._filters import ARTICLES, FEEDS, Asked, Reader, read_articles
from tocsin.web._forms import (
    article_form,
    article_page_form,
    article_revision_form,
    feed_form,
    fetch_form,
    mention_form,
)
from tocsin.web._paging import pager
from tocsin.web._site import Site, missing, row_id
from tocsin.web._tellings import telling
from tocsin.web._twins import TWIN_LIMIT, Rows, add_json, add_twins
from tocsin.web._words import health_words

PAGE: Final = 200
_ARTICLES_OF_FEED: Final = 25
# What needs a look comes first.
_ORDER: Final = (FeedHealth.FAILING, FeedHealth.MUTED, FeedHealth.NEW, FeedHealth.OK)


def feeds_router(site: Site) -> APIRouter:
    """Routes of `/feeds`, `/feeds/{id}`, `/articles`, `/articles/{id}` and their twins."""
    router = APIRouter(tags=["feeds"])
    _add_feeds(router, site)
    _add_feed(router, site)
    _add_articles(router, site)
    _add_article(router, site)
    return router


def _add_feeds(router: APIRouter, site: Site) -> None:
    def read(request: Request, default_limit: int) -> tuple[Asked[None], list[Feed]]:
        reader = Reader(request.query_params.multi_items(), FEEDS, site.clock.now(), default_limit)
        asked = reader.asked(None)
        return asked, site.store.feeds(text=reader.text("text"), limit=asked.limit, offset=asked.offset)

    @router.get("/feeds", include_in_schema=False, response_class=HTMLResponse)
    def feeds_page(request: Request) -> HTMLResponse:
        asked, feeds = read(request, PAGE)
        health = [feed.health for feed in feeds]
        context = {
            "asked": asked,
            "feeds": sorted(feeds, key=lambda feed: _ORDER.index(feed.health)),
            "counts": [(word.value, health.count(word)) for word in _ORDER if word in health],
            "pager": pager(asked, "/feeds", len(feeds), PAGE),
        }
        return site.render(request, "feeds.html", context=context)

    def load(request: Request) -> Rows:
        asked, feeds = read(request, TWIN_LIMIT)
        base, now = site.base_url(request), site.clock.now()
        return Rows([feed_entry(feed, base, now) for feed in feeds], asked)

    add_twins(router, site, "feeds", title="Tocsin feeds", parameters=FEEDS, load=load)


def _add_feed(router: APIRouter, site: Site) -> None:
    def found(row: str) -> Feed:
        feed_id = row_id("feed", row)
        feed = site.store.feed(feed_id)
        if feed is None:
            raise missing("feed", feed_id)
        return feed

    def feed_json(request: Request, row: str) -> dict[str, Any]:
        feed = found(row)
        words = health_words(feed, site.clock.now())
        return {
            **feed_form(feed, site.base_url(request), words),
            "fetches": [fetch_form(fetch) for fetch in site.store.fetches(feed.id)],
        }

    add_json(router, "/feeds/{row}.json", "feed", feed_json)

    @router.get("/feeds/{row}", include_in_schema=False, response_class=HTMLResponse)
    def feed_page(request: Request, row: str) -> HTMLResponse:
        feed = found(row)
        articles = site.store.articles(ArticleQuery(feed=feed.spec.url, limit=_ARTICLES_OF_FEED))
        context = {
            "feed": feed,
            "fetches": site.store.fetches(feed.id),
            "articles": articles,
            "silence": _silence(site, feed),
        }
        return site.render(request, "feed.html", context=context)


def _silence(site: Site, feed: Feed) -> Event | None:
    """The event of the silence that lasts; None for one found before there were such events."""
    return site.store.event(quiet_event_id(feed.id, feed.quiet_since)) if feed.quiet_since else None


def _add_articles(router: APIRouter, site: Site) -> None:
    def read(request: Request, default_limit: int) -> tuple[Asked[ArticleQuery], list[Article]]:
        asked = read_articles(request.query_params.multi_items(), site.clock.now(), default_limit)
        return asked, site.store.articles(asked.query)

    @router.get("/articles", include_in_schema=False, response_class=HTMLResponse)
    def articles_page(request: Request) -> HTMLResponse:
        asked, articles = read(request, 50)
        context = {
            "asked": asked,
            "articles": articles,
            "pager": pager(asked, "/articles", len(articles), 50),
        }
        return site.render(request, "articles.html", context=context)

    def load(request: Request) -> Rows:
        asked, articles = read(request, TWIN_LIMIT)
        return Rows([article_entry(article, site.base_url(request)) for article in articles], asked)

    add_twins(router, site, "articles", title="Tocsin articles", parameters=ARTICLES, load=load)


def _add_article(router: APIRouter, site: Site) -> None:
    def found(row: str) -> Article:
        article_id = row_id("article", row)
        article = site.store.article(article_id)
        if article is None:
            raise missing("article", article_id)
        return article

    def article_json(request: Request, row: str) -> dict[str, Any]:
        article = found(row)
        return {
            **article_form(article, site.base_url(request), whole=True),
            "page": article_page_form(site.store.page(article.id)),
            "revisions": [article_revision_form(one) for one in site.store.article_revisions(article.id)],
            "mentions": [mention_form(one) for one in site.store.article_mentions(article.id)],
        }

    add_json(router, "/articles/{row}.json", "article", article_json)

    @router.get("/articles/{row}", include_in_schema=False, response_class=HTMLResponse)
    def article_page(request: Request, row: str) -> HTMLResponse:
        article = found(row)
        linked = [one for one in site.store.article_mentions(article.id) if one.revision == article.revision]
        context = {
            "article": article,
            "telling": telling(site.store, article.id, article.revision, linked),
            "revisions": site.store.article_revisions(article.id),
            "page": site.store.page(article.id),
            "feeds": [feed for feed_id in article.feed_ids if (feed := site.store.feed(feed_id))],
        }
        return site.render(request, "article.html", context=context)
