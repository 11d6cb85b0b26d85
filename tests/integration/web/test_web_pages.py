"""Pages over a real database: everything is there, everything is escaped, every link leads somewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from helpers_web import PageClient, World, page, text_of
from helpers_world import HOSTILE

VOID = {"meta", "link", "input", "img", "br", "rect", "hr"}
OPTIONAL = {"p", "li", "option", "dt", "dd"}


class Balance(HTMLParser):
    """Remembers tags that were not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


def every_page(world: World) -> list[str]:
    rows = [f"/events/{one}" for one in world.events.values()]
    rows += [f"/articles/{one}" for one in world.articles.values()]
    rows += [f"/feeds/{one}" for one in world.feeds.values()]
    rows += [f"/alerts/{one}" for one in world.alerts]
    lists = ["/", "/events", "/claims", "/alerts", "/deliveries", "/rules", "/feeds", "/articles"]
    return [
        *lists,
        *rows,
        "/events?as_of=2022-11-03",
        "/claims?as_of=2022-11-03",
        "/nothing",
        "/events?typ=x",
    ]


def test_every_page_is_well_formed_and_accessible(client: PageClient, world: World) -> None:
    """Tags are balanced, ids unique, one h1 and main, every field has a label, every image a text."""
    for path in every_page(world):
        html = client.get(path).text
        balance = Balance()
        balance.feed(html)
        assert (balance.wrong, balance.open) == ([], []), path
        assert len(balance.ids) == len(set(balance.ids)), path
        tree = LexborHTMLParser(html)
        assert len(tree.css("h1")) == len(tree.css("main")) == 1, path
        assert tree.css_first("html").attributes["lang"] == "en"
        assert tree.css_first("title").text().endswith("Tocsin")
        for field in tree.css("input, select"):
            assert field.parent is not None
            assert field.parent.tag == "label", path
        assert all("alt" in image.attributes for image in tree.css("img")), path
        assert all(svg.attributes.get("aria-label") for svg in tree.css("svg")), path


def test_hostile_text_is_never_markup(client: PageClient, world: World) -> None:
    """Titles, names and texts with tags in them are shown as text on every page."""
    shown = 0
    for path in every_page(world):
        html = client.get(path).text
        shown += "&lt;script&gt;" in html
        tree = LexborHTMLParser(html)
        assert "<script>alert" not in html, path
        assert not tree.css("img[onerror]"), path
        assert all(
            script.attributes.get("src", "").startswith("/static/") for script in tree.css("script")
        ), path
        assert not re.search(r"\son\w+\s*=\s*\"", re.sub(r">[^<]*<", "><", html)), path
    assert shown >= 6
    assert HOSTILE in text_of(page(client, f"/events/{world.events['hostile']}"), "h1")


def test_pages_load_nothing_from_elsewhere(client: PageClient, world: World) -> None:
    """Styles, scripts and images come from the page itself, and the policy says so."""
    for path in every_page(world):
        response = client.get(path)
        tree = LexborHTMLParser(response.text)
        loaded = [
            node.attributes.get("src") or node.attributes.get("href")
            for node in tree.css("script, img, link")
        ]
        assert all(address and address.startswith("/") for address in loaded), path
        assert not tree.css("[style]"), path
        assert response.headers["content-security-policy"].startswith("default-src 'self'")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"


def test_every_link_inside_leads_somewhere(client: PageClient, world: World) -> None:
    """No page links to a page that is not there; links outside are http and carry no referrer."""
    seen: set[str] = set()
    for path in every_page(world):
        for node in LexborHTMLParser(client.get(path).text).css("a[href]"):
            href = node.attributes["href"] or ""
            if href.startswith("http"):
                assert "noreferrer" in (node.attributes.get("rel") or "")
            elif not href.startswith("#"):
                assert href.startswith("/"), href
                seen.add(href)
    assert len(seen) > 40
    for href in sorted(seen):
        assert client.get(href).status_code == 200, href


