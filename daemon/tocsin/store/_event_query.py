"""Filters of the timeline as SQL: the same for the timeline today and as it stood at an earlier time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from tocsin.model import INTERNAL_TYPES, EventQuery, MentionCandidate
from tocsin.store._articles import from_feed
from tocsin.store._convert_events import word_key
from tocsin.store._part import as_uuid, page
from tocsin.store._search import revisions_matching
from tocsin.store._shelves import near
from tocsin.store._tables_alerts import alert, alert_event
from tocsin.store._tables_feeds import article, article_revision
from tocsin.store._tables_timeline import event, event_party, event_revision, mention

Condition = ColumnElement[bool]
_BOTH = ("source", "target")
_COMMON = 2_000


@dataclass(frozen=True, slots=True)
class _View:
    """The rows that stand for events: of `event` now, of `event_revision` at an earlier time."""

    c: Any  # columns of EventFacts
    id: ColumnElement[Any]
    revision: ColumnElement[int]
    as_of: datetime | None
    standing: Condition | None  # which rows count
    walked: bool  # parties are looked up event by event, not events party by party


def _view(query: EventQuery, *, walked: bool = False) -> _View:
    if query.as_of is None:
        return _View(event.c, event.c.id, event.c.revision, None, None, walked)
    return _at(query.as_of)


def _at(moment: datetime) -> _View:
    """The latest revision of each event that was known by then."""
    rows, later = event_revision, event_revision.alias()
    replaced = exists().where(
        later.c.event_id == rows.c.event_id, later.c.number > rows.c.number, later.c.known_at <= moment
    )
    return _View(
        rows.c,
        rows.c.event_id,
        rows.c.number,
        moment,
        and_(rows.c.known_at <= moment, ~replaced),
        walked=True,
    )


def party_probe(query: EventQuery) -> Select[Any] | None:
    """Counts, up to `_COMMON`, how often the parties wanted stand; None when no country is asked for."""
    wanted = [words for words in (query.actor, query.source, query.target) if words and _is_code(words)]
    if not wanted or query.as_of is not None:
        return None
    party = event_party.c
    counts = [
        select(func.count()).select_from(
            select(party.id)
            .where(named(party.country, party.key, words), party.until_revision.is_(None))
            .limit(_COMMON)
            .subquery()
        )
        for words in wanted
    ]
    return select(*(count.scalar_subquery() for count in counts))


def is_common(counts: Iterable[int]) -> bool:
    """Whether the newest events with these parties are found soonest by going through the newest events."""
    return all(count >= _COMMON for count in counts)


def event_list(query: EventQuery, *, walked: bool = False) -> Select[Any]:
    """Id and body of the events a query wants, in its order."""
    view = _view(query, walked=walked)
    day, known, last = view.c.when_start, view.c.first_known, view.id
    if query.oldest_first:
        order = [day.asc().nulls_last(), known.asc(), last.asc()]
    else:
        order = [day.desc().nulls_last(), known.desc(), last.desc()]
    limit, offset = page(query.limit, query.offset)
    found = select(view.id.label("id"), view.c.body).where(*_conditions(view, query))
    return found.order_by(*order).limit(limit).offset(offset)


def event_count(query: EventQuery) -> Select[Any]:
    """How many `event_list` would give without limit and offset."""
    view = _view(query)
    return select(func.count()).select_from(view.id.table).where(*_conditions(view, query))


def one_event(event_id: Any, as_of: datetime | None) -> Select[Any]:
    """One event, now or as it stood."""
    view = _view(EventQuery(as_of=as_of))
    standing = () if view.standing is None else (view.standing,)
    return select(view.id.label("id"), view.c.body).where(view.id == event_id, *standing)


def event_candidates(wanted: MentionCandidate, limit: int) -> Select[Any]:
    """Events a mention might be about, newest knowledge first."""
    unindexed = event.c.type + ""  # days narrow down far more than types, and planners cannot know
    found = select(event.c.id, event.c.body).where(near(wanted), below(unindexed, wanted.types))
    if wanted.countries:
        party = event_party.c
        found = found.where(
            exists().where(
                party.event_id == event.c.id,
                party.country.in_(wanted.countries),
                party.until_revision.is_(None),
            )
        )
    return found.order_by(event.c.last_known.desc(), event.c.id.desc()).limit(limit)


def below(column: ColumnElement[str], types: Sequence[str]) -> Condition:
    """The type is one of these or below one: `weapons` matches `weapons.launch`, not `weaponsx`.

    A range, not LIKE, so that an index serves it; "/" is the character after ".".
    """
    return or_(
        false(), *(or_(column == name, and_(column > f"{name}.", column < f"{name}/")) for name in types)
    )


def named(country: ColumnElement[Any], key: ColumnElement[Any], words: str) -> Condition:
    """A country code, or a name (as `word_key` has it) that holds these words as whole words."""
    folded = word_key(words)
    if folded is None:
        return false()
    code = words.strip().upper()
    if _is_code(words):
        return or_(country == code, key == folded)
    return or_(country == code, key.contains(folded, autoescape=True))


def _is_code(words: str) -> bool:
    """Written like a country code; what is written so is not looked for inside names."""
    bare = words.strip()
    return len(bare) == 3 and bare == bare.upper() and bare.isalpha()


def _conditions(view: _View, query: EventQuery) -> list[Condition]:
    wanted = [] if view.standing is None else [view.standing]
    for given, make in _FILTERS:
        if given(query):
            wanted.append(make(view, query))
    return wanted


def _happening(view: _View, since: Any, until: Any) -> list[Condition]:
    """Events any day of which lies within; those without a date never do."""
    conditions = []
    if since is not None:
        conditions.append(view.c.when_end >= since)
    if until is not None:
        conditions.append(view.c.when_start <= until)
    return conditions


def _known(view: _View, query: EventQuery) -> Condition:
    conditions = []
    if query.known_since is not None:
        conditions.append(view.c.first_known > query.known_since)
    if query.known_until is not None:
        conditions.append(view.c.first_known <= query.known_until)
    return and_(*conditions)


def _has_party(view: _View, words: str, roles: Sequence[str]) -> Condition:
    party = event_party.c
    conditions = [named(party.country, party.key, words), party.role.in_(roles)]
    if view.as_of is None:
        conditions.append(party.until_revision.is_(None))
    else:
        conditions.append(party.since_revision <= view.revision)
        conditions.append(or_(party.until_revision.is_(None), party.until_revision > view.revision))
    if view.walked:
        return exists().where(party.event_id == view.id, *conditions)
    return view.id.in_(select(party.event_id).where(*conditions))


def _told_by(view: _View) -> Select[Any]:
    """Events by the mentions that back them, of the article texts that stood at the view's time."""
    told = select(mention.c.event_id).where(mention.c.event_id.is_not(None))
    if view.as_of is None:
        return told.where(mention.c.active)
    text, later = article_revision.alias(), article_revision.alias()
    edited = exists().where(
        later.c.article_id == text.c.article_id,
        later.c.number > text.c.number,
        later.c.known_at <= view.as_of,
    )
    return told.join(
        text, and_(text.c.article_id == mention.c.article_id, text.c.number == mention.c.revision)
    ).where(text.c.known_at <= view.as_of, ~edited)


