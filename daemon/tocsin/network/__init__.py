"""The one way out: an HTTP client that connects only to addresses it has checked.

`guarded_client` is what feeds, article pages and webhooks use; nothing else in Tocsin opens an
outgoing HTTP connection.
"""

from tocsin.network._addresses import check_address
from tocsin.network._client import GuardRefusal, guarded_client
from tocsin.network._decode import ACCEPT_ENCODING, decoder
from tocsin.network._domains import host_name, lane_of, registrable_domain
from tocsin.network._environment import from_environment, names_secret

__all__ = [
    "ACCEPT_ENCODING",
    "GuardRefusal",
    "check_address",
    "decoder",
    "from_environment",
    "guarded_client",
    "host_name",
    "lane_of",
    "names_secret",
    "registrable_domain",
]
