"""Measured against public gold annotation, when it is beside the checkout."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.extraction.times import Anchor, find_times

SHARED = Path(__file__).resolve().parents[3].parent / "shared"


def tag(text, published):
    """The tagger as the scorer calls it; a date that is not ISO 8601 is unknown."""
    try:
        moment = datetime.fromisoformat(published).replace(hour=12, tzinfo=UTC)
    except ValueError:
        moment = None
    return [(t.start, t.end, t.type, t.value) for t in find_times(text, Anchor(moment))]


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore")  # the scorer leaves its files for the collector to close
@pytest.mark.skipif(not (SHARED / "tools" / "score_times.py").exists(), reason="development data is not here")
def test_scores_on_public_news_do_not_fall():
    """Floors a little under what was measured: a change that loses accuracy shows here."""
    spec = importlib.util.spec_from_file_location("score_times", SHARED / "tools" / "score_times.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    docs = scorer.load_dir(str(SHARED / "data" / "times" / "meantime_tml"))
    result, _, _ = scorer.score(docs, tag)
    assert result["all"]["relaxed_F1"] > 0.925
    assert result["all"]["strict_F1"] > 0.87
    assert result["all"]["value_F1"] > 0.815
    assert result["day"]["F1"] > 0.90
