"""`tocsin rules` on real files, the real ontology and a real database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from tocsin.cli.rules import app
from tocsin.extraction.ontology import load_ontology
from tocsin.model import (
    ArticleDraft,
    Basis,
    Event,
    EventReason,
    EventRevision,
    EventStatus,
    LinkWrite,
    Party,
    Phase,
    Precision,
    Severity,
    When,
)
from tocsin.rules import case_files, load_rules, run_tests
from tocsin.service import StoreHistory
from tocsin.shipped import shipped
from tocsin.store import SqlStore, open_store
from tocsin.testing import numbered_id

START = datetime(2022, 11, 2, 8, tzinfo=UTC)
GOOD = (
    "rule: launch\ntitle: A launch\nlabels: {desk: x}\nmatch: {type: weapons.launch, source.country: PRK}\n"
)
PAIR = """rule: pair
title: Accused, denied
match: {a: {type: statement.accuse}, b: {type: statement.deny}}
when: {sequence: [a, b], within: 7d, by: {party: [a.target.country, b.source.country]}}
"""
TWICE = "rule: twice\ntitle: Twice\nmatch: {type: weapons, min_owners: 2}\n"
FAILS = "rule: fails\ntitle: t\nmatch: {type: weapons}\nwhere: event.target[0].country == 'KOR'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rules of one's own, without the shipped ones, and a database beside it."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "mine.yaml").write_text(f"{GOOD}---\n{PAIR}---\n{TWICE}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_RULES__FOLDER", str(rules))
    monkeypatch.setenv("TOCSIN_RULES__SHIPPED", "false")
    monkeypatch.setenv("TOCSIN_DATABASE_URL", f"sqlite:///{tmp_path / 'tocsin.sqlite'}")
    monkeypatch.setenv("COLUMNS", "200")
    return rules


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return result.output


def rows(*words: str, code: int = 0) -> list[dict[str, object]]:
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    run(*words, "--json", code=code)
    assert isinstance(found, list)
    return found


def an_event(number: int, kind: str, source: str, target: str = "", hours: int = 0) -> Event:
    known = START + timedelta(hours=hours)
    day = date(2022, 11, 2)
    return Event(
        id=numbered_id(number),
        type=kind,
        title=f"{source} {kind}",
        status=EventStatus.REPORTED,
        phase=Phase.HAPPENED,
        severity=Severity.INFO,
        when=When(day, day, Precision.DAY, "today", Basis.EXPRESSION),
        place=None,
        source=(Party(None, source),),
        target=(Party(None, target),) if target else (),
        objects=(),
        confidence=0.8,
        mentions=1,
        articles=1,
        publishers=("A",),
        owners=("A",),
        first_known=known,
        last_known=known,
        revision=1,
    )


@pytest.fixture
def events(folder: Path) -> list[Event]:
    """A launch that is corroborated later, an accusation and a denial, in the database of the settings."""
    launch = an_event(1, "weapons.launch.missile", "PRK")
    again = replace(launch, owners=("A", "B"), revision=2, articles=2, last_known=START + timedelta(hours=30))
    accusation = an_event(2, "statement.accuse", "USA", "PRK", hours=2)
    denial = an_event(3, "statement.deny", "PRK", hours=50)
    store = open_store(f"sqlite:///{folder.parent / 'tocsin.sqlite'}")
    write(store, [launch, accusation, again, denial])
    store.close()
    return [launch, accusation, denial]


def write(store: SqlStore, states: list[Event]) -> None:
    draft = ArticleDraft("k", None, "t", "t", "1x", START, None, START, START)
    (article,) = store.add_articles([draft], publisher="A")
    for state in states:
        reason = EventReason.FIRST_REPORT if state.revision == 1 else EventReason.CORROBORATED
        revision = EventRevision(state.id, state.revision, state.last_known, reason, "because", {}, state)
        store.write_links(LinkWrite(article, (), (revision,)))


def test_shipped_rules_hold_on_the_real_ontology() -> None:
    """Every shipped rule loads with the types that extraction knows, and its tests pass."""
    ontology = load_ontology()
    loaded = load_rules([shipped("rules")], ontology)
    assert loaded.errors == ()
    results = run_tests(case_files([shipped("rules")]), loaded, ontology)
    assert [result.message for result in results if not result.passed] == []


def test_check(folder: Path) -> None:
    """A clean folder is 0; mistakes are 1 with file:line:column, in words and as JSON."""
    assert "3 rules, 0 mistakes" in run("check")
    assert rows("check") == []
    bad = folder / "bad.yaml"
    bad.write_text(GOOD.replace("weapons.launch", "weapons.lanch").replace("rule: launch", "rule: bad"))
    said = run("check", code=1)
    assert f"{bad}:4:15: weapons.lanch is not an event type" in said
    assert "did you mean weapons.launch?" in said
    assert "3 rules, 1 mistakes" in said
    assert rows("check", str(bad), code=1) == [
        {
            "file": str(bad),
            "line": 4,
            "column": 15,
            "message": "weapons.lanch is not an event type",
            "hint": "did you mean weapons.launch?",
        }
    ]
    run("check", "nowhere", code=2)


def test_check_takes_shipped_rules_by_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a folder of one's own the shipped rules are checked."""
    monkeypatch.delenv("TOCSIN_RULES__FOLDER")
    monkeypatch.setenv("TOCSIN_RULES__SHIPPED", "true")
    assert int(run("check").split()[0]) >= 12


