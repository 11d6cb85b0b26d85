"""What all tables share: one MetaData of our own, with names for every constraint."""

from __future__ import annotations

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """Base of all rows. Migrations can only change what has a name, hence the convention."""

    metadata = MetaData(naming_convention=_NAMES)


def table_of(row: type[Row]) -> Table:
    """The Core table of a row class; statements on hot paths are written against these."""
    return Row.metadata.tables[str(row.__tablename__)]
