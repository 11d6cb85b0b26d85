"""Hashes of what was read; the first character of a content hash is the version of its recipe."""

from __future__ import annotations

from hashlib import sha256

CONTENT_VERSION = "1"


def content_hash(title: str, text: str) -> str:
    """Version, then the SHA-256 of title, NUL, text in hex: 65 characters."""
    return CONTENT_VERSION + sha256(f"{title}\0{text}".encode()).hexdigest()


def body_hash(body: bytes) -> str:
    """SHA-256 of a body in hex."""
    return sha256(body).hexdigest()
