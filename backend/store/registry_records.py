"""What official bulk tables say of patent numbers, as staff loaded them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, Connection, Date, bindparam, func, select, text

from backend.domain.patents import PatentKind
from backend.domain.registry import LegalStatus, PatentRecord
from backend.store.tables import RegistryRecordRow
from backend.store.tables.base import Instant

_COLUMNS = (
    "number, title, kind, filed_on, granted_on, holders, ipc_main, abstract, status, annuity_paid_until, source, "
    "as_of, loaded_at"
)
_KEPT = ("title", "kind", "filed_on", "granted_on", "holders", "ipc_main", "abstract", "status", "annuity_paid_until",
         "source", "as_of", "loaded_at")  # fmt: skip
_PUT = text(
    f"INSERT INTO registry_record ({_COLUMNS}) VALUES ({', '.join(f':{name}' for name in _COLUMNS.split(', '))}) "  # noqa: S608 names of our own columns
    f"ON CONFLICT (number) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _KEPT)} "
    "WHERE excluded.as_of >= registry_record.as_of"
).bindparams(
    bindparam("holders", type_=JSON),
    bindparam("filed_on", type_=Date),
    bindparam("granted_on", type_=Date),
    bindparam("annuity_paid_until", type_=Date),
    bindparam("as_of", type_=Instant),
    bindparam("loaded_at", type_=Instant),
)


class RegistryRecords:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, records: Sequence[PatentRecord], *, loaded_at: datetime) -> None:
        """An older table never overwrites what a newer one said. Every record has its `as_of`."""
        if records:
            self.connection.execute(_PUT, [_row(record, loaded_at) for record in records])

    def get(self, number: str) -> PatentRecord | None:
        row = self.connection.execute(
            select(*RegistryRecordRow.__table__.columns).where(RegistryRecordRow.number == number)
        ).first()
        if row is None:
            return None
        return PatentRecord(
            number=row.number,
            title=row.title,
            kind=PatentKind(row.kind),
            filed_on=row.filed_on,
            granted_on=row.granted_on,
            holders=tuple(row.holders),
            ipc_main=row.ipc_main,
            abstract=row.abstract,
            status=LegalStatus(row.status),
            annuity_paid_until=row.annuity_paid_until,
            source=row.source,
            as_of=row.as_of,
        )

    def count(self) -> int:
        return self.connection.execute(select(func.count()).select_from(RegistryRecordRow)).scalar_one()


def _row(record: PatentRecord, loaded_at: datetime) -> dict[str, object]:
    assert record.as_of is not None, "a table says when it was true"
    return {
        "number": record.number,
        "title": record.title,
        "kind": str(record.kind),
        "filed_on": record.filed_on,
        "granted_on": record.granted_on,
        "holders": list(record.holders),
        "ipc_main": record.ipc_main,
        "abstract": record.abstract,
        "status": str(record.status),
        "annuity_paid_until": record.annuity_paid_until,
        "source": record.source[-200:],
        "as_of": record.as_of,
        "loaded_at": loaded_at,
    }
