"""The one way out: an HTTP client that connects only to addresses it has checked.

`guarded_client` is what feeds, article pages and webhooks use; nothing else in Tocsin opens an
outgoing HTTP connection.
"""

from tocsin.network._addresses import check_address
from tocsin.network._client import GuardRefusal, guarded_client

__all__ = ["GuardRefusal", "check_address", "guarded_client"]
