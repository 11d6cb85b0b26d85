"""`where`: what expressions can say, and what happens when they fail on an event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tocsin.errors import RuleError
from tocsin.model import ClaimKey, Event, Place, Thing
from tocsin.rules import Matcher, MemoryHistory, Rule, RuleSet, evaluate
from tocsin.rules._cel import ExpressionError, run, variables_of
from tocsin.rules._cel_check import SAMPLE

Make = Callable[..., Event]
NOW = datetime(2022, 12, 1, tzinfo=UTC)
HOLDS = [
    "event.confidence >= 0.6",
    "event.type.startsWith('weapons.') && event.status == 'reported'",
    "event.source.exists(party, party.country == 'PRK')",
    "event.source.filter(p, p.sector == 'GOV').size() == 1",
    "event.source.map(p, p.country).exists(c, c == 'PRK')",
    "event.source[0].country == 'PRK'",
    "'KOR' in event.countries && size(event.countries) == 2",
    "size(event.owners) >= 1 && event.owners[size(event.owners) - 1] == 'A'",
    "event.day == '2022-11-09' && event.last_day == '2022-11-09' && event.precision == 'day'",
    "event.place.name == '' && event.place.country != 'PRK' && event.place.lat == null",
    "event.claim.type == '' && size(event.claim.source) == 0",
    "event.first_known > timestamp('2022-11-09T00:00:00Z')",
    "event.last_known - event.first_known < duration('1h')",
    "event.published.getFullYear() == 2022",
    "event.title.matches('^event [0-9]+$') // a comment",
    "!(event.title.contains(\"'quoted'\")) && event.title != 'event.nope'",
    "event.objects.all(thing, thing.count == null || thing.count > 3)",
    "has(event.plover) && event.plover == '' && event.cameo == ''",
    "type(event.confidence) == double && int(event.mentions) == 1",
    "[1, 2].exists(n, n == event.revision)",
    "{'a': event.confidence}['a'] > 0.5",
    "event.confidence > 0.5 ? event.articles == 1 : false",
]


@pytest.mark.parametrize("where", HOLDS)
def test_expression_holds(rule: Callable[[str], Rule], event: Make, where: str) -> None:
    """Expressions see the documented fields."""
    quoted = where.replace("'", "''")
    one = rule(f"match: {{type: weapons}}\nwhere: '{quoted}'")
    shown = event(source="PRK", target="KOR", day="2022-11-09", objects=(Thing("weapon", "x", 0, 1, "x", 4),))
    assert len(evaluate(one, shown, MemoryHistory(), NOW)) == 1


def test_sample_has_every_field(event: Make) -> None:
    """What expressions are checked against has the shape of what they run on."""
    full = event(place=Place("x", 0, 1, None, "PRK", 1.0, 2.0), claim=ClaimKey("arms.transfer", ("PRK",), ()))
    variables = variables_of(full)
    assert set(variables) == set(SAMPLE)
    assert variables["place"] == {"name": "x", "country": "PRK", "lat": 1.0, "lon": 2.0}
    assert variables["claim"] == {"type": "arms.transfer", "source": ["PRK"], "target": []}


@pytest.mark.parametrize(
    "where",
    [
        "event.source[0].country == 'PRK'",
        "event.place.lat > 38.0",
        "event.objects[0].count > 3",
        "1 / size(event.source) == 1",
        "timestamp(event.day + 'T00:00:00Z') > event.first_known",
        "{'PRK': true}[event.place.country]",
    ],
)
def test_failing_expression_is_reported_with_its_place(
    rule: Callable[[str], Rule], event: Make, where: str
) -> None:
    """An expression that fails on one event raises at the place of `where`."""
    one = rule(f'match: {{type: weapons}}\nwhere: "{where}"')
    with pytest.raises(RuleError, match="where failed on an event") as caught:
        evaluate(one, event(), MemoryHistory(), NOW)
    assert (caught.value.line, caught.value.column) == (4, 8)


def test_result_must_be_true_or_false() -> None:
    """A result of another kind is an error, not a yes."""
    with pytest.raises(ExpressionError, match="the result is int 1, not true or false"):
        run("{'a': 1}['a']", {})
    with pytest.raises(ExpressionError, match="there is no field b"):
        run("a.b", {"a": {}})


def test_failing_rule_stops_no_other_and_is_told_once(load: Callable[..., RuleSet], event: Make) -> None:
    """The matcher reports a failing rule the first time only and evaluates the others."""
    text = "rule: {}\ntitle: t\nmatch: {{type: weapons}}\n"
    loaded = load(text.format("a") + "where: event.source[0].country == 'PRK'\n", text.format("b"))
    matcher = Matcher(loaded.rules)
    first, second = (matcher.match(event(number=n), MemoryHistory(), NOW) for n in (1, 2))
    assert [alert.rule for alert in (*first.alerts, *second.alerts)] == ["b", "b"]
    assert [len(first.errors), len(second.errors)] == [1, 0]


def test_block_expression_runs(rule: Callable[[str], Rule], event: Make) -> None:
    """An expression may be a block of several lines."""
    one = rule("match: {type: weapons}\nwhere: |\n  event.confidence > 0.5\n    && event.articles == 1\n")
    assert evaluate(one, event(), MemoryHistory(), NOW)


@pytest.mark.parametrize(
    "where", ["event.owners[", "event.owners.exists(", "event.", "event.owners[0", "'", "]"]
)
def test_broken_expressions_do_not_break_the_check(refusals: Callable[..., list[str]], where: str) -> None:
    """Whatever is written, the answer is a refusal."""
    quoted = where.replace("'", "''")
    assert refusals(f"match: {{type: weapons}}\nwhere: '{quoted}'")[0].startswith("4:")


def test_scanner_survives_any_text() -> None:
    """The name check works on any tokens, closed or not."""
    from tocsin.rules._cel_check import _Scan, _tokens

    for text in (
        "event.owners[",
        "event.owners[0",
        "event.x.",
        "event.source.exists(",
        "a[b[c]]",
        "c.y.z",
        "..",
        "((",
    ):
        assert isinstance(_Scan(_tokens(text), {"event": SAMPLE, "a": [], "c": None}).run(), list)


def test_sequence_steps_are_variables(load: Callable[..., RuleSet]) -> None:
    """In a sequence each pattern is a variable, and `event` is the last."""
    body: Any = (
        "rule: r\ntitle: t\nmatch: {a: {type: weapons}, b: {type: arms}}\n"
        "when: {sequence: [a, b], within: 1d}\nwhere: a.confidence <= b.confidence && event.id == b.id\n"
    )
    assert load(body).errors == ()


def test_an_index_that_may_be_there_is_accepted(load: Callable[..., RuleSet]) -> None:
    """What the sample lacks and another event may have is no mistake of the rule."""
    loaded = load("rule: r\ntitle: t\nmatch: {type: weapons}\nwhere: event.source[1].country == 'PRK'\n")
    assert loaded.errors == ()
