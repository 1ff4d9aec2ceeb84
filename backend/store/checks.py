"""Findings of verifications. Nothing is overwritten; the newest of each kind counts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from backend.domain.verification import Article, Check, CheckId, Outcome
from backend.store.tables import VerificationCheckRow

_ADD = insert(VerificationCheckRow)


class Checks:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, declaration_id: int, checks: Sequence[Check]) -> None:
        if checks:
            self.connection.execute(
                _ADD,
                [
                    {
                        "declaration_id": declaration_id,
                        "check_id": str(check.id),
                        "outcome": str(check.outcome),
                        "article": str(check.article),
                        "code": check.code,
                        "evidence": check.evidence,
                        "at": check.at,
                        "by": check.by,
                    }
                    for check in checks
                ],
            )

    def all(self, declaration_id: int) -> list[Check]:
        """Every finding ever made, oldest first."""
        rows = self.connection.execute(
            select(*VerificationCheckRow.__table__.columns)
            .where(VerificationCheckRow.declaration_id == declaration_id)
            .order_by(VerificationCheckRow.id)
        )
        return [
            Check(
                id=CheckId(row.check_id),
                outcome=Outcome(row.outcome),
                article=Article(row.article),
                code=row.code,
                evidence=row.evidence,
                at=row.at,
                by=row.by,
            )
            for row in rows
        ]

    def newest(self, declaration_id: int) -> tuple[Check, ...]:
        """The finding that counts of each check."""
        return tuple({check.id: check for check in self.all(declaration_id)}.values())
