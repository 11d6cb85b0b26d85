"""Which feeds the fast parser may read. Pure.

A feed earns it when both parsers gave the same effective fields for `AGREEMENTS` documents in a row, is compared
again every `RECHECK`, and loses it with the first doubt; after a doubt it is compared again `RETRY` later at the
earliest, so that a feed on which they never agree does not cost two parsers each time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tocsin.model import Certificate
from tocsin.polling._formats import ParsedFeed, Way

AGREEMENTS = 3
RECHECK = timedelta(days=3)
RETRY = timedelta(days=1)


def way_of(certificate: Certificate, now: datetime) -> Way:
    """How the next document of a feed is to be read."""
    checked = certificate.checked_at
    if checked is None:
        return Way.BOTH
    if certificate.doubt is not None:
        return Way.BOTH if now - checked >= RETRY else Way.REFERENCE
    if certificate.agreed < AGREEMENTS or now - checked >= RECHECK:
        return Way.BOTH
    return Way.FAST


def certified(certificate: Certificate, parsed: ParsedFeed | None, now: datetime) -> Certificate:
    """The certificate after a document; the same where nothing was compared."""
    if parsed is None or parsed.agreed is None:
        return certificate
    if parsed.agreed:
        return Certificate(agreed=certificate.agreed + 1, checked_at=now)
    return Certificate(checked_at=now, doubt=parsed.doubt)
