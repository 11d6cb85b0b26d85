"""What a page says of itself: `<link rel=canonical>`, `<meta>` (Open Graph), and JSON-LD of schema.org.

Times are taken only where the page states them as such; nothing is guessed from the address or the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from tocsin.network import lane_of
from tocsin.polling._identity import canonical_url
from tocsin.polling._text import one_line, tidy

MAX_SCRIPTS = 20  # JSON-LD blocks looked at
MAX_SCRIPT = 500_000  # characters of one
MAX_NODES = 2_000  # objects in all of them

_ARTICLES = frozenset(
    (
        *("article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle"),
        *("backgroundnewsarticle", "reviewnewsarticle", "askpublicnewsarticle", "advertisercontentarticle"),
        *(
            "blogposting",
            "liveblogposting",
            "report",
            "socialmediaposting",
            "webpage",
            "discussionforumposting",
        ),
    )
)
_PUBLISHED = ("article:published_time", "og:article:published_time", "parsely-pub-date", "datepublished")
_MODIFIED = ("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified")
_PAID_TIERS = frozenset(("locked", "metered"))


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """Facts as stated; dates are raw strings, the best first, for the decider to judge."""

    canonical: str | None = None
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    title: str | None = None
    author: str | None = None
    language: str | None = None
    free: bool | None = None


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where facts are looked for, the best first."""

    meta: Mapping[str, str]  # first content by lower-case name, property or itemprop
    articles: tuple[Mapping[str, Any], ...]  # JSON-LD objects that are articles

    def data(self, name: str) -> Iterator[str]:
        """Texts under a key of the JSON-LD."""
        for article in self.articles:
            yield from _texts(article.get(name))

    def said(self, *names: str) -> Iterator[str]:
        """Contents of `<meta>`."""
        return (self.meta[name] for name in names if name in self.meta)


def read_facts(tree: LexborHTMLParser, url: str) -> StatedFacts:
    """Facts of a parsed page that came from `url`."""
    sources = _Sources(_meta(tree), tuple(_articles(tree)))
    author = next((name for article in sources.articles for name in _names(article.get("author"))), None)
    return StatedFacts(
        canonical=_canonical(tree, sources, url),
        published=_dates([*sources.data("datePublished"), *sources.said(*_PUBLISHED)]),
        modified=_dates([*sources.data("dateModified"), *sources.said(*_MODIFIED)]),
        title=_line([*sources.data("headline"), *sources.said("og:title")]),
        author=_line([author or "", *sources.said("author")]),
        language=_language(tree, sources),
        free=_free(sources),
    )


def _dates(raws: list[str]) -> tuple[str, ...]:
    return tuple(raw[:80] for raw in raws[:5])


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[content]")[:500]:
        values = node.attributes
        name = values.get("property") or values.get("name") or values.get("itemprop") or ""
        content = (values.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content[:2000])
    return found


def _articles(tree: LexborHTMLParser) -> Iterator[Mapping[str, Any]]:
    left = MAX_NODES
    for script in tree.css('script[type="application/ld+json"]')[:MAX_SCRIPTS]:
        try:
            content = json.loads(script.text()[:MAX_SCRIPT], strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(content):
            left -= 1
            if left < 0:
                return
            if _kinds(node) & _ARTICLES:
                yield node


def _nodes(content: object) -> Iterator[Mapping[str, Any]]:
    """Objects of a document: itself, those of a list, those of `@graph`; not what they contain."""
    waiting = [content]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one[:MAX_NODES]
        elif isinstance(one, dict):
            yield one
            if isinstance(one.get("@graph"), list):
                waiting.extend(one["@graph"][:MAX_NODES])
            if isinstance(one.get("mainEntity"), dict):
                waiting.append(one["mainEntity"])


def _kinds(node: Mapping[str, Any]) -> set[str]:
    return {kind.rpartition("/")[2].lower() for kind in _texts(node.get("@type"))}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (one for one in value[:20] if isinstance(one, str))


def _names(value: object) -> Iterator[str]:
    for one in value[:20] if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            yield from _texts(one.get("name"))


def _line(candidates: list[str]) -> str | None:
    return next((line[:300] for one in candidates if (line := one_line(tidy(one)))), None)


def _canonical(tree: LexborHTMLParser, sources: _Sources, url: str) -> str | None:
    """The first address that is one and stays at the site; a page cannot speak for another site."""
    links = [node.attributes.get("href") or "" for node in tree.css('link[rel~="canonical" i]')[:5]]
    named = [*links, *sources.said("og:url"), *sources.data("url")]
    found = (canonical_url(one, url) for one in named)
    return next(
        (one for one in found if one and lane_of(one) == lane_of(url) and urlsplit(one).path != "/"), None
    )


def _language(tree: LexborHTMLParser, sources: _Sources) -> str | None:
    root = tree.css_first("html")
    tag = (root.attributes.get("lang") if root is not None else None) or ""
    named = [*sources.data("inLanguage"), tag, *sources.said("og:locale")]
    return next((one.strip().replace("_", "-")[:35] for one in named if one.strip()), None)


def _free(sources: _Sources) -> bool | None:
    """`isAccessibleForFree` as boolean, word or URL of schema.org; `article:content_tier` beside it."""
    for article in sources.articles:
        said = article.get("isAccessibleForFree")
        word = str(said).rpartition("/")[2].strip().lower()
        if word in ("true", "false"):
            return word == "true"
    tier = sources.meta.get("article:content_tier", "").lower()
    if tier in _PAID_TIERS:
        return False
    return True if tier == "free" else None