def test_mistakes_without_a_remedy_are_told(folder: Path) -> None:
    """A refusal with no hint prints its place alone."""
    (folder / "bad.yaml").write_text("title: *x\n")
    assert "not YAML: found undefined alias" in run("check", code=1)


def test_test(folder: Path) -> None:
    """Tests beside rules run; a failing one is 1 with what differs; none at all is 1 with the remedy."""
    assert "write <name>.test.yaml" in run("test", code=1)
    case = (
        "test: a launch rings\nrule: launch\nevents: {e: {type: weapons.launch, source: PRK}}\nexpect: [e]\n"
    )
    path = folder / "mine.test.yaml"
    path.write_text(case)
    assert "1 passed, 0 failed" in run("test")
    assert "1 passed, 0 failed" in run("test", str(path))
    assert "1 passed, 0 failed" in run("test", str(folder / "mine.yaml"))
    (row,) = rows("test")
    assert (row["rule"], row["passed"], row["message"]) == ("launch", True, "")
    path.write_text(case.replace("source: PRK", "source: IRN"))
    said = run("test", code=1)
    assert f"FAILED {path}:1: a launch rings" in said
    assert "source.country is IRN, wanted PRK" in said
    assert not rows("test", code=1)[0]["passed"]


def test_list(folder: Path) -> None:
    """Rules with what makes them ring; refused ones are listed with their error."""
    (folder / "bad.yaml").write_text("rule: bad\ntitle: t\nmatch: {type: nope}\n")
    said = run("list")
    assert "sequence" in said
    assert "REFUSED" in said
    assert "nope is not an event type" in said
    found = {row["rule"]: row for row in rows("list")}
    assert found["launch"]["labels"] == {"desk": "x"}
    assert found["launch"]["types"] == ["weapons.launch"]
    assert found["bad"]["active"] is False
    assert "nope is not an event type" in str(found["bad"]["error"])


def test_schema(folder: Path) -> None:
    """The JSON Schema is printed whole."""
    assert json.loads(run("schema"))["title"] == "Tocsin rule"


def test_explain(folder: Path, events: list[Event]) -> None:
    """Why it rings and why not, by whole id or a part of it, in words and as JSON."""
    launch, accusation, denial = events
    said = run("explain", "launch", str(launch.id))
    assert "launch rings. weapons.launch.missile by PRK on 2022-11-02 matched" in said
    assert "source.country" in said
    said = run("explain", "launch", str(denial.id)[-8:])
    assert "launch does not ring. The event does not match: type is statement.deny" in said
    (data,) = rows("explain", "pair", str(accusation.id))
    assert data["fires"] is True  # the denial is known by now
    run("explain", "nope", str(launch.id), code=1)
    assert "there is no event" in run("explain", "launch", str(UUID(int=5)), code=1)


