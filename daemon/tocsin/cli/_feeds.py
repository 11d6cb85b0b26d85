"""How feeds, looks at feeds and polls are shown on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tocsin.cli._common import errors
from tocsin.errors import FetchError, UsageError
from tocsin.model import Feed, FeedHealth

if TYPE_CHECKING:
    from tocsin.polling import Look, PassReport, PollResult
    from tocsin.ports import FeedStore


_PAGE = 1000


def all_feeds(store: FeedStore, text: str | None = None) -> Iterator[Feed]:
    """Every feed, or those that `text` finds, read in portions."""
    offset = 0
    while feeds := store.feeds(text=text, limit=_PAGE, offset=offset):
        yield from feeds
        offset += len(feeds)


def counted(number: int, noun: str) -> str:
    """`1 feed`, `3 feeds`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def nothing_to_show(*, chosen: bool) -> str:
    """What is said in place of an empty table; `chosen` when some feeds were asked for and none is among them."""
    if chosen:
        return "No feed is like that. `tocsin feeds list` shows all."
    return "No feeds. Add one with `tocsin feeds add URL`, or many with `tocsin feeds import FILE`."


def parse_header(text: str) -> tuple[str, str]:
    """A header as a pair of name and value; raise `UsageError` for anything else."""
    name, colon, value = text.partition(":")
    if not colon or not name.strip() or not value.strip() or not value.strip().isprintable():
        raise UsageError(f"--header {text}: no header", hint='write it like "Authorization: Bearer ${TOKEN}"')
    return name.strip(), value.strip()


def check_options(**values: str | None) -> None:
    """Refuse what a catalog may not have either. Raises `UsageError` that names the option."""
    from tocsin.polling import fault_in

    for name, value in values.items():
        wrong = None if value is None else fault_in(name, value)
        if wrong:
            raise UsageError(
                f"--{name} {value}: not a {name}", hint=f"it must be {wrong.partition(' must be ')[2]}"
            )


def state_in_words(feed: Feed, moment: datetime) -> str:
    """The state of a feed as one sentence: what was, and when it is tried next."""
    from tocsin.polling import in_words as words

    due = feed.next_due_at
    if due is None or due <= moment:
        then = "due now"
    else:
        then = f"next try in {words(due - moment)} ({due:%Y-%m-%d %H:%M} UTC)"
    if feed.health is FeedHealth.MUTED:
        return f"not asked: {feed.muted_reason or 'switched off'}"
    if feed.health is FeedHealth.NEW:
        return f"not asked yet; {then}"
    if feed.health is FeedHealth.FAILING:
        since = (
            f", last good {words(moment - feed.last_ok_at)} ago" if feed.last_ok_at else ", never good yet"
        )
        times = f"{feed.failures} times" if feed.failures > 1 else "once"
        return f"failed {times} ({feed.last_failure}): {feed.last_detail}{since}; {then}"
    asked = f"asked {words(moment - feed.last_polled_at)} ago; " if feed.last_polled_at else ""
    moved = (
        f"; redirected for good to {feed.moved_to} since {feed.moved_at:%Y-%m-%d}" if feed.moved_to else ""
    )
    quiet = f"quiet since {feed.quiet_since:%Y-%m-%d}; " if feed.quiet_since else ""
    return f"{quiet}{asked}{then}{moved}"


def feed_json(feed: Feed) -> dict[str, Any]:
    """Specification, state and health, flat."""
    state = asdict(feed)
    spec: dict[str, Any] = state.pop("spec")
    moments = {key: value.isoformat() for key, value in state.items() if isinstance(value, datetime)}
    return {**spec, **state, **moments, "id": str(feed.id), "health": feed.health.value}


def verdict(found: Look | FetchError, moment: datetime) -> tuple[str, str]:
    """One word and one sentence."""
    from tocsin.polling import in_words as words

    if isinstance(found, FetchError):
        return str(found.failure), str(found)
    age = f"newest {words(moment - found.newest)} ago" if found.newest else "no dates"
    moved = [f"moved for good to {found.moved_to}"] if found.moved_to else []
    told = [f"{found.feed.kind or 'feed'}, {len(found.feed.entries)} entries, {age}"]
    return "ok", "; ".join([*told, *moved, *found.feed.notes, *found.feed.refused[:3]])


def look_json(look: Look) -> dict[str, Any]:
    """What was found at an address."""
    return {
        "feed": look.url,
        "title": look.title,
        "kind": look.feed.kind,
        "entries": len(look.feed.entries),
        "newest": look.newest.isoformat() if look.newest else None,
        "moved_to": look.moved_to,
        "found_by": look.found_by,
        "notes": [*look.feed.notes, *look.feed.refused],
    }


def look_row(look: Look) -> tuple[object, ...]:
    """The same for a table."""
    newest = f"{look.newest:%Y-%m-%d %H:%M}" if look.newest else "no dates"
    return look.url, look.title, look.feed.kind, len(look.feed.entries), newest, look.found_by


def poll_json(result: PollResult) -> dict[str, Any]:
    """What one poll came to."""
    fetch = result.fetch
    return {
        "url": result.feed.spec.url,
        "outcome": fetch.outcome.value,
        "failure": fetch.failure.value if fetch.failure else None,
        "status": fetch.http_status,
        "entries": fetch.entries,
        "new": fetch.new,
        "edited": fetch.changed,
        "refused": fetch.refused,
        "ms": fetch.duration_ms,
        "reason": fetch.reason,
        "next_due_at": fetch.next_due_at.isoformat() if fetch.next_due_at else None,
    }


def summary(report: PassReport) -> str:
    """One line for people: "polled 3 feeds: 2 changed, 1 failed (dns 1); 40 new articles, 0 edited"."""
    if not report.feeds:
        return "no feed is due; --all asks those that are not due too"
    outcomes = [
        f"{count} {outcome.value.replace('_', ' ')}" for outcome, count in report.outcomes.most_common()
    ]
    if report.failures:
        classes = ", ".join(f"{failure.value} {count}" for failure, count in report.failures.most_common())
        outcomes = [f"{part} ({classes})" if part.endswith("failed") else part for part in outcomes]
    return (
        f"polled {counted(report.feeds, 'feed')}: {', '.join(outcomes)}; "
        f"{counted(report.new, 'new article')}, {report.edited} edited"
    )


@contextmanager
def progress(results: list[dict[str, Any]] | None) -> Iterator[Callable[[PollResult, int, int], None]]:
    """A bar on a terminal, nothing in a pipe; what each poll came to is gathered where `results` is a list."""
    columns = (TextColumn("polling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, TextColumn("{task.fields[now]}"), console=errors, transient=True)
    task = bar.add_task("polling", total=None, now="")

    def tell(result: PollResult, done: int, total: int) -> None:
        if results is not None:
            results.append(poll_json(result))
        if errors.is_terminal:
            bar.update(task, completed=done, total=total, now=result.feed.spec.url[:60])

    with bar if errors.is_terminal else nullcontext():
        yield tell
