"""Tocsin: an event timeline and alerting daemon for world news."""

__version__ = "0.1.0"
