"""The audit log: appended to, read, verified; never changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, insert, select, text

from backend.domain.audit import BEGINNING, AuditEntry, Broken, digest_of, first_broken
from backend.domain.roles import Actor, Role
from backend.store.tables import AuditRow

PAGE = 1000
_LOCK = 4_242_001  # one appender at a time on PostgreSQL; on SQLite a write transaction is alone anyway
_ALL = select(*AuditRow.__table__.columns)
_ADD = insert(AuditRow)
_NEWEST = select(AuditRow.digest).order_by(AuditRow.id.desc()).limit(1)


class Audit:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, by: Actor, action: str, subject: str, *, before: str = "", after: str = "", at: datetime) -> None:
        """Ids, states and codes only: nothing that a person could be known by."""
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        said = {"action": action[:64], "subject": subject[:64], "before": before[:200], "after": after[:200]}
        previous = self.head()
        digest = digest_of(previous=previous, at=at, by=by, **said)
        self.connection.execute(
            _ADD, {"at": at, "role": str(by.role), "by": by.id, "previous": previous, "digest": digest, **said}
        )

    def head(self) -> str:
        """The newest digest; worth noting down elsewhere, for it shows when entries at the end are taken away."""
        return self.connection.execute(_NEWEST).scalar_one_or_none() or BEGINNING

    def entries(self, *, subject: str | None = None) -> Iterator[AuditEntry]:
        """Oldest first, in pages."""
        after = 0
        wanted = _ALL if subject is None else _ALL.where(AuditRow.subject == subject)
        while True:
            rows = self.connection.execute(wanted.where(AuditRow.id > after).order_by(AuditRow.id).limit(PAGE)).all()
            for row in rows:
                yield AuditEntry(
                    id=row.id,
                    at=row.at,
                    by=Actor(Role(row.role), row.by),
                    action=row.action,
                    subject=row.subject,
                    before=row.before,
                    after=row.after,
                    previous=row.previous,
                    digest=row.digest,
                )
            if len(rows) < PAGE:
                return
            after = rows[-1].id

    def verify(self, *, head: str | None = None) -> Broken | None:
        """None where every entry fits the one before it; `head` is a digest noted down earlier."""
        return first_broken(self.entries(), head=head)
