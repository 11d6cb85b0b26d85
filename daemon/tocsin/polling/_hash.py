"""Hashes of what was read; the first character of a content hash is the version of its recipe."""

from __future__ import annotations

from hashlib import sha256

from tocsin.model import content_hash

__all__ = ["body_hash", "content_hash"]


def body_hash(body: bytes) -> str:
    """SHA-256 of a body in hex."""
    return sha256(body).hexdigest()
