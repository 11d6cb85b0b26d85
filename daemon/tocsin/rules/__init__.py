"""Rule files to matches: language, compiler, patterns, tests, backtest."""

from tocsin.rules._backtest import Firing, backtest
from tocsin.rules._cases import CaseResult, run_tests
from tocsin.rules._evaluate import evaluate
from tocsin.rules._explain import Explanation, explain
from tocsin.rules._fields import FIELDS
from tocsin.rules._history import MemoryHistory
from tocsin.rules._load import Fingerprint, case_files, changed, keep_running, load_rules, rule_files
from tocsin.rules._matcher import Matched, Matcher
from tocsin.rules._rule import Join, OnAny, OnCount, OnSequence, Rule, RuleSet
from tocsin.rules._schema import json_schema
from tocsin.rules._vocabulary import Ontology

__all__ = [
    "FIELDS",
    "CaseResult",
    "Explanation",
    "Fingerprint",
    "Firing",
    "Join",
    "Matched",
    "Matcher",
    "MemoryHistory",
    "OnAny",
    "OnCount",
    "OnSequence",
    "Ontology",
    "Rule",
    "RuleSet",
    "backtest",
    "case_files",
    "changed",
    "evaluate",
    "explain",
    "json_schema",
    "keep_running",
    "load_rules",
    "rule_files",
    "run_tests",
]
