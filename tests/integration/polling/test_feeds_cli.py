"""`tocsin feeds` on a real database, against a real server."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from typer.testing import CliRunner

from tocsin.cli import app

RSS = b"""<rss version="2.0"><channel><title>World</title><item><guid>1</guid><title>Launch</title>
<pubDate>Tue, 08 Nov 2022 10:00:00 GMT</pubDate></item></channel></rss>"""
PAGES = {
    "/feed": (200, RSS),
    "/": (200, b"<html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>"),
    "/gone": (410, b""),
    "/html": (200, b"<html><title>No</title></html>"),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = self.server.pages.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@contextmanager
def serving(pages):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.pages = pages
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def site():
    with serving(PAGES) as address:
        yield address


@pytest.fixture
def feeds(tmp_path, monkeypatch):
    """Run `tocsin feeds ...` in a folder of its own; give exit code and output."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite'}",
        "POLLING__SPACING": "0",
        "NETWORK__ALLOW_PRIVATE_ADDRESSES": "true",
    }.items():
        monkeypatch.setenv(f"TOCSIN_{name}", value)
    monkeypatch.setenv("COLUMNS", "300")

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["feeds", *words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return run


def listed(feeds, *words):
    """`feeds list --json` as data."""
    return json.loads(feeds("list", "--json", *words)[1])


def test_add_list_remove(feeds):
    """A feed is added once, shown with what is known of it, and removed."""
    code, said = feeds("list")
    assert (code, "No feeds" in said) == (0, True)
    words = (
        "--title",
        "News",
        "--publisher",
        "P",
        "--owner",
        "O",
        "--country",
        "fra",
        "--topic",
        "a",
        "--topic",
        "b",
    )
    assert feeds("add", "https://news.example/rss", *words) == (0, "1 added, 0 known already\n")
    assert feeds("add", "https://news.example/rss", "--interval", "60") == (0, "0 added, 1 known already\n")
    (feed,) = listed(feeds)
    assert (feed["url"], feed["country"], feed["topics"], feed["health"]) == (
        "https://news.example/rss",
        "FRA",
        ["a", "b"],
        "new",
    )
    assert (feed["title"], feed["interval"]) == ("News", 60)
    assert "not asked yet; due now" in feeds("list", "new")[1]
    assert feeds("remove", "https://news.example/rss")[0] == 0
    code, said = feeds("remove", "https://news.example/rss")
    assert (code, "there is no feed" in said, "feeds list" in said) == (1, True, True)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("add", "news.example"), 1, "is not a web address"),
        (("add", "https://news.example/", "--country", "France"), 2, "not a country"),
        (("add", "https://news.example/", "--timezone", "Mars"), 2, "not a timezone"),
        (("add", "https://news.example/", "--language", "english"), 2, "not a language"),
        (("add", "https://news.example/", "--proxy", "squid"), 2, "not a proxy"),
        (("add", "https://news.example/", "--header", "token"), 2, "no header"),
        (("discover", "http://127.0.0.1:1/"), 1, "could not be connected to"),
        (("import", "nowhere.opml"), 1, "cannot be read"),
        (("import", "nowhere.yaml"), 1, "nowhere.yaml cannot be read: No such file"),
        (("import", "."), 1, "cannot be read: Is a directory"),
        (("poll", "--stages", "cooking"), 2, "--stages cooking: unknown"),
        (("remove", "news.example"), 1, "there is no feed"),
        (("trace", "news.example", "--since", "soon"), 2, "no date or time"),
        (("trace", "news example"), 2, "is no host"),
        (("export", "/nowhere/feeds.opml"), 1, "cannot be written"),
    ],
)
def test_wrong_words(feeds, words, code, says):
    """What cannot be done is said with its remedy and the exit code of its kind."""
    got, said = feeds(*words)
    assert got == code
    assert says in said
    assert "remedy: " in said
    assert listed(feeds) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.html", b"<html><body>news</body></html>", ("begins with <html>", "feeds discover")),
        ("feed.xml", b"<rss><channel/></rss>", ("begins with <rss>", "feeds add")),
        ("cut.opml", b'<opml><body><outline xmlUrl="http', ("not well-formed", "export it again")),
        ("data.bin", b"\x00\xff", ("not UTF-8", "one address a line")),
        ("list.txt", b"https://a.example/rss\nhtp:/b.example", ("list.txt:2: ", "https://host/path")),
        ("empty.opml", b"<opml><body/></opml>", ("names no feed", "one address a line")),
        ("cut.yaml", b"feeds: [", ("not valid YAML", "form of a catalog")),
        ("bad.yaml", b"catalog: c\nfeeds: [{ur: x}]", ("unknown key `ur`", "form of a catalog")),
        ("latin.yaml", b"catalog: \xff", ("cannot be read", "UTF-8")),
    ],
)
def test_a_file_that_is_no_list_of_feeds(feeds, tmp_path, name, content, said):
    """Its fault is named with a remedy that fits, and nothing of it is added."""
    (tmp_path / name).write_bytes(content)
    code, words = feeds("import", name)
    fault, _, remedy = words.partition("remedy: ")
    assert (code, said[0] in fault, said[1] in remedy) == (1, True, True), words
    assert listed(feeds) == []