def test_fragments_of_links_exist(client: PageClient, world: World) -> None:
    """A link to a rule or a claim lands on it."""
    for path in (f"/alerts/{world.alerts[0]}", "/rules"):
        for node in LexborHTMLParser(client.get(path).text).css("a[href*='#']"):
            href = urlsplit(node.attributes["href"] or "")
            target = client.get(href.path or path).text
            assert f'id="{href.fragment}"' in target, href


def test_timeline_groups_by_day_and_shows_what_an_entry_needs(client: PageClient, world: World) -> None:
    """Days newest first; each entry has date, precision, words, status, severity, parties, owners, first known."""
    html = page(client, "/")
    assert html == page(client, "/events").replace('href="/events" aria-current', 'href="/" aria-current')
    days = [node.text().split("  ")[0].strip() for node in LexborHTMLParser(html).css(".day > h2")]
    assert [day.rsplit(" ", 1)[0] for day in days] == [
        "Tuesday, 8 November 2022",
        "Monday, 7 November 2022",
        "Wednesday, 2 November 2022",
    ]
    words = text_of(html, ".day:last-of-type .row")
    for expected in (
        "North Korea fires a ballistic missile towards the sea",
        "confirmed",
        "alert",
        "critical",
        "weapons.launch.missile",
        "North Korea PRK",
        "Wonsan, PRK",
        "2 Nov 2022 day on Wednesday",
        "2 owners · 2 articles",
        "known 2 Nov 03:00",
        "United States USA → North Korea PRK",
    ):
        assert expected in words
    assert "4 events" in text_of(html)
    assert LexborHTMLParser(html).css("svg a")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("type=weapons", {"launch"}),
        ("type=statement,protest", {"accusation", "denial", "hostile"}),
        ("actor=PRK", {"launch", "accusation", "denial"}),
        ("source=USA", {"accusation"}),
        ("target=PRK", {"accusation"}),
        ("place=Wonsan", {"launch"}),
        ("country=prk", {"launch"}),
        ("since=2022-11-03", {"hostile", "denial"}),
        ("until=2022-11-02", {"launch", "accusation"}),
        ("since=2022-11-07&until=2022-11-07", {"hostile"}),
        ("as_of=2022-11-03", {"launch", "accusation"}),
        ("status=confirmed", {"launch"}),
        ("status=confirmed&as_of=2022-11-02T04:00Z", set()),
        ("status=disputed,confirmed", {"launch", "hostile"}),
        ("min_owners=2", {"launch"}),
        ("text=shells", {"accusation", "denial"}),
        ("rule=korea-missile-launch", {"launch"}),
        ("feed=Harbour+Post", {"launch", "denial"}),
        ("type=cyber", set()),
    ],
)
def test_each_filter_works_on_page_and_twin(
    client: PageClient, world: World, query: str, names: set[str]
) -> None:
    """The same query string gives the same events on the page and as data."""
    tree = LexborHTMLParser(page(client, f"/events?{query}"))
    shown = {(node.attributes["href"] or "").split("/")[-1][:36] for node in tree.css(".row-title")}
    data = {row["id"] for row in client.get(f"/events.json?{query}").json()}
    assert shown == data == {str(world.events[name]) for name in names}


def test_pages_of_a_list_follow_each_other(client: PageClient, world: World) -> None:
    """Every event stands on exactly one page, and the links keep the filters."""
    first = page(client, "/events?limit=3&since=2022-11-01")
    assert "1–3 of 4" in text_of(first)
    older = LexborHTMLParser(first).css_first("a[rel=next]").attributes["href"]
    assert older == "/events?since=2022-11-01&limit=3&page=2"
    second = page(client, older)
    assert len(LexborHTMLParser(second).css(".row-title")) == 1
    assert "page=" not in (LexborHTMLParser(second).css_first("a[rel=prev]").attributes["href"] or "")


def test_oldest_first_and_pages_beyond_the_end(client: PageClient, world: World) -> None:
    """The order can be turned; a page that is not there is empty, not an error."""
    tree = LexborHTMLParser(page(client, "/events?order=oldest"))
    assert "2 November" in tree.css_first(".day > h2").text()
    assert "No event matches" in text_of(page(client, "/events?type=weapons&page=99"))
