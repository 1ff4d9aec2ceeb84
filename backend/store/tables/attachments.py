"""Files that were handed in: what each is and whose; the content lies on the shelf of files under its digest."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.domain.attachments import AttachmentKind, AttachmentStatus
from backend.store.tables.base import NAME, SHORT, Base, Instant, one_of


class AttachmentRow(Base):
    """`key` is the message's or the upload's own: a picture is one row however often it is posted.

    While `status` is waiting, `due_at` is when it may be fetched next, and until when a claim holds.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("kind", AttachmentKind),
        one_of("status", AttachmentStatus),
        Index("ix_attachment_openid_number", "openid", "number"),
        Index("ix_attachment_due", "status", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    openid: Mapped[str] = mapped_column(SHORT)
    number: Mapped[str] = mapped_column(SHORT)
    kind: Mapped[str] = mapped_column(SHORT)
    status: Mapped[str] = mapped_column(SHORT)
    media_id: Mapped[str] = mapped_column(NAME, default="")
    digest: Mapped[str] = mapped_column(SHORT, index=True, default="")
    media_type: Mapped[str] = mapped_column(SHORT, default="")
    size: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(NAME, default="")
    added_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(SHORT, default="")
    declaration_id: Mapped[int | None] = mapped_column(ForeignKey("declaration.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
