"""Feeds to articles: when to ask, how to ask, how to read the answer.

One poll is `Poller.poll`: fetch, parse, ask the store what is known, `decide_poll`, write.
"""

from tocsin.polling._addresses import feed_address, page_address
from tocsin.polling._catalogs import load_catalog, load_catalogs
from tocsin.polling._decide import Known, decide_poll, lease_for
from tocsin.polling._discover import Look, discover, look_at
from tocsin.polling._documents import read_documents
from tocsin.polling._fetcher import HttpFetcher
from tocsin.polling._formats import ParsedEntry, ParsedFeed, Parser
from tocsin.polling._hubs import Hubs
from tocsin.polling._lists import read_feed_list, read_opml, read_plain_list, write_opml
from tocsin.polling._once import PassReport, poll_once
from tocsin.polling._page_reader import PageReader, PageReaderProcess
from tocsin.polling._page_stage import PageFetcher, PageStage
from tocsin.polling._poller import Poller, PollResult
from tocsin.polling._pool import ParserPool
from tocsin.polling._requests import without_credentials
from tocsin.polling._robots import HttpRobots
from tocsin.polling._schedule import in_words
from tocsin.polling._trace import TraceSummary, summarise

__all__ = [
    "HttpFetcher",
    "HttpRobots",
    "Hubs",
    "Known",
    "Look",
    "PageFetcher",
    "PageReader",
    "PageReaderProcess",
    "PageStage",
    "ParsedEntry",
    "ParsedFeed",
    "Parser",
    "ParserPool",
    "PassReport",
    "PollResult",
    "Poller",
    "TraceSummary",
    "decide_poll",
    "discover",
    "feed_address",
    "in_words",
    "lease_for",
    "load_catalog",
    "load_catalogs",
    "look_at",
    "page_address",
    "poll_once",
    "read_documents",
    "read_feed_list",
    "read_opml",
    "read_plain_list",
    "summarise",
    "without_credentials",
    "write_opml",
]
