"""`tocsin run` as an operator lives with it: no network, bad rules, signals, a full disk, a newer database."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import urllib.request

import pytest

pytestmark = pytest.mark.e2e

QUICK = {
    "WEB__PORT": "0",
    "FEEDS__SHIPPED": "false",
    "POLLING__INTERVAL": "2",
    "POLLING__LONGEST": "2",
    "SERVICE__DISPATCH_EVERY": "0.2",
    "SERVICE__SWEEP_EVERY": "1",
    "NETWORK__ALLOW_PRIVATE_ADDRESSES": "true",
}


def page(program) -> str:
    program.wait_until(lambda: "the page is at" in program.log, what="the page")
    return re.search(r"the page is at (http://\S+)", program.log)[1]


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def test_without_a_network_it_keeps_running_and_says_which_feeds_and_when_next(start, tocsin):
    """No address answers: the page and `feeds list` name each feed, why, and the next try."""
    # A port that nothing listens on, and a name that no resolver knows (RFC 6761).
    feeds = ("http://127.0.0.1:9/feed.xml", "https://news.invalid/rss")
    for feed in feeds:
        assert tocsin("feeds", "add", feed, **QUICK).returncode == 0
    program = start("run", **QUICK)
    address = page(program)

    def listed():
        return json.loads(tocsin("feeds", "list", "--json", **QUICK).stdout)

    program.wait_until(lambda: all(f["health"] == "failing" for f in listed()), what="both feeds failing")
    rows = {f["url"]: f for f in listed()}
    assert {rows[u]["last_failure"] for u in feeds} == {"connect", "dns"}
    assert all(rows[u]["next_due_at"] for u in feeds)
    text = tocsin("feeds", "list", **QUICK).stdout
    shown = get(f"{address}/feeds")
    for said in (text, shown):
        assert "next" in said.lower()
        assert "news.invalid" in said
    program.signal(signal.SIGTERM)
    assert program.wait(60) == 0


def test_sigterm_stops_it_cleanly_and_sighup_reads_rules_again(start, tocsin, tmp_path):
    """A typo is refused with its place, the other rules keep running."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "good.yaml").write_text("rule: good\ntitle: Any launch\nmatch:\n  type: weapons.launch\n")
    settings = {**QUICK, "RULES__FOLDER": str(rules), "RULES__SHIPPED": "false"}
    program = start("run", **settings)
    page(program)
    (rules / "bad.yaml").write_text("rule: bad\ntitle: A typo\nmatch:\n  tipe: weapons.launch\n")
    program.signal(signal.SIGHUP)
    program.wait_until(lambda: "bad.yaml:4:3" in program.log, what="the refusal with its place")
    listed = json.loads(tocsin("rules", "list", "--json", **settings).stdout)
    assert {row["rule"] for row in listed if row.get("active", True)} >= {"good"}
    program.signal(signal.SIGTERM)
    assert program.wait(60) == 0
    assert '"stopped"' in program.log or "stopped" in program.log


def test_a_taken_port_is_named_with_its_remedy(start):
    """Before anything else starts."""
    first = start("run", **QUICK)
    port = page(first).rsplit(":", 1)[1]
    second = start("run", **{**QUICK, "WEB__PORT": port})
    assert second.wait(60) == 1
    assert "TOCSIN_WEB__PORT" in second.log
    assert "Traceback" not in second.log


def test_a_database_of_a_newer_version_is_left_alone(tocsin, tmp_path):
    """It says so, names the remedy and changes nothing."""
    assert tocsin("db", "upgrade", **QUICK).returncode == 0
    base = tmp_path / "tocsin.sqlite"
    with sqlite3.connect(base) as db:
        db.execute("update alembic_version set version_num = '9999'")
    db.close()
    done = tocsin("timeline", **QUICK)
    assert done.returncode == 1
    assert "newer" in done.stderr
    assert "Traceback" not in done.stderr
    with sqlite3.connect(base) as db:
        assert db.execute("select version_num from alembic_version").fetchall() == [("9999",)]
    db.close()


def test_a_wrong_setting_is_named(tocsin):
    """Which one, what is wrong, where settings come from."""
    done = tocsin("timeline", WEB__PORT="many")
    assert done.returncode == 1
    assert "web.port" in done.stderr
    assert "Traceback" not in done.stderr


def test_health_is_there_for_probes(start):
    """/healthz, /readyz and /metrics answer."""
    program = start("run", **QUICK)
    address = page(program)
    assert json.loads(get(f"{address}/healthz"))
    assert json.loads(get(f"{address}/readyz"))
    assert "tocsin_event_loop_lag_seconds" in get(f"{address}/metrics")


@pytest.mark.parametrize("command", ["replay", "record"])
def test_commands_that_come_later_say_so(tocsin, command):
    """Exit 2 and what to use until then."""
    done = tocsin(command, "folder")
    assert done.returncode == 2
    assert "not in this version" in done.stderr
