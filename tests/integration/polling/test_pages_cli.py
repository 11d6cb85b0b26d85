"""`tocsin articles page` on a real database, against a real server."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.model import ArticleQuery
from tocsin.store import open_store

TEXT = (
    "North Korea fired a missile on Tuesday, the military said. It flew 500 kilometres and fell into the sea east "
    "of the peninsula, the Joint Chiefs of Staff said in a statement that was released on Tuesday evening in Seoul."
)
PAGES = {
    "/feed": b"""<rss version="2.0"><channel><title>World</title><item><guid>1</guid><title>Launch</title>
<link>/launch</link><description>A missile was fired.</description></item></channel></rss>""",
    "/launch": f"<html lang=en><head><link rel=canonical href=/launch/full><meta name=author content=Kim></head>"
    f"<body><nav>Home</nav><article><h1>Launch</h1><p>{TEXT}</p></article></body></html>".encode(),
    "/secret": b"<p>secret</p>",
    "/robots.txt": b"User-agent: *\nDisallow: /secret\n",
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = PAGES.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "application/rss+xml" if self.path == "/feed" else "text/html")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_args):
        pass


@contextmanager
def serving():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def site():
    with serving() as address:
        yield address


@pytest.fixture
def database(tmp_path):
    return f"sqlite:///{tmp_path / 'db.sqlite'}"


@pytest.fixture
def tocsin(tmp_path, database, monkeypatch):
    """Run `tocsin ...`; give exit code and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_DATABASE_URL", database)
    monkeypatch.setenv("TOCSIN_POLLING__SPACING", "0")
    monkeypatch.setenv("TOCSIN_NETWORK__ALLOW_PRIVATE_ADDRESSES", "true")

    def run(*words):
        result = CliRunner().invoke(app, list(words))
        return result.exit_code, result.output

    return run


def test_a_page_is_shown_with_its_facts_and_text(tocsin, site):
    """No article needs to be known; nothing is written."""
    code, out = tocsin("articles", "page", f"{site}/launch")
    assert code == 0
    assert TEXT in out.replace("\n", " ")
    assert f"{site}/launch/full" in out
    assert "Kim" in out


def test_json_is_one_array(tocsin, site):
    """With state, reason, facts and text."""
    code, out = tocsin("articles", "page", f"{site}/launch", "--json")
    (row,) = json.loads(out)
    assert code == 0
    assert (row["state"], row["reason"], row["text"], row["article"]) == ("done", "fuller", TEXT, None)
    assert row["canonical"] == f"{site}/launch/full"


def test_a_page_that_gives_nothing_says_why(tocsin, site):
    """And the command fails."""
    code, out = tocsin("articles", "page", f"{site}/secret")
    assert code == 1
    assert "robots" in out
    assert tocsin("articles", "page", "javascript:alert(1)")[0] == 1


def test_saving_needs_an_article(tocsin, site):
    """An address nobody carried is refused before anything is fetched."""
    code, out = tocsin("articles", "page", f"{site}/launch", "--save")
    assert code == 2
    assert "no article" in out


def test_a_saved_page_is_the_full_text_of_its_article(tocsin, site, database):
    """By address or by id; both texts stay. The feed need not be marked."""
    assert tocsin("feeds", "add", f"{site}/feed")[0] == 0
    assert tocsin("feeds", "poll", "--all", "--stages", "poll")[0] == 0
    store = open_store(database)
    (article,) = store.articles(ArticleQuery())
    assert store.page(article.id) is None
    assert tocsin("articles", "page", str(article.id), "--save")[0] == 0
    texts = [one.text for one in store.article_revisions(article.id)]
    assert texts == ["Launch\n\nA missile was fired.", f"Launch\n\nA missile was fired.\n\n{TEXT}"]
    store.close()
