"""What a rule file says and the engine does not understand is refused at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tocsin.errors import RuleError
from tocsin.rules import RuleSet, load_rules

Refusals = Callable[..., list[str]]
Load = Callable[..., RuleSet]

YAML = [
    ("a:\n\t- b\n", "2:1: not YAML", "indent with spaces"),
    ("match: {type: weapons\n", "2:1: not YAML", "close the bracket {"),
    ("match: [weapons\n", "2:1: not YAML", "close the bracket ["),
    ("\ntitle: b: c\n", "2:9: not YAML", 'put text that contains ": " in quotes'),
    ("title: 'x\n", "2:1: not YAML", "close the quotation mark"),
    ("title: @x\n", "1:8: not YAML", "begins with this character in quotes"),
    ("- a\nb: 1\n", "2:1: not YAML", "begin in one column"),
    ("title: *x\n", "1:8: not YAML", ""),
    ("title: &x y\nrule: *x\n", "1:8: anchor &x", "write the value out"),
    ("where: !event.dated\n", "1:8: tag !event.dated", "begins with ! in quotes"),
    ("x: !!python/object:os.system 1\n", "1:4: tag", "not part of a rule file"),
    ("%YAML 1.9\n---\na: 1\n", "1:1: not YAML", "% directive"),
    ("title: x\x00y\n", "1:9: character 0x0", "remove it"),
    ("a: " + "[" * 40 + "]" * 40, "1:24: nested too deeply", "20 levels"),
    ("[" * 20_000, "1:1: nested too deeply", "20 levels"),
    ("{a: b}: 1\n", "1:1: a key must be a word", ""),
    ("rule: a\nrule: b\n", "2:1: rule is given twice", "line 1"),
    ("- a\n- b\n", "1:1: a rule is a mapping, not a list", "begin with rule"),
    ("hello\n", "1:1: a rule is a mapping, not 'hello'", ""),
    ("", "1:1: the file has no rule", "begin with rule"),
    ("# only a comment\n---\n", "1:1: the file has no rule", ""),
]


@pytest.mark.parametrize(("text", "place", "remedy"), YAML)
def test_yaml_is_refused_with_its_place(refusals: Refusals, text: str, place: str, remedy: str) -> None:
    """Broken or too clever YAML gives file:line:column and what to do."""
    said = refusals(text, whole=True)
    assert said[0].startswith(place)
    assert remedy in said[0]


HEADS = [
    ("match: {type: weapons}", ["1:1: the rule has no rule", "1:1: the rule has no title"]),
    ("rule: Korea!\ntitle: t\nmatch: {type: weapons}", ["1:7: 'Korea!' is not a rule name"]),
    ("rule:\ntitle: t\nmatch: {type: weapons}", ["1:1: the name of a rule must be text, not nothing"]),
    ("rule: r\ntitle: ''\nmatch: {type: weapons}", ["2:8: title is empty"]),
    ("rule: r\ntitle: [a]\nmatch: {type: weapons}", ["2:8: title must be text, not a list"]),
    ("rule: r\ntitle: {a: b}\nmatch: {type: weapons}", ["2:8: title must be text, not a mapping"]),
    (f"rule: r\ntitle: {'x' * 201}\nmatch: {{type: weapons}}", ["2:8: title has 201 characters"]),
    ("rule: r\ntitle: t", ["1:1: the rule has no match"]),
]


@pytest.mark.parametrize(("text", "expected"), HEADS)
def test_head_is_refused(refusals: Refusals, text: str, expected: list[str]) -> None:
    """Name, title and match must be there and be words."""
    said = refusals(text, whole=True)
    assert [line[: len(start)] for line, start in zip(said, expected, strict=True)] == expected


BODIES = [
    ("matc: 1\nmatch: {type: weapons}", "3:1: matc is not a key of a rule (did you mean match?)"),
    ("zzz: 1\nmatch: {type: weapons}", "3:1: zzz is not a key of a rule (one of rule, title"),
    ("severity: hot\nmatch: {type: weapons}", "3:11: hot is not a severity (one of info"),
    ("description: []\nmatch: {type: weapons}", "3:14: description must be text"),
    ("labels: korea\nmatch: {type: weapons}", "3:9: labels must be a mapping, not 'korea'"),
    ("labels: {rule: x}\nmatch: {type: weapons}", "3:10: the label rule is set by Tocsin itself"),
    ("labels: {a b: x}\nmatch: {type: weapons}", "3:10: 'a b' is not a label name"),
    ("labels: {desk: }\nmatch: {type: weapons}", "3:10: label desk must be text, not nothing"),
    # match
    ("match: weapons", "3:8: match must be a mapping, not 'weapons'"),
    ("match: {}", "3:8: the pattern is empty"),
    (
        "match: {type: weapons.lanch}",
        "3:15: weapons.lanch is not an event type (did you mean weapons.launch?)",
    ),
    (
        "match: {type: 'weapons.*'}",
        "3:15: weapons.* is not an event type (weapons means it and everything below",
    ),
    ("match: {type: [weapons, xx]}", "3:25: xx is not an event type (the families are"),
    (
        "match: {type: zzzzzzz.airstrike}",
        "3:15: zzzzzzz.airstrike is not an event type (did you mean conflict.air",
    ),
    ("match: {type: zzzzz.coup}", "3:15: zzzzz.coup is not an event type (did you mean politics.coup?)"),
    ("match: {type: []}", "3:15: type is an empty list"),
    ("match: {type: [[weapons]]}", "3:16: type must be text, not a list"),
    ("match: {typ: weapons}", "3:9: typ is not a field (did you mean type?)"),
    ("match: {zzzzz: weapons}", "3:9: zzzzz is not a field (the fields are in"),
    ("match: {source: PRK}", "3:9: source is not a field (source.country, source.name, source.sector)"),
    (
        "match: {type: weapons, source: {country: PRK}}",
        "3:24: source takes no mapping (write source.country: ...",
    ),
    ("match: {source.country: KP}", "3:25: KP is not a country code (did you mean PRK?)"),
    ("match: {source.country: North Korea}", "3:25: North Korea is not a country code (did you mean PRK?)"),
    ("match: {source.country: Nort Korea}", "3:25: Nort Korea is not a country code (did you mean PRK?)"),
    ("match: {source.country: prk}", "3:25: prk is not a country code (did you mean PRK?)"),
    ("match: {source.country: UK}", "3:25: UK is not a country code (did you mean GBR?)"),
    ("match: {source.country: QQQQQ}", "3:25: QQQQQ is not a country code (ISO 3166-1 alpha-3"),
    ("match: {claim.source: XXQ}", "3:23: XXQ is not a country code"),
    ("match: {source.sector: GOVT}", "3:24: GOVT is not a sector (did you mean GOV?)"),
    ("match: {status: sure}", "3:17: sure is not a status (one of reported"),
    ("match: {severity: any}", "3:19: any is not a severity"),
    ("match: {phase: [any, planned]}", "3:17: any is not a phase"),
    ("match: {min_severity: big}", "3:23: big is not a severity"),
    ("match: {min_owners: two}", "3:21: min_owners must be a whole number from 1 to 1000, not 'two'"),
    ("match: {min_owners: 0}", "3:21: min_owners must be a whole number"),
    ("match: {min_confidence: 60}", "3:25: min_confidence must be a number from 0 to 1"),
    ("match: {min_confidence: 1.5}", "3:25: min_confidence must be a number from 0 to 1"),
    ("match: {dated: yes}", "3:16: dated must be true or false, not 'yes'"),
    ("match: {max_age: 7 days}", "3:18: max_age must be a duration, not '7 days' (a number and m, h, d or w"),
    ("match: {max_age: 0d}", "3:18: max_age must be longer than nothing and 366d at the most"),
    ("match: {max_age: 53w}", "3:18: max_age must be longer than nothing"),
    ("match: {max_age: {d: 1}}", "3:18: max_age must be a duration, not a mapping"),
    ("match: {not: PRK}", "3:14: not must be a mapping"),
    ("match: {type: weapons, not: {}}", "3:29: not is empty"),
    ("match: {type: weapons, not: []}", "3:29: not is an empty list"),
    ("match: {type: weapons, not: {not: {type: arms}}}", "3:30: not cannot stand inside not"),
    ("match: {type: weapons, not: [{x: 1}]}", "3:31: x is not a field"),
    ("match: {a: {type: weapons}, type: arms}", "3:29: type is a field, but this match names patterns"),
    ("match: {A b: {type: weapons}}", "3:9: 'A b' cannot name a pattern"),
    ("match: {event: {type: weapons}}", "3:9: 'event' cannot name a pattern"),
    ("match: {a: {type: weapons}, b: arms}", "3:32: pattern b must be a mapping"),
    (f"match: {{{', '.join(f'p{n}: {{type: weapons}}' for n in range(9))}}}", "3:1: match has 9 patterns"),
]

ONE = "match: {type: weapons}\nwhen: "
TWO = "match: {a: {type: weapons}, b: {type: arms}}\nwhen: "
WHENS = [
    (ONE + "sometimes", "4:7: sometimes is not a kind of when (one of any"),
    (ONE + "cuont", "4:7: cuont is not a kind of when (did you mean count?)"),
    (ONE + "count", "4:7: when: count needs more words"),
    (ONE + "[any]", "4:7: when must be text, not a list"),
    *(
        (ONE + word, f"4:7: when: {word} is not in this version")
        for word in ("absence", "spike", "new", "change")
    ),
    (ONE + "{spike: 3, within: 1d}", "4:8: when: spike is not in this version"),
    (ONE + "{any: true}", "4:8: any takes no mapping"),
    (ONE + "{within: 1d}", "4:7: when names none of any, count, distinct, sequence (for example"),
    (
        ONE + "{coutn: 3, within: 1d}",
        "4:8: when names none of any, count, distinct, sequence (did you mean count?)",
    ),
    (ONE + "{zzz: 3}", "4:8: when names none of any"),
    (ONE + "{count: 3, distinct: owner, within: 1d}", "4:18: when is both count and distinct"),
    (ONE + "{count: 3}", "4:7: when: count has no within"),
    (ONE + "{count: {at_least: 3}, within: 1d}", "4:15: count takes a number (write count: 3"),
    (ONE + "{count: 1, within: 1d}", "4:15: count must be a whole number from 2 to 1000"),
    (
        ONE + "{count: 3, within: 1d, withn: 2d}",
        "4:30: withn is not a key of when: count (did you mean within?)",
    ),
    (ONE + "{count: 3, within: 1d, claims: any}", "4:30: claims is not a key of when: count"),
    (
        ONE + "{count: 3, within: 1d, by: place}",
        "4:34: place is not a field (one of place.country, place.name)",
    ),
    (ONE + "{count: 3, within: 1d, by: min_owners}", "4:34: by cannot use min_owners"),
    (ONE + "{count: 3, within: 1d, by: zzzzz}", "4:34: zzzzz is not a field (the fields are in"),
    (ONE + "{count: 3, within: 1d, by: [type, type]}", "4:34: by names a field twice"),
    (ONE + "{count: 3, within: 1d, clock: sun}", "4:37: sun is not a clock (one of known, happened)"),
    (ONE + "{count: 3, within: 6h, clock: happened}", "4:26: within must be whole days with clock: happened"),
    (ONE + "{count: 3, within: 7d, repeat: 1d}", "4:38: repeat must not be shorter than within"),
    (ONE + "{distinct: owner, within: 1d}", "4:7: when: distinct has no at_least"),
    (ONE + "{distinct: text, at_least: 2, within: 1d}", "4:18: distinct cannot use text"),
    (ONE + "{sequence: [a, b], within: 1d}", "4:18: match names no patterns to be put in a sequence"),
    (TWO + "{sequence: a, within: 1d}", "4:18: sequence must be a list of 2 to 5 pattern names"),
    (TWO + "{sequence: [a], within: 1d}", "4:18: sequence must be a list"),
    (TWO + "{sequence: [a, c], within: 1d}", "4:22: c is not a pattern of match (one of a, b)"),
    (TWO + "{sequence: [a, a], within: 1d}", "4:18: sequence names a pattern twice"),
    (TWO + "{sequence: [a, b]}", "4:7: when: sequence has no within"),
    (TWO + "{sequence: [a, b], within: 1d, by: place}", "4:42: by must be a mapping"),
    (TWO + "{sequence: [a, b], within: 1d, by: {p: a.type}}", "4:46: p must list two fields or more"),
    (TWO + "{sequence: [a, b], within: 1d, by: {p: [a.type]}}", "4:46: p must list two fields or more"),
    (TWO + "{sequence: [a, b], within: 1d, by: {p: [a.type, c.type]}}", "4:55: c is not a pattern of match"),
    (TWO + "{sequence: [a, b], within: 1d, by: {p: [a.type, b]}}", "4:55: b names no field"),
    (
        TWO + "{sequence: [a, b], within: 1d, by: {p: [a.type, b.typ]}}",
        "4:55: typ is not a field (did you mean type?)",
    ),
    (
        TWO + "{sequence: [a, b], within: 1d, by: {p: [a.type, a.plover]}}",
        "4:46: p joins one pattern with itself",
    ),
    (TWO + "{sequence: [a, b], within: 1d, claims: both}", "4:46: both is not a word for claims"),
    (
        "match: {a: {type: weapons}, b: {type: arms}, c: {type: cyber}}\nwhen: {sequence: [a, b], within: 1d}",
        "4:18: pattern c is not in the sequence",
    ),
]

WHERES = [
    ("event.confidnce > 0.5", "4:14: where: event has no field confidnce (did you mean confidence?)"),
    ("event.zzzzzz == 1", "4:14: where: event has no field zzzzzz (one of id, type"),
    ("event.title.size == 1", "4:20: where: event.title has no field size (it is a single value)"),
    ("evnt.confidence > 0.5", "4:8: where: there is no variable evnt (did you mean event?)"),
    ("lower(event.title) == 'x'", "4:8: where: there is no function lower"),
    ("event.title.lowerAscii() == 'x'", "4:20: where: there is no function lowerAscii"),
    ("event.source.country == 'PRK'", "4:21: where: event.source has no field country (it is a list"),
    ("event.source[0].land == 'PRK'", "4:24: where: event.source[...] has no field land"),
    ("event.source.exists(s, s.land == 'PRK')", "4:33: where: s has no field land"),
    ("event.owners[event.nope] == 'x'", "4:27: where: event has no field nope"),
    (
        "event.source.filter(s, true).exist(s, true)",
        "4:37: where: there is no function exist (did you mean exists?)",
    ),
    ("'event.confidence > 0.5 &&'", "4:34: where: the expression ends too early"),
    ("event.confidence >", "4:26: where: the expression ends too early"),
    ("event.confidence", "4:8: where: the result is float 0.8, not true or false"),
    ("event.title > 3", "4:8: where: an operator or function got values it does not take"),
    ("event.title.matches('[')", "4:8: where: Function 'matches' error"),
    ("[event]", "4:8: where must be text, not a list"),
    ("''", "4:8: where is empty"),
    ("|\n  event.confidence > 0.5\n    && event.nope", "6:14: where: event has no field nope"),
    (">\n  event.confidence > 0.5\n    && event.nope", "4:8: where: event has no field nope"),
    (f"event.title == '{'x' * 4001}'", "4:8: where has"),
    ("(" * 200 + "true" + ")" * 200, "4:"),
]


@pytest.mark.parametrize(("body", "expected"), [*BODIES, *WHENS])
def test_body_is_refused(refusals: Refusals, body: str, expected: str) -> None:
    """Fields, values and triggers that are not known are refused where they stand."""
    assert refusals(body)[0].startswith(expected)


@pytest.mark.parametrize(("where", "expected"), WHERES)
def test_expression_is_refused(refusals: Refusals, where: str, expected: str) -> None:
    """Syntax, names and results of expressions are checked before any event comes."""
    said = refusals(f"match: {{type: weapons}}\nwhere: {where}")
    assert len(said) == 1
    assert said[0].startswith(expected)


def test_joined_field_names_point_at_index(refusals: Refusals) -> None:
    """Inside an index only real names are allowed."""
    assert refusals("match: {type: weapons}\nwhere: event.owners[nope] == 'x'") == [
        "4:21: where: there is no variable nope (one of event)"
    ]


def test_one_mistake_in_when_is_told_once(refusals: Refusals) -> None:
    """A refused sequence does not make its expression wrong as well."""
    said = refusals(TWO + "{sequence: [a, b], within: soon}\nwhere: a.confidence > b.confidence")
    assert len(said) == 1


def test_all_mistakes_are_told(refusals: Refusals) -> None:
    """A user sees everything that is wrong with a rule at once, in one go."""
    said = refusals("severity: x\nlabels: {rule: a}\nmatch: {type: nope, min_owners: x}\nwhen: {count: 3}")
    assert len(said) == 5


def test_other_rules_keep_running(load: Load) -> None:
    """A refused document leaves the documents and files around it alone."""
    good = "rule: {}\ntitle: t\nmatch: {{type: weapons}}\n"
    loaded = load(
        good.format("one") + "---\nrule: two\ntitle: t\nmatch: {type: nope}\n---\n" + good.format("three"),
        good.format("four") + "---\nrule: [\n",
        b"rule: \xff\n",
        good.format("five"),
    )
    assert [rule.name for rule in loaded.rules] == ["one", "three", "four", "five"]
    assert [error.line for error in loaded.errors] == [7, 6, 1]
    assert loaded.rule("three") is loaded.rules[1]
    assert loaded.rule("two") is None


def test_second_rule_of_a_name_is_refused(load: Load) -> None:
    """The first of two rules with one name runs; the second is told where the first stands."""
    text = "rule: r\ntitle: t\nmatch: {type: weapons}\n"
    loaded = load(text, text)
    assert [Path(rule.file).name for rule in loaded.rules] == ["r0.yaml"]
    assert "rule r is already defined in" in str(loaded.errors[0])
    assert "r0.yaml:1" in str(loaded.errors[0])


def test_records_carry_refusals_under_unique_names(load: Load) -> None:
    """The store gets refused rules as inactive rows with their error, and no name twice."""
    text = "rule: r\ntitle: t\nmatch: {type: weapons}\n"
    broken = "rule: b\ntitle: t\nmatch: {type: nope}\n"
    loaded = load(text, text, broken + "---\n" + broken, "title: [\n", "- 1\n")
    records = loaded.records()
    assert len({record.name for record in records}) == len(records) == 6
    assert [record.active for record in records] == [True, False, False, False, False, False]
    assert all("r" in (record.error or "") for record in records[1:])
    assert records[0].source == text
    assert records[0].source_hash.startswith("1")


def test_large_files_are_not_read(load: Load) -> None:
    """10 MB are refused by their size."""
    loaded = load(b"#" * 10_000_000)
    assert "10,000,000 bytes" in str(loaded.errors[0])


def test_bad_utf8_is_placed(load: Load) -> None:
    """The byte that is not UTF-8 is named with its place."""
    loaded = load(b"rule: r\ntitle: caf\xe9\n")
    assert str(loaded.errors[0]).endswith("r0.yaml:2:11: byte 0xe9 is not UTF-8 (save the file as UTF-8)")


def test_alias_bomb_is_refused_fast(load: Load) -> None:
    """Nested aliases are refused at the first anchor, never expanded."""
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    loaded = load("\n".join(lines))
    assert "anchor &a0" in str(loaded.errors[0])


def test_missing_folder_is_told(tmp_path: Path, ontology: Any) -> None:
    """A folder of rules that is not there is an error, not silence."""
    loaded = load_rules([tmp_path / "nope"], ontology)
    assert "there is no such file or folder" in str(loaded.errors[0])


def test_unreadable_file_is_told(tmp_path: Path, ontology: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be read is refused; the load goes on."""
    (tmp_path / "a.yaml").write_text("rule: a\ntitle: t\nmatch: {type: weapons}\n")
    monkeypatch.setattr(Path, "read_bytes", _denied)
    loaded = load_rules([tmp_path], ontology)
    assert "the file cannot be read: Permission denied" in str(loaded.errors[0])


def _denied(path: Path) -> bytes:
    raise PermissionError(13, "Permission denied", str(path))


def test_errors_are_rule_errors(load: Load) -> None:
    """Errors carry file, line and column as numbers."""
    error = load("title: t\n").errors[0]
    assert isinstance(error, RuleError)
    assert (Path(error.file).name, error.line, error.column) == ("r0.yaml", 1, 1)
