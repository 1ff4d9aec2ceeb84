"""The shelf on which any number of processes keep one access token. A lease in SQL lets one fetch."""

from __future__ import annotations

from datetime import datetime

from backend.store.database import Database


class TokenShelf:
    def __init__(self, database: Database) -> None:
        self.database = database

    def current(self, app_id: str, *, at: datetime) -> str:
        """A token good at that moment, or the empty string."""
        with self.database.read() as uow:
            return uow.tokens.current(app_id, at=at)

    def lease(self, app_id: str, *, by: str, at: datetime) -> bool:
        """True for the one process that shall fetch."""
        with self.database.write() as uow:
            if not uow.tokens.lease(app_id, by=by, at=at):
                return False
            if not uow.tokens.current(app_id, at=at):
                return True
            uow.tokens.release(app_id, by=by)  # somebody fetched between our caller's look and our lease
            return False

    def put(self, app_id: str, token: str, *, good_until: datetime, by: str) -> None:
        with self.database.write() as uow:
            uow.tokens.put(app_id, token, good_until=good_until, by=by)

    def release(self, app_id: str, *, by: str) -> None:
        with self.database.write() as uow:
            uow.tokens.release(app_id, by=by)

    def discard(self, app_id: str, token: str) -> None:
        """The platform calls this token bad: nobody uses it again. A newer one stays."""
        with self.database.write() as uow:
            uow.tokens.discard(app_id, token)
