"""Fit the weights behind `confidence`: the probability that the PLOVER root of a mention is right.

A ridge-penalised logistic regression (Newton steps, no randomness) over the development half of tests/gold/events.jsonl
and, where it lies beside the checkout, the public PLOVER sentences. Those carry one root each although many tell several
events, so two weights of their own take up what that costs them; these are not written out. The strength of the penalty
is chosen by five-fold cross-validation over documents. The held-out half of the gold is only measured on.

Run by hand: `PYTHONPATH=tests python tests/tools/calibrate.py` prints the reliability table; `--write` also writes confidence.tsv.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tocsin.extraction import Document, load_extractor
from tocsin.extraction._confidence import features, probability
from tocsin.extraction._text import sentences
from tocsin.extraction.ontology import load_ontology
from tocsin.extraction.times import dateline
from tocsin.model import Mention
from tools.score_gold import Text, read_gold, root_of

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "daemon" / "tocsin" / "extraction" / "confidence.tsv"
PUBLIC = ROOT.parent / "shared" / "data" / "events" / "plv_train.jsonl"
PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
FOLDS = 5
# Not fitted: nearly all gold is sentences alone, which are all leads. Newspapers put first what they are sure of.
FIXED = {"lead": 0.4}
NUISANCE = ("public", "public_many")


@dataclass(frozen=True, slots=True)
class Case:
    """A mention with a root: the document it is of, what was seen of it, whether the root is right."""

    document: str
    seen: dict[str, float]
    right: bool


def gold_cases(texts: Iterable[Text]) -> Iterator[Case]:
    """Mentions of our gold; a root is right when the gold has it in the same sentence."""
    texts = list(texts)
    documents = [Document(text.text, text.published) for text in texts]
    for text, one in zip(texts, load_extractor().extract_many(documents), strict=True):
        for mention, seen in _seen(text.text, one.mentions):
            start, end = mention.sentence
            roots = {root for event in text.events if start <= event.start < end for root in event.roots}
            yield Case(text.id, seen, root_of(mention) in roots)


def public_cases() -> Iterator[Case]:
    """Mentions of the public PLOVER sentences, which carry one root each."""
    if not PUBLIC.exists():
        return
    rows = [json.loads(line) for line in PUBLIC.read_text(encoding="utf-8").splitlines()]
    documents = [Document(row["text"], datetime(2018, 1, 10, 12, tzinfo=UTC)) for row in rows]
    for row, one in zip(rows, load_extractor().extract_many(documents), strict=True):
        found = list(_seen(row["text"], one.mentions))
        many = min(len({root_of(mention) for mention, _ in found}) - 1, 3) / 3
        for mention, seen in found:
            nuisance = {"public": 1.0, "public_many": many}
            yield Case(row["id"], {**seen, **nuisance}, root_of(mention) == row["root"])


def _seen(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[Mention, dict[str, float]]]:
    patterns = {p.id: p for kind in load_ontology().types.values() for p in kind.patterns}
    head = dateline(text)
    cut = sentences(text, None if head is None else (head.start, head.end), markup=False)
    number = {sentence.start: sentence.number for sentence in cut}
    for mention in mentions:
        if mention.plover and mention.pattern in patterns:
            lead = max(0.0, 1.0 - number.get(mention.sentence[0], 0) / 6)
            yield mention, features(patterns[mention.pattern], mention, lead)


def fit(cases: Sequence[Case], names: Sequence[str], penalty: float) -> dict[str, float]:
    """Weights that minimise log loss plus `penalty`/2 times their squares; those of FIXED stay as they are."""
    at = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(cases), len(names)))
    for row, case in enumerate(cases):
        for name, value in case.seen.items():
            if name in at:
                x[row, at[name]] = value
    y = np.array([float(case.right) for case in cases])
    prior = np.array([FIXED.get(name, 0.0) for name in names])
    ridge = np.full(len(names), penalty)
    ridge[[at[name] for name in ("intercept", *NUISANCE) if name in at]] = 1e-3
    ridge[[at[name] for name in FIXED if name in at]] = 1e9
    w = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + ridge * (w - prior)
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + np.diag(ridge), gradient)
        w -= step
        if np.abs(step).max() < 1e-9:
            break
    return {name: float(value) for name, value in zip(names, w, strict=True)}


def log_loss(told: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    """Mean negative log likelihood."""
    return float(-np.mean(right * np.log(told) + (1 - right) * np.log(1 - told)))


def expected_calibration_error(told: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Mean distance of stated and observed share over bins of equal width, weighted by size (Guo et al. 2017)."""
    inside: dict[int, list[tuple[float, bool]]] = {}
    for p, r in zip(told, right, strict=True):
        inside.setdefault(min(int(p * bins), bins - 1), []).append((p, r))
    return sum(abs(sum(p - r for p, r in pairs)) for pairs in inside.values()) / len(told)


