"""Feeds to articles: when to ask, how to ask, how to read the answer.

One poll is `Poller.poll`: fetch, parse, ask the store what is known, `decide_poll`, write.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.polling._addresses import feed_address, page_address
    from tocsin.polling._catalogs import fault_in, load_catalog, load_catalogs
    from tocsin.polling._certify import way_of
    from tocsin.polling._decide import Known, decide_poll, lease_for
    from tocsin.polling._discover import Look, discover, look_at
    from tocsin.polling._documents import read_documents
    from tocsin.polling._doubles import Double, doubles
    from tocsin.polling._fetcher import HttpFetcher
    from tocsin.polling._formats import ParsedEntry, ParsedFeed, Parser, Way
    from tocsin.polling._hubs import Hubs
    from tocsin.polling._lists import has_secret, read_feed_list, read_opml, read_plain_list, write_opml
    from tocsin.polling._once import PassReport, poll_once
    from tocsin.polling._page_reader import PageReader, PageReaderProcess
    from tocsin.polling._page_stage import PageFetcher, PageStage
    from tocsin.polling._poller import Poller, PollResult
    from tocsin.polling._pool import ParserPool
    from tocsin.polling._quiet import Silence, SilenceVerdict, judge_silence, silence_of
    from tocsin.polling._quiet_event import quiet_event_id
    from tocsin.polling._requests import without_credentials
    from tocsin.polling._robots import HttpRobots
    from tocsin.polling._schedule import in_words
    from tocsin.polling._trace import TraceSummary, summarise

__all__ = [
    "Double",
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
    "Silence",
    "SilenceVerdict",
    "TraceSummary",
    "Way",
    "decide_poll",
    "discover",
    "doubles",
    "fault_in",
    "feed_address",
    "has_secret",
    "in_words",
    "judge_silence",
    "lease_for",
    "load_catalog",
    "load_catalogs",
    "look_at",
    "page_address",
    "poll_once",
    "quiet_event_id",
    "read_documents",
    "read_feed_list",
    "read_opml",
    "read_plain_list",
    "silence_of",
    "summarise",
    "way_of",
    "without_credentials",
    "write_opml",
]

_HOMES = {
    "feed_address": "_addresses",
    "page_address": "_addresses",
    "fault_in": "_catalogs",
    "load_catalog": "_catalogs",
    "load_catalogs": "_catalogs",
    "way_of": "_certify",
    "Known": "_decide",
    "decide_poll": "_decide",
    "lease_for": "_decide",
    "Look": "_discover",
    "discover": "_discover",
    "look_at": "_discover",
    "read_documents": "_documents",
    "Double": "_doubles",
    "doubles": "_doubles",
    "HttpFetcher": "_fetcher",
    "ParsedEntry": "_formats",
    "ParsedFeed": "_formats",
    "Parser": "_formats",
    "Way": "_formats",
    "Hubs": "_hubs",
    "has_secret": "_lists",
    "read_feed_list": "_lists",
    "read_opml": "_lists",
    "read_plain_list": "_lists",
    "write_opml": "_lists",
    "PassReport": "_once",
    "poll_once": "_once",
    "PageReader": "_page_reader",
    "PageReaderProcess": "_page_reader",
    "PageFetcher": "_page_stage",
    "PageStage": "_page_stage",
    "Poller": "_poller",
    "PollResult": "_poller",
    "ParserPool": "_pool",
    "Silence": "_quiet",
    "SilenceVerdict": "_quiet",
    "judge_silence": "_quiet",
    "silence_of": "_quiet",
    "quiet_event_id": "_quiet_event",
    "without_credentials": "_requests",
    "HttpRobots": "_robots",
    "in_words": "_schedule",
    "TraceSummary": "_trace",
    "summarise": "_trace",
}


def __getattr__(name: str) -> object:
    """Imported when it is asked for: a parser process needs little of this, and starts in a third of the time."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found
