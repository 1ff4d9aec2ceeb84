"""The register as official bulk tables have it."""

from __future__ import annotations

from sqlalchemy.exc import OperationalError

from backend.domain.registry import DEMONSTRATION, PatentRecord, RegistryDown
from backend.store.database import Database, DatabaseUnreachable


class SqlRegistry:
    """Answers from the tables that staff loaded (`backend.services.registry.loading`).

    With `demonstration` the invented records answer too; without it they are not there, whatever the database holds.
    """

    def __init__(self, database: Database, *, demonstration: bool = False) -> None:
        self.database, self.demonstration = database, demonstration

    def look_up(self, number: str) -> PatentRecord | None:
        try:
            with self.database.read() as uow:
                found = uow.registry.get(number)
        except (DatabaseUnreachable, OperationalError) as error:
            raise RegistryDown(source="sql") from error
        return found if found is None or self.demonstration or found.source != DEMONSTRATION else None
