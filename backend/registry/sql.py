"""The register as official bulk tables have it."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from backend.domain.registry import PatentRecord, RegistryDown
from backend.store.database import Database, DatabaseUnreachable


class SqlRegistry:
    """Answers from the tables that staff loaded (`backend.services.registry.loading`)."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def look_up(self, number: str) -> PatentRecord | None:
        try:
            with self.database.read() as uow:
                return uow.registry.get(number)
        except (DatabaseUnreachable, OperationalError) as error:
            raise RegistryDown(source="sql") from error
