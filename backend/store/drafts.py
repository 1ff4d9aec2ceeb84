"""Unfinished answers: one row per follower, flow and subject."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, delete, select, text

from backend.domain.drafts import Draft
from backend.store.tables import DraftRow
from backend.store.tables.base import Instant

MOST = 200  # an officer's list; nobody works on more at a time
_SAVE = text(
    """
    INSERT INTO draft (openid, flow, subject, answers, version, misses, saved_at)
    VALUES (:openid, :flow, :subject, :answers, :version, :misses, :at)
    ON CONFLICT (openid, flow, subject) DO UPDATE SET answers = excluded.answers, version = excluded.version,
        misses = excluded.misses, saved_at = excluded.saved_at
    """
).bindparams(bindparam("answers", type_=JSON), bindparam("at", type_=Instant))


class Drafts:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def save(self, openid: str, draft: Draft, *, at: datetime) -> None:
        self.connection.execute(
            _SAVE,
            {
                "openid": openid,
                "flow": draft.flow,
                "subject": draft.subject,
                "answers": draft.answers,
                "version": draft.version,
                "misses": draft.misses,
                "at": at,
            },
        )

    def drop(self, openid: str, flow: str, subject: str) -> None:
        self.connection.execute(
            delete(DraftRow).where(DraftRow.openid == openid, DraftRow.flow == flow, DraftRow.subject == subject)
        )

    def of(self, openid: str) -> tuple[Draft, ...]:
        """Newest first."""
        rows = self.connection.execute(
            select(*DraftRow.__table__.columns)
            .where(DraftRow.openid == openid)
            .order_by(DraftRow.saved_at.desc(), DraftRow.flow, DraftRow.subject)
            .limit(MOST)
        )
        return tuple(
            Draft(
                flow=row.flow,
                subject=row.subject,
                answers=row.answers,
                version=row.version,
                misses=row.misses,
                saved_at=row.saved_at,
            )
            for row in rows
        )

    def answers(self, openid: str, flow: str, subject: str) -> dict[str, Any] | None:
        return self.connection.execute(
            select(DraftRow.answers).where(
                DraftRow.openid == openid, DraftRow.flow == flow, DraftRow.subject == subject
            )
        ).scalar_one_or_none()

    def held(self, openid: str, flow: str, subject: str) -> dict[str, Any] | None:
        """As `answers`, and nobody changes the row before this transaction ends."""
        return self.connection.execute(
            select(DraftRow.answers)
            .where(DraftRow.openid == openid, DraftRow.flow == flow, DraftRow.subject == subject)
            .with_for_update()
        ).scalar_one_or_none()

    def forget_before(self, before: datetime) -> int:
        """Drafts that nobody has touched for long; how many."""
        return self.connection.execute(delete(DraftRow).where(DraftRow.saved_at < before)).rowcount