def test_an_address_nearly_right_is_asked_about(feeds):
    """And a choice that holds no feed does not say that there are none."""
    feeds("add", "https://news.example/rss")
    code, said = feeds("remove", "https://news.example/rss/")
    assert (code, "did you mean https://news.example/rss?" in said) == (1, True)
    assert feeds("list")[1].split("\n")[0].strip() == "1 feed"
    assert feeds("list", "--failing") == (0, "No feed is like that. `tocsin feeds list` shows all.\n")


@pytest.mark.parametrize(
    "command", ["add", "list", "remove", "import", "export", "discover", "check", "poll", "trace"]
)
def test_every_command_shows_an_example_of_itself(feeds, command):
    """In its help."""
    code, said = feeds(command, "--help")
    assert code == 0
    assert re.search(rf"Examples?:\s+tocsin feeds {command}", said)


def test_import_and_export_round_trip(feeds, tmp_path):
    """OPML out and in again, plain lists, catalogs; an empty file is refused."""
    (tmp_path / "list.txt").write_text("https://a.example/rss\nhttps://b.example/rss\n")
    (tmp_path / "more.yaml").write_text(
        "catalog: c\nfeeds: [{url: 'https://c.example/rss', folder: World/Asia}]"
    )
    assert feeds("import", "list.txt") == (0, "2 added, 0 known already\n")
    assert feeds("import", "more.yaml") == (0, "1 added, 0 known already\n")
    assert feeds("export", "out.opml")[0] == 0
    assert feeds("import", "out.opml") == (0, "0 added, 3 known already\n")
    assert feeds("export")[1] == (tmp_path / "out.opml").read_text()
    assert 'text="Asia"' in feeds("export")[1]
    assert sorted(feeds("export", "--plain")[1].split()) == [f"https://{host}.example/rss" for host in "abc"]
    (tmp_path / "empty.txt").write_text("# nothing\n")
    code, said = feeds("import", "empty.txt")
    assert (code, "names no feed" in said) == (1, True)


def test_poll_and_health_in_words(feeds, site):
    """One pass says what came of it; the list says what could not be reached, why, and when it is tried next."""
    assert "no feed is due" in feeds("poll", "--stages", "poll")[1]
    for path in ("/feed", "/gone", "/html"):
        feeds("add", site + path)
    code, said = feeds("poll", "--stages", "poll")
    assert code == 0
    assert "polled 3 feeds: 2 failed (" in said
    assert "http_gone 1" in said
    assert "1 new article, 0 edited" in said
    words = feeds("list")[1]
    assert (
        "failed once (not_a_feed): the body is an HTML page ('No'), not a feed, never good yet; next try in"
        in words
    )
    assert "not asked: gone (410) since" in words
    assert re.search(r"asked \d+ s ago; next try in \d+ (?:min|h)", words)
    assert {feed["health"] for feed in listed(feeds, "--failing")} == {"failing", "muted"}
    results = json.loads(feeds("poll", "--stages", "poll", "--all", "--json")[1])
    assert {(result["outcome"], result["failure"]) for result in results} == {
        ("unchanged", None),
        ("failed", "not_a_feed"),
    }
    assert "failed 2 times" in feeds("list")[1]


def test_discover(feeds, site):
    """A site's feeds are found, and added when wanted; none is a failure with a remedy."""
    code, said = feeds("discover", site, "--add")
    assert (code, "World" in said, "1 added" in said) == (0, True, True)
    assert (
        json.loads(feeds("discover", site + "/feed", "--json")[1])[0]["newest"] == "2022-11-08T10:00:00+00:00"
    )
    with serving({"/": (200, b"<html><body>nothing</body></html>")}) as bare:
        code, said = feeds("discover", bare)
    assert (code, "no feed was found" in said) == (1, True)
    assert feeds("discover", "127.0.0.1:1")[0] == 1


def test_check(feeds, site):
    """Feeds are asked and judged, and nothing is stored; exit 1 when one cannot be read."""
    code, said = feeds("check", site + "/feed")
    assert (code, "rss20, 1 entries, newest" in said) == (0, True)
    feeds("add", site + "/feed")
    feeds("add", site + "/html")
    code, said = feeds("check")
    assert (code, "not_a_feed" in said, "ok" in said) == (1, True, True)
    code, said = feeds("check", "--json")
    assert {result["ok"] for result in json.loads(said)} == {True, False}
    assert {feed["health"] for feed in listed(feeds)} == {"new"}


