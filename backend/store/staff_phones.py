"""Which follower a colleague is: shown once by a code that only who is logged in sees and only their phone sends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text, update

from backend.store.tables import StaffPhoneRow, StaffRow
from backend.store.tables.base import Instant

_OFFER = text(
    """
    INSERT INTO staff_phone (staff_id, openid, code, code_until) VALUES (:staff_id, '', :code, :until)
    ON CONFLICT (staff_id) DO UPDATE SET code = excluded.code, code_until = excluded.code_until
    """
).bindparams(bindparam("until", type_=Instant))


class StaffPhones:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def offer(self, staff_id: int, code: str, *, until: datetime) -> None:
        """`code` is the hash of what was shown; the one before is good no longer."""
        self.connection.execute(_OFFER, {"staff_id": staff_id, "code": code, "until": until})

    def whose(self, code: str, *, at: datetime) -> int | None:
        """The colleague to whom this code was shown, if it still counts."""
        return self.connection.execute(
            select(StaffPhoneRow.staff_id)
            .join(StaffRow, StaffRow.id == StaffPhoneRow.staff_id)
            .where(StaffPhoneRow.code == code, StaffPhoneRow.code_until > at, StaffRow.disabled_at.is_(None))
        ).scalar_one_or_none()

    def bind(self, staff_id: int, openid: str, *, at: datetime) -> None:
        new = {"openid": openid, "code": "", "code_until": None, "bound_at": at}
        self.connection.execute(update(StaffPhoneRow).where(StaffPhoneRow.staff_id == staff_id).values(**new))

    def of(self, staff_id: int) -> str:
        """The colleague's openid; empty where they have shown none."""
        query = select(StaffPhoneRow.openid).where(StaffPhoneRow.staff_id == staff_id)
        return self.connection.execute(query).scalar_one_or_none() or ""
