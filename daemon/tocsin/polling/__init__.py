"""Feeds to articles: when to ask, how to ask, how to read the answer.

One poll is `Poller.poll`: fetch, parse, ask the store what is known, `decide_poll`, write.
"""

from tocsin.polling._addresses import feed_address
from tocsin.polling._catalogs import load_catalog, load_catalogs
from tocsin.polling._decide import Known, decide_poll, lease_for
from tocsin.polling._discover import Look, discover, look_at
from tocsin.polling._documents import read_documents
from tocsin.polling._fetcher import HttpFetcher
from tocsin.polling._formats import ParsedEntry, ParsedFeed, Parser
from tocsin.polling._lists import read_feed_list, read_opml, read_plain_list, write_opml
from tocsin.polling._once import PassReport, poll_once
from tocsin.polling._poller import Poller, PollResult
from tocsin.polling._pool import ParserPool
from tocsin.polling._schedule import in_words

__all__ = [
    "HttpFetcher",
    "Known",
    "Look",
    "ParsedEntry",
    "ParsedFeed",
    "Parser",
    "ParserPool",
    "PassReport",
    "PollResult",
    "Poller",
    "decide_poll",
    "discover",
    "feed_address",
    "in_words",
    "lease_for",
    "load_catalog",
    "load_catalogs",
    "look_at",
    "poll_once",
    "read_documents",
    "read_feed_list",
    "read_opml",
    "read_plain_list",
    "write_opml",
]
