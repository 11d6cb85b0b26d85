"""Who: tables of countries, organisations, people and roles, and resolving a noun phrase to an actor."""

from tocsin.extraction.actors._names import Name, Names, load_names
from tocsin.extraction.actors._roles import Roles, load_roles

__all__ = ["Name", "Names", "Roles", "load_names", "load_roles"]
