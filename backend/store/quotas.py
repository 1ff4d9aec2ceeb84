"""What may still be asked of the platform's calls today. The day is Hubei's; a call that has to rest resumes by itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text

from backend.domain.clock import day_of
from backend.store.tables import ApiDayRow
from backend.store.tables.base import Instant

_USE = text(
    """
    INSERT INTO api_day (api, day, used) VALUES (:api, :day, :times)
    ON CONFLICT (api, day) DO UPDATE SET used = api_day.used + excluded.used
    """
)
_REST = text(
    """
    INSERT INTO api_day (api, day, used, rests_until) VALUES (:api, :day, 0, :until)
    ON CONFLICT (api, day) DO UPDATE SET rests_until = excluded.rests_until
    WHERE api_day.rests_until IS NULL OR api_day.rests_until < excluded.rests_until
    """
).bindparams(bindparam("until", type_=Instant))

_TODAY = select(ApiDayRow.api, ApiDayRow.used, ApiDayRow.rests_until).where(ApiDayRow.day == bindparam("day"))


@dataclass(frozen=True, slots=True)
class ApiDay:
    used: int = 0
    rests_until: datetime | None = None


class Quotas:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def hold(self, apis: Collection[str], *, at: datetime) -> dict[str, ApiDay]:
        """What was used of them today, locked until the transaction ends: two workers never spend the same call."""
        day = day_of(at)
        self.connection.execute(_USE, [{"api": api, "day": day, "times": 0} for api in sorted(apis)])
        held = self.connection.execute(_TODAY, {"day": day})
        return {row.api: ApiDay(row.used, row.rests_until) for row in held if row.api in apis}

    def use(self, api: str, times: int, *, at: datetime) -> None:
        self.connection.execute(_USE, {"api": api, "day": day_of(at), "times": times})

    def rest(self, api: str, *, until: datetime, at: datetime) -> None:
        """The platform wants no more of this call before then; an earlier end never shortens a later one."""
        self.connection.execute(_REST, {"api": api, "day": day_of(at), "until": until})

    def today(self, *, at: datetime) -> dict[str, ApiDay]:
        rows = self.connection.execute(_TODAY, {"day": day_of(at)})
        return {row.api: ApiDay(row.used, row.rests_until) for row in rows}