def _has_words(view: _View, query: EventQuery) -> Condition:
    revision = article_revision.c
    told = _told_by(view).join(
        article_revision,
        and_(revision.article_id == mention.c.article_id, revision.number == mention.c.revision),
    )
    return view.id.in_(told.where(revision.id.in_(revisions_matching(query.text or ""))))


def _from_feed(view: _View, query: EventQuery) -> Condition:
    carried = select(article.c.id).where(from_feed(query.feed or ""))
    return view.id.in_(_told_by(view).where(mention.c.article_id.in_(carried)))


def _fired(view: _View, query: EventQuery) -> Condition:
    fired = select(alert_event.c.event_id).join(alert, alert.c.id == alert_event.c.alert_id)
    fired = fired.where(alert.c.rule == query.rule)
    return view.id.in_(fired if view.as_of is None else fired.where(alert.c.known_at <= view.as_of))


def _of_the_world(view: _View, query: EventQuery) -> Condition:
    del query
    found: Condition = view.c.type.not_in(INTERNAL_TYPES)  # no index serves this, so no plan is led astray
    return found


def _place(view: _View, query: EventQuery) -> Condition:
    return named(view.c.place_country, view.c.place_key, query.place or "")


_FILTERS: tuple[tuple[Callable[[EventQuery], Any], Callable[[_View, EventQuery], Condition]], ...] = (
    (lambda q: not (q.types or q.ids or q.rule), _of_the_world),
    (lambda q: q.types, lambda v, q: below(v.c.type, q.types)),
    (lambda q: q.actor, lambda v, q: _has_party(v, q.actor or "", _BOTH)),
    (lambda q: q.source, lambda v, q: _has_party(v, q.source or "", ("source",))),
    (lambda q: q.target, lambda v, q: _has_party(v, q.target or "", ("target",))),
    (lambda q: q.place, _place),
    (lambda q: q.country, lambda v, q: v.c.place_country == (q.country or "").upper()),
    (lambda q: q.since or q.until, lambda v, q: and_(*_happening(v, q.since, q.until))),
    (lambda q: q.known_since or q.known_until, _known),
    (lambda q: q.statuses, lambda v, q: v.c.status.in_([status.value for status in q.statuses])),
    (lambda q: q.min_owners > 0, lambda v, q: v.c.owner_count >= q.min_owners),
    (lambda q: q.text, _has_words),
    (lambda q: q.rule, _fired),
    (lambda q: q.feed, _from_feed),
    (lambda q: q.ids, lambda v, q: v.id.in_([found for text in q.ids if (found := as_uuid(text))])),
)
