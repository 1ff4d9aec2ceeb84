"""Attachments: whose, of what, and the pictures that are still to be fetched."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, func, select, text, update

from backend.domain.attachments import LEASE, Attachment, AttachmentKind, AttachmentStatus, Fetch
from backend.store.tables import AttachmentRow
from backend.store.tables.base import Instant

_ALL = select(*AttachmentRow.__table__.columns)
_ADD = text(
    """
    INSERT INTO attachment (key, openid, number, kind, status, media_id, digest, media_type, size, name, added_at, due_at,
        attempts, reason, declaration_id, institution_id)
    VALUES (:key, :openid, :number, :kind, :status, :media_id, :digest, :media_type, :size, :name, :at, :at, 0, '',
        :declaration_id, NULL)
    ON CONFLICT (key) DO NOTHING
    """
).bindparams(bindparam("at", type_=Instant))
_LOOSE = AttachmentRow.declaration_id.is_(None) & AttachmentRow.institution_id.is_(None)


def _attachment(row: Row[*tuple[Any, ...]]) -> Attachment:
    return Attachment(
        id=row.id,
        openid=row.openid,
        number=row.number,
        kind=AttachmentKind(row.kind),
        status=AttachmentStatus(row.status),
        added_at=row.added_at,
        digest=row.digest,
        media_type=row.media_type,
        size=row.size,
        name=row.name,
        declaration_id=row.declaration_id,
        institution_id=row.institution_id,
    )


class Attachments:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(
        self,
        *,
        key: str,
        openid: str,
        number: str,
        kind: AttachmentKind,
        at: datetime,
        media_id: str = "",
        digest: str = "",
        media_type: str = "",
        size: int = 0,
        name: str = "",
        declaration_id: int | None = None,
    ) -> bool:
        """With `media_id` to be fetched, else kept already; False where the key was before."""
        status = AttachmentStatus.WAITING if media_id else AttachmentStatus.KEPT
        values = {
            "key": key,
            "openid": openid,
            "number": number,
            "kind": str(kind),
            "status": str(status),
            "media_id": media_id,
            "digest": digest,
            "media_type": media_type,
            "size": size,
            "name": name,
            "at": at,
            "declaration_id": declaration_id,
        }
        return self.connection.execute(_ADD, values).rowcount == 1

    def of_draft(self, openid: str, number: str) -> tuple[Attachment, ...]:
        """What goes with the follower's draft about this patent, or (“”) about an institution; oldest first."""
        return self._list((AttachmentRow.openid == openid) & (AttachmentRow.number == number) & _LOOSE)

    def of_declaration(self, declaration_id: int) -> tuple[Attachment, ...]:
        return self._list(AttachmentRow.declaration_id == declaration_id)

    def of_institutions(self, institution_ids: Collection[int]) -> tuple[Attachment, ...]:
        return self._list(AttachmentRow.institution_id.in_(institution_ids))

    def _list(self, which: ColumnElement[bool]) -> tuple[Attachment, ...]:
        failed = AttachmentRow.status == str(AttachmentStatus.FAILED)
        rows = self.connection.execute(_ALL.where(which, ~failed).order_by(AttachmentRow.id))
        return tuple(_attachment(row) for row in rows)

    def get(self, attachment_id: int) -> Attachment | None:
        row = self.connection.execute(_ALL.where(AttachmentRow.id == attachment_id)).first()
        return _attachment(row) if row else None

    def loose_of(self, openid: str) -> int:
        """How many lie in the follower's drafts."""
        return self.connection.execute(
            select(func.count()).select_from(AttachmentRow).where(AttachmentRow.openid == openid, _LOOSE)
        ).scalar_one()

    def remove(self, attachment_id: int) -> None:
        self.connection.execute(delete(AttachmentRow).where(AttachmentRow.id == attachment_id))

    def bind(self, openid: str, number: str, declaration_id: int) -> None:
        """The draft became a declaration: what lay in it goes with it."""
        self.connection.execute(
            update(AttachmentRow)
            .where(AttachmentRow.openid == openid, AttachmentRow.number == number, _LOOSE)
            .values(declaration_id=declaration_id)
        )

    def bind_institution(self, openid: str, institution_id: int) -> None:
        """The proof of who speaks for it."""
        proof = AttachmentRow.kind == str(AttachmentKind.INSTITUTION)
        self.connection.execute(
            update(AttachmentRow)
            .where(AttachmentRow.openid == openid, proof, _LOOSE)
            .values(institution_id=institution_id)
        )

    # fetching

    def due(self, *, at: datetime, limit: int) -> Sequence[int]:
        """Oldest first."""
        waiting = (AttachmentRow.status == str(AttachmentStatus.WAITING)) & (AttachmentRow.due_at <= at)
        return (
            self.connection.execute(select(AttachmentRow.id).where(waiting).order_by(AttachmentRow.id).limit(limit))
            .scalars()
            .all()
        )

    def claim(self, attachment_id: int, *, at: datetime) -> Fetch | None:
        """The picture for exactly one of any number of workers."""
        row = self.connection.execute(
            update(AttachmentRow)
            .where(
                AttachmentRow.id == attachment_id,
                AttachmentRow.status == str(AttachmentStatus.WAITING),
                AttachmentRow.due_at <= at,
            )
            .values(attempts=AttachmentRow.attempts + 1, due_at=at + LEASE)
            .returning(
                AttachmentRow.id,
                AttachmentRow.key,
                AttachmentRow.openid,
                AttachmentRow.media_id,
                AttachmentRow.attempts,
                AttachmentRow.added_at,
            )
        ).first()
        return Fetch(row.id, row.key, row.openid, row.media_id, row.attempts, row.added_at) if row else None

    def postpone(self, task: Fetch, *, until: datetime, reason: str) -> None:
        self._settle(task, due_at=until, reason=reason[:64])

    def fetched(self, task: Fetch, *, digest: str, media_type: str, size: int) -> bool:
        """False where it was removed meanwhile, or somebody else has it."""
        return self._settle(
            task, status=str(AttachmentStatus.KEPT), digest=digest, media_type=media_type, size=size, reason=""
        )

    def fail(self, task: Fetch, *, reason: str) -> bool:
        return self._settle(task, status=str(AttachmentStatus.FAILED), reason=reason[:64])

    def _settle(self, task: Fetch, **values: Any) -> bool:
        settled = self.connection.execute(
            update(AttachmentRow)
            .where(
                AttachmentRow.id == task.id,
                AttachmentRow.status == str(AttachmentStatus.WAITING),
                AttachmentRow.attempts == task.attempts,
            )
            .values(**values)
        )
        return settled.rowcount == 1

    def suppress_for(self, openid: str) -> None:
        """The follower left: nothing of theirs is fetched any more."""
        self.connection.execute(
            update(AttachmentRow)
            .where(AttachmentRow.openid == openid, AttachmentRow.status == str(AttachmentStatus.WAITING))
            .values(status=str(AttachmentStatus.FAILED), reason="unfollowed")
        )

    # forgetting

    def forget_for(self, openid: str, declaration_ids: Sequence[int]) -> None:
        """The follower is erased, and these declarations with them; what went with others stays without their name."""
        mine = AttachmentRow.openid == openid
        gone = AttachmentRow.declaration_id.is_(None) | AttachmentRow.declaration_id.in_(declaration_ids)
        self.connection.execute(delete(AttachmentRow).where(mine, gone))
        self.connection.execute(delete(AttachmentRow).where(AttachmentRow.declaration_id.in_(declaration_ids)))
        self.connection.execute(update(AttachmentRow).where(mine).values(openid="", name="", media_id=""))

    def forget_institution(self, institution_id: int) -> None:
        self.connection.execute(delete(AttachmentRow).where(AttachmentRow.institution_id == institution_id))

    def loose_before(self, before: datetime) -> Sequence[Attachment]:
        """What lies in drafts, or in none any more, and failed pictures; added before."""
        over = _LOOSE | (AttachmentRow.status == str(AttachmentStatus.FAILED))
        rows = self.connection.execute(_ALL.where(AttachmentRow.added_at < before, over).order_by(AttachmentRow.id))
        return [_attachment(row) for row in rows]

    def known(self, digests: Sequence[str]) -> frozenset[str]:
        """Those of the contents that some row still names."""
        rows = self.connection.execute(select(AttachmentRow.digest).where(AttachmentRow.digest.in_(digests)).distinct())
        return frozenset(rows.scalars())
