"""The access token: one fetch for any number of processes, by a lease in SQL."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, text, update

from backend.store.tables import AccessTokenRow
from backend.store.tables.base import Instant

LEASE = timedelta(seconds=15)
_ROW = text(
    "INSERT INTO access_token (app_id, token, lease_by) VALUES (:app_id, '', '') ON CONFLICT (app_id) DO NOTHING"
)
_LEASE = text(
    """
    UPDATE access_token SET lease_by = :by, lease_until = :until
    WHERE app_id = :app_id AND (lease_until IS NULL OR lease_until < :at)
    """
).bindparams(bindparam("until", type_=Instant), bindparam("at", type_=Instant))


class Tokens:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def current(self, app_id: str, *, at: datetime) -> str:
        """A token that is good now, or the empty string."""
        row = self.connection.execute(
            select(AccessTokenRow.token, AccessTokenRow.good_until).where(AccessTokenRow.app_id == app_id)
        ).one_or_none()
        return row.token if row and row.good_until and row.good_until > at else ""

    def lease(self, app_id: str, *, by: str, at: datetime) -> bool:
        """True for the one process that shall fetch."""
        self.connection.execute(_ROW, {"app_id": app_id})
        taken = self.connection.execute(_LEASE, {"app_id": app_id, "by": by, "until": at + LEASE, "at": at})
        return taken.rowcount == 1

    def discard(self, app_id: str, token: str) -> None:
        self.connection.execute(
            update(AccessTokenRow)
            .where(AccessTokenRow.app_id == app_id, AccessTokenRow.token == token)
            .values(token="", good_until=None)
        )

    def put(self, app_id: str, token: str, *, good_until: datetime, by: str) -> None:
        self.connection.execute(
            update(AccessTokenRow)
            .where(AccessTokenRow.app_id == app_id, AccessTokenRow.lease_by == by)
            .values(token=token, good_until=good_until, lease_by="", lease_until=None)
        )

    def release(self, app_id: str, *, by: str) -> None:
        """The fetch failed: let the next one try."""
        self.connection.execute(
            update(AccessTokenRow)
            .where(AccessTokenRow.app_id == app_id, AccessTokenRow.lease_by == by)
            .values(lease_by="", lease_until=None)
        )
