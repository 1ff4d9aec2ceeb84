"""Settings of the office that travel with the data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text

from backend.store.tables import SwitchRow
from backend.store.tables.base import Instant

SENDING = "sending"
REGISTRY_LOADED = "registry_loaded"  # when official data were last loaded, whole
_SET = text(
    """
    INSERT INTO switch (name, value, changed_at) VALUES (:name, :value, :at)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at
    """
).bindparams(bindparam("at", type_=Instant))


class Switches:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, name: str, default: str) -> str:
        value = self.connection.execute(select(SwitchRow.value).where(SwitchRow.name == name)).scalar_one_or_none()
        return default if value is None else value

    def set(self, name: str, value: str, *, at: datetime) -> None:
        self.connection.execute(_SET, {"name": name, "value": value, "at": at})

    def registry_loaded_at(self) -> datetime | None:
        """When official data were last loaded to their end."""
        value = self.get(REGISTRY_LOADED, "")
        return datetime.fromisoformat(value) if value else None

    def sending(self) -> bool:
        """False on a restored copy until staff turn it on: two copies must never speak to the same followers."""
        return self.get(SENDING, "on") == "on"
