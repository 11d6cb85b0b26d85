"""Fakes with verbs for every port, and real local servers for what leaves the machine. Public.

clock = FakeClock(); clock.advance(60)
fetcher = FakeFetcher().reply("https://news.example/feed", body).not_modified("https://news.example/feed")
with WebhookReceiver() as receiver, MailSink() as sink: ...
"""

from tocsin.testing._fetcher import FakeFetcher
from tocsin.testing._mail import MailSink, ReceivedMail
from tocsin.testing._receiver import ReceivedRequest, WebhookReceiver
from tocsin.testing._sender import FakeSender
from tocsin.testing._store import memory_store
from tocsin.testing._time import FakeClock, SequentialIds, numbered_id
from tocsin.testing.recorded import RecordedFeeds, Recording

__all__ = [
    "FakeClock",
    "FakeFetcher",
    "FakeSender",
    "MailSink",
    "ReceivedMail",
    "ReceivedRequest",
    "RecordedFeeds",
    "Recording",
    "SequentialIds",
    "WebhookReceiver",
    "memory_store",
    "numbered_id",
]
