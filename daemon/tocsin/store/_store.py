"""`SqlStore`: every port of the store on one SQL database."""

from __future__ import annotations

from tocsin.ports import Clock, Ids
from tocsin.store._alerts import Alerts
from tocsin.store._articles import Articles
from tocsin.store._claims import Claims
from tocsin.store._deliveries import Deliveries
from tocsin.store._engine import Database
from tocsin.store._feeds import Feeds
from tocsin.store._hubs import Hubs
from tocsin.store._links import Links
from tocsin.store._maintenance import Maintenance
from tocsin.store._migrate import SHIPPED, current_revision
from tocsin.store._pages import Pages
from tocsin.store._politeness import Politeness
from tocsin.store._statistics import refresh_statistics
from tocsin.store._timeline import Timeline


class SqlStore(
    Feeds, Hubs, Politeness, Articles, Pages, Timeline, Claims, Links, Alerts, Deliveries, Maintenance
):
    """`tocsin.ports.Store`. Methods may be called from any thread; each is one transaction."""

    def close(self) -> None:
        """Give back connections."""
        self._db.close()


def open_store(
    url: str, *, clock: Clock | None = None, ids: Ids | None = None, migrate: bool = True
) -> SqlStore:
    """The database at `url`, made when it is not there and brought to this program's schema.

    `url` is SQLAlchemy's form: `sqlite:///tocsin.sqlite` (relative), `sqlite:////var/lib/tocsin/t.sqlite`,
    `sqlite://` (in memory). `?timeout=SECONDS` says how long to wait for locks, `?synchronous=normal`
    trades the newest commits on a power cut for speed. With `migrate=False` the schema stays as it is.

    Raises:
        ConfigurationError: the address cannot be understood.
        StoreTooNewError: a newer Tocsin wrote the database.
        StoreCorruptError: the file is not a database, or damaged.
        StoreBusyError: it stayed locked.
        StoreError: the folder or file cannot be used.
    """
    database = Database(url)
    try:
        if migrate:
            SHIPPED.upgrade(database)
            refresh_statistics(database)
        else:
            SHIPPED.refuse_newer(current_revision(database), database.place)
    except BaseException:
        database.close()
        raise
    return SqlStore(database, clock, ids)