def test_check_tells_quiet_doubles_and_parser(feeds):
    """Staleness, duplicates and the parser are told; they fail the command only with --strict."""
    posts = [datetime.now(UTC) - timedelta(days=3, hours=number) for number in range(200)]
    items = "".join(
        f"<item><guid>{at:%s}</guid><title>T{at:%s}</title><pubDate>{format_datetime(at)}</pubDate></item>"
        for at in posts
    )
    body = f'<rss version="2.0"><channel><title>Old</title>{items}</channel></rss>'.encode()
    with serving({"/feed": (200, RSS), "/old": (200, body), "/old2": (200, body)}) as site:
        feeds("add", f"{site}/old")
        feeds("poll", "--stages", "poll")
        feeds("add", f"{site}/feed")
        feeds("add", f"{site}/old2")
        code, said = feeds("check")
        assert (code, "quiet" in said, "entries were to be expected since" in said) == (0, True, True)
        assert "3 can be read, 0 cannot; 2 quiet, 2 with a duplicate" in said
        results = {result["url"][len(site) :]: result for result in json.loads(feeds("check", "--json")[1])}
        assert results["/old"]["silence"] == results["/old2"]["silence"] == "quiet"
        assert results["/feed"]["silence"] == "unknown"
        assert [double["url"] for double in results["/old"]["duplicates"]] == [f"{site}/old2"]
        assert results["/old"]["parser"] == "feedparser: not compared yet"
        assert results["/old"]["usual_gap_hours"] == pytest.approx(1, abs=0.1)
        assert (results["/old"]["health"], results["/old2"]["health"]) == ("ok", "new")
        assert feeds("check", "--strict")[0] == 1
        assert feeds("check", "--strict", f"{site}/feed")[0] == 0
    (quiet,) = listed(feeds, "--quiet")
    assert (quiet["url"], quiet["quiet_since"] is not None) == (f"{site}/old", True)
    assert "quiet since" in feeds("list", "--quiet")[1]


def test_check_without_feeds(feeds):
    """Nothing to check is said, and is no failure."""
    assert (feeds("check")[0], "No feeds." in feeds("check")[1]) == (0, True)


def test_export_leaves_secrets_out(feeds):
    """What is left out is told with the remedy."""
    feeds("add", "https://a.example/rss", "--header", "X-Key: s3cret")
    code, said = feeds("export")
    assert (code, "s3cret" in said, "left out" in said) == (0, False, True)


def test_all_stages(feeds, site):
    """Without --stages the articles go through every stage."""
    feeds("add", site + "/feed")
    code, said = feeds("poll")
    assert (code, "1 new article, " in said) == (0, True)


def test_trace_shows_what_a_host_was_asked(feeds, site):
    """Every request with its rule, answer and outcome, figures of them all, and nothing that is secret."""
    host = site.removeprefix("http://")
    feeds("add", f"{site}/feed")
    feeds("add", f"http://user:hidden@{host}/gone")
    feeds("poll", "--stages", "poll")
    code, said = feeds("trace", host)
    assert code == 0
    assert f"2 requests to {host}" in said
    assert "at most 2 requests at once in one registrable domain, 0 s between two starts" in said
    assert "1 with an error" in said
    assert "asked again in" in said
    assert "not asked again" in said
    lines = json.loads(feeds("trace", f"{site}/anything", "--json")[1])
    assert sorted(line["requests"][0]["status"] for line in lines) == [200, 410]
    assert "hidden" not in said + json.dumps(lines)
    assert json.loads(feeds("trace", host, "--since", "2999-01-01", "--json")[1]) == []


def test_trace_of_a_host_nobody_asked(feeds):
    """Nothing is recorded, and that is said."""
    code, said = feeds("trace", "nobody.example")
    assert (code, "No request to nobody.example is recorded." in said) == (0, True)


def test_trace_shows_who_is_left_alone(feeds):
    """A cool-down is told with its reason, and polls that were put off are."""
    with serving({"/a": (429, b""), "/b": (200, RSS)}) as site:
        feeds("add", f"{site}/a")
        feeds("poll", "--stages", "poll")
        feeds("add", f"{site}/b")
        code, polled = feeds("poll", "--stages", "poll")
        assert (code, "1 deferred" in polled) == (0, True)
        said = feeds("trace", site)[1]
    assert "left alone from" in said
    assert "429" in said
    assert "not asked" in said


def test_headers_from_the_environment(feeds, site, monkeypatch):
    """A feed with a header fails by name while its variable is missing, and works when it is there."""
    assert feeds("add", f"{site}/feed", "--header", "X-Key: ${FEED_KEY}")[0] == 0
    assert listed(feeds)[0]["headers"] == [["X-Key", "${FEED_KEY}"]]
    said = feeds("poll", "--stages", "poll", "--all")[1]
    assert "configuration 1" in said
    assert "FEED_KEY is not set" in listed(feeds)[0]["last_detail"]
    monkeypatch.setenv("FEED_KEY", "secret")
    assert "1 changed" in feeds("poll", "--stages", "poll", "--all")[1]
    assert "secret" not in feeds("trace", site)[1]
    code, said = feeds("add", f"{site}/feed", "--header", "nothing")
    assert (code, "no header" in said) == (2, True)
