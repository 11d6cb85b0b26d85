"""Event types and their patterns, as data: one YAML file a family, read by `load_ontology`."""

from tocsin.extraction.ontology._load import load_ontology
from tocsin.extraction.ontology._types import EventType, Example, Ontology, Pattern, Words

__all__ = ["EventType", "Example", "Ontology", "Pattern", "Words", "load_ontology"]