def test_explain_where_and_exclusions(folder: Path, events: list[Event]) -> None:
    """`where` and `not` have their place in the answer; a failing rule is 1."""
    (folder / "more.yaml").write_text(
        "rule: not-korea\ntitle: t\nmatch: {type: weapons, not: {source.country: [PRK, IRN]}}\n"
        f"where: event.confidence > 0.9\n---\n{FAILS}---\nrule: bad\ntitle: t\nmatch: {{type: nope}}\n"
    )
    launch = str(events[0].id)
    said = run("explain", "not-korea", launch)
    assert "where holds: NO" in said
    assert "source.country PRK, IRN" in said
    assert "it is excluded by not" in said
    assert "where failed on an event" in run("explain", "fails", launch, code=1)
    assert "rule bad is refused" in run("explain", "bad", launch, code=1)


def test_backtest_by_name(folder: Path, events: list[Event]) -> None:
    """A rule rings in the past when its events became what it asks for."""
    (firing,) = rows("backtest", "twice")
    assert firing["at"] == (START + timedelta(hours=30)).isoformat()
    assert firing["events"] == [str(events[0].id)]
    assert rows("backtest", "twice", "--until", "2022-11-02") == []
    assert rows("backtest", "twice", "--since", "2022-11-04") == []
    assert len(rows("backtest", "twice", "--since", "2022-11-03T10:00Z", "--until", "2022-11-03")) == 1
    (paired,) = rows("backtest", "pair")
    assert paired["group"] == {"party": "PRK"}
    assert paired["roles"] == {"a": str(events[1].id), "b": str(events[2].id)}


def test_backtest_of_files(folder: Path, events: list[Event]) -> None:
    """All rules of a file are replayed together; a file with mistakes is not replayed at all."""
    said = run("backtest", str(folder / "mine.yaml"))
    assert "3 alerts, 4 states of events" in said
    assert "2022-11-02 08:00" in said
    bad = folder / "bad.yaml"
    bad.write_text("rule: bad\ntitle: t\nmatch: {type: nope}\n")
    assert "nothing was replayed" in run("backtest", str(bad), code=1)
    bad.write_text(FAILS)
    assert "where failed on an event" in run("backtest", str(bad), code=1)


@pytest.mark.parametrize(
    "words",
    [
        ("twice", "--since", "yesterday"),
        ("twice", "--until", "2022-13-01"),
        ("twice", "--since", "2022-11-05", "--until", "2022-11-04"),
    ],
)
def test_backtest_refuses_wrong_periods(folder: Path, words: tuple[str, ...]) -> None:
    """Periods that are none are wrong usage."""
    run("backtest", *words, code=2)


@pytest.mark.parametrize("command", ["check", "test", "list", "schema", "explain", "backtest"])
def test_help_has_examples(command: str) -> None:
    """Every command explains itself with an example."""
    said = run(command, "--help")
    assert "Example" in said
    assert f"tocsin rules {command}" in said


def test_store_history_gives_what_memory_gives(folder: Path, events: list[Event]) -> None:
    """The store behind the port answers like the history that tests and backtests use."""
    from tocsin.rules import MemoryHistory

    store = open_store(f"sqlite:///{folder.parent / 'tocsin.sqlite'}")
    try:
        stored = StoreHistory(store)
        memory = MemoryHistory([event for item in events if (event := store.event(item.id))])
        for families in (["statement"], ["weapons", "statement.deny"]):
            for hours in (0, 2, 50):
                end = START + timedelta(hours=hours)
                for after in (START - timedelta(seconds=1), START):
                    assert stored.between(families, after, end) == memory.between(families, after, end)
            for first in (date(2022, 11, 1), date(2022, 11, 2)):
                last = date(2022, 11, 2)
                assert stored.happened_between(families, first, last) == memory.happened_between(
                    families, first, last
                )
    finally:
        store.close()
