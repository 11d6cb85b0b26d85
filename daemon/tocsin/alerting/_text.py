"""Alerts as plain text and as HTML."""

from __future__ import annotations

from functools import cache
from textwrap import wrap

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from tocsin.alerting._view import AlertView, EventView, Quote, view_of
from tocsin.ports import Outgoing

_WIDTH = 76


def render_text(message: Outgoing) -> str:
    """Plain text, 76 columns; quotes and addresses are not broken into."""
    view = view_of(message)
    parts = [_heading(view), *(_event(number, one) for number, one in enumerate(view.events, 1))]
    return "\n\n".join([*parts, _footer(view)]) + "\n"


def render_html(message: Outgoing) -> str:
    """A whole HTML document with inline styles; sets no colours that a dark client would have to undo."""
    return _template().render(alert=view_of(message), safe_url=safe_url)


def safe_url(url: str | None) -> str | None:
    """The address when it may become a link: http and https only."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("tocsin.alerting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("email.html")


def _heading(view: AlertView) -> str:
    return "\n".join([f"[{view.severity}] {view.title}", "", *_wrapped(view.reason, "")])


def _event(number: int, event: EventView) -> str:
    lines = [*_wrapped(f"{number}. {event.title}", "", "   ")]
    for label, value in event.facts:
        lines += _wrapped(f"{label}: {value}", "   ", "      ")
    for quote in event.quotes:
        lines += _quote(quote)
    if event.more:
        lines.append(f"   and {event.more} more on the page")
    return "\n".join(lines)


def _quote(quote: Quote) -> list[str]:
    body = " ".join(quote.sentence.split())
    lines = [f"   > {body}", f"     {quote.source}"]
    return [*lines, f"     {quote.url}"] if quote.url else lines


def _footer(view: AlertView) -> str:
    labels = "".join(f" {name}={value}" for name, value in view.labels)
    lines = [f"Rule: {view.rule}{labels}"]
    if view.follow_up:
        lines.append("You get this because you got the first alert.")
    if view.link:
        lines.append(view.link)
    return "\n".join(lines)


def _wrapped(text: str, first: str, rest: str | None = None) -> list[str]:
    indent = first if rest is None else rest
    return wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
