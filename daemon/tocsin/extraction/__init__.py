"""Article to mentions: times, places, actors, event types, factuality, claims.

extractor = load_extractor()
extraction = extractor.extract(Document(text, published=...))
"""

from tocsin.extraction._document import Document, Extraction, Fired, Refused, SentenceTrace
from tocsin.extraction._pipeline import Extractor, load_extractor
from tocsin.extraction._pool import ExtractionPool

__all__ = [
    "Document",
    "Extraction",
    "ExtractionPool",
    "Extractor",
    "Fired",
    "Refused",
    "SentenceTrace",
    "load_extractor",
]