def cross_validated(cases: Sequence[Case], names: Sequence[str], penalty: float) -> tuple[float, float]:
    """Log loss and ECE of predictions for documents that were left out of the fit."""
    documents = {document: i % FOLDS for i, document in enumerate(dict.fromkeys(c.document for c in cases))}
    told = np.zeros(len(cases))
    for fold in range(FOLDS):
        known = fit([c for c in cases if documents[c.document] != fold], names, penalty)
        for i, case in enumerate(cases):
            if documents[case.document] == fold:
                told[i] = probability(case.seen, known)
    right = [case.right for case in cases]
    return log_loss(told, np.array(right, dtype=float)), expected_calibration_error(told.tolist(), right)


def table(told: Sequence[float], right: Sequence[bool]) -> Iterator[str]:
    """The reliability table: what was stated, what came true, of how many."""
    yield "  stated      mean   right  mentions"
    for low in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9):
        high = 0.5 if low == 0.0 else low + 0.1
        inside = [
            (p, r) for p, r in zip(told, right, strict=True) if low <= p < high or (p >= 1 and high >= 1)
        ]
        if inside:
            mean, share = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            yield f"  {low:.1f} to {high:.1f}  {mean:.3f}  {share:.3f}  {len(inside)}"


def report(name: str, told: Sequence[float], right: Sequence[bool]) -> Iterator[str]:
    """Table, expected calibration error, Brier score and how well right ones are ordered before wrong ones."""
    yield f"{name}: {len(told)} mentions, {sum(right) / len(right):.3f} right"
    yield from table(told, right)
    brier = sum((p - r) ** 2 for p, r in zip(told, right, strict=True)) / len(told)
    good = np.array([p for p, r in zip(told, right, strict=True) if r])
    bad = np.array([p for p, r in zip(told, right, strict=True) if not r])
    area = float(np.mean((good[:, None] > bad) + 0.5 * (good[:, None] == bad)))
    error = expected_calibration_error(told, right)
    yield f"  expected calibration error {error:.3f}, Brier score {brier:.3f}, area under ROC {area:.3f}"


def main() -> None:
    """Fit, print the reliability of the held-out half, and with `--write` write the weights."""
    gold = read_gold()
    cases = [*gold_cases(text for text in gold if not text.held_out), *public_cases()]
    held = list(gold_cases(text for text in gold if text.held_out))
    names = sorted({name for case in cases for name in case.seen})
    losses = {penalty: cross_validated(cases, names, penalty) for penalty in PENALTIES}
    for penalty, (loss, error) in losses.items():
        sys.stdout.write(f"penalty {penalty}: cross-validated log loss {loss:.4f}, ECE {error:.3f}\n")
    penalty = min(losses, key=lambda one: losses[one][0])
    known = {name: value for name, value in fit(cases, names, penalty).items() if name not in NUISANCE}
    own = [case for case in cases if "public" not in case.seen]
    for name, some in (("development half", own), ("held-out half", held)):
        told = [probability(case.seen, known) for case in some]
        sys.stdout.write("\n".join(report(name, told, [case.right for case in some])) + "\n")
    lines = [
        "# Weights of the confidence of a mention, in log odds; see _confidence.py.",
        f"# Written {date.today().isoformat()} by: PYTHONPATH=tests python tests/tools/calibrate.py --write",  # noqa: DTZ011
        f"# {len(cases)} mentions, {len(own)} of them of our own gold; penalty {penalty}.",
        *(f"{name}\t{value:.4f}" for name, value in known.items()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    if "--write" in sys.argv:
        WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
